"""The ways that sessions take, step by step, and the most frequent whole ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from explorer.crossfilter.formats import count_text, many, percent_text
from explorer.crossfilter.selections.range_text import value_label
from explorer.spec.charts.sequences.route import Route
from explorer.spec.expression.clause_words import clause_words

Counts = npt.NDArray[np.int64]
# How many whole paths are named where nobody says how many.
FEW_WHOLE = 50
KINDS = ("value", "other", "none", "end")


@dataclass(frozen=True)
class Step:
    """The values that are told apart at one step; `nodes` are the sessions of each, then of other, none and ended.

    Ended are the sessions that have no event left at this step, whichever step they ended before.
    """

    values: tuple[str, ...]
    others: int
    nodes: Counts

    @property
    def names(self) -> list[str | None]:
        """What each group is called, in this order; None for events without a value."""
        return [*self.values, others_text(self.others), None, None]

    def kind(self, group: int) -> str:
        """Whether a group is a `value`, `other`, `none` or `end`."""
        return KINDS[max(0, group - len(self.values) + 1)]


@dataclass(frozen=True)
class WholePath:
    """One path: its values, None for events without one; `ends` where the session has no step behind them."""

    values: tuple[str | None, ...]
    ends: bool
    sessions: int


@dataclass(frozen=True)
class Paths:
    """Sessions step by step: `links[j][a, b]` go from group a of step j to group b of step j + 1.

    Groups are those of `nodes`. A session that has ended goes on to nothing, so that what flows into a group is what
    flows out of it, to the next step's groups and to its "ended". Of all `sessions` only those that have the event of
    the route have a path. `whole` are the most frequent of the `different` whole paths, where no value is folded into
    other.
    """

    route: Route
    steps: tuple[Step, ...]
    links: tuple[Counts, ...]
    sessions: int
    whole: tuple[WholePath, ...] = ()
    different: int = 0

    @property
    def walking(self) -> int:
        """How many sessions have such a path."""
        return int(self.steps[0].nodes.sum())

    @property
    def absent(self) -> int:
        """How many have none."""
        return self.sessions - self.walking

    @property
    def covered(self) -> int:
        """The sessions of the whole paths that are named."""
        return sum(path.sessions for path in self.whole)

    @property
    def sentence(self) -> str:
        """What comes first and next, and the most frequent whole path, in words."""
        if not self.walking:
            return f"None of {many(self.sessions, 'session')} has {self._event}."
        parts = [self._begins, self._next, self._whole]
        return " ".join(part for part in parts if part)

    @property
    def _event(self) -> str:
        return "an event" if self.route.met is None else f"an event where {clause_words(self.route.met)}"

    @property
    def _begins(self) -> str:
        all = many(self.sessions, "session")
        if self.route.at is not None:
            share = percent_text(self.walking / self.sessions)
            return f"{count_text(self.walking)} of {all} ({share}) {_verb(self.walking, 'has', 'have')} {self._event}."
        name, n = _leading(self.steps[0])
        verb = "end" if self.route.backward else "begin"
        if self.route.where is not None:
            all = f"the {many(self.walking, 'session')} with {self._event}"
            verb = f"{verb}, of these events,"
        return f"Of {all} most {verb} with {name} ({percent_text(n / self.walking)})."

    @property
    def _next(self) -> str:
        """Where the sessions of the first step go, all values of it together."""
        after = Step(self.steps[1].values, self.steps[1].others, self.links[0].sum(axis=0))
        ends = int(after.nodes[-1])
        name, n = _leading(after)
        going = "Right before" if self.route.backward else "Next"
        stops = "begin there" if self.route.backward else "end there"
        said = f"{going} comes most often {name} ({percent_text(n / self.walking)})" if n else ""
        there = f"{percent_text(ends / self.walking)} {stops}" if ends else ""
        return f"{'; '.join(filter(None, (said, there)))}." if said or there else ""

    @property
    def _whole(self) -> str:
        if not self.whole:
            return ""
        first = self.whole[0]
        share = percent_text(first.sessions / self.walking)
        if self.different == 1:
            return f"All take one path: {self.path_text(first)}."
        said = f"{self.path_text(first)} ({share})"
        return f"Of {count_text(self.different)} different paths the most frequent is {said}."

    def path_text(self, path: WholePath) -> str:
        """A whole path as it goes through time, from left to right."""
        names = ["none" if value is None else value_label(value) for value in path.values]
        if self.route.backward:
            return " → ".join(["(start)" if path.ends else "…", *reversed(names)])
        return " → ".join([*names, "(end)" if path.ends else "…"])

    def _share(self, path: WholePath) -> float:
        return path.sessions / self.walking

    def frame(self) -> pl.DataFrame:
        """A row for each way from one step to the next: `step` (from 1), `from` and `to` by their texts (null where an
        event has no value, and where the path ends), what `kind` they are, `value` and `sessions` (how many go it), and
        their `share` of all paths."""
        rows = []
        for at, link in enumerate(self.links):
            one, other = self.steps[at], self.steps[at + 1]
            for a, b in zip(*np.nonzero(link), strict=True):
                n = int(link[a, b])
                pair = (one.names[a], one.kind(a), other.names[b], other.kind(b))
                rows.append((at + 1, *pair, n, n, n / self.walking))
        schema = {
            "step": pl.UInt8, "from": pl.String, "from_kind": pl.String, "to": pl.String, "to_kind": pl.String,
            "value": pl.UInt32, "sessions": pl.UInt32, "share": pl.Float64,
        }  # fmt: skip
        return pl.DataFrame(rows, schema=schema, orient="row")

    def whole_frame(self) -> pl.DataFrame:
        """A row for each whole path that is named, the most frequent first: how many `steps`, their values `step_1` and
        so on from the event of the route, whether it `ends` there, `sessions` and their `share` of all paths. A last
        row without steps is of all paths that are not named, where there are some."""
        n = len(self.steps)
        rows: list[tuple[Any, ...]] = [
            (len(its.values), *its.values, *[None] * (n - len(its.values)), its.ends, its.sessions, self._share(its))
            for its in self.whole
        ]
        if rest := self.walking - self.covered:
            rows.append((None, *[None] * n, None, rest, rest / self.walking))
        steps = {f"step_{at + 1}": pl.String for at in range(n)}
        schema = {"steps": pl.UInt8} | steps | {"ends": pl.Boolean, "sessions": pl.UInt32, "share": pl.Float64}
        return pl.DataFrame(rows, schema=schema, orient="row")


def others_text(n: int) -> str:
    """What the group of all other values is called.

    >>> others_text(3)
    'other (3 values)'
    """
    return f"other ({count_text(n)} value{'' if n == 1 else 's'})"


def _leading(step: Step) -> tuple[str, int]:
    """The value with most sessions, and how many these are."""
    met = step.nodes[: len(step.values)]
    at = int(met.argmax()) if len(met) else 0
    none = int(step.nodes[-2])
    if not len(met) or met[at] < none:
        return "an event without a value", none
    return value_label(step.values[at]), int(met[at])


def _verb(n: int, one: str, several: str) -> str:
    return one if n == 1 else several

"""What a session can have: the dimensions that groups of sessions are compared by, as codes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from explorer.crossfilter.bins.bins import Bins
from explorer.crossfilter.bins.categories import TOP, Categories
from explorer.crossfilter.selections.brushes import Brush, Range, Values
from explorer.engine.answers.different import FEWEST_WITH
from explorer.engine.local.session_table import SessionTable
from explorer.engine.stopping import go_on
from explorer.plan.literal import type_word

Mask = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
Codes = npt.NDArray[np.uint8]
ALWAYS = (
    "start", "weekday of start", "hour of start", "duration", "event_count", "session_number", "since_previous",
    "until_next", "started_by", "cut_off",
)  # fmt: skip
# What sessions always have, or lack only beside another that is theirs.
NOT_LACKED = ("since_previous", "until_next")
OF_ACTORS = ("session_count", "time_in_session")
# A column of whole numbers with more values than these is a number rather than a name.
FEW_NUMBERS = 20
LARGEST = 10**15


@dataclass(frozen=True, eq=False)
class Held:
    """A dimension in bins: the value and the bin of every session; or `sessions`, and the place of one of its values
    each, where a session may have several."""

    bins: Bins | Categories
    values: npt.NDArray[Any]
    codes: Codes
    per_actor: bool = False
    sessions: Whole | None = None

    @cached_property
    def counts(self) -> Whole:
        """How many sessions have each of the known values."""
        assert isinstance(self.bins, Categories)
        known = len(self.bins.known)
        return np.bincount(self.values, minlength=known)[:known]


@dataclass(frozen=True, eq=False)
class Named:
    """Some values of a dimension: `codes` are places in `brushes` and `texts`, and one more for all others; sessions
    have one each, or `sessions` have the codes beside them. So many values are passed over because others are more
    frequent, though they are frequent enough to be told of: `unseen`."""

    name: str
    brushes: list[Brush]
    texts: list[str]
    codes: Codes
    sessions: Whole | None = None
    unseen: int = 0


@dataclass(frozen=True, eq=False)
class Flagged:
    """Whether a number is at least in the middle, or is there: `among` are the sessions that can say it, None: all."""

    name: str
    brush: Brush
    text: str
    has: Mask
    among: Mask | None = None


@dataclass(frozen=True, eq=False)
class Measured:
    """A number of each session: `among` those that have one, None: all."""

    name: str
    kind: str
    values: Floats
    among: Mask | None = None


Trait = Named | Flagged | Measured


def names(sessions: SessionTable) -> list[str]:
    """The dimensions by which sessions are compared: what every session has, the metrics, what their actors come to,
    the first, last and any event, and the first value of each column of events that names something."""
    definition, events = sessions.definition, sessions.events
    columns = events.columns
    found = [*ALWAYS, *(metric.name for metric in definition.metrics)]
    found += [*OF_ACTORS, *(metric.name for metric in definition.actor_metrics), *events.cohorts]
    if columns.event and columns.event in events.schema:
        found += [f"{place} {columns.event}" for place in ("first", "last", "any")]
    others = {*columns.actor, columns.time, columns.event, *events.cohorts}
    for name, dtype in events.schema.items():
        kind = type_word(dtype)
        if name not in others and (kind in ("text", "truth value") or (kind == "number" and dtype.is_integer())):
            found.append(f"first {name}")
    return list(dict.fromkeys(found))


def traits(sessions: SessionTable, name: str, held: Held, here: Mask) -> Iterator[Trait]:
    """The traits of one dimension; its values with most sessions, of all and of those here."""
    go_on()
    if isinstance(held.bins, Categories):
        yield _named(name, held, held.bins, here)
    elif name.startswith("first ") and not sessions.has(name):
        yield from _few_numbers(name, held.bins, held)
    else:
        yield from _numbered(name, held.bins, held)


def _named(name: str, held: Held, bins: Categories, here: Mask) -> Named:
    known, of = len(bins.known), held.sessions
    if known == 2 and tuple(bins.known) == ("false", "true"):
        chosen = [1]
    elif bins.called or known <= TOP:
        chosen = list(range(known))
    else:
        some = np.bincount(held.values[here if of is None else here[of]], minlength=known)[:known]
        most = np.argsort(-some, kind="stable")[:TOP]
        chosen = sorted({*range(TOP), *most[some[most] > 0].tolist()})
    unseen = max(0, int(np.count_nonzero(held.counts >= FEWEST_WITH)) - len(chosen))
    brushes: list[Brush] = [Values(frozenset({bins.known[at]})) for at in chosen]
    if bins.none and of is None:
        chosen, brushes = [*chosen, known], [*brushes, Values(none=True)]
    code = np.full(known + 1, len(chosen), np.uint8)
    code[chosen] = np.arange(len(chosen))
    codes = code[held.values]
    if of is not None:
        told = codes < len(chosen)
        of, codes = of[told], codes[told]
        if len(of) > 1 and np.any(of[1:] < of[:-1]):
            order = np.argsort(of, kind="stable")
            of, codes = of[order], codes[order]
    return Named(name, brushes, [bins.text(brush) for brush in brushes], codes, of, unseen)


def _few_numbers(name: str, bins: Bins, found: Held) -> Iterator[Named]:
    """A column of whole numbers, such as a status, by its values where these are few."""
    there = found.codes < len(bins.lows)
    values = np.unique(found.values[there])
    if not 1 < len(values) <= FEW_NUMBERS or np.abs(values).max() > LARGEST:
        return
    brushes: list[Brush] = [Range(int(value), int(value) + 1, "count") for value in values]
    codes = np.searchsorted(values, found.values).astype(np.uint8)
    codes[~there] = len(brushes)
    if bins.none:
        brushes.append(Values(none=True))
    yield Named(name, brushes, [bins.text(brush) for brush in brushes], codes)


def _numbered(name: str, bins: Bins, found: Held) -> Iterator[Trait]:
    """Whether a number is at least in the middle of all that there are, at an edge of its bins; whether it is there;
    and the number itself."""
    count = len(bins.lows)
    there = found.codes < count if bins.none else None
    many = np.bincount(found.codes, minlength=count)[:count]
    above = many[::-1].cumsum()[::-1] / max(1, many.sum())
    edges = [at for at in range(1, count) if 0 < above[at] < 1]
    if edges:
        edge = min(edges, key=lambda at: abs(above[at] - 0.5))
        has = found.codes >= edge
        if there is not None:
            has &= there
        brush = Range(bins.lows[edge], None, bins.kind)
        yield Flagged(name, brush, bins.text(brush), has, there)
    if there is not None and name not in NOT_LACKED:
        yield Flagged(name, Values(none=True, negated=True), "a value", there)
    if bins.kind != "time" and name not in OF_ACTORS and not found.per_actor:
        values = found.values.astype(np.float64)
        if there is not None:
            values = np.where(there, values, 0.0)
        yield Measured(name, bins.kind, values, there)

"""The shortest definition that reproduces the session ids of a column, and how it was found."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from explorer.crossfilter.formats import count_text, many, percent_text
from explorer.spec.duration import Duration
from explorer.spec.session import SessionDefinition


@dataclass(frozen=True)
class Step:
    """One more rule: `what` in words, the definition with it, and how many of the ids' sessions it reproduces exactly.

    `missed` are places where an id changes and no session begins, `extra` those where a session begins within an id.
    """

    what: str
    definition: SessionDefinition
    same: int
    missed: int
    extra: int

    @property
    def wrong(self) -> int:
        """At how many places definition and ids disagree."""
        return self.missed + self.extra


@dataclass(frozen=True)
class RulesFromIds:
    """What the ids of a `column` follow: `steps` from the inactivity alone to the whole definition.

    There are so many `sessions` with an id; `interrupted` of them have other events of their actor between theirs,
    which no rule reproduces; `without` events have no id. The inactivity does as well from `low` to `high`. Where the
    events are in a database, they are those of so many `actors`, of `of_actors`.
    """

    column: str
    sessions: int
    interrupted: int
    without: int
    low: Duration
    high: Duration
    steps: tuple[Step, ...]
    actors: int = 0
    of_actors: int = 0

    @property
    def definition(self) -> SessionDefinition:
        """The definition that reproduces most."""
        return self.steps[-1].definition

    @property
    def frame(self) -> pl.DataFrame:
        """A row for each step: `rules` in words, of `sessions` how many are the `same`, and the places that are
        `missed` and `extra`."""
        rows = [(step.what, step.same, self.sessions, step.missed, step.extra) for step in self.steps]
        names = {"rules": pl.String, "same": pl.Int64, "sessions": pl.Int64, "missed": pl.Int64, "extra": pl.Int64}
        return pl.DataFrame(rows, schema=names, orient="row")

    @property
    def same(self) -> int:
        """How many of the ids' sessions the definition reproduces exactly."""
        return self.steps[-1].same

    @property
    def sentence(self) -> str:
        """What was found, in one sentence."""
        share = percent_text(self.same / self.sessions) if self.sessions else "none"
        some = self.actors < self.of_actors
        all_of = f"all {many(self.sessions, 'session')}" if self.same == self.sessions else f"{share} of the sessions"
        rules = ", ".join(step.what for step in self.steps)
        whose = f" of {many(self.actors, 'actor')} that were looked at" if some else ""
        return f"{rules[:1].upper()}{rules[1:]}: this reproduces {all_of} of {self.column}{whose}."

    @property
    def notes(self) -> list[str]:
        """What stays, and what the data do not decide, one sentence each."""
        last, said = self.steps[-1], []
        if self.actors < self.of_actors:
            some = f"{count_text(self.actors)} of {many(self.of_actors, 'actor')}"
            said.append(
                f"The events stay in the database; those of {some} came here for the search. Added as a definition, it "
                "is compared with the ids of all."
            )
        if self.low != self.high:
            said.append(f"Any inactivity from {self.low} to {self.high} gives the same.")
        if last.missed:
            said.append(f"{_places(last.missed)} where an id changes {_are(last.missed)} not explained.")
        if last.extra:
            said.append(f"{_places(last.extra)} within an id would begin a session.")
        if self.interrupted:
            between = "interrupted by other events of the same actor"
            said.append(f"{many(self.interrupted, 'id')} {_are(self.interrupted)} {between}.")
        if self.without:
            said.append(f"{many(self.without, 'event')} {'has' if self.without == 1 else 'have'} no id.")
        return said


def _places(count: int) -> str:
    return many(count, "place")


def _are(count: int) -> str:
    return "is" if count == 1 else "are"

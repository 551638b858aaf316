"""Several ways to cut the same events, side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
import numpy.typing as npt
import polars as pl

from explorer.crossfilter.bins.bins import Bins
from explorer.crossfilter.numbers import Numbers, Whole
from explorer.events.vocabulary import words
from explorer.plan.literal import TEXTS
from explorer.spec.columns import Columns
from explorer.spec.session import SessionDefinition

Asked = SessionDefinition | str
Counts = npt.NDArray[np.int64]
Of = Literal["one", "other"]
COMPARED = ("duration", "event_count", "time_in_session")
SIDES: tuple[Of, Of] = ("one", "other")
# Words of a column's name that say that it holds session ids, the plainest first.
SESSIONS = ("session", "visit", "sid")
IDS = ("id", "uuid", "guid", "key", "number", "no", "nr")


@dataclass(frozen=True, eq=False)
class Compared:
    """One way's sessions: their key numbers, and `values` by name, one per session or, of time in session, per actor.

    Durations are microseconds.
    """

    numbers: Numbers
    values: dict[str, Whole]


@dataclass(frozen=True, eq=False)
class Common:
    """Bins that several ways share, and the counts of each, in their order."""

    bins: Bins
    counts: tuple[Counts, ...]


def id_columns(schema: Mapping[str, pl.DataType], columns: Columns) -> list[str]:
    """The columns whose values can be session ids, those first whose names say so; not the actor and the time.

    >>> shop = {"user": pl.String(), "ts": pl.Datetime(), "page": pl.String(), "sessionId": pl.Int64()}
    >>> id_columns(shop, Columns(actor="user", time="ts"))
    ['sessionId', 'page']
    """

    def rank(name: str) -> tuple[int, bool]:
        its = words(name)
        session = next((at for at, word in enumerate(SESSIONS) if word in its), len(SESSIONS))
        return session, not set(IDS) & {*its}

    taken = (*columns.actor, columns.time)
    able = [name for name, dtype in schema.items() if name not in taken and not dtype.is_nested()]
    return sorted(able, key=rank)


def likely_id_columns(schema: Mapping[str, pl.DataType], columns: Columns) -> list[str]:
    """Those whose names say that they hold session ids.

    >>> shop = {"user": pl.String(), "ts": pl.Datetime(), "sessionId": pl.Int64(), "session_length": pl.Int64()}
    >>> likely_id_columns(shop, Columns(actor="user", time="ts"))
    ['sessionId']
    """
    able = id_columns(schema, columns)
    named = [(name, words(name)) for name in able if schema[name].is_integer() or isinstance(schema[name], TEXTS)]
    return [name for name, its in named if {*its} & {*SESSIONS} and ({*its} & {*IDS} or len(its) == 1)]


class Diff(Protocol):
    """What became of every session of two sides; see `LocalDiff` for the kinds.

    `counts` has for each kind sessions_in_one, sessions_in_other, and the actors and events of these.
    """

    @property
    def counts(self) -> pl.DataFrame:
        """One row per kind."""
        ...

    @property
    def one(self) -> pl.DataFrame:
        """The first side's sessions: session_id, the actor, session_number, start, end, event_count, kind, and
        `counterparts`, the ids of the other side's sessions that share events."""
        ...

    @property
    def other(self) -> pl.DataFrame:
        """The other side's sessions, with the same columns."""
        ...

    @property
    def event_counts(self) -> pl.DataFrame:
        """For each kind, the events in its sessions on each side: events_in_one, events_in_other."""
        ...

    @property
    def sentence(self) -> str:
        """The difference in one sentence."""
        ...

    def events(self, session_id: str, of: Of = "one") -> pl.DataFrame:
        """The events of a session and of its counterparts, in order; raises SpecError for an unknown id."""
        ...

    def total(self, kind: str, of: Of = "one") -> int:
        """How many sessions of a side are of a kind."""
        ...

    def page(self, kind: str, of: Of, part: slice) -> pl.DataFrame:
        """Some of the sessions of a kind, as `one` or `other` has them."""
        ...

    def page_events(self, kind: str, of: Of, at: int) -> pl.DataFrame:
        """The events of the session at a place of such a page, and of its counterparts, in order."""
        ...

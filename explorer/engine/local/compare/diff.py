"""What two ways of cutting the same events have in common, and where they differ, down to the events."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import polars as pl

from explorer.engine import keys
from explorer.engine.answers.compare import SIDES, Of
from explorer.engine.local.compare.overlap import KINDS, NONE, Labels, Overlap, Whole, kinds, overlap
from explorer.engine.local.compare.sides import Side, side
from explorer.engine.local.cut.event_table import EventTable
from explorer.errors import SpecError
from explorer.events.events import decoded
from explorer.spec.session import SessionDefinition


@dataclass(frozen=True, eq=False)
class LocalDiff:
    """Every session of two sides, by what became of it.

    Sessions of the two sides belong together when they share events, directly or through others.

    - unchanged: one session beside one, and both have the same events.
    - trimmed: one beside one, but some of the events of the one are in no session of the other side (`where`, `keep`,
      or no value in the column).
    - split: one session of the first side beside several of the other.
    - merged: several of the first side beside one of the other.
    - moved: several beside several: a boundary of each lies inside a session of the other.
    - only_in_one, only_in_other: none of its events is in a session of the other side.

    Each session has one kind, so the kinds add up to the sessions of each side. `counts` has for each kind
    sessions_in_one, sessions_in_other, and the actors and events that are in these sessions on either side.
    """

    counts: pl.DataFrame
    _events: EventTable
    _sides: tuple[Side, Side]
    _overlap: Overlap
    _kinds: tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8]]

    @cached_property
    def one(self) -> pl.DataFrame:
        """The first side's sessions: session_id, the actor, session_number, start, end, event_count, kind, and
        `counterparts`, the ids of the other side's sessions that share events."""
        return self._framed(0)

    @cached_property
    def other(self) -> pl.DataFrame:
        """The other side's sessions, with the same columns."""
        return self._framed(1)

    def events(self, session_id: str, of: Of = "one") -> pl.DataFrame:
        """The events of a session and of its counterparts, in order; raises SpecError for an unknown id.

        Columns: session_in_one and session_in_other (null: in none), then the events' own.
        """
        return self.events_at(self._place(session_id, of), of)

    def places(self, kind: str, of: Of = "one") -> Whole:
        """The places of the sessions of a kind among all of a side."""
        return np.flatnonzero(self._kinds[SIDES.index(of)] == KINDS.categories.to_list().index(kind))

    def total(self, kind: str, of: Of = "one") -> int:
        """How many sessions of a side are of a kind."""
        return len(self.places(kind, of))

    def page(self, kind: str, of: Of, part: slice) -> pl.DataFrame:
        """Some of the sessions of a kind, as `one` or `other` has them."""
        return self.sessions_at(self.places(kind, of)[part], of)

    def page_events(self, kind: str, of: Of, at: int) -> pl.DataFrame:
        """The events of the session at a place of such a page, and of its counterparts, in order."""
        return self.events_at(int(self.places(kind, of)[at]), of)

    def sessions_at(self, places: Whole, of: Of = "one") -> pl.DataFrame:
        """Some rows of `one` or `other`, without making the others."""
        return self._framed(SIDES.index(of), places)

    def events_at(self, place: int, of: Of = "one") -> pl.DataFrame:
        """What `events` says of the session at a place, without making the frames of all."""
        mine, theirs = self._overlap.one, self._overlap.other
        if of == "other":
            mine, theirs = theirs, mine
        pair_mine, pair_theirs = self._pairs(SIDES.index(of))
        chosen = (mine == place) | np.isin(theirs, pair_theirs[pair_mine == place])
        rows = pl.Series(self._overlap.rows(chosen), dtype=pl.Int64)
        lengths = self._overlap.lengths[chosen]
        ids = [
            self._ids(at, np.repeat(labels[chosen], lengths)).alias(f"session_in_{name}")
            for at, (name, labels) in enumerate(zip(SIDES, (self._overlap.one, self._overlap.other), strict=True))
        ]
        own = decoded(self._events.frame[rows], self._events.schema)
        return pl.DataFrame(
            [*ids, *(column for column in own if column.name not in ("session_in_one", "session_in_other"))]
        )

    @cached_property
    def event_counts(self) -> pl.DataFrame:
        """For each kind, the events in its sessions on each side: events_in_one, events_in_other."""
        found, names = self._overlap, KINDS.categories.to_list()
        events = [
            np.bincount(kinds, found.sizes(labels, len(kinds)), len(names)).astype(np.int64)
            for kinds, labels in zip(self._kinds, (found.one, found.other), strict=True)
        ]
        return pl.DataFrame({
            "kind": pl.Series(names, dtype=KINDS), "events_in_one": events[0], "events_in_other": events[1],
        })  # fmt: skip

    @property
    def sentence(self) -> str:
        """The difference in one sentence."""
        said = {row["kind"]: row for row in self.counts.iter_rows(named=True)}
        one, other = (f"'{each.name}'" for each in self._sides)
        parts = []
        for kind, words in (
            ("unchanged", "{one} sessions are the same in both"),
            ("trimmed", "{one} are the same but for events that only one side has"),
            ("split", f"{{one}} of {one} are split into {{other}}"),
            ("merged", f"{{one}} of {one} are merged into {{other}}"),
            ("moved", "{one} and {other} overlap otherwise"),
            ("only_in_one", f"{{one}} are only in {one}"),
            ("only_in_other", f"{{other}} are only in {other}"),
        ):
            row = said[kind]
            if row["sessions_in_one"] or row["sessions_in_other"] or kind == "unchanged":
                parts.append(words.format(one=f"{row['sessions_in_one']:,}", other=f"{row['sessions_in_other']:,}"))
        return "; ".join(parts) + "."

    def _place(self, session_id: str, of: Of) -> int:
        found = (self.one if of == "one" else self.other)["session_id"].index_of(session_id)
        if found is None:
            name = self._sides[0 if of == "one" else 1].name
            raise SpecError(f"'{name}' has no session '{session_id}'. Take one of the ids in diff.{of}.")
        return found

    def _pairs(self, at: int) -> tuple[Whole, Whole]:
        """The sessions that share events: this side's, the other's."""
        mine, theirs = self._overlap.pair_one, self._overlap.pair_other
        return (theirs, mine) if at else (mine, theirs)

    def _ids(self, at: int, labels: Labels) -> pl.Series:
        """The session id of each label of a side; null for NONE."""
        known = np.unique(labels[labels != NONE])
        ids = self._sides[at].sessions(pl.Series(known, dtype=pl.Int64))["session_id"]
        places = pl.DataFrame({"place": np.searchsorted(known, labels), "none": labels == NONE})
        return ids.gather(places.select(pl.when(~pl.col("none")).then("place")).to_series())

    def _framed(self, at: int, places: Whole | None = None) -> pl.DataFrame:
        mine, theirs = self._pairs(at)
        if places is None:
            places, rows = np.arange(len(self._sides[at])), None
            ids = self._sides[1 - at].sessions(None)["session_id"].gather(theirs)
        else:
            held, rows = np.isin(mine, places), pl.Series(places, dtype=pl.Int64)
            mine, theirs = mine[held], theirs[held]
            ids = self._ids(1 - at, theirs.astype(np.int32))
        pairs = pl.DataFrame({"at": pl.Series(mine, dtype=pl.Int64), "counterparts": ids})
        lists = pairs.group_by("at", maintain_order=True).agg("counterparts")
        wanted = pl.DataFrame({"at": pl.Series(places, dtype=pl.Int64)})
        found = wanted.join(lists, on="at", how="left", maintain_order="left")["counterparts"]
        kind = pl.Series("kind", self._kinds[at][places]).to_frame().select(pl.col("kind").cat.to(KINDS)).to_series()
        empty = pl.Series([[]], dtype=pl.List(pl.String))
        return self._sides[at].sessions(rows).with_columns(kind, found.fill_null(empty).alias("counterparts"))


def compare(events: EventTable, one: SessionDefinition | str, other: SessionDefinition | str) -> LocalDiff:
    """Compare two definitions, or a definition and a column that holds session ids; raises SpecError."""

    def make() -> LocalDiff:
        sides = side(events, one), side(events, other)
        found = overlap(sides[0].labels, sides[1].labels)
        of_one, of_other = kinds(found, len(sides[0]), len(sides[1]))
        counts = counted(found, sides, of_one, of_other)
        return LocalDiff(counts, events, (sides[0].light, sides[1].light), found, (of_one, of_other))

    return events.stages.get("diff", (_key(one), _key(other)), make)


def _key(said: SessionDefinition | str) -> object:
    return said if isinstance(said, str) else (said.name, *keys.shown_key(said))


def counted(
    found: Overlap, sides: tuple[Side, Side], one: npt.NDArray[np.uint8], other: npt.NDArray[np.uint8]
) -> pl.DataFrame:
    """For each kind the sessions of both sides, and the actors and events in them."""
    names = KINDS.categories.to_list()
    count = len(names)
    in_one = np.bincount(one, found.sizes(found.one, len(one)), count)
    in_other = np.bincount(other, found.sizes(found.other, len(other)), count)
    in_both = np.bincount(one[found.pair_one], found.shared, count)
    return pl.DataFrame(
        {
            "kind": pl.Series(names, dtype=KINDS),
            "sessions_in_one": np.bincount(one, minlength=count),
            "sessions_in_other": np.bincount(other, minlength=count),
            "actors": [_actors(sides[0].actors[one == at], sides[1].actors[other == at]) for at in range(count)],
            "events": (in_one + in_other - in_both).astype(np.int64),
        }
    )


def _actors(one: Whole, other: Whole) -> int:
    present = np.zeros(int(max(one.max(initial=-1), other.max(initial=-1))) + 1, np.bool_)
    present[one] = present[other] = True
    return int(present.sum())

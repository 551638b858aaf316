"""What two ways of cutting the same events have in common, and where they differ, down to the events."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt
import polars as pl

from explorer.engine import keys
from explorer.engine.frame import decoded
from explorer.engine.overlap import KINDS, NONE, Overlap, Whole, kinds, overlap
from explorer.engine.sides import Side, side
from explorer.errors import SpecError
from explorer.spec.session import SessionDefinition

if TYPE_CHECKING:
    from explorer.engine.local import LocalEngine


@dataclass(frozen=True, eq=False)
class Diff:
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
    _engine: LocalEngine
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

    def events(self, session_id: str, of: Literal["one", "other"] = "one") -> pl.DataFrame:
        """The events of a session and of its counterparts, in order; raises SpecError for an unknown id.

        Columns: session_in_one and session_in_other (null: in none), then the events' own.
        """
        at = self._place(session_id, of)
        mine, theirs = self._overlap.one, self._overlap.other
        pair_mine, pair_theirs = self._overlap.pair_one, self._overlap.pair_other
        if of == "other":
            mine, theirs, pair_mine, pair_theirs = theirs, mine, pair_theirs, pair_mine
        chosen = (mine == at) | np.isin(theirs, pair_theirs[pair_mine == at])
        rows = pl.Series(self._overlap.rows(chosen), dtype=pl.Int64)
        lengths = self._overlap.lengths[chosen]
        ids = [
            _gathered(frame["session_id"], np.repeat(labels[chosen], lengths)).alias(f"session_in_{name}")
            for name, frame, labels in (
                ("one", self.one, self._overlap.one),
                ("other", self.other, self._overlap.other),
            )
        ]
        own = decoded(self._engine._events.frame[rows], self._engine.schema)
        return pl.DataFrame(
            [*ids, *(column for column in own if column.name not in ("session_in_one", "session_in_other"))]
        )

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

    def _place(self, session_id: str, of: str) -> int:
        found = (self.one if of == "one" else self.other)["session_id"].index_of(session_id)
        if found is None:
            name = self._sides[0 if of == "one" else 1].name
            raise SpecError(f"'{name}' has no session '{session_id}'. Take one of the ids in diff.{of}.")
        return found

    @cached_property
    def _plain(self) -> tuple[pl.DataFrame, pl.DataFrame]:
        return self._sides[0].sessions(), self._sides[1].sessions()

    def _framed(self, at: int) -> pl.DataFrame:
        mine, theirs = self._overlap.pair_one, self._overlap.pair_other
        if at == 1:
            mine, theirs = theirs, mine
        ids = self._plain[1 - at]["session_id"].gather(theirs)
        pairs = pl.DataFrame({"at": pl.Series(mine, dtype=pl.Int64), "counterparts": ids})
        lists = pairs.group_by("at", maintain_order=True).agg("counterparts")
        places = pl.DataFrame({"at": pl.int_range(len(self._sides[at]), dtype=pl.Int64, eager=True)})
        found = places.join(lists, on="at", how="left", maintain_order="left")["counterparts"]
        kind = pl.Series("kind", self._kinds[at]).to_frame().select(pl.col("kind").cat.to(KINDS)).to_series()
        empty = pl.Series([[]], dtype=pl.List(pl.String))
        return self._plain[at].with_columns(kind, found.fill_null(empty).alias("counterparts"))


def compare(engine: LocalEngine, one: SessionDefinition | str, other: SessionDefinition | str) -> Diff:
    """Compare two definitions, or a definition and a column that holds session ids; raises SpecError."""

    def make() -> Diff:
        sides = side(engine, one), side(engine, other)
        found = overlap(sides[0].labels, sides[1].labels)
        of_one, of_other = kinds(found, len(sides[0]), len(sides[1]))
        counts = _counts(found, sides, of_one, of_other)
        return Diff(counts, engine, (sides[0].light, sides[1].light), found, (of_one, of_other))

    return engine.stages.get("diff", (_key(one), _key(other)), make)  # type: ignore[no-any-return]


def _key(said: SessionDefinition | str) -> object:
    return said if isinstance(said, str) else (said.name, *keys.shown_key(said))


def _counts(
    found: Overlap, sides: tuple[Side, Side], one: npt.NDArray[np.uint8], other: npt.NDArray[np.uint8]
) -> pl.DataFrame:
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


def _gathered(ids: pl.Series, labels: npt.NDArray[np.int32]) -> pl.Series:
    places = pl.Series(labels)
    return ids.gather(places.to_frame("at").select(pl.when(pl.col("at") != NONE).then("at")).to_series())

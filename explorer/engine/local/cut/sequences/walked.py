"""What sessions go through, step by step, from an event on or back from it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from explorer.crossfilter.bins.path_steps import APART, PathBins, path_bins
from explorer.crossfilter.cube import Dimension
from explorer.engine.answers.sequences.paths import FEW_WHOLE, Paths, Step, WholePath
from explorer.engine.local.cut.sequences.event_codes import Coded, Counts, Groups, grouped, in_order, pieces
from explorer.engine.stopping import go_on
from explorer.spec.charts.sequences.route import Route

Values = npt.NDArray[np.unsignedinteger[Any]]
WIDEST = 1 << 62


@dataclass(frozen=True, eq=False)
class Walked:
    """The value of every shown session at every step of its path: a place in `names`; then come an event without a
    value, a path that has ended, and a session without a path. `whole` numbers what a session goes through; that of two
    is equal where all their steps are. `ends` says which paths have no step behind these."""

    names: pl.Series
    values: Values
    ends: npt.NDArray[np.bool_]
    groups: tuple[Groups, ...]
    codes: npt.NDArray[np.uint8]
    whole: Counts

    @property
    def ended(self) -> int:
        """The value of a path that has ended."""
        return len(self.names) + 1

    @property
    def absent(self) -> int:
        """The value of a session without a path."""
        return len(self.names) + 2

    @classmethod
    def of(cls, names: pl.Series, steps: Iterable[Values], ends: npt.NDArray[np.bool_], top: int) -> Walked:
        """Sessions with these values at each step, of which so many are told apart; `steps` are asked one by one."""
        n, size = len(ends), len(names) + 3
        whole, most = np.zeros(n, np.int64), 1
        values, groups, codes = [], [], []
        for step in steps:
            go_on()
            its = grouped(names, np.bincount(step, minlength=size)[: len(names) + 1], top)
            of = np.append(its.of, [len(its.values) + 2, len(its.values) + 3]).astype(np.uint8)
            if most * size * 2 >= WIDEST:
                whole, most = _dense(whole), n
            whole *= size
            whole += step
            most *= size
            values.append(step)
            groups.append(its)
            codes.append(of[step])
        whole *= 2
        whole += ends
        return cls(names, np.array(values), ends, tuple(groups), np.array(codes), whole)

    def counted(self, route: Route, rows: pl.Series | None, most: int = FEW_WHOLE) -> Paths:
        """How many sessions, of all or of those at these places, go which way."""
        go_on()
        codes = self.codes if rows is None else self.codes[:, rows.to_numpy()]
        sizes = [len(each.values) + 4 for each in self.groups]
        links = []
        for at, (size, after) in enumerate(pairwise(sizes)):
            joint = codes[at].astype(np.uint16) * np.uint16(after) + codes[at + 1]
            found = np.bincount(joint, minlength=size * after).reshape(size, after)[:-1, :-1]
            found[-1] = 0  # what has ended does not go on
            links.append(found)
        steps = [
            Step(each.values, each.others, np.bincount(code, minlength=size)[:-1])
            for each, code, size in zip(self.groups, codes, sizes, strict=True)
        ]
        whole, different = self._whole(rows, most)
        return Paths(route, tuple(steps), tuple(links), codes.shape[1], whole, different)

    def _whole(self, rows: pl.Series | None, most: int) -> tuple[tuple[WholePath, ...], int]:
        """The most frequent whole paths, and how many different ones there are."""
        go_on()
        frame = pl.DataFrame({"path": self.whole, "has": self.values[0] != self.absent}).with_row_index("at")
        frame = frame if rows is None else frame[rows]
        found = frame.lazy().filter("has").group_by("path").agg(pl.len().alias("n"), pl.col("at").min()).collect()
        first = found.sort("n", "at", descending=[True, False]).head(most)
        paths = [WholePath(*self._path(at), n) for n, at in first.select("n", "at").rows()]
        return tuple(sorted(paths, key=_order)), found.height

    def _path(self, at: int) -> tuple[tuple[str | None, ...], bool]:
        values = [value for value in self.values[:, at].tolist() if value < self.ended]
        names = tuple(str(self.names[value]) if value < len(self.names) else None for value in values)
        return names, bool(self.ends[at])

    def dimension(self, name: str, at: int, top: int) -> Dimension:
        """One step as what sessions are brushed by; the same values are told apart as in `groups`."""
        its = self.groups[at]
        counts = np.bincount(self.values[at], minlength=len(self.names) + 3)[: len(self.names)]
        met = in_order(self.names, counts)
        bins = path_bins(name, met["name"].to_list(), min(top, len(its.values)), none=True)
        return Dimension.of(bins, self._places(at, met["at"].to_numpy(), bins))

    def _places(self, at: int, met: Counts, bins: PathBins) -> Counts:
        """The place in the bins' known values of every session."""
        none, ended = len(self.names), self.ended
        table = np.zeros(len(self.names) + 3, np.uint32)
        table[met] = np.arange(len(met)) + len(APART)
        table[none], table[ended], table[self.absent] = len(bins.known), 1, 2
        found = table[self.values[at]]
        before = self.values[at - 1] if at else None
        if before is not None:  # that it ends right here is told apart
            found[(self.values[at] == ended) & (before != ended)] = 0
        return found


def walk(
    route: Route,
    found: Coded,
    begins: npt.NDArray[np.unsignedinteger[Any]],
    begin: Counts,
    end: Counts,
    mask: pl.Series | None,
    kept: pl.Series | None = None,
) -> Walked:
    """The paths of sessions with these events, of which each is coded; `begins` is where all sessions begin, those that
    are not shown too, `mask` says which events meet the route's condition, and `kept` which count at all."""
    if kept is not None:
        counts = kept.to_numpy()
        found, mask = Coded(found.codes[counts], found.names), None if mask is None else mask.filter(kept)
        before = np.append(0, np.cumsum(counts, dtype=np.int64))
        begins, begin, end = before[begins], before[begin], before[end]
        begins = begins[begins < len(found.codes)]
    those, start = _starts(route, begin, end, mask)  # the sessions with a path, and where it begins
    has = np.zeros(len(begin), np.bool_)
    has[those] = True
    begin, end = begin[those], end[those]
    places: Counts | None = None
    if not route.repeats:  # a step is a run of equal values
        new = _changes(found, begins)
        places = np.concatenate([np.flatnonzero(new[part]) + part.start for part in pieces(len(new))] or [begin[:0]])
        run = np.cumsum(new, dtype=np.int32)
        start, begin, end = (run[each].astype(np.int64) for each in (start, begin, end - 1))
        start, begin = start - 1, begin - 1
    ended, none = len(found.names) + 1, len(found.names) + 2
    nothing = np.where(has, ended, none).astype(np.min_scalar_type(none))
    at, last = start, begin if route.backward else end  # where the paths are that go on
    ends = np.zeros(len(has), np.bool_)

    def steps() -> Iterator[Values]:
        nonlocal those, at, last
        for step in range(route.length):
            values = nothing.copy()
            values[those] = found.codes[at if places is None else places[at]]
            yield values
            at = at - 1 if route.backward else at + 1
            on = at >= last if route.backward else at < last
            if step == route.length - 1:
                ends[has] = True
                ends[those[on]] = False
            those, at, last = those[on], at[on], last[on]

    return Walked.of(found.names, steps(), ends, route.top)


def _starts(route: Route, begin: Counts, end: Counts, mask: pl.Series | None) -> tuple[Counts, Counts]:
    """The sessions that have a path, and the place of the event where it begins."""
    if mask is None:
        those = np.flatnonzero(begin < end)
        return those, (end[those] - 1 if route.backward else begin[those])
    met = mask.to_numpy()
    events, count = np.flatnonzero(met), np.append(0, np.cumsum(met, dtype=np.int32))
    before, behind = count[begin], count[end]
    those = np.flatnonzero(before < behind)
    return those, events[before[those] if route.occurrence == "first" else behind[those] - 1]


def _changes(found: Coded, starts: npt.NDArray[np.unsignedinteger[Any]]) -> npt.NDArray[np.bool_]:
    """Which events begin a session or have another value than the event before."""
    new = np.zeros(len(found.codes), np.bool_)
    new[1:] = found.codes[1:] != found.codes[:-1]
    new[starts] = True
    return new


def _dense(whole: Counts) -> Counts:
    """The same numbers from 0 on, equal where these are equal."""
    return np.unique(whole, return_inverse=True)[1].astype(np.int64)


def _order(path: WholePath) -> tuple[Any, ...]:
    return -path.sessions, [value or "" for value in path.values], path.ends

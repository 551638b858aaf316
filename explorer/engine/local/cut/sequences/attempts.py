"""Attempts at the steps of a funnel, all at once: each goes from event to event until it may go no further."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from explorer.engine.stopping import go_on
from explorer.spec.charts.sequences.steps import Steps

Whole = npt.NDArray[np.int64]
Places = npt.NDArray[np.integer[Any]]
Ahead = npt.NDArray[np.int32]
Mask = npt.NDArray[np.bool_]
NEVER = np.iinfo(np.int64).max
FEW = 16  # so many events for each that is asked: then all of them are looked through


class Attempts:
    """How attempts go on over events in order, whose `times` are microseconds; `matching` are the places of the events
    of each step, `without` those that end an attempt between two steps.

    After an event of an attempt comes the first later one that matches the next step; in strict order the very next
    one, if it matches; in any order the first that matches a step which has not happened.
    """

    def __init__(
        self,
        times: Whole,
        matching: tuple[Places, ...],
        steps: Steps,
        without: Places | None = None,
        tables: dict[int, Ahead] | None = None,
    ) -> None:
        self.times, self.matching, self.without = times, matching, without
        self.steps, self.any_order = steps, steps.order == "any"
        self._tables = {} if tables is None else tables

    def unlimited(self) -> Attempts:
        """The same with nothing to keep to but the order: none gets further."""
        return Attempts(self.times, self.matching, self.steps.unlimited, tables=self._tables)

    @cached_property
    def beginnings(self) -> Places:
        """The places of all events that may begin an attempt."""
        if not self.any_order:
            return self.matching[0]
        found = np.zeros(len(self.times), np.bool_)
        for places in self.matching:
            found[places] = True
        return np.flatnonzero(found)

    def firsts(self, begin: Whole, end: Whole) -> tuple[Whole, Mask]:
        """The first event of each session that may begin an attempt, and whether there is one."""
        found = _ahead(self.beginnings, begin, len(self.times)).astype(np.int64)
        return found, found < end

    def starts(self, begin: Whole, end: Whole) -> tuple[Whole, Whole]:
        """All of them, session by session, and the place of the session of each among these."""
        places = self.beginnings
        low, high = np.searchsorted(places, begin), np.searchsorted(places, end)
        counts = high - low
        of = np.repeat(np.arange(len(begin)), counts)
        within = np.arange(len(of)) - np.repeat(np.cumsum(counts) - counts, counts)
        return places[np.repeat(low, counts) + within].astype(np.int64), of

    def depths(self, starts: Whole, ends: Whole) -> npt.NDArray[np.uint8]:
        """How many steps the attempts that begin at these events reach; `ends` are one past the last event of each."""
        found = np.zeros(len(starts), np.uint8)
        if self.any_order:
            whole = (1 << len(self.steps)) - 1
            depth = np.array([_depth(taken) for taken in range(whole + 1)], np.uint8)
            for alive, _, taken in self._any(starts, ends):
                found[alive] = depth[taken]
            return found
        for at, (alive, _) in enumerate(self._given(starts, ends)):
            found[alive] = at + 1
        return found

    def happened(self, starts: Whole, ends: Whole) -> list[Whole]:
        """When each step happens in the attempts that begin at these events; NEVER where it does not."""
        found = [np.full(len(starts), NEVER) for _ in self.steps]
        if not self.any_order:
            for its, (alive, near) in zip(found, self._given(starts, ends), strict=False):
                its[alive] = self.times[near]
            return found
        before = np.zeros(len(starts), np.int64)
        for alive, near, taken in self._any(starts, ends):
            new = taken & ~before[alive]
            before[alive] = taken
            for at, its in enumerate(found):
                now = np.flatnonzero(new >> at & 1)
                its[alive[now]] = self.times[near[now]]
        return found

    # ---- from event to event

    def _given(self, starts: Whole, ends: Whole) -> Iterator[tuple[Whole, Whole]]:
        """Step by step the attempts that reach it, and the events that they reach it with."""
        alive, near, first = np.arange(len(starts)), starts, self.times[starts]
        yield alive, near
        for at in range(1, len(self.steps)):
            go_on()
            after = self._next(at, near + 1)
            good = self._may(near, after, ends, first)
            if self.steps.order == "strict":
                good &= after == near + 1
            alive, near, ends, first = alive[good], after[good], ends[good], first[good]
            yield alive, near

    def _any(self, starts: Whole, ends: Whole) -> Iterator[tuple[Whole, Whole, Whole]]:
        """The same in any order, with the steps that have happened as bits."""
        alive, near, first = np.arange(len(starts)), starts, self.times[starts]
        taken = np.zeros(len(starts), np.int64)
        at_start = np.full(len(starts), -1)
        for at in reversed(range(len(self.steps))):
            at_start[self._next(at, starts) == starts] = at
        taken |= 1 << at_start
        yield alive, near, taken
        for _ in range(1, len(self.steps)):
            go_on()
            after, step = np.full(len(alive), len(self.times)), np.zeros(len(alive), np.int64)
            for at in range(len(self.steps)):
                its = self._next(at, near + 1)
                sooner = (its < after) & (taken >> at & 1 == 0)
                after[sooner], step[sooner] = its[sooner], at
            good = self._may(near, after, ends, first)
            alive, near, ends, first = alive[good], after[good], ends[good], first[good]
            taken = taken[good] | 1 << step[good]
            yield alive, near, taken

    def _may(self, near: Whole, after: Whole, ends: Whole, first: Whole) -> Mask:
        """Whether attempts may go from one event to another."""
        good: Mask = after < ends
        if self.steps.within is not None:
            there = np.flatnonzero(good)
            good[there] = self.times[after[there]] - first[there] <= self.steps.within.us
        if self.without is not None:
            there = np.flatnonzero(good)
            if self._without_ahead is None:
                good[there] = _ahead(self.without, near[there] + 1, len(self.times)) >= after[there]
            else:
                good[there] = self._without_ahead[near[there] + 1] >= after[there]
        return good

    def _next(self, at: int, places: Whole) -> Whole:
        """The first event of a step at or after each of these places; one past all where there is none."""
        if len(places) * FEW < len(self.times) and at not in self._tables:
            return _ahead(self.matching[at], places, len(self.times)).astype(np.int64)
        if at not in self._tables:
            self._tables[at] = _table(self.matching[at], len(self.times))
        return self._tables[at][places].astype(np.int64)

    @cached_property
    def _without_ahead(self) -> Ahead | None:
        few = self.without is None or len(self.beginnings) * FEW < len(self.times)
        return None if few or self.without is None else _table(self.without, len(self.times))


def _ahead(places: Places, asked: Whole, n: int) -> Places:
    """The first of these places at or after each that is asked; `n` where there is none."""
    found: Places = np.append(places, n)[np.searchsorted(places, asked.astype(places.dtype))]
    return found


def _table(places: Places, n: int) -> Ahead:
    """The same for every place."""
    found = np.full(n + 1, n, np.int32)
    found[places] = places
    ahead: Ahead = np.minimum.accumulate(found[::-1])[::-1]
    return ahead


def _depth(taken: int) -> int:
    """How many steps have happened before the first that has not.

    >>> _depth(0b1011)
    2
    """
    return ((taken + 1) & ~taken).bit_length() - 1

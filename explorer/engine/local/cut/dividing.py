"""The rules that look back at the session so far: where sessions that nothing else closes are closed.

A session runs from where it begins to the next event at which it is closed. What closes it whatever it holds (a gap,
a restart, an end, a day) is known for every event beforehand; a change of value, a longest duration and a longest
count depend on where it began, so it is followed from its beginning, all sessions at once.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from explorer.engine.stopping import go_on

Places = npt.NDArray[np.int64]
# From so few sessions on, following one after the other is faster than all at once.
FEW = 32


@dataclass(frozen=True)
class Pairs:
    """Neighbouring values of a column that are not null and differ, by the places of the two events.

    `after` has one more at its end, the number of events: no change.
    """

    before: Places
    after: Places

    def next(self, begin: Places) -> Places:
        """Where the first change is whose first event is at or after each of these places, which are in order.

        What lies beyond the next of the places need not be right.
        """
        if len(begin) < len(self.before):
            return np.asarray(self.after[np.searchsorted(self.before, begin)])
        found = np.full(len(begin), self.after[-1])
        at = np.searchsorted(begin, self.before, "right") - 1
        first = np.flatnonzero(np.diff(at, prepend=-1))
        found[at[first]] = self.after[first]
        return found


@dataclass(frozen=True)
class Closing:
    """What closes sessions of events at these times; None or nothing where there is no such rule."""

    time: Places
    longest: int | None = None
    most: int | None = None
    changes: tuple[Pairs, ...] = ()

    @property
    def looks_back(self) -> bool:
        """Whether any rule depends on where a session begins."""
        return self.longest is not None or self.most is not None or bool(self.changes)

    def next(self, begin: Places, end: Places) -> Places:
        """Where sessions that begin there are closed; `end` where they are not closed before it."""
        found = end
        if self.most is not None:
            found = np.minimum(found, begin + self.most)
        for pairs in self.changes:
            found = np.minimum(found, pairs.next(begin))
        return found if self.longest is None else np.minimum(found, self._beyond(begin, found))

    def _beyond(self, begin: Places, end: Places) -> Places:
        """The first event too long after the beginning, before `end`: one binary search over all that last too long."""
        assert self.longest is not None
        found, time = end.copy(), self.time
        long = np.flatnonzero(time[end - 1] - time[begin] > self.longest)
        begin = begin[long]
        low, high = begin.copy(), end[long] - 1  # the first event beyond lies in (low, high]
        while (wide := high - low > 1).any():
            middle = (low + high) // 2
            beyond = time[middle] - time[begin] > self.longest
            high = np.where(wide & beyond, middle, high)
            low = np.where(wide & ~beyond, middle, low)
        found[long] = high
        return found


def closers(closing: Closing, known: Places, opening: Places | None) -> Places:
    """Every place at which a session is closed or the first of a stream may begin, in order.

    `known` are those that need no looking back; `opening` the places at which sessions can begin, None for any.
    """
    if not closing.looks_back or not len(known):
        return known
    end = np.append(known[1:], len(closing.time))
    begin = known if opening is None else first_at(opening, known, len(closing.time))
    begin, end = _within(begin, end)
    if closing.longest is None and not closing.changes and opening is None:
        return _counted(known, end, closing.most or 1)
    found = [known]
    while len(begin) > FEW:
        go_on()
        at = closing.next(begin, end)
        closed = at < end
        begin, end = at[closed], end[closed]
        found.append(begin)
        if opening is not None:
            begin, end = _within(first_at(opening, begin, len(closing.time)), end)
    for one, last in zip(begin.tolist(), end.tolist(), strict=True):
        found.append(_followed(closing, one, last, opening))
    return np.sort(np.concatenate(found))


def first_at(opening: Places, places: Places, none: int) -> Places:
    """The first opening at or after each place; `none` where there is none."""
    return np.append(opening, none)[np.searchsorted(opening, places)]


def _within(begin: Places, end: Places) -> tuple[Places, Places]:
    inside = begin < end
    return (begin, end) if inside.all() else (begin[inside], end[inside])


def _counted(begin: Places, end: Places, most: int) -> Places:
    """Stretches divided into so many events each."""
    parts = (end - begin - 1) // most + 1
    part = np.arange(int(parts.sum())) - np.repeat(np.cumsum(parts) - parts, parts)
    return np.asarray(np.repeat(begin, parts) + part * most, dtype=np.int64)


def _followed(closing: Closing, begin: int, end: int, opening: Places | None) -> Places:
    """The places at which the sessions of one stretch are closed, one after the other."""
    found, time = [], closing.time
    while begin < end:
        at = end if closing.most is None else min(end, begin + closing.most)
        for pairs in closing.changes:
            place = int(np.searchsorted(pairs.before, begin))
            at = min(at, int(pairs.after[place]))
        if closing.longest is not None:
            at = begin + int(np.searchsorted(time[begin:at], time[begin] + closing.longest, "right"))
        if at >= end:
            break
        found.append(at)
        if opening is None:
            begin = at
        else:
            place = int(np.searchsorted(opening, at))
            begin = int(opening[place]) if place < len(opening) else end
    return np.array(found, dtype=np.int64)

"""The rules that look back at the session so far: where sessions that nothing else closes are closed.

A session runs from where it begins to the next event at which it is closed. What closes it whatever it holds (a gap,
a restart, an end, a day) is known for every event beforehand; a change of value, a longest duration and a longest
count depend on where it began, so it is followed from its beginning, all sessions at once.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from explorer.engine.stopping import go_on

Places = npt.NDArray[np.uint32]
Times = npt.NDArray[np.int64]
# From so few sessions on, following one after the other is faster than all at once.
FEW = 32
# New memory costs more than what is done in it: so many stretches at once stay in the same.
AT_ONCE = 1 << 16


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
        found = np.full(len(begin), self.after[-1], np.uint32)
        at = np.searchsorted(begin, self.before, "right") - 1
        first = np.flatnonzero(np.diff(at, prepend=-1))
        found[at[first]] = self.after[first]
        return found


@dataclass(frozen=True)
class Closing:
    """What closes sessions of events at these times; None or nothing where there is no such rule."""

    time: Times
    longest: int | None = None
    most: int | None = None
    changes: tuple[Pairs, ...] = ()

    @property
    def looks_back(self) -> bool:
        """Whether any rule depends on where a session begins."""
        return self.longest is not None or self.most is not None or bool(self.changes)

    def next(self, begin: Places, end: Places) -> tuple[Places, Places]:
        """Where sessions that begin there are closed, `end` where they are not closed before it; and their first change
        where that is not later, else something beyond."""
        change = end + 1
        for pairs in self.changes:
            change = np.minimum(change, pairs.next(begin))
        found = np.minimum(end, change)
        if self.most is not None:
            found = np.minimum(found, begin + np.uint32(self.most))
        return found if self.longest is None else np.minimum(found, self._beyond(begin, found)), change

    def _beyond(self, begin: Places, end: Places) -> Places:
        """The first event too long after the beginning, before `end`: one binary search over all that last too long."""
        assert self.longest is not None
        found, time = end.copy(), self.time
        long = np.flatnonzero(time[end - 1] - time[begin] > self.longest)
        begin = begin[long]
        low, high = begin.copy(), end[long] - 1  # the first event beyond lies in (low, high]
        while (wide := high - low > 1).any():
            middle = low + (high - low) // 2
            beyond = time[middle] - time[begin] > self.longest
            high = np.where(wide & beyond, middle, high)
            low = np.where(wide & ~beyond, middle, low)
        found[long] = high
        return found


def closers(closing: Closing, known: Places, opening: Places | None) -> tuple[Places, Places]:
    """Every place at which a session is closed or a stream begins, in order; and those of a change of value.

    `known` are those that need no looking back; `opening` the places where sessions can begin, None for any. A change
    from one event to the next is among the known, and need not be told again.
    """
    if not closing.looks_back or not len(known):
        return known, known[:0]
    end = _and(known[1:], len(closing.time))
    if closing.longest is None and not closing.changes and opening is None:
        return _counted(known, end, closing.most or 1), known[:0]
    begin, end = (known, end) if opening is None else _within(first_at(opening, known, len(closing.time)), end)
    found = [known[:0]]
    changed = [known[:0]]
    while len(begin) > FEW:
        go_on()
        at, change = closing.next(begin, end)
        changed.append(at[at == change])
        closed = at < end
        begin, end = at[closed], end[closed]
        found.append(begin)
        if opening is not None:
            begin, end = _within(first_at(opening, begin, len(closing.time)), end)
    for one, last in zip(begin.tolist(), end.tolist(), strict=True):
        closed_at, changed_at = _followed(closing, one, last, opening)
        found.append(closed_at)
        changed.append(changed_at)
    return _with(known, np.sort(np.concatenate(found))), np.concatenate(changed)


def _with(places: Places, more: Places) -> Places:
    """Both, in order; each are in order themselves, and no place is in both."""
    return np.insert(places, np.searchsorted(places, more), more) if len(more) else places


def _and(places: Places, last: int) -> Places:
    return np.append(places, np.uint32(last))


def first_at(opening: Places, places: Places, none: int) -> Places:
    """The first opening at or after each place; `none` where there is none."""
    return _and(opening, none)[np.searchsorted(opening, places)]


def _within(begin: Places, end: Places) -> tuple[Places, Places]:
    inside = begin < end
    return (begin, end) if inside.all() else (begin[inside], end[inside])


def _counted(begin: Places, end: Places, most: int) -> Places:
    """Stretches that follow each other, divided into so many events each."""
    each = [slice(at, at + AT_ONCE) for at in range(0, len(begin), AT_ONCE)]
    return np.concatenate([_divided(begin[some], end[some], np.uint32(most)) for some in each])


def _divided(begin: Places, end: Places, most: np.uint32) -> Places:
    more = (end - begin - 1) // most
    first = np.zeros(len(more), np.int64)
    np.cumsum(more[:-1] + 1, out=first[1:])
    # Summed up, the steps from each place to the next are the places.
    step = np.full(len(begin) + int(more.sum()), most)
    step[first] = np.append(begin[:1], begin[1:] - (begin + more * most)[:-1])
    return np.cumsum(step, dtype=np.uint32)


def _followed(closing: Closing, begin: int, end: int, opening: Places | None) -> tuple[Places, Places]:
    """The places at which the sessions of one stretch are closed, one after the other; those where a value changes."""
    found, changed, time = [], [], closing.time
    while begin < end:
        change = end + 1
        for pairs in closing.changes:
            change = min(change, int(pairs.after[int(np.searchsorted(pairs.before, begin))]))
        at = min(end, change)
        if closing.most is not None:
            at = min(at, begin + closing.most)
        if closing.longest is not None:
            at = begin + int(np.searchsorted(time[begin:at], time[begin] + closing.longest, "right"))
        if at == change:
            changed.append(at)
        if at >= end:
            break
        found.append(at)
        if opening is None:
            begin = at
        else:
            place = int(np.searchsorted(opening, at))
            begin = int(opening[place]) if place < len(opening) else end
    return np.array(found, np.uint32), np.array(changed, np.uint32)

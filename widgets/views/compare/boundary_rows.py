"""The events of a session and of its counterparts as rows that show where each side begins a session."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from explorer.charts.figure.cells import column_texts
from explorer.crossfilter.formats import count_text, duration_text

# Of a row of events between two boundaries so many are shown at either end, and so many more are opened at a time.
EDGE = 3
STEP = 200
MOST = 300
TICKS = 400
MOST_BARS = 400
NONE = SHOWN = -1

Places = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Labels:
    """Each event's session of one side, by order of appearance, NONE where it is in none; and the sessions' ids."""

    at: Places
    ids: tuple[str, ...]

    @classmethod
    def of(cls, ids: pl.Series) -> Labels:
        """Number the sessions.

        >>> Labels.of(pl.Series(["u/1", None, "u/2", "u/1"]))
        Labels(at=array([ 0, -1,  1,  0]), ids=('u/1', 'u/2'))
        """
        known = ids.drop_nulls().unique(maintain_order=True)
        numbers = {name: number for number, name in enumerate(known)}
        return cls(np.array([numbers.get(name, NONE) for name in ids], np.int64), tuple(known))

    def before(self) -> Places:
        """For each event the session that the side was in last, NONE at the beginning."""
        places = np.where(self.at != NONE, np.arange(len(self.at)), NONE)
        last = np.maximum.accumulate(np.append(NONE, places[:-1])) if len(places) else places
        return np.where(last == NONE, NONE, self.at[last])

    def first(self) -> Places:
        """The place of each session's first event."""
        numbers, places = np.unique(self.at, return_index=True)
        return places[numbers != NONE].astype(np.int64)


def shown_ranges(
    one: Places, other: Places, opened: Mapping[int, int], most: int = MOST
) -> tuple[list[tuple[int, int, int]], int]:
    """Which events are shown: (begin, end, SHOWN or what these left out are opened by), and where the rest begins.

    `opened` says how many more events are shown of those that are left out, by what they are opened by.

    >>> shown_ranges(np.zeros(12, int), np.zeros(12, int), {})
    ([(0, 3, -1), (3, 9, 3), (9, 12, -1)], 12)
    """
    changed = np.flatnonzero((one[1:] != one[:-1]) | (other[1:] != other[:-1])) + 1
    begins = [0, *changed.tolist()]
    ranges: list[tuple[int, int, int]] = []
    rows = 0
    for begin, end in zip(begins, [*begins[1:], len(one)], strict=True):
        head = min(begin + EDGE + opened.get(begin + EDGE, 0), end)
        tail = max(end - EDGE, head)
        parts = [(begin, head, SHOWN), (head, tail, begin + EDGE), (tail, end, SHOWN)]
        # What is left out is more than the line that says so.
        for start, stop, key in parts if tail - head >= EDGE else [(begin, end, SHOWN)]:
            if rows >= most:
                return ranges, start
            stop = min(stop, start + most - rows) if key == SHOWN else stop
            ranges.append((start, stop, key))
            rows += stop - start if key == SHOWN else 1
            if rows >= most:
                return ranges, stop
    return ranges, len(one)


def boundary_rows(
    events: pl.DataFrame,
    time: str,
    columns: tuple[str, ...],
    names: tuple[str, str],
    zone: str | None,
    opened: Mapping[int, int],
    most: int = MOST,
) -> dict[str, Any]:
    """What the browser draws of `Diff.events`: `rows`, `left` (how many are not shown yet), `lanes`, `columns`."""
    sides = [Labels.of(events["session_in_one"]), Labels.of(events["session_in_other"])]
    ranges, rest = shown_ranges(sides[0].at, sides[1].at, opened, most)
    places = np.concatenate([np.zeros(0, np.int64), *(np.arange(*part[:2]) for part in ranges if part[2] == SHOWN)])
    some = events[pl.Series(places, dtype=pl.Int64)]
    gap = events[time].diff().cast(pl.Duration("us")).to_physical()
    texts = dict(zip(places.tolist(), _texts(some, (time, *columns), zone), strict=True))
    before, first = [side.before() for side in sides], [side.first() for side in sides]
    rows: list[dict[str, Any]] = []
    for begin, end, key in ranges:
        if key != SHOWN:
            rows.append({"skipped": count_text(end - begin), "at": key, "rails": _rails(sides, begin)})
            continue
        for at in range(begin, end):
            new = [side.at[at] not in (NONE, last[at]) for side, last in zip(sides, before, strict=True)]
            fresh = [is_new and one[side.at[at]] == at for is_new, one, side in zip(new, first, sides, strict=True)]
            out = [bool(side.at[at] == NONE) for side in sides]
            rows.append({
                "cells": [texts[at][0], duration_text(gap[at]) if at else "", *texts[at][1:]],
                "rails": _rails(sides, at),
                "labels": [side.ids[side.at[at]] if is_new else "" for is_new, side in zip(new, sides, strict=True)],
                "border": _border(names, new, fresh, out) if at else "",
                "differs": bool(at) and not any(out) and new[0] != new[1],
            })  # fmt: skip
    return {
        "columns": ["Time", "After", *columns],
        "rows": rows,
        "left": count_text(events.height - rest) if rest < events.height else "",
        "lanes": [_lane(side, events[time]) for side in sides],
        "note": _note(sides, names),
        "ticks": _ticks(events[time]),
        "ends": [column_texts(events[time][[place]], zone)[0] for place in (0, -1)] if events.height else [],
    }


def _rails(sides: list[Labels], at: int) -> list[int]:
    return [int(side.at[at]) for side in sides]


def _border(names: tuple[str, str], new: list[bool], fresh: list[bool], out: list[bool]) -> str:
    """What happens before an event, in words."""
    if all(new):
        return "A new session in both" if all(fresh) else "Another session in both"
    for mine, theirs in ((0, 1), (1, 0)):
        if new[mine]:
            what = "A new session in" if fresh[mine] else "Back in an earlier session of"
            goes_on = "" if out[theirs] else f"; '{names[theirs]}' goes on"
            return f"{what} '{names[mine]}'{goes_on}"
    return ""


def _texts(some: pl.DataFrame, columns: tuple[str, ...], zone: str | None) -> list[tuple[str, ...]]:
    return list(zip(*(column_texts(some[name], zone) for name in columns), strict=True))


def _across(times: pl.Series) -> npt.NDArray[np.float64]:
    """Where each time lies between the first and the last, 0 to 1."""
    us = times.dt.cast_time_unit("us").to_physical().to_numpy().astype(np.float64)
    span = float(us[-1] - us[0]) if len(us) else 0.0
    return (us - us[0]) / span if span else np.full(len(us), 0.5)


def _lane(side: Labels, times: pl.Series) -> list[dict[str, Any]]:
    across = _across(times)
    inside = side.at != NONE
    lows, highs = np.ones(len(side.ids)), np.zeros(len(side.ids))
    np.minimum.at(lows, side.at[inside], across[inside])
    np.maximum.at(highs, side.at[inside], across[inside])
    return [
        {"from": float(low), "to": float(high), "id": name}
        for low, high, name in zip(lows, highs, side.ids, strict=True)
    ][:MOST_BARS]


def _note(sides: list[Labels], names: tuple[str, str]) -> str:
    """What of the bars is not drawn."""
    return " ".join(
        f"The bars are the first {MOST_BARS} of {count_text(len(side.ids))} sessions of '{name}'."
        for side, name in zip(sides, names, strict=True)
        if len(side.ids) > MOST_BARS
    )


def _ticks(times: pl.Series) -> list[float]:
    """Where there are events, as fine as can be seen."""
    return (np.unique(np.round(_across(times) * TICKS)) / TICKS).tolist()

"""A funnel as texts and shares that are ready to be shown."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from explorer.charts.figure.cells import key_texts
from explorer.charts.figure.moments import Moment, step_lines
from explorer.charts.figure.time_axis import moments, step_range, step_ticks
from explorer.charts.theme import GHOST, PALETTE
from explorer.charts.titles import EVERY
from explorer.crossfilter.bins.funnel_steps import (
    FEWEST,
    funnel_sentence,
    sides_sentence,
    step_names,
    steps_meaning,
    trend_sentence,
)
from explorer.crossfilter.formats import count_text, duration_text, many, percent_text
from explorer.engine.answers.sequences.inside import Counts, TrendLine
from widgets.views.inside.answers import Counted, Passed
from widgets.views.inside.texts import Shown, bar_of, counted, has_ghosts, share


def funnel_shown(passed: Passed | None, notes: Sequence[Moment] = ()) -> Shown:
    """A bar for each step, and what happens between two of them; over time with `notes`."""
    if passed is None:
        return {}
    now, ever, of = passed.now, passed.all, passed.of
    names, last = step_names(passed.steps), len(passed.steps)
    span = passed.brush
    rows = [
        {
            "label": f"All {passed.steps.things}",
            "count": count_text(now.sessions),
            "share": "",
            "width": 1.0,
            "ghost": 1.0,
        }
    ]
    for at, name in enumerate(names):
        row = bar_of(
            name, now.reached[at], now.sessions, ever.reached[at], ever.sessions, many(now.reached[at], of.noun)
        )
        if at and now.reached[0]:
            row["tip"] += f"; {percent_text(now.from_first(at))} of step 1"
        rows.append(row | {"pressed": span == (at + 1, last)})
    reached = [now.sessions, *now.reached]
    steps = []
    for at in range(last):
        lost, went = reached[at] - reached[at + 1], now.from_previous(at)
        steps.append(
            {
                "went": f"{percent_text(went)} continue" if went is not None else "",
                "wait": _wait(now.waits[at], now.quarters[at], at, of) if reached[at + 1] else "",
                "lost": f"{count_text(lost)} {'did not start' if at == 0 else 'dropped off'}" if lost else "",
                "lost_share": percent_text(share(lost, reached[at])) if reached[at] else "",
                "pressed": span == (at, at),
            }
        )
    note = f"{counted(of)} {steps_meaning(passed.steps)}"
    return {
        "note": note,
        "result": funnel_sentence(passed.steps, now.reached),
        "rows": rows,
        "between": steps,
        "can_brush": passed.can_brush,
        "ghosts": has_ghosts(of),
        "table": {"heads": heads_of(passed), "rows": rows_of(passed)},
        "sides": sides_shown(passed),
        "trend": trend_shown(passed, notes),
    }


WAITS = ("Median wait", "A quarter waits at most", "A quarter waits at least")


def heads_of(passed: Passed) -> list[str]:
    """The columns of the table behind the bars."""
    return ["Step", passed.steps.things.capitalize(), "Of the step before", "Of the first", *WAITS]


def rows_of(passed: Passed) -> list[list[str]]:
    """A row for each step."""
    now, rows = passed.now, []
    for at, name in enumerate(step_names(passed.steps)):
        waits = (now.waits[at], *(now.quarters[at] or (None, None)))
        shares = (percent_text(now.from_previous(at)), percent_text(now.from_first(at)))
        rows.append([f"{at + 1}. {name}", count_text(now.reached[at]), *shares, *map(duration_text, waits)])
    return rows


# ---- side by side

BY_FIRST = (
    "Each actor by its first session; a click selects all sessions with the value of the actors that get there, "
    "whichever their first is."
)


def sides_shown(passed: Passed) -> Shown:
    """A column for each value of the dimension, a row for each step: the share of its sessions that reach it."""
    sides, names = passed.sides, step_names(passed.steps)
    if sides is None:
        return {}
    of, last, held = sides.of, len(names), passed.brush
    pairs = list(zip(sides.now.groups, sides.all.groups, strict=True))
    picked = [sides.brush is not None and sides.brush == now.brush for now, _ in pairs]
    heads = [
        {
            "label": now.label,
            "count": count_text(now.counts.sessions),
            "tip": f"{now.label}: {many(now.counts.sessions, of.noun)}",
            "pressed": its and held is None,
            "can": sides.can_brush and now.brush is not None,
        }
        for (now, _), its in zip(pairs, picked, strict=True)
    ]
    rows = []
    for at, name in enumerate(names):
        cells = []
        for (now, ever), its in zip(pairs, picked, strict=True):
            n = now.counts.reached[at]
            whole, all_n, all_whole = now.counts.sessions, ever.counts.reached[at], ever.counts.sessions
            cell = bar_of(f"{now.label}, {name}", n, whole, all_n, all_whole, many(n, of.noun))
            if at and now.counts.reached[0]:
                cell["tip"] += f"; {percent_text(now.counts.from_first(at))} of step 1"
            can = passed.can_brush and sides.can_brush and now.brush is not None
            cells.append(cell | {"can": can, "pressed": its and held == (at + 1, last)})
        rows.append({"label": f"{at + 1}  {name}", "cells": cells})
    several = f" A{'n actor' if of.actors else ' session'} can be in several columns." if sides.now.several else ""
    first_of = f" {BY_FIRST}" if of.actors else ""
    first = [each.counts.reached[0] if last > 1 else each.counts.sessions for each in sides.now.groups]
    reached = [each.counts.reached[-1] for each in sides.now.groups]
    labels = [each.label for each in sides.now.groups]
    return {
        "title": f"By {sides.now.dimension}",
        "result": sides_sentence(sides.now.dimension, list(zip(labels, first, reached, strict=True))),
        "note": f"Shares of the {of.noun}s of each column. {counted(of)}{several}{first_of}"
        if has_ghosts(of) or several or first_of
        else "",
        "heads": heads,
        "rows": rows,
        "ghosts": has_ghosts(of),
    }


# ---- over time


def trend_shown(passed: Passed, notes: Sequence[Moment] = ()) -> Shown:
    """A line over the steps of time, one for each value of the dimension: the share that reaches the last step."""
    trend, every = passed.trend, passed.chart.every
    if trend is None or every is None:
        return {}
    times = trend.now.times
    names = key_texts(pl.DataFrame([times.alias("start")]), "start")
    starts, n = moments(times), len(names)
    every_point, lines = [], []
    for i in range(n):
        begin, reach = (sum(int(each[i]) for each in its) for its in _both(trend.now.lines))
        every_point.append((names[i], begin, reach))
    few = 0
    for at, (now, ever) in enumerate(zip(trend.now.lines, trend.all.lines, strict=True)):
        points = [_point(names[i], now.label, int(now.begin[i]), int(now.reach[i])) for i in range(n)]
        few += sum(0 < int(begin) < FEWEST for begin in now.begin)
        grey = [share(int(ever.reach[i]), int(ever.begin[i])) if ever.begin[i] else None for i in range(n)]
        color = PALETTE[at] if at < len(PALETTE) else GHOST
        behind = grey if has_ghosts(trend.of) else []
        lines.append({"label": now.label, "color": color, "points": points, "grey": behind})
    said = EVERY.get(every, every)
    note = f"Hollow: fewer than {FEWEST} {passed.steps.things} begin, which say little. " if few else ""
    ends = step_range(trend.brush, starts)
    marked = step_lines(notes, starts)
    left = f" {marked['outside']}." if marked["outside"] else ""
    start = "the start of the actor's first session" if trend.of.actors else "session start"
    return {
        "title": f"Share that reaches {step_names(passed.steps)[-1]}, per {said}",
        "result": trend_sentence(said, every_point, passed.steps.things) if len(lines) == 1 else "",
        "note": f"The share of those that begin which reach the last step, by {start}. {note}{counted(trend.of)}{left}",
        "table": {
            "heads": ["Start", *(["Value"] if len(lines) > 1 else []), "Share", "Begin", "Reach the last step"],
            "rows": _trend_rows(names, trend.now.lines),
        },
        "moments": marked,
        "names": names,
        "ticks": step_ticks(times) if n else [],
        "lines": lines,
        "brushed": None if ends is None or not trend.can_brush else [ends[0] + 0.5, ends[1] + 0.5],
        "can": trend.can_brush,
    }


def _both(lines: Sequence[TrendLine]) -> tuple[list[Counts], list[Counts]]:
    return [line.begin for line in lines], [line.reach for line in lines]


def _trend_rows(names: list[str], lines: Sequence[TrendLine]) -> list[list[str]]:
    return [
        [
            name,
            *([line.label] if len(lines) > 1 else []),
            percent_text(int(line.reach[at]) / int(line.begin[at]) if line.begin[at] else None),
            count_text(int(line.begin[at])),
            count_text(int(line.reach[at])),
        ]
        for at, name in enumerate(names)
        for line in lines
    ]


def _point(time: str, label: str, begin: int, reach: int) -> Shown:
    what = f"{time}{f', {label}' if label else ''}"
    if not begin:
        return {"value": None, "n": 0, "few": True, "tip": f"{what}: nobody begins"}
    said = f"{what}: {percent_text(reach / begin)}, {count_text(reach)} of {count_text(begin)}"
    return {"value": reach / begin, "n": begin, "few": begin < FEWEST, "tip": said}


# ---- waits


def _wait(us: float | None, quarters: tuple[float, float] | None, at: int, of: Counted) -> str:
    after = "after the first session starts" if of.actors else "after the start"
    said = f"median {duration_text(us)} {'later' if at else after}"
    low, high = map(duration_text, quarters or (us, us))
    return said if low == high else f"{said}, half of them {low} to {high}"

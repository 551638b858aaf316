"""A funnel as texts and shares that are ready to be shown."""

from __future__ import annotations

from explorer.crossfilter.bins.funnel_steps import funnel_sentence, sides_sentence, step_names, steps_meaning
from explorer.crossfilter.formats import count_text, duration_text, percent_text
from widgets.views.inside.answers import Passed
from widgets.views.inside.texts import Shown, bar_of, counted, has_ghosts, sessions, share


def funnel_shown(passed: Passed | None) -> Shown:
    """A bar for each step, and what happens between two of them."""
    if passed is None:
        return {}
    now, ever, of = passed.now, passed.all, passed.of
    names, last = step_names(passed.steps), len(passed.steps)
    span = passed.brush
    rows = [{"label": "All sessions", "count": count_text(now.sessions), "share": "", "width": 1.0, "ghost": 1.0}]
    for at, name in enumerate(names):
        row = bar_of(name, now.reached[at], now.sessions, ever.reached[at], ever.sessions, sessions(now.reached[at]))
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
                "wait": _wait(now.waits[at], now.quarters[at], at) if reached[at + 1] else "",
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
        "sides": sides_shown(passed),
    }


# ---- side by side


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
            "tip": f"{now.label}: {sessions(now.counts.sessions)}",
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
            cell = bar_of(f"{now.label}, {name}", n, whole, all_n, all_whole, sessions(n))
            if at and now.counts.reached[0]:
                cell["tip"] += f"; {percent_text(now.counts.from_first(at))} of step 1"
            can = passed.can_brush and sides.can_brush and now.brush is not None
            cells.append(cell | {"can": can, "pressed": its and held == (at + 1, last)})
        rows.append({"label": f"{at + 1}  {name}", "cells": cells})
    several = " A session can be in several columns." if sides.now.several else ""
    first = [each.counts.reached[0] if last > 1 else each.counts.sessions for each in sides.now.groups]
    reached = [each.counts.reached[-1] for each in sides.now.groups]
    labels = [each.label for each in sides.now.groups]
    return {
        "title": f"By {sides.now.dimension}",
        "result": sides_sentence(sides.now.dimension, list(zip(labels, first, reached, strict=True))),
        "note": f"Shares of the sessions of each column. {counted(of)}{several}" if has_ghosts(of) or several else "",
        "heads": heads,
        "rows": rows,
        "ghosts": has_ghosts(of),
    }


# ---- waits


def _wait(us: float | None, quarters: tuple[float, float] | None, at: int) -> str:
    said = f"median {duration_text(us)} {'later' if at else 'after the start'}"
    low, high = map(duration_text, quarters or (us, us))
    return said if low == high else f"{said}, half of them {low} to {high}"

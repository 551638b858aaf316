"""What was found inside sessions as texts and shares that are ready to be shown."""

from __future__ import annotations

from typing import Any

import numpy as np

from explorer.charts.theme import GHOST, PALETTE
from explorer.crossfilter.formats import count_text, many, percent_text
from explorer.crossfilter.selections.range_text import value_label
from explorer.engine.answers.sequences.inside import FEW_FOLLOWING, MOST_FOLLOWING, Following
from widgets.views.inside.answers import Counted, Ends

Shown = dict[str, Any]
END, ENDS = "the session ends", "ends"


def counted(of: Counted) -> str:
    """What numbers are of.

    >>> counted(Counted(1204, 7674)), counted(Counted(7674, 7674, own=True)), counted(Counted(1, 1))
    ('Of the 1,204 selected sessions; grey: all 7,674.', 'Of all 7,674 sessions, brushed or not.', 'Of 1 session.')
    """
    said = many(of.sessions, of.noun)
    if of.sessions == of.all:
        return f"Of all {said}, brushed or not." if of.own else f"Of {'all ' if of.all > 1 else ''}{said}."
    of_which = f"{said} that the other brushes hold" if of.own else f"{count_text(of.sessions)} selected {_noun(of)}"
    if of.actors and not of.own:
        of_which = f"{said} with a selected session"
    return f"Of the {of_which}; grey: all {count_text(of.all)}."


def sessions(n: int) -> str:
    """A number of sessions.

    >>> sessions(1), sessions(1204)
    ('1 session', '1,204 sessions')
    """
    return f"{count_text(n)} session{'' if n == 1 else 's'}"


def _noun(of: Counted) -> str:
    return of.noun if of.sessions == 1 else f"{of.noun}s"


def share(part: float, whole: float) -> float:
    """A part of a whole, 0 of nothing."""
    return float(part / whole) if whole else 0.0


# ---- how sessions begin and end


def ends_shown(ends: Ends | None, opened: bool | None = None) -> Shown:
    """A bar for each value, as long as its share; `opened` is whether the other values are, None where they cannot."""
    if ends is None:
        return {}
    of, bars = ends.of, []
    if ends.problem:
        return {"bars": [], "nothing": ends.problem}
    for at, label in enumerate(ends.labels):
        n, all_n = int(ends.counts[at]), int(ends.totals[at])
        bars.append(bar_of(label, n, of.sessions, all_n, of.all, sessions(n)) | {"pressed": bool(ends.brushed[at])})
    more = (
        "Show the most frequent" if opened else f"Open other: {many(ends.others, 'more value')}" if ends.others else ""
    )
    return {
        "note": counted(of),
        "bars": scaled(bars),
        "brushed": bool(ends.brushed.any()),
        "ghosts": has_ghosts(of),
        "more": more if opened is not None else "",
        "opened": bool(opened),
    }


def bar_of(label: str, n: int, whole: int, all_n: int, all_whole: int, said: str) -> Shown:
    """A bar of `n` of a whole, in front of one of all; `said` is `n` in words."""
    now, ever = share(n, whole), share(all_n, all_whole)
    beside = "" if (n, whole) == (all_n, all_whole) else f"; of all: {percent_text(ever)}"
    return {
        "label": label,
        "count": count_text(n),
        "share": percent_text(now) if whole else "–",
        "width": now,
        "ghost": ever,
        "tip": f"{label}: {said}, {percent_text(now)}{beside}" if whole else f"{label}: none",
    }


def scaled(bars: list[Shown]) -> list[Shown]:
    """The longest bar or ghost fills the width."""
    most = max([*(bar["width"] for bar in bars), *(bar["ghost"] for bar in bars)], default=0.0) or 1.0
    return [bar | {"width": bar["width"] / most, "ghost": bar["ghost"] / most} for bar in bars]


def has_ghosts(of: Counted) -> bool:
    """Whether numbers of all stand behind."""
    return of.sessions != of.all


# ---- what comes next


def after_shown(pair: tuple[Following, Following] | None, of: Counted, chosen: str) -> Shown:
    """The matrix of what comes after what, in shares of each row, and the row of the chosen value as bars."""
    if pair is None:
        return {}
    now, ever = pair
    names = [*map(value_label, now.values), _others(now.others), "none"]
    met = np.flatnonzero(ever.counts.sum(axis=1))
    followed = np.flatnonzero(ever.counts.sum(axis=0))
    if not len(met):
        return {"note": counted(of), "rows": []}
    heads = [*names, END]
    at = next((int(row) for row in met if names[row] == chosen), int(met[0]))
    rows = []
    for row in met:
        whole = int(now.counts[row].sum())
        cells = [_cell(names[row], heads[to], int(now.counts[row, to]), whole) for to in followed]
        rows.append({"label": names[row], "count": count_text(whole), "cells": cells, "pressed": int(row) == at})
    told, opened = len(now.values), len(now.values) > FEW_FOLLOWING
    return {
        "note": f"Of each row, how often the column comes right after it in the same session. {counted(of)}",
        "heads": [(ENDS if heads[to] == END else heads[to], heads[to]) for to in followed],
        "rows": rows,
        "chosen": names[at],
        "bars": _row_bars(now, ever, at, heads, followed.tolist()),
        "ghosts": has_ghosts(of),
        "folded": _folded(ever) if at == told else [],
        "more": f"Show the {FEW_FOLLOWING} most frequent" if opened else _more(ever),
        "opened": opened,
    }


def _folded(ever: Following) -> list[tuple[str, str]]:
    """The values in "other", each with its events in all sessions."""
    named = [(value_label(value), count_text(n)) for value, n in ever.rest]
    more = ever.others - len(named)
    return [*named, *([(f"and {count_text(more)} more, each as frequent as the last or less", "")] if more else [])]


def _more(ever: Following) -> str:
    """What opens "other"; empty where nothing is in it."""
    if not ever.others:
        return ""
    several = min(ever.others, MOST_FOLLOWING - len(ever.values))
    return f"Open other: {count_text(several)} more value{'' if several == 1 else 's'}"


def _cell(row: str, head: str, n: int, whole: int) -> Shown:
    now = share(n, whole)
    what = head if head == END else f"{head} comes"
    tip = f"After {row} {what}: {_times(n)}, {percent_text(now)}" if whole else f"{row}: not in these sessions"
    return {"text": whole_percent(now) if n else "", "share": now, "tip": tip}


def whole_percent(now: float) -> str:
    """A share in as little room as can be.

    >>> whole_percent(0.466), whole_percent(0.001)
    ('47 %', '< 1 %')
    """
    return f"{100 * now:.0f} %" if now >= 0.005 else "< 1 %"


def _row_bars(now: Following, ever: Following, row: int, heads: list[str], followed: list[int]) -> list[Shown]:
    whole, all_whole = int(now.counts[row].sum()), int(ever.counts[row].sum())
    order = sorted(followed, key=lambda to: -int(ever.counts[row, to]))
    bars = []
    for to in order:
        n, all_n = int(now.counts[row, to]), int(ever.counts[row, to])
        if all_n:
            bars.append(bar_of(heads[to], n, whole, all_n, all_whole, _times(n)))
    return scaled(bars)


def _times(n: int) -> str:
    return "once" if n == 1 else f"{count_text(n)} times"


def _others(n: int) -> str:
    return f"other ({count_text(n)} value{'' if n == 1 else 's'})"


# ---- colours


def colors(names: list[str]) -> dict[str, str]:
    """A colour for each value, by its place; those beyond the palette are grey."""
    return {name: PALETTE[at] if at < len(PALETTE) else GHOST for at, name in enumerate(names)}

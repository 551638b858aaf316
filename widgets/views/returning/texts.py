"""What the view of who comes back shows and says, ready for the browser."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from explorer.charts.figure.moments import Moment, step_lines
from explorer.charts.figure.time_axis import moments, step_ticks
from explorer.charts.retention_texts import (
    NOT_YET,
    STATE_WORDS,
    activity_sentence,
    cell_text,
    cell_words,
    heads_of,
    nobody_first,
    parts_note,
    rows_title,
)
from explorer.crossfilter.counting import Axis
from explorer.crossfilter.formats import count_text, many
from explorer.crossfilter.selections.selection import Brush, Range, Selection, Values
from explorer.engine.answers.retention import STATES, Activity, Between, Retention, Row
from explorer.spec.charts.chart import Chart
from explorer.spec.charts.sequences.returns import ACTIVITY, RETURN, STEP_WORDS
from explorer.spec.session import SessionDefinition
from widgets.charts.chart_fields import Choices, Options

# How many rows and columns stand on the page; the CSV has all.
MOST_ROWS, MOST_COLUMNS = 60, 31
COUNTED = [("in", "Exactly then"), ("later", "Then or later"), ("times", "How often")]
WITHIN = ("1d", "1w", "2w", "30d", "90d")
EVERY = [("", "Automatic"), *((step, word.capitalize() + "s") for step, word in STEP_WORDS.items())]
# The condition that a session counts as a return by, for the aggregate of its metric.
HAPPENED = {"any": '"{}" = true', "count": '"{}" > 0', "n_unique": '"{}" > 0', "matches": '"{}" > 0'}
TIMES = ("start", "end", "first_start", "last_end")


def return_brush(found: Retention, at: int) -> Range:
    """The brush of a column."""
    return Range(at + 1, at + 2 if found.counted == "in" else None)


def toggled(selection: Selection, found: Retention, row: int, at: int) -> Selection:
    """The selection with a cell, a row or a column; without it where it stands."""
    its = None if row < 0 else found.rows[row].brush
    when = None if at < 0 else return_brush(found, at)
    standing = selection.get(found.dimension), selection.get(RETURN)
    if standing == (its, when):
        its = when = None
    return selection.with_(found.dimension, its).with_(RETURN, when)


def grid_shown(found: Retention, everybody: Retention, selection: Selection, selected: bool) -> dict[str, Any]:
    """What a ReturnGrid shows; `everybody` is the same of all actors, and `selected` whether others are brushed."""
    if found.problem:
        return {"nothing": found.problem}
    standing = selection.get(found.dimension), selection.get(RETURN)
    wide = min(len(found.names), MOST_COLUMNS)
    there = [at for at, row in enumerate(everybody.rows) if row.actors]
    places = there[:MOST_ROWS] if found.by else there[-MOST_ROWS:]
    heads = heads_of(found)[:wide]

    def line(row: Row, place: int) -> dict[str, Any]:
        its = row.brush if place >= 0 else None
        return {
            "place": place,
            "label": row.label,
            "actors": count_text(row.actors),
            "early": row.early,
            "can": bool(row.actors) and place >= 0,
            "pressed": place >= 0 and standing == (its, None) and its is not None,
            "cells": [
                {
                    "text": NOT_YET if row.share(at) is None and row.actors else cell_text(row, at),
                    "not": row.share(at) is None and row.actors > 0,
                    "share": row.share(at),
                    "tip": cell_words(row, at, found.names[at]),
                    "can": bool(row.back[at]),
                    "pressed": standing == (its, return_brush(found, at)),
                }
                for at in range(wide)
            ],
        }

    rows = [line(found.rows[place], place) for place in places]
    return {
        "sentences": found.sentences,
        "caution": found.caution,
        "of": _of(found, everybody, selected),
        "corner": rows_title(found),
        "heads": heads,
        "rows": rows,
        "total": line(found.total, -1),
        "curve": _curve(found.total, wide),
        "ghost": _curve(everybody.total, min(wide, len(everybody.names))) if selected else [],
        "more": " ".join(filter(None, (_more(found, len(rows), len(there), wide), nobody_first(everybody)))),
    }


def _curve(row: Row, wide: int) -> list[dict[str, float | None]]:
    ends = [row.interval(at) for at in range(wide)]
    return [
        {"share": row.share(at), "low": its.low if its else None, "high": its.high if its else None}
        for at, its in enumerate(ends)
    ]


def _of(found: Retention, everybody: Retention, selected: bool) -> str:
    if not selected:
        return f"{many(found.total.actors, 'actor')} with a session."
    all_ = many(everybody.total.actors, "actor")
    return f"{count_text(found.total.actors)} of {all_} have a selected session; all of their sessions are looked at."


def _more(found: Retention, rows: int, all_rows: int, wide: int) -> str:
    """What of the grid is in the CSV only, as a sentence."""
    parts = []
    if rows < all_rows:
        parts.append(f"the {'first' if found.by else 'last'} {rows} of {count_text(all_rows)} rows")
    if wide < len(found.names):
        parts.append(f"the first {wide} of {count_text(len(found.names))} returns")
    said = " and ".join(parts)
    return f"{said[:1].upper()}{said[1:]}; the CSV has all." if said else ""


def activity_shown(
    found: Activity, step: str, selection: Selection, selected: bool, notes: Sequence[Moment] = ()
) -> dict[str, Any]:
    """What an ActivityChart shows, with `notes` on moments of time."""
    if not len(found.names):
        return {"nothing": "There is no actor with a session."}
    brush = selection.get(ACTIVITY)
    held = brush.values if isinstance(brush, Values) and not brush.negated else frozenset()
    columns = [
        {
            "label": label,
            "whole": bool(found.whole[at]),
            "counts": [int(found.of(state)[at]) for state in STATES],
            "held": [f"{name} {state}" in held for state in STATES],
        }
        for at, (name, label) in enumerate(zip(found.names, found.labels, strict=True))
    ]
    marked = step_lines(notes, moments(found.at))
    left = f"{marked['outside']}." if marked["outside"] else ""
    return {
        "said": activity_sentence(found, step),
        "note": " ".join(filter(None, (parts_note(found, step), left))),
        "of": "Of the actors with a selected session." if selected else "",
        "columns": columns,
        "moments": marked,
        "ticks": [list(tick) for tick in step_ticks(found.at)],
        "states": [
            {"name": words, "about": about.format(step=step), "color": color}
            for words, about, color in (STATE_WORDS[state] for state in STATES)
        ],
        "step": step,
    }


def asks(chart: Chart, every: str, known: Choices, definition: SessionDefinition) -> dict[str, dict[str, Any]]:
    """What can be chosen, each with its label, its value now and its options."""
    by = chart.by[0] if chart.by else ""
    offered: Options = [(title, kept) for title, names in known.dimensions if (kept := _grouping(names))]
    if by and not any(by == name for _, names in offered for name, _ in names):
        offered = [("", [(by, by)]), *offered]
    where = "" if chart.where is None else str(chart.where)
    counts = [("", "Any session"), *_conditions(definition)]
    if where and where not in dict(counts):
        counts.append((where, f"Sessions where {where}"))
    steps = [("", f"Automatic ({STEP_WORDS[every]}s)" if not chart.every else "Automatic"), *EVERY[1:]]
    found: dict[str, dict[str, Any]] = {
        "by": {"label": "Rows", "value": by, "options": [("", "When they came first"), *offered]},
        "every": {"label": "Steps", "value": chart.every or "", "options": steps},
        "returns": {"label": "Count", "value": chart.returns or "in", "options": COUNTED},
        "where": {"label": "A return is", "value": where, "options": counts},
    }
    if chart.returns == "times":
        within = str(chart.within).replace(" ", "") if chart.within is not None else ""
        lengths = [("", "Any time"), *((length, length) for length in WITHIN)]
        if within and within not in dict(lengths):
            lengths.append((within, within))
        found["within"] = {"label": "Within", "value": within, "options": lengths}
    return found


def _grouping(names: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(name, text) for name, text in names if name not in TIMES and not name.startswith("any ")]


def _conditions(definition: SessionDefinition) -> list[tuple[str, str]]:
    """The metrics that say whether something happened, as conditions."""
    found = []
    for metric in definition.metrics:
        said = HAPPENED.get(metric.aggregate)
        if said is not None:
            clause = said.format(metric.name.replace('"', '""'))
            found.append((str(Chart("return", definition.name, where=clause).where), f"One with {metric.name}"))
    return found


def changes(name: str, value: str) -> dict[str, Any] | None:
    """The fields of the chart that another value of one of these is; None for what is not known.

    >>> changes("by", "first page"), changes("returns", "later")
    ({'by': ('first page',), 'top': None}, {'returns': 'later', 'within': None})
    """
    match name:
        case "by":
            return {"by": (value,) if value else (), "top": None}
        case "returns":
            return {"returns": value, "within": None}
        case "every" | "where" | "within":
            return {name: value or None}
    return None


def between_shown(
    found: Between,
    since: Axis | None,
    totals: npt.NDArray[np.int64] | None,
    counts: npt.NDArray[np.int64] | None,
    brush: Brush | None,
    selected: bool,
) -> dict[str, Any]:
    """What the chart of the times between sessions shows; `counts` are under the brushes of all others."""
    if since is None or totals is None or counts is None:
        return {"none": "The times between sessions are being counted."}
    bins = since.bins.without_none()
    n = len(bins)
    if not totals[:n].sum():
        return {"none": "No actor has a second session."}
    once = f" {many(found.once, 'actor')} with a single session." if found.once else ""
    of = " Of the actors with a selected session." if selected else ""
    return {
        "said": f"{found.sentence}{once}{of}",
        "labels": list(bins.labels),
        "ticks": [list(tick) for tick in bins.ticks],
        "totals": totals[:n].tolist(),
        "counts": counts[:n].tolist(),
        "touched": bins.touched(brush).tolist()[:n] if brush is not None and bins.fits(brush) else [],
        "thing": "session",
        "things": "Sessions",
        "of": "Since the session before",
        "hint": "Drag across bars to select the sessions that come so long after another one.",
    }


def between_frame(
    since: Axis, totals: npt.NDArray[np.int64] | None, counts: npt.NDArray[np.int64] | None
) -> pl.DataFrame:
    """The bars of the times between sessions: label, sessions, and those under the other brushes."""
    labels = since.bins.without_none().labels
    return pl.DataFrame(
        {
            "since_previous": pl.Series(labels, dtype=pl.String),
            "sessions": None if totals is None else totals[: len(labels)],
            "under the other brushes": None if counts is None else counts[: len(labels)],
        }
    )

"""The numbers of charts as texts."""

from __future__ import annotations

from html import escape

import numpy as np
import polars as pl

from explorer.charts.figure.cells import column_texts, key_texts, writer
from explorer.charts.figure.plane import Floats, written
from explorer.charts.titles import brush_name, measure_words
from explorer.crossfilter.cards import Card
from explorer.crossfilter.counting import Counting
from explorer.crossfilter.formats import NOTHING, change_text, count_text
from explorer.crossfilter.measured import Cells, Followed, Points, Rows
from explorer.crossfilter.selections.selection import Selection
from explorer.spec.charts.chart import Measure
from explorer.spec.charts.periods import period_words
from widgets.charts.group_table import Groups

MOST_ROWS = 1_000


def brushed_groups(card: Card, counting: Counting, selection: Selection) -> Groups:
    """The bins of a chart that is brushed: their counts, and those under the other brushes."""
    each = counting.dimensions[card.dimension]
    totals = counting.totals()[card.dimension]
    counts = counting.counts(selection, [card.dimension])[card.dimension]
    if card.chart.cumulative:
        totals, counts = np.cumsum(totals), np.cumsum(counts)
    what = "Actors" if each.per_actor else "Sessions"
    headings = (brush_name(card.dimension), what, *(["Under the other brushes"] if selection else []))
    columns = [each.bins.labels, [count_text(int(n)) for n in totals]]
    if selection:
        columns.append([count_text(int(n)) for n in counts])
    return Groups(headings, tuple(zip(*columns, strict=True)), shares=_shares(totals.astype(np.float64)))


def followed_groups(followed: Followed) -> Groups:
    """The groups of a chart that follows: the value of each, and that of the selected sessions."""
    if isinstance(followed, Points):
        shown = count_text(len(followed.x))
        without = f" {count_text(followed.without)} without a value are no point." if followed.without else ""
        return Groups((), (), note=f"{shown} points, each one session: the table below lists them.{without}")
    measure = _called(followed.chart.measure)
    if isinstance(followed, Cells):
        return _cell_groups(followed, measure)
    return _row_groups(followed, measure)


def number_texts(rows: Rows) -> tuple[str, str]:
    """One number and what stands beside it, as HTML."""
    values = _texts(rows, rows.frame["value"])
    if rows.selected is None:
        sessions = rows.frame["sessions"][0] if rows.valued is None else rows.valued
        place = "of" if rows.valued is None else "in"
        return escape(values[0] or NOTHING), f"{place} {count_text(sessions)} session{'' if sessions == 1 else 's'}"
    return escape(_texts(rows, rows.selected)[0] or NOTHING), f"of the selected; of all: {escape(values[0] or NOTHING)}"


def _cell_groups(cells: Cells, measure: str) -> Groups:
    write = writer(cells.dtype, cells.chart.measure)
    at = np.flatnonzero(cells.held.ravel())
    places = np.unravel_index(at, cells.held.shape)
    keys = [[each.bins.labels[i] for i in place] for each, place in zip(cells.axes, places, strict=True)]
    values = cells.all.ravel()[at]
    columns = [*keys, written(values, write)]
    headings = [*(each.bins.name for each in cells.axes), measure]
    if cells.selected is not None:
        columns.append(written(cells.selected.ravel()[at], write))
        headings.append("Selected")
    return _groups(headings, columns, len(keys), values)


def _row_groups(rows: Rows, measure: str) -> Groups:
    keys = [key_texts(rows.frame, name) for name in rows.names]
    columns = [*keys, _texts(rows, rows.frame["value"])]
    headings = [*rows.names, measure]
    before = _sentence(period_words(rows.chart.previous))
    if rows.previous is not None:
        columns += [_texts(rows, rows.previous), _changes(rows.frame["value"], rows.previous)]
        headings += [before, "Change"]
    if rows.selected is not None:
        columns.append(_texts(rows, rows.selected))
        headings.append("Selected")
    if rows.selected is not None and rows.selected_previous is not None:
        columns += [_texts(rows, rows.selected_previous), _changes(rows.selected, rows.selected_previous)]
        headings += [f"{before}, selected", "Change of selected"]
    if measure != "Sessions":
        columns.append([count_text(n) for n in rows.frame["sessions"]])
        headings.append("Sessions")
    values = rows.frame["value"]
    numbers = np.full(len(values), np.nan)
    if not values.dtype.is_temporal() or values.dtype == pl.Duration:
        numbers = values.to_physical().cast(pl.Float64).fill_null(float("nan")).to_numpy()
    return _groups(headings, columns, len(keys), numbers)


def _changes(values: pl.Series, before: pl.Series) -> list[str]:
    """How much each value changed."""
    if not (values.dtype.is_numeric() or values.dtype == pl.Duration):
        return [NOTHING] * len(values)
    numbers = [each.to_physical().to_list() for each in (values, before)]
    return [change_text(*both) for both in zip(*numbers, strict=True)]


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _groups(headings: list[str], columns: list[list[str]], keys: int, values: Floats) -> Groups:
    rows = tuple(zip(*columns, strict=True))
    note = "" if len(rows) <= MOST_ROWS else f"The first {count_text(MOST_ROWS)} of {count_text(len(rows))} rows."
    return Groups(tuple(headings), rows[:MOST_ROWS], keys, _shares(values)[:MOST_ROWS], note)


def _texts(rows: Rows, values: pl.Series) -> list[str]:
    if isinstance(values.dtype, pl.Datetime):
        return column_texts(values, None)
    write = writer(rows.frame["value"].dtype, rows.chart.measure)
    return [NOTHING if value is None else write(value) for value in values.to_physical()]


def _shares(values: Floats) -> tuple[float | None, ...]:
    finite = values[np.isfinite(values)]
    most = float(np.abs(finite).max()) if len(finite) else 0.0
    return tuple(None if not np.isfinite(value) or not most else float(abs(value) / most) for value in values)


def _called(measure: Measure) -> str:
    return "Sessions" if measure == Measure("count") else measure_words(measure)

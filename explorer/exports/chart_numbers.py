"""The numbers of a chart as a frame: all of them, in values that a machine reads."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from explorer.crossfilter.bins.bins import Bins
from explorer.crossfilter.cards import Card, cards, dimensions
from explorer.crossfilter.counting import Axis, Counting
from explorer.crossfilter.measured import Cells, Followed, Rows
from explorer.crossfilter.selections.selection import Selection
from explorer.crossfilter.typed import typed
from explorer.engine.coded import Coded
from explorer.engine.engine import Engine
from explorer.exports.whole_file import plain, without_formulas
from explorer.plan.in_sql.source import free
from explorer.spec.charts.chart import Chart
from explorer.spec.session import SessionDefinition


def csv_text(frame: pl.DataFrame, spreadsheet: bool = False) -> str:
    """A frame as CSV: times as ISO 8601, durations in seconds, lists as texts.

    With `spreadsheet`, what a spreadsheet would run has an apostrophe before it.
    """
    nested = [name for name, dtype in frame.schema.items() if dtype.is_nested()]
    texts = plain(frame.with_columns(pl.col(nested).map_elements(_listed, return_dtype=pl.String)))
    return (without_formulas(texts) if spreadsheet else texts).write_csv()


def brushed_numbers(card: Card, counting: Counting, selection: Selection) -> pl.DataFrame:
    """Each bin of a chart that is brushed: its label, its edges where it has some, its count, and that under the
    brushes of the others where there are any."""
    each = counting.dimensions[card.dimension]
    totals, counts = counting.totals(), counting.counts(selection, [card.dimension])
    what = "actors" if each.per_actor else "sessions"
    columns = _bins(each, np.arange(len(each.bins)))
    columns += [pl.Series(what, _run(totals[card.dimension], card))]
    if selection:
        columns.append(pl.Series("under the other brushes", _run(counts[card.dimension], card)))
    return _frame(columns)


def bins(log: Engine, chart: Chart, definition: SessionDefinition) -> pl.DataFrame:
    """The bins of a distribution as the page shows them: each with its label, its edges and its sessions.

    Raises SpecError and EngineError. `log` is what `explorer.connect` returns.

    >>> from explorer import connect
    >>> log = connect(pl.DataFrame({"user": ["a", "a"], "ts": ["2024-03-01 10:00", "2024-03-01 10:05"]}))
    >>> bins(log, Chart("distribution", "visit", of="event_count"), SessionDefinition("visit", "30m"))["sessions"].sum()
    1
    """
    actor, span = log.columns.actor_name, log.quality.last - log.quality.first
    [card] = cards((chart,), actor, span)
    coded = log.cut(definition).coded(dimensions((chart,), actor, span))
    return brushed_numbers(card, coded, Selection())


def followed_numbers(followed: Followed, coded: Coded, selection: Selection) -> pl.DataFrame:
    """Each group of a chart that follows: what it is, its value, and that of the selected sessions where there are
    some, with those of a period before as `previous`; of a scatter every session."""
    if isinstance(followed, Rows):
        chosen = [] if followed.selected is None else [followed.selected.alias("selected")]
        if followed.selected_previous is not None:
            chosen.append(followed.selected_previous.alias("selected previous"))
        return _frame([*followed.frame.get_columns(), *chosen])
    if isinstance(followed, Cells):
        return _cells(followed)
    return coded.points(followed.chart, selection)


def funnel_numbers(coded: Coded, chart: Chart, selection: Selection) -> pl.DataFrame:
    """A funnel as the engine answers it, and beside it the same of the selected sessions where there are some."""
    every = coded.query(chart, Selection())
    if not coded.holding(selection):
        return every
    some = coded.query(chart, selection)
    at = every.columns.index("value")
    number = [name for name in every.columns[at:] if every.schema[name] != pl.String and not name.endswith("_to")]
    return _frame([*every.get_columns(), *(some[name].alias(f"selected {name}") for name in number)])


def _cells(cells: Cells) -> pl.DataFrame:
    at = np.flatnonzero(cells.held.ravel())
    places = np.unravel_index(at, cells.held.shape)
    columns = [column for each, place in zip(cells.axes, places, strict=True) for column in _bins(each, place)]
    found = [cells.all] if cells.selected is None else [cells.all, cells.selected]
    for name, values in zip(("value", "selected"), found, strict=False):
        column = pl.Series(name, values.ravel()[at]).fill_nan(None)
        whole = isinstance(cells.dtype, pl.Duration | pl.Datetime) or cells.dtype.is_integer()
        columns.append(column.round().cast(pl.Int64).cast(cells.dtype) if whole else column)
    return _frame(columns)


def _bins(each: Axis, places: np.ndarray) -> list[pl.Series]:
    """The labels of some bins and, where they are intervals, their edges."""
    bins = each.bins
    labels = pl.Series(bins.name, np.asarray(bins.labels, dtype=object)[places].tolist(), dtype=pl.String)
    if not isinstance(bins, Bins):
        return [labels]
    lows, ends = list(bins.edges[:-1]), list(bins.edges[1:])
    if bins.zero_alone:
        ends[0] = 1.0  # nothing but 0: the smallest whole number above it
    if bins.none:
        lows, ends = [*lows, None], [*ends, None]
    found = [labels]
    for name, edges in ((f"{bins.name} from", lows), (f"{bins.name} to", ends)):
        said = pl.Series(name, [None if edge is None or not np.isfinite(edge) else float(edge) for edge in edges])
        found.append(typed(said.cast(pl.Float64), bins).gather(places))
    return found


def _listed(value: Any) -> str:
    return str(value.to_list() if isinstance(value, pl.Series) else value)


def _run(counts: np.ndarray, card: Card) -> np.ndarray:
    return np.cumsum(counts) if card.chart.cumulative else counts


def _frame(columns: list[pl.Series]) -> pl.DataFrame:
    """Columns under their names; a second one of the same name gets underscores behind it."""
    found: list[pl.Series] = []
    for column in columns:
        found.append(column.alias(free(column.name, [each.name for each in found])))
    return pl.DataFrame(found)

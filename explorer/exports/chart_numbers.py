"""The numbers of a chart as a frame: all of them, in values that a machine reads."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from explorer.crossfilter.bins.bins import Bins
from explorer.crossfilter.cards import Card, cards, dimensions
from explorer.crossfilter.cube import Crossfilter, Dimension
from explorer.crossfilter.measured import Cells, Followed, Points, Rows
from explorer.crossfilter.selections.selection import Selection
from explorer.engine.local.coded.picture_cache import draw
from explorer.engine.local.engine import LocalEngine
from explorer.exports.whole_file import plain, without_formulas
from explorer.plan.in_sql.source import free
from explorer.spec.charts.chart import Chart
from explorer.spec.session import SessionDefinition


def csv_text(frame: pl.DataFrame, spreadsheet: bool = False) -> str:
    """A frame as CSV: times as ISO 8601, durations in microseconds, lists as texts.

    With `spreadsheet`, what a spreadsheet would run has an apostrophe before it.
    """
    nested = [name for name, dtype in frame.schema.items() if dtype.is_nested()]
    texts = plain(frame.with_columns(pl.col(nested).map_elements(_listed, return_dtype=pl.String)))
    return (without_formulas(texts) if spreadsheet else texts).write_csv()


def brushed_numbers(card: Card, crossfilter: Crossfilter, selection: Selection) -> pl.DataFrame:
    """Each bin of a chart that is brushed: its label, its edges where it has some, its count, and that under the
    brushes of the others where there are any."""
    each = crossfilter.dimensions[card.dimension]
    totals, counts = crossfilter.totals(), crossfilter.counts(selection, [card.dimension])
    what = "actors" if each.per_actor else "sessions"
    columns = _bins(each, np.arange(len(each.bins)))
    columns += [pl.Series(what, _run(totals[card.dimension], card))]
    if selection:
        columns.append(pl.Series("under the other brushes", _run(counts[card.dimension], card)))
    return _frame(columns)


def bins(log: LocalEngine, chart: Chart, definition: SessionDefinition) -> pl.DataFrame:
    """The bins of a distribution as the page shows them: each with its label, its edges and its sessions.

    Raises SpecError and EngineError. `log` is what `explorer.connect` returns.

    >>> from explorer import connect
    >>> log = connect(pl.DataFrame({"user": ["a", "a"], "ts": ["2024-03-01 10:00", "2024-03-01 10:05"]}))
    >>> bins(log, Chart("distribution", "visit", of="event_count"), SessionDefinition("visit", "30m"))["sessions"].sum()
    1
    """
    actor, span = log.columns.actor_name, log.quality.last - log.quality.first
    [card] = cards((chart,), actor, span)
    picture = draw(log.session_table(definition), dimensions((chart,), actor, span))
    return brushed_numbers(card, picture.crossfilter, Selection())


def followed_numbers(followed: Followed, engine: LocalEngine, definition: SessionDefinition) -> pl.DataFrame:
    """Each group of a chart that follows: what it is, its value, and that of the selected sessions where there are
    some, with those of a period before as `previous`; of a scatter every session."""
    if isinstance(followed, Rows):
        chosen = [] if followed.selected is None else [followed.selected.alias("selected")]
        if followed.selected_previous is not None:
            chosen.append(followed.selected_previous.alias("selected previous"))
        return _frame([*followed.frame.get_columns(), *chosen])
    if isinstance(followed, Cells):
        return _cells(followed)
    return _points(followed, engine, definition)


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


def _points(points: Points, engine: LocalEngine, definition: SessionDefinition) -> pl.DataFrame:
    rows = pl.Series(points.places)
    columns = [engine.sessions(definition, rows)["session_id"]]
    columns += [_values(each).gather(rows) for each in points.axes]
    if points.selected is not None:
        columns.append(pl.Series("selected", points.selected))
    return _frame(columns)


def _bins(each: Dimension, places: np.ndarray) -> list[pl.Series]:
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
        found.append(_typed(said.cast(pl.Float64), bins).gather(places))
    return found


def _values(each: Dimension) -> pl.Series:
    """The value of every session."""
    bins, values = each.bins, pl.Series(each.bins.name, each.values)
    if isinstance(bins, Bins):
        known = pl.Series(each.codes < len(bins.lows))
        return _typed(pl.select(pl.when(known).then(values)).to_series().alias(bins.name), bins)
    names = pl.concat([bins.known.cast(pl.String), pl.Series([None], dtype=pl.String)])
    return names.gather(values.cast(pl.Int64)).alias(bins.name)


def _typed(values: pl.Series, bins: Bins) -> pl.Series:
    """Microseconds as the durations, or the times in the zone that they are shown in, that they are."""
    if bins.kind not in ("duration", "time"):
        return values
    whole = values.round().cast(pl.Int64) if values.dtype.is_float() else values
    if bins.kind == "duration":
        return whole.cast(pl.Duration("us"))
    if bins.zone is None:
        return whole.cast(pl.Datetime("us"))
    return whole.cast(pl.Datetime("us", "UTC")).dt.convert_time_zone(bins.zone)


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

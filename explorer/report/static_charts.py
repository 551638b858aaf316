"""The charts of an analysis that are not brushed: asked of the engine and drawn once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from explorer.charts import theme
from explorer.charts.figure.cells import column_texts, key_texts, writer
from explorer.charts.figure.tick_axis import Numbers
from explorer.charts.kinds.area import merged
from explorer.charts.titles import EVERY, asked_measure, chart_question, without_words
from explorer.charts.titles import asked_title as title
from explorer.crossfilter.bins.funnel_steps import funnel_sentence, sides_sentence, step_names, trend_sentence
from explorer.crossfilter.cards import Card, plain_name
from explorer.crossfilter.formats import change_text, count_short, count_text, duration_text, percent_text
from explorer.crossfilter.selections.selection import Selection
from explorer.engine.coded import Coded
from explorer.engine.engine import Engine
from explorer.errors import ExplorerError
from explorer.report import drawings
from explorer.report.retention import come_back
from explorer.report.tables import Answer, Cell, Table
from explorer.spec.charts.chart import RETURN, Chart, Measure
from explorer.spec.charts.kinds import kind_of
from explorer.spec.charts.periods import period_words
from explorer.spec.session import SessionDefinition

MOST_ROWS, MOST_ACROSS = 500, 31
# How long the step before is ago, in a funnel.
WAITS = {"median_wait": "Median wait", "wait_p25": "A quarter waits at most", "wait_p75": "A quarter waits at least"}


def counted_cells(coded: Coded, shown: Sequence[Card]) -> list[tuple[str, str]]:
    """The pairs of dimensions whose sessions are counted in cells on the page: across, down.

    Cells of what is measured, and of some sessions only, stay as they are.
    """
    return [pair for card in shown if (pair := _pair(coded, card)) is not None]


def _pair(coded: Coded, card: Card) -> tuple[str, str] | None:
    chart, known = card.chart, coded.dimensions
    if not kind_of(chart).counts_pairs or chart.measure != Measure("count") or chart.where is not None:
        return None
    names = [plain_name(name, chart, "") for name in chart.by]
    if len(names) != 2 or not all(name in known and not known[name].per_actor for name in names):
        return None
    across, down = sorted(names, key=lambda name: -len(known[name].bins))
    return (across, down) if len(known[down].bins) <= MOST_ACROSS else None


def cells_answer(coded: Coded, card: Card, zone: str) -> Answer | None:
    """A chart whose cells are counted under the brushes; None where it is none."""
    pair = _pair(coded, card)
    if pair is None:
        return None
    across, down = (coded.dimensions[name] for name in pair)
    counts = coded.cells(*pair)
    most = int(counts.max()) if counts.size else 0
    rows = [
        (label, [(count_text(int(n)) if n else "", round(100 * int(n) / most, 2) if most else 0.0) for n in row])
        for label, row in zip(down.bins.labels, counts, strict=True)
    ]
    question = chart_question(card.chart, zone)
    drawn = {"heads": list(across.bins.labels), "rows": rows, "key": " ".join(pair)}
    return Answer(card.chart.title or title(card.chart), "cells", None, drawn, question)


def with_bars(shown: Iterable[Card]) -> Iterator[Card]:
    """The same with the bars of a funnel before its line over time."""
    for card in shown:
        if card.chart.steps and card.chart.every:
            yield replace(card, chart=card.chart.replace(every=None))
        yield card


def answered(engine: Engine, chart: Chart, definition: SessionDefinition) -> Answer:
    """Ask and draw one chart of all sessions; where it cannot be answered the card says why."""
    if chart.kind == RETURN:
        return come_back(title(chart), lambda: engine.cut(definition).retention(chart))
    return _answer(chart, lambda: engine.query(chart, definition))


def answered_selected(coded: Coded, chart: Chart, selection: Selection) -> Answer:
    """The same of the selected sessions."""
    if chart.kind == RETURN:
        return come_back(title(chart), lambda: coded.retention(chart, selection))
    return _answer(chart, lambda: coded.query(chart, selection))


def _answer(chart: Chart, ask: Callable[[], pl.DataFrame]) -> Answer:
    try:
        frame = ask()
    except ExplorerError as error:
        return Answer(title(chart), "error", note=str(error))
    return _drawn(chart, frame)


def _funnel(chart: Chart, frame: pl.DataFrame) -> Answer:
    """The steps as bars, or beside each other for each value of its dimension."""
    table, reached = _funnel_table(chart, frame), frame["value"].to_list()
    if not chart.by:
        said = funnel_sentence(chart.funnel, reached)
        return Answer(title(chart), "funnel", table, _widths([float(n) for n in reached]), said)
    names, by = step_names(chart.funnel), frame.columns[0]
    heads = key_texts(frame[:: len(names)], by)
    each = [frame[at : at + len(names)] for at in range(0, frame.height, len(names))]
    shares = [[(its["from_previous"][0] or 0.0) * (share or 0.0) for share in its["from_first"]] for its in each]
    rows = [
        (
            f"{at + 1}. {name}",
            [
                (f"{percent_text(share[at])} · {count_text(its['value'][at])}", round(100 * share[at], 2))
                for its, share in zip(each, shares, strict=True)
            ],
        )
        for at, name in enumerate(names)
    ]
    ends = [(head, its["value"][0], its["value"][-1]) for head, its in zip(heads, each, strict=True)]
    said = sides_sentence(by, ends) if len(names) > 1 else ""
    return Answer(title(chart), "heat", table, {"heads": heads, "rows": rows}, said)


@dataclass(frozen=True)
class Found:
    """What the engine answered to a chart, ready to be drawn: `numbers` are the values, `table` all as texts."""

    chart: Chart
    frame: pl.DataFrame
    table: Table
    numbers: list[float | None]
    text: Callable[[float], str]

    @property
    def names(self) -> list[str]:
        """The columns of the groups."""
        return self.frame.columns[: self.frame.columns.index("value")]

    @property
    def long(self) -> bool:
        """Whether the values are durations."""
        return bool(self.frame["value"].dtype == pl.Duration)

    @property
    def before(self) -> str:
        """What the period before is called, where the chart has one."""
        return period_words(self.chart.previous)

    def answer(self, kind: str, drawn: Any = None, *more: str) -> Answer:
        """A card that shows this, with its table behind and what else is to be said."""
        note = " ".join(part for part in (*more, self.table.note) if part)
        return Answer(title(self.chart), kind, self.table, drawn, note)


def _drawn(chart: Chart, frame: pl.DataFrame) -> Answer:
    names = frame.columns[: frame.columns.index("value")]
    values = frame["value"]
    text = percent_text if chart.steps else writer(values.dtype, chart.measure)
    if chart.steps and chart.every is None:
        return _funnel(chart, frame)
    keys = [key_texts(frame, name) for name in names]
    table = _trend_table(chart, names, keys, frame) if chart.steps else _table(chart, names, keys, frame, text)
    if not names:
        return Answer(title(chart), "number", None, table.rows[0][0].text if table.rows else theme.NOTHING)
    numbers = [None if value is None else float(value) for value in values.to_physical()]
    found = Found(chart, frame, table, numbers, text)
    draw = DRAWN.get(chart.kind)
    if draw is None or isinstance(values.dtype, pl.Datetime):
        return found.answer("table")
    return draw(found) or found.answer("table")


def _bars(found: Found) -> Answer:
    """The groups as bars; that of null has none, unless it is asked for."""
    numbers, frame = found.numbers[: len(found.table.rows)], found.frame
    if found.chart.blanks or len(found.names) != 1:
        return found.answer("bars", _widths(numbers))
    blank = frame[found.names[0]].is_null()
    left = without_words(int(frame.filter(blank)["sessions"].sum()) if not blank.all() else 0)
    if not left:
        return found.answer("bars", _widths(numbers))
    kept = [at for at, its in enumerate(blank.head(len(numbers))) if not its]
    table = replace(found.table, rows=[found.table.rows[at] for at in kept])
    return replace(found, table=table).answer("bars", _widths([numbers[at] for at in kept]), f"{left}.")


def _columns(found: Found) -> Answer | None:
    if len(found.names) != 1:
        return None
    name, frame, numbers = found.names[0], found.frame, found.numbers
    known = frame.filter(pl.col(name).is_not_null()).height  # the group of null is the last
    lows = key_texts(frame.select(name), name)[:known]
    left = f"{found.text(numbers[known] or 0)} without a value are in the table." if known < frame.height else ""
    return found.answer("plane", drawings.columns_of(lows, numbers[:known], found.text, found.long), left)


def _lines(found: Found) -> Answer:
    times, series = _series(found.frame, found.names, found.numbers)
    if len(series) > len(theme.PALETTE):
        return found.answer("table", None, f"{len(series)} lines would hide each other.")
    before = [(f"{name}, {found.before}".removeprefix(", "), values) for name, values in _series_before(found)]
    if before and len(series) == 1:
        series = [(series[0][0] or asked_measure(found.chart.measure), series[0][1])]
    return found.answer("plane", drawings.lines_over(times, series, found.text, found.long, before))


def _trend(found: Found) -> Answer:
    """A funnel over time, with what it comes to in words where there is a single line."""
    drawn, every = _lines(found), found.chart.every or ""
    if len(found.names) > 1:
        return drawn
    counts = zip(
        key_texts(found.frame, "start"), found.frame[found.chart.funnel.things], found.frame["reached"], strict=True
    )
    said = trend_sentence(EVERY.get(every, every), list(counts), found.chart.funnel.things)
    return replace(drawn, note=" ".join(filter(None, (said, drawn.note))))


def _series_before(found: Found) -> list[tuple[str, Numbers]]:
    """The values of the period before, for each group in the order of the groups."""
    if not found.chart.previous:
        return []
    values = [None if value is None else float(value) for value in found.frame["previous"].to_physical()]
    return _series(found.frame, found.names, values)[1]


def _areas(found: Found) -> Answer:
    times, series = _series(found.frame, found.names, found.numbers)
    said = f"{found.before.capitalize()} is in the table." if found.chart.previous else ""
    return found.answer("plane", drawings.areas_over(times, merged(series), found.text, found.long), said)


def _heat_map(found: Found) -> Answer | None:
    heat = _heat(found.frame, found.names, found.numbers, found.text) if len(found.names) == 2 else None
    return found.answer("heat", heat) if heat else None


# How the report draws a kind of chart; what is not here, or cannot be drawn, is a table.
DRAWN: dict[str, Callable[[Found], Answer | None]] = {
    "bar": _bars,
    "distribution": _columns,
    "line": _lines,
    "funnel": _trend,
    "area": _areas,
    "heatmap": _heat_map,
}


def _table(
    chart: Chart, names: list[str], keys: list[list[str]], frame: pl.DataFrame, text: Callable[[float], str]
) -> Table:
    few = frame.head(MOST_ROWS)
    physical: list[Any] = few["value"].to_physical().to_list()
    timed = isinstance(few["value"].dtype, pl.Datetime)
    written = column_texts(few["value"], None) if timed else ["" if v is None else text(v) for v in physical]
    columns = [
        *([_cell(said, order) for said, order in zip(each, _order(few[name]), strict=False)] for name, each in
          zip(names, keys, strict=True)),
        [Cell(said, order) for said, order in zip(written, physical, strict=True)],
        *_cells_before(chart, few, text),
        *([] if chart.measure.aggregate == "count" else [[Cell(count_text(n), n) for n in few["sessions"]]]),
    ]  # fmt: skip
    measure = "Sessions" if chart.measure == Measure("count") else str(chart.measure)
    headings = [*((name, False) for name in names), (measure, True)]
    if chart.previous:
        headings += [(period_words(chart.previous), True), ("change", True)]
    if chart.measure.aggregate != "count":
        headings.append(("Sessions", True))
    return Table(title(chart), headings, [list(row) for row in zip(*columns, strict=True)], _cut_short(frame))


def _trend_table(chart: Chart, names: list[str], keys: list[list[str]], frame: pl.DataFrame) -> Table:
    few = frame.head(MOST_ROWS)
    columns = [
        *([_cell(said, order) for said, order in zip(each, _order(few[name]), strict=False)] for name, each in
          zip(names, keys, strict=True)),
        [Cell(percent_text(share), share) for share in few["value"]],
        *([Cell(count_text(n), n) for n in few[name]] for name in (chart.funnel.things, "reached")),
    ]  # fmt: skip
    headings = [*((name, False) for name in names), ("Share", True), ("Begin", True), ("Reach the last step", True)]
    return Table(title(chart), headings, [list(row) for row in zip(*columns, strict=True)], _cut_short(frame))


def _cut_short(frame: pl.DataFrame) -> str:
    if frame.height <= MOST_ROWS:
        return ""
    return f"The first {MOST_ROWS} of {count_text(frame.height)} rows; the code below gives all."


def _cells_before(chart: Chart, frame: pl.DataFrame, text: Callable[[float], str]) -> list[list[Cell]]:
    """The columns of the period before, where the chart has one: the values, and how much they changed."""
    if not chart.previous:
        return []
    values, before = (frame[name].to_physical().to_list() for name in ("value", "previous"))
    changes = [change_text(*both) for both in zip(values, before, strict=True)]
    orders = [a / b - 1 if a is not None and b else None for a, b in zip(values, before, strict=True)]
    return [
        [Cell("" if each is None else text(each), each) for each in before],
        [Cell(said, order) for said, order in zip(changes, orders, strict=True)],
    ]


def _funnel_table(chart: Chart, frame: pl.DataFrame) -> Table:
    things = chart.funnel.things.capitalize()
    headings = [("Step", False), (things, True), ("Of the step before", True), ("Of the first", True)]
    names = step_names(chart.funnel)
    by = frame.columns[0] if chart.by else ""
    heads = key_texts(frame, by) if by else []
    every = zip(frame.to_dicts(), *(frame[name].to_physical() for name in WAITS), strict=True)
    rows = [
        [
            *([Cell(heads[at], at)] if by else []),
            Cell(f"{at % len(names) + 1}. {names[at % len(names)]}", at % len(names)),
            Cell(count_text(row["value"]), row["value"]),
            Cell(percent_text(row["from_previous"]), row["from_previous"]),
            Cell(percent_text(row["from_first"]), row["from_first"]),
            *(Cell(duration_text(us), us) for us in waits),
        ]
        for at, (row, *waits) in enumerate(every)
    ]
    headings = [*([(by, False)] if by else []), *headings]
    return Table(title(chart), [*headings, *((said, True) for said in WAITS.values())], rows)


def _cell(text: str, order: Any) -> Cell:
    return Cell(text, order if isinstance(order, int | float) else None)


def _order(values: pl.Series) -> list[Any]:
    number = values.dtype.is_numeric() or values.dtype.is_temporal() or isinstance(values.dtype, pl.Enum)
    return values.to_physical().to_list() if number else [None] * len(values)


def _widths(numbers: list[float | None]) -> list[float]:
    most = max([abs(number) for number in numbers if number is not None], default=0.0)
    return [round(100 * abs(number or 0) / most, 2) if most else 0.0 for number in numbers]


def _series(
    frame: pl.DataFrame, names: list[str], numbers: list[float | None]
) -> tuple[pl.Series, list[tuple[str, Numbers]]]:
    """The times in order, and for each group its value at every time; those with most sessions first."""
    times = frame[names[0]].unique().drop_nulls().sort()
    at = {time: place for place, time in enumerate(times)}
    keys = [key_texts(frame, name) for name in names[1:]]
    found: dict[str, list[float | None]] = {}
    size: dict[str, int] = {}
    for place, (time, value, sessions) in enumerate(
        zip(frame[names[0]], numbers, frame[frame.columns[len(names) + 1]], strict=True)
    ):
        name = " · ".join(key[place] for key in keys)
        if time is not None:
            found.setdefault(name, [None] * len(times))[at[time]] = value
            size[name] = size.get(name, 0) + sessions
    return times, [(name, found[name]) for name in sorted(found, key=lambda name: -size[name])]


def _heat(
    frame: pl.DataFrame, names: list[str], numbers: list[float | None], text: Callable[[float], str]
) -> dict[str, Any] | None:
    """Rows and columns of (text, percent of the highest); the dimension with more values goes across."""
    short = count_short if frame["value"].dtype.is_integer() else text
    keys = [key_texts(frame, name) for name in names]
    orders = [_ordered(frame, name, key) for name, key in zip(names, keys, strict=True)]
    if len(orders[0]) > len(orders[1]):
        keys, orders = keys[::-1], orders[::-1]
    if max(map(len, orders)) > MOST_ACROSS:
        return None
    places = zip(*keys, strict=True)
    cells = {
        place: (theme.NOTHING if number is None else short(number), width)
        for place, number, width in zip(places, numbers, _widths(numbers), strict=True)
    }
    rows, heads = orders
    return {"heads": heads, "rows": [(row, [cells.get((row, head), ("", 0.0)) for head in heads]) for row in rows]}


def _ordered(frame: pl.DataFrame, name: str, key: list[str]) -> list[str]:
    """The different texts of a dimension: numbers and times in order, names with most sessions first."""
    groups = pl.DataFrame({"text": key, "sessions": frame["sessions"], "at": frame[name]})
    found = groups.group_by("text").agg(pl.col("sessions").sum(), pl.col("at").first())
    named = isinstance(frame[name].dtype, pl.String | pl.Categorical | pl.Boolean)
    by = found.sort("sessions", "text", descending=[True, False]) if named else found.sort("at", nulls_last=True)
    return by["text"].to_list()

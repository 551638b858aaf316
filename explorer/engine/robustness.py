"""How much the choice of inactivity matters: the same questions at many inactivities, asked of any engine."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from explorer.crossfilter.key_numbers import KEY_NUMBERS
from explorer.crossfilter.selections.selection import Selection
from explorer.engine.answers.robustness import Robustness, Tried, Value, lengths_around
from explorer.engine.cut import Cut
from explorer.engine.engine import Engine
from explorer.engine.stopping import go_on
from explorer.errors import SpecError
from explorer.plan.literal import type_word
from explorer.spec.charts.chart import Chart
from explorer.spec.charts.kinds import kind_of
from explorer.spec.charts.measure import Measure
from explorer.spec.duration import Duration, DurationLike
from explorer.spec.session import BUILT_IN, SessionDefinition

# How key numbers are written; the others are counts.
KINDS = {"duration": "duration", "single": "share", "time_in_session": "duration", "mean": "number"}
# Distributions of these say what key numbers say, or nothing.
SAID = ("duration", "event_count", "time_in_session", *BUILT_IN[:4])
# Bytes of what is found out of a few inactivities, before the first of them are forgotten.
ASIDE = 1_500_000_000


@dataclass(frozen=True)
class Question:
    """What is asked at every inactivity besides the key numbers: `of` finds what a chart says of a cut."""

    name: str
    kind: str
    chart: Chart
    of: Callable[[Cut, Chart], Value]


def robustness(
    engine: Engine, definition: SessionDefinition, charts: Iterable[Chart] = (), lengths: Iterable[DurationLike] = ()
) -> Iterator[Robustness]:
    """What the page says at many inactivities, more of it each time: the definition's own first and those near it
    before others, key numbers before the rest. Raises SpecError for a definition that cannot be cut, and after the key
    numbers for metrics that cannot be computed.

    >>> from explorer import connect
    >>> times = ["2024-03-01 10:00", "2024-03-01 10:20", "2024-03-01 11:10"]
    >>> log = connect(pl.DataFrame({"user": "a", "ts": times}))
    >>> *_, found = robustness(log, SessionDefinition("visit", "30m"))
    >>> [str(each) for each in found.rows[0].holds(found.now)]
    ['20m', '40m']
    """
    said = {Duration.parse(length) for length in lengths} or {*lengths_around(definition.inactivity)}
    tried = tuple(sorted({*said, definition.inactivity}, key=lambda length: length.us))
    order = sorted(tried, key=lambda length: _apart(length, definition.inactivity))
    apart, charts = engine.aside(ASIDE), tuple(charts)
    both = bool(definition.metrics) or any(chart.session == definition.name for chart in charts)
    found = Robustness(definition.inactivity, tried, steps=len(tried) * (2 if both else 1))
    rows = {row.name: Tried(row.name, KINDS.get(row.name, "count")) for row in KEY_NUMBERS}
    for length in order:
        go_on()
        numbers = apart.compared(definition.replace(inactivity=length)).numbers
        for row in KEY_NUMBERS:
            rows[row.name] = _with(rows[row.name], length, getattr(numbers, row.field))
        found = replace(found, rows=tuple(rows.values()), done=found.done + 1)
        yield found
    if not both:
        return
    questions, left_out = asked(apart, definition, charts)
    rows |= {each.name: Tried(each.name, each.kind, each.chart) for each in questions}
    found = replace(found, left_out=left_out)
    if not questions:
        yield replace(found, steps=found.done)
    for length in order if questions else ():
        cut = apart.cut(definition.replace(inactivity=length))
        for each in questions:
            go_on()
            rows[each.name] = _with(rows[each.name], length, each.of(cut, each.chart))
        found = replace(found, rows=tuple(rows.values()), done=found.done + 1)
        yield found


def asked(
    engine: Engine, definition: SessionDefinition, charts: Iterable[Chart]
) -> tuple[list[Question], tuple[Chart, ...]]:
    """What is asked of the metrics and of charts, and the charts that say nothing that could be followed."""
    theirs = [(at, chart) for at, chart in enumerate(charts) if chart.session == definition.name]
    if not theirs and not definition.metrics:
        return [], ()
    cut = engine.cut(definition)
    schema = cut.session_schema()
    if any(chart.kind == "distribution" and chart.column not in (*schema, *SAID) for _, chart in theirs):
        schema = cut.keep_schema()
    found = [each for metric in definition.metrics if (each := _of_metric(metric.name, schema, definition.name))]
    left_out: list[Chart] = []
    for at, chart in theirs:
        if chart.kind == "distribution" and chart.column in SAID:
            continue
        question = _of_chart(f"chart {at + 1}", chart, schema)
        if question is not None:
            try:
                question.of(cut, question.chart)
            except SpecError:  # the page says so where the chart stands
                question = None
        if question is None:
            left_out.append(chart)
        elif all(each.chart != question.chart for each in found):
            found.append(question)
    return found, tuple(left_out)


def _of_metric(name: str, schema: Mapping[str, pl.DataType], session: str) -> Question | None:
    """A metric over all sessions: its mean, or the share of sessions where it is true; None for texts and times."""
    kind = {"number": "number", "duration": "duration", "truth value": "share"}.get(type_word(schema[name]))
    if kind is None:
        return None
    measure = Measure("share" if kind == "share" else "mean", name)
    return Question(str(measure), kind, Chart("number", session, measure=measure), _only)


def _of_chart(name: str, chart: Chart, schema: Mapping[str, pl.DataType]) -> Question | None:
    plain, along = chart.replace(title=None, size=None, top=None), kind_of(chart)
    match chart.kind:
        case "funnel":
            # Of all together, where it is drawn side by side or over time.
            whole = plain.replace(by=None, every=None, over=None, previous=None)
            return Question(name, "share", whole, _converted) if len(chart.funnel) > 1 else None
        case "return":
            return Question(name, "share", plain, _returning)
        case "paths":
            return Question(name, "finding", plain, _path)
        case "number":
            return Question(name, "number", plain, _only)
        case "distribution" if type_word(schema.get(chart.column, pl.String())) in ("number", "duration"):
            measure = Measure("median", chart.column)
            return Question(name, "number", Chart("number", chart.session, measure=measure, where=chart.where), _only)
        case "distribution":
            return Question(name, "finding", plain, _highest)
        case "scatter":
            return None
    return Question(name, "finding", plain, _highest) if chart.by or along.over_time else None


def _only(cut: Cut, chart: Chart) -> Value:
    """The value of a chart of one number."""
    frame = cut.query(chart)
    return _plain(frame["value"]) if frame.height else None


def _converted(cut: Cut, chart: Chart) -> Value:
    """The share of those that reach a funnel's first step that reach its last."""
    values = cut.query(chart)["value"]
    return float(values[-1] / values[0]) if values[0] else None


def _returning(cut: Cut, chart: Chart) -> Value:
    """The share of actors that comes back, of those who could be seen so long: the first share that is counted."""
    everybody = cut.retention(chart).total
    return everybody.share(0) if len(everybody.seen) else None


def _path(cut: Cut, chart: Chart) -> Value:
    """The most frequent whole path."""
    found = cut.coded({}).paths(chart.route, Selection(), 1)
    return (found.path_text(found.whole[0]),) if found.whole else None


def _highest(cut: Cut, chart: Chart) -> Value:
    """The group with the highest value; of several the one that comes first."""
    frame = cut.query(chart)
    names = frame.columns[: frame.columns.index("value")]
    told = frame.filter(pl.col("value").is_not_null())
    if not told.height:
        return None
    at = told["value"].to_physical().cast(pl.Float64).arg_max() or 0
    return tuple(told.select(names).row(at))


def _plain(values: pl.Series) -> Value:
    """The first value as a number, durations in microseconds."""
    value = values.dt.total_microseconds()[0] if isinstance(values.dtype, pl.Duration) else values[0]
    return None if value is None else float(value)


def _with(row: Tried, length: Duration, value: Any) -> Tried:
    said = float(value) if isinstance(value, int | float) else value
    return replace(row, values={**row.values, length.us: said})


def _apart(one: Duration, other: Duration) -> float:
    """How far apart two lengths are, as people feel it."""
    low, high = sorted((max(1, one.us), max(1, other.us)))
    return high / low

"""The fields that change a chart: which there are for its kind, and the chart that a change of one makes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from explorer.charts.titles import EVERY, chart_title
from explorer.spec.aggregates import AGGREGATES
from explorer.spec.charts.chart import ALONE, Chart, Measure

Options = list[tuple[str, list[tuple[str, str]]]]

KINDS = {
    "distribution": "Distribution",
    "bar": "Bars",
    "line": "Line over time",
    "heatmap": "Heat map",
    "scatter": "Scatter",
    "number": "Number",
    "table": "Table",
}
MEASURES = {row.name: row.measure_label for row in AGGREGATES.values() if row.measure_label}
SCALES = {"": "Automatic", "linear": "Linear", "log": "Logarithmic", "quantile": "Equally many sessions"}


@dataclass(frozen=True)
class Choices:
    """What charts of a definition can be of: groups of (name, text) for dimensions, and for what can be measured."""

    dimensions: Options
    numbers: Options

    @property
    def some_number(self) -> str:
        """The first that can be measured."""
        return self.numbers[0][1][0][0]


def fields(chart: Chart, choices: Choices) -> list[dict[str, Any]]:
    """The fields of a chart, in order, with their values now."""
    found = [_select("kind", "Show as", chart.kind, _plain(KINDS))]
    match chart.kind:
        case "distribution":
            found += [
                _select("of", "Of", chart.of or "", choices.dimensions),
                _select("scale", "Bins", chart.scale or "", _plain(SCALES)),
                _text("bin", "Width of bins", chart.bin or "", hint="automatic"),
                {"name": "cumulative", "label": "Cumulative", "kind": "check", "value": chart.cumulative},
            ]
        case "scatter":
            x, y = (*chart.by, "", "")[:2]
            found += [_select("x", "Across", x, choices.numbers), _select("y", "Up", y, choices.numbers)]
        case _:
            found += _measure(chart, choices)
    if chart.kind in ("line", "table"):
        steps = ({} if chart.kind == "line" else {"": "No time"}) | {each: f"Per {EVERY[each]}" for each in EVERY}
        found.append(_select("every", "Step", chart.every or "", _plain({"": "Automatic"} | steps)))
    if chart.kind in ("bar", "heatmap", "line", "table"):
        nothing: Options = [("", [("", "Nothing")])] if chart.kind in ("line", "table") else []
        found.append(_select("x", "Split by" if nothing else "By", (*chart.by, "")[0], nothing + choices.dimensions))
    if chart.kind == "heatmap" or (chart.kind == "table" and chart.by):
        nothing = [("", [("", "Nothing")])] if chart.kind == "table" else []
        found.append(_select("y", "And by", (*chart.by, "", "")[1], nothing + choices.dimensions))
    if chart.by or chart.kind == "distribution":
        found.append(_text("top", "Most values", str(chart.top or ""), hint="automatic"))
    found.append(_text("where", "Only sessions where", str(chart.where or ""), hint="all; for example duration > '1m'"))
    found.append(_text("title", "Title", chart.title or "", hint="automatic"))
    return found


def changed(chart: Chart, name: str, value: Any, choices: Choices) -> Chart:
    """The chart with another value in one field; raises SpecError where it does not fit."""
    match name:
        case "kind":
            return _as_kind(chart, value, choices)
        case "aggregate":
            of = chart.measure.of or choices.some_number
            return chart.replace(measure=Measure.parse(value if value in ALONE else f"{value} {of}"))
        case "measured":
            return chart.replace(measure=Measure.parse(f"{chart.measure.aggregate} {value}"))
        case "x":
            return chart.replace(by=tuple(each for each in (value, *chart.by[1:]) if each))
        case "y":
            return chart.replace(by=tuple(each for each in (*chart.by[:1], value) if each))
    return chart.replace(**{name: value if value != "" else None})


def _as_kind(chart: Chart, kind: str, choices: Choices) -> Chart:
    """Another kind of chart of about the same."""
    session, measure, where = chart.session, chart.measure, chart.where
    by: Sequence[str] = chart.by or ((chart.of,) if chart.of else ())
    first = choices.dimensions[0][1][0][0]
    match kind:
        case "distribution":
            of = chart.of or measure.of or next(iter(by), first)
            return Chart(kind, session, of=of, where=where, title=chart.title, size=chart.size)
        case "scatter":
            numbers = [name for _, names in choices.numbers for name, _ in names]
            chosen = [name for name in (*by, measure.of) if name in numbers]
            x, y = [*dict.fromkeys([*chosen, *numbers])][:2]
            return Chart(kind, session, by=(x, y), where=where, title=chart.title, size=chart.size)
        case "heatmap":
            by = by if len(by) == 2 else ("hour of start", "weekday of start")
        case "bar":
            by = by[:1] or (first,)
        case "line":
            by = by[:1] if by and chart.kind in ("bar", "heatmap", "table") else ()
        case "number":
            by = ()
    every = (chart.every or "1d") if kind == "line" else None
    return Chart(
        kind, session, measure=measure, by=tuple(by), every=every, where=where, top=chart.top,
        title=chart.title, size=chart.size,
    )  # fmt: skip


def _measure(chart: Chart, choices: Choices) -> list[dict[str, Any]]:
    aggregate = chart.measure.aggregate
    known = MEASURES if aggregate in MEASURES else MEASURES | {aggregate: chart_title(aggregate)}
    found = [_select("aggregate", "Measure", aggregate, _plain(known))]
    if aggregate not in ALONE:
        of = chart.measure.of or ""
        offered = choices.dimensions if aggregate == "share" else choices.numbers
        other: Options = [] if any(of == name for _, names in offered for name, _ in names) else [("", [(of, of)])]
        found.append(_select("measured", "Of", of, other + offered))
    return found


def _plain(named: dict[str, str]) -> Options:
    return [("", list(named.items()))]


def _select(name: str, label: str, value: str, options: Options) -> dict[str, Any]:
    known = any(value == each for _, names in options for each, _ in names)
    return {
        "name": name,
        "label": label,
        "kind": "select",
        "value": value,
        "options": options if known else [("", [(value, value or "Choose")]), *options],
    }


def _text(name: str, label: str, value: str, hint: str = "") -> dict[str, Any]:
    return {"name": name, "label": label, "kind": "text", "value": value, "hint": hint}

"""The fields that change a chart: which there are for its kind, and the chart that a change of one makes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from explorer.charts.titles import EVERY, chart_title
from explorer.spec.aggregates import AGGREGATES
from explorer.spec.charts.chart import Chart, Measure
from explorer.spec.charts.kind import Offers
from explorer.spec.charts.kinds import KINDS, kind_of
from explorer.spec.charts.measure import ALONE, FORMULA
from explorer.spec.charts.periods import PERIODS, Length
from explorer.spec.session import BESIDES

Options = list[tuple[str, list[tuple[str, str]]]]

MEASURES = {row.name: row.measure_label for row in AGGREGATES.values() if row.measure_label}
SCALES = {"": "Automatic", "linear": "Linear", "log": "Logarithmic", "quantile": "Equally many sessions"}


@dataclass(frozen=True)
class Choices:
    """What charts of a definition can be of: groups of (name, text) for dimensions, and for what can be measured.

    `lengths` are the names of metrics that are durations or times, which have no shares.
    """

    dimensions: Options
    numbers: Options
    lengths: tuple[str, ...] = ()

    @property
    def some_number(self) -> str:
        """The first that can be measured."""
        return self.numbers[0][1][0][0]

    @property
    def offers(self) -> Offers:
        """The same as plain names."""
        return Offers(*([name for _, names in each for name, _ in names] for each in (self.dimensions, self.numbers)))


def fields(chart: Chart, choices: Choices) -> list[dict[str, Any]]:
    """The fields of a chart, in order, with their values now."""
    kinds = {kind.name: kind.label for kind in KINDS.values() if kind.has_card}
    found = [_select("kind", "Show as", chart.kind, _plain(kinds))]
    for row in kind_of(chart).form:
        found += ROWS[row](chart, choices)
    if chart.by or kind_of(chart).along == "of":
        found.append(_text("top", "Top values", str(chart.top or ""), hint="automatic"))
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
            if value == FORMULA:
                return chart.replace(measure=Measure.parse(f"{_summed(chart.measure, choices)} / actors"))
            if chart.measure.formula is not None:
                of = choices.some_number
            if value == "share" and not any(of == name for _, names in _without_lengths(choices) for name, _ in names):
                return chart.replace(measure=Measure.parse(value))
            return chart.replace(measure=Measure.parse(value if value in ALONE else f"{value} {of}"))
        case "formula":
            return chart.replace(measure=Measure.parse(value))
        case "measured":
            return chart.replace(measure=Measure.parse(f"{chart.measure.aggregate} {value}"))
        case "x":
            return chart.replace(by=tuple(each for each in (value, *chart.by[1:]) if each))
        case "y":
            return chart.replace(by=tuple(each for each in (*chart.by[:1], value) if each))
    return chart.replace(**{name: value if value != "" else None})


def _summed(measure: Measure, choices: Choices) -> str:
    """The measure that a formula begins with."""
    return str(measure) if measure.aggregate != "actors" else f"sum {choices.some_number}"


def _as_kind(chart: Chart, kind: str, choices: Choices) -> Chart:
    """Another kind of chart of about the same."""
    fields = KINDS[kind].becoming(chart, choices.offers)
    return Chart(kind, chart.session, where=chart.where, title=chart.title, size=chart.size, **fields)


def _measure(chart: Chart, choices: Choices) -> list[dict[str, Any]]:
    aggregate = chart.measure.aggregate
    known = MEASURES if aggregate in MEASURES else MEASURES | {aggregate: chart_title(aggregate)}
    known = known | {FORMULA: "Formula"}
    found = [_select("aggregate", "Measure", aggregate, _plain(known))]
    if aggregate == FORMULA:
        found.append(_text("formula", "Formula", str(chart.measure), hint="sum revenue / count"))
    elif aggregate not in ALONE:
        of = chart.measure.of or ""
        # The share of a duration would be that of those above 0, which nobody asks for.
        offered = _without_lengths(choices) if aggregate == "share" else choices.numbers
        other: Options = [] if any(of == name for _, names in offered for name, _ in names) else [("", [(of, of)])]
        found.append(_select("measured", "Of", of, other + offered))
    return found


def _without_lengths(choices: Choices) -> Options:
    lengths = ("duration", "start", "time_in_session", *BESIDES, *choices.lengths)
    left = [(title, [each for each in names if each[0] not in lengths]) for title, names in choices.dimensions]
    return [(title, names) for title, names in left if names]


def _every(chart: Chart, none: dict[str, str]) -> dict[str, Any]:
    steps = none | {each: f"Per {EVERY[each]}" for each in EVERY}
    return _select("every", "Step", chart.every or "", _plain({"": "Automatic"} | steps))


def _over(chart: Chart) -> list[dict[str, Any]]:
    """The windows that a chart over time can slide, as long as it is over time."""
    if not kind_of(chart).goes_over_time(chart):
        return []
    step = Length.parse(chart.every or "1m")
    offered = {
        window: f"Over {text}"
        for window, text in WINDOWS.items()
        if Length.parse(window) != step and Length.parse(window).holds(chart.every or "1m")
    }
    return [_select("over", "Sliding window", chart.over or "", _plain({"": "none"} | offered))]


def _previous(chart: Chart) -> list[dict[str, Any]]:
    """The periods before that line up with the steps."""
    if not kind_of(chart).goes_over_time(chart):
        return []
    fitting = {
        row.name: row.label
        for row in PERIODS.values()
        if not row.length or chart.every is None or Length.parse(row.length).holds(chart.every)
    }
    return [_select("previous", "Compare with", chart.previous or "", _plain({"": "none"} | fitting))]


def _by(name: str, label: str, at: int, chart: Chart, offered: Options, *, optional: bool = False) -> dict[str, Any]:
    nothing: Options = [("", [("", "none")])] if optional else []
    return _select(name, label, (*chart.by, "", "")[at], nothing + offered)


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


# The windows that are offered; any other can be typed in the document.
WINDOWS = {
    "1h": "1 hour", "24h": "24 hours", "7d": "7 days", "14d": "14 days", "28d": "28 days", "30d": "30 days",
    "90d": "90 days", "3mo": "3 months", "1y": "a year",
}  # fmt: skip
# The rows of a form, by their names in `ChartKind.form`.
ROWS: dict[str, Callable[[Chart, Choices], list[dict[str, Any]]]] = {
    "measure": _measure,
    "of": lambda chart, choices: [_select("of", "Of", chart.of or "", choices.dimensions)],
    "scale": lambda chart, _: [_select("scale", "Bins", chart.scale or "", _plain(SCALES))],
    "bin": lambda chart, _: [_text("bin", "Bin width", chart.bin or "", hint="automatic")],
    "cumulative": lambda chart, _: [
        {"name": "cumulative", "label": "Cumulative", "kind": "check", "value": chart.cumulative}
    ],
    "every": lambda chart, _: [_every(chart, {})],
    "every or none": lambda chart, _: [_every(chart, {"": "not over time"})],
    "over": lambda chart, _: _over(chart),
    "previous": lambda chart, _: _previous(chart),
    "by": lambda chart, choices: [_by("x", "By", 0, chart, choices.dimensions)],
    "and by": lambda chart, choices: [_by("y", "And by", 1, chart, choices.dimensions)],
    "split": lambda chart, choices: [_by("x", "Split by", 0, chart, choices.dimensions, optional=True)],
    "and split": lambda chart, choices: (
        [_by("y", "And by", 1, chart, choices.dimensions, optional=True)] if chart.by else []
    ),
    "across": lambda chart, choices: [_by("x", "X axis", 0, chart, choices.numbers)],
    "up": lambda chart, choices: [_by("y", "Y axis", 1, chart, choices.numbers)],
}

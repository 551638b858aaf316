"""Who comes back, in the report: the curve of all actors, the grid, who is new and who stays away."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from explorer.charts.figure.moments import Moment
from explorer.charts.figure.tick_axis import axis
from explorer.charts.retention_texts import (
    METHOD,
    NOT_YET,
    STATE_WORDS,
    activity_sentence,
    cell_text,
    heads_of,
    nobody_first,
    parts_note,
    rows_title,
)
from explorer.charts.theme import SELECTED
from explorer.crossfilter.formats import NOTHING, count_text, percent_text
from explorer.engine.answers.retention import STATES, Activity, Retention, Row
from explorer.errors import ExplorerError
from explorer.report.drawings import Line, Plane, annotated, lines_over
from explorer.report.tables import Answer, Cell, Table


def come_back(title: str, ask: Callable[[], Retention]) -> Answer:
    """The card; where it cannot be answered it says why."""
    try:
        found = ask()
    except ExplorerError as error:
        return Answer(title, "error", note=str(error))
    return Answer(title, "retention", _table(title, found), _drawn(found), found.sentence)


def _drawn(found: Retention) -> dict[str, Any]:
    step = found.step
    heads = ["Actors", *heads_of(found)]
    shown = [*(row for row in found.rows if row.actors), found.total]
    active = " ".join(filter(None, (activity_sentence(found.activity, step), parts_note(found.activity, step))))
    return {
        "grid": {"heads": heads, "rows": [_row(row, found) for row in shown]},
        "curve": _curve(found),
        "caution": " ".join(filter(None, (found.caution, nobody_first(found)))),
        "method": METHOD,
        "states": [(STATE_WORDS[state][0], STATE_WORDS[state][2]) for state in STATES],
        "over_time": _over_time(found.activity),
        "activity": _activity(found.activity),
        "active": active,
        "between": found.between.sentence,
    }


def _row(row: Row, found: Retention) -> tuple[str, list[tuple[str, float | None]]]:
    cells: list[tuple[str, float | None]] = [(count_text(row.actors), 0.0)]
    for at in range(len(found.names)):
        share = row.share(at)
        cells.append((NOT_YET, None) if share is None else (cell_text(row, at), round(100 * share, 2)))
    return row.label, cells


def _curve(found: Retention) -> Plane | None:
    """The share of all actors and its interval, return by return."""
    total, n = found.total, len(found.names)
    if n < 2:
        return None
    shares, ends = [total.share(at) for at in range(n)], [total.interval(at) for at in range(n)]
    highest = max((interval.high for interval in ends if interval), default=1.0)
    ticks, low, high = axis([0.0, highest], percent_text, False)

    def line(name: str, color: str, values: list[float | None]) -> Line:
        points = [
            f"{1000 * (at + 0.5) / n:.1f},{1000 * (high - value) / (high - low):.1f}"
            for at, value in enumerate(values)
            if value is not None
        ]
        return Line(name, color, [" ".join(points if len(points) > 1 else points * 2)], name != "All actors")

    lines = [
        line("All actors", SELECTED, shares),
        line("95 % interval, from", SELECTED, [interval.low if interval else None for interval in ends]),
        line("to", SELECTED, [interval.high if interval else None for interval in ends]),
    ]
    labels, each = heads_of(found), -(-n // 8)
    return Plane([((at + 0.5) / n, labels[at]) for at in range(0, n, each)], ticks, lines, [])


def _over_time(found: Activity) -> Plane | None:
    """How many actors are what in each step of time that the source holds all of, a line for each: in a part of a step
    fewer come, and nobody has stayed away yet."""
    if found.whole.sum() < 2:
        return None
    series: list[tuple[str, Sequence[float | None]]] = [
        (
            STATE_WORDS[state][0],
            [float(count) if whole else None for count, whole in zip(found.of(state), found.whole, strict=True)],
        )
        for state in STATES
    ]
    drawn = lines_over(found.at, series, lambda value: count_text(round(value)), False)
    colors = [STATE_WORDS[state][2] for state in STATES]
    return replace(drawn, lines=[replace(line, color=color) for line, color in zip(drawn.lines, colors, strict=True)])


def noted(answer: Answer, notes: Sequence[Moment]) -> Answer:
    """The card with notes on moments of time in its actors over time."""
    if not isinstance(answer.drawn, dict) or answer.drawn.get("over_time") is None:
        return answer
    drawn, outside = annotated(answer.drawn["over_time"], notes)
    active = " ".join(filter(None, (answer.drawn["active"], outside and f"{outside}.")))
    return replace(answer, drawn=answer.drawn | {"over_time": drawn, "active": active})


def _activity(found: Activity) -> list[tuple[str, list[tuple[str, float]]]]:
    counts = [found.of(state) for state in STATES]
    most = max((int(its.max(initial=0)) for its in counts), default=0) or 1
    return [
        (
            label if found.whole[at] else f"{label}, in parts",
            [(count_text(int(its[at])), round(100 * int(its[at]) / most, 2)) for its in counts],
        )
        for at, label in enumerate(found.labels)
    ]


def _table(title: str, found: Retention) -> Table:
    headings = [(rows_title(found), False), ("Return", True), ("Share", True), ("From", True), ("To", True)]
    headings += [("Came back", True), ("Of actors", True)]
    heads = heads_of(found)
    rows = []
    for place, row in enumerate((*found.rows, found.total)):
        for at, head in enumerate(heads):
            interval = row.interval(at)
            low, high = (interval.low, interval.high) if interval else (None, None)
            rows.append(
                [
                    Cell(row.label, place), Cell(head, at), Cell(percent_text(row.share(at)), row.share(at)),
                    Cell(percent_text(low) if interval else NOTHING, low),
                    Cell(percent_text(high) if interval else NOTHING, high),
                    Cell(count_text(int(row.back[at])), int(row.back[at])),
                    Cell(count_text(int(row.seen[at])), int(row.seen[at])),
                ]
            )  # fmt: skip
    return Table(title, headings, rows)

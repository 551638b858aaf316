"""The paths of sessions as a picture of nodes and ribbons that needs no script."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup, escape

from explorer.charts.figure.ticks import shortened
from explorer.charts.theme import GHOST, PALETTE
from explorer.charts.titles import asked_title
from explorer.crossfilter.formats import count_text, many, percent_text
from explorer.crossfilter.selections.range_text import value_label
from explorer.crossfilter.selections.selection import Selection
from explorer.engine.answers.sequences.paths import Paths, others_text
from explorer.engine.coded import Coded
from explorer.errors import ExplorerError
from explorer.report.tables import Answer, Cell, Table
from explorer.spec.charts.chart import Chart

APART, HEIGHT, GAP, THICK, TOP, LETTERS = 240, 320, 15, 10, 22, 22


@dataclass
class Node:
    """Where a group stands: its top, how high it is, and how far its ribbons fill it on either side."""

    label: str
    share: str
    color: str
    top: float
    high: float
    left: float = 0.0
    right: float = 0.0


def paths_answer(coded: Coded, chart: Chart, selection: Selection) -> Answer:
    """A chart of paths of the selected sessions: the picture, every way in a table, and the whole paths below."""
    try:
        found = coded.paths(chart.route, selection)
    except ExplorerError as error:
        return Answer(asked_title(chart), "error", note=str(error))
    absent = f" {many(found.absent, 'session')} without such an event are not drawn." if found.absent else ""
    drawn = {"svg": picture(found), "whole": whole_table(found), "covered": covered_text(found)}
    return Answer(chart.title or asked_title(chart), "paths", ways_table(chart, found), drawn, found.sentence + absent)


def covered_text(found: Paths) -> str:
    """How many whole paths there are, and how much those that are named are of all sessions with one."""
    if len(found.whole) == found.different:
        return f"These are all {many(found.different, 'path')}."
    some, part = f"The {len(found.whole)} most frequent", percent_text(found.covered / found.walking)
    return f"{some} of {count_text(found.different)} different paths: {part} of the sessions."


def ways_table(chart: Chart, found: Paths) -> Table:
    """A row for each way from one step to the next."""
    rows = []
    for row in found.frame().iter_rows(named=True):
        ends = [_label(row[f"{end}_kind"], row[end], found.route.backward) for end in ("from", "to")]
        numbers = [Cell(count_text(row["sessions"]), row["sessions"]), Cell(percent_text(row["share"]), row["share"])]
        rows.append([Cell(str(row["step"]), row["step"]), *map(Cell, ends), *numbers])
    names = ("After", "Before") if found.route.backward else ("From", "To")
    headings = [("Step", True), *((name, False) for name in names), ("Sessions", True), ("Share", True)]
    return Table(asked_title(chart), headings, rows)


def whole_table(found: Paths) -> Table:
    """The most frequent whole paths."""
    rows = [
        [
            Cell(found.path_text(path)),
            Cell(count_text(path.sessions), path.sessions),
            Cell(percent_text(path.sessions / found.walking), path.sessions),
        ]
        for path in found.whole
    ]
    return Table("Most frequent whole paths", [("Path", False), ("Sessions", True), ("Share", True)], rows)


def _label(kind: str, value: str | None, backward: bool) -> str:
    if kind == "end":
        return "starts here" if backward else "ends here"
    return "none" if value is None else value_label(value) if kind == "value" else value


def picture(found: Paths) -> Markup:
    """Nodes for each step, from left to right as time goes, and ribbons as wide as what goes from one to the next."""
    if not found.walking:
        return Markup("")
    back = found.route.backward
    n = len(found.steps)
    most = max(len(step.nodes) for step in found.steps)
    scale = (max(HEIGHT, 26 * most) - GAP * most) / found.walking
    columns = [_nodes(found, at, scale) for at in range(n)]

    def x(at: int) -> float:
        return (n - 1 - at if back else at) * APART

    ribbons, low = [], max(node.top + node.high for column in columns for node in column.values())
    for at, link in enumerate(found.links):
        pairs = zip(*map(np.ndarray.tolist, np.nonzero(link)), strict=True)
        for a, b in pairs:
            one, other = columns[at][a], columns[at + 1][b]
            high = int(link[a, b]) * scale
            y0, y1 = one.top + one.right + high / 2, other.top + other.left + high / 2
            one.right, other.left = one.right + high, other.left + high
            left, right = x(at) + (0 if back else THICK), x(at + 1) + (THICK if back else 0)
            middle = (left + right) / 2
            faint = found.steps[at + 1].kind(b) == "end"
            ribbons.append(
                f'<path d="M{left:.0f} {y0:.1f}C{middle:.0f} {y0:.1f} {middle:.0f} {y1:.1f} {right:.0f} {y1:.1f}" '
                f'stroke="{GHOST if faint else one.color}" stroke-width="{max(high, 0.75):.2f}"/>'
            )
    shapes = "".join(_drawn(node, x(at)) for at, column in enumerate(columns) for node in column.values())
    wide = (n - 1) * APART + THICK + 7 * LETTERS + 50
    return Markup(
        f'<svg viewBox="0 0 {wide} {low + 8:.0f}" width="{wide}" role="img" aria-label="{escape(found.sentence)}">'
        f'<g fill="none" stroke-opacity=".3">{"".join(ribbons)}</g>{shapes}</svg>'
    )


def _nodes(found: Paths, at: int, scale: float) -> dict[int, Node]:
    step, y, column = found.steps[at], float(TOP), {}
    came = step.nodes.copy()
    came[-1] = found.links[at - 1][:, -1].sum() if at else 0
    color = _colors(found)
    for group in np.flatnonzero(came).tolist():
        n, kind = int(came[group]), step.kind(group)
        name = step.values[group] if kind == "value" else others_text(step.others) if kind == "other" else None
        fill = color(step.values[group]) if kind == "value" else GHOST
        label = _label(kind, name, found.route.backward)
        column[group] = Node(label, percent_text(n / found.walking), fill, y, n * scale)
        y += n * scale + GAP
    return column


def _colors(found: Paths) -> Callable[[str], str]:
    passed: dict[str, int] = {}
    for step in found.steps:
        for value, n in zip(step.values, step.nodes.tolist(), strict=False):
            passed[value] = passed.get(value, 0) + n
    ranked = sorted(passed, key=lambda value: (-passed[value], value))[: len(PALETTE)]
    return lambda value: PALETTE[ranked.index(value)] if value in ranked else GHOST


def _drawn(node: Node, x: float) -> str:
    high = max(node.high, 1.5)
    return (
        f'<rect x="{x:.0f}" y="{node.top:.1f}" width="{THICK}" height="{high:.1f}" rx="2" fill="{node.color}"/>'
        f'<text x="{x + THICK + 6:.0f}" y="{node.top + high / 2 + 4:.1f}"><title>{escape(node.label)}</title>'
        f"{escape(shortened(node.label, LETTERS))} <tspan>{node.share}</tspan></text>"
    )

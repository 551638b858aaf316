"""A still picture of an exploration: HTML without scripts, styles or requests, for where nothing can answer."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import escape

from explorer.charts import theme
from explorer.charts.figure.moments import Line, Moment, in_bins, lines
from explorer.charts.figure.shown_bins import shown_bins
from explorer.charts.figure.tick_axis import axis
from explorer.charts.figure.ticks import shortened
from explorer.charts.titles import brush_words
from explorer.crossfilter.bins.categories import Categories
from explorer.crossfilter.formats import count_short, count_text
from explorer.crossfilter.selections.selection import Selection
from explorer.engine.coded import Coded
from explorer.report.numbers import key_numbers

WIDTH, HEIGHT = 340, 150
LEFT, RIGHT, TOP, BOTTOM = 40, 6, 8, 22
NUMBER = 40  # the room for a count behind a bar that lies


@dataclass(frozen=True)
class Chart:
    """A chart as an image that holds all it needs, and what it shows in words."""

    title: str
    src: str
    alt: str


def still(
    coded: Coded,
    selection: Selection,
    *,
    heading: str = "",
    sentence: str = "",
    problems: Sequence[str] = (),
    numbers: bool = False,
    charts: Mapping[str, str] | None = None,
    others: Sequence[str] = (),
    color: str = theme.SELECTED,
    note: str = "",
    moments: Sequence[Moment] = (),
) -> str:
    """The parts that are asked for, one below the other.

    `numbers` are the key numbers, of all sessions and of the selected; `charts` names dimensions with their titles,
    and one that the picture does not have is left out; `others` are titles of what is not drawn.
    """
    both = [Selection(), selection] if selection else [Selection()]
    rows = [key_numbers(coded.numbers(each)) for each in both] if numbers else []
    labels = [each.label for each in rows[0]] if rows else []
    values = [[each.value for each in row] for row in rows]
    if len(values) == 2:
        labels, values = ["", *labels], [["All", *values[0]], ["Selected", *values[1]]]
    return _written(
        heading=heading,
        sentence=sentence,
        problems=problems,
        labels=labels,
        rows=values,
        brushed=_brushed(coded, selection),
        charts=_charts(coded, selection, charts or {}, color, moments),
        others=others,
        note=note,
    )


def numbers_still(labels: Sequence[str], rows: Sequence[Sequence[str]], note: str = "") -> str:
    """A few numbers, all of them texts, in rows below their labels.

    >>> "<b>30m</b>" in numbers_still(["Inactivity"], [["30m"]])
    True
    """
    return _written(labels=labels, rows=rows, note=note)


def table_still(
    title: str, sentences: Sequence[str], headings: Sequence[str], rows: Sequence[Sequence[str]], notes: Sequence[str]
) -> str:
    """Sentences and a table, all of them texts.

    >>> "<td" in table_still("Rules", ["Two."], ["name"], [["a"]], [])
    True
    """
    return _written(heading=title, said=sentences, headings=headings, cells=rows, note=" ".join(filter(None, notes)))


def _written(**parts: Any) -> str:
    nothing = dict.fromkeys(("heading", "sentence", "brushed", "note"), "")
    none: dict[str, Any] = dict.fromkeys(("problems", "charts", "others", "said", "headings", "cells", "rows"), ())
    return _environment().get_template("still.html").render(nothing | none | parts)


def _brushed(coded: Coded, selection: Selection) -> str:
    dimensions = coded.dimensions
    held = coded.holding(selection)
    return " · ".join(brush_words(name, dimensions[name].bins, brush) for name, brush in held.items())


def _charts(
    coded: Coded, selection: Selection, titles: Mapping[str, str], color: str, moments: Sequence[Moment]
) -> list[Chart]:
    crossfilter = coded
    drawn = [name for name in titles if name in crossfilter.dimensions]
    totals, counts = crossfilter.totals(), crossfilter.counts(selection, drawn)
    holding = crossfilter.holding(selection)
    found = []
    for name in drawn:
        each = crossfilter.dimensions[name]
        labels, counted = each.bins.labels, "actors" if each.per_actor else "sessions"
        touched = each.bins.touched(holding[name]) if name in holding else None
        shown = shown_bins(each.bins, totals[name], False, touched)
        n = len(shown)
        held = None if touched is None else touched[:n].tolist()
        heights = totals[name][:n].tolist(), counts[name][:n].tolist()
        if isinstance(shown, Categories):
            svg = lying_svg(shown.labels, *heights, color, held)
        else:
            over_time = in_bins(moments, shown) if shown.kind == "time" else []
            marked = lines([(place / len(shown), moment) for place, moment in over_time])
            svg = bars_svg(*heights, shown.ticks, color, held, marked)
        most = int(counts[name][:n].argmax()) if counts[name][:n].any() else None
        alt = f"{titles[name]}: " + (
            f"{count_text(counts[name][:n].sum())} {counted}, most of them, {count_text(counts[name][most])}, "
            f"in {labels[most]}"
            if most is not None
            else f"no {counted}"
        )
        found.append(Chart(titles[name], f"data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}", alt))
    return found


def bars_svg(
    totals: Sequence[float],
    counts: Sequence[float],
    ticks: Sequence[tuple[float, str]],
    color: str = theme.SELECTED,
    held: Sequence[bool] | None = None,
    marked: Sequence[Line] = (),
) -> str:
    """Grey bars with coloured ones in front, one of each per bin; ticks are places in bins with their labels.

    Coloured bars that are not `held` are faint; what is `marked` are notes on moments of time.

    >>> bars_svg([2, 1], [1, 1], [(0.5, "a < b")]).count("<rect"), "a &lt; b" in bars_svg([2], [1], [(0.5, "a < b")])
    (4, True)
    """
    across, up = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
    marks, _, high = axis(totals, lambda value: count_short(value) if value == round(value) else "", False)
    bin_width, base = across / max(1, len(totals)), TOP + up

    def bars(heights: Sequence[float], fill: str, faint: Sequence[bool]) -> str:
        shapes = "".join(
            f'<rect x="{LEFT + at * bin_width + 0.5:.1f}" y="{base - up * height / high:.1f}" '
            f'width="{max(bin_width - 1, 0.5):.1f}" height="{up * height / high:.1f}"'
            + (f' opacity="{theme.FADED_ALPHA}"/>' if dim else "/>")
            for at, (height, dim) in enumerate(zip(heights, faint, strict=True))
        )
        return f"<g {fill}>{shapes}</g>"

    lines = "".join(
        f'<path d="M{LEFT} {base - up * place:.1f}H{WIDTH - RIGHT}" stroke="{theme.GHOST}" '
        f'stroke-opacity="{theme.GRID_ALPHA}"/>'
        f'<text x="{LEFT - 6}" y="{base - up * place + 4:.1f}" text-anchor="end">{escape(text)}</text>'
        for place, text in marks
        if text
    )
    names = "".join(
        f'<text x="{LEFT + place * bin_width:.1f}" y="{HEIGHT - 6}" text-anchor="middle">{escape(text)}</text>'
        for place, text in _apart([(place, shortened(text)) for place, text in ticks], bin_width)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" fill="{theme.STILL_INK}" '
        f'font-family="system-ui, sans-serif" font-size="10.5">{lines}'
        + bars(totals, f'fill="{theme.GHOST}" fill-opacity="{theme.GHOST_ALPHA}"', [False] * len(totals))
        + bars(counts, f'fill="{color}"', [not each for each in held] if held is not None else [False] * len(counts))
        + f"{''.join(_noted(line, across, base) for line in marked)}{names}</svg>"
    )


def _noted(line: Line, across: float, base: float) -> str:
    x, late = LEFT + line.place * across, line.place > 0.72
    return (
        f'<path d="M{x:.1f} {TOP}V{base}" stroke="{theme.STILL_INK}" stroke-dasharray="3 3"/>'
        f'<text x="{x + (-3 if late else 3):.1f}" y="{TOP + 8 + 11 * line.row}" '
        f'text-anchor="{"end" if late else "start"}">{escape(line.label)}</text>'
    )


def lying_svg(
    labels: Sequence[str],
    totals: Sequence[float],
    counts: Sequence[float],
    color: str = theme.SELECTED,
    held: Sequence[bool] | None = None,
) -> str:
    """The same of named values: bars that lie, from top to bottom, each name upright beside its bar.

    >>> svg = lying_svg(["ios", "a < b"], [2, 1], [1, 1])
    >>> svg.count("<rect"), "a &lt; b" in svg
    (4, True)
    """
    beside = 110
    across, row = WIDTH - beside - NUMBER, (HEIGHT - 2 * TOP) / max(1, len(totals))
    most = max([*totals, *counts], default=0) or 1

    def bar(at: int, length: float, fill: str, faint: bool = False) -> str:
        return (
            f'<rect x="{beside}" y="{TOP + at * row + 0.5:.1f}" width="{across * length / most:.1f}" '
            f'height="{max(row - 1, 0.5):.1f}" {fill}' + (f' opacity="{theme.FADED_ALPHA}"/>' if faint else "/>")
        )

    behind = f'fill="{theme.GHOST}" fill-opacity="{theme.GHOST_ALPHA}"'
    shapes = [bar(at, total, behind) for at, total in enumerate(totals)]
    shapes += [bar(at, n, f'fill="{color}"', held is not None and not held[at]) for at, n in enumerate(counts)]
    step = max(1, -(-13 // max(1, int(row))))  # a line of text is 13 high
    for at in range(0, len(labels), step):
        middle = TOP + (at + 0.5) * row + 3.5
        shapes.append(
            f'<text x="{beside - 6}" y="{middle:.1f}" text-anchor="end">{escape(shortened(labels[at], 17))}</text>'
            f'<text x="{WIDTH}" y="{middle:.1f}" text-anchor="end">{count_short(counts[at])}</text>'
        )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" fill="{theme.STILL_INK}" '
        f'font-family="system-ui, sans-serif" font-size="10.5">{"".join(shapes)}</svg>'
    )


def _apart(ticks: Sequence[tuple[float, str]], bin_width: float) -> list[tuple[float, str]]:
    """Those ticks that have room for their labels."""
    kept: list[tuple[float, str]] = []
    end = 0.0
    for place, text in ticks:
        half = 3.0 * len(text) + 3
        at = LEFT + place * bin_width
        if at - half >= end and at + half <= WIDTH + 6:
            kept.append((place, text))
            end = at + half
    return kept


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )

"""README's picture of how cost grows: one small chart for each step, both axes in powers of ten."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import ceil, floor, log10
from typing import Any

STEPS = {
    "load": "read and sort a file",
    "cut": "a new inactivity",
    "filter": "a filter, and cut again",
    "metric": "one more metric",
    "brush": "a brush comes to rest",
    "peak": "peak memory",
}
NAMES = {"ours": "Session Explorer", "polars": "naive Polars", "duckdb": "DuckDB"}
WIDTH, HEIGHT, ACROSS = 300, 210, 3
LEFT, RIGHT, TOP, BOTTOM = 52, 18, 34, 34
STYLE = """
text { font: 12px system-ui, sans-serif; fill: #57606a }
.title { font-size: 13px; font-weight: 600; fill: #24292f }
.grid { stroke: #d0d7de; stroke-width: 1 }
.linear { stroke: #8c959f; stroke-width: 1; stroke-dasharray: 2 4 }
.line { fill: none; stroke-width: 2.5; stroke-linejoin: round }
.ours { stroke: #1f6feb; fill: #1f6feb }
.polars { stroke: #d9822b; fill: #d9822b }
.duckdb { stroke: #8a63d2; fill: #8a63d2 }
.line.ours, .line.polars, .line.duckdb { fill: none }
@media (prefers-color-scheme: dark) {
  text { fill: #9198a1 } .title { fill: #f0f6fc } .grid { stroke: #3d444d }
}
"""

Figure = Mapping[str, Any]


def drawn(figures: Sequence[Figure]) -> str:
    """An SVG: seconds, and bytes, over events. A dotted line is what grows in proportion."""
    rows = ceil(len(STEPS) / ACROSS)
    parts = []
    for at, (step, title) in enumerate(STEPS.items()):
        x, y = WIDTH * (at % ACROSS), HEIGHT * (at // ACROSS)
        parts.append(f'<g transform="translate({x} {y})">{"".join(_chart(step, title, figures))}</g>')
    legend = "".join(
        f'<circle class="{way}" cx="{LEFT + 150 * at}" cy="{HEIGHT * rows + 12}" r="4"/>'
        f'<text x="{LEFT + 10 + 150 * at}" y="{HEIGHT * rows + 16}">{name}</text>'
        for at, (way, name) in enumerate(NAMES.items())
    )
    width, height = WIDTH * ACROSS, HEIGHT * rows + 30
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'role="img" aria-label="Time and memory over the number of events"><style>{STYLE}</style>'
        f"{''.join(parts)}{legend}</svg>\n"
    )


def _chart(step: str, title: str, figures: Sequence[Figure]) -> Iterable[str]:
    points = {
        way: [(each["events"], each[step]) for each in figures if each["way"] == way and step in each] for way in NAMES
    }
    events = [x for line in points.values() for x, _ in line]
    values = [y for line in points.values() for _, y in line]
    low, high = floor(log10(min(values))), ceil(log10(max(values)))
    first, last = log10(min(events)), log10(max(events))

    def place(x: float, y: float) -> tuple[float, float]:
        right = (log10(x) - first) / max(last - first, 1e-9)
        up = (log10(y) - low) / max(high - low, 1)
        return (
            LEFT + right * (WIDTH - LEFT - RIGHT),
            HEIGHT - BOTTOM - up * (HEIGHT - TOP - BOTTOM),
        )

    yield f'<text class="title" x="{LEFT}" y="20">{title}</text>'
    for power in range(low, high + 1):
        _, y = place(min(events), 10**power)
        yield f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
        yield f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{_value(step, 10.0**power)}</text>'
    for many in sorted(set(events)):
        x, _ = place(many, 10**low)
        yield f'<text x="{x:.1f}" y="{HEIGHT - BOTTOM + 20}" text-anchor="middle">{_many(many)}</text>'
    start = points["ours"][0]
    ends = [(start[0], start[1]), (max(events), start[1] * max(events) / start[0])]
    if ends[1][1] <= 10**high:
        (x1, y1), (x2, y2) = (place(*each) for each in ends)
        yield f'<line class="linear" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'
    for way, line in points.items():
        where = [place(x, y) for x, y in line]
        yield f'<polyline class="line {way}" points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in where)}"/>'
        yield from (f'<circle class="{way}" cx="{x:.1f}" cy="{y:.1f}" r="3.5"/>' for x, y in where)


def _value(step: str, value: float) -> str:
    """A power of ten with its unit.

    >>> _value("cut", 0.01), _value("cut", 10.0), _value("peak", 1e9), _value("cut", 0.0001)
    ('10 ms', '10 s', '1 GB', '0.1 ms')
    """
    if step == "peak":
        return f"{value / 1e9:g} GB" if value >= 1e9 else f"{value / 1e6:g} MB"
    return f"{value:g} s" if value >= 1 else f"{1e3 * value:g} ms"


def _many(events: int) -> str:
    """
    >>> _many(1_000_000), _many(300_000_000), _many(3_000)
    ('1M', '300M', '3k')
    """
    return f"{events / 1e6:g}M" if events >= 1_000_000 else f"{events / 1e3:g}k"

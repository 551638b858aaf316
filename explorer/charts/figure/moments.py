"""Notes on moments of time as lines with their texts, in any figure that goes over time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from bokeh.models import HoverTool, Range1d

from explorer.charts import theme
from explorer.charts.figure.ticks import shortened
from explorer.crossfilter.bins.bins import Bins
from explorer.crossfilter.formats import many, time_text
from explorer.plan.literal import microseconds
from explorer.spec.context.annotation import Annotation

# In shares of the axis: notes that are nearer have one line; a text that begins nearer behind another stands below it.
TOGETHER, APART = 0.012, 0.3
ROWS, LETTERS = 4, 26
SCALE = "moments"
DAY = 86_400_000_000  # how long a step is taken to be that stands alone


@dataclass(frozen=True)
class Moment:
    """A note at a time in microseconds, with what is said of it when it is pointed at."""

    us: int
    text: str
    said: str


@dataclass(frozen=True)
class Line:
    """Notes at about one place of an axis from 0 to 1: a short text, all of it, and the row that the text stands in."""

    place: float
    label: str
    said: str
    row: int = 0


def moments_of(annotations: Iterable[Annotation], zone: str | None) -> tuple[Moment, ...]:
    """The notes of an analysis in the order of time; `zone` is that of times that know theirs.

    >>> moments_of([Annotation("2026-03-01", "B"), Annotation("2026-02-01", "A")], None)[0].said
    '1 Feb 2026: A'
    """
    found = []
    for each in annotations:
        us = microseconds(each.at, zone)
        when = time_text(us, zone).replace(" 00:00:00", "")
        found.append(Moment(us, each.text, f"{when}: {each.text}"))
    return tuple(sorted(found, key=lambda moment: moment.us))


def lines(places: Sequence[tuple[float, Moment]]) -> tuple[Line, ...]:
    """Lines for notes at these places of an axis, in order; those at about one place share one.

    >>> a, b, c = (Moment(at, f"note {at}", f"day {at}: note {at}") for at in range(3))
    >>> [(line.label, line.row) for line in lines([(0.1, a), (0.101, b), (0.2, c)])]
    [('2 notes', 0), ('note 2', 1)]
    """
    groups: list[list[tuple[float, Moment]]] = []
    for place, moment in places:
        if groups and place - groups[-1][0][0] <= TOGETHER:
            groups[-1].append((place, moment))
        else:
            groups.append([(place, moment)])
    ends = [-1.0] * ROWS
    found = []
    for group in groups:
        place = group[0][0]
        row = next((at for at, end in enumerate(ends) if end <= place), int(np.argmin(ends)))
        ends[row] = place + APART
        label = shortened(group[0][1].text, LETTERS) if len(group) == 1 else many(len(group), "note")
        found.append(Line(place, label, "; ".join(moment.said for _, moment in group), row))
    return tuple(found)


def in_bins(moments: Iterable[Moment], bins: Bins) -> list[tuple[float, Moment]]:
    """Where notes stand on an axis of bins of times, in bins; without those that lie outside."""
    end = bins.end
    inside = (moment for moment in moments if bins.lows[0] <= moment.us and (end is None or moment.us < end))
    return [(bins.position(moment.us), moment) for moment in inside]


def in_steps(moments: Iterable[Moment], times: Sequence[int]) -> list[tuple[float, Moment]]:
    """Where notes stand on an axis on which the step that begins at times[i] is around i; without those outside.

    >>> in_steps([Moment(15, "a", "a"), Moment(30, "b", "b")], [0, 10, 20])[0][0]
    1.0
    """
    if not times:
        return []
    last = times[-1] + (times[-1] - times[-2] if len(times) > 1 else DAY)
    ends = [*times[1:], last]
    found = []
    for moment in moments:
        at = int(np.searchsorted(times, moment.us, side="right")) - 1
        if 0 <= at < len(times) and moment.us < ends[at]:
            found.append((at - 0.5 + (moment.us - times[at]) / (ends[at] - times[at]), moment))
    return found


def step_lines(moments: Sequence[Moment], times: Sequence[int]) -> dict[str, Any]:
    """The lines on an axis of so many steps of equal width, for a browser; and how many notes lie outside."""
    shown = in_steps(moments, times)
    made = lines([((place + 0.5) / len(times), moment) for place, moment in shown])
    return {"lines": [asdict(line) for line in made], "outside": outside_text(moments, shown)}


def outside_text(moments: Sequence[Moment], shown: Sequence[tuple[float, Moment]]) -> str:
    """How many notes are not drawn; nothing where all are."""
    left = len(moments) - len(shown)
    return f"{many(left, 'note')} {'lies' if left == 1 else 'lie'} outside of these times" if left else ""


class MomentLines:
    """The models of such lines in one figure."""

    def __init__(self, figure: Any) -> None:
        self._figure = figure
        standing = [each for each in figure.renderers if each.name == SCALE]
        self._source = standing[0].data_source if standing else self._made(figure)

    @staticmethod
    def _made(figure: Any) -> Any:
        figure.extra_y_ranges = {**figure.extra_y_ranges, SCALE: Range1d(0, 1)}
        ink = {"line_color": theme.STILL_INK, "line_dash": [3, 3], "line_width": 1.5}
        empty: dict[str, list[Any]] = {name: [] for name in ("x", "y0", "y1", "y", "label", "said", "align", "off")}
        line = figure.segment("x", "y0", "x", "y1", source=empty, y_range_name=SCALE, **ink)
        text = figure.text(
            x="x", y="y", text="label", text_align="align", x_offset="off", source=line.data_source, y_range_name=SCALE,
            text_color="white", text_font_size=theme.FONT_SIZE, text_baseline="top",
            background_fill_color=theme.STILL_INK, padding=2, border_radius=3,
        )  # fmt: skip
        line.name, text.name = SCALE, f"texts of {SCALE}"
        for renderer in (line, text):
            renderer.nonselection_glyph = renderer.selection_glyph = None
        tip = theme.tooltip("@said")
        figure.add_tools(HoverTool(name=SCALE, renderers=[line], tooltips=tip, line_policy="interp", show_arrow=False))
        return line.data_source

    def draw(self, shown: Sequence[tuple[float, Moment]]) -> None:
        """Lines at these places of the horizontal axis."""
        start, end = float(self._figure.x_range.start), float(self._figure.x_range.end)
        span = (end - start) or 1.0
        made = lines([((place - start) / span, moment) for place, moment in shown])
        right = [line.place > 0.72 for line in made]
        self._source.data = {
            "x": [start + line.place * span for line in made],
            "y0": [0.0] * len(made),
            "y1": [1.0] * len(made),
            "y": [0.99 - 0.08 * line.row for line in made],
            "label": [line.label for line in made],
            "said": [line.said for line in made],
            "align": ["right" if each else "left" for each in right],
            "off": [-4 if each else 4 for each in right],
        }

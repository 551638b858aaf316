"""Lines over time: a measure at every step, one line for each value of a second dimension."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import holoviews as hv
import numpy as np
import polars as pl
from bokeh.models import BoxAnnotation, CustomJS

from explorer.charts import theme
from explorer.charts.figure.cells import key_texts, writer
from explorer.charts.figure.moments import Moment, MomentLines, in_steps
from explorer.charts.figure.plane import Floats, Picked, add_tools, fit_values, known, plain_figure, written
from explorer.charts.figure.time_axis import band, fit_steps, moments, step_range, step_times
from explorer.charts.figure.time_series import all_series
from explorer.charts.titles import asked_measure
from explorer.crossfilter.formats import change_text, count_text
from explorer.crossfilter.measured import Rows
from explorer.crossfilter.selections.brushes import Brush
from explorer.crossfilter.selections.selection import Selection
from explorer.spec.charts.chart import Chart
from explorer.spec.charts.periods import period_words

TOOLTIP = "@step@series: @said@of@before"
MOST_LINES = len(theme.PALETTE)
MOST_DOTS = 400
DASHES, DASHED_ALPHA = [5, 4], 0.75


class LineChart:
    """Lines from step to step; a gap is a gap."""

    zoomed = False
    moments: tuple[Moment, ...] = ()

    def element(self) -> hv.Overlay:
        """Grey lines, dashed ones of the period before, coloured ones, and a point at every value, none still."""
        plain: dict[str, Any] = {"tools": [], "default_tools": []}
        nothing = [np.zeros((2, 2))]
        ghost = hv.Path(nothing, group="Total").opts(color=theme.GHOST, alpha=0.6, line_width=1.5, **plain)
        before = hv.Path(nothing, group="Before").opts(color=theme.SELECTED, line_width=1.5, **plain)
        front = hv.Path(nothing, group="Selected").opts(color=theme.SELECTED, line_width=2, **plain)
        dots = hv.Points([], group="Dots").opts(color=theme.SELECTED, size=5, **plain)

        return plain_figure(ghost * before * front * dots)

    def attach(self, plot: Any, callback: CustomJS) -> None:
        """Take the models of the figure that was made of the element."""
        self._figure = plot.state
        layers = tuple(layer.handles["glyph_renderer"] for layer in plot.subplots.values())
        self._ghost, self._before, self._front, self._dots = layers
        for renderer in layers:
            renderer.nonselection_glyph = renderer.selection_glyph = None
        self._front.glyph.line_color = self._before.glyph.line_color = {"field": "color"}
        self._before.glyph.update(line_dash=DASHES, line_alpha=DASHED_ALPHA)
        for style in ("fill_color", "line_color"):
            setattr(self._dots.glyph, style, {"field": "color"})
        self._band = BoxAnnotation(
            left=0, right=0, visible=False, fill_color=theme.SELECTED, fill_alpha=theme.BRUSH_FILL_ALPHA,
            line_color=theme.SELECTED, line_alpha=theme.BRUSH_LINE_ALPHA,
        )  # fmt: skip
        self._figure.add_layout(self._band)
        self._lines = MomentLines(self._figure)
        add_tools(self._figure, callback, self._dots, TOOLTIP, dimensions="width")

    def draw(self, rows: Rows, selection: Selection, color: str) -> None:
        """Patch the figure."""
        write = writer(rows.frame["value"].dtype, rows.chart.measure)
        steps = step_times(rows.frame[rows.names[0]])
        everything = series(rows, rows.frame["value"])
        some = everything if rows.selected is None else series(rows, rows.selected)
        colors = line_colors(list(everything), color)
        earlier = _earlier(rows)
        lines = [*(() if self.zoomed else everything.values()), *some.values(), *earlier.values()]
        values = np.concatenate(lines) if lines else np.zeros(0)
        fit_values(self._figure, known(values), write, long=rows.frame["value"].dtype == pl.Duration)
        fit_steps(self._figure, steps)
        behind = {} if rows.selected is None else everything
        self._ghost.data_source.data = _paths({name: (values, theme.GHOST) for name, values in behind.items()})
        self._before.data_source.data = _paths({name: (values, colors[name]) for name, values in earlier.items()})
        self._front.data_source.data = _paths({name: (values, colors[name]) for name, values in some.items()})
        self._dots.data_source.data = self._points(rows, steps, everything, some, colors) | {
            "before": self._texts_before(rows, some, earlier)
        }
        self._dots.glyph.update(
            fill_alpha=float(len(steps) * len(some) <= MOST_DOTS), line_alpha=float(len(steps) * len(some) <= MOST_DOTS)
        )
        band(self._band, step_range(selection.get("start"), moments(steps)))
        self._lines.draw(in_steps(self.moments, moments(steps)))

    @staticmethod
    def legend(rows: Rows, color: str) -> tuple[tuple[str, str], ...]:
        """A colour and a name for each line, and what is not drawn."""
        known = tuple((its, name) for name, its in line_colors(list(series(rows, rows.frame["value"])), color).items())
        if rows.chart.previous:
            shown = ((color, asked_measure(rows.chart.measure)),) if len(rows.names) == 1 else known
            known = (*shown, (f"{color}66" if len(rows.names) == 1 else theme.GHOST, dashed(rows.chart)))
        lines = rows.frame.select(rows.names[1:]).unique().height
        more = f"the {MOST_LINES} with most sessions of {count_text(lines)}; the table has all"
        return (*known, ("transparent", more)) if lines > MOST_LINES else known

    def _points(
        self,
        rows: Rows,
        steps: pl.Series,
        everything: dict[str, Floats],
        some: dict[str, Floats],
        colors: dict[str, str],
    ) -> dict[str, Any]:
        write = writer(rows.frame["value"].dtype, rows.chart.measure)
        texts = key_texts(pl.DataFrame([steps]), steps.name)
        found: dict[str, list[Any]] = {name: [] for name in ("x", "y", "color", "step", "series", "said", "of")}
        for name, values in some.items():
            at = np.flatnonzero(~np.isnan(values))
            found["x"] += at.tolist()
            found["y"] += values[at].tolist()
            found["color"] += [colors[name]] * len(at)
            found["step"] += [texts[i] for i in at]
            found["series"] += [f" · {name}" if name else ""] * len(at)
            found["said"] += written(values[at], write)
            of = written(everything[name][at], write)
            found["of"] += [""] * len(at) if rows.selected is None else [f", of all {text}" for text in of]
        return found

    @staticmethod
    def _texts_before(rows: Rows, some: dict[str, Floats], earlier: dict[str, Floats]) -> list[str]:
        """For each point what was there a period before, and how much it changed."""
        found: list[str] = []
        write = writer(rows.frame["value"].dtype, rows.chart.measure)
        for name, values in some.items():
            at = np.flatnonzero(~np.isnan(values))
            if name not in earlier:
                found += [""] * len(at)
                continue
            for value, before in zip(values[at].tolist(), known(earlier[name][at]), strict=True):
                change = change_text(value, before)
                said = "nothing known" if before is None else write(before)
                more = "" if change == theme.NOTHING else f" ({change})"
                found.append(f"; {period_words(rows.chart.previous)} {said}{more}")
        return found

    def picked(self, rows: Rows, picked: Picked, selection: Selection) -> Mapping[str, Brush | None]:
        """A drag brushes the sessions that start in these steps, a click takes the brush away."""
        del selection
        times = moments(step_times(rows.frame[rows.names[0]]))
        return {"start": picked.steps(times)}


def series(rows: Rows, values: pl.Series) -> dict[str, Floats]:
    """For each line its value at every step, NaN where there is none; those with most sessions first."""
    return dict(list(all_series(rows, values).items())[:MOST_LINES])


def _earlier(rows: Rows) -> dict[str, Floats]:
    """For each line the values of the period before; none where the chart has no such period."""
    values = rows.previous if rows.selected is None else rows.selected_previous
    return series(rows, values) if values is not None else {}


def dashed(chart: Chart) -> str:
    """What the dashed lines of a chart are."""
    return f"dashed: {period_words(chart.previous)}"


def line_colors(names: list[str], color: str) -> dict[str, str]:
    """A colour for each line: that of the definition for one alone, else those of the palette."""
    if len(names) == 1:
        return {names[0]: color}
    return dict(zip(names, theme.PALETTE, strict=False))


def _paths(lines: dict[str, tuple[Floats, str]]) -> dict[str, list[Any]]:
    """Lines between gaps, as the columns of a multi-line."""
    xs: list[Any] = []
    ys: list[Any] = []
    colors: list[str] = []
    for values, color in lines.values():
        xs.append(np.arange(float(len(values))))
        ys.append(values)
        colors.append(color)
    return {"xs": xs, "ys": ys, "color": colors}

"""Areas on top of each other over time: what each step is made of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import holoviews as hv
import numpy as np
import numpy.typing as npt
import polars as pl
from bokeh.models import BoxAnnotation, CustomJS

from explorer.charts import theme
from explorer.charts.figure.cells import key_texts, writer
from explorer.charts.figure.moments import Moment, MomentLines, in_steps
from explorer.charts.figure.plane import Floats, Picked, add_tools, fit_values, known, plain_figure, written
from explorer.charts.figure.time_axis import band, fit_steps, moments, step_range, step_times
from explorer.charts.figure.time_series import all_series
from explorer.charts.kinds.line import DASHES, dashed
from explorer.crossfilter.measured import Rows
from explorer.crossfilter.selections.brushes import Brush
from explorer.crossfilter.selections.selection import Selection

TOOLTIP = "@step · @series: @said@of"
MOST_AREAS = len(theme.PALETTE)
OTHERS = "other"


class AreaChart:
    """One area for each value of a dimension; the grey line is the whole of all sessions."""

    zoomed = False
    moments: tuple[Moment, ...] = ()

    def element(self) -> hv.Overlay:
        """The line of the whole, that of the period before, and the areas, none of them still."""
        plain: dict[str, Any] = {"tools": [], "default_tools": []}
        nothing = [np.zeros((3, 2))]
        areas = hv.Path(nothing, group="Areas").opts(line_width=1, **plain)
        whole = hv.Path(nothing, group="Whole").opts(color=theme.GHOST, line_width=1.5, **plain)
        before = hv.Path(nothing, group="Before").opts(color=theme.GHOST, line_width=1.5, **plain)
        marks = hv.Points([], group="Marks").opts(size=5, **plain)
        return plain_figure(areas * whole * before * marks)

    def attach(self, plot: Any, callback: CustomJS) -> None:
        """Take the models of the figure that was made of the element."""
        self._figure = plot.state
        frames, whole, before, marks = (layer.handles["glyph_renderer"] for layer in plot.subplots.values())
        frames.visible = marks.visible = False
        self._whole, self._before = whole, before
        before.glyph.update(line_dash=DASHES)
        self._areas = self._figure.patches(
            xs="xs", ys="ys", source={"xs": [], "ys": [], "color": []}, fill_color="color", line_color="color",
            fill_alpha=0.75, line_alpha=1.0,
        )  # fmt: skip
        # A tooltip belongs to one value of one step, so each of them is a column of its own that is not painted.
        self._steps = self._figure.quad(
            left="left", right="right", top="top", bottom="bottom", source={}, fill_alpha=0.0, line_alpha=0.0,
            hover_fill_alpha=0.2, hover_fill_color="white", hover_line_alpha=0.0,
        )  # fmt: skip
        for renderer in (self._whole, self._before, self._areas, self._steps):
            renderer.nonselection_glyph = renderer.selection_glyph = None
        self._band = BoxAnnotation(
            left=0, right=0, visible=False, fill_color=theme.SELECTED, fill_alpha=theme.BRUSH_FILL_ALPHA,
            line_color=theme.SELECTED, line_alpha=theme.BRUSH_LINE_ALPHA,
        )  # fmt: skip
        self._figure.add_layout(self._band)
        self._lines = MomentLines(self._figure)
        add_tools(self._figure, callback, self._steps, TOOLTIP, dimensions="width")

    def draw(self, rows: Rows, selection: Selection, color: str) -> None:
        """Patch the figure."""
        del color
        steps = step_times(rows.frame[rows.names[0]])
        everything = merged(list(all_series(rows, rows.frame["value"]).items()))
        chosen = dict(all_series(rows, rows.frame["value"] if rows.selected is None else rows.selected))
        some = merged([(name, chosen[name]) for name in all_series(rows, rows.frame["value"])])
        total = _total(everything, len(steps))
        write, long = writer(rows.frame["value"].dtype, rows.chart.measure), rows.frame["value"].dtype == pl.Duration
        earlier = _before(rows, len(steps))
        highest = np.concatenate([[0.0] if self.zoomed else total, _total(some, len(steps)), *earlier, [0.0]])
        fit_values(self._figure, known(highest), write, long=long)
        fit_steps(self._figure, steps)
        places = np.arange(float(len(steps)))
        self._whole.data_source.data = {"xs": [places], "ys": [total]}
        self._before.data_source.data = {"xs": [places] * len(earlier), "ys": earlier}
        self._areas.data_source.data = _patches(some, places)
        self._steps.data_source.data = self._columns(rows, steps, everything, some)
        band(self._band, step_range(selection.get("start"), moments(steps)))
        self._lines.draw(in_steps(self.moments, moments(steps)))

    @staticmethod
    def legend(rows: Rows, color: str) -> tuple[tuple[str, str], ...]:
        """A colour and a name for each area."""
        del color
        series = merged(list(all_series(rows, rows.frame["value"]).items()))
        areas = tuple(zip(area_colors(series), (name for name, _ in series), strict=True))
        return (*areas, (theme.GHOST, f"{dashed(rows.chart)}, all together")) if rows.chart.previous else areas

    def _columns(
        self, rows: Rows, steps: pl.Series, everything: list[tuple[str, Floats]], some: list[tuple[str, Floats]]
    ) -> dict[str, Any]:
        write = writer(rows.frame["value"].dtype, rows.chart.measure)
        texts = key_texts(pl.DataFrame([steps]), steps.name)
        found: dict[str, list[Any]] = {
            name: [] for name in ("left", "right", "bottom", "top", "step", "series", "said", "of")
        }
        low = np.zeros(len(steps))
        for (name, values), (_, whole) in zip(some, everything, strict=True):
            high = low + np.nan_to_num(values)
            at = np.flatnonzero(~np.isnan(values))
            found["left"] += (at - 0.5).tolist()
            found["right"] += (at + 0.5).tolist()
            found["bottom"] += low[at].tolist()
            found["top"] += high[at].tolist()
            found["step"] += [texts[place] for place in at]
            found["series"] += [name] * len(at)
            found["said"] += written(values[at], write)
            of = written(whole[at], write)
            found["of"] += [""] * len(at) if rows.selected is None else [f", of all {text}" for text in of]
            low = high
        return found

    def picked(self, rows: Rows, picked: Picked, selection: Selection) -> Mapping[str, Brush | None]:
        """A drag brushes the sessions that start in these steps, a click takes the brush away."""
        del selection
        times = moments(step_times(rows.frame[rows.names[0]]))
        return {"start": picked.steps(times)}


def merged(series: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
    """At most as many groups as there are colours: those that are left over become "other", so nothing is missing.

    >>> [name for name, _ in merged([(str(at), [1.0]) for at in range(20)])]
    ['0', '1', '2', '3', '4', '5', '6', 'other (13 values)']
    """
    if len(series) <= MOST_AREAS:
        return series
    shown, rest = series[: MOST_AREAS - 1], series[MOST_AREAS - 1 :]
    numbers = np.array([[np.nan if value is None else value for value in values] for _, values in rest], dtype=float)
    empty = np.isnan(numbers).all(axis=0)
    together = np.where(empty, np.nan, np.nansum(numbers, axis=0))
    return [*shown, (f"{OTHERS} ({len(rest)} values)", together)]


def area_colors(series: list[tuple[str, Any]]) -> list[str]:
    """A colour for each area; grey for the others together."""
    colors = list(theme.PALETTE[: len(series)])
    if series and series[-1][0].startswith(f"{OTHERS} ("):
        colors[-1] = theme.GHOST
    return colors


def _before(rows: Rows, steps: int) -> list[Floats]:
    """The whole of the period before at every step, NaN where nothing is known; none where there is no such period."""
    values = rows.previous if rows.selected is None else rows.selected_previous
    if values is None:
        return []
    return [_total(list(all_series(rows, values).items()), steps)]


def _total(series: list[tuple[str, Floats]], steps: int) -> Floats:
    """All groups together at every step, NaN where none has a value."""
    values = np.array([each for _, each in series]).reshape(len(series), steps)
    total: Floats = np.where(np.isnan(values).all(axis=0), np.nan, np.nansum(values, axis=0))
    return total


def known_parts(values: Floats) -> list[npt.NDArray[np.int64]]:
    """The places of steps at which any of the series (one a row) has a value, in parts without a step between.

    >>> [part.tolist() for part in known_parts(np.array([[np.nan, 1, 2, np.nan, 3]]))]
    [[1, 2], [4]]
    """
    at = np.flatnonzero(~np.isnan(values).all(axis=0)) if len(values) else np.zeros(0, dtype=np.int64)
    parts = np.split(at, np.flatnonzero(np.diff(at) > 1) + 1)
    return [part for part in parts if len(part)]


def _patches(series: list[tuple[str, Floats]], places: Floats) -> dict[str, list[Any]]:
    """Each area as rings: along its upper edge, and back along its lower one; a step without a value is a gap."""
    values = np.array([each for _, each in series]).reshape(len(series), len(places))
    edges = np.vstack([np.zeros(len(places)), np.cumsum(np.nan_to_num(values), axis=0)])
    xs, ys, colors = [], [], []
    for at, color in enumerate(area_colors(series)):
        for part in known_parts(values):
            xs.append(np.concatenate([places[part], places[part][::-1]]))
            ys.append(np.concatenate([edges[at + 1][part], edges[at][part][::-1]]))
            colors.append(color)
    return {"xs": xs, "ys": ys, "color": colors}

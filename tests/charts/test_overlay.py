"""Outlines over common bins: what is drawn and what hovering tells are the counts."""

from __future__ import annotations

from typing import Any

import holoviews as hv
import numpy as np
import pytest
from bokeh.models import HoverTool

from explorer.charts.brushing.patched import OverlaidChart
from explorer.charts.overlay import Drawn, Line, overlaid
from explorer.crossfilter.bins.counts import count_bins
from explorer.crossfilter.bins.durations import duration_bins
from explorer.crossfilter.bins.extent import extent

NASTY = "@label {x} <img src=x onerror=alert(1)> $index"


def drawn(shares: bool = False) -> Drawn:
    lines = [
        Line("visit", "#2f7de1", np.array([1, 1, 2])),
        Line(NASTY, "#d9822b", np.array([0, 4, 0]), dashed=True),
        Line("nobody", "#12a07f", np.array([0, 0, 0])),
    ]
    return Drawn(count_bins("event_count", extent([1, 2, 3, 3]), unit="events"), lines, shares)


def check(figure: Any, shown: Drawn) -> None:
    bars, lines = (renderer.data_source.data for renderer in figure.renderers)
    assert lines["color"] == [line.color for line in shown.lines]
    assert lines["dash"] == [[5, 3] if line.dashed else [] for line in shown.lines]
    for corners, heights in zip(lines["ys"], shown.heights, strict=True):
        assert corners.tolist() == [0, *np.repeat(heights, 2).tolist(), 0]
    assert bars["label"] == list(shown.bins.labels)  # type: ignore[union-attr]
    assert (figure.x_range.start, figure.x_range.end) == (0, len(bars["label"]))
    assert ("%" in figure.yaxis[0].formatter.format) == shown.shares


@pytest.mark.parametrize("shares", [False, True])
def test_every_line_is_there_in_its_colour(shares: bool) -> None:
    figure = hv.render(overlaid(drawn(shares), title="Events per session", name="compared"))
    assert (figure.name, figure.html_attributes["aria-label"]) == ("compared", "Events per session")
    check(figure, drawn(shares))
    assert figure.y_range.end == pytest.approx(1.06 if shares else 4.24)
    told = figure.renderers[0].data_source.data["told"]
    assert "4 · 100.0 %" in told[1]
    assert all("2f7de1" in each and "12a07f" in each for each in told)


def test_no_name_is_read_as_a_template_or_as_html() -> None:
    figure = hv.render(overlaid(drawn()))
    (hover,) = figure.select(HoverTool)
    assert "label {x}" not in hover.tooltips
    told = figure.renderers[0].data_source.data["told"]
    assert all("<img" not in each and "&lt;img" in each for each in told)


def test_other_lines_are_drawn_into_the_same_figure() -> None:
    chart = OverlaidChart("compared", "Events per session")
    chart.show(drawn())
    figure = hv.render(chart.element)
    check(figure, drawn())
    other = Drawn(duration_bins("duration", extent([0, 60_000_000])), [], True)
    chart.show(other)
    check(figure, other)
    chart.show(drawn())
    assert len(figure.select(HoverTool)) == 1
    check(figure, drawn())


def test_there_may_be_no_line_and_no_session() -> None:
    bins = duration_bins("duration", extent([]))
    assert hv.render(overlaid(Drawn(bins))).renderers[1].data_source.data["xs"] == []
    assert hv.render(overlaid(Drawn())).xaxis[0].ticker.ticks == []
    nobody = Line("nobody", "#2f7de1", np.zeros(len(bins), np.int64))
    assert hv.render(overlaid(Drawn(bins, [nobody]))).y_range.end == 1

"""Shares instead of counts: what is drawn adds up, of all and of the selected; or a sentence says why not."""

from __future__ import annotations

from typing import Any

import holoviews as hv
import numpy as np
import polars as pl
import pytest
from bokeh.document import Document
from bokeh.models import Column, HoverTool

import explorer
from explorer.charts.brushing.linked import LinkedCharts
from explorer.charts.kinds.table import drawn_by
from explorer.charts.shares import RUNGS, shared, why_counts
from explorer.crossfilter.bins.binning import AUTOMATIC
from explorer.crossfilter.measured import Cells, Points, Rows
from explorer.crossfilter.selections.selection import Range, Selection, Values
from explorer.engine.engine import Engine
from explorer.spec.charts.chart import Chart
from explorer.spec.charts.kinds import ALL, kind_of
from tests.charts.gallery import CHARTS, VISIT, new
from tests.charts.made_up import TITLES, made_up

BRUSHED = {"first platform": AUTOMATIC}
IOS = Selection().with_("first platform", Values(frozenset({"ios"})))


@pytest.fixture
def drawn() -> tuple[LinkedCharts, dict[str, Any]]:
    linked = LinkedCharts(TITLES)
    figures = {name: hv.render(element) for name, element in linked.elements.items()}
    Document().add_root(Column(children=[*figures.values(), linked.readout]))
    return linked, figures


def layer(figure: Any, at: int) -> dict[str, Any]:
    return figure.renderers[at].data_source.data


def test_bars_are_shares_of_all_and_of_the_counted_and_go_back(drawn: tuple[LinkedCharts, dict[str, Any]]):
    linked, figures = drawn
    crossfilter = made_up(2_000)
    selection = Selection().with_("duration", crossfilter.dimensions["duration"].bins.range(3, 4))
    linked.show(crossfilter, selection)
    linked.share(True)
    totals, counts = crossfilter.totals(), crossfilter.counts(selection)
    for name, figure in figures.items():
        behind, front = layer(figure, 0), layer(figure, 1)
        np.testing.assert_allclose(behind["top"], totals[name] / totals[name].sum())
        np.testing.assert_allclose(front["top"], counts[name] / counts[name].sum())
        assert front["count"].tolist() == counts[name].tolist()
        assert front["total"].tolist() == totals[name].tolist()
        assert (front["right"] - front["left"]).max() < (behind["right"] - behind["left"]).min()
        highest = max(behind["top"].max(), front["top"].max())
        assert figure.y_range.end in RUNGS
        assert highest < figure.y_range.end == linked.channel.state["ends"][name]
        assert figure.yaxis[0].formatter.format.endswith("%")
        assert "@at{" in figure.select_one(HoverTool).tooltips
    assert linked.channel.state["shares"]
    linked.share(False)
    assert (linked.channel.state["shares"], linked.channel.state["ends"]) == (False, {})
    for name, figure in figures.items():
        assert layer(figure, 0)["top"].tolist() == totals[name].tolist()
        assert layer(figure, 1)["top"].tolist() == counts[name].tolist()
        assert figure.y_range.end > totals[name].max()
        assert not figure.yaxis[0].formatter.format.endswith("%")
        assert "@at{" not in figure.select_one(HoverTool).tooltips


def test_bars_that_add_up_reach_the_whole(drawn: tuple[LinkedCharts, dict[str, Any]]):
    linked, figures = drawn
    linked.dress("duration", height=200, cumulative=True)
    crossfilter = made_up(500)
    linked.show(crossfilter, Selection().with_("event_count", crossfilter.dimensions["event_count"].bins.range(0, 1)))
    linked.share(True)
    assert layer(figures["duration"], 0)["top"][-1] == layer(figures["duration"], 1)["top"][-1] == 1


def test_of_nothing_all_shares_are_none(drawn: tuple[LinkedCharts, dict[str, Any]]):
    linked, figures = drawn
    crossfilter = made_up(500)
    linked.show(crossfilter, Selection().with_("event_count", Range(10**9, None)))
    linked.share(True)
    assert layer(figures["start"], 1)["top"].tolist() == [0.0] * len(crossfilter.dimensions["start"].bins)


def plain(followed: Any, which: str) -> np.ndarray[Any, Any]:
    """The values of all, or of the selected, as numbers."""
    if isinstance(followed, Cells):
        return followed.all if which == "all" else followed.selected
    column = followed.frame["value"] if which == "all" else followed.selected
    return column.to_physical().cast(pl.Float64).to_numpy()


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "bar", "by": "first platform", "measure": "sum duration"},
        {"kind": "bar", "by": "started_by", "where": "event_count > 1"},
        {"kind": "heatmap", "by": ["first platform", "weekday of start"]},
        {"kind": "line", "every": "1d", "by": "first platform"},
        {"kind": "area", "every": "1d", "by": "first platform", "measure": "sum spent"},
    ],
    ids=lambda fields: f"{fields['kind']} {fields.get('measure', 'count')}",
)
def test_what_follows_is_shares_of_all_and_of_the_selected(log: Engine, fields: dict[str, Any]):
    followed = log.cut(VISIT).coded(BRUSHED).groups(Chart(session="visit", **fields), IOS)
    parts = shared(followed)
    assert why_counts(followed) == ""
    assert drawn_by(parts) is drawn_by(followed)
    for which in ("all", "selected"):
        values = plain(followed, which)
        assert np.nansum(values) > 0
        np.testing.assert_allclose(plain(parts, which), values / np.nansum(values))
    assert not np.allclose(plain(parts, "all"), plain(parts, "selected"), equal_nan=True)


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"kind": "bar", "by": "first platform", "measure": "median duration"}, "only counts and sums"),
        ({"kind": "bar", "by": "first platform", "measure": "actors"}, "only counts and sums"),
        ({"kind": "bar", "by": "any platform"}, "in several"),
        ({"kind": "bar", "by": "first platform", "measure": "sum below"}, "below 0"),
        ({"kind": "line", "every": "1d", "over": "7d"}, "windows"),
        ({"kind": "line", "every": "1d", "previous": "day"}, "period before"),
        ({"kind": "scatter", "by": ["duration", "spent"]}, "each point is one session"),
        ({"kind": "number"}, "numbers as they are"),
        ({"kind": "table", "by": "first platform"}, "numbers as they are"),
    ],
    ids=lambda each: each if isinstance(each, str) else each["kind"],
)
def test_what_has_no_shares_says_why_and_stays(log: Engine, fields: dict[str, Any], why: str):
    below = explorer.Metric("below", "min", "0 - amount")
    visit = VISIT.replace(metrics=(*VISIT.metrics, below))
    followed = log.cut(visit).coded(BRUSHED).groups(Chart(session="visit", **fields), IOS)
    assert shared(followed) is followed
    assert why in why_counts(followed)
    assert why_counts(followed).endswith(".")


@pytest.mark.parametrize("kind", [kind for kind in ALL if kind.has_card], ids=lambda kind: kind.name)
def test_every_kind_has_shares_or_says_why(log: Engine, kind: Any):
    of_kind = [fields for fields in CHARTS if fields.get("kind") == kind.name]
    assert of_kind
    followed = log.cut(VISIT).coded(BRUSHED).groups(new(kind).replace(where="event_count > 0"), IOS)
    assert isinstance(followed, Cells | Rows | Points)
    if why_counts(followed):
        assert shared(followed) is followed
    else:
        assert kind_of(followed.chart).shown_as == "figure"
        np.testing.assert_allclose(np.nansum(plain(shared(followed), "selected")), 1)

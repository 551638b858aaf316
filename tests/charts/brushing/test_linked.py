"""Linked charts without a browser: every figure has its tool, and its models are patched in place."""

from __future__ import annotations

from typing import Any

import holoviews as hv
import numpy as np
import pytest
from bokeh.document import Document
from bokeh.models import BoxSelectTool, Column, FixedTicker, HoverTool

from explorer.charts.brushing.linked import LinkedCharts
from explorer.charts.figure.ticks import with_room
from explorer.charts.kinds.distribution import distribution, fit
from explorer.crossfilter.bins.counts import count_bins
from explorer.crossfilter.bins.extent import extent
from explorer.crossfilter.selections.selection import Range, Selection
from tests.charts.made_up import TITLES, VALUE_TITLES, made_up, made_up_values

Rendered = tuple[LinkedCharts, dict[str, Any]]


@pytest.fixture
def rendered() -> Rendered:
    linked = LinkedCharts(TITLES)
    figures = {name: hv.render(element) for name, element in linked.elements.items()}
    Document().add_root(Column(children=[*figures.values(), linked.readout]))
    return linked, figures


def columns(figure: Any, layer: int) -> dict[str, Any]:
    return figure.renderers[layer].data_source.data


def box(figure: Any) -> Any:
    return figure.select_one(BoxSelectTool).overlay


def ask(linked: LinkedCharts, **request: Any) -> dict[str, Any]:
    linked.channel.request = {
        "seq": 1,
        "edit": 1,
        "generation": linked.channel.state["generation"],
        **request,
    }
    return linked.channel.reply


def test_every_figure_has_its_tool_and_its_name(rendered: Rendered) -> None:
    linked, figures = rendered
    assert set(linked.channel.charts) == set(TITLES)
    for name, figure in figures.items():
        assert figure.name == name
        assert figure.html_attributes["aria-label"] == TITLES[name]
        assert len(figure.select(BoxSelectTool)) == len(figure.select(HoverTool)) == 1
        assert [renderer.name for renderer in figure.renderers] == ["ghost", "selected"]
        assert linked.channel.charts[name]["box"] is box(figure)
        assert not box(figure).visible


def test_before_the_data_there_are_only_axes(rendered: Rendered) -> None:
    for figure in rendered[1].values():
        assert len(columns(figure, 0)["top"]) == len(columns(figure, 1)["top"]) == 0
        assert figure.xaxis[0].ticker.ticks == []


def test_show_and_select_patch_the_same_models(rendered: Rendered) -> None:
    linked, figures = rendered
    crossfilter = made_up(2_000)
    brush = crossfilter.dimensions["duration"].bins.range(3, 9)
    selection = Selection().with_("duration", brush)
    linked.show(crossfilter, selection)
    for name, figure in figures.items():
        bins = crossfilter.dimensions[name].bins
        assert columns(figure, 0)["top"].tolist() == crossfilter.totals()[name].tolist()
        assert columns(figure, 1)["top"].tolist() == crossfilter.counts(selection)[name].tolist()
        assert columns(figure, 1)["label"] == list(bins.labels)
        assert (figure.x_range.start, figure.x_range.end) == (0, len(bins))
        assert figure.y_range.end > crossfilter.totals()[name].max()
        assert figure.xaxis[0].major_label_overrides == dict(bins.ticks)
    standing = box(figures["duration"])
    assert (standing.visible, standing.left, standing.right) == (True, 3, 9)
    assert "selected" in linked.readout.text
    linked.select(Selection())
    assert not standing.visible
    assert columns(figures["start"], 1)["top"].tolist() == crossfilter.totals()["start"].tolist()


def test_ranges_are_not_shared_between_figures(rendered: Rendered) -> None:
    figures = rendered[1].values()
    assert len({id(figure.x_range) for figure in figures}) == len(TITLES)


def test_a_brush_of_the_browser_is_heard_once() -> None:
    heard: list[Selection] = []
    linked = LinkedCharts(TITLES, on_selection=heard.append)
    hv.render(linked.elements["duration"])
    crossfilter = made_up(300)
    linked.show(crossfilter)
    Document().add_root(linked.channel)
    reply = ask(linked, kind="select", spans={"event_count": [1, 4]})
    selection = Selection().with_("event_count", Range(2, 5))
    assert heard == [selection]
    assert reply["counts"]["start"].tolist() == crossfilter.counts(selection)["start"].tolist()
    ask(linked, kind="select", spans={"event_count": [1, 4]}, seq=2)
    linked.select(Selection())
    assert heard == [selection]


def test_a_request_about_older_data_is_not_answered(rendered: Rendered) -> None:
    linked, _ = rendered
    linked.show(made_up(300))
    old = linked.channel.state["generation"]
    assert ask(linked, kind="table", name="duration")["kind"] == "table"
    linked.show(made_up(400))
    reply = ask(linked, kind="select", spans={"duration": [0, 1]}, generation=old, seq=2)
    assert reply["kind"] == "stale"
    assert linked.selection == Selection()


class Waits:
    """Questions that are answered when the test says so; a newer one of the same kind stops an older one."""

    def __init__(self) -> None:
        self.lanes: list[dict[str, Any]] = []

    def __call__(self) -> Any:
        lane: dict[str, Any] = {}
        self.lanes.append(lane)
        return lambda work, done: lane.update(work=work, done=done)

    def answer(self, lane: int) -> None:
        asked = self.lanes[lane]
        work, done = asked.pop("work"), asked.pop("done")
        done(work())

    def fail(self, lane: int) -> None:
        asked = self.lanes[lane]
        asked.pop("work")
        asked.pop("done")(None)


TABLES, COUNTS = 0, 1


def slowly() -> tuple[LinkedCharts, Waits, dict[str, Any], list[Selection]]:
    """Charts of a drawn picture, whose next questions wait to be answered."""
    later, heard = Waits(), []
    linked = LinkedCharts(TITLES, on_selection=heard.append, later=later)
    figures = {name: hv.render(element) for name, element in linked.elements.items()}
    Document().add_root(Column(children=[*figures.values(), linked.readout]))
    linked.show(made_up(2_000))
    later.answer(COUNTS)
    return linked, later, figures, heard


def counted(linked: LinkedCharts, text: str) -> list[int]:
    return made_up(2_000).counts(Selection.from_text(text))["start"].tolist()


FEW, SOME = "event_count:2..5", "event_count:3..9"


def test_before_anything_is_counted_all_sessions_are_drawn() -> None:
    later = Waits()
    linked = LinkedCharts(TITLES, later=later)
    linked.show(made_up(300))
    figure = hv.render(linked.elements["start"])
    assert columns(figure, 1)["top"].tolist() == made_up(300).totals()["start"].tolist()
    assert linked.readout.text == ""
    later.answer(COUNTS)
    assert linked.readout.text.startswith("300 sessions · ")


def test_what_is_drawn_stands_until_the_next_is_counted() -> None:
    linked, later, figures, _ = slowly()
    before = columns(figures["start"], 1)["top"].tolist()
    linked.select(Selection.from_text(FEW))
    assert columns(figures["start"], 1)["top"].tolist() == before
    assert not box(figures["event_count"]).visible
    later.answer(COUNTS)
    assert columns(figures["start"], 1)["top"].tolist() == counted(linked, FEW)
    assert box(figures["event_count"]).visible
    smaller = made_up(400)
    linked.show(smaller)
    assert columns(figures["start"], 1)["top"].tolist() == counted(linked, FEW)
    later.answer(COUNTS)
    assert columns(figures["start"], 1)["top"].tolist() == smaller.counts(linked.selection)["start"].tolist()


def test_of_brushes_the_newest_is_counted_and_the_older_is_let_go() -> None:
    linked, later, _, heard = slowly()
    ask(linked, kind="select", spans={"event_count": [1, 4]}, seq=1)
    assert linked.channel.reply.get("seq") != 1
    ask(linked, kind="select", spans={"event_count": [2, 8]}, seq=2)
    assert (linked.channel.reply["seq"], linked.channel.reply["kind"]) == (1, "stale")
    later.answer(COUNTS)
    assert (linked.channel.reply["seq"], linked.channel.reply["kind"]) == (2, "select")
    assert linked.channel.reply["counts"]["start"].tolist() == counted(linked, SOME)
    assert heard == [Selection.from_text(FEW), Selection.from_text(SOME)]


def test_a_brush_and_a_change_of_python_while_either_is_counted() -> None:
    linked, later, figures, _ = slowly()
    ask(linked, kind="select", spans={"event_count": [1, 4]}, seq=1)
    linked.select(Selection())
    later.answer(COUNTS)
    assert (linked.channel.reply["seq"], linked.channel.reply["kind"]) == (1, "stale")
    assert linked.channel.state["brushes"] == {}
    assert columns(figures["start"], 1)["top"].tolist() == counted(linked, "")
    linked.select(Selection.from_text("start:2024-01-01T00:00..2024-01-02T00:00"))
    ask(linked, kind="select", spans={"start": None, "event_count": [1, 4]}, seq=2)
    later.answer(COUNTS)
    assert (linked.channel.reply["seq"], linked.channel.reply["kind"]) == (2, "stale")
    assert linked.channel.state["brushes"] == {"event_count": [1, 4]}
    assert columns(figures["start"], 1)["top"].tolist() == counted(linked, FEW)


def test_a_brush_that_is_counted_while_shares_are_asked_for_is_drawn_as_such() -> None:
    linked, later, figures, _ = slowly()
    ask(linked, kind="select", spans={"event_count": [1, 4]}, seq=1)
    linked.share(True)
    later.answer(COUNTS)
    assert linked.channel.reply["kind"] == "stale"
    assert columns(figures["start"], 1)["count"].tolist() == counted(linked, FEW)
    assert columns(figures["start"], 1)["top"].sum() == pytest.approx(1)


def test_what_cannot_be_counted_leaves_the_picture_and_answers() -> None:
    linked, later, figures, _ = slowly()
    before = columns(figures["start"], 1)["top"].tolist()
    ask(linked, kind="select", spans={"event_count": [1, 4]}, seq=1)
    later.fail(COUNTS)
    assert linked.channel.reply["kind"] == "stale"
    assert columns(figures["start"], 1)["top"].tolist() == before
    linked.show(made_up(400), Selection())
    later.fail(COUNTS)
    assert columns(figures["start"], 1)["top"].tolist() == before
    linked.select(Selection.from_text(FEW))
    later.answer(COUNTS)
    assert columns(figures["start"], 0)["top"].tolist() == made_up(400).totals()["start"].tolist()


def test_a_chart_that_comes_while_something_is_selected_is_counted() -> None:
    _, crossfilter = made_up_values(500)
    later = Waits()
    linked = LinkedCharts({"paid": "Paid"}, later=later)
    hv.render(linked.elements["paid"])
    linked.show(crossfilter, Selection.from_text("weekday:Monday"))
    later.answer(COUNTS)
    figure = hv.render(linked.add("platform", "Platform"))
    later.answer(COUNTS)
    assert columns(figure, 1)["top"].tolist() == crossfilter.counts(linked.selection)["platform"].tolist()


def test_a_table_is_counted_beside_a_brush() -> None:
    linked, later, _, _ = slowly()
    ask(linked, kind="table", name="duration", seq=1)
    linked.select(Selection.from_text(FEW))
    later.answer(TABLES)
    assert linked.channel.reply["kind"] == "table"
    ask(linked, kind="table", name="duration", seq=2)
    later.answer(COUNTS)
    later.answer(TABLES)
    assert linked.channel.reply["kind"] == "stale"


def test_a_table_travels_flat_and_counts_what_it_should(rendered: Rendered) -> None:
    linked, _ = rendered
    crossfilter = made_up(300)
    linked.show(crossfilter)
    reply = ask(linked, kind="table", name="start")
    table = crossfilter.running("start", Selection())
    assert set(reply["charts"]) == set(TITLES) - {"start"}
    assert all(np.array_equal(flat, table.charts[name].ravel()) for name, flat in reply["charts"].items())
    assert reply["seq"] == 1


def test_a_figure_that_is_rendered_again_shows_the_same(rendered: Rendered) -> None:
    linked, figures = rendered
    linked.show(made_up(300), Selection().with_("event_count", Range(2, 5)))
    again = hv.render(linked.elements["event_count"])
    assert again is not figures["event_count"]
    assert columns(again, 1)["top"].tolist() == columns(figures["event_count"], 1)["top"].tolist()
    assert box(again).visible
    assert linked.channel.charts["event_count"]["figure"] is again


def test_a_distribution_alone_is_complete() -> None:
    crossfilter = made_up(300)
    bins = crossfilter.dimensions["duration"].bins
    figure = hv.render(distribution(bins, crossfilter.totals()["duration"], crossfilter.totals()["duration"]))
    assert figure.xaxis[0].major_label_overrides == dict(bins.ticks)
    assert len(columns(figure, 0)["top"]) == len(bins)


def test_charts_come_and_go() -> None:
    _, crossfilter = made_up_values(500)
    linked = LinkedCharts({"paid": "Paid"})
    hv.render(linked.elements["paid"])
    linked.show(crossfilter, Selection.from_text("platform:ios|tv"))
    assert linked.channel.state["bars"] == ["platform", "weekday"]
    figure = hv.render(linked.add("platform", "Platform"))
    assert set(linked.channel.charts) == {"paid", "platform"}
    assert columns(figure, 1)["alpha"].tolist() == [0.28, 1, 0.28, 1, 0.28, 0.28, 0.28]
    assert not figure.select_one(BoxSelectTool).persistent
    assert linked.channel.state["brushes"] == {"platform": {"bins": [1, 3]}}
    linked.remove("platform")
    assert set(linked.channel.charts) == set(linked.elements) == {"paid"}
    assert linked.selection == Selection.from_text("platform:ios|tv")


def test_bars_and_ranges_are_asked_for_in_the_same_way() -> None:
    _, crossfilter = made_up_values(500)
    linked = LinkedCharts(VALUE_TITLES)
    linked.show(crossfilter)
    Document().add_root(linked.channel)
    ask(linked, kind="select", spans={"platform": {"bins": [0, 6]}, "weekday": [0, 2]})
    assert linked.selection == Selection.from_text("platform:web|~none;weekday:Monday|Tuesday")
    ask(linked, kind="select", spans={"platform": {"bins": []}, "weekday": None}, seq=2)
    assert linked.selection == Selection()


def test_long_labels_are_short_below_and_whole_on_hovering() -> None:
    _, crossfilter = made_up_values(500)
    bins = crossfilter.dimensions["platform"].bins
    figure = hv.render(distribution(bins, crossfilter.totals()["platform"], crossfilter.totals()["platform"]))
    assert figure.yaxis[0].major_label_overrides[4.5] == "<img src=x onerror=al…"
    assert {axis.major_label_orientation for axis in (*figure.xaxis, *figure.yaxis)} == {"horizontal"}
    assert bins.labels[4] == "<img src=x onerror=alert(1)>"


def test_bars_with_names_lie_and_others_stand_also_in_the_same_figure() -> None:
    _, crossfilter = made_up_values(500)
    counts = crossfilter.totals()["platform"]
    names = crossfilter.dimensions["platform"].bins
    figure = hv.render(distribution(names, counts, counts))
    quads = [renderer.glyph for renderer in figure.renderers]
    assert {(quad.left, quad.right, quad.bottom, quad.top) for quad in quads} == {(0, "top", "left", "right")}
    assert (figure.y_range.start, figure.y_range.end) == (len(names), 0)
    assert list(figure.yaxis[0].ticker.ticks) == [place for place, _ in names.ticks]
    assert figure.x_range.end > max(counts)
    assert (figure.xgrid[0].visible, figure.ygrid[0].visible) == (True, False)
    numbers = count_bins("pages", extent([1, 2]))
    fit(figure, numbers, np.array([5.0, 3.0]))
    assert {(quad.left, quad.right, quad.bottom, quad.top) for quad in quads} == {("left", "right", 0, "top")}
    assert (figure.x_range.start, figure.x_range.end, figure.y_range.start) == (0, 2, 0)
    assert not isinstance(figure.yaxis[0].ticker, FixedTicker)
    assert figure.yaxis[0].major_label_overrides == {}
    assert (figure.xgrid[0].visible, figure.ygrid[0].visible) == (False, True)


def test_names_that_have_no_room_below_each_other_are_thinned_out() -> None:
    ticks = tuple((at + 0.5, f"n{at}") for at in range(40))
    assert with_room(ticks[:12], 200) == ticks[:12]
    few = with_room(ticks, 200)
    assert 8 <= len(few) <= 14
    assert few[0] == ticks[0]
    assert with_room((), 200) == ()


def test_a_metric_may_be_called_like_our_own_columns() -> None:
    bins = count_bins("total", extent([1, 2]))
    figure = hv.render(distribution(bins, [5, 3], [1, 0]))
    assert columns(figure, 0)["top"].tolist() == [5, 3]

"""The grid of charts without a browser: charts are added, changed, moved, brushed, and follow."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from explorer.crossfilter.selections.selection import Selection
from explorer.spec.charts.chart import Chart
from explorer.spec.charts.kinds import KINDS
from explorer.spec.metric import ActorMetric, Metric
from tests.engines.making import Connect
from tests.factories import FRAME
from widgets import SessionExplorer
from widgets.charts.chart_card import ChartCard
from widgets.charts.chart_fields import changed, fields
from widgets.charts.chart_menu import choices


@pytest.fixture
def app(engines: Connect) -> SessionExplorer:
    return SessionExplorer(engines(FRAME, actor="user", time="ts", event="event"))


def added(app: SessionExplorer, kind: str) -> tuple[str, ChartCard]:
    app.chart_choice.hear({"toggle": f"new {kind}"})
    key = app.state.cards[-1].key
    return key, app.grid.cards[key]


def act(app: SessionExplorer, key: str, **message: Any) -> None:
    app.grid.cards[key].hear(message)


def pick(app: SessionExplorer, key: str, x: tuple[float, float], y: tuple[float, float] = (0, 0), **more: Any) -> None:
    request = {"kind": "pick", "name": key, "x": list(x), "y": list(y), "adding": False, "drag": False, "seq": 1}
    app.linked._answer(request | {"generation": app.linked._generation} | more)


@pytest.mark.parametrize("kind", [kind.name for kind in KINDS.values() if kind.offer])
def test_a_new_chart_is_shown_with_its_form_and_can_be_taken_back(app: SessionExplorer, kind: str):
    before = app.analysis
    key, card = added(app, kind)
    assert app.state.cards[-1].chart.kind == kind
    assert card.form is not None
    assert card.value.question.partition("?")[1] == "?"
    brushed = key in app.linked.elements
    assert brushed or key in app.linked.followers.shown or card.groups is not None or kind == "number"
    app.state.undo()
    assert app.analysis == before
    assert key not in app.grid.cards
    assert key not in app.linked.followers.shown


def test_a_form_changes_its_chart_and_stays_with_it(app: SessionExplorer):
    _, card = added(app, "number")
    form = card.form
    assert form is not None
    form.hear({"name": "aggregate", "value": "sum"})
    assert str(app.state.cards[-1].chart.measure) == "sum duration"
    now = app.grid.cards[app.state.cards[-1].key]
    assert now.form is form
    form.hear({"name": "kind", "value": "bar"})
    assert app.state.cards[-1].chart == Chart("bar", "session", measure="sum duration", by="duration")
    form.hear({"name": "where", "value": "duration >"})
    assert [each["error"] for each in form._fields.fields if each["name"] == "where"] != [""]
    assert app.state.cards[-1].chart.where is None


def test_what_cannot_be_answered_says_why_on_its_card(app: SessionExplorer):
    _, card = added(app, "number")
    assert card.form is not None
    card.form.hear({"name": "where", "value": "durtion > '1m'"})
    now = app.grid.cards[app.state.cards[-1].key]
    assert now.value.failed
    assert "Did you mean 'duration'?" in now.value.question


def test_charts_are_copied_moved_resized_and_removed(app: SessionExplorer):
    keys = [card.key for card in app.state.cards]
    act(app, "duration", act="move", to=2)
    assert [card.key for card in app.state.cards] == [keys[1], keys[2], "duration", keys[3]]
    act(app, "duration", act="copy")
    copy = app.state.cards[3]
    assert (copy.chart.of, copy.dimension) == ("duration", "")
    act(app, copy.key, act="size", size="large")
    assert app.grid.cards[copy.key].value.size == "large"
    assert app.grid.cards[copy.key].value.height > app.grid.cards["duration"].value.height
    while len(app.state.cards) > 1:
        act(app, app.state.cards[-1].key, act="remove")
    act(app, app.state.cards[0].key, act="remove")
    assert len(app.state.cards) == 1


def test_bins_are_changed_in_place(app: SessionExplorer):
    act(app, "duration", act="edit")
    form = app.grid.cards["duration"].form
    assert form is not None
    form.hear({"name": "bin", "value": "1m"})
    assert app.grid.cards["duration"].form is form
    bins = app.state.drawn.crossfilter.dimensions["duration"].bins
    assert bins.end - bins.lows[0] == 60_000_000
    form.hear({"name": "bin", "value": "10"})
    assert app.grid.cards["duration"].value.failed
    assert "has no unit" in app.grid.cards["duration"].value.question


def test_a_cell_brushes_both_its_dimensions_and_a_second_click_takes_both_away(app: SessionExplorer):
    key, _ = added(app, "heatmap")
    session = app.sessions.row(0, named=True)
    hour, weekday = session["start"].hour, session["start"].weekday()
    pick(app, key, (hour + 0.5,) * 2, (weekday + 0.5,) * 2)
    assert set(app.state.selection) == {"hour of start", "weekday of start"}
    held = app.sessions.filter((pl.col("start").dt.hour() == hour) & (pl.col("start").dt.weekday() == weekday + 1))
    assert app.selected.equals(held)
    assert len(app.chips.value) == 2
    pick(app, key, (hour + 0.5,) * 2, (weekday + 0.5,) * 2)
    assert not app.state.selection


def test_a_drag_over_lines_brushes_the_sessions_that_start_there(app: SessionExplorer):
    key, _ = added(app, "line")
    pick(app, key, (-0.4, 0.3), drag=True)
    first = app.sessions["start"].dt.date().min()
    assert app.selected.height == app.sessions.filter(pl.col("start").dt.date() == first).height
    pick(app, key, (0, 0))
    assert not app.state.selection


def test_a_drag_over_points_brushes_a_rectangle(app: SessionExplorer):
    key, _ = added(app, "scatter")
    pick(app, key, (0.2, 40.0), (0.1, 3.4), drag=True)
    assert set(app.state.selection) == {"duration", "event_count"}
    assert 0 < app.selected.height <= app.sessions.height


def test_what_follows_follows_the_brush_and_the_drag(app: SessionExplorer):
    key, _ = added(app, "table")
    card = app.grid.cards[key]
    card.form.hear({"name": "aggregate", "value": "sum"})  # type: ignore[union-attr]
    key = app.state.cards[-1].key
    card = app.grid.cards[key]
    counts = app.sessions["event_count"]
    selection = Selection.from_text(f"event_count:{counts.max()}..")
    app.charting.peek(selection)
    assert card.groups is not None
    assert "Selected" in card.groups.headings
    app.state.selection = selection
    assert "Selected" in card.groups.headings
    app.state.selection = Selection()
    assert "Selected" not in card.groups.headings


def test_numbers_stand_behind_a_brushed_chart(app: SessionExplorer):
    app.grid.cards["event_count"].hear({"act": "table"})
    groups = app.grid.cards["event_count"].groups
    assert groups is not None
    assert sum(int(row[1].replace(",", "")) for row in groups.rows) == app.sessions.height
    app.state.selection = Selection.from_text("duration:0s..1us")
    groups = app.grid.cards["event_count"].groups
    assert groups is not None
    held = sum(int(row[2].replace(",", "")) for row in groups.rows)
    assert held == app.sessions.filter(pl.col("duration") == pl.duration()).height


def test_any_value_of_a_column_is_charted_brushed_and_taken_away(app: SessionExplorer):
    app.chart_choice.hear({"toggle": "any event"})
    key = app.state.cards[-1].key
    assert "any event" in app.chart_choice.value
    pick(app, key, (0.5, 0.5))
    (brush,) = app.state.selection.values()
    assert brush.to_text() in ("view", "login", "purchase")
    events = app.state.engine.events(app.state.definition, f"event = '{brush.to_text()}'", slice(0, 10_000))
    assert app.selected.height == events["session_id"].n_unique()
    assert app.chips.value[0].text.startswith("Any event = ")
    app.state.selection = Selection()
    app.chart_choice.hear({"toggle": "any event"})
    assert key not in app.grid.cards


def test_a_definition_that_does_not_fit_leaves_the_charts(app: SessionExplorer):
    before = app.state.drawn
    app.state.define(where="nothing_there = 1")
    assert app.state.drawn is before
    assert app.notice.value is not None
    assert list(app.grid.cards) == ["duration", "event_count", "time_in_session", "start"]


def test_shares_are_a_state_of_the_page_and_charts_without_say_why(app: SessionExplorer):
    _, number = added(app, "number")
    _, bar = added(app, "bar")
    app.heights.value = "shares"
    assert app.state.shares
    assert number.value.question.endswith("Shares do not change this card: it shows its numbers as they are.")
    assert "hares" not in bar.value.question
    assert app.linked.channel.state["shares"]
    app.state.shares = False
    assert app.heights.value == "counts"
    assert not app.linked.channel.state["shares"]
    assert "hares" not in number.value.question


def test_a_selection_and_the_rest_become_definitions_that_are_compared(app: SessionExplorer):
    before, every = app.analysis, app.sessions.height
    app.state.selection = Selection.from_text("start:2024-03-01T00:00..2024-03-01T04:00")
    held = app.selected.height
    assert 0 < held < every
    app.chips.hear({"act": "sides"})
    names = [session.name for session in app.analysis.sessions]
    assert names == ["session", "session selected", "session rest"]
    engine = app.state.engine
    assert [engine.sessions(one).height for one in app.analysis.sessions] == [every, held, every - held]
    assert app.state.view == "compare"
    rows = {row.name: row for row in app.viewing.views["compare"].table.rows}  # type: ignore[attr-defined]
    assert [rows[name].ticked for name in names] == [False, True, True]
    assert rows["session rest"].is_base
    app.chips.hear({"act": "sides"})
    assert [session.name for session in app.analysis.sessions] == names
    app.state.undo()
    assert app.analysis == before


def test_no_share_of_a_duration_is_offered():
    """Neither of a session's own lengths nor of a metric that is one, also where another measure is made a share."""
    frame = pl.DataFrame({"user": ["a", "a", "b"], "ts": [1, 90, 300], "event": ["x", "y", "x"], "paid": [1, 2, 3]})
    app = SessionExplorer(frame, actor="user", time="ts", event="event")
    waited = Metric(name="waited", aggregate="time_to", where="event = 'y'")
    paid = Metric(name="spent", aggregate="sum", column="paid")
    longest = ActorMetric(name="longest", aggregate="max", column="duration")
    app.state.define(metrics=[waited, paid], actor_metrics=[longest])
    offered = choices(app.state)
    assert set(offered.lengths) == {"waited", "longest"}
    chart = Chart("bar", app.state.session, measure="mean waited", by="user")
    share = changed(chart, "aggregate", "share", offered)
    assert str(share.measure) == "share"
    (measured,) = [each for each in fields(share, offered) if each["name"] == "measured"]
    names = [name for _, group in measured["options"] for name, _ in group]
    assert "spent" in names
    assert not {"waited", "longest", "duration", "start", "time_in_session"} & {*names}
    assert str(changed(chart.replace(measure="sum spent"), "aggregate", "share", offered).measure) == "share spent"

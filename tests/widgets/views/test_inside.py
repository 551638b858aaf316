"""The view of what happens inside sessions, without a browser: its numbers, its brushes, its funnel."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from explorer.crossfilter.formats import count_text
from explorer.crossfilter.selections.brushes import Range, Values
from explorer.crossfilter.selections.selection import Selection
from explorer.spec.charts.chart import Chart
from explorer.spec.metric import Metric
from tests.engines.making import Connect
from tests.factories import FRAME
from widgets import SessionExplorer
from widgets.views.inside.view import NO_EVENT, NO_TEXT, InsideView

LOGIN, VIEW, BUY = (f"event = '{event}'" for event in ("login", "view", "purchase"))


@pytest.fixture
def app(engines: Connect) -> SessionExplorer:
    return SessionExplorer(engines(FRAME, actor="user", time="ts", event="event"))


def opened(app: SessionExplorer) -> InsideView:
    app.state.view = "inside"
    return app.viewing.views["inside"]  # type: ignore[return-value]


def hear(view: InsideView, panel: Any, **message: Any) -> None:
    view.hear(panel, message)


def first_events(app: SessionExplorer) -> pl.DataFrame:
    events = app.state.engine.events(app.state.definition, page=slice(0, 100_000))
    return events.group_by("session_id", maintain_order=True).agg(pl.col("event").first())["event"].value_counts()


def test_bars_say_how_sessions_begin(app: SessionExplorer):
    view = opened(app)
    shown = {bar["label"]: bar["count"] for bar in view.begin.shown["bars"]}
    assert shown == {event: count_text(count) for event, count in first_events(app).rows()}
    assert view.begin.shown["note"] == f"Of all {app.sessions.height} sessions."
    assert not view.begin.shown["ghosts"]


def test_a_bar_brushes_and_a_second_click_takes_it_back(app: SessionExplorer):
    view = opened(app)
    at = next(at for at, bar in enumerate(view.begin.shown["bars"]) if bar["label"] == "login")
    hear(view, view.begin, bin=at)
    assert app.state.selection == Selection().with_("first event", Values(frozenset({"login"})))
    wanted = dict(first_events(app).rows())["login"]
    assert app.selected.height == wanted
    assert [bar["pressed"] for bar in view.begin.shown["bars"]].count(True) == 1
    assert view.end.shown["note"].startswith(f"Of the {wanted} selected session")
    assert [chip.text for chip in app.chips.value] == ["First event = login"]
    assert view.steps.shown["total"] == wanted  # of paths, which are of the selected sessions
    hear(view, view.begin, bin=at)
    assert not app.state.selection


def test_what_is_folded_into_other_opens(engines: Connect):
    rows = [(f"u{at}", f"kind {at % 15:02}") for at in range(40)]
    frame = pl.DataFrame(rows, schema=["user", "event"], orient="row").with_columns(ts=pl.lit("2024-03-01 10:00"))
    view = opened(SessionExplorer(engines(frame, actor="user", time="ts", event="event")))
    assert len(view.begin.shown["bars"]) == 11
    assert view.begin.shown["more"] == "Open other: 5 more values"
    hear(view, view.begin, open=True)
    assert [bar["label"] for bar in view.begin.shown["bars"]] == [f"kind {at:02}" for at in range(15)]
    assert view.begin.shown["more"] == "Show the most frequent"
    assert len(view.end.shown["bars"]) == 11
    hear(view, view.begin, open=False)
    assert len(view.begin.shown["bars"]) == 11


def test_nothing_of_it_becomes_a_card_among_the_charts(app: SessionExplorer):
    before = list(app.grid.value)
    view = opened(app)
    hear(view, view.funnel, apply={"steps": [LOGIN]})
    assert list(app.grid.value) == before
    assert {"first event", "last event", "funnel"} <= set(app.state.drawn.crossfilter.dimensions)


def test_a_brush_of_a_link_is_drawn_before_the_view_is_opened(app: SessionExplorer):
    app.state.selection = Selection.from_text("last event:purchase")
    events = app.state.engine.events(app.state.definition, page=slice(0, 100_000))
    last = events.group_by("session_id").agg(pl.col("event").last())
    assert app.selected.height == last.filter(pl.col("event") == "purchase").height < app.sessions.height


def test_a_funnel_is_one_step_of_undo_and_brushed(app: SessionExplorer):
    view = opened(app)
    before = app.analysis
    hear(view, view.funnel, apply={"steps": [LOGIN, " ", VIEW, BUY]})
    chart = Chart("funnel", "session", steps=(LOGIN, VIEW, BUY))
    assert app.state.funnel == chart
    assert len(app.analysis.charts) == 5  # beside the standard ones
    counts = app.state.engine.query(chart, app.state.definition)["value"].to_list()
    wanted = [count_text(n) for n in [app.sessions.height, *counts]]
    assert [row["count"] for row in view.funnel.shown["rows"]] == wanted
    hear(view, view.funnel, reached=[2, 3])
    assert app.state.selection["funnel"] == Range(2, None)
    assert app.selected.height == counts[1]
    assert [row.get("pressed") for row in view.funnel.shown["rows"]] == [None, False, True, False]
    assert [chip.text for chip in app.chips.value] == ["funnel reached step 2: view"]
    hear(view, view.funnel, reached=[2, 2])
    assert app.selected.height == counts[1] - counts[2]
    assert view.funnel.shown["between"][2]["pressed"]
    hear(view, view.funnel, reached=[2, 2])
    assert not app.state.selection
    app.state.undo()
    assert app.analysis == before
    assert view.funnel.steps == []
    assert view.funnel.shown == {}


def test_what_steps_keep_to_is_typed_and_said(app: SessionExplorer):
    view = opened(app)
    kept = {"within": "10m", "without": "event = 'login'", "order": "any"}
    hear(view, view.funnel, apply={"steps": [VIEW, BUY], **kept})
    chart = Chart("funnel", "session", steps=(VIEW, BUY), **kept)
    assert app.state.funnel == chart
    counts = app.state.engine.query(chart, app.state.definition)["value"].to_list()
    assert [row["count"] for row in view.funnel.shown["rows"]][1:] == [count_text(n) for n in counts]
    assert view.funnel.limits == kept
    share = f"{100 * counts[1] / counts[0]:.1f} %"
    assert view.funnel.shown["result"].endswith(
        f"{share} reach purchase in any order within 10m, without an event where event is 'login' in between."
    )
    assert "All within 10m, in the best attempt." in view.funnel.shown["note"]


def test_what_steps_cannot_keep_to_is_said_beside_it_and_changes_nothing(app: SessionExplorer):
    view, before = opened(app), app.analysis
    hear(view, view.funnel, draft={"steps": [LOGIN], "within": "10"})
    assert "'10' has no unit" in view.funnel.wrong["within"]
    hear(view, view.funnel, apply={"steps": [LOGIN], "without": "evnt = 'x'"})
    assert view.funnel.wrong == {"without": "there is no column 'evnt'. Did you mean 'event'?"}
    hear(view, view.funnel, build=[-1, "event ="])
    assert "cannot be read" in view.funnel.wrong["without"]
    assert app.analysis == before
    hear(view, view.funnel, build=[-1, VIEW])
    hear(view, view.funnel, built=[-1, {"steps": [LOGIN], "without": "nothing"}])
    assert str(app.state.funnel.without) == VIEW


def test_several_funnels_stand_below_each_other_and_each_is_brushed(app: SessionExplorer):
    view = opened(app)
    hear(view, view.funnel, apply={"steps": [LOGIN, BUY]})
    assert [each.panel.last for each in view.funnels] == [True]
    hear(view, view.funnel, more=True)
    assert [each.panel.last for each in view.funnels] == [False, True]
    assert view.funnels[1].panel.steps == []
    hear(view, view.funnels[1].panel, apply={"steps": [VIEW, BUY], "within": "5m"})
    assert [chart.steps for chart in app.state.funnels] == [
        Chart("funnel", "s", steps=s).steps for s in ((LOGIN, BUY), (VIEW, BUY))
    ]
    hear(view, view.funnels[1].panel, reached=[2, 2])
    assert app.state.selection["funnel 2"] == Range(2, None)
    assert [chip.text for chip in app.chips.value] == ["funnel 2 reached step 2: purchase"]
    counts = app.state.engine.query(app.state.funnels[1], app.state.definition)["value"].to_list()
    assert app.selected.height == counts[1]
    assert view.funnel.shown["rows"][0]["count"] == count_text(counts[1])
    hear(view, view.funnel, apply={"steps": []})
    assert not app.state.selection
    assert len(view.funnels) == 1
    assert view.funnel.limits["within"] == "5m"


def test_a_funnel_stands_side_by_side_for_each_value_and_every_step_is_brushed(app: SessionExplorer):
    view = opened(app)
    hear(view, view.funnel, apply={"steps": [VIEW, BUY]})
    assert "first platform" in [name for _, names in view.funnel.asked["by"]["options"][1:] for name, _ in names]
    hear(view, view.funnel, field=["by", "first platform"])
    assert app.state.funnel == Chart("funnel", "session", steps=(VIEW, BUY), by="first platform")
    frame = app.state.engine.query(app.state.funnel, app.state.definition)
    sides = view.funnel.shown["sides"]
    assert [head["label"] for head in sides["heads"]] == frame["first platform"].unique(maintain_order=True).to_list()
    counts = [row["cells"][at]["count"] for at in range(len(sides["heads"])) for row in sides["rows"]]
    assert counts == [count_text(n) for n in frame["value"]]
    hear(view, view.funnel, side=[1, 2, 2])
    platform = sides["heads"][1]["label"]
    assert app.state.selection == Selection.from_text(f"first platform:{platform};funnel:2..")
    assert app.state.numbers().sessions == frame["value"][3]
    assert [row["cells"][1]["pressed"] for row in view.funnel.shown["sides"]["rows"]] == [False, True]
    assert [row["cells"][1]["count"] for row in view.funnel.shown["sides"]["rows"]] == counts[2:4]
    hear(view, view.funnel, side=[1, 0, 0])
    assert app.state.selection == Selection.from_text(f"first platform:{platform}")
    assert view.funnel.shown["sides"]["heads"][1]["pressed"]
    hear(view, view.funnel, side=[1, 0, 0])
    assert not app.state.selection
    hear(view, view.funnel, field=["by", ""])
    assert view.funnel.shown["sides"] == {}
    hear(view, view.funnel, field=["by", "start"])
    assert "by[0]: 'start' is a time" in view.funnel.problem


def test_a_funnel_goes_over_time_and_time_is_brushed(app: SessionExplorer):
    view = opened(app)
    hear(view, view.funnel, apply={"steps": [VIEW, BUY]})
    hear(view, view.funnel, field=["every", "1d"])
    assert app.state.funnel == Chart("funnel", "session", steps=(VIEW, BUY), every="1d")
    frame = app.state.engine.query(app.state.funnel, app.state.definition)
    trend = view.funnel.shown["trend"]
    (line,) = trend["lines"]
    assert [point["value"] for point in line["points"]] == frame["value"].to_list()
    assert [point["n"] for point in line["points"]] == frame["sessions"].to_list()
    assert all(point["few"] for point in line["points"])
    assert trend["result"] == "Too few sessions begin per day to compare them: fewer than 30."
    assert "Hollow: fewer than 30 sessions begin" in trend["note"]
    hear(view, view.funnel, trend=[0, 0])
    assert view.funnel.shown["trend"]["brushed"] == [0.0, 1.0]
    first = app.state.engine.sessions(app.state.definition).filter(
        pl.col("start").dt.date() == frame["start"][0].date()
    )
    assert app.selected.height == first.height
    assert view.funnel.shown["rows"][0]["count"] == count_text(first.height)
    assert view.funnel.shown["trend"]["lines"] == trend["lines"]
    hear(view, view.funnel, trend=[0, 10_000])
    assert not app.state.selection
    hear(view, view.funnel, field=["by", "first platform"])
    lines = view.funnel.shown["trend"]["lines"]
    assert [each["label"] for each in lines] == [head["label"] for head in view.funnel.shown["sides"]["heads"]]
    assert sum(point["n"] for each in lines for point in each["points"]) == frame["sessions"].sum()


def test_a_funnel_across_sessions_counts_actors_and_brushes_all_their_sessions(app: SessionExplorer):
    view = opened(app)
    hear(view, view.funnel, apply={"steps": [LOGIN, BUY]})
    inside = [row["count"] for row in view.funnel.shown["rows"]]
    hear(view, view.funnel, field=["across", "true"])
    assert app.state.funnel.across
    counts = app.state.engine.query(app.state.funnel, app.state.definition)["value"].to_list()
    shown = view.funnel.shown
    assert [row["count"] for row in shown["rows"]][1:] == [count_text(n) for n in counts]
    assert shown["rows"][0]["label"] == "All actors"
    assert [row["count"] for row in shown["rows"]] != inside
    assert shown["note"].startswith(f"Of all {FRAME['user'].n_unique()} actors. In this order")
    assert shown["note"].endswith("a click selects all sessions of these actors.")
    assert shown["result"].startswith(f"Of {counts[0]} actors that reach login")
    hear(view, view.funnel, reached=[2, 2])
    who = app.selected["user"].unique()
    assert len(who) == counts[1]
    assert app.selected.height == app.sessions.filter(pl.col("user").is_in(who.implode())).height
    assert [chip.text for chip in app.chips.value] == ["funnel by actors: reached step 2: purchase"]
    hear(view, view.funnel, field=["across", ""])
    assert [row["count"] for row in view.funnel.shown["rows"]] == inside


def test_every_part_of_a_funnel_is_given_away_as_csv(app: SessionExplorer):
    view = opened(app)
    hear(view, view.funnel, apply={"steps": [VIEW, BUY]})
    hear(view, view.funnel, field=["by", "first platform"])
    hear(view, view.funnel, field=["every", "1d"])
    state, chart = app.state, app.state.funnel
    for turn, (part, fields) in enumerate(
        [("steps", {"by": (), "every": None}), ("sides", {"every": None}), ("trend", {})], 1
    ):
        hear(view, view.funnel, csv=part)
        assert view.funnel.handed["turn"] == turn
        found = pl.read_csv(view.funnel.handed["text"].encode())
        wanted = state.engine.query(chart.replace(**fields), state.definition)
        assert found.columns == wanted.columns
        assert found["value"].to_list() == pytest.approx(wanted["value"].to_list())
    hear(view, view.funnel, reached=[2, 2])
    hear(view, view.funnel, csv="steps")
    assert "selected value" not in view.funnel.handed["text"]
    platform = view.funnel.shown["sides"]["heads"][0]["label"]
    state.selection = Selection.from_text(f"first platform:{platform}")
    hear(view, view.funnel, csv="steps")
    found = pl.read_csv(view.funnel.handed["text"].encode())
    assert [count_text(n) for n in found["selected value"]] == [row["count"] for row in view.funnel.shown["rows"]][1:]
    assert [row[1] for row in view.funnel.shown["table"]["rows"]] == [count_text(n) for n in found["selected value"]]
    assert len(view.funnel.shown["trend"]["table"]["rows"][0]) == 5


def test_a_funnel_cannot_be_kept_and_says_what_instead(app: SessionExplorer):
    view = opened(app)
    hear(view, view.funnel, apply={"steps": [LOGIN, BUY]})
    hear(view, view.funnel, reached=[1, 2])
    app.chips.hear({"act": "keep"})
    assert "'funnel' cannot be part of the definition" in app.notice.value.text
    assert app.state.definition.keep is None


def test_steps_that_cannot_be_are_said_beside_them_and_change_nothing(app: SessionExplorer):
    view = opened(app)
    before = app.analysis
    hear(view, view.funnel, draft={"steps": [LOGIN, "evnt = 'view'", ""]})
    assert view.funnel.errors == ["", "there is no column 'evnt'. Did you mean 'event'?", ""]
    hear(view, view.funnel, apply={"steps": [LOGIN, "evnt = 'view'"]})
    assert app.analysis == before
    hear(view, view.funnel, apply={"steps": [LOGIN] * 13})
    assert "at most 12 steps" in view.funnel.errors[12]
    assert app.analysis == before
    hear(view, view.funnel, apply={"steps": []})
    assert app.analysis == before


def test_a_funnel_of_a_document_that_no_longer_fits_says_so_and_the_rest_stands(app: SessionExplorer):
    view = opened(app)
    app.analysis = app.analysis.replace(charts=(Chart("funnel", "session", steps=("gone = 'x'",)),))
    assert "there is no column 'gone'" in view.funnel.problem
    assert view.begin.shown["bars"]
    assert [card.dimension for card in app.state.cards] == ["duration", "event_count", "time_in_session", "start"]


def test_what_comes_next_is_told_of_the_row_that_was_chosen(app: SessionExplorer):
    view = opened(app)
    assert view.after.shown["chosen"] == "view"
    hear(view, view.after, chosen="login")
    assert view.after.shown["chosen"] == "login"
    assert [row["label"] for row in view.after.shown["rows"] if row["pressed"]] == ["login"]
    assert sum(int(bar["count"]) for bar in view.after.shown["bars"]) == FRAME.filter(pl.col("event") == "login").height


def test_another_number_of_steps_and_another_column(app: SessionExplorer):
    view = opened(app)
    hear(view, view.steps, field=["length", 6])
    assert len(view.steps.shown["columns"]) == 6
    hear(view, view.steps, field=["once", False])
    assert not view.steps.asked["once"]
    hear(view, view.choice, column="platform")
    assert {bar["label"] for bar in view.begin.shown["bars"]} <= {"ios", "web"}
    assert "first platform" in app.state.drawn.crossfilter.dimensions


def test_without_an_event_column_one_can_be_chosen(engines: Connect):
    app = SessionExplorer(
        engines(FRAME.rename({"event": "what"}).select("user", "ts", "what"), actor="user", time="ts")
    )
    app.analysis = app.analysis.replace(columns=app.analysis.columns.replace(event=None))
    view = opened(app)
    assert view.choice.missing == NO_EVENT
    assert not any(each.visible for each in view._of_events)
    hear(view, view.choice, column="what")
    assert view.choice.missing == ""
    assert view.begin.shown["bars"]


def test_without_texts_there_is_nothing_to_choose(engines: Connect):
    app = SessionExplorer(engines(FRAME.select("user", "ts"), actor="user", time="ts"))
    view = opened(app)
    assert view.choice.missing == NO_TEXT
    assert view.choice.columns == []


def test_no_session_and_a_brush_that_holds_none(app: SessionExplorer):
    view = opened(app)
    hear(view, view.funnel, apply={"steps": [LOGIN, VIEW]})
    app.state.selection = Selection.from_text("event_count:5000..6000")
    assert view.steps.shown["total"] == 0
    assert view.begin.shown["note"].startswith("Of the 0 selected sessions")
    app.state.define(keep="event_count > 5000")
    assert view.funnel.shown["rows"][0]["count"] == "0"


def test_one_event(engines: Connect):
    view = opened(SessionExplorer(engines(FRAME.head(1), actor="user", time="ts", event="event")))
    assert view.begin.shown["note"] == "Of 1 session."
    assert [len(each["nodes"]) for each in view.steps.shown["columns"]] == [1, 1, 0, 0]


def test_a_metric_of_the_same_name_is_said(app: SessionExplorer):
    app.state.define(metrics=[Metric("first event", "count")])
    assert "A metric is called 'first event'" in opened(app).begin.shown["nothing"]


def test_nulls_are_a_step_of_their_own_that_is_no_brush(engines: Connect):
    frame = FRAME.with_columns(pl.when(pl.col("event") != "login").then("event").alias("event"))
    view = opened(SessionExplorer(engines(frame, actor="user", time="ts", event="event")))
    nodes = view.steps.shown["columns"][0]["nodes"]
    assert any(node["label"] == "none" for node in nodes) == (frame["event"][0] is None)
    for column in view.steps.shown["columns"]:
        assert all("bin" not in node for node in column["nodes"] if node["kind"] != "value")


# ---- paths


def test_a_click_on_a_path_puts_it_into_the_document_and_brushes(app: SessionExplorer):
    view = opened(app)
    found = app.state.engine.paths(app.state.definition, of="event")
    shown = view.steps.shown
    assert (shown["result"], shown["total"]) == (found.sentence, found.walking)
    hear(view, view.steps, node=[1, 0, False])
    assert app.analysis.charts[-1] == Chart("paths", "session", of="event")
    assert app.state.selection == Selection().with_("path step 2", Values(frozenset({found.steps[1].values[0]})))
    assert app.selected.height == found.steps[1].nodes[0]
    assert [chip.text for chip in app.chips.value] == [f"Path step 2 = {found.steps[1].values[0]}"]
    after = view.steps.shown
    assert after["total"] == found.walking
    assert [node["pressed"] for node in after["columns"][1]["nodes"]].count(True) == 1
    assert sum(node["held"] for node in after["columns"][0]["nodes"]) == found.steps[1].nodes[0]
    hear(view, view.steps, node=[1, 0, False])
    assert not app.state.selection
    app.state.undo()
    assert not any(chart.kind == "paths" for chart in app.analysis.charts)


def test_ribbons_and_whole_paths_brush_and_shift_adds(app: SessionExplorer):
    view = opened(app)
    found = app.state.engine.paths(app.state.definition, of="event")
    a, b = (int(at[0]) for at in found.links[0].nonzero())
    hear(view, view.steps, link=[0, a, b])
    assert app.selected.height == found.links[0][a, b]
    hear(view, view.steps, path=0)
    assert app.selected.height >= found.whole[0].sessions > 0
    assert view.steps.shown["whole"][0]["pressed"]
    hear(view, view.steps, node=[0, 0, False])
    hear(view, view.steps, node=[1, 0, True])
    assert app.selected.height == found.links[0][0, 0]
    hear(view, view.steps, node=[9, 99, False])  # of numbers that are there no more
    hear(view, view.steps, path=9_999)
    assert app.selected.height == found.links[0][0, 0]
    app.chips.hear({"act": "keep"})
    assert "conditions do not know paths. Add a metric of a pattern" in app.notice.value.text


def test_what_is_asked_of_paths_is_in_the_document_and_lets_go_of_their_brushes(app: SessionExplorer):
    view = opened(app)
    hear(view, view.steps, node=[0, 0, False])
    hear(view, view.steps, field=["at", "purchase"])
    assert not app.state.selection
    hear(view, view.steps, field=["backward", True])
    hear(view, view.steps, field=["occurrence", "last"])
    hear(view, view.steps, field=["length", 3])
    hear(view, view.steps, field=["top", 2])
    hear(view, view.steps, field=["once", False])
    hear(view, view.steps, field=["of", "upper(event)"])
    hear(view, view.steps, field=["where", "event_number > 1"])
    assert view.steps.asked["where"] == "event_number > 1"
    asked = {"at": BUY, "occurrence": "last", "backward": True, "length": 3, "top": 2, "repeats": True}
    asked |= {"where": "event_number > 1"}
    chart = Chart("paths", "session", of="upper(event)", **asked)
    assert app.state.beside == (chart,)
    found = app.state.engine.paths(app.state.definition, of="upper(event)", **asked)
    shown = view.steps.shown
    assert shown["result"] == found.sentence
    assert [column["title"] for column in shown["columns"]] == ["2 steps before", "1 step before", "Up to here"]
    said = f"{found.absent} sessions have no such event and no path here."
    assert shown["note"] == f"Of all {found.sessions} sessions. {said}"
    assert view.steps.asked["at"] == "purchase"
    hear(view, view.steps, link=[0, 0, 0])
    assert app.selected.height == found.links[0][0, 0]
    hear(view, view.steps, field=["at", ""])
    assert app.state.beside[0].at is None
    assert app.state.beside[0].occurrence is None


def test_what_is_no_event_or_column_is_said_and_changes_nothing(app: SessionExplorer):
    view, before = opened(app), app.analysis
    hear(view, view.steps, field=["at", "evnt = 'x'"])
    assert view.steps.errors == {"at": "there is no column 'evnt'. Did you mean 'event'?"}
    hear(view, view.steps, field=["where", "session_number > 1"])
    assert "where" in view.steps.errors
    hear(view, view.steps, field=["of", "ts"])
    assert view.steps.errors == {"of": "This is a time. Events are told apart by texts, numbers or truth values."}
    hear(view, view.steps, field=["length", 99])
    assert view.steps.errors == {"length": "Paths have 2 to 10 steps, these have 99."}
    assert app.analysis == before


def test_more_paths_stand_below_and_are_taken_away(app: SessionExplorer):
    view = opened(app)
    hear(view, view.steps, more=True)
    assert [chart.backward for chart in app.state.beside] == [False, True]
    assert len(view.paths) == 2
    assert [each.panel.last for each in view.paths] == [False, True]
    hear(view, view.paths[1].panel, node=[0, 0, False])
    assert list(app.state.selection) == ["path 2 step 1"]
    hear(view, view.funnel, apply={"steps": [LOGIN]})
    assert len(app.state.beside) == 3  # a change of the funnels keeps the paths
    hear(view, view.steps, remove=True)
    assert [chart.backward for chart in app.state.beside if chart.kind == "paths"] == [True]
    assert not app.state.selection
    assert len(view.paths) == 1


def test_paths_are_given_away_as_csv(app: SessionExplorer):
    view = opened(app)
    hear(view, view.steps, node=[0, 0, False])
    found = app.state.engine.paths(app.state.definition, of="event")
    hear(view, view.steps, csv="steps")
    assert pl.read_csv(view.steps.handed["text"].encode())["value"].to_list() == found.frame()["value"].to_list()
    hear(view, view.steps, csv="whole")
    whole = pl.read_csv(view.steps.handed["text"].encode())
    assert whole["sessions"].to_list() == found.whole_frame()["sessions"].to_list()
    assert view.steps.handed["turn"] == 2


def test_a_brush_of_a_path_in_a_link_is_drawn_before_the_view_is_opened(app: SessionExplorer):
    app.state.add_chart(Chart("bar", "session", by="first event"))
    app.state.set_paths("path", Chart("paths", "session", at=VIEW, length=2))
    found = app.state.engine.paths(app.state.definition, at=VIEW, length=2)
    app.state.selection = Selection.from_text(f"path step 2:{found.steps[1].values[0]}")
    assert app.selected.height == found.steps[1].nodes[0]


def test_a_cell_of_a_funnel_across_sessions_brushes_exactly_its_actors(app: SessionExplorer):
    view = opened(app)
    hear(view, view.funnel, apply={"steps": [VIEW, BUY]})
    hear(view, view.funnel, field=["across", "true"])
    hear(view, view.funnel, field=["by", "first platform"])
    passed = app.state.on_page.funnel_groups(app.state.funnel, Selection())
    for side, group in enumerate(passed.groups):
        hear(view, view.funnel, side=[side, 2, 2])
        assert app.selected["user"].n_unique() == group.counts.reached[1]
        hear(view, view.funnel, side=[side, 2, 2])
        assert not app.state.selection
    hear(view, view.funnel, field=["by", ""])
    hear(view, view.funnel, field=["every", "1d"])
    trend = app.state.on_page.funnel_trend(app.state.funnel, Selection())
    hear(view, view.funnel, trend=[0, 0])
    first = app.sessions.group_by("user").agg(pl.col("start").min())
    day = trend.times[0]
    assert app.selected["user"].n_unique() == first.filter(pl.col("start").dt.truncate("1d") == day).height

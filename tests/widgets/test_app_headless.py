"""The whole explorer without a browser, as a notebook has it: what is edited is tried, applied and undone."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest

from explorer.crossfilter.selections.selection import Selection, Values
from explorer.spec.cohort import Cohort
from explorer.spec.metric import ActorMetric, Metric
from tests.factories import FRAME
from widgets import SessionExplorer
from widgets.definition.cohort_editor import CohortRule
from widgets.definition.metric_rule import ActorMetricRule, MetricRule

pytestmark = pytest.mark.slow


@pytest.fixture
def app() -> SessionExplorer:
    return SessionExplorer(FRAME, actor="user", time="ts", event="event")


def opened(app: SessionExplorer, key: str) -> None:
    app.rules.hear({"open": key})


def test_a_rule_is_tried_applied_and_undone(app: SessionExplorer):
    before = app.analysis
    opened(app, "where")
    editor = app.bench.editor
    editor.builder.value = "event = 'view'"
    wanted = app.state.engine.sessions(app.state.definition.replace(where="event = 'view'"))
    assert app.bench.preview.value.numbers[0].after == f"{wanted.height:,}"
    assert len(app.bench.preview.value.sample.rows) == 5
    assert editor.builder.counts[editor.builder.value] == FRAME.filter(pl.col("event") == "view").height
    assert app.analysis == before
    app.bench.hear({"apply": True})
    assert app.sessions.height == wanted.height
    assert app.bench.opened == ""
    app.state.undo()
    assert app.analysis == before
    app.state.redo()
    assert app.sessions.height == wanted.height


def test_what_is_wrong_is_said_in_the_editor_and_cannot_be_applied(app: SessionExplorer):
    before = app.analysis
    opened(app, "where")
    app.bench.editor.builder.value = "evnt = 'view'"
    assert "Did you mean 'event'?" in app.bench.editor.error
    app.bench.hear({"apply": True})
    assert app.analysis == before
    app.bench.editor.builder.value = "event = 'view'"
    assert app.bench.editor.error == ""


def test_a_brush_holds_on_without_its_chart_and_goes_with_its_metric(app: SessionExplorer):
    app.state.define(metrics=(Metric("begun", "min", "ts"),))
    app.chart_choice.hear({"toggle": "begun"})
    bins = app.state.on_page.dimensions["begun"].bins
    app.state.selection = Selection().with_("begun", bins.range(0, 3))
    selected = app.state.numbers()
    assert 0 < selected.sessions < app.sessions.height
    app.state.undo()
    assert "begun" not in [card.dimension for card in app.state.cards]
    assert app.state.numbers() == selected
    assert "selects nothing" not in app.chips.value[0].text
    app.state.undo()
    assert app.state.definition.metrics == ()
    assert not app.state.selection
    assert app.chips.value == ()
    assert app.state.numbers().sessions == app.sessions.height


def test_a_metric_is_added_charted_renamed_and_asked_for(app: SessionExplorer):
    opened(app, "metric:")
    rule = app.bench.editor
    assert isinstance(rule, MetricRule)
    assert rule.recipes
    rule.editor.name_field.value = "views"
    rule.editor.where.value = "event = 'view'"
    app.bench.hear({"apply": True})
    assert app.state.definition.metrics == (Metric("views", "count", where="event = 'view'"),)
    assert "views" in [column["name"] for column in app.table.columns]
    app.chart_choice.hear({"toggle": "views"})
    assert "views" in app.state.drawn.crossfilter.dimensions
    app.state.define(keep="views > 0")
    opened(app, "metric:views")
    app.bench.editor.editor.name_field.value = "seen"
    app.bench.hear({"apply": True})
    assert str(app.state.definition.keep) == "seen > 0"
    assert "seen" in app.state.dimensions
    assert app.sessions["seen"].min() > 0  # type: ignore[operator]


def test_an_actor_metric_is_added_charted_renamed_sorted_by_and_exported(app: SessionExplorer, tmp_path: Path):
    app.state.define(metrics=[Metric("views", "count", where="event = 'view'")])
    opened(app, "actor metric:")
    rule = app.bench.editor
    assert isinstance(rule, ActorMetricRule)
    assert "Total views" in dict(rule.recipes)
    rule.editor.name_field.value = "most"
    rule.editor.aggregate.value = "max"
    rule.editor.column.value = "views"
    wanted = ActorMetric("most", "max", "views")
    found = app.state.engine.actors(app.state.definition.replace(actor_metrics=[wanted]))
    facts = dict(app.bench.preview.value.facts)
    assert facts["Actors with a value"] == "4 of 4 · 100.0 %"
    assert facts["Max"] == str(found["most"].max())
    rule.editor.name_field.value = "views"
    assert "taken already" in app.bench.editor.error
    assert dict(app.bench.preview.value.facts) == facts
    rule.editor.name_field.value = "most"
    app.bench.hear({"apply": True})
    assert app.state.definition.actor_metrics == (wanted,)
    app.rules.hear({"chart": "actor metric:most"})
    assert app.state.charts[-1].kind == "distribution"
    assert app.state.drawn.crossfilter.dimensions["most"].per_actor
    app.state.selection = Selection.from_text(f"most:{found['most'].max()}..")
    app.state.keep_only()
    opened(app, "actor metric:most")
    app.bench.editor.editor.name_field.value = "top"
    app.bench.hear({"apply": True})
    assert str(app.state.definition.keep) == f"top >= {found['most'].max()}"
    assert "top" in app.state.dimensions
    app.viewing.tabs.value = "actors"
    ranking = app.viewing.views["actors"].ranking
    ranking.hear({"sort": ["metric top", True], "page": 0})
    assert [column["title"] for column in ranking.columns][-1] == "top"
    assert ranking.rows[0][-1] == str(found["most"].max())
    written = pl.read_parquet(app.export(tmp_path / "actors.parquet", what="actors"))
    assert written["top"].to_list() == [found["most"].max()] * written.height
    app.rules.hear({"remove": "actor metric:top"})
    assert "top" in app.notice.value.text  # the filter asks for it
    assert app.state.definition.actor_metric("top")
    app.state.define(keep=None)
    app.state.change_chart("top")
    app.rules.hear({"remove": "actor metric:top"})
    assert app.state.undoable == "actor metric top of session removed"
    app.state.undo()
    assert app.state.definition.actor_metric("top")


def test_a_cohort_is_added_asked_charted_renamed_and_removed(app: SessionExplorer):
    opened(app, "cohort:")
    rule = app.bench.editor
    assert isinstance(rule, CohortRule)
    assert {"session_count", "user"} < set(rule.session_columns)
    rule.name_field.value = "busy"
    rule.where.value = "time_in_session > '2h'"
    actors = app.state.engine.actors(app.state.definition)
    count = actors.filter(pl.col("time_in_session") > timedelta(hours=2)).height
    facts = dict(app.bench.preview.value.facts)
    assert facts["Actors who belong"].startswith(f"{count} of 4")
    assert rule.where.counts[rule.where.value] == count
    rule.where.value = "time_in_sesion > '2h'"
    assert "Did you mean 'time_in_session'?" in app.bench.editor.error
    assert dict(app.bench.preview.value.facts) == facts
    rule.where.value = "session_count >= 1"
    assert rule.error == ""
    rule.name_field.value = "duration"
    assert "'duration' is taken already" in rule.error
    rule.name_field.value = "busy"
    rule.where.value = "user IN ('u1', 'u2')"
    app.bench.hear({"apply": True})
    assert app.analysis.cohorts == (Cohort("busy", "session", "user IN ('u1', 'u2')"),)
    (row,) = (row for group in app.rules.value for row in group["rows"] if row["key"] == "cohort:busy")
    assert row["effect"] == "2 actors · 50.0 %"
    assert "busy" not in app.columns.names
    app.rules.hear({"chart": "cohort:busy"})
    assert app.state.drawn.crossfilter.totals()["busy"].sum() == app.sessions.height
    opened(app, "where")
    app.bench.editor.builder.value = "busy"
    app.bench.hear({"apply": True})
    assert "A cohort cannot need itself: 'busy' of session needs 'busy' of session." in app.bench.editor.error
    app.definitions.hear({"add": True})
    opened(app, "where")
    assert "busy" in app.bench.editor.columns
    app.bench.editor.builder.value = "busy"
    app.bench.hear({"apply": True})
    app.state.define(split_by=["busy"])
    assert set(app.sessions["user"]) == {"u1", "u2"}
    opened(app, "cohort:busy")
    app.bench.editor.name_field.value = "chosen"
    app.bench.hear({"apply": True})
    assert str(app.state.definition.where) == "chosen = TRUE"
    assert app.state.definition.split_by == ("chosen",)
    app.rules.hear({"remove": "cohort:chosen"})
    assert "chosen" in app.notice.value.text  # it is asked
    assert app.analysis.cohorts
    app.state.undo()
    assert app.analysis.cohorts[0].name == "busy"
    app.definitions.hear({"delete": app.state.definition.name})
    app.state.change_chart("busy")
    app.rules.hear({"remove": "cohort:busy"})
    assert app.analysis.cohorts == ()
    assert app.state.undoable == "cohort busy removed"


def test_selected_actors_are_saved_as_a_cohort(app: SessionExplorer):
    app.state.selection = Selection.from_text("duration:1m..")
    assert not app.chips.actors
    app.state.need("user", "session_count")
    app.state.selection = Selection.from_text("user:u1|u3")
    assert app.chips.actors
    ids = set(app.selected["session_id"])
    app.chips.hear({"act": "cohort"})
    assert app.analysis.cohorts == (Cohort("cohort", "session", "user IN ('u1', 'u3')"),)
    assert app.bench.opened == "cohort:cohort"
    app.bench.editor.name_field.value = "both"
    app.bench.hear({"apply": True})
    assert app.analysis.cohorts[0].name == "both"
    assert set(app.state.engine.sessions(app.state.definition.replace(keep="both"))["session_id"]) == ids
    app.state.define(keep="session_number = 1")
    app.state.selection = Selection.from_text("session_count:1..2")
    app.chips.hear({"act": "cohort"})
    assert "shown over the sessions that the session filter keeps" in app.notice.value.text
    assert len(app.analysis.cohorts) == 1


def test_rules_are_removed_and_metrics_moved(app: SessionExplorer):
    app.state.define(restart="event = 'login'", metrics=[Metric("a", "count"), Metric("b", "count")])
    app.rules.hear({"remove": "restart"})
    app.rules.hear({"down": "metric:a"})
    app.rules.hear({"duplicate": "metric:a"})
    app.rules.hear({"remove": "metric:b"})
    assert app.state.definition.restart is None
    assert [metric.name for metric in app.state.definition.metrics] == ["a", "a 2"]


def test_an_editor_closes_with_what_it_edits(app: SessionExplorer):
    app.definitions.hear({"add": True})
    opened(app, "end")
    app.definitions.hear({"delete": app.state.definition.name})
    assert app.bench.opened == ""


def test_each_rule_says_what_it_does(app: SessionExplorer):
    app.state.define(restart="event = 'login'")
    plain = app.state.engine.sessions(app.state.definition.replace(restart=None)).height
    row = next(row for group in app.rules.value for row in group["rows"] if row["key"] == "restart")
    assert row["effect"] == f"+{app.sessions.height - plain:,} sessions"


def test_other_data_are_opened_with_their_own_analysis(app: SessionExplorer, tmp_path: Path):
    path = tmp_path / "more.csv"
    FRAME.head(30).write_csv(path)
    path.with_suffix(".yaml").write_text(
        "columns: {actor: user, time: ts}\nsessions:\n- {name: short, inactivity: 10m}\n", encoding="utf-8"
    )
    app.data_toggle.hear({"toggle": True})
    app.opening.panel.source = str(path)  # type: ignore[union-attr]
    assert app.analysis.sessions[0].name == "short"
    assert app.state.engine.quality.events == 30
    assert app.state.undoable == ""
    assert app.opening.panel.facts.name == "more.csv"  # type: ignore[union-attr]


def test_the_same_data_opened_again_can_be_brushed_in_all_their_charts(app: SessionExplorer, tmp_path: Path):
    path = tmp_path / "more.csv"
    FRAME.head(30).write_csv(path)
    path.with_suffix(".yaml").write_text(
        "columns: {actor: user, time: ts}\nsessions:\n- {name: short, inactivity: 10m}\n"
        "charts:\n- {kind: heatmap, session: short, by: [hour of start, weekday of start]}\n",
        encoding="utf-8",
    )
    app.data_toggle.hear({"toggle": True})
    for _ in range(2):
        app.state.need("first event")
        app.opening.panel.param.update(source="")  # type: ignore[union-attr]
        app.opening.panel.source = str(path)  # type: ignore[union-attr]
        assert {"hour of start", "weekday of start"} <= set(app.state.drawn.crossfilter.dimensions)
        app.state.selection = Selection().with_("hour of start", Values(("0",)))
        assert app.state.numbers().sessions < app.sessions.height


def test_what_was_open_on_other_data_is_closed(app: SessionExplorer, tmp_path: Path):
    path = tmp_path / "more.csv"
    FRAME.head(30).write_csv(path)
    app.microscope.open(app.sessions["session_id"][0])
    app.rules.hear({"open": "where"})
    assert app.microscope.value
    assert app.bench.opened
    app.table.sort = ("duration", True)
    app.data_toggle.hear({"toggle": True})
    app.opening.panel.source = str(path)  # type: ignore[union-attr]
    assert not app.microscope.value
    assert not app.bench.opened
    assert app.table.sort == ("", False)


def test_data_that_cannot_be_read_change_nothing(app: SessionExplorer, tmp_path: Path):
    path = tmp_path / "bad.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    before = app.analysis
    app.data_toggle.hear({"toggle": True})
    app.opening.panel.source = str(path)  # type: ignore[union-attr]
    assert app.opening.panel.error  # type: ignore[union-attr]
    assert app.analysis == before

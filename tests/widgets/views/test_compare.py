"""The Compare tab without a browser: numbers, charts and kinds are the engine's, and the view follows the document."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import polars as pl
import pytest

from explorer.crossfilter.formats import count_text, duration_text, percent_text
from explorer.crossfilter.selections.selection import Selection
from explorer.spec.analysis import Analysis
from explorer.spec.columns import Columns
from explorer.spec.context.link import Link
from explorer.spec.session import SessionDefinition
from tests.engines.making import Connect
from tests.factories import FRAME
from widgets import SessionExplorer
from widgets.views.compare.compare_sides import FIRST, ways
from widgets.views.compare.compare_table import Choice
from widgets.views.compare.view import ALONE, UNTICKED, CompareView

pytestmark = pytest.mark.slow

IDS = FRAME.with_columns(
    visit_id=pl.when(pl.int_range(pl.len()) % 7 != 3).then(pl.format("s{}", pl.int_range(pl.len()) // 11))
)
VISIT = SessionDefinition("visit", "30m")
LOGIN = VISIT.replace(name="login visit", restart="event = 'login'")
LONG = VISIT.replace(name="long", keep="event_count > 3")
NOBODY = VISIT.replace(name="nobody", where="event = 'nothing'")
BROKEN = VISIT.replace(name="broken", where="evnt = 'x'")
SPLIT = VISIT.replace(name="split", split_by="platform")


def compare(
    *definitions: SessionDefinition, connect: Connect, frame: pl.DataFrame = IDS
) -> tuple[SessionExplorer, CompareView]:
    analysis = Analysis(Columns(actor="user", time="ts", event="event"), definitions)
    app = SessionExplorer(connect(frame, actor="user", time="ts", event="event"), analysis)
    app.state.view = "compare"
    return app, app.viewing.views["compare"]  # type: ignore[return-value]


def row(view: CompareView, name: str) -> Any:
    return next(row for row in view.table.rows if row.name == name)


def texts(view: CompareView, name: str) -> list[str]:
    return [cell.text for cell in row(view, name).cells]


@pytest.mark.parametrize("definition", [VISIT, LOGIN, LONG, SPLIT])
def test_numbers_are_those_of_the_sessions(engines: Connect, definition: SessionDefinition):
    app, view = compare(definition, NOBODY, connect=engines)
    sessions, actors = app.state.engine.sessions(definition), app.state.engine.actors(definition)
    assert texts(view, definition.name) == [
        count_text(sessions.height),
        count_text(actors.height),
        count_text(sessions["event_count"].sum()),
        duration_text(sessions["duration"].to_physical().median()),
        f"{sessions['event_count'].mean():,.1f}",
        percent_text((sessions["event_count"] == 1).mean()),
        duration_text(actors["time_in_session"].to_physical().median()),
    ]
    assert texts(view, "nobody") == ["0", "0", "0", "–", "–", "–", "–"]


def test_differences_are_from_the_base(engines: Connect):
    _, view = compare(VISIT, LOGIN, connect=engines)
    (one, _, events, *_), (other, actors, same, *_) = row(view, "visit").cells, row(view, "login visit").cells
    number, base = (int(cell.text.replace(",", "")) for cell in (other, one))
    assert other.difference == f"+{number - base:,}"
    assert other.share == f"+{100 * (number - base) / base:.1f} %"
    assert (other.tone, actors.difference, same.difference) == ("more", "same", "same")
    assert (one.difference, events.difference) == ("", "")
    view.table.hear({"base": row(view, "login visit").key})
    assert row(view, "visit").cells[0].difference == f"−{number - base:,}"
    assert not row(view, "visit").is_base
    assert view.diff.kinds.shown.sides[0].name == "login visit"


def test_a_column_with_session_ids_is_a_side(engines: Connect):
    app, view = compare(VISIT, connect=engines)
    assert view.diff.kinds.shown.sentence == ALONE
    assert view.table.columns[0] == "visit_id"
    view.table.hear({"column": "visit_id"})
    wanted = IDS.drop_nulls("visit_id").group_by("user", "visit_id").len()
    assert texts(view, "visit_id")[:3] == [
        count_text(wanted.height), count_text(wanted["user"].n_unique()), count_text(wanted["len"].sum()),
    ]  # fmt: skip
    assert view.diff.kinds.shown.sides[1].sessions == wanted.height
    assert view.diff.kinds.shown.sentence == app.state.engine.diff(VISIT, "visit_id").sentence
    view.table.hear({"column": "user"})
    assert view.table.value.column == "visit_id"
    view.table.hear({"column": ""})
    assert len(view.table.rows) == 1


def test_one_definition_says_what_to_do(engines: Connect):
    app, view = compare(VISIT, LOGIN, connect=engines)
    assert view.diff.kinds.shown.sides
    view.table.hear({"tick": [row(view, "login visit").key, False]})
    assert view.diff.kinds.shown.sentence == UNTICKED
    assert not view.diff.kinds.shown.sides
    assert row(view, "login visit").cells == ()
    app.definitions.hear({"delete": "login visit"})
    assert view.diff.kinds.shown.sentence == ALONE
    app.definitions.hear({"duplicate": "visit"})
    assert [each.name for each in view.table.rows] == ["visit", "visit 2"]
    assert view.diff.kinds.shown.sides


def test_a_definition_that_fails_leaves_the_others(engines: Connect):
    app, view = compare(VISIT, LOGIN, connect=engines)
    app.state.analysis = app.analysis.replace(sessions=(VISIT, BROKEN, LOGIN))
    assert row(view, "broken").error == "where: there is no column 'evnt'. Did you mean 'event'?"
    assert row(view, "visit").cells
    assert [side.name for side in view.diff.kinds.shown.sides] == ["visit", "login visit"]


def test_the_first_ones_are_ticked_where_there_are_many(engines: Connect):
    many = [VISIT.replace(name=f"v{at}", inactivity=f"{at + 1}m") for at in range(8)]
    _, view = compare(*many, connect=engines)
    assert [each.ticked for each in view.table.rows] == [at < FIRST for at in range(8)]
    view.table.hear({"tick": [row(view, "v7").key, True]})
    view.table.hear({"tick": ["definition v9", True]})
    assert row(view, "v7").cells
    assert len(view.table.value.ticked) == 1


def test_distributions_hold_every_session(engines: Connect):
    _, view = compare(VISIT, LOGIN, NOBODY, connect=engines)
    view.table.hear({"column": "visit_id"})
    for name, chart in view.charts.items():
        assert [line.name for line in chart.drawn.lines] == ["visit", "login visit", "nobody", "visit_id"]
        for line in chart.drawn.lines:
            sessions, actors, *_ = texts(view, line.name)
            assert count_text(line.counts.sum()) == (actors if name == "time_in_session" else sessions)
    view.measure.value = "shares"
    assert [each.sum() for each in view.charts["duration"].drawn.heights] == pytest.approx([1, 1, 0, 1])
    for way in view.table.rows[:3]:
        view.table.hear({"tick": [way.key, False]})
    view.table.hear({"column": ""})
    assert view.charts["duration"].drawn.lines == ()


@pytest.mark.parametrize("other", [LOGIN, LONG, NOBODY, SPLIT, VISIT.replace(name="web", where="platform = 'web'")])
def test_kinds_sessions_and_events_are_the_diffs(engines: Connect, other: SessionDefinition):
    app, view = compare(VISIT, other, connect=engines)
    diff, kinds, pages = app.state.engine.diff(VISIT, other), view.diff.kinds, view.diff.pages
    for shown, wanted in zip(kinds.shown.rows, diff.counts.iter_rows(named=True), strict=True):
        assert shown.sessions == (wanted["sessions_in_one"], wanted["sessions_in_other"])
        kinds.hear({"chosen": shown.kind})
        if not any(shown.sessions):
            assert kinds.value != shown.kind
            continue
        assert pages.place.visible
        for of, frame in (("one", diff.one), ("other", diff.other)):
            mine = frame.filter(kind=shown.kind)
            pages.segments.value = of
            if not mine.height:
                continue
            assert pages.table.total == mine.height
            assert [each[0] for each in pages.table.rows] == mine["session_id"].head(25).to_list()
            pages.table.hear({"selected": 0})
            events = diff.events(mine["session_id"][0], of)
            told = pages.boundaries.shown
            assert told["title"].startswith(f"{mine['session_id'][0]}: {events.height} event")
            assert len(told["lanes"][0]) == events["session_in_one"].drop_nulls().n_unique()
            pages.table.hear({"selected": None})
            assert pages.boundaries.shown == {}
        kinds.hear({"chosen": shown.kind})
        assert not pages.place.visible


def test_sessions_come_page_by_page_and_events_on_demand(engines: Connect):
    many = pl.concat([IDS.with_columns(user=pl.format("{}-{}", "user", pl.lit(at))) for at in range(20)])
    day = VISIT.replace(inactivity="1d")
    app, view = compare(day, day.replace(name="again", description="the same"), frame=many, connect=engines)
    pages = view.diff.pages
    view.diff.kinds.hear({"chosen": "unchanged"})
    pages.table.hear({"page": 1})
    ids = app.state.engine.sessions(day)["session_id"]
    assert [each[0] for each in pages.table.rows] == ids[25:50].to_list()
    pages.table.hear({"selected": 2})
    (left_out,) = [each for each in pages.boundaries.shown["rows"] if "skipped" in each]
    pages.boundaries.hear({"open": left_out["at"]})
    assert not [each for each in pages.boundaries.shown["rows"] if "skipped" in each]
    assert pages.boundaries.shown["left"] == ""


def test_the_view_follows_the_document_and_no_brush(engines: Connect):
    app, view = compare(VISIT, LOGIN, connect=engines)
    shown, asked = view.table.rows, view._latest._turn
    app.state.selection = Selection.from_text("event_count:2..4")
    app.state.show_chart("session_number", named=False)
    assert (view.table.rows, view._latest._turn) == (shown, asked)
    app.state.define(inactivity="5m")
    wanted = app.state.engine.sessions(VISIT.replace(inactivity="5m")).height
    assert texts(view, "visit")[0] == count_text(wanted)
    app.viewing.tabs.value = "charts"
    app.state.undo()
    app.state.undo()
    assert texts(view, "visit")[0] == count_text(wanted)
    app.state.view = "compare"
    assert view.table.rows == shown


def test_both_sides_may_have_no_session_at_all(engines: Connect):
    _, view = compare(VISIT, NOBODY, NOBODY.replace(name="no one"), connect=engines)
    view.table.hear({"base": row(view, "nobody").key})
    view.table.hear({"tick": [row(view, "visit").key, False]})
    assert [side.sessions for side in view.diff.kinds.shown.sides] == [0, 0]
    assert view.diff.kinds.shown.sentence == "0 sessions are the same in both."
    assert not any(any(each.sessions) for each in view.diff.kinds.shown.rows)


def test_other_columns_are_waited_for(engines: Connect):
    app, view = compare(VISIT, LOGIN, connect=engines)
    app.state.analysis = app.analysis.replace(columns=Columns(actor="platform", time="ts", event="event"))
    assert texts(view, "visit")[1] == "2"
    assert "user" in view.table.columns
    assert "platform" not in view.table.columns


def test_what_was_unticked_beside_definitions_that_are_gone_is_compared_again():
    visit, login, long = (f"definition {each.name}" for each in (VISIT, LOGIN, LONG))
    columns = Columns(actor="user", time="ts", event="event")
    both, one = Analysis(columns, (VISIT, LOGIN, LONG)), Analysis(columns, (VISIT,))
    only = Choice(ticked=frozenset({login, long}), unticked=frozenset({visit}))
    assert [way.key for way in ways(both, only) if way.ticked] == [login, long]
    assert [way.key for way in ways(one, only) if way.ticked] == [visit]
    assert not any(way.ticked for way in ways(one, Choice(unticked=frozenset({visit}))))


@pytest.mark.parametrize("column", [False, True])
def test_sessions_of_a_kind_lead_to_other_tools(engines: Connect, column: bool):
    app, view = compare(VISIT, LOGIN, connect=engines)
    if column:
        view.compare_column("visit", "visit_id")
    pages = view.diff.pages
    kind = next(row.kind for row in view.diff.kinds.shown.rows if row.sessions[0])
    view.diff.kinds.value = kind
    assert [each["name"] for each in pages.table.columns][-1] == "counterparts"
    length = Link("Replay", "https://replay.example.com/{session_id}?s={duration}")
    count = Link("Items", "https://a.example/{items}")
    metrics = [{"name": "items", "aggregate": "count"}]
    app.state.analysis = app.state.analysis.replace(
        links=(length, count), sessions=(VISIT.replace(metrics=metrics), LOGIN)
    )
    view.diff.kinds.value = kind
    assert pages.table.columns[-1]["name"] == "@links"
    ids = [row[0] for row in pages.table.rows]
    assert ids
    for session_id, row in zip(ids, pages.table.rows, strict=True):
        ((name, url),) = row[-1]
        assert name == "Replay"
        assert url.startswith(f"https://replay.example.com/{quote(session_id, safe='')}?s=")
    pages.table.hear({"selected": 0})
    assert pages.boundaries.shown["links"] == pages.table.rows[0][-1]
    assert "Items leads from no session here" in pages.heading.object
    app.state.undo()
    view.diff.kinds.value = kind
    assert [each["name"] for each in pages.table.columns][-1] == "counterparts"

"""The tab of actors without a browser: it follows the brushes and brushes itself."""

from __future__ import annotations

from datetime import datetime, timedelta

import polars as pl
import pytest

from explorer.crossfilter.selections.selection import Range, Selection, Values
from explorer.spec.duration import Duration
from tests.engines.making import Connect
from widgets import SessionExplorer
from widgets.views.actors.view import ActorsView

BEGIN = datetime(2024, 3, 1)
MINUTE = 60_000_000
# Actor u<n> has n % 4 + 1 sessions a day apart, each of n minutes.
ROWS = [
    {"user": f"u{at}", "team": f"t{at % 2}", "ts": BEGIN + timedelta(days=day, minutes=minute), "event": "view"}
    for at in range(40)
    for day in range(at % 4 + 1)
    for minute in {0, at // 2, at}
]
FRAME = pl.DataFrame(ROWS)


def viewed(frame: pl.DataFrame, *, connect: Connect, **roles: object) -> tuple[SessionExplorer, ActorsView]:
    app = SessionExplorer(connect(frame, **{"actor": "user", "time": "ts"} | roles))
    app.viewing.tabs.value = "actors"
    return app, app.viewing.views["actors"]


@pytest.fixture
def opened(engines: Connect) -> tuple[SessionExplorer, ActorsView]:
    return viewed(FRAME, connect=engines)


def listed(view: ActorsView) -> list[str]:
    return [row[1] for row in view.ranking.rows]


def test_it_says_who_holds_the_time_and_ranks_them(opened: tuple[SessionExplorer, ActorsView]):
    app, view = opened
    actors = app.state.engine.actors(app.state.definition).sort("time_in_session", descending=True)
    top = actors["time_in_session"][:4].sum() / actors["time_in_session"].sum()
    assert view.shares.shown["said"][0] == f"The top 10 % of actors (4) hold {100 * top:.1f} % of all time in session."
    assert sum(view.spans.shown["totals"]) == sum(view.spans.shown["counts"]) == 40
    assert view.ranking.total == 40
    assert listed(view)[0] == actors["user"][0]
    view.ranking.hear({"sort": ["sessions", False], "page": 0})
    assert [row[4] for row in view.ranking.rows][:10] == ["1"] * 10
    view.ranking.hear({"page": 2})
    assert [row[0] for row in view.ranking.rows] == [str(at) for at in range(31, 41)]
    view.ranking.hear({"query": "U3", "page": 0})
    assert view.ranking.total == 11
    view.ranking.hear({"query": "nobody"})
    assert view.ranking.empty == "No actor has 'nobody' in its name."


def test_actors_are_picked_one_more_and_all_between(opened: tuple[SessionExplorer, ActorsView]):
    app, view = opened
    first, second, third, fourth = listed(view)[:4]
    view.ranking.hear({"pick": 0})
    assert app.state.selection == Selection().with_("user", Values(frozenset({first})))
    assert set(app.selected["user"]) == {first}
    assert view.ranking.total == 40
    assert view.ranking.chosen == [0]
    view.ranking.hear({"pick": 2, "add": True})
    assert set(app.selected["user"]) == {first, third}
    view.ranking.hear({"pick": 3, "span": True})
    assert set(app.selected["user"]) == {third, fourth}
    view.ranking.hear({"pick": 1})
    assert set(app.selected["user"]) == {second}
    view.ranking.hear({"pick": 1})
    assert not app.state.selection


def test_other_brushes_hold_actors_with_their_selected_sessions(opened: tuple[SessionExplorer, ActorsView]):
    app, view = opened
    app.state.selection = Selection().with_("duration", Range(15 * MINUTE, None, "duration"))
    chosen = app.selected
    assert view.ranking.total == chosen["user"].n_unique()
    assert f"one of the {chosen.height} selected sessions" in view.ranking.said
    assert sum(view.spans.shown["counts"]) == chosen["user"].n_unique()
    assert sum(view.spans.shown["totals"]) == 40
    assert view.shares.shown["selected"] is not None
    assert "with a selected session" in view.shares.shown["said"][2]
    rows = view.properties.shown["rows"]
    assert [row["value"] for row in rows] == ["t1", "t0"]
    assert sum(int(row["cells"][2].split()[0]) for row in rows) == chosen["user"].n_unique()
    app.state.selection = Selection().with_("duration", Range(900 * MINUTE, None, "duration"))
    assert view.ranking.empty == "No actor has a session that the brushes hold. Clear one to see actors."


def test_the_curve_and_the_bars_brush_the_time_of_all_sessions(opened: tuple[SessionExplorer, ActorsView]):
    app, view = opened
    actors = app.state.engine.actors(app.state.definition).sort("time_in_session", descending=True)
    view.ranking.hear({"page": 2})
    view.hear_shares({"from": 0, "to": 0.1})
    assert set(app.selected["user"]) == set(actors["user"][:4])
    assert (view.ranking.page, len(view.ranking.rows)) == (0, 4)
    assert view.shares.shown["marks"][0]["pressed"]
    assert view.shares.shown["brushed"] == (0, 0.1)
    assert view.ranking.total == 4
    view.hear_shares({"clear": True})
    assert not app.state.selection
    view.hear_spans({"from": 0, "to": 1})
    assert set(app.selected["user"]) == {"u0"}
    assert view.spans.shown["touched"][0]
    view.hear_spans({"from": 0, "to": 1})
    assert not app.state.selection


def test_a_property_is_chosen_from_those_that_there_are(opened: tuple[SessionExplorer, ActorsView]):
    _, view = opened
    assert [name for name, _ in view.properties.options] == ["team", "event"]
    assert view.properties.options[0][1] == "team: 2 values"
    assert view.properties.chosen == "team"
    assert view.properties.shown["note"].endswith("No actor has more than one.")
    view.properties.hear({"column": "event"})
    assert [row["value"] for row in view.properties.shown["rows"]] == ["view"]
    view.properties.hear({"column": "nothing"})
    assert view.properties.chosen == "event"


def test_an_actor_of_several_columns_is_picked_alone(engines: Connect):
    app, view = viewed(FRAME, actor=["team", "user"], connect=engines)
    names = [tuple(row[1:3]) for row in view.ranking.rows]
    view.ranking.hear({"pick": 1})
    assert set(app.selected.select("team", "user").rows()) == {names[1]}
    assert view.ranking.chosen == [1]
    view.ranking.hear({"pick": 2, "add": True})
    assert set(app.selected.select("team", "user").rows()) == {names[2]}
    view.ranking.hear({"pick": 2})
    assert not app.state.selection
    assert "picked alone" in view.ranking.hint


def test_a_brush_of_actors_in_a_link_brings_its_dimension(engines: Connect):
    app = SessionExplorer(engines(FRAME, actor="user", time="ts"))
    app.state.selection = Selection.from_text("user:u7|u9")
    assert set(app.selected["user"]) == {"u7", "u9"}
    assert app.state.extra == ("user",)


@pytest.mark.parametrize(
    ("frame", "said"),
    [
        (FRAME.head(1), "single moment"),
        (FRAME.unique("user"), "single moment"),
        (FRAME.filter(pl.col("user") == "u8"), "One actor holds all time in session."),
    ],
)
def test_one_actor_and_no_time_at_all(engines: Connect, frame: pl.DataFrame, said: str):
    _, view = viewed(frame, connect=engines)
    shown = view.shares.shown
    assert said in (shown.get("none") or shown["said"][0])
    assert view.ranking.total == frame["user"].n_unique()


def test_no_session_at_all_and_then_some_again(opened: tuple[SessionExplorer, ActorsView]):
    app, view = opened
    app.state.define(where="user = 'nobody'")
    assert view.ranking.empty == "There is no session, so there is no actor."
    assert view.shares.shown["none"] == view.spans.shown["none"] == view.properties.shown["none"] == view.ranking.empty
    app.state.undo()
    assert view.ranking.total == 40


def test_without_other_columns_there_is_no_property(engines: Connect):
    _, view = viewed(FRAME.select("user", "ts"), connect=engines)
    assert view.properties.shown == {"none": "The events have no other column than actor and time."}
    assert view.ranking.said == "40 actors with a session."
    assert Duration.parse("30m") == view.state.definition.inactivity


def test_rows_of_a_property_are_picked(opened: tuple[SessionExplorer, ActorsView]):
    app, view = opened
    assert view.properties.chosen == "team"
    assert view.properties.picks
    first, second = (row["value"] for row in view.properties.shown["rows"])
    view.properties.hear({"pick": 0})
    assert app.state.selection == Selection().with_("first team", Values(frozenset({first})))
    assert set(app.selected["user"]) == set(FRAME.filter(pl.col("team") == first)["user"])
    assert view.properties.held == [0]
    # The other row still says how many actors it has.
    assert view.properties.shown["rows"][1]["cells"][2] == "20"
    view.properties.hear({"pick": 1, "add": True})
    assert view.properties.held == [0, 1]
    view.properties.hear({"pick": 0, "add": True})
    assert app.state.selection == Selection().with_("first team", Values(frozenset({second})))
    view.properties.hear({"pick": 1})
    assert not app.state.selection


def test_a_column_of_an_actor_of_several_is_a_property(engines: Connect, opened: object):
    del opened
    app, view = viewed(FRAME, actor=["user", "team"], connect=engines)
    view.properties.hear({"column": "team"})
    first = view.properties.shown["rows"][0]["value"]
    view.properties.hear({"pick": 0})
    assert app.state.selection == Selection().with_("team", Values(frozenset({first})))
    assert view.properties.held == [0]


def test_whole_numbers_are_picked_and_fractions_are_not(engines: Connect):
    frame = FRAME.with_columns(
        level=pl.col("user").str.tail(1).cast(pl.Int64), height=pl.col("user").str.tail(1).cast(pl.Float64) / 3
    )
    app, view = viewed(frame, connect=engines)
    view.properties.hear({"column": "level"})
    value = view.properties.shown["rows"][0]["value"]
    view.properties.hear({"pick": 0})
    assert set(app.selected["user"]) == set(frame.filter(pl.col("level") == int(value))["user"])
    assert view.properties.held == [0]
    app.state.selection = Selection()
    view.properties.hear({"column": "height"})
    assert not view.properties.picks
    view.properties.hear({"pick": 0})
    assert not app.state.selection

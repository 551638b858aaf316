"""What holds from where to where, beside asking for every number by itself."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given

import explorer
from explorer.crossfilter.key_numbers import KEY_NUMBERS
from explorer.engine.answers.robustness import Robustness, Tried, lengths_around
from explorer.engine.robustness import robustness
from explorer.errors import SpecError
from explorer.spec.charts.chart import Chart
from explorer.spec.duration import Duration
from explorer.spec.session import SessionDefinition
from tests.engines.making import Connect
from tests.examples import examples
from tests.factories import ROWS, connect, made
from tests.strategies import Log, definitions, logs

VISIT = SessionDefinition(
    "visit",
    "30m",
    metrics=[
        {"name": "bought", "aggregate": "any", "where": "event = 'purchase'"},
        {"name": "views", "aggregate": "count", "where": "event = 'view'"},
        {"name": "to_view", "aggregate": "time_to", "where": "event = 'view'"},
        {"name": "first_page", "aggregate": "first", "column": "page"},
    ],
)
CHARTS = (
    Chart("distribution", "visit", of="duration"),
    Chart("distribution", "visit", of="views"),
    Chart("distribution", "visit", of="started_by"),
    Chart("bar", "visit", by=["first platform"], measure="median duration"),
    Chart("line", "visit", every="1d"),
    Chart("funnel", "visit", steps=["event = 'view'", "event = 'purchase'"]),
    Chart("scatter", "visit", by=["duration", "event_count"]),
    Chart("funnel", "visit", steps=["event = 'view'", "event = 'login'"], by="platform", every="1d"),
    Chart("return", "visit", every="1d"),
    Chart("paths", "visit", of="event", length=3),
    Chart("bar", "other", by=["first platform"]),
)


def whole(engine: Any, definition: SessionDefinition, charts: tuple[Chart, ...] = CHARTS) -> Robustness:
    *_, found = robustness(engine, definition, charts)
    assert found.is_whole
    return found


@examples(15)
@given(logs(), definitions())
def test_key_numbers_are_those_of_every_inactivity(log: Log, definition: SessionDefinition):
    engine, fields = connect(log), {each.name: each.field for each in KEY_NUMBERS}
    *_, found = robustness(engine, definition, (), ["10m", "30m", "2h"])
    assert found.is_whole
    for length in found.lengths:
        numbers = engine.compared(definition.replace(inactivity=length)).numbers
        for row in found.rows[: len(KEY_NUMBERS)]:
            assert row.values[length.us] == getattr(numbers, fields[row.name])


def test_metrics_and_charts_are_those_of_every_inactivity(engines: Connect):
    frame = made().filter(pl.col("ts").is_not_null(), pl.col("user").is_not_null()).with_row_index("row")
    log = engines(frame, actor="user", time="ts", event="event", order=["row"])
    found = whole(log, VISIT)
    rows = {row.name: row for row in found.rows[len(KEY_NUMBERS) :]}
    assert list(rows) == [
        "share bought",
        "mean views",
        "mean to_view",
        "chart 2",
        "chart 3",
        "chart 4",
        "chart 5",
        "chart 6",
        "chart 8",
        "chart 9",
        "chart 10",
    ]
    assert [chart.kind for chart in found.left_out] == ["scatter"]
    for us in (5, 30, 120):
        definition = VISIT.replace(inactivity=f"{us}m")
        sessions = log.sessions(definition)
        at = us * 60_000_000
        assert rows["share bought"].values[at] == pytest.approx(sessions["bought"].mean())
        assert rows["mean views"].values[at] == pytest.approx(sessions["views"].mean())
        assert rows["mean to_view"].values[at] == pytest.approx(
            sessions["to_view"].dt.total_microseconds().mean(), abs=1
        )
        assert rows["chart 2"].values[at] == pytest.approx(sessions["views"].median())
        reasons = sessions["started_by"].value_counts().sort("count", descending=True)
        assert rows["chart 3"].values[at] == (str(reasons["started_by"][0]),)
        days = sessions.group_by(pl.col("start").dt.truncate("1d")).len().sort("len", "start", descending=[True, False])
        assert rows["chart 5"].values[at] == (days["start"][0],)
        funnel = log.query(CHARTS[5], definition)["value"]
        assert rows["chart 6"].values[at] == pytest.approx(funnel[1] / funnel[0])
        by_platform = log.query(Chart("funnel", "visit", steps=CHARTS[7].steps), definition)["value"]
        assert rows["chart 8"].values[at] == pytest.approx(by_platform[1] / by_platform[0])  # of all together


def test_who_comes_back_and_the_most_frequent_path_are_followed(engines: Connect):
    begin = datetime(2024, 3, 1)
    minutes = {"ann": (0, 1, 41, 42, 200, 201), "bob": (0, 1), "cy": (0, 1, 40, 41)}
    told = [(who, begin + timedelta(minutes=at)) for who, its in minutes.items() for at in its]
    frame = pl.DataFrame({"user": [who for who, _ in told], "ts": [at for _, at in told]})
    events = ["search", "view", "search", "view", "view", "buy", "search", "view", "search", "view", "search", "buy"]
    log = engines(frame.with_columns(event=pl.Series(events)), actor="user", time="ts", event="event")
    charts = (Chart("return", "visit", every="1d", returns="times"), Chart("paths", "visit", of="event", length=3))
    *_, found = robustness(log, SessionDefinition("visit", "30m"), charts, ["30m", "2h", "1d"])
    assert not found.left_out
    back, ways = found.rows[len(KEY_NUMBERS) :]
    by_minutes = {us // 60_000_000: value for us, value in back.values.items()}
    assert by_minutes == {30: pytest.approx(2 / 3), 120: pytest.approx(1 / 3), 1_440: None}
    paths = [value for _, value in sorted(ways.values.items())]
    assert paths == [("search → view → (end)",), *[("search → view → search → …",)] * 2]


def test_what_holds_ends_where_it_was_tried_and_is_other():
    begin = datetime(2024, 3, 1)
    minutes = [0, 11, 22, 33, 109, 185]  # gaps of 11 and of 76 minutes
    frame = pl.DataFrame({"user": "ann", "ts": [begin + timedelta(minutes=each) for each in minutes]})
    found = whole(explorer.connect(frame), SessionDefinition("visit", "30m"), ())
    (sessions,) = (row for row in found.rows if row.name == "sessions")
    assert [str(each) for each in sessions.holds(found.now)] == ["12m", "1h 10m"]
    assert [str(each) for each in found.holds()] == ["12m", "1h 10m"]
    assert [str(each) for each in found.ends] == ["5m", "2h"]
    assert {row.name for row in found.always()} == {"actors", "events"}
    assert sessions.values[5 * 60_000_000] == 6


def test_numbers_are_the_same_within_a_share_and_groups_are_not():
    minutes = {5: 98.0, 10: 100.0, 20: 106.0, 30: None, 40: 100.0}
    row = Tried("n", "number", values={each * 60_000_000: value for each, value in minutes.items()})
    now = Duration.parse("10m")
    assert [str(each) for each in row.holds(now, 0.05)] == ["5m", "10m"]
    assert [str(each) for each in row.holds(now, 0.01)] == ["10m", "10m"]
    assert [str(each) for each in row.holds(now, 0.1)] == ["5m", "20m"]
    groups = Tried("g", "finding", values={1: ("ios",), 2: ("ios",), 3: ("web",)})
    assert groups.holds(Duration(2), 0.5) == (Duration(1), Duration(2))


def test_key_numbers_wait_for_no_metric():
    log = explorer.connect(pl.DataFrame(ROWS), actor="user", time="ts", event="event")
    found = robustness(log, VISIT.replace(metrics=[{"name": "m", "aggregate": "sum", "column": "nowhere"}]), ())
    assert all(next(found).rows for _ in lengths_around(VISIT.inactivity))
    with pytest.raises(SpecError, match="nowhere"):
        next(found)


def test_charts_that_say_nothing_are_named_in_the_end():
    log = explorer.connect(pl.DataFrame(ROWS), actor="user", time="ts", event="event")
    found = whole(log, VISIT.replace(metrics=()), CHARTS[6:])
    assert [chart.kind for chart in found.left_out] == ["scatter"]


def test_nothing_that_was_tried_is_kept_beside_what_the_page_shows():
    log = explorer.connect(pl.DataFrame(ROWS), actor="user", time="ts", event="event")
    definition = VISIT.replace(metrics=VISIT.metrics[:2])
    log.compared(definition)
    before = dict(log.stages.made)
    whole(log, definition, ())
    assert dict(log.stages.made) == before


@pytest.mark.parametrize("inactivity", ["1us", "10s", "5m", "30m", "2h", "3d", "1w"])
def test_what_is_tried_has_the_inactivity_itself_in_it(inactivity: str):
    tried = lengths_around(Duration.parse(inactivity))
    assert Duration.parse(inactivity) in tried
    assert list(tried) == sorted(set(tried), key=lambda each: each.us)


@pytest.mark.parametrize("where", ["event = 'nothing'", None])
def test_of_nothing_and_of_one_event(where: str | None):
    row = {"user": "ann", "ts": datetime(2024, 3, 1), "event": "view", "page": "/", "platform": None}
    schema = {"platform": pl.String}
    log = explorer.connect(pl.DataFrame([row], schema_overrides=schema), actor="user", time="ts", event="event")
    found = whole(log, VISIT.replace(where=where))
    assert found.holds() == found.ends
    assert found.sensitive() is None

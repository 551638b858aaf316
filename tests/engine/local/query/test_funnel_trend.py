"""A funnel over time, held to a loop over the oracle's sessions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.crossfilter.bins.binning import AUTOMATIC
from explorer.crossfilter.selections.selection import Range, Selection
from explorer.errors import SpecError
from explorer.spec.charts.chart import Chart
from tests import oracle
from tests.engine.local.inside.beside_oracle import chosen
from tests.engine.local.inside.made_up import FRAME, VISIT
from tests.engines.making import Connect
from tests.strategies import definitions, funnels, logs

LOGIN, VIEW, BUY = (f"event = '{event}'" for event in ("login", "view", "buy"))


@given(logs(), definitions(), funnels(), st.sampled_from(["1h", "1d", "1w"]), st.sampled_from(["", "first event"]))
def test_each_step_of_time_has_the_share_of_its_sessions(log, definition, steps, every, by):
    engine, _, sessions = chosen(log, definition, 1)
    limits = {"within": steps.within, "without": steps.without, "order": steps.order}
    chart = Chart("funnel", "visit", steps=steps.conditions, every=every, by=by or (), top=20 if by else None, **limits)
    frame = engine.query(chart, definition)
    coded = engine.cut(definition).coded({"start": AUTOMATIC})
    trend = coded.funnel_trend(chart, Selection())
    starts = [time if isinstance(time, int) else oracle.microseconds(time) for time in _physical(trend.times)]
    wanted = []
    for low, high in zip(starts, trend.ends.tolist(), strict=True):
        inside = [session for session in sessions if low <= oracle.microseconds(session.facts["start"]) < high]
        for value in _values(engine, chart.replace(every=None), definition, by):
            its = [session for session in inside if not by or _first(session) == value]
            reached = [len(oracle.funnel(session.events, steps)) for session in its]
            begin = sum(n >= 1 for n in reached) if len(steps) > 1 else len(its)
            end = sum(n == len(steps) for n in reached)
            wanted.append((end / begin if begin else None, begin, end))
    assert frame.select("value", "sessions", "reached").rows() == wanted
    counts = engine.query(chart.replace(every=None, by=(), top=None), definition)["value"].to_list()
    assert frame["reached"].sum() == counts[-1]
    for low, high in list(zip(starts, trend.ends.tolist(), strict=True))[:3]:
        held = coded.numbers(Selection().with_("start", Range(low, high, "time"))).sessions
        assert held == sum(low <= oracle.microseconds(session.facts["start"]) < high for session in sessions)


def _physical(times: pl.Series) -> list[int]:
    return times.dt.cast_time_unit("us").to_physical().to_list()


def _first(session: oracle.Session) -> str | None:
    return next((event.row["event"] for event in session.events if event.row["event"] is not None), None)


def _values(engine, chart, definition, by):
    return engine.query(chart, definition)[by].unique(maintain_order=True).to_list() if by else [None]


def test_a_day_without_sessions_has_no_share(engines: Connect):
    frame = pl.concat([FRAME, FRAME.filter(pl.col("user") == "u2").with_columns(pl.col("ts") + 2 * 86_400)])
    frame = frame.with_columns(pl.from_epoch("ts"))
    engine = engines(frame, actor="user", time="ts", event="event")
    chart = Chart("funnel", "visit", steps=(LOGIN, VIEW), every="1d")
    found = engine.query(chart, VISIT)
    day = datetime(2023, 11, 14)
    assert [time.replace(tzinfo=None) for time in found["start"]] == [day + timedelta(days=at) for at in range(3)]
    assert found.drop("start").rows() == [(2 / 3, 3, 2), (None, 0, 0), (0.0, 1, 0)]
    one = engine.query(chart.replace(steps=(BUY,)), VISIT)
    assert one.drop("start").rows() == [(1 / 3, 3, 1), (None, 0, 0), (0.0, 1, 0)]
    both = engine.query(chart.replace(by="first event"), VISIT)
    assert both.drop("start").rows() == [
        ("login", 1.0, 2, 2),
        ("view", 0.0, 1, 0),
        ("login", None, 0, 0),
        ("view", None, 0, 0),
        ("login", None, 0, 0),
        ("view", 0.0, 1, 0),
    ]
    coded = engine.cut(VISIT).coded({"event_count": AUTOMATIC})
    some = coded.query(chart, Selection.from_text("event_count:5..6"))
    assert some["sessions"].to_list() == [1, 0, 0]
    none = engine.query(chart.replace(by="first event"), VISIT.replace(keep="event_count > 99"))
    assert none.columns == ["start", "first event", "value", "sessions", "reached"]
    assert none.is_empty()


def test_a_day_of_a_zone_ends_when_its_clock_says(engines: Connect):
    at = [datetime(2024, 3, 31, hour, tzinfo=UTC) for hour in (0, 21, 22)]
    frame = pl.DataFrame({"user": ["a", "b", "c"], "ts": at, "event": "view"})
    engine = engines(frame, actor="user", time="ts", event="event", time_zone="Europe/Berlin")
    chart = Chart("funnel", "visit", steps=(VIEW,), every="1d")
    assert engine.query(chart, VISIT)["sessions"].to_list() == [2, 1]
    trend = engine.cut(VISIT).coded({}).funnel_trend(chart, Selection())
    assert trend.ends.tolist() == [oracle.microseconds(datetime(2024, 3, 31, 22, tzinfo=UTC)), oracle.microseconds(
        datetime(2024, 4, 1, 22, tzinfo=UTC))]  # fmt: skip


def test_too_many_steps_of_time_are_refused(engines: Connect):
    frame = pl.DataFrame({"user": ["a", "a"], "ts": [datetime(2000, 1, 1), datetime(2024, 1, 1)], "event": "view"})
    engine = engines(frame, actor="user", time="ts", event="event")
    with pytest.raises(SpecError, match="every: 1m makes"):
        engine.query(Chart("funnel", "visit", steps=(VIEW,), every="1m"), VISIT)

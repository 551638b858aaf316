"""A funnel across the sessions of actors, held to a loop over the oracle's events."""

from __future__ import annotations

from datetime import datetime
from statistics import median
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.crossfilter.bins.binning import AUTOMATIC, Binning
from explorer.crossfilter.cards import funnel_dimensions, time_brushed
from explorer.crossfilter.selections.selection import Range, Selection
from explorer.engine.local.inside.funnel import funnel
from explorer.errors import SpecError
from explorer.spec.charts.chart import Chart
from explorer.spec.charts.sequences.steps import Steps
from explorer.spec.session import SessionDefinition
from tests import oracle
from tests.engine.local.inside.beside_oracle import chosen
from tests.engines.making import Connect
from tests.strategies import definitions, funnels, logs

VIEW, CART, BUY = (f"event = '{event}'" for event in ("view", "cart", "buy"))
VISIT = SessionDefinition("visit", "30m")


@given(logs(), definitions(), funnels(across=True), st.integers(1, 3))
def test_actors_get_as_far_as_a_loop_says(log, definition, steps, every):
    engine, rows, sessions = chosen(log, definition, every)
    _, _, everyone = chosen(log, definition, 1)
    found = funnel(engine.session_table(definition), steps)
    whole = oracle.across(log.rows, log.columns, definition)
    actor_of = [tuple(session.facts[name] for name in log.columns.actor) for session in everyone]
    times = {actor: oracle.funnel(events, steps) for actor, events in whole.items()}
    assert found.each.tolist() == [len(times[actor]) for actor in actor_of]
    some = {tuple(session.facts[name] for name in log.columns.actor) for session in sessions}
    counts = found.counts(None if every == 1 else rows)
    assert counts.sessions == len(some)
    assert list(counts.reached) == [sum(len(times[actor]) > at for actor in some) for at in range(len(steps))]
    starts = {actor: oracle.microseconds(session.facts["start"]) for actor, session in
              zip(reversed(actor_of), reversed(everyone), strict=True)}  # fmt: skip
    for at, wait in enumerate(counts.waits):
        waits = [
            times[actor][at] - (times[actor][at - 1] if at else starts[actor])
            for actor in some
            if len(times[actor]) > at
        ]
        assert wait == (median(waits) if waits else None)


@given(logs(), definitions(), funnels(across=True))
def test_by_a_dimension_and_over_time_each_actor_counts_once_by_its_first_session(log, definition, steps):
    engine, _, everyone = chosen(log, definition, 1)
    limits: dict[str, Any] = {"within": steps.within, "without": steps.without, "order": steps.order, "across": True}
    chart = Chart("funnel", "visit", steps=steps.conditions, by="first event", top=20, **limits)
    whole = oracle.across(log.rows, log.columns, definition)
    first: dict[tuple, oracle.Session] = {}
    for session in everyone:
        first.setdefault(tuple(session.facts[name] for name in log.columns.actor), session)
    wanted: dict[str | None, list[int]] = {}
    for actor, session in first.items():
        value = next((event.row["event"] for event in session.events if event.row["event"] is not None), None)
        wanted.setdefault(value, []).append(len(oracle.funnel(whole[actor], steps)))
    try:
        coded = engine.cut(definition).coded({"event_count": AUTOMATIC})
    except SpecError:
        return
    groups = coded.funnel_groups(chart, Selection()).groups
    assert {group.label: group.counts.sessions for group in groups} == {
        ("none" if value is None else value): len(reached) for value, reached in wanted.items()
    }
    frame = engine.query(chart.replace(by=(), top=None, every="1d"), definition)
    reached = [n for its in wanted.values() for n in its]
    begin = [n for n in reached if n >= min(1, len(steps) - 1)]
    assert (frame["actors"].sum(), frame["reached"].sum()) == (len(begin), sum(n == len(steps) for n in reached))


EVENTS = [
    ("ann", "2024-03-01 10:00", "view"),
    ("ann", "2024-03-02 10:00", "cart"),
    ("ann", "2024-03-02 10:05", "buy"),
    ("bob", "2024-03-01 10:00", "view"),
    ("bob", "2024-03-01 10:01", "buy"),
    ("cat", "2024-03-01 10:00", "cart"),
]
FRAME = pl.DataFrame(
    [(user, datetime.fromisoformat(at), event) for user, at, event in EVENTS],
    schema=["user", "ts", "event"],
    orient="row",
)


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        ({}, [2, 1, 1]),
        ({"across": False}, [2, 0, 0]),
        ({"within": "1d"}, [2, 1, 0]),  # exactly a day to the cart
        ({"order": "strict"}, [2, 1, 1]),
        ({"order": "any"}, [2, 1, 1]),
        ({"without": BUY, "steps": (VIEW, CART)}, [2, 1]),
        ({"where": "event_count = 1"}, [1, 1, 1]),  # of the actors that have such a session
    ],
)
def test_an_attempt_goes_from_session_to_session(engines: Connect, asked: dict[str, Any], wanted: list[int]):
    engine = engines(FRAME, actor="user", time="ts", event="event")
    chart = Chart("funnel", "visit", **{"steps": (VIEW, CART, BUY), "across": True} | asked)
    found = engine.query(chart, VISIT)
    assert found["value"].to_list() == wanted
    assert ("actors" in found.columns) == (asked.get("across", True))


def test_sessions_that_are_not_shown_are_not_there(engines: Connect):
    engine = engines(FRAME, actor="user", time="ts", event="event")
    chart = Chart("funnel", "visit", steps=(VIEW, CART, BUY), across=True)
    assert engine.query(chart, VISIT.replace(keep="event_count > 1"))["value"].to_list() == [1, 0, 0]


def test_a_brush_holds_all_sessions_of_these_actors(engines: Connect):
    engine = engines(FRAME, actor="user", time="ts", event="event")
    steps = Chart("funnel", "visit", steps=(VIEW, CART, BUY), across=True).funnel
    coded = engine.cut(VISIT).coded({"funnel": Binning(steps=steps), "event_count": AUTOMATIC})
    brush = Selection.from_text("funnel:2..")
    assert coded.n_sessions(brush) == 2
    assert coded.page(brush, ("", False), slice(None)).frame["user"].to_list() == ["ann", "ann"]
    assert coded.totals()["funnel"].tolist() == [1, 1, 0, 1]
    assert coded.dimensions["funnel"].bins.text(brush["funnel"]) == "by actors: reached step 2: cart"
    counts = coded.funnel(steps, Selection.from_text("event_count:2..3"))
    assert (counts.sessions, counts.reached) == (2, (2, 1, 1))


def test_across_is_written_and_read_back():
    chart = Chart("funnel", "visit", steps=VIEW, across="true")
    assert chart.plain()["across"] is True
    assert Chart(**chart.plain()) == chart
    assert "across" not in Chart("funnel", "visit", steps=VIEW, across=False).plain()
    with pytest.raises(SpecError, match="across: A line has no steps that this is about"):
        Chart("line", "visit", across=True)


def test_steps_say_what_reaches_them():
    assert [Steps(across=across).things for across in (False, True)] == ["sessions", "actors"]


@given(logs(), definitions(), funnels(across=True), st.sampled_from(["first event", "event_count", "hour of start"]))
def test_a_cell_brushes_exactly_the_actors_that_it_counts(log, definition, steps, by):
    engine, _, _ = chosen(log, definition, 1)
    limits: dict[str, Any] = {"within": steps.within, "without": steps.without, "order": steps.order, "across": True}
    chart = Chart("funnel", "visit", steps=steps.conditions, by=by, top=20, **limits)
    try:
        coded = engine.cut(definition).coded(funnel_dimensions((chart,), "user"))
        found = coded.funnel_groups(chart, Selection())
    except SpecError:
        return
    for group in found.groups:
        assert group.brush is not None
        side = Selection().with_(found.dimension, group.brush)
        assert coded.n_actors(side) == group.counts.sessions
        for at, reached in enumerate(group.counts.reached):
            assert coded.n_actors(side.with_("funnel", Range(at + 1, None))) == reached


@given(logs(), definitions(), funnels(across=True))
def test_a_step_of_time_brushes_exactly_the_actors_that_came_first_then(log, definition, steps):
    engine, _, _ = chosen(log, definition, 1)
    chart = Chart("funnel", "visit", steps=steps.conditions[:1], every="1h", across=True)
    try:
        coded = engine.cut(definition).coded(funnel_dimensions((chart,), "user"))
        found = coded.funnel_trend(chart, Selection())
    except SpecError:
        return
    begins = found.times.dt.cast_time_unit("us").to_physical().to_list()
    for at, (begin, end) in enumerate(zip(begins, found.ends.tolist(), strict=True)):
        held = Selection().with_(time_brushed(chart), Range(begin, end, "time")).with_("funnel", Range(1, None))
        assert coded.n_actors(held) == found.lines[0].reach[at]

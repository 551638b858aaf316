"""A funnel for each value of a dimension, held to a loop over the oracle's sessions."""

from __future__ import annotations

from collections import Counter
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.crossfilter.bins.binning import AUTOMATIC
from explorer.crossfilter.selections.selection import Selection
from explorer.errors import SpecError
from explorer.spec.charts.chart import Chart
from explorer.spec.charts.sequences.steps import Steps
from tests import oracle
from tests.engine.local.inside.beside_oracle import chosen
from tests.engine.local.inside.made_up import FRAME, VISIT
from tests.engines.making import Connect
from tests.strategies import definitions, funnels, logs

LOGIN, VIEW, BUY = (f"event = '{event}'" for event in ("login", "view", "buy"))


def chart_of(steps: Steps, **fields: Any) -> Chart:
    return Chart("funnel", "visit", steps=steps.conditions, within=steps.within, without=steps.without,
                 order=steps.order, **fields)  # fmt: skip


def values_of(session: oracle.Session, by: str) -> set[Any]:
    """Those of the groups that a session is in."""
    if by in session.facts:
        return {session.facts[by]}
    place, _, column = by.partition(" ")
    found = [value for event in session.events if (value := event.row[column]) is not None]
    if not found:
        return {None}
    return {found[0]} if place == "first" else {found[-1]} if place == "last" else set(found)


@given(
    logs(),
    definitions(),
    funnels(),
    st.sampled_from(["first event", "last page", "any page", "started_by", "first ok"]),
    st.integers(1, 3),
)
def test_each_value_has_the_funnel_of_its_sessions(log, definition, steps, by, top):
    engine, _, everyone = chosen(log, definition, 1)
    chart = chart_of(steps, by=by, top=top)
    try:
        coded = engine.cut(definition).coded({"event_count": AUTOMATIC})
    except SpecError:
        return
    found = coded.funnel_groups(chart, Selection())
    most = Counter(value for session in everyone for value in values_of(session, by) - {None})
    ranked = sorted(most, key=lambda value: (-most[value], value))
    shown = ranked if by == "first ok" else ranked[:top]
    wanted: list[Any] = [{value} for value in shown]
    wanted += [set(ranked) - set(shown)] if len(shown) < len(ranked) else []
    wanted += [{None}] if any(None in values_of(session, by) for session in everyone) else []
    assert len(found.groups) == len(wanted)
    for group, its in zip(found.groups, wanted, strict=True):
        inside = [session for session in everyone if values_of(session, by) & its]
        reached = [len(oracle.funnel(session.events, steps)) for session in inside]
        assert group.counts.sessions == len(inside)
        assert list(group.counts.reached) == [sum(n > at for n in reached) for at in range(len(steps))]
    frame = engine.query(chart, definition)
    assert frame["value"].to_list() == [n for group in found.groups for n in group.counts.reached]
    assert frame.columns[:2] == [by, "step"]


@given(
    logs(),
    definitions(),
    st.sampled_from(
        ["first event", "last page", "any page", "started_by", "first ok", "first items", "first amount", "duration",
         "event_count", "hour of start", "weekday of start", "session_count", "since_previous", "any items"]
    ),
)  # fmt: skip
def test_the_brush_of_a_value_holds_its_sessions(log, definition, by):
    engine, _, sessions = chosen(log, definition, 1)
    coded = engine.cut(definition).coded({by: AUTOMATIC})
    found = coded.funnel_groups(Chart("funnel", "visit", steps=VIEW, by=by, top=2), Selection())
    for group in found.groups:
        if group.brush is not None:
            told = Selection.from_text(Selection().with_(found.dimension, group.brush).to_text())
            assert coded.n_sessions(told) == group.counts.sessions, group
            assert (
                coded.funnel_groups(Chart("funnel", "visit", steps=VIEW, by=by, top=2), told)
                .groups[found.groups.index(group)]
                .counts
                == group.counts
            )
    if not found.several:
        assert sum(group.counts.sessions for group in found.groups) == len(sessions)


def test_other_and_none_are_said(engines: Connect):
    frame = FRAME.with_columns(page=pl.col("user").replace_strict({"u1": "x", "u2": "y", "u3": None}))
    engine = engines(frame, actor="user", time="ts", event="event")
    chart = Chart("funnel", "visit", steps=(LOGIN, VIEW), by="first page", top=1)
    found = engine.cut(VISIT).coded({}).funnel_groups(chart, Selection())
    told = [(each.label, each.brush and each.brush.to_text(), each.counts.reached) for each in found.groups]
    assert told == [("x", "x", (1, 1)), ("other (1 value)", "!x|~none", (1, 0)), ("none", "~none", (1, 1))]
    table = engine.query(chart, VISIT)
    assert table.select("first page", "step", "value", "from_first").rows() == [
        ("x", LOGIN, 1, 1.0),
        ("x", VIEW, 1, 1.0),
        ("other", LOGIN, 1, 1.0),
        ("other", VIEW, 0, 0.0),
        (None, LOGIN, 1, 1.0),
        (None, VIEW, 1, 1.0),
    ]
    long = engine.query(chart.replace(where="event_count > 2", by="event_count", top=None), VISIT)
    assert long.select("event_count", "value", "event_count_to").rows() == [(3, 1, 4), (3, 1, 4), (5, 1, 6), (5, 1, 6)]


def test_of_no_session_there_is_no_group(engines: Connect):
    engine = engines(FRAME, actor="user", time="ts", event="event")
    chart = Chart("funnel", "visit", steps=(LOGIN, VIEW), by="first event")
    none = engine.query(chart, VISIT.replace(keep="event_count > 99"))
    assert (none.height, none.columns[:3]) == (0, ["first event", "step", "value"])


@pytest.mark.parametrize(
    ("by", "said"),
    [
        ("start", r"by\[0\]: 'start' is a time. Write hour of start, or weekday of start."),
        ("evnt", r"by\[0\]: there is no column 'evnt' to group by. Did you mean 'event'?"),
    ],
)
def test_what_stands_nowhere_side_by_side_is_refused(engines: Connect, by: str, said: str):
    engine = engines(FRAME, actor="user", time="ts", event="event")
    with pytest.raises(SpecError, match=said):
        engine.query(Chart("funnel", "visit", steps=(LOGIN, VIEW), by=by), VISIT)

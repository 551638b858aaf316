"""Metrics that are made of what other cuts share, beside the same of every event."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import explorer
from explorer.engine.local.cut.measuring import edge_values, tally, unique
from explorer.engine.local.cut.measuring.parts import MERGED, Parts
from explorer.engine.local.cut.measuring.unique import Unique, seen_before
from explorer.spec.metric import Metric
from explorer.spec.session import SessionDefinition
from tests.examples import examples
from tests.factories import connect
from tests.strategies import Log, definitions, logs, metrics

LENGTHS = ("1us", "9m", "10m", "11m", "17m", "18m", "20m", "1h", "1h 20m")
PLAIN = {"max_duration": None, "max_events": None, "restart_on_change": (), "opens_with": None, "passive": None}


@pytest.fixture(scope="module", autouse=True)
def few_at_once() -> Iterator[None]:
    """What is done some at a time is done a few at a time, so that small logs are divided."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(unique, "AT_ONCE", 3)
        patch.setattr(tally, "AT_ONCE", 2)
        patch.setattr(edge_values, "AT_ONCE", 2)
        yield


@examples(150)
@given(
    logs(),
    st.booleans(),
    definitions(),
    metrics().filter(lambda metric: metric.aggregate in (*MERGED, "n_unique")),
    st.lists(st.sampled_from(LENGTHS), min_size=2, max_size=4),
)
def test_what_parts_come_to_is_what_their_events_come_to(
    log: Log, plain: bool, definition: SessionDefinition, metric: Metric, lengths: list[str]
):
    engine, definition = connect(log).aside(10**9), definition.replace(**(PLAIN if plain else {}))
    for length in lengths:
        sessions = engine.session_table(definition.replace(inactivity=length))
        assert sessions.measured(metric).equals(sessions.measuring.value(metric), check_dtypes=True)


@given(logs(max_rows=60), st.sampled_from(["page", "items", "ok", "event"]), st.sampled_from(LENGTHS))
def test_unique_values_are_those_of_every_session(log: Log, column: str, length: str):
    sessions = connect(log).aside(10**9).session_table(SessionDefinition("visit", length))
    metric = Metric("m", "n_unique", column)
    assert sessions.measured(metric).equals(sessions.measuring.value(metric), check_dtypes=True)


@pytest.mark.parametrize("many", [True, False])
def test_values_are_sorted_where_many_cuts_are_asked(many: bool):
    log = explorer.connect(pl.DataFrame(ROWS), actor="user", time="ts")
    sessions = (log.aside(10**9) if many else log).session_table(SessionDefinition("visit", "30m"))
    found = Unique(sessions.inside).value(Metric("m", "n_unique", "small"))
    assert (None if found is None else found.to_list()) == ([2, 0, 0] if many else None)


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ([3, -3, 3], [0, 0, 1]),
        ([2**63 - 1, -(2**63), 0], None),
        ([2**60, 2**60 + 1, 2**60], [0, 0, 1]),
        ([1.5, 1.5], None),
        ([True, True, False], [0, 1, 0]),
        ([], []),
    ],
)
def test_values_that_fit_are_found_where_they_were_seen_before(values: list[object], found: list[int] | None):
    before = seen_before(pl.Series(values, dtype=None if values else pl.Int64), None)
    assert (None if before is None else before.tolist()) == found


@given(st.lists(st.lists(st.booleans(), min_size=1, max_size=6), max_size=7))
def test_events_are_counted_in_their_session(sessions: list[list[bool]]):
    counting = np.array([each for its in sessions for each in its], bool)
    begins = np.cumsum([0, *map(len, sessions)], dtype=np.uint32)[:-1]
    found = tally.tally(begins, len(counting), lambda edges: counting[edges[0] : edges[-1]])
    assert found.dtype == pl.UInt32
    assert found.to_list() == list(map(sum, sessions))


@given(st.lists(st.lists(st.sampled_from(["a", "b", "c", None]), min_size=1, max_size=6), max_size=7))
def test_every_value_of_a_session_is_told_once(sessions: list[list[str | None]]):
    values = pl.Series([value for its in sessions for value in its], dtype=pl.Categorical)
    cut = pl.DataFrame({"event_count": pl.Series(list(map(len, sessions)), dtype=pl.UInt32)})
    wanted = {(at, value) for at, its in enumerate(sessions) for value in its if value is not None}
    for each in (values, values.cast(pl.String)):
        found = edge_values.every(each, cut)
        assert found.schema == {"session": pl.UInt32(), "value": each.dtype}
        assert sorted(found.cast({"value": pl.String}).rows()) == sorted(wanted)


ROWS = {
    "user": ["a", "a", "a", "b"],
    "ts": ["2024-03-01 10:00", "2024-03-01 10:12", "2024-03-01 11:00", "2024-03-01 10:00"],
    "page": ["x", "y", "x", "y"],
    "amount": [2**62, 2**62, 1, None],
    "small": [1, 2, None, None],
}


@pytest.mark.parametrize(
    ("metric", "rules", "made"),
    [
        (Metric("m", "sum", "small"), {}, True),
        (Metric("m", "sum", "amount"), {}, False),
        (Metric("m", "max", "amount"), {}, True),
        (Metric("m", "max", "page"), {}, False),
        (Metric("m", "max", "event_number"), {}, False),
        (Metric("m", "count", where="page = 'x'"), {}, True),
        (Metric("m", "count", where="event_number = 1"), {}, False),
        (Metric("m", "time_to", where="page = 'y'"), {"restart": "page = 'y'"}, True),
        (Metric("m", "any", where="page = 'y'"), {"max_events": 2}, False),
        (Metric("m", "any", where="page = 'y'"), {"passive": "page = 'y'"}, False),
        (Metric("m", "median", "small"), {}, False),
    ],
)
def test_what_is_made_of_parts(metric: Metric, rules: dict[str, object], made: bool):
    log = explorer.connect(pl.DataFrame(ROWS), actor="user", time="ts")
    sessions = log.session_table(SessionDefinition("visit", "30m", **rules))
    assert (Parts(sessions.inside).value(metric) is not None) == made
    assert sessions.measured(metric).equals(sessions.measuring.value(metric), check_dtypes=True)


def test_parts_are_asked_once_for_inactivities_near_each_other():
    log = explorer.connect(pl.DataFrame(ROWS), actor="user", time="ts")
    for length in ("5m", "11m", "12m", "17m"):
        log.sessions(SessionDefinition("visit", length, metrics=[Metric("m", "sum", "small")]))
    assert log.stages.made["parts"] == 1

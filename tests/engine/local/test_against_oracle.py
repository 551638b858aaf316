"""The local engine, held to the oracle on hostile logs and random definitions."""

import math
from datetime import datetime, timedelta

import polars as pl
import pytest
from hypothesis import given

import explorer
from explorer.spec.expression.clause import Clause
from explorer.spec.session import SessionDefinition
from tests import oracle
from tests.factories import connect, left_out
from tests.strategies import Log, clauses, definitions, logs, plain_definitions
from tests.told import assert_same, plain


def check_sessions(log: Log, definition: SessionDefinition) -> None:
    found = connect(log).sessions(definition)
    key = (*log.columns.actor, "session_number")
    assert_same(found, oracle.sessions(log.rows, log.columns, definition), key)
    ids = found["session_id"]
    assert ids.dtype == pl.String
    assert ids.n_unique() == found.height
    assert ids.null_count() == 0


@given(logs(), clauses())
def test_conditions(log: Log, clause: Clause):
    rows = [row for at, row in enumerate(log.rows) if at not in left_out(log)]
    assert connect(log).count(clause) == sum(oracle.holds(clause, row) for row in rows)


@given(logs(), plain_definitions())
def test_sessions_of_plain_definitions(log: Log, definition: SessionDefinition):
    check_sessions(log, definition)


@given(logs(), definitions())
def test_sessions_of_any_definition(log: Log, definition: SessionDefinition):
    check_sessions(log, definition)


@given(logs(), definitions())
def test_events(log: Log, definition: SessionDefinition):
    """The same grouping: every event has the number that the oracle gives, and the id of that session."""
    engine = connect(log)
    events, sessions = engine.events(definition), engine.sessions(definition)
    wanted = oracle.sessions(log.rows, log.columns, definition)
    numbers = {row: session["session_number"] for session in wanted for row in session["rows"]}
    assert dict(events.select("row", "session_number").iter_rows()) == numbers
    assert events.height == len(numbers)
    known = oracle.events(log.rows, log.columns, definition)
    for row in events.select("row", *oracle.EVENT_COLUMNS).iter_rows(named=True):
        assert {name: plain(row[name]) for name in oracle.EVENT_COLUMNS} == known[row["row"]]
    ids = {row[:-1]: row[-1] for row in sessions.select(*log.columns.actor, "session_number", "session_id").rows()}
    for *key, session_id in events.select(*log.columns.actor, "session_number", "session_id").iter_rows():
        assert session_id == ids[tuple(key)]


@given(logs(), definitions())
def test_events_are_in_order(log: Log, definition: SessionDefinition):
    events = connect(log).events(definition)
    for session in oracle.sessions(log.rows, log.columns, definition):
        assert events.filter(pl.col("row").is_in(session["rows"]))["row"].to_list() == session["rows"]


@given(logs(), definitions())
def test_actors(log: Log, definition: SessionDefinition):
    found = connect(log).actors(definition)
    assert_same(found, oracle.actors(log.rows, log.columns, definition), log.columns.actor)


@given(logs())
def test_what_is_left_out_is_counted(log: Log):
    quality, wanted = connect(log).quality, oracle.left_out(log.rows, log.columns)
    assert (quality.no_actor, quality.no_time) == (wanted["null_actor"], wanted["null_time"])
    assert quality.events == len(log.rows) - len(left_out(log))


@given(logs(), definitions())
def test_the_same_again(log: Log, definition: SessionDefinition):
    """Ids too are the same on every run."""
    assert connect(log).sessions(definition).equals(connect(log).sessions(definition))


@pytest.mark.parametrize("keep", ["cut_off < 'start'", "cut_off BETWEEN 'start' AND 'end'", "started_by > 'first'"])
def test_what_sessions_say_in_words_compares_as_text(keep: str):
    noon = datetime(2024, 5, 1, 12)
    rows = [{"user": "ann", "ts": noon + timedelta(hours=at)} for at in range(3)]
    log = explorer.connect(pl.DataFrame(rows), actor="user", time="ts")
    definition = SessionDefinition("visit", "30m", keep=keep)
    wanted = oracle.sessions(rows, log.columns, definition)
    assert log.sessions(definition)["session_number"].to_list() == [row["session_number"] for row in wanted]


def test_not_a_number_is_no_actor():
    rows = [{"user": user, "ts": datetime(2024, 5, 1, 12)} for user in (1.0, math.nan, None)]
    log = explorer.connect(pl.DataFrame(rows), actor="user", time="ts")
    definition = SessionDefinition("visit", "30m")
    assert log.quality.no_actor == oracle.left_out(rows, log.columns)["null_actor"] == 2
    assert_same(log.sessions(definition), oracle.sessions(rows, log.columns, definition), ("user", "session_number"))

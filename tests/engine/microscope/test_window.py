"""A window of an actor's time, and what events are called there, held to slow loops."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

import explorer
from explorer.engine.local.event_names import KINDS, names
from explorer.engine.microscope.left_out import left_out
from explorer.engine.microscope.names import EMPTY, OTHER
from explorer.engine.microscope.session_place import find
from explorer.engine.microscope.window import BINS, POINTS, SPANS, window
from explorer.spec.session import SessionDefinition
from tests import oracle
from tests.engine.microscope.streams import MINUTE, NOON, every, many, streams, us
from tests.factories import connect
from tests.strategies import Log, definitions, logs


@given(logs(), definitions(), st.integers(-2, 62), st.integers(0, 70))
def test_a_window_has_every_event_that_lies_in_it(log: Log, definition: SessionDefinition, begin: int, length: int):
    engine = connect(log)
    low = us(datetime(2024, 3, 30, 20)) + begin * 10 * MINUTE
    high = low + length * 10 * MINUTE
    sessions = {its[0]["rows"][0]: its for its in streams(log, definition).values()}
    for found in every(engine, definition):
        rows = found.view.rows
        all_rows = engine.event_table.frame["row"]
        its = sessions[all_rows[rows[found.around.start]]]
        got = window(found, low, high)
        wanted = [row for session in its for row in session["rows"] if low <= us_of(log, row) <= high]
        assert (got.step, got.total) == (None, len(wanted))
        assert all_rows.gather(rows.gather(pl.Series(got.places, dtype=pl.Int64))).to_list() == wanted
        assert got.times.tolist() == [us_of(log, row) for row in wanted]
        inside = [s for s in its if us(naive(s["end"])) >= low and us(naive(s["start"])) <= high]
        assert got.spans is not None
        assert got.spans["session_number"].to_list() == [session["session_number"] for session in inside]
        firsts = {session["rows"][0] for session in its}
        chain = [row for session in its for row in session["rows"]]
        pauses = {
            (us_of(log, one), us_of(log, other), int(other in firsts))
            for one, other in pairwise(chain)
            if us_of(log, other) >= low and us_of(log, one) <= high and us_of(log, other) > us_of(log, one)
        }
        assert set(map(tuple, got.pauses.tolist())) == pauses


def us_of(log: Log, row: int) -> int:
    return us(naive(log.rows[row]["ts"]))


def naive(time: datetime) -> datetime:
    return time.replace(tzinfo=None)


def test_many_events_are_counted_and_none_is_lost():
    frame = many(50_000, event=lambda at: [f"e{min(each % 16, 11)}" for each in at])
    log = explorer.connect(frame, actor="user", time="ts", event="event")
    definition = SessionDefinition("visit", "30m")
    found = find(log.session_table(definition), "u0/3")
    got = window(found, 0, 2**62)
    assert got.total == 50_000
    assert got.step is not None
    assert len(got.times) <= BINS + 1
    assert got.counts.sum() == 50_000
    known = names(log.session_table(definition))
    assert known is not None
    called = dict(enumerate(known.names))
    for at in range(len(got.times)):
        inside = frame.filter(
            pl.col("ts").to_physical().is_between(got.times[at], got.times[at] + got.step, closed="left")
        )["event"].to_list()
        wanted = [sum(name == called.get(code) for name in inside) for code in range(8)]
        assert got.counts[at].tolist() == [*wanted, len(inside) - sum(wanted), 0]
    assert got.spans is not None
    assert got.spans.height == got.sessions == 84
    assert {length for begin, end, opens in got.pauses if (length := end - begin) and opens} == {3_601_000_000}
    near = window(found, found.times[1_200], found.times[1_200 + POINTS - 1])
    assert (near.step, near.total) == (None, POINTS)


def test_the_eight_most_frequent_names_have_a_code_and_nothing_has_its_own():
    rows = [(f"n{at}", 20 - at) for at in range(10)] + [(None, 3)]
    events = [name for name, count in rows for _ in range(count)]
    frame = pl.DataFrame({"user": "a", "ts": [NOON] * len(events), "event": pl.Series(events, dtype=pl.String)})
    for made in (frame, frame.with_columns(pl.col("event").str.slice(1).cast(pl.Int64))):
        known = names(
            explorer.connect(made, actor="user", time="ts", event="event").session_table(SessionDefinition("v", "30m"))
        )
        assert known is not None
        assert [str(name).removeprefix("n") for name in known.names] == [str(at) for at in range(8)]
        wanted = [*range(8), OTHER, OTHER, EMPTY]
        assert known.codes.to_list() == [
            code for code, (_, count) in zip(wanted, rows, strict=True) for _ in range(count)
        ]


def test_names_follow_where_and_a_column_of_nulls_has_none():
    frame = pl.DataFrame(
        {"user": "a", "ts": [NOON] * 3, "event": ["x", "x", "y"], "no": pl.Series([None] * 3, dtype=pl.String)}
    )
    log = explorer.connect(frame, actor="user", time="ts", event="event")
    known = names(log.session_table(SessionDefinition("v", "30m", where="event = 'y'")))
    assert known is not None
    assert known.names.to_list() == ["y"]
    known = names(
        explorer.connect(frame, actor="user", time="ts", event="no").session_table(SessionDefinition("v", "30m"))
    )
    assert known is not None
    assert (len(known.names), known.codes.to_list()) == (0, [EMPTY] * 3)
    assert (
        names(
            explorer.connect(frame.drop("event"), actor="user", time="ts").session_table(SessionDefinition("v", "30m"))
        )
        is None
    )


def test_more_sessions_than_fit_are_counted():
    frame = many(6_000)
    log = explorer.connect(frame, actor="user", time="ts")
    definition = SessionDefinition("visit", "1us")
    got = window(find(log.session_table(definition), "u0/5"), 0, 2**62)
    assert (got.spans, got.sessions) == (None, 6_000)
    assert got.sessions > SPANS
    assert got.counts.shape[1] == KINDS
    assert got.counts[:, 0].sum() == 6_000


@given(logs(), definitions(), st.integers(-2, 62), st.integers(0, 70))
def test_what_where_leaves_out_is_the_rest_of_the_actor_s_events(
    log: Log, definition: SessionDefinition, begin: int, length: int
):
    engine = connect(log)
    low = us(datetime(2024, 3, 30, 20)) + begin * 10 * MINUTE
    high = low + length * 10 * MINUTE
    key = (*log.columns.actor, *definition.split_by)

    def values(row: dict) -> tuple:
        return tuple(None if row[name] != row[name] else row[name] for name in key)

    for found in every(engine, definition):
        first = log.rows[engine.event_table.frame["row"][found.first]]
        wanted = sorted(
            us_of(log, at)
            for at, row in enumerate(log.rows)
            if row["ts"] is not None and values(row) == values(first)
            if definition.where is not None and not oracle.holds(definition.where, row)
            if low <= us_of(log, at) <= high
        )
        got = left_out(found, low, high)
        assert (got.total, got.times.tolist()) == (len(wanted), wanted)
        assert len(got.codes) == len(wanted)


def test_too_many_left_out_events_are_counted():
    log = explorer.connect(
        many(POINTS + 500, event=lambda at: ["x" if each else "y" for each in at]), actor="user", time="ts"
    )
    found = find(log.session_table(SessionDefinition("visit", "30m", where="event = 'y'")), "u0/1")
    got = left_out(found, 0, 2**62)
    assert (got.total, len(got.times)) == (POINTS + 499, 0)

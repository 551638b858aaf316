"""The session microscope's numbers, held to a slow loop over the oracle's sessions and to the engine's own events."""

from __future__ import annotations

from datetime import timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

import explorer
from explorer.engine.microscope import boundaries, pages
from explorer.engine.microscope.names import codes_of
from explorer.engine.microscope.session_place import again, find, look
from explorer.errors import SpecError
from explorer.spec.session import SessionDefinition
from tests import oracle
from tests.engine.microscope.streams import NOON, every, many, streams, us
from tests.examples import examples
from tests.factories import connect
from tests.strategies import Log, definitions, logs


@given(logs(), definitions())
def test_a_session_is_found_by_its_id_with_its_row_and_events(log: Log, definition: SessionDefinition):
    engine = connect(log)
    table, events = engine.sessions(definition), engine.events(definition)
    for at, found in enumerate(every(engine, definition)):
        assert found.row.equals(table[at])
        own = events.filter(pl.col("session_id") == found.id)
        page = pages.events(found, slice(None))
        assert page.frame.equals(own)
        assert page.total == own.height
        assert pages.events(found, slice(1, 3)).frame.equals(own[1:3])


@given(logs(), definitions())
def test_gaps_rules_and_boundaries_are_those_of_a_slow_loop(log: Log, definition: SessionDefinition):
    engine = connect(log)
    times = [row[log.columns.time] for row in log.rows]
    shown = {
        (row["row"]): found
        for found in every(engine, definition)
        for row in pages.events(found, slice(1)).frame.to_dicts()
    }
    for its in streams(log, definition).values():
        for at, session in enumerate(its):
            found = shown.get(session["rows"][0])
            if found is None:  # `keep` does not show it
                continue
            before, after = its[at - 1] if at else None, its[at + 1] if at + 1 < len(its) else None
            check_boundary(boundaries.began(found), log, definition, before, session)
            if after:
                check_boundary(boundaries.ended(found), log, definition, session, after)
            else:
                closed = definition.end is not None and oracle.holds(definition.end, log.rows[session["rows"][-1]])
                assert boundaries.ended(found).reason == ("end" if closed else "last")
            page = pages.events(found, slice(None))
            previous = before["rows"][-1] if before else None
            wanted = []
            for row in session["rows"]:
                wanted.append(None if previous is None else us(times[row] - times[previous]))
                previous = row
            assert page.gap.to_physical().to_list() == wanted
            for rule, values in (("restart", page.restart), ("end", page.end)):
                clause = getattr(definition, rule)
                assert values.to_list() == [
                    clause is not None and oracle.holds(clause, log.rows[row]) for row in session["rows"]
                ]
            assert page.opens == [session["started_by"], *[None] * (len(session["rows"]) - 1)]
            assert page.closes[:-1] == [None] * (len(session["rows"]) - 1)
            assert page.closes[-1] == boundaries.ended(found).reason


def check_boundary(
    found: boundaries.Boundary, log: Log, definition: SessionDefinition, before: dict | None, after: dict
) -> None:
    assert found.reason == after["started_by"]
    if before is None:
        assert (found.gap, found.holds) == (None, ("first",))
        return
    last, first = log.rows[before["rows"][-1]], log.rows[after["rows"][0]]
    gap = us(first["ts"] - last["ts"])
    limit, longest, zone = definition.inactivity.us, definition.max_duration, definition.calendar
    holds = {
        "restart": definition.restart is not None and oracle.holds(definition.restart, first),
        "end": definition.end is not None and oracle.holds(definition.end, last),
        "inactivity": gap > limit or (definition.boundary == ">=" and gap == limit),
        "calendar": zone is not None and oracle.day(last["ts"], zone) != oracle.day(first["ts"], zone),
        "max_duration": longest is not None and us(first["ts"] - before["start"]) > longest.us,
    }
    assert found.gap == gap
    if definition.opens_with is not None or definition.passive is not None:
        assert found.holds == (found.reason,)  # the events on both sides of the cut may lie outside
        return
    # Changes and counts hang on the whole session before: the oracle tells them as the reason only.
    looked_back = ("change", "max_events")
    assert tuple(rule for rule in found.holds if rule not in looked_back) == tuple(
        rule for rule, held in holds.items() if held
    )
    assert after["started_by"] not in looked_back or after["started_by"] in found.holds
    assert found.holds[0] == found.reason


@given(logs(), definitions(), st.integers(0, 3), st.integers(1, 4))
def test_lanes_are_the_actor_s_sessions_by_number(log: Log, definition: SessionDefinition, page: int, size: int):
    engine = connect(log)
    whole = engine.sessions(definition.replace(keep=None, metrics=()))
    kept = set(engine.sessions(definition)["session_id"])
    actor = list(whole.columns[1 : 1 + len(log.columns.actor)])
    for found in every(engine, definition):
        mine = whole.filter(pl.all_horizontal(pl.col(name) == found.row[name][0] for name in actor))
        lanes = pages.lanes(found, slice(page * size, (page + 1) * size))
        wanted = mine.sort("session_number")[page * size : (page + 1) * size]
        assert lanes.total == mine.height
        for name in ("session_number", "start", "end", "duration", "event_count", "started_by", "cut_off"):
            assert lanes.frame[name].to_list() == wanted[name].to_list()
        assert lanes.shown.to_list() == [name in kept for name in wanted["session_id"]]
        for (cells, codes), count in zip(lanes.marks, wanted["event_count"], strict=True):
            assert cells[0] == 0
            assert len(cells) == len(codes) == len(set(cells)) <= min(count, pages.CELLS)
        for number, gap in zip(wanted["session_number"], lanes.gap, strict=True):
            other = boundaries.began(found.numbered(number)).gap
            assert (None if gap is None else us(gap)) == other


@pytest.mark.parametrize("asked", ["u0", "u0/0", "u0/99", "nobody/1", "u0/x", "/", "", "u0/²"])
def test_a_session_that_is_not_there_is_an_error(asked: str):
    log = explorer.connect(many(10), actor="user", time="ts")
    with pytest.raises(SpecError, match="has no session"):
        find(log.session_table(SessionDefinition("visit", "30m")), asked)


def test_an_actor_of_several_columns_is_found_whatever_it_is_called():
    frame = pl.DataFrame({"a": ["x/y", "x", "x\\"], "b": ["z", "y/z", "/1"], "ts": [NOON] * 3})
    log = explorer.connect(frame, actor=["a", "b"], time="ts")
    definition = SessionDefinition("visit", "30m")
    for at, found in enumerate(every(log, definition)):
        assert found.place == at


@given(logs(), definitions(), definitions())
def test_another_definition_s_session_with_the_same_first_event(
    log: Log, one: SessionDefinition, other: SessionDefinition
):
    engine = connect(log)
    holding = {row: session for its in streams(log, other).values() for session in its for row in session["rows"]}
    for found in every(engine, one):
        first = engine.event_table.frame["row"][found.first]
        there = again(found, engine.session_table(other))
        if first not in holding:
            assert there is None
        else:
            assert there is not None
            assert there.number == holding[first]["session_number"]
            assert pages.events(there, slice(None)).frame["row"].to_list() == holding[first]["rows"]
    assert again(found, connect(log).session_table(other)) is None if every(engine, one) else True


def test_a_session_that_keep_hides_can_be_looked_at():
    log = explorer.connect(many(1_300), actor="user", time="ts")
    definition = SessionDefinition(
        "visit", "30m", keep="event_count > 500", metrics=[{"name": "n", "aggregate": "count"}]
    )
    found = find(log.session_table(definition), "u0/3")
    assert found.row.select("event_count", "n").row(0) == (100, 100)
    assert found.shown(pl.Series([0, 1, 2])).to_list() == [True, True, False]
    assert timedelta(seconds=99) == found.row["duration"][0]


@examples(40)
@given(logs(), definitions())
def test_the_events_of_one_actor_tell_all_that_those_of_all_tell(log: Log, definition: SessionDefinition):
    engine = connect(log)
    whole = engine.session_table(definition)
    for session_id in whole.of(definition.replace(keep=None)).frame()["session_id"]:
        one, small = find(whole, session_id), look(engine, definition, session_id)
        assert len(small.sessions.events) < len(engine.event_table) or engine.event_table.data.firsts.len() == 1
        assert_frame_equal(small.row, one.row)
        assert (small.number, small.shown(pl.Series([small.place]))[0]) == (
            one.number,
            one.shown(pl.Series([one.place]))[0],
        )
        assert_frame_equal(pages.events(small, slice(None)).frame, pages.events(one, slice(None)).frame)
        assert boundaries.began(small) == boundaries.began(one)
        assert boundaries.ended(small) == boundaries.ended(one)
        assert_frame_equal(pages.lanes(small, slice(None)).frame, pages.lanes(one, slice(None)).frame)
        places = range(small.around.start, small.around.stop), range(one.around.start, one.around.stop)
        codes = codes_of(small, places[0]), codes_of(one, places[1])
        assert (codes[0] is None) == (codes[1] is None)
        assert codes[0] is None or codes[0].tolist() == codes[1].tolist()  # type: ignore[union-attr]

"""The difference of two ways of cutting, held to a slow twin over sets of events."""

from datetime import datetime, timedelta
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import explorer
from explorer.engine.local.compare.diff import LocalDiff
from explorer.engine.local.compare.overlap import overlap
from explorer.engine.local.engine import LocalEngine
from explorer.errors import SpecError
from explorer.spec.session import SessionDefinition
from tests import oracle
from tests.engine.local.compare.connecting import connect
from tests.examples import examples
from tests.strategies import Log, definitions, logs

KINDS = ["unchanged", "trimmed", "split", "merged", "moved", "only_in_one", "only_in_other"]
Sides = list[frozenset[int]]


def slow(one: Sides, other: Sides) -> tuple[dict[frozenset, str], dict[frozenset, str]]:
    """The kind of every session by its set of events: groups of what shares events, grown until they stop growing."""
    kinds: tuple[dict, dict] = {}, {}
    for session, of_one in [*((session, True) for session in one), *((session, False) for session in other)]:
        ones, others = ({session}, set()) if of_one else (set(), {session})
        while True:
            more_ones = ones | {mine for mine in one if any(mine & theirs for theirs in others)}
            more_others = others | {theirs for theirs in other if any(mine & theirs for mine in more_ones)}
            if (more_ones, more_others) == (ones, others):
                break
            ones, others = more_ones, more_others
        match len(ones), len(others):
            case 1, 0:
                kind = "only_in_one"
            case 0, 1:
                kind = "only_in_other"
            case 1, 1:
                kind = "unchanged" if ones == others else "trimmed"
            case 1, _:
                kind = "split"
            case _, 1:
                kind = "merged"
            case _:
                kind = "moved"
        kinds[0 if of_one else 1][session] = kind
    return kinds


def sets(log: Log, definition: SessionDefinition) -> Sides:
    return [frozenset(session["rows"]) for session in oracle.sessions(log.rows, log.columns, definition)]


def said(log: Log, column: str) -> Sides:
    found: dict[tuple, set[int]] = {}
    for event in oracle._source(log.rows, log.columns):
        if event.row[column] is not None:
            who = tuple(event.row[name] for name in log.columns.actor)
            found.setdefault((who, event.row[column]), set()).add(event.number)
    return [frozenset(rows) for rows in found.values()]


def check(log: Log, diff: LocalDiff, one: Sides, other: Sides) -> None:
    wanted = slow(one, other)
    for frame, kinds, side in ((diff.one, wanted[0], "one"), (diff.other, wanted[1], "other")):
        assert frame["session_id"].n_unique() == frame.height == len(kinds)
        theirs = diff.other if side == "one" else diff.one
        numbers = dict(zip(theirs["session_id"], range(theirs.height), strict=True))
        found = {}
        for row in frame.iter_rows(named=True):
            events = diff.events(row["session_id"], side)  # type: ignore[arg-type]
            mine = events.filter(pl.col(f"session_in_{side}") == row["session_id"])
            assert mine.height == row["event_count"]
            its = set(mine[f"session_in_{'other' if side == 'one' else 'one'}"].drop_nulls())
            assert set(row["counterparts"]) == its <= numbers.keys()
            found[frozenset(mine["row"])] = row["kind"]
        assert found == kinds
    for at, kind in enumerate(KINDS):
        row = diff.counts.row(at, named=True)
        ones = [events for events, its in wanted[0].items() if its == kind]
        others = [events for events, its in wanted[1].items() if its == kind]
        rows = frozenset().union(*ones, *others)
        who = {tuple(log.rows[row][name] for name in log.columns.actor) for row in rows}
        assert row == {
            "kind": kind,
            "sessions_in_one": len(ones),
            "sessions_in_other": len(others),
            "actors": len(who),
            "events": len(rows),
        }


@examples(30)
@given(logs(), definitions(), definitions())
def test_two_definitions(log: Log, one: SessionDefinition, other: SessionDefinition):
    check(log, connect(log).diff(one, other), sets(log, one), sets(log, other))


@examples(20)
@given(logs(), definitions(), st.sampled_from(["page", "ok", "items", "amount"]))
def test_a_column_that_holds_session_ids(log: Log, definition: SessionDefinition, column: str):
    check(log, connect(log).diff(definition, column), sets(log, definition), said(log, column))
    check(log, connect(log).diff(column, definition), said(log, column), sets(log, definition))


@examples(20)
@given(logs(), definitions())
def test_nothing_differs_from_itself(log: Log, definition: SessionDefinition):
    diff = connect(log).diff(definition, definition.replace(name="again"))
    assert diff.counts.filter(kind="unchanged")["sessions_in_one"].item() == len(sets(log, definition))
    assert diff.counts["sessions_in_one"].sum() == diff.counts["sessions_in_other"].sum() == len(sets(log, definition))


labels = st.lists(st.tuples(st.integers(-1, 4), st.integers(-1, 4)), max_size=30)


@given(labels)
def test_runs_hold_every_event_once(pairs: list[tuple[int, int]]):
    one, other = (np.array([pair[at] for pair in pairs], np.int32) for at in (0, 1))
    found = overlap(one, other)
    assert found.rows(np.ones(len(found.begins), bool)).tolist() == list(range(len(pairs)))
    wanted: dict[tuple[int, int], int] = {}
    for pair in pairs:
        if -1 not in pair:
            wanted[pair] = wanted.get(pair, 0) + 1
    keys = zip(found.pair_one.tolist(), found.pair_other.tolist(), strict=True)
    assert dict(zip(keys, found.shared.tolist(), strict=True)) == wanted


# ---- known by hand


NOON = datetime(2024, 5, 1, 12)


@pytest.fixture(scope="module")
def log() -> LocalEngine:
    """Ann: 0 10 40 45; bob: 0 25 50; the source's own ids are shared by both."""
    rows: list[tuple[Any, ...]] = [
        *(("ann", at, visit) for at, visit in ((0, "1"), (10, "2"), (40, "2"), (45, "3"))),
        *(("bob", at, visit) for at, visit in ((0, "1"), (25, "1"), (50, None))),
    ]
    frame = pl.DataFrame(rows, schema=["user", "ts", "visit"], orient="row")
    return explorer.connect(frame.with_columns(ts=NOON + pl.duration(minutes="ts")), actor="user", time="ts")


def test_kinds(log: LocalEngine):
    half, short = SessionDefinition("half", "30m"), SessionDefinition("short", "20m")
    diff = log.diff(half, short)
    assert diff.one.select("session_id", "kind", "counterparts").rows() == [
        ("ann/1", "split", ["ann/1", "ann/2"]),
        ("bob/1", "split", ["bob/1", "bob/2", "bob/3"]),
    ]
    assert diff.sentence == "0 sessions are the same in both; 2 of 'half' are split into 5."
    assert log.diff(short, half).sentence == "0 sessions are the same in both; 5 of 'short' are merged into 2."
    same = log.diff(short, short.replace(where="user = 'ann'", name="ann"))
    assert same.sentence == "2 sessions are the same in both; 3 are only in 'short'."


def test_ids_that_actors_share(log: LocalEngine):
    diff = log.diff(SessionDefinition("short", "20m"), "visit")
    assert diff.other["session_id"].to_list() == ["ann/1", "ann/2", "ann/3", "bob/1"]
    assert diff.one["kind"].to_list() == ["moved", "moved", "merged", "merged", "only_in_one"]
    found = diff.events("ann/2", "other")
    assert found.columns == ["session_in_one", "session_in_other", "user", "ts", "visit"]
    assert found["session_in_one"].to_list() == ["ann/1", "ann/1", "ann/2", "ann/2"]
    assert found["session_in_other"].to_list() == ["ann/1", "ann/2", "ann/2", "ann/3"]
    assert diff.other["end"].to_list()[-1] == NOON + timedelta(minutes=25)


def test_errors(log: LocalEngine):
    with pytest.raises(SpecError, match="'short' has no session 'ann/9'"):
        log.diff(SessionDefinition("short", "20m"), "visit").events("ann/9")
    with pytest.raises(SpecError, match="the events have no column 'visti'"):
        log.diff("visti", SessionDefinition("short", "20m"))


@examples(20)
@given(logs(), definitions(), st.one_of(definitions(), st.sampled_from(["page", "ok", "items"])))
def test_some_sessions_are_the_same_as_among_all(log: Log, one: SessionDefinition, other: SessionDefinition | str):
    diff = connect(log).diff(one, other)
    for of, frame in (("one", diff.one), ("other", diff.other)):
        found = [diff.places(kind, of).tolist() for kind in KINDS]  # type: ignore[arg-type]
        assert sorted(place for places in found for place in places) == list(range(frame.height))
        for kind, places in zip(KINDS, found, strict=True):
            some = diff.sessions_at(np.array(places[::-1], np.int64), of)  # type: ignore[arg-type]
            assert some.equals(frame[places[::-1]])
            assert set(some["kind"]) <= {kind}
            held = diff.event_counts.filter(kind=kind)[f"events_in_{of}"].item()
            assert held == some["event_count"].sum()
        for place in range(min(frame.height, 3)):
            assert diff.events_at(place, of).equals(diff.events(frame["session_id"][place], of))  # type: ignore[arg-type]


def test_sessions_of_an_id_end_with_their_latest_event():
    frame = pl.DataFrame(
        {
            "user": ["a", "a", "a"],
            "ts": ["2024-03-01 10:00", "2024-03-01 10:05", "2024-03-01 12:00"],
            "until": ["2024-03-01 11:00", "2024-03-01 10:06", "2024-03-01 12:01"],
            "sid": ["x", "x", "y"],
        }
    )
    log = explorer.connect(frame, actor="user", time="ts", until="until")
    found = log.diff("sid", SessionDefinition("visit", "30m")).one
    assert [f"{end:%H:%M}" for end in found["end"]] == ["11:00", "12:01"]

"""Patterns of events as metrics, held to a search that tries one way after the other."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import explorer
from explorer.engine.local.cut.sequences import words
from explorer.errors import SpecError
from explorer.spec.metric import Metric
from explorer.spec.pattern import Pattern
from explorer.spec.session import SessionDefinition
from tests import oracle
from tests.engine.local.inside.made_up import FRAME, VISIT
from tests.engines.making import Connect
from tests.factories import connect
from tests.strategies import Log, definitions, inside_clauses, logs, maybe, patterns

ASKED = ("matches", "any", "time_of")


@given(st.lists(st.lists(st.booleans(), min_size=3, max_size=3), max_size=9))
def test_a_letter_is_that_of_the_first_element_that_matches(events: list[list[bool]]):
    masks = [pl.Series([event[at] for event in events], dtype=pl.Boolean) for at in range(3)]
    wanted = "".join("abc0"[event.index(True) if True in event else 3] for event in events)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(words, "AT_ONCE", 4)
        assert bytes(words.letters_of(masks, len(events))).decode() == wanted


@given(logs(), definitions(), patterns(), maybe(inside_clauses()))
def test_a_pattern_is_what_a_search_says(log: Log, definition: SessionDefinition, pattern: Pattern, where):
    log = replace(log, columns=log.columns.replace(event="event"))
    metrics = tuple(Metric(name, name, where=where, pattern=pattern) for name in ASKED)
    definition = definition.replace(metrics=metrics, actor_metrics=(), keep=None)
    found = connect(log).sessions(definition)
    wanted = {
        (*(session[name] for name in log.columns.actor), session["session_number"]): session
        for session in oracle.sessions(log.rows, log.columns, definition)
    }
    names = [*log.columns.actor, "session_number"]
    assert found.height == len(wanted)
    for row in found.with_columns(pl.col("time_of").dt.total_microseconds()).iter_rows(named=True):
        its = wanted[tuple(row[name] for name in names)]
        assert {name: row[name] for name in ASKED} == {name: its[name] for name in ASKED}


@pytest.mark.parametrize(
    ("pattern", "counts"),
    [
        ("view", [3, 1, 1]),
        ("view -> buy", [1, 0, 0]),
        ("login .. buy", [1, 0, 0]),
        ("view -> view", [1, 0, 0]),
        ("^ login", [1, 0, 1]),
        ("view $", [1, 0, 1]),
        ("login -> [^buy]+ $", [0, 0, 1]),
        ("view{2,5}", [1, 0, 0]),
        ("(login | buy) -> view", [2, 0, 1]),
        ("{n = 0} -> login", [0, 1, 1]),
        ("login .. view", [1, 0, 1]),
    ],
)
def test_known_answers(engines: Connect, pattern: str, counts: list[int]):
    engine = engines(FRAME, actor="user", time="ts", event="event")
    asked = VISIT.replace(metrics=[Metric("times", "matches", pattern=pattern), Metric("has", "any", pattern=pattern)])
    found = engine.sessions(asked)
    assert found["times"].to_list() == counts
    assert found["has"].to_list() == [count > 0 for count in counts]


def test_how_long_the_first_match_takes(engines: Connect):
    engine = engines(FRAME, actor="user", time="ts", event="event")
    found = engine.sessions(VISIT.replace(metrics=[Metric("m", "time_of", pattern="login .. buy")]))
    assert found["m"].dt.total_seconds().to_list() == [180, None, None]
    found = engine.sessions(VISIT.replace(metrics=[Metric("m", "time_of", pattern="view -> view", where="n < 2")]))
    assert found["m"].to_list() == [None, None, None]


def test_it_is_a_condition_and_a_scope_like_every_metric(engines: Connect):
    engine = engines(FRAME, actor="user", time="ts", event="event")
    metrics = [
        Metric("returns", "any", pattern="login .. view"),
        Metric("views", "count", where="event = 'view'", scope={"where": "returns"}),
    ]
    found = engine.sessions(VISIT.replace(metrics=metrics, keep="returns"))
    assert found["views"].to_list() == [3, 1]


@pytest.mark.parametrize(
    ("frame", "pattern", "said"),
    [
        (FRAME.drop("event"), "view", r"metrics\[0\]\.pattern: No column says what happened in an event, so 'view' is"),
        (FRAME, "{evnt = 'x'}", r"metrics\[0\]\.pattern: there is no column 'evnt'"),
        (FRAME, "(((view{100}){100}){100}){100}", r"metrics\[0\]\.pattern: The pattern .* is too large"),
    ],
)
def test_what_cannot_be_asked_is_said(frame: pl.DataFrame, pattern: str, said: str):
    engine = explorer.connect(frame, actor="user", time="ts")
    engine = engine if "event" not in frame else explorer.connect(frame, actor="user", time="ts", event="event")
    with pytest.raises(SpecError, match=said):
        engine.sessions(VISIT.replace(metrics=[Metric("m", "any", pattern=pattern)]))

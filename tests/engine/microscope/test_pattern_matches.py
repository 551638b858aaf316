"""Where patterns match in a session, held to a search; and what patterns a stretch of events is proposed to be."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import explorer
from explorer.engine.microscope.pattern_matches import proposed, spans
from explorer.engine.microscope.session_place import find
from explorer.errors import SpecError
from explorer.spec.editing.loosening import MOST_MARKED
from explorer.spec.metric import Metric
from explorer.spec.pattern import Pattern
from explorer.spec.session import SessionDefinition
from tests import oracle
from tests.engine.local.inside.made_up import FRAME, VISIT
from tests.engine.microscope.streams import every
from tests.examples import examples
from tests.factories import connect
from tests.patterns import matches
from tests.strategies import Log, definitions, inside_clauses, logs, maybe, patterns


@examples(25)
@given(logs(), definitions(), patterns(), maybe(inside_clauses()))
def test_matches_are_where_a_search_finds_them(log: Log, definition: SessionDefinition, pattern: Pattern, where):
    if log.columns.event is None:
        return
    engine = connect(log)
    metric = Metric("m", "matches", pattern=pattern, where=where)
    definition = definition.replace(metrics=(*definition.metrics, metric), keep=None)
    sessions = {
        tuple(session.facts[name] for name in (*log.columns.actor, "session_number")): session
        for session in oracle._kept(log.rows, log.columns, definition)
    }
    for found in every(engine, definition):
        session = sessions[tuple(found.row[name][0] for name in (*log.columns.actor, "session_number"))]
        kept = [at for at, event in enumerate(session.events) if oracle._true(where, event.known)]
        kinds = oracle._kinds(pattern, [session.events[at] for at in kept], log.columns.event)
        wanted = [(kept[begin], kept[end - 1]) for begin, end in matches(pattern, kinds)]
        first = found.events.start
        assert [(begin - first, end - first) for begin, end in spans(found, metric)] == wanted


@given(logs(), st.integers(0, 3), st.integers(0, 4))
def test_every_proposal_matches_the_stretch_and_looser_ones_match_more(log: Log, first: int, length: int):
    if log.columns.event is None:
        return
    engine = connect(log)
    definition = SessionDefinition("visit", "1d")
    for found in every(engine, definition)[:3]:
        begin = min(found.events.start + first, found.events.stop - 1)
        last = min(begin + length, found.events.stop - 1)
        ways = proposed(found, begin, last)
        metrics = [Metric(f"m{at}", "any", pattern=pattern) for at, (_, pattern) in enumerate(ways)]
        told = engine.sessions(definition.replace(metrics=tuple(metrics)))
        own = told.filter(pl.col("session_id") == found.id).row(0)[-len(ways) :]
        assert all(own)
        counts = [told[metric.name].sum() for metric in metrics]
        assert counts == sorted(counts)


def found_of(frame: pl.DataFrame, who: str, **roles: str):
    engine = explorer.connect(frame, actor="user", time="ts", **roles)
    return find(engine.session_table(VISIT), f"{who}/1")


def test_the_pattern_of_a_stretch_is_loosened_step_by_step():
    found = found_of(FRAME, "u1", event="event")
    first = found.events.start
    assert [pattern for _, pattern in proposed(found, first, first + 3)] == [
        "login -> view -> view -> buy",
        "login+ -> view+ -> buy+",
        "login .. view .. buy",
        "login .. buy",
    ]
    assert [pattern for _, pattern in proposed(found, first + 1, first + 1)] == ["view"]
    quoted = found_of(FRAME.with_columns(pl.lit("it's <b>").alias("event")), "u2", event="event")
    assert proposed(quoted, quoted.events.start, quoted.events.start)[0][1] == "'it''s <b>'"
    numbers = found_of(FRAME, "u1", event="n")
    assert proposed(numbers, numbers.events.start, numbers.events.start + 1)[0][1] == "{n = 0} -> {n = 1}"


def test_what_is_no_pattern_is_refused():
    long = pl.DataFrame({"user": "u", "ts": range(1_700_000_000, 1_700_000_030), "event": "view"})
    found = found_of(long, "u", event="event")
    with pytest.raises(SpecError, match=f"Mark at most {MOST_MARKED} events, these are 30"):
        proposed(found, found.events.start, found.events.stop)
    assert len(spans(found, Metric("m", "any", pattern="view{3}"))) == 10

"""Totals, effects and live counts: the quick answers are those of the sessions themselves, and of the oracle."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import explorer
from explorer.engine.answers.trial import Totals
from explorer.engine.local.editors.live_counts import (
    counts,
    inside_counts,
    sample,
    session_counts,
    session_sample,
    spread,
)
from explorer.engine.local.editors.rule_effects import RULES, effects, is_set, totals, without
from explorer.engine.local.engine import LocalEngine
from explorer.errors import SpecError
from explorer.events.calendar_days import days
from explorer.plan.in_polars import boundary
from explorer.plan.in_polars.boundary import TIME
from explorer.plan.in_polars.predicate import predicate
from explorer.spec.expression.clause import All, Any, Clause, Not, parse
from explorer.spec.session import SessionDefinition
from tests import oracle
from tests.examples import examples
from tests.factories import connect, left_out
from tests.strategies import SESSION_KINDS, ZONES, Log, clauses, definitions, inside_clauses, logs
from tests.told import assert_same


def slow(engine: LocalEngine, log: Log, definition: SessionDefinition) -> Totals:
    """The same, counted in the public frame."""
    found = engine.sessions(definition)
    events, outside = int(found["event_count"].sum()), engine.outside(definition)
    return Totals(found.height, found.select(log.columns.actor).n_unique(), events, outside)


@given(logs(), definitions())
def test_totals_are_those_of_the_sessions(log: Log, definition: SessionDefinition):
    quick, engine = totals(connect(log).session_table(definition)), connect(log)
    wanted = oracle.sessions(log.rows, log.columns, definition)
    actors = {tuple(session[name] for name in log.columns.actor) for session in wanted}
    outside = len(oracle.outside(log.rows, log.columns, definition))
    assert quick == Totals(len(wanted), len(actors), sum(len(session["rows"]) for session in wanted), outside)
    assert quick == slow(engine, log, definition) == totals(engine.session_table(definition))


@given(logs(), definitions())
@examples(30)
def test_effects_are_the_totals_without_each_rule(log: Log, definition: SessionDefinition):
    engine = connect(log)
    found = effects(engine.session_table(definition))
    assert found == dict(engine.cut(definition).each_effect())
    assert list(found) == [rule for rule in RULES if is_set(definition, rule)]
    there = slow(connect(log), log, definition)
    for rule, (before, after) in found.items():
        assert after == there
        assert before == slow(connect(log), log, without(definition, rule))
        assert not is_set(without(definition, rule), rule)


def visit(**rules: object) -> SessionDefinition:
    return SessionDefinition(**({"name": "visit", "inactivity": "30m"} | rules))  # type: ignore[arg-type]


@pytest.fixture
def engine() -> LocalEngine:
    hours = pl.datetime_range(
        pl.datetime(2024, 3, 1), pl.datetime(2024, 3, 2), "1h", closed="left", eager=True, time_zone="UTC"
    )
    frame = pl.DataFrame({"user": ["ann", "bob"] * 12, "ts": hours, "event": ["view", "view", "buy"] * 8})
    return explorer.connect(frame, actor="user", time="ts", event="event", time_zone="Europe/Berlin")


def test_a_rule_that_others_need_has_no_effect_of_its_own(engine: LocalEngine):
    definition = visit(split_by="event", keep="event = 'buy'")
    assert list(effects(engine.session_table(definition))) == ["keep"]


def test_a_wrong_rule_says_where(engine: LocalEngine):
    for rule in ("where", "restart", "end", "keep"):
        with pytest.raises(SpecError, match=f"^{rule}: .*evnt"):
            totals(engine.session_table(visit(**{rule: "evnt = 'buy'"})))


def test_totals_cut_nothing_where_events_say_it_all(engine: LocalEngine):
    totals(engine.session_table(visit(where="event = 'buy'", restart="event = 'buy'", calendar="Europe/Berlin")))
    assert not {"cut", "view", "starts"} & engine.stages.made.keys()


def test_names_and_colors_are_counted_once(engine: LocalEngine):
    totals(engine.session_table(visit(keep="event_count > 1")))
    before = dict(engine.stages.made)
    totals(engine.session_table(visit(keep="event_count > 1", name="other", color="#2f7de1", description="Something.")))
    assert engine.stages.made == before


# ---- counting


@given(logs(), st.lists(clauses(), max_size=5))
def test_counts_are_those_of_the_oracle(log: Log, asked: list[Clause]):
    groups = [All(tuple(asked)), Any(tuple(asked)), *(Not(clause) for clause in asked)] if asked else []
    found, problems = counts(connect(log).event_table, [*groups, *asked])
    rows = [row for at, row in enumerate(log.rows) if at not in left_out(log)]
    assert problems == {}
    assert found == {clause: sum(oracle.holds(clause, row) for row in rows) for clause in [*groups, *asked]}


@given(logs(), clauses())
def test_a_mask_in_parts_is_the_whole_predicate(log: Log, clause: Clause):
    engine = connect(log)
    frame = engine.event_table.frame
    whole = frame.select(predicate(clause, frame.schema).alias("mask")).to_series()
    assert engine.event_table.mask(clause).to_list() == whole.to_list()


@given(logs(), definitions(), st.lists(clauses(SESSION_KINDS), max_size=3))
def test_session_counts_are_those_of_the_oracle(log: Log, definition: SessionDefinition, asked: list[Clause]):
    found, problems = session_counts(connect(log).session_table(definition), [*asked, All(tuple(asked))])
    assert problems == {}
    for clause in asked:
        wanted = oracle.sessions(log.rows, log.columns, definition.replace(keep=clause))
        assert found[clause] == len(wanted)


@given(logs(), definitions(), st.lists(inside_clauses(), max_size=3))
def test_counts_of_events_of_sessions_are_those_of_the_oracle(
    log: Log, definition: SessionDefinition, asked: list[Clause]
):
    found, problems = inside_counts(connect(log).session_table(definition).inside, asked)
    assert problems == {}
    sessions = oracle._kept(log.rows, log.columns, definition.replace(keep=None))
    for clause in asked:
        assert found[clause] == sum(oracle.holds(clause, event.known) for each in sessions for event in each.events)


def test_one_wrong_clause_spoils_its_own_count_only(engine: LocalEngine):
    right, wrong = parse("event = 'buy'"), parse("evnt = 'buy'")
    found, problems = counts(engine.event_table, [right, wrong, All((right, wrong))])
    assert found == {right: 8}
    assert problems == dict.fromkeys([wrong, All((right, wrong))], "there is no column 'evnt'. Did you mean 'event'?")
    found, problems = session_counts(engine.session_table(visit()), [parse("user = 'ann'"), parse("usr = 'ann'")])
    assert (list(found.values()), len(problems)) == ([12], 1)


def test_a_tree_costs_each_rule_once(engine: LocalEngine):
    one, other = parse("event = 'buy'"), parse("user = 'ann'")
    counts(engine.event_table, [one, other, All((one, other)), Any((one, Not(All((one, other)))))])
    assert engine.stages.made["mask"] == 5


@given(logs(), st.one_of(st.none(), clauses()), st.integers(1, 6))
def test_a_sample_is_spread_over_all_that_match(log: Log, where: Clause | None, most: int):
    engine = connect(log)
    found = sample(engine.event_table, where, most)
    every = engine.events(SessionDefinition("all", "1d"), where).select(engine.schema.keys())
    assert found.height == min(most, every.height)
    assert found.schema == engine.schema
    assert found.head(1).equals(every.head(1))
    if most > 1:
        assert found.tail(1).equals(every.tail(1))


@given(logs(), definitions(), st.one_of(st.none(), clauses(SESSION_KINDS)))
def test_a_sample_of_sessions_has_its_condition(log: Log, definition: SessionDefinition, where: Clause | None):
    engine = connect(log)
    found = session_sample(engine.session_table(definition), where, most=10_000)
    wanted = oracle.sessions(log.rows, log.columns, definition.replace(keep=where))
    assert_same(found, wanted, (*log.columns.actor, "session_number"))
    few = session_sample(engine.session_table(definition), where, most=3)
    assert few.equals(found[spread(found.height, 3)])


@given(st.lists(st.integers(0, 3 * 86_400_000_000), min_size=0, max_size=40), ZONES, st.booleans())
def test_days_by_the_minute_are_those_of_the_calendar(times: list[int], zone: str, aware: bool):
    # Around the clock change of March 2024, dense enough that minutes are worth it.
    begin = 1_711_756_800_000_000
    dense = [begin + at * 30_000_000 for at in range(4_000)]
    series = pl.Series([*dense, *(begin + time for time in times)], dtype=pl.Int64)
    plain = pl.DataFrame({TIME: series}).select(boundary.day(zone, aware)).to_series()
    assert days(series, zone, aware).to_list() == plain.to_list()


def test_days_of_a_zone_whose_offset_has_seconds_are_exact():
    series = pl.Series([-4_000_000_000_000_000 + at * 20_000_000 for at in range(10_000)], dtype=pl.Int64)
    plain = pl.DataFrame({TIME: series}).select(boundary.day("America/New_York", True)).to_series()
    assert days(series, "America/New_York", aware=True).to_list() == plain.to_list()

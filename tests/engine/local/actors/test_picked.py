"""A long list of actors becomes a property that only they have, or a cohort; the same sessions stay selected."""

from __future__ import annotations

from datetime import datetime, timedelta

import polars as pl
import pytest

import explorer
from explorer.crossfilter.selections.selection import Selection, Values
from explorer.engine.local.actors.picked import FEW
from explorer.spec.analysis import Analysis
from explorer.state import Explorer, first_coded

BEGIN = datetime(2024, 3, 1)
ROWS = [
    (f"u{at}", "robot" if at < 8 else "person", "odd" if at % 2 else "even", BEGIN + timedelta(days=day, minutes=at))
    for at in range(30)
    for day in range(at % 3 + 1)
]
FRAME = pl.DataFrame(ROWS, schema=["user", "agent", "parity", "ts"], orient="row")


@pytest.fixture
def state() -> Explorer:
    log = explorer.connect(FRAME, actor="user", time="ts")
    visit = explorer.SessionDefinition("visit", "30m")
    analysis = Analysis(log.columns, (visit,))
    state = Explorer(engine=log, analysis=analysis, session="visit")
    state.drawn = first_coded(log, analysis)
    return state


def kept(state: Explorer) -> set[str]:
    log = state.engine.under(state.analysis)
    return set(log.sessions(state.definition)["user"])


def test_a_property_says_it_shortly(state: Explorer):
    state.selection = Selection().with_("user", Values(frozenset(f"u{at}" for at in range(8))))
    state.exclude()
    assert str(state.definition.keep) == "NOT first_agent = 'robot'"
    assert state.analysis.cohorts == ()
    assert kept(state) == {f"u{at}" for at in range(8, 30)}


@pytest.mark.parametrize("without", [False, True])
def test_others_become_a_cohort(state: Explorer, without: bool):
    picked = frozenset(f"u{at}" for at in range(3, 3 + FEW + 1))
    state.selection = Selection().with_("user", Values(picked))
    (state.exclude if without else state.keep_only)()
    assert "selected actors" in str(state.definition.keep)
    assert [cohort.name for cohort in state.analysis.cohorts] == ["selected actors"]
    assert kept(state) == ({f"u{at}" for at in range(30)} - picked if without else picked)
    assert "u3" not in str(state.definition.keep)


def test_a_few_are_named_and_an_inverted_list_stays_inverted(state: Explorer):
    state.selection = Selection().with_("user", Values(frozenset({"u1", "u2"})))
    state.keep_only()
    assert str(state.definition.keep) == "user IN ('u1', 'u2')"
    state.define(keep=None)
    picked = frozenset(f"u{at}" for at in range(3, 20))
    state.selection = Selection().with_("user", Values(picked, negated=True))
    state.keep_only()
    assert kept(state) == {f"u{at}" for at in range(30)} - picked

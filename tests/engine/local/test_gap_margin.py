"""How far a session is from being cut otherwise, beside the slow loop and by moving the inactivity."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given

import explorer
from explorer.crossfilter.selections.selection import Selection
from explorer.engine.coded import UNSORTED
from explorer.spec.duration import Duration
from explorer.spec.session import SessionDefinition
from tests import oracle
from tests.engines.making import Connect
from tests.examples import examples
from tests.factories import connect
from tests.strategies import Log, definitions, logs

VISIT = SessionDefinition("visit", "30m")
BEGIN = datetime(2024, 3, 1)


def margins(log: Any, definition: SessionDefinition) -> dict[tuple[Any, ...], int | None]:
    """The margin of the sessions that are shown, by actor and number, in microseconds."""
    table = log.session_table(definition)
    columns = [*(table.column(name) for name in log.columns.actor), table.column("session_number")]
    told = pl.DataFrame([*columns, table.column("gap_margin").dt.total_microseconds()])
    shown = table.shown
    return {row[:-1]: row[-1] for row in (told if shown is None else told.filter(shown)).rows()}


@given(logs(), definitions())
def test_any_margin_is_what_the_slow_loop_says(log: Log, definition: SessionDefinition):
    assert margins(connect(log), definition) == oracle.margins(log.rows, log.columns, definition)


@examples(25)
@given(logs(), definitions())
def test_it_stands_beside_the_columns_of_a_page_and_sorts_it(engines: Connect, log: Log, definition: SessionDefinition):
    order = [*log.columns.order, "row"]
    actor = list(log.columns.actor)
    engine = engines(log.frame, actor=actor, time="ts", event=log.columns.event, order=order)
    coded = engine.cut(definition).coded()
    wanted = oracle.margins(log.rows, log.columns, definition)
    found = coded.page(Selection(), UNSORTED, slice(None), ["gap_margin"]).frame
    assert found.columns[-1] == "gap_margin"
    told = found.select(
        *found.columns[1 : 1 + len(actor)], "session_number", pl.col("gap_margin").dt.total_microseconds()
    )
    assert {row[:-1]: row[-1] for row in told.rows()} == wanted
    plain = coded.page(Selection(), UNSORTED, slice(None)).frame
    assert found.drop("gap_margin").equals(plain)
    nearest = coded.page(Selection(), ("gap_margin", False), slice(0, 3), ["gap_margin"]).frame["gap_margin"]
    assert nearest.dt.total_microseconds().to_list() == _sorted(wanted)[:3]


def _sorted(wanted: dict[Any, int | None]) -> list[int | None]:
    return sorted(wanted.values(), key=lambda margin: (margin is None, margin))


@pytest.mark.parametrize("rules", [{}, {"max_events": 3}, {"restart": "event = 'b'"}, {"opens_with": "event = 'b'"}])
def test_events_that_last(rules: dict[str, Any]):
    lasts = [90, 5, 0, 20, 31, 1, 2, 3, 60, 0, 4, 45]
    rows = [
        {"user": "ann" if at % 5 else "bob", "ts": BEGIN + timedelta(minutes=at * 13 + at * at % 7 * 11),
         "event": "ab"[at % 3 == 0], "until": timedelta(minutes=last)}
        for at, last in enumerate(lasts * 3)
    ]  # fmt: skip
    log = explorer.connect(pl.DataFrame(rows), actor="user", time="ts", event="event", until="until")
    definition = VISIT.replace(**rules)
    wanted = oracle.margins(rows, log.columns, definition)
    assert len(wanted) > 3
    assert margins(log, definition) == wanted


def edges(log: Any, definition: SessionDefinition) -> set[tuple[Any, ...]]:
    return set(log.sessions(definition).select("user", "start", "end", "event_count").rows())


@pytest.mark.parametrize("boundary", [">", ">="])
def test_the_inactivity_moves_so_far_and_no_further(boundary: str):
    minutes = {"a": [0, 20, 60, 61, 95, 200, 229, 259, 400], "b": [5, 40]}
    rows = [{"user": who, "ts": BEGIN + timedelta(minutes=each)} for who, its in minutes.items() for each in its]
    log = explorer.connect(pl.DataFrame(rows), actor="user", time="ts")
    definition = VISIT.replace(boundary=boundary)
    now = log.sessions(definition)
    for at, margin in enumerate(log.session_table(definition).column("gap_margin").dt.total_microseconds()):
        its = set(now[at].select("user", "start", "end", "event_count").rows())
        for moved in (margin - 1, 1 - margin):
            if margin:
                assert its <= edges(log, definition.replace(inactivity=Duration(definition.inactivity.us + moved)))
        further = [Duration(definition.inactivity.us + sign * (margin + 1)) for sign in (1, -1)]
        assert any(not its <= edges(log, definition.replace(inactivity=length)) for length in further)


def test_a_session_that_the_inactivity_did_not_judge_has_none():
    log = explorer.connect(
        pl.DataFrame({"user": ["ann", "ann", "bob"], "ts": [BEGIN, BEGIN + timedelta(hours=9), BEGIN]}),
        actor="user",
        time="ts",
    )
    assert log.session_table(VISIT).column("gap_margin").to_list() == [timedelta(hours=8, minutes=30)] * 2 + [None]

"""The rules behind session ids: ids made by a definition lead back to one that makes the same sessions."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import polars as pl
import pytest

import explorer
from explorer.engine.answers.rules_from_ids import RulesFromIds
from explorer.engine.sql.table_rules import rules_from_ids
from explorer.errors import SpecError
from tests.engine.local.compare.vendor import BEGIN, VISIT, frame, with_ids
from tests.engines.making import Connect, in_duckdb


def found(rows: pl.DataFrame, **how: Any) -> RulesFromIds:
    return explorer.connect(rows, actor="user", time="ts", event="event", **how).rules_from_ids("vendor_id")


@pytest.mark.parametrize(
    ("rules", "steps"),
    [
        ({}, 1),
        ({"inactivity": "15m"}, 1),
        ({"inactivity": "1h"}, 1),
        ({"boundary": ">="}, 1),
        ({"calendar": "UTC"}, 2),
        ({"calendar": "America/New_York"}, 2),
        ({"restart_on_change": ["campaign"]}, 2),
        ({"restart": "event = 'login'"}, 2),
        ({"end": "event = 'logout'"}, 2),
        ({"max_events": 5}, 2),
        ({"max_duration": "1h"}, 2),
        ({"split_by": ["device"]}, 1),
        ({"calendar": "UTC", "restart_on_change": ["campaign"]}, 3),
        ({"restart": "event = 'login'", "end": "event = 'logout'"}, 3),
        ({"where": "event != 'logout'"}, 1),
    ],
    ids=str,
)
def test_ids_lead_back_to_their_rules(rules: dict[str, Any], steps: int):
    definition = VISIT.replace(**rules)
    its = found(with_ids(frame(), definition))
    assert its.same == its.sessions > 100
    assert its.definition.inactivity == definition.inactivity
    assert its.definition.boundary == definition.boundary
    for name in ("calendar", "restart_on_change", "restart", "end", "max_events", "max_duration", "split_by"):
        assert getattr(its.definition, name) == getattr(definition, name), name
    assert len(its.steps) == steps
    assert [step.same for step in its.steps] == sorted(step.same for step in its.steps)


@pytest.mark.parametrize("rules", [{}, {"calendar": "UTC"}, {"split_by": ["device"]}, {"where": "event != 'login'"}])
def test_the_diff_says_the_same(rules: dict[str, Any]):
    rows = with_ids(frame(2), VISIT.replace(**rules))
    log = explorer.connect(rows, actor="user", time="ts", event="event")
    its = log.rules_from_ids("vendor_id")
    counts = log.diff(its.definition, "vendor_id").counts
    same = counts.filter(pl.col("kind") == "unchanged")["sessions_in_other"][0]
    assert (same, counts["sessions_in_other"].sum()) == (its.same, its.sessions)


def test_what_no_rule_explains_is_counted():
    rows = with_ids(frame(3), VISIT)
    dice = random.Random(5)
    wrong = [dice.random() < 0.02 for _ in range(rows.height)]
    odd = pl.when(pl.Series(wrong)).then(pl.concat_str("vendor_id", pl.lit("x"))).otherwise("vendor_id")
    log = explorer.connect(rows.with_columns(odd.alias("vendor_id")), actor="user", time="ts", event="event")
    its = log.rules_from_ids("vendor_id")
    assert str(its.definition.inactivity) == "30m"
    assert 0 < its.same < its.sessions
    counts = log.diff(its.definition, "vendor_id").counts
    assert counts.filter(pl.col("kind") == "unchanged")["sessions_in_other"][0] == its.same
    assert any("not explained" in note for note in its.notes)
    assert its.interrupted > 0


def test_another_name_for_the_ids_is_no_rule():
    rows = with_ids(frame(4), VISIT.replace(calendar="UTC"))
    twin = rows.with_columns(pl.col("vendor_id").rank("dense").alias("number"), pl.col("vendor_id").alias("copy"))
    its = found(twin)
    assert its.definition.restart_on_change == ()
    assert its.definition.calendar == "UTC"


def test_any_choice_that_gives_the_same_is_said():
    minutes = [0, 4, 11, 15, 300, 310, 700]
    rows = pl.DataFrame({"user": "ann", "ts": [BEGIN + timedelta(minutes=each) for each in minutes], "event": "view"})
    its = found(with_ids(rows, VISIT))
    assert [str(each) for each in (its.low, its.definition.inactivity, its.high)] == ["10m", "30m", "4h"]
    assert its.notes == ["Any inactivity from 10m to 4h gives the same."]
    assert its.sentence == "30m of inactivity: this reproduces all 3 sessions of vendor_id."


@pytest.mark.parametrize(
    ("ids", "said"),
    [
        (pl.lit(None, pl.String), "has no value"),
        (pl.int_range(pl.len()), "these are no ids of sessions"),
    ],
)
def test_what_is_no_id_is_refused(ids: pl.Expr, said: str):
    with pytest.raises(SpecError, match=said):
        found(frame(1, 4, 8).with_columns(ids.alias("vendor_id")))


def test_a_column_that_is_not_there():
    with pytest.raises(SpecError, match="no column 'vendor_id'"):
        found(frame(1, 4, 8))


def test_one_event_and_one_session():
    row = {"user": "ann", "ts": BEGIN, "event": "view", "vendor_id": "a"}
    assert found(pl.DataFrame([row])).same == 1
    two = [row, row | {"ts": BEGIN + timedelta(minutes=3)}]
    assert found(pl.DataFrame(two)).same == 1


@pytest.mark.parametrize("rules", [{}, {"calendar": "UTC"}, {"split_by": ["device"]}, {"restart": "event = 'login'"}])
def test_a_table_is_searched_as_events_in_memory_are(engines: Connect, rules: dict[str, Any]):
    rows = with_ids(frame(1, 30, 8), VISIT.replace(**rules)).with_row_index("place")
    its = engines(rows, actor="user", time="ts", event="event", order="place").rules_from_ids("vendor_id")
    wanted = found(rows, order="place")
    assert (its.steps, its.sentence, its.low, its.high) == (wanted.steps, wanted.sentence, wanted.low, wanted.high)
    assert its.notes == wanted.notes
    with pytest.raises(SpecError, match="There is no column 'gone'"):
        engines(rows, actor="user", time="ts", event="event").rules_from_ids("gone")


def test_of_a_large_table_some_actors_are_looked_at():
    rows = with_ids(frame(1, 40, 8), VISIT)
    log = in_duckdb(rows, actor="user", time="ts", event="event")
    its = rules_from_ids(log.event_table, "vendor_id", "from ids", most=rows.height // 4)
    users = sorted(rows["user"].unique())
    held = [users[at] for at in dict.fromkeys(round(each * 39 / 9) for each in range(10))]
    wanted = found(rows.filter(pl.col("user").is_in(held)))
    assert (its.actors, its.of_actors) == (10, 40)
    assert (its.steps, its.sessions) == (wanted.steps, wanted.sessions)
    assert its.sentence.endswith("of vendor_id of 10 actors that were looked at.")
    assert its.notes[0].startswith("The events stay in the database; those of 10 of 40 actors came here")
    one = rules_from_ids(log.event_table, "vendor_id", "from ids", most=1)
    assert one.actors == 1


def test_actors_of_two_columns_are_told_apart_in_a_table():
    rows = with_ids(frame(1, 30, 8), VISIT).with_columns(half=pl.col("user").str.slice(0, 1))
    log = in_duckdb(rows, actor=["half", "user"], time="ts", event="event")
    assert log.rules_from_ids("vendor_id").steps[-1].wrong == 0

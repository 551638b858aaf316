"""Passive and opening events, changes of value and longest counts: known answers, and random logs and definitions
with all rules together, held to the oracle by the engine, by DuckDB and by the printed script."""

import random
from datetime import timedelta
from typing import Any

import polars as pl
import pytest

import explorer
from explorer.code.polars import polars_code
from explorer.engine.local.cut import dividing
from explorer.engine.local.editors.rule_effects import effects, totals
from explorer.errors import SpecError
from explorer.spec.analysis import Analysis
from explorer.spec.columns import Columns
from explorer.spec.duration import Duration
from explorer.spec.metric import Metric
from explorer.spec.prose import definition_sentence
from explorer.spec.reasons import began_words, ended_words
from explorer.spec.rules import REASON_NAMES, RULES
from explorer.spec.session import SessionDefinition
from tests import oracle
from tests.code.running import check, run
from tests.engine.local.told_rules import COLUMNS, NOON, assert_as_told, frame_of, rows_of
from tests.parity import both

pytestmark = pytest.mark.slow


def definition_of(dice: random.Random) -> SessionDefinition:
    def maybe(share: float, *values: Any) -> Any:
        return dice.choice(values) if dice.random() < share else None

    return SessionDefinition(
        "visit",
        dice.choice(["10m", "20m", "1h"]),
        boundary=dice.choice([">", ">="]),
        restart=maybe(0.3, "event = 'login'", "d = 2"),
        end=maybe(0.3, "event = 'logout'", "event IS NULL"),
        where=maybe(0.2, "ok"),
        split_by=maybe(0.2, ("ok",)) or (),
        max_duration=maybe(0.4, "5m", "20m", "1h"),
        calendar=maybe(0.2, "UTC", "Asia/Kathmandu"),
        restart_on_change=maybe(0.5, ("c",), ("d",), ("c", "d"), ("d", "event", "c")) or (),
        opens_with=maybe(0.5, "event = 'login'", "event = 'view'", "c = 'x'", "d = 1"),
        passive=maybe(0.5, "event = 'beat'", "d = 2", "c IS NULL"),
        max_events=maybe(0.4, 1, 2, 3, 5),
        metrics=[
            Metric("n", "count", where="event = 'beat'"),
            Metric("l", "last", "c"),
            Metric("t", "time_to", where="event='beat'"),
        ],
    )


@pytest.mark.parametrize("few", [0, 32])
@pytest.mark.parametrize("seed", range(4))
def test_all_rules_together(seed: int, few: int, monkeypatch: pytest.MonkeyPatch):
    """Followed all at once and one after the other."""
    monkeypatch.setattr(dividing, "FEW", few)
    for at in range(12):
        dice = random.Random(f"{seed}/{few}/{at}")
        lasting = at % 4 == 0
        rows, definition = rows_of(dice, lasting), definition_of(dice)
        columns = COLUMNS.replace(until="lasts") if lasting else COLUMNS
        log = explorer.connect(frame_of(rows), **{name: value for name, value in columns.plain().items() if value})
        wanted = oracle.sessions(rows, columns, definition)
        assert_as_told(log.sessions(definition), wanted)
        numbers = {row: session["session_number"] for session in wanted for row in session["rows"]}
        assert dict(log.events(definition).select("row", "session_number").iter_rows()) == numbers
        assert log.outside(definition) == len(oracle.outside(rows, columns, definition))
        found = totals(log.session_table(definition))
        assert (found.sessions, found.events, found.outside) == (len(wanted), len(numbers), log.outside(definition))
        if at % 6:
            continue  # forty cuts each
        steps = log.evidence(definition).steps
        for inactivity in ("10m", "1h"):
            other = definition.replace(inactivity=inactivity)
            step = steps.filter(pl.col("inactivity") == pl.lit(Duration.parse(inactivity).us).cast(pl.Duration("us")))
            if definition.max_duration is None:
                assert step["sessions"].item() == len(oracle.sessions(rows, columns, other))


@pytest.mark.parametrize("seed", range(2))
def test_all_rules_in_sql_and_in_the_script(seed: int):
    for at in range(4):
        dice = random.Random(f"sql/{seed}/{at}")
        rows, definition = rows_of(dice), definition_of(dice)
        local, remote = both(frame_of(rows), COLUMNS)
        wanted = oracle.sessions(rows, COLUMNS, definition)
        assert_as_told(remote.sessions(definition), wanted)
        numbers = {row: session["session_number"] for session in wanted for row in session["rows"]}
        page = remote.events(definition, page=slice(0, 1000))
        assert dict(page.select("row", "session_number").iter_rows()) == numbers
        check(local, definition, run(polars_code(local, definition), events=frame_of(rows)))


def log_of(*events: tuple[float, str, str | None]) -> Any:
    """Events of one actor: minutes, event, campaign."""
    rows = [{"user": "u", "ts": NOON + timedelta(minutes=at), "event": event, "c": c} for at, event, c in events]
    return explorer.connect(pl.DataFrame(rows, schema_overrides={"c": pl.String}), actor="user", time="ts")


def told(log: Any, **rules: Any) -> list[tuple[str, int]]:
    found = log.sessions(SessionDefinition("visit", "30m", **rules))
    return list(found.select("started_by", "event_count").iter_rows())


def test_a_change_is_from_the_last_value_of_the_session_and_nulls_change_nothing():
    log = log_of((0, "a", None), (1, "a", "x"), (2, "a", None), (3, "a", "y"), (60, "a", None), (61, "a", "x"))
    assert told(log, restart_on_change="c") == [("first", 3), ("change", 1), ("inactivity", 2)]


def test_a_change_comes_before_the_gap_as_a_reason():
    log = log_of((0, "a", "x"), (60, "a", "y"))
    assert told(log, restart_on_change="c") == [("first", 1), ("change", 1)]
    assert told(log, restart_on_change="c", restart="c = 'y'") == [("first", 1), ("restart", 1)]


def test_counts_start_anew():
    log = log_of(*((at, "a", None) for at in range(5)))
    assert told(log, max_events=2) == [("first", 2), ("max_events", 2), ("max_events", 1)]
    assert told(log, max_events=1, max_duration="2m")[1] == ("max_events", 1)
    assert told(log, max_events=3, max_duration="2m") == [("first", 3), ("max_duration", 2)]


def test_outside_until_an_opening_event():
    log = log_of((0, "a", None), (1, "in", None), (2, "a", None), (90, "a", None), (91, "in", None), (92, "in", None))
    definition = SessionDefinition("visit", "30m", opens_with="event = 'in'")
    assert told(log, opens_with="event = 'in'") == [("first", 2), ("inactivity", 2)]
    assert log.outside(definition) == 2
    assert totals(log.session_table(definition)).outside == 2
    before, after = effects(log.session_table(definition))["opens_with"]
    assert (before.events, after.events, after.outside) == (6, 4, 2)


def test_passive_events_join_and_do_not_extend():
    log = log_of((0, "beat", None), (1, "a", None), (11, "beat", None), (31, "beat", None), (40, "beat", None))
    definition = SessionDefinition("visit", "30m", passive="event = 'beat'", metrics=[Metric("last", "last", "event")])
    found = log.sessions(definition).row(0, named=True)
    assert (found["event_count"], found["duration"], found["last"]) == (3, timedelta(0), "beat")
    assert log.outside(definition) == 2
    assert told(log, passive="event = 'beat'", boundary=">=") == [("first", 2)]


def test_an_end_event_closes_to_passive_events_too():
    log = log_of((0, "a", None), (1, "out", None), (2, "beat", None))
    assert told(log, passive="event = 'beat'", end="event = 'out'") == [("first", 2)]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.field)
def test_a_rule_has_its_words_and_goes_round(rule: Any):
    values = {"events": "event = 'a'", "sessions": "event_count > 1", "columns": ("c",), "boundary": ">="}
    values |= {"duration": "2h", "number": 3, "zone": "UTC"}
    definition = SessionDefinition("visit", "30m", **{rule.field: values[rule.editor]})
    assert rule.label
    assert rule.title
    assert rule.help
    if rule.field not in ("where", "split_by", "boundary"):
        assert rule.says(definition)
        assert rule.says(definition) in definition_sentence(definition)
    analysis = Analysis(Columns("user", "ts"), (definition,))
    assert Analysis.from_yaml(analysis.to_yaml()) == analysis
    assert Analysis.from_query(analysis.to_query()) == analysis


@pytest.mark.parametrize("reason", REASON_NAMES)
def test_a_reason_has_its_words(reason: str):
    definition = SessionDefinition("visit", "30m", max_events=2, max_duration="2h", restart_on_change="c")
    assert began_words(definition, reason, "47m")
    assert ended_words(definition, reason, "47m")


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        ({"restart_on_change": "campaing"}, "restart_on_change: the events have no column 'campaing'"),
        ({"restart_on_change": "user"}, "restart_on_change: 'user' is the actor"),
        ({"restart_on_change": ("c", "c")}, "restart_on_change: 'c' is named twice"),
        ({"passive": "evnt = 'beat'"}, "passive: there is no column 'evnt'. Did you mean 'event'"),
        ({"opens_with": "event > 3"}, "opens_with: 'event' is a text"),
    ],
)
def test_what_cannot_be(rules: dict[str, Any], said: str):
    with pytest.raises(SpecError, match=said):
        log_of((0, "a", None)).sessions(SessionDefinition("visit", "30m", **rules))


@pytest.mark.parametrize("count", [0, -1, 1.5, "many", True])
def test_what_is_no_number_of_events(count: Any):
    with pytest.raises(SpecError, match="is not a number of events"):
        SessionDefinition("visit", "30m", max_events=count)

"""Heartbeats are named where they stretch sessions, and nothing else is called one."""

import random
from datetime import datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

import explorer
from explorer.engine.local.editors.repairs import mends
from explorer.engine.local.engine import LocalEngine
from explorer.spec.analysis import Analysis, first_analysis
from explorer.spec.expression.clause import parse
from explorer.spec.session import SessionDefinition
from tests import oracle

SAMPLES = Path(__file__).parents[4] / "sample_data"
PLAIN = SessionDefinition("visit", "30m")
Row = dict[str, object]


def visits(dice: random.Random, actors: int = 40) -> list[Row]:
    """People who do something every few seconds to minutes, a few times a day."""
    rows: list[Row] = []
    for actor in range(actors):
        for day in range(6):
            time = datetime(2024, 3, 1 + day, 8) + timedelta(minutes=dice.random() * 600)
            for _ in range(dice.randint(1, 30)):
                rows.append({"user": f"u{actor}", "ts": time, "event": dice.choice(["view", "view", "search", "buy"])})
                time += timedelta(seconds=dice.lognormvariate(3.5, 1.2))
    return rows


def beating(dice: random.Random, rows: list[Row], every: float, jitter: float, share: float = 1.0) -> list[Row]:
    """The same with an app that is left open for hours behind some visits, and tells so."""
    found = list(rows)
    for row in rows[::20]:
        time = row["ts"]
        assert isinstance(time, datetime)
        if int(str(row["user"])[1:]) >= 40 * share:
            continue
        for beat in range(1, dice.randint(20, 60)):
            at = time + timedelta(seconds=beat * every + dice.uniform(-jitter, jitter))
            found.append({"user": row["user"], "ts": at, "event": "ping"})
    return found


def connect(rows: list[Row]) -> LocalEngine:
    return explorer.connect(pl.DataFrame(rows), actor="user", time="ts", event="event")


def kinds(log: LocalEngine, definition: SessionDefinition = PLAIN) -> list[str]:
    return [one.kind for one in log.heartbeats(definition)]


def test_the_heartbeats_of_the_sample_are_found_and_nothing_else():
    log = explorer.connect(SAMPLES / "shop.csv.gz")
    (found,) = log.heartbeats(PLAIN)
    assert (found.kind, found.period, found.long_sessions, found.long_after) == ("heartbeat", 240_000_000, 291, 151)
    assert found.regular > 0.99
    for inactivity in ("5m", "20m", "2h"):
        assert kinds(log, PLAIN.replace(inactivity=inactivity)) == ["heartbeat"]
    assert kinds(log, PLAIN.replace(where="NOT event = 'heartbeat'")) == []
    assert kinds(log, PLAIN.replace(passive="event = 'heartbeat'")) == []
    assert kinds(log, PLAIN.replace(inactivity="3m")) == []  # too seldom to keep a session open


@pytest.mark.parametrize("name", ["access.log.gz", "access.yaml"])
def test_robots_of_an_access_log_are_no_heartbeats(name: str):
    log = explorer.connect(SAMPLES / "access.log.gz")
    asked = (SAMPLES / name).read_text() if name.endswith(".yaml") else ""
    definitions = Analysis.from_yaml(asked).sessions if asked else (PLAIN, PLAIN.replace(inactivity="2h"))
    for definition in definitions:
        assert kinds(log, definition) == []


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("grain", ["1ms", "1s", "1m"])
def test_people_have_no_heartbeat(seed: int, grain: str):
    rows = visits(random.Random(seed))
    frame = pl.DataFrame(rows).with_columns(pl.col("ts").dt.truncate(grain))
    log = explorer.connect(frame, actor="user", time="ts", event="event")
    for inactivity in ("1m", "10m", "30m", "1d"):
        assert kinds(log, PLAIN.replace(inactivity=inactivity)) == []


@pytest.mark.parametrize(("every", "jitter"), [(30, 0), (60, 1), (240, 3), (600, 5)])
def test_what_comes_by_itself_is_found(every: float, jitter: float):
    dice = random.Random(7)
    rows = beating(dice, visits(dice), every, jitter)
    (found,) = connect(rows).heartbeats(PLAIN)
    assert found.kind == "ping"
    assert found.period == pytest.approx(every * 1e6, rel=0.03)


def test_what_it_would_change_is_what_the_slow_loop_says():
    dice = random.Random(7)
    rows = beating(dice, visits(dice, actors=5), 240, 3)
    (found,) = connect(rows).heartbeats(PLAIN)
    wanted = oracle.sessions(rows, first_analysis(connect(rows).columns).columns, PLAIN.replace(passive=found.clause))
    assert found.time_after == sum(row["duration"] for row in wanted)
    assert found.long_after == sum(row["duration"] > found.long for row in wanted)


def test_one_robot_makes_no_heartbeat():
    dice = random.Random(3)
    assert kinds(connect(beating(dice, visits(dice), 60, 0, share=0.05))) == []


def test_a_kind_that_makes_most_of_long_sessions_is_found():
    dice = random.Random(5)
    rows = visits(dice)
    for row in rows[::40]:
        time = row["ts"]
        assert isinstance(time, datetime)
        for _ in range(80):
            time += timedelta(seconds=dice.uniform(20, 400))
            rows.append({"user": row["user"], "ts": time, "event": "push"})
    (found,) = connect(rows).heartbeats(PLAIN)
    assert (found.kind, found.period) == ("push", None)
    assert found.of_long > 0.5
    assert found.time_after < found.time


def test_a_sensor_that_does_nothing_else_is_what_is_measured():
    begin = datetime(2024, 3, 1)
    rows = [{"user": f"u{at % 9}", "ts": begin + timedelta(minutes=at // 9), "event": "reading"} for at in range(900)]
    assert kinds(connect(rows)) == []
    assert explorer.connect(pl.DataFrame(rows).drop("event"), actor="user", time="ts").heartbeats(PLAIN) == ()


def test_one_click_makes_them_passive_and_another_takes_it_back():
    log = explorer.connect(SAMPLES / "shop.csv.gz")
    report = log.quality_report()
    quiet = PLAIN.replace(name="quiet", where="NOT event = 'heartbeat'")
    before = Analysis(log.columns, (PLAIN.replace(passive="page = 'x'"), quiet))

    def offered(analysis: Analysis):
        return next(one for one in mends(log.event_table, report, analysis.sessions) if one.key.startswith("heartbeat"))

    mend = offered(before)
    assert mend.action == "Make passive"
    assert "every 4m (99.6 % of the gaps" in mend.sentence
    assert "151 sessions are longer than 1h instead of 291" in mend.sentence
    assert mend.sentence.endswith("This is so in visit.")
    after = mend.applied(before)
    assert after.sessions[0].passive == parse("page = 'x' OR event = 'heartbeat'")
    assert after.sessions[1] == quiet
    assert Analysis.from_yaml(after.to_yaml()) == after
    back = offered(after)
    assert back.in_force
    assert back.applied(after) == before

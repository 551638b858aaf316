"""Events that last, and actors that are stitched from users and devices, held to the oracle."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

import explorer
from explorer.engine.local.engine import LocalEngine
from explorer.spec.session import SessionDefinition
from tests import oracle
from tests.engine.local.test_against_oracle import assert_same
from tests.strategies import DTYPES, STEP, Log, definitions, logs

DEVICES = ["d1", "d2", "ann", None]
LASTING = [None, timedelta(0), STEP, 3 * STEP, 12 * STEP, -STEP]


@dataclass(frozen=True)
class Odd(Log):
    """A log with a device, a length and an end on each row."""

    @property
    def frame(self) -> pl.DataFrame:
        time = pl.Datetime("us", "UTC" if self.aware else None)
        more = {"device": pl.String, "lasts": pl.Duration("us"), "ended": time}
        return pl.DataFrame(self.rows, schema={**DTYPES, "ts": time, **more}).with_row_index("row")


@st.composite
def odd_logs(draw: st.DrawFn, **columns: Any) -> Odd:
    log = draw(logs())
    rows = []
    for row in log.rows:
        lasts, device = draw(st.sampled_from(LASTING)), draw(st.sampled_from(DEVICES))
        ended = None if lasts is None or row["ts"] is None else row["ts"] + lasts
        rows.append(row | {"lasts": lasts, "device": device, "ended": ended})
    if all(row["ts"] is None or (row["user"] is None and row["device"] is None) for row in rows):
        rows[0]["device"] = "d1"
    order = draw(st.sampled_from([(), (), ("items",)]))
    return Odd(rows, log.columns.replace(actor="user", order=order, **columns), log.aware)


def connect(log: Log) -> LocalEngine:
    columns = log.columns
    return explorer.connect(log.frame, **{name: value for name, value in vars(columns).items() if value})


def check(log: Log, definition: SessionDefinition) -> None:
    engine, key = connect(log), (*log.columns.actor, "session_number")
    wanted = oracle.sessions(log.rows, log.columns, definition)
    assert_same(engine.sessions(definition), wanted, key)
    numbers = {row: session["session_number"] for session in wanted for row in session["rows"]}
    assert dict(engine.events(definition).select("row", "session_number").iter_rows()) == numbers
    counts = oracle.left_out(log.rows, log.columns)
    assert (engine.quality.no_actor, engine.quality.no_time) == (counts["null_actor"], counts["null_time"])


@given(odd_logs(until="lasts"), definitions())
def test_durations(log: Odd, definition: SessionDefinition):
    check(log, definition)


@given(odd_logs(until="ended"), definitions())
def test_end_times(log: Odd, definition: SessionDefinition):
    check(log, definition)


@given(odd_logs(identity={"known": "user", "anonymous": "device"}), definitions())
def test_stitched(log: Odd, definition: SessionDefinition):
    check(log, definition)


@given(odd_logs(identity={"known": "user", "anonymous": "device"}, until="lasts"), definitions())
def test_stitched_events_that_last(log: Odd, definition: SessionDefinition):
    check(log, definition)


@given(odd_logs(until="lasts"), definitions())
def test_what_the_gaps_say_is_what_is_cut(log: Odd, definition: SessionDefinition):
    definition = definition.replace(max_duration=None, keep=None, metrics=())
    engine = connect(log)
    assert engine.evidence(definition).sessions(definition.inactivity) == engine.sessions(definition).height

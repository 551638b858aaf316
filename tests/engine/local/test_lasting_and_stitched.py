"""Events that last, and actors that are stitched from users and devices, held to the oracle."""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import explorer
from explorer.code.languages import code
from explorer.engine.local.engine import LocalEngine
from explorer.spec.columns import Columns
from explorer.spec.session import SessionDefinition
from tests import oracle
from tests.strategies import DTYPES, STEP, Log, definitions, logs
from tests.told import assert_same

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
    looking_back = {"max_duration": None, "max_events": None, "opens_with": None, "restart_on_change": ()}
    definition = definition.replace(**looking_back, keep=None, metrics=())
    engine = connect(log)
    assert engine.evidence(definition).sessions(definition.inactivity) == engine.sessions(definition).height


CALLS = pl.DataFrame(
    {
        "user": ["ann", None, None, "bob"],
        "device": ["d", "d", "e", "d"],
        "ts": ["2024-03-01 10:00", "2024-03-01 10:40", "2024-03-01 10:00", "2024-03-01 09:00"],
        "talked": ["00:20:00", "5m", "PT1H", None],
    }
)
VISIT = SessionDefinition("visit", "30m")


def test_what_was_stitched_is_said():
    log = explorer.connect(CALLS, identity={"known": "user", "anonymous": "device"})
    assert log.sessions(VISIT).select("user", "event_count").rows() == [("ann", 1), ("ann", 1), ("bob", 1), ("e", 1)]
    counted, shared = log.quality.remarked
    assert counted.startswith("2 events with a known user; 1 without one counted for the last that was known on their")
    assert counted.endswith("device, 1 for the device itself.")
    assert shared == "1 value of device has several users; what is anonymous there counts for the last."
    assert log.events(VISIT)["user_in_source"].null_count() == 2
    assert log.count("user_in_source IS NULL AND user = 'ann'") == 1


def test_the_actor_may_have_another_name():
    log = explorer.connect(CALLS, actor="who", identity={"known": "user", "anonymous": "device"})
    assert log.sessions(VISIT).columns[1] == "who"
    assert log.events(VISIT)["user"].to_list() == ["ann", None, "bob", None]


def test_lengths_of_time_are_read_in_many_forms():
    log = explorer.connect(CALLS, actor="device", until="talked")
    found = log.sessions(VISIT).select("device", "event_count", pl.col("duration").dt.total_minutes()).rows()
    assert found == [("d", 1, 0), ("d", 2, 45), ("e", 1, 60)]
    assert log.quality.remarked == (
        "talked is how long an event lasts.",
        "1 event has no talked that can be read: taken to last no time.",
    )


@pytest.mark.parametrize(
    ("name", "values", "minutes", "said"),
    [
        ("watched_ms", [1_200_000, 0], 20, "read as milliseconds"),
        ("watched", [1200.0, 0.0], 20, "read as seconds"),
        ("ended", [1709288400, 1709289000], 20, "when an event ends"),
        ("until", ["2024-03-01 10:20:00", ""], 20, "when an event ends"),
    ],
)
def test_numbers_are_lengths_or_times(name: str, values: list[Any], minutes: int, said: str):
    times = [1709287200, 1709289000] if name == "ended" else ["2024-03-01 10:00", "2024-03-01 10:30"]
    log = explorer.connect(pl.DataFrame({"user": ["a", "a"], "ts": times, name: values}), until=name)
    assert said in " ".join(log.quality.remarked)
    sessions = log.sessions(VISIT.replace(inactivity="10m"))
    assert sessions["event_count"].to_list() == [2] if minutes >= 20 else [1, 1]
    assert log.sessions(VISIT.replace(inactivity="5m"))["duration"].dt.total_minutes().to_list()[0] == minutes


def test_what_sql_and_the_script_do_not_know_they_say():
    log = explorer.connect(CALLS, actor="device", until="talked")
    analysis = explorer.Analysis(log.columns, (VISIT,))
    for language in ("sql", "polars"):
        with pytest.raises(explorer.EngineError, match="let events last yet"):
            code(log, analysis, language)
    assert 'until="talked"' in code(log, analysis, "python")
    assert "--until talked" in code(log, analysis, "shell")


REFUSED = [
    ({"until": "tlked"}, "columns.until: There is no column 'tlked'. Did you mean 'talked'?"),
    ({"until": "user"}, "'user' holds neither end times nor durations"),
    ({"until": "talked", "until_unit": "days"}, "until_unit: 'days' is not known"),
    ({"identity": {"known": "user"}}, "Identity needs 'anonymous'"),
    ({"identity": {"known": "user", "anonymous": "dvice"}}, "There is no column 'dvice'. Did you mean 'device'?"),
    ({"identity": {"known": "user", "anonymous": "user"}}, "'user' cannot be the user and the device"),
]


@pytest.mark.parametrize(("roles", "said"), REFUSED, ids=[said for _, said in REFUSED])
def test_what_cannot_be_read_so_says_why(roles: dict[str, Any], said: str):
    with pytest.raises(explorer.ExplorerError, match=re.escape(said)):
        explorer.connect(CALLS, **({"actor": "device"} if "until" in roles else {}), **roles)


def test_the_document_says_both():
    columns = Columns.read({"time": "ts", "identity": {"known": "user", "anonymous": "device"}, "until": "talked"})
    assert columns.actor == ("user",)
    assert Columns.read(columns.plain()) == columns
    again = explorer.Analysis.from_yaml(explorer.Analysis(columns, (VISIT,)).to_yaml())
    assert again.columns == columns
    assert explorer.connect(CALLS, **columns.plain()).columns == columns

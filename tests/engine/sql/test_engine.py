"""Events that stay in DuckDB: the same answers for every kind of column, and errors that say what instead."""

from datetime import UTC, datetime, timedelta
from typing import Any

import duckdb
import polars as pl
import pytest

import explorer
from explorer.engine.sql.remote_engine import RemoteEngine
from explorer.errors import EngineError, SourceError, SpecError
from explorer.spec.columns import Columns
from explorer.spec.expression.clause import Matches
from explorer.spec.session import SessionDefinition
from tests.factories import made
from tests.parity import DATABASE, assert_same, both, check

# ---- kinds of columns

NOON = datetime(2024, 5, 1, 12)
KINDS = {
    "numbers": pl.Series("user", [1, -2, 1, None]),
    "floats": pl.Series("user", [1.5, float("nan"), 1.5, -1e12]),
    "texts with slashes": pl.Series("user", ["a/b", "\\", "a/b", ""]),
    "truth values": pl.Series("user", [True, False, True, None]),
    "days": pl.Series("user", [NOON.date(), NOON.date(), None, datetime(1969, 1, 1).date()]),
}
TIMES = {
    "microseconds": pl.Datetime("us"),
    "milliseconds": pl.Datetime("ms"),
    "nanoseconds": pl.Datetime("ns"),
    "New York": pl.Datetime("us", "America/New_York"),
    "days": pl.Date(),
}


@pytest.mark.parametrize("users", KINDS.values(), ids=KINDS)
def test_kinds_of_actors(users: pl.Series):
    frame = users.to_frame().with_columns(ts=pl.Series([NOON + timedelta(minutes=25 * at) for at in range(4)]))
    for columns in (Columns("user", "ts"), Columns(("user", "copy"), "ts")):
        check(
            *both(frame.with_columns(copy="user"), columns), SessionDefinition("visit", "30m", keep="event_count < 3")
        )


@pytest.mark.parametrize("kind", TIMES.values(), ids=TIMES)
def test_kinds_of_times(kind: pl.DataType):
    nanoseconds = pl.Series([1_714_564_800_000_000_999 + at * 600_000_000_500 for at in range(9)])
    times = (
        nanoseconds.cast(pl.Datetime("ns"))
        .dt.cast_time_unit("us")
        .cast(pl.Datetime("us", getattr(kind, "time_zone", None)))
    )
    frame = pl.DataFrame(
        {"user": ["a", "b", "a"] * 3, "ts": nanoseconds.cast(kind) if kind == pl.Datetime("ns") else times.cast(kind)}
    )
    definition = SessionDefinition("visit", "20m", where="ts > '2024-04-30 12:05'", calendar="Asia/Kathmandu")
    check(*both(frame, Columns("user", "ts", time_zone="Asia/Kathmandu")), definition)


def test_durations_and_decimals_are_measured():
    relation = DATABASE.sql(
        "SELECT 'ann' AS who, TIMESTAMPTZ '2024-05-01 12:00:00+00' + INTERVAL (i) MINUTE AS ts, "
        "INTERVAL (i * i) SECOND AS lag, (i / 4)::DECIMAL(9, 2) AS price FROM range(5) t(i)"
    )
    metrics = [
        {"name": "longest lag", "aggregate": "max", "column": "lag"},
        {"name": "all lags", "aggregate": "sum", "column": "lag"},
        {"name": "median lag", "aggregate": "median", "column": "lag", "where": "lag > '1s'"},
        {"name": "paid", "aggregate": "sum", "column": "price"},
        {"name": "p25", "aggregate": "p25", "column": "price"},
    ]
    definition = SessionDefinition("visit", "1h", metrics=metrics)
    remote = RemoteEngine.of(relation, actor="who", time="ts")
    local = explorer.connect(
        relation.project("who, ts, price")
        .pl()
        .with_columns(lag=pl.Series([timedelta(seconds=i * i) for i in range(5)])),
        actor="who",
        time="ts",
    )
    assert_same(local.sessions(definition), remote.sessions(definition))
    assert remote.sessions(definition)["start"].to_list() == [NOON.replace(tzinfo=UTC)]
    assert remote.events(definition, page=slice(0, 9))["lag"].sum() == timedelta(seconds=30)


def test_an_enum_is_a_text():
    relation = DATABASE.sql(
        "SELECT who::ENUM('b', 'a', '0') AS user_id, mood::ENUM('sad', 'glad') AS mood, "
        "TIMESTAMP '2024-05-01 12:00' AS ts "
        "FROM (VALUES ('b', 'sad'), ('a', 'glad'), ('b', 'glad'), (NULL, 'sad')) t(who, mood)"
    )
    metrics = [{"name": name, "aggregate": name, "column": "mood"} for name in ("min", "max", "first", "n_unique")]
    definition = SessionDefinition("visit", "1h", restart="mood < 'h'", where="mood != 'angry'", metrics=metrics)
    local, remote = explorer.connect(relation.pl()), RemoteEngine.of(relation)
    assert_same(local.sessions(definition), remote.sessions(definition))
    assert_same(local.events(definition), remote.events(definition, page=slice(0, 9)))


def test_what_is_no_text_in_the_database_is_matched_as_one():
    relation = DATABASE.sql("SELECT 'ann' AS user_id, TIMESTAMP '2024-05-01 12:00' AS ts, uuid() AS id FROM range(3)")
    local, remote = explorer.connect(relation.pl()), RemoteEngine.of(relation)
    for clause in ("id = 'no uuid'", "id LIKE '%-%'", "id > 'x' OR NOT id = ''"):
        assert remote.count(clause) == local.count(clause)


@pytest.mark.parametrize(
    "pattern", [r"\d", r"\D", r"\w+$", r"\W", r"^\s$", r"\S", r"[\d.]", r"[^\w]", r"\\\\w", r"[]\d]", r"[[:alpha:]]\d?"]
)
def test_regular_expressions_know_more_than_ascii(pattern: str):
    texts = ["3", "٣", "é", "e", "_", " ", "\u00a0", "日本", "a b", "\\w", "]", ".", "\t", "a-b", ""]
    frame = pl.DataFrame({"user": "a", "ts": NOON, "page": texts})
    local, remote = both(frame, Columns("user", "ts"))
    clause = Matches("page", "regexp", pattern)
    assert (
        local.events(SessionDefinition("visit", "1h", where=clause))["page"].to_list()
        == remote.events(SessionDefinition("visit", "1h", where=clause), page=slice(0, 99))["page"].to_list()
    )


# ---- what is refused


def test_a_table_of_a_connection():
    connection = duckdb.connect()
    connection.execute(
        "CREATE TABLE shop AS SELECT 'ann' AS user_id, TIMESTAMP '2024-05-01 12:00' AS ts, 'login' AS event"
    )
    remote = RemoteEngine.of(connection, "shop")
    assert (remote.columns.actor, remote.columns.time, remote.columns.event) == (("user_id",), "ts", "event")
    definition = SessionDefinition("visit", "30m")
    assert connection.sql(remote.sql(definition)).fetchall()[0][0] == "ann/1"
    assert remote.sessions(definition)["session_id"].to_list() == ["ann/1"]
    with pytest.raises(SourceError, match=r"There is no table 'shopp'\. Did you mean 'shop'\?"):
        RemoteEngine.of(connection, "shopp")
    with pytest.raises(SourceError, match=r"holds the events\. There are: shop\."):
        RemoteEngine.of(connection)
    with pytest.raises(SourceError, match="no DuckDB connection"):
        RemoteEngine.of({"user": ["ann"]})
    connection.execute("DROP TABLE shop")
    with pytest.raises(EngineError, match=r"DuckDB could not answer: .*shop"):
        remote.sessions(definition)
    with pytest.raises(EngineError, match=r"page=slice\(0, 1000\)"):
        remote.events(definition)


@pytest.mark.parametrize(
    "wrong",
    [
        {"where": "evnt = 'x'"},
        {"keep": "duration > 5"},
        {"split_by": "evnt"},
        {"metrics": [{"name": "m", "aggregate": "sum", "column": "event"}]},
    ],
)
def test_errors_are_the_same(wrong: dict[str, Any]):
    local, remote = both(made(), Columns("user", "ts"))
    definition = SessionDefinition("visit", "30m", **wrong)
    with pytest.raises(SpecError) as wanted:
        local.sessions(definition)
    with pytest.raises(SpecError) as found:
        remote.sessions(definition)
    assert str(found.value) == str(wanted.value)

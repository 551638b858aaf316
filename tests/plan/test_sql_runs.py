"""The SQL that is shown runs as it is printed, whatever columns and values are called, and is one statement."""

from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
import sqlglot
from sqlglot import exp

import explorer
from explorer.engine.sql.remote_engine import RemoteEngine
from explorer.errors import EngineError
from explorer.plan.in_sql.dialect import SPOKEN
from explorer.plan.in_sql.query import definition_sql
from explorer.spec.analysis import Analysis
from explorer.spec.columns import Columns
from explorer.spec.expression.clause import Compare, In, Matches
from explorer.spec.metric import Metric, Scope
from explorer.spec.session import SessionDefinition
from tests.factories import of_no_cohort

pytestmark = pytest.mark.slow

GALLERY = sorted((Path(__file__).parents[1] / "analyses").glob("*.yaml"))
COLUMNS = Columns("user_id", "ts", "event")
SCHEMA: dict[str, pl.DataType] = {
    "user_id": pl.String(),
    "user": pl.String(),
    "ts": pl.Datetime("us"),
    "event": pl.String(),
    "page": pl.String(),
    "platform": pl.String(),
    "amount": pl.Float64(),
    "seq": pl.Int64(),
}
TABLE = "user_id TEXT, user TEXT, ts TIMESTAMP, event TEXT, page TEXT, platform TEXT, amount DOUBLE, seq BIGINT"


def sql(definition: SessionDefinition, columns: Columns = COLUMNS, dialect: str = "duckdb") -> str:
    return definition_sql(definition, columns, SCHEMA, "shop", dialect)


# ---- as it is run


def test_every_query_of_the_gallery_runs():
    connection = duckdb.connect()
    connection.execute(f"CREATE TABLE shop ({TABLE})")
    for path in GALLERY:
        analysis = Analysis.from_yaml(path.read_text())
        for definition in of_no_cohort(analysis):
            assert connection.sql(sql(definition, analysis.columns)).fetchall() == []


HOSTILE = [
    *('"; DROP TABLE other; --', "'; DROP TABLE other; --", 'a"b', "Ünï côdé 日本", "semi;colon", "\\", "$1", "?"),
    *("end", "START_", "user", "place", "TIME_US_", "events", "session_id", "session_number", "Duration", "first_us"),
]


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_and_values(name: str):
    values = [name, "\\' OR 1=1 --", "a\nb", "/* x */", "é", name, "0"]
    frame = pl.DataFrame({name: values, name + " too": values[::-1], "at": range(1_700_000_000, 1_700_000_700, 100)})
    frame = frame.with_columns(pl.from_epoch("at").cast(pl.Datetime("us")))
    for actor, other in ((name, name + " too"), (name + " too", name)):
        definition = SessionDefinition(
            "visit",
            "1m",
            where=In(other, tuple(values[:-1])),
            restart=Compare(other, "!=", name),
            end=Matches(other, "contains", name),
            split_by=(other,),
            max_duration="2m",
            metrics=(
                Metric(f"{name} 2", "last", other),
                Metric("n", "count", scope=Scope(where=Compare(f"{name} 2", "=", name))),
            ),
            keep=Compare(f"{name} 2", "!=", "'"),
        )
        connection = duckdb.connect()
        connection.execute("CREATE TABLE other (a INT)")
        quoted = '"' + name.replace('"', '""') + '"'
        connection.register("frame", frame.to_arrow())
        connection.execute(f"CREATE TABLE {quoted} AS SELECT * FROM frame")
        local = explorer.connect(frame, actor=actor, time="at")
        remote = RemoteEngine.of(connection, name, actor=actor, time="at")
        assert remote.sessions(definition).equals(local.sessions(definition))
        assert remote.events(definition, page=slice(0, 9)).equals(local.events(definition))
        assert local.sessions(definition).height
        assert connection.sql("SELECT COUNT(*) FROM other").fetchall() == [(0,)]


def test_every_word_of_the_language_can_be_a_column():
    words = [word for (word,) in duckdb.sql("SELECT DISTINCT keyword_name FROM duckdb_keywords()").fetchall()]
    values: dict[str, Any] = {word: [word, None] for word in words} | {"the actor": ["x", "x"], "the time": [0, 1]}
    frame = pl.DataFrame(values).with_columns(pl.col("the time").cast(pl.Datetime("us")))
    metrics = tuple(Metric(f"first {word}", "first", word) for word in words[:100])
    definition = SessionDefinition("visit", "1m", split_by=tuple(words), metrics=metrics)
    query = definition_sql(definition, Columns("the actor", "the time"), frame.schema, "log")
    first, second = duckdb.from_arrow(frame.to_arrow()).query("log", query).fetchall()
    assert set(words) <= set(first)
    assert set(second[2 : 2 + len(words)]) == {None}


# ---- elsewhere


@pytest.mark.parametrize("dialect", SPOKEN)
def test_the_gallery_is_printed_or_refused(dialect: str):
    refused: list[tuple[str, str]] = []
    for path in GALLERY:
        analysis = Analysis.from_yaml(path.read_text())
        for definition in of_no_cohort(analysis):
            try:
                query = sql(definition, analysis.columns.replace(order=["seq"]), dialect)
            except EngineError as error:
                refused.append((definition.name, str(error)))
                continue
            assert len(sqlglot.parse(query, dialect=dialect)) == 1
    assert all(SPOKEN[dialect] in said for _, said in refused)
    assert {name for name, _ in refused} <= {"shift", "shift per platform", "visit", "a user and a platform"}


@pytest.mark.parametrize("dialect", SPOKEN)
@pytest.mark.parametrize("value", ["'; DROP TABLE other; --", "\\'; DROP TABLE other; --", "\\", "a\nb", '"`', "日本"])
def test_values_stay_values(dialect: str, value: str):
    definition = SessionDefinition("visit", "1m", where=Compare("page", "=", value))
    (query,) = sqlglot.parse(sql(definition, dialect=dialect), dialect=dialect)
    assert value in {literal.this for literal in query.find_all(exp.Literal)}

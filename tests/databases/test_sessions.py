"""The SQL that is printed for a database gives the engine's sessions there."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import HealthCheck, assume, given, settings
from polars.testing import assert_frame_equal

import explorer
from explorer.engine.local.engine import LocalEngine
from explorer.engine.sql.frames import as_told
from explorer.errors import EngineError
from explorer.plan.in_sql.query import definition_sql
from explorer.spec.analysis import Analysis
from explorer.spec.expression.clause import Compare, In, Matches
from explorer.spec.metric import Metric, Scope
from explorer.spec.session import SessionDefinition
from tests.databases.running import Database
from tests.factories import GALLERY, made, of_no_cohort
from tests.strategies import Log, definitions, logs

# Tests share their database, which is made anew for each question.
ONCE = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


def check(database: Database, engine: LocalEngine, frame: pl.DataFrame, definition: SessionDefinition) -> None:
    """Sessions as the engine cuts them, floats up to their last bits."""
    wanted = engine.sessions(definition)
    query = definition_sql(definition, engine.columns, frame.schema, "the events", database.dialect, now=engine.now)
    database.load("the events", frame)
    found = as_told(database.ask(query), wanted)
    assert_frame_equal(found, wanted, rel_tol=1e-12, abs_tol=0)


@settings(max_examples=60, suppress_health_check=ONCE)
@given(log=logs(), definition=definitions())
def test_sessions_of_any_definition(database: Database, log: Log, definition: SessionDefinition):
    frame = log.frame
    engine = explorer.connect(frame, actor=list(log.columns.actor), time="ts", order=["row"])
    assume(not any(metric.aggregate == "mode" for metric in definition.metrics))
    check(database, engine, frame, definition)


def of_gallery() -> list[object]:
    return [
        pytest.param(analysis, definition, id=f"{path.stem} {definition.name}")
        for path in GALLERY
        for analysis in [Analysis.from_yaml(path.read_text())]
        for definition in of_no_cohort(analysis)
        if not any(metric.aggregate == "mode" or metric.pattern for metric in definition.metrics)
    ]


@pytest.mark.parametrize(("analysis", "definition"), of_gallery())
def test_sessions_of_the_gallery(database: Database, analysis: Analysis, definition: SessionDefinition):
    frame = made().with_row_index("row")
    columns = analysis.columns.plain() | {"unit": None, "order": ["row"]}
    if columns.get("identity") or columns.get("until"):
        pytest.skip("SQL stitches no users and lets no event last; it says so")
    engine = explorer.connect(frame, **columns).under(analysis.replace(columns=analysis.columns.replace(order=["row"])))
    check(database, engine, frame, definition)


HOSTILE = ["a b", 'a"b', "a`b", "a'b", "\\", "$1", "?", "日本", "start", "END", "duration", "place", "events", "user"]


@pytest.mark.parametrize("name", HOSTILE)
def test_columns_and_values_of_any_name(database: Database, name: str):
    values = [name, "\\' OR 1=1 --", "a\nb", "/* x */", "é", name, "0"]
    frame = pl.DataFrame({name: values, name + " too": values[::-1], "at": range(1_700_000_000, 1_700_000_700, 100)})
    frame = frame.with_columns(pl.from_epoch("at").cast(pl.Datetime("us"))).with_row_index("row")
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
        check(database, explorer.connect(frame, actor=actor, time="at", order="row"), frame, definition)


def test_metrics_and_columns_named_like_ours(database: Database):
    frame = made().drop_nulls("ts").with_row_index("row").rename({"page": "start", "platform": "place"})
    metrics = (
        Metric("amounts", "sum", "amount"),
        Metric("events", "first", "event"),
        Metric("time_us", "n_unique", "event"),
        Metric("gap", "last", "start"),
        Metric("session", "n_unique", "place"),
    )
    engine = explorer.connect(frame, actor="user", time="ts", order="row")
    check(database, engine, frame, SessionDefinition("visit", "30m", metrics=metrics, split_by=("place",)))


def test_texts_are_ordered_by_their_letters_codes(database: Database):
    frame = made().drop_nulls("ts").with_row_index("row")
    frame = frame.with_columns(page=pl.Series(["a", "B", "b", "A", "é", "Z", None, ""] * 100).head(frame.height))
    metrics = (Metric("least", "min", "page"), Metric("most", "max", "page"))
    rules = {"restart": "page > 'Z'", "where": "page BETWEEN '' AND 'z'"}
    engine = explorer.connect(frame, actor="user", time="ts", order="row")
    check(database, engine, frame, SessionDefinition("visit", "30m", metrics=metrics, **rules))


def test_what_is_refused_says_so(database: Database):
    frame = made().with_row_index("row")
    definition = SessionDefinition("visit", "30m", metrics=(Metric("usual", "mode", "event"),))
    with pytest.raises(EngineError, match="'mode' is not written for"):
        check(database, explorer.connect(frame, actor="user", time="ts", order="row"), frame, definition)

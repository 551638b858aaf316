"""Values and conditions are alike in the engine and in databases."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from explorer.plan.in_polars.predicate import expression, predicate
from explorer.plan.in_sql.dialect import Dialect
from explorer.plan.in_sql.predicate import expression as sql_expression
from explorer.plan.in_sql.predicate import predicate as sql_predicate
from explorer.spec.expression.clause import Clause, Expression, parse_value
from explorer.spec.expression.functions import FUNCTIONS
from explorer.spec.expression.functions.table import Function
from tests.databases.running import Database
from tests.spec.expression.expressions import ZONE, alike, conditions, frames, values

NOW_US = int(datetime(2024, 4, 10, tzinfo=UTC).timestamp()) * 1_000_000
ONCE = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.filter_too_much]
# What PostgreSQL and Spark stop at, where the engine says null.
LIMITS = ("out of range", "ARITHMETIC_OVERFLOW", "invalid input syntax for type json", "invalid byte sequence")
# Whole numbers of 64 bits, at whose end ClickHouse goes on from the other one.
LARGEST = re.compile(r"\b[ij]\b")


def asked(database: Database, frame: pl.DataFrame, sql: str) -> list[Any]:
    written = frame.with_columns(pl.col(pl.Duration).dt.total_microseconds()).with_row_index("row")
    database.load("frame", written)
    return database.ask(f'SELECT {sql} AS x, "row" FROM frame ORDER BY "row"')["x"].to_list()


def like(wanted: Any, found: Any) -> bool:
    if isinstance(wanted, timedelta) and found is not None:
        found = timedelta(microseconds=int(found))
    if isinstance(found, datetime) and isinstance(wanted, datetime):
        found = found.astimezone(UTC).replace(tzinfo=None) if found.tzinfo else found
        wanted = wanted.astimezone(UTC).replace(tzinfo=None) if wanted.tzinfo else wanted
    if isinstance(found, Decimal) or (isinstance(wanted, float) and found is not None):
        found = float(found)
    if isinstance(wanted, bool) and isinstance(found, int):
        found = bool(found)
    return alike(wanted, found)


@settings(max_examples=150, suppress_health_check=ONCE)
@given(frame=frames(), tree=st.sampled_from("tifbdzl").flatmap(lambda kind: values(kind, 1)))
def test_any_value(database: Database, frame: pl.DataFrame, tree: Expression):
    assume("r." not in str(tree) and not LARGEST.search(str(tree)))
    wanted = frame.with_columns(x=expression(tree, frame.schema, ZONE, NOW_US))["x"].to_list()
    sql = sql_expression(tree, frame.schema, Dialect(database.dialect), ZONE, now=NOW_US).sql(database.dialect)
    hold(database, frame.drop("r", "u").with_columns(u=frame["u"].cast(pl.String)), sql, wanted, tree)


@settings(max_examples=150, suppress_health_check=ONCE)
@given(frame=frames(), tree=conditions(1))
def test_any_condition(database: Database, frame: pl.DataFrame, tree: Clause):
    assume("r." not in str(tree))
    wanted = frame.select(x=predicate(tree, frame.schema, ZONE, NOW_US))["x"].to_list()
    dialect = Dialect(database.dialect)
    sql = sql_predicate(tree, frame.schema, dialect, ZONE, definite=True, now=NOW_US).sql(database.dialect)
    hold(database, frame.drop("r", "u").with_columns(u=frame["u"].cast(pl.String)), sql, wanted, tree)


def hold(database: Database, frame: pl.DataFrame, sql: str, wanted: list[Any], tree: object) -> None:
    try:
        found = asked(database, frame, sql)
    except Exception as error:
        if any(limit in str(error) for limit in LIMITS):
            return
        raise
    for one, other in zip(wanted, found, strict=True):
        assert like(one, other), f"{tree}: {one!r}, and {other!r} by {sql}"


@pytest.mark.parametrize("row", [pytest.param(row, id=f"{row.name} {row.example}") for row in FUNCTIONS])
def test_the_example_of_a_function(database: Database, row: Function):
    frame = pl.DataFrame({"ts": [datetime(2024, 3, 31, 10, 20, 30)], "length_of": [timedelta(minutes=90)]})
    node = parse_value(row.example)
    wanted = frame.select(x=expression(node, frame.schema))["x"].to_list()
    sql = sql_expression(node, frame.schema, Dialect(database.dialect)).sql(database.dialect)
    hold(database, frame, sql, wanted, node)

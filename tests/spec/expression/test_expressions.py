"""Values and conditions: text and tree are the same, and Polars, DuckDB and a plain loop answer alike."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import duckdb
import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from explorer.errors import SpecError
from explorer.plan.in_polars.predicate import expression, predicate
from explorer.plan.in_sql.dialect import Dialect
from explorer.plan.in_sql.predicate import expression as sql_expression
from explorer.plan.in_sql.predicate import predicate as sql_predicate
from explorer.spec.expression.clause import (
    Between,
    Case,
    Cast,
    Clause,
    Column,
    Compare,
    Constant,
    Expression,
    In,
    Matches,
    Truth,
    parse,
    parse_value,
)
from tests.evaluator import Evaluator
from tests.examples import examples
from tests.spec.expression.expressions import ZONE, alike, conditions, frames, values

NOW = datetime(2024, 4, 10, tzinfo=UTC)
NOW_US = int(NOW.timestamp()) * 1_000_000


def in_duckdb(frame: pl.DataFrame, sql: str) -> list[Any]:
    written = frame.with_columns(pl.col(pl.Duration).dt.total_microseconds(), pl.col("u").cast(pl.String))
    with duckdb.connect() as database:
        database.execute("SET TimeZone = 'UTC'")
        database.register("frame", written.with_row_index("row"))
        return [row[0] for row in database.sql(f'SELECT {sql} AS x, "row" FROM frame ORDER BY "row"').fetchall()]


@given(conditions())
@example(Compare(Constant(None), "<", Column("f")))
@example(Compare("f", "<", Constant(None)))
@example(Compare(Constant(True), "=", Column("b")))
@example(Compare(Constant(0), "<=", Constant(None)))
@example(Compare(Constant(1), "=", Constant(2)))
@example(Compare(Cast(Constant("5"), "number"), "<", Column("f")))
@example(Compare("f", ">", Cast(Constant("5"), "number")))
@example(Compare(Constant("2024-01-01"), "<", Cast(Constant("2024-01-02"), "time")))
@example(Between("d", Constant(None), Cast(Constant("2024-01-02"), "day")))
@example(In("t", (Constant(None), Cast(Constant("2024-01-02"), "day"))))
@example(Matches("t", "contains", Constant(None)))
def test_a_condition_and_its_text_are_the_same(tree: Clause):
    again = parse(str(tree))
    assert again == tree
    assert str(again) == str(tree)


@given(st.sampled_from("tifbdzl").flatmap(values))
@example(Case(((Compare(Constant(0), "<", Column("f")), Column("l")),)))
@example(Truth(In("t", (Constant(None),))))
def test_a_value_and_its_text_are_the_same(tree: Expression):
    again = parse_value(str(tree))
    assert again == tree
    assert str(again) == str(tree)


@given(frames(), st.sampled_from("tifbdzl").flatmap(values))
@examples(30)
def test_values_are_alike_everywhere(frame: pl.DataFrame, tree: Expression):
    schema = frame.schema
    local = frame.with_columns(x=expression(tree, schema, ZONE, NOW_US))["x"].to_list()
    slow = [Evaluator(ZONE, NOW).value(tree, row) for row in frame.rows(named=True)]
    remote = in_duckdb(frame, sql_expression(tree, schema, Dialect(), ZONE, now=NOW_US).sql("duckdb"))
    for row, one, two, three in zip(frame.rows(named=True), local, slow, remote, strict=True):
        if isinstance(one, timedelta) and three is not None:
            three = timedelta(microseconds=int(three))
        if isinstance(three, datetime) and three.tzinfo:
            three = three.astimezone(UTC)
        if isinstance(three, Decimal):  # DuckDB's type of 0.5
            three = float(three)
        if isinstance(one, int) and isinstance(two, float):
            two = int(two)
        assert alike(one, two), f"{tree}: Polars {one!r}, Python {two!r} of {row}"
        assert alike(one, three), f"{tree}: Polars {one!r}, DuckDB {three!r} of {row}"


@given(frames(), conditions())
@examples(30)
def test_conditions_are_alike_everywhere(frame: pl.DataFrame, tree: Clause):
    schema = frame.schema
    local = frame.select(x=predicate(tree, schema, ZONE, NOW_US))["x"].to_list()
    assert len(local) == frame.height
    slow = [Evaluator(ZONE, NOW).holds(tree, row) for row in frame.rows(named=True)]
    sql = sql_predicate(tree, schema, Dialect(), ZONE, definite=True, now=NOW_US).sql("duckdb")
    assert local == slow, f"{tree}: Polars and Python of {frame.rows()}"
    assert in_duckdb(frame, sql) == slow, f"{tree}: DuckDB, {sql}, and Python of {frame.rows()}"


REFUSED = [
    ("(" * 10_000 + "a" + ")" * 10_000, "nested more than 150 deep"),
    ("a" + " + a" * 3_000, "nested too deeply"),
    ("not " * 3_000 + "a", "nested more than 150 deep"),
    ("lowr(a)", "no function 'lowr'. Did you mean 'lower'?"),
    ("sum(a)", "about many rows"),
    ("lower(a, b)", "is called with 2, and lower takes 1 value"),
    ("split_part(a, b, 1)", "which is said"),
    ("split_part(a, '', 1)", "something to split at"),
    ("date_trunc('mont', ts)", "Did you mean 'month'?"),
    ("cast(a as foo)", "is not known here"),
    ("a // 2", "Write floor(a / b)"),
    ("json_value(a, 'a.b')", "not a path into JSON"),
    ("regexp_extract(a, '(', 1)", "not a regular expression"),
    ("regexp_extract(a, '(x)', 2)", "has 1 group in brackets, not 2"),
    ("a ->> '$.b'", "Write json_value"),
    ("(SELECT 1)", "other tables"),
    ("lower(", "cannot be read"),
    ("", "An expression is a text"),
]


@pytest.mark.parametrize(("text", "said"), REFUSED, ids=[text[:20] for text, _ in REFUSED])
def test_what_is_not_in_the_language_is_refused_with_a_sentence(text: str, said: str):
    with pytest.raises(SpecError) as error:
        parse_value(text)
    assert said in str(error.value)
    assert len(str(error.value)) < 600

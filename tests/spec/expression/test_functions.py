"""Every row of the table of functions has all of its parts, and both engines answer its example."""

from datetime import datetime, timedelta

import duckdb
import polars as pl
import pytest

from explorer.errors import EngineError, SpecError
from explorer.plan.in_polars.predicate import expression
from explorer.plan.in_sql.dialect import SPOKEN, Dialect
from explorer.plan.in_sql.predicate import expression as sql_expression
from explorer.spec.expression.clause import Call, Constant, parse_value
from explorer.spec.expression.functions import FUNCTIONS, NAMES, rows_of
from explorer.spec.expression.functions.table import NULL_IN_NULL_OUT, Function
from tests.evaluator import Evaluator

FRAME = pl.DataFrame({"ts": [datetime(2024, 3, 31, 10, 20, 30)], "length_of": [timedelta(minutes=90)]})
ROWS = [pytest.param(row, id=f"{row.name} {row.example}") for row in FUNCTIONS]


@pytest.mark.parametrize("row", ROWS)
def test_a_row_has_every_part(row: Function):
    for part in ("name", "group", "label", "sentence", "example", "nulls"):
        assert getattr(row, part), f"{row.name} has no {part}"
    assert row.forms, f"{row.name} says nothing of what it takes"
    assert "{0}" in row.sentence or "{*}" in row.sentence, f"the sentence of {row.name} names no value"
    assert row.label[:1].islower() or row.label.startswith("ISO"), f"the menu entry of {row.name}"
    for name in (row.name, *row.also):
        if name.isidentifier() and name != "negate":
            assert row.name in NAMES


@pytest.mark.parametrize("row", ROWS)
def test_the_example_of_a_row_is_answered_alike_everywhere(row: Function):
    node = parse_value(row.example)
    assert parse_value(str(node)) == node
    local = FRAME.select(x=expression(node, FRAME.schema))["x"].item()
    slow = Evaluator().value(node, FRAME.row(0, named=True))
    database = duckdb.connect()
    database.register("frame", FRAME.with_columns(pl.col("length_of").dt.total_microseconds()))
    sql = sql_expression(node, FRAME.schema, Dialect()).sql("duckdb")
    remote = database.sql(f"SELECT {sql} AS x FROM frame").fetchall()[0][0]
    if isinstance(local, timedelta):
        remote = timedelta(microseconds=remote)
    assert local == pytest.approx(slow) if isinstance(local, float) else local == slow
    assert local == pytest.approx(remote) if isinstance(local, float) else local == remote
    if row.answer is not None:
        answer = datetime.fromisoformat(row.answer) if isinstance(local, datetime) else row.answer
        assert local == answer


@pytest.mark.parametrize("row", ROWS)
def test_a_row_is_written_in_every_dialect(row: Function):
    for dialect, spoken in SPOKEN.items():
        if row.name == "url_param" and dialect in ("bigquery", "snowflake"):
            with pytest.raises(EngineError, match=spoken):
                sql_expression(parse_value(row.example), FRAME.schema, Dialect(dialect))
            continue
        assert sql_expression(parse_value(row.example), FRAME.schema, Dialect(dialect)).sql(dialect)


@pytest.mark.parametrize("row", ROWS)
def test_a_null_among_the_values_of_a_row_is_null(row: Function):
    """But for the functions that are about nulls."""
    if row.nulls != NULL_IN_NULL_OUT:
        return
    node = parse_value(row.example)
    assert isinstance(node, Call)
    for at in range(len(node.arguments)):
        if at in row.fixed:
            continue
        holed = Call(node.function, (*node.arguments[:at], Constant(None), *node.arguments[at + 1 :]))
        found = FRAME.select(x=expression(holed, FRAME.schema))["x"].item()
        assert found is None, f"{row.name} of a null in place {at + 1} is {found!r}"


def test_a_function_that_is_not_there_is_named_with_the_nearest():
    with pytest.raises(SpecError, match="no function 'lowr'\\. Did you mean 'lower'"):
        rows_of("lowr")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("lower(length_of)", "lower takes a text, not a duration"),
        ("ts + 1", "not a time and a whole number"),
        ("least(ts, 1)", "a time beside a whole number"),
        ("CAST(length_of AS TIMESTAMP)", "cannot make a time of a duration"),
        ("CAST('soon' AS TIMESTAMP)", "this text is no time"),
        ("hour(lngth_of)", "there is no column 'lngth_of'. Did you mean 'length_of'?"),
        ("CASE WHEN ts > length_of THEN 1 END", "a time beside a duration"),
    ],
)
def test_kinds_that_do_not_fit_are_named(text: str, said: str):
    with pytest.raises(SpecError) as error:
        FRAME.select(expression(parse_value(text), FRAME.schema))
    assert said in str(error.value)

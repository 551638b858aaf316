"""The value of a formula of measures from the values of these."""

from collections.abc import Sequence

import polars as pl

from explorer.errors import located
from explorer.plan.binding import bind
from explorer.plan.bound import Meaning, dtype_of_kind
from explorer.plan.in_polars.predicate import expression
from explorer.spec.charts.measure import Measure


def formula_frame(measure: Measure, answers: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """The rows of the measures that a formula joins, all of the same groups, as those of the formula."""
    dtype = formula_type(measure, [answer.schema["value"] for answer in answers])
    columns = [name for name in ("value", "previous") if name in answers[0].columns]
    return answers[0].with_columns(_joined(measure, [answer[name] for answer in answers], dtype) for name in columns)


def _joined(measure: Measure, values: Sequence[pl.Series], dtype: pl.DataType) -> pl.Series:
    name = values[0].name
    found = formula_values(measure, [each.cast(pl.Int64) if each.dtype == pl.Duration else each for each in values])
    if isinstance(dtype, pl.Duration):
        found = found.round().cast(pl.Int64).cast(dtype)
    return found.alias(name)


def formula_values(measure: Measure, values: Sequence[pl.Series]) -> pl.Series:
    """A formula of numbers, durations in microseconds; null where one of them is, or where it divides by 0."""
    assert measure.formula is not None
    frame = pl.DataFrame({f"m{at}": each.cast(pl.Float64) for at, each in enumerate(values)})
    return frame.with_columns(value=expression(measure.formula.tree, frame.schema).cast(pl.Float64))["value"]


def formula_type(measure: Measure, dtypes: Sequence[pl.DataType]) -> pl.DataType:
    """The type of a formula of measures of these types; raises SpecError where they do not fit."""
    assert measure.formula is not None
    known = {f"m{at}": pl.Duration("us") if dtype == pl.Duration else pl.Float64() for at, dtype in enumerate(dtypes)}
    with located("measure"):
        return dtype_of_kind(bind(measure.formula.tree, Meaning(known)).kind)

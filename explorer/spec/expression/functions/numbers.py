"""Functions of numbers."""

from typing import Any

from sqlglot import exp

from explorer.spec.expression.functions.building import attempted, call, cast, piece, where, wrapped
from explorer.spec.expression.functions.table import Function, forms, refuse_unless

MOST_DIGITS = 12


def _check_digits(digits: int = 0) -> None:
    refuse_unless(0 <= digits <= MOST_DIGITS, f"round keeps 0 to {MOST_DIGITS} digits behind the point, not {digits}.")


def _rounded(p: Any, number: Any, digits: int = 0) -> Any:
    if not digits:
        return number.round(0, mode="half_away_from_zero")
    scaled = number * 10.0**digits
    done = scaled.round(0, mode="half_away_from_zero") / 10.0**digits
    return p.when(scaled.is_finite()).then(done).otherwise(number)


def _rounded_sql(to: str, number: exp.Expr, digits: Any = 0) -> exp.Expr:
    if to not in ("clickhouse", "postgres"):
        return call("ROUND", number, *([digits] if digits else []))
    # These round a half to the even one, or round no double to places behind the point.
    scale = 10.0 ** int(str(digits))
    scaled = call("ABS", number) if scale == 1 else exp.Mul(this=call("ABS", number), expression=piece(scale))
    up = call("FLOOR", exp.Add(this=scaled, expression=piece(0.5)))
    done: exp.Expr = exp.Mul(this=call("SIGN", number.copy()), expression=up)
    done = done if scale == 1 else exp.Div(this=done, expression=piece(scale), typed=False, safe=False)
    small = exp.LT(this=call("ABS", number.copy()), expression=piece(2.0**52 / scale))
    return exp.Case().when(small, done).else_(number.copy())


def _above(limit: str) -> Any:
    return lambda number: (
        exp.GTE(this=number, expression=piece(0)) if limit == ">=" else exp.GT(this=number, expression=piece(0))
    )


def _finite(p: Any, number: Any) -> Any:
    return p.when(number.is_finite()).then(number)


def finite(to: str, number: exp.Expr) -> exp.Expr:
    """A number in SQL, null where it is none or infinite."""
    if to == "duckdb":
        return where(call("ISFINITE", number), number.copy())
    if to == "clickhouse":
        return where(call("isFinite", number), number.copy())
    largest = exp.Between(this=call("ABS", number), low=piece(0), high=exp.Literal.number("1.7976931348623157e308"))
    return where(largest, number.copy())


def _exp_sql(to: str, number: exp.Expr) -> exp.Expr:
    if to == "postgres":
        return _below_limits(number, call("EXP", number.copy()))
    return finite(to, call("EXP", number))


def _power_sql(to: str, number: exp.Expr, other: exp.Expr) -> exp.Expr:
    if to != "postgres":
        return finite(to, call("POWER", number, other))
    number, other = (wrapped(cast(side, "double")) for side in (number, other))
    zero = exp.EQ(this=number.copy(), expression=piece(0))
    of_zero = where(exp.GTE(this=other.copy(), expression=piece(0)), call("POWER", number.copy(), other.copy()))
    real = exp.or_(
        exp.GT(this=number.copy(), expression=piece(0)),
        exp.EQ(this=other.copy(), expression=call("TRUNC", other.copy())),
    )
    size = exp.Mul(this=other.copy(), expression=call("LN", exp.Nullif(this=call("ABS", number), expression=piece(0))))
    found = _below_limits(size, call("POWER", number.copy(), other.copy()))
    return exp.Case().when(zero, of_zero).when(real, found)


def _below_limits(exponent: exp.Expr, value: exp.Expr) -> exp.Expr:
    """A power of e, null beyond the largest number and 0 below the smallest: PostgreSQL refuses to compute these."""
    beyond = exp.GT(this=wrapped(exponent.copy()), expression=piece(709.78))
    below = exp.LT(this=wrapped(exponent.copy()), expression=piece(-708.0))
    known = exp.not_(exponent.copy().is_(exp.null()))
    return exp.Case().when(beyond, exp.null()).when(below, cast(0, "double")).when(known, value)


def _logarithm(name: str, polars: Any) -> Function:
    base = {"ln": "natural logarithm", "log10": "logarithm to base 10", "log2": "logarithm to base 2"}[name]
    above = _above(">")

    def in_sql(to: str, number: exp.Expr) -> exp.Expr:
        known = to in ("duckdb", "clickhouse", "spark") or name == "ln"
        found = call(name.upper(), number.copy()) if known else call("LOG", int(name[3:]), number.copy())
        if to == "postgres" and name == "log10":  # whose LOG takes a base for exact decimals only
            found = call("LOG", number.copy())
        if to == "postgres" and name == "log2":
            two = call("LN", cast(2, "double"))
            found = exp.Div(this=call("LN", number.copy()), expression=two, typed=False, safe=False)
        if to == "bigquery" and name != "ln":
            found = call("LOG", number.copy(), int(name[3:]))
        return where(above(number), found)

    return Function(
        name, GROUP, base, f"the {base} of {{0}}", f"{name}(1)", 0.0, forms("N>N"),
        polars=lambda p, number: p.when(number > 0).then(polars(number)), sql=in_sql,
    )  # fmt: skip


GROUP = "Numbers"
NUMBERS = (
    Function(
        "abs", GROUP, "without its sign", "{0} without its sign", "abs(-2)", 2, forms("W>W"),
        polars=lambda p, number: number.cast(p.Int128).abs().cast(p.Int64, strict=False),
        sql=lambda to, number: attempted(to, call("ABS", number)),
    ),
    Function(
        "abs", GROUP, "without its sign", "{0} without its sign", "abs(-2.5)", 2.5, forms("N>N", "L>L"),
        polars=lambda p, number: number.abs(), sql=lambda to, number: call("ABS", number),
    ),
    Function(
        "round", GROUP, "rounded", "{0} rounded", "round(2.25, 1)", 2.3, forms("N>N", "NW>N"), fixed=(1,),
        check=_check_digits, polars=_rounded, sql=_rounded_sql,
    ),
    Function(
        "floor", GROUP, "rounded down", "{0} rounded down", "floor(-1.5)", -2.0, forms("N>N"),
        polars=lambda p, number: number.floor(), sql=lambda to, number: call("FLOOR", number),
    ),
    Function(
        "ceil", GROUP, "rounded up", "{0} rounded up", "ceil(1.2)", 2.0, forms("N>N"),
        polars=lambda p, number: number.ceil(), sql=lambda to, number: call("CEIL", number), also=("ceiling",),
    ),
    Function(
        "sqrt", GROUP, "square root", "the square root of {0}", "sqrt(9)", 3.0, forms("N>N"),
        polars=lambda p, number: p.when(number >= 0).then(number.sqrt()),
        sql=lambda to, number: where(_above(">=")(number), call("SQRT", number.copy())),
    ),
    _logarithm("ln", lambda number: number.log()),
    _logarithm("log10", lambda number: number.log10()),
    _logarithm("log2", lambda number: number.log(2)),
    Function(
        "exp", GROUP, "e to the power", "e to the power of {0}", "exp(0)", 1.0, forms("N>N"),
        polars=lambda p, number: _finite(p, number.exp()), sql=_exp_sql,
    ),
    Function(
        "power", GROUP, "to the power", "{0} to the power of {1}", "power(2, 10)", 1024.0, forms("NN>N"),
        polars=lambda p, number, other: _finite(p, number.pow(other)),
        sql=_power_sql, also=("pow",),
    ),
)  # fmt: skip

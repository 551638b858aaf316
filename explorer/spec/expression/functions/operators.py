"""The signs of arithmetic, a row for each kind of values that they join.

In SQL a duration is a whole number of microseconds, and a time beside one is too.
"""

from typing import Any

from sqlglot import exp

from explorer.spec.expression.functions.building import attempted, call, cast, null_if, wrapped
from explorer.spec.expression.functions.table import Function, forms

NAN = "NaN"
Node = type[exp.Binary]


def _whole(node: Node) -> Any:
    def in_sql(to: str, left: exp.Expr, right: exp.Expr) -> exp.Expr:
        if left.find(exp.Column) is None and right.find(exp.Column) is None:
            left = exp.cast(left, "bigint")  # two numbers that are said would be of 32 bits
        return attempted(to, node(this=wrapped(left), expression=wrapped(right)))

    return in_sql


def _number(node: Node) -> Any:
    """Without NaN at the end: inf - inf is null."""

    def in_sql(to: str, left: exp.Expr, right: exp.Expr) -> exp.Expr:
        found = node(this=wrapped(_bare(left)), expression=wrapped(_bare(right)))
        return _definite(to, found)

    return in_sql


def _bare(value: exp.Expr) -> exp.Expr:
    return value.this if value.meta.get("definite") else value


def _definite(to: str, value: exp.Expr) -> exp.Expr:
    if to not in ("duckdb", "postgres", "snowflake"):
        return value
    found = null_if(value, cast(NAN, "double"))
    found.meta["definite"] = True
    return found


def _divided(to: str, left: exp.Expr, right: exp.Expr) -> exp.Expr:
    left, right = (exp.cast(side, "double") if isinstance(side, exp.Literal) else side for side in (left, right))
    found = exp.Div(this=wrapped(left), expression=null_if(right, 0), typed=False, safe=False)
    return _definite(to, found)


def _modulo(to: str, left: exp.Expr, right: exp.Expr) -> exp.Expr:
    return attempted(to, exp.Mod(this=wrapped(left), expression=null_if(right, 0)))


def _number_modulo(to: str, left: exp.Expr, right: exp.Expr) -> exp.Expr:
    if to == "postgres":  # whose % is of whole numbers and exact decimals
        by = null_if(cast(right, "double"), 0)
        times = call("TRUNC", exp.Div(this=cast(left, "double"), expression=by, typed=False, safe=False))
        rest = exp.Sub(this=cast(left.copy(), "double"), expression=exp.Mul(this=by.copy(), expression=times))
        return _definite(to, rest)
    return _definite(to, exp.Mod(this=wrapped(left), expression=null_if(right, 0)))


def _plain(node: Node) -> Any:
    return lambda to, left, right: node(this=wrapped(left), expression=wrapped(right))


def _length(to: str, value: exp.Expr) -> exp.Expr:
    """A number of microseconds as a whole one; null where it is too many."""
    cut = value if to == "spark" else call("TRUNC", value)  # whose casts cut off, and whose TRUNC is of days
    return exp.TryCast(this=cut, to=exp.DataType.build("bigint"), safe=True)


def _us(p: Any, length: Any) -> Any:
    return length.dt.total_microseconds().cast(p.Float64)


def _as_length(p: Any, number: Any) -> Any:
    return number.truncate().cast(p.Int64, strict=False).cast(p.Duration("us"))


def _wide(p: Any, *numbers: Any) -> Any:
    return [number.cast(p.Int128) for number in numbers]


def _narrow(p: Any, number: Any) -> Any:
    return number.cast(p.Int64, strict=False)


GROUP = "Arithmetic"
PLUS, MINUS, TIMES = "sum", "difference", "product"
OPERATORS = (
    Function(
        "+", GROUP, PLUS, "{0} + {1}", "2 + 3", 5, forms("WW>W"), sql=_whole(exp.Add),
        polars=lambda p, left, right: _narrow(p, left.cast(p.Int128) + right.cast(p.Int128)),
    ),
    Function(
        "+", GROUP, PLUS, "{0} + {1}", "2.5 + 3", 5.5, forms("NN>N"), sql=_number(exp.Add),
        polars=lambda p, left, right: (left + right).fill_nan(None),
    ),
    Function(
        "+", GROUP, "later by", "{0} + {1}", "ts + '1h'", None, forms("DL>D", "LD>D", "IL>I", "LI>I", "LL>L"),
        sql=_plain(exp.Add), polars=lambda p, left, right: left + right,
    ),
    Function(
        "-", GROUP, MINUS, "{0} - {1}", "2 - 3", -1, forms("WW>W"), sql=_whole(exp.Sub),
        polars=lambda p, left, right: _narrow(p, left.cast(p.Int128) - right.cast(p.Int128)),
    ),
    Function(
        "-", GROUP, MINUS, "{0} - {1}", "2.5 - 3", -0.5, forms("NN>N"), sql=_number(exp.Sub),
        polars=lambda p, left, right: (left - right).fill_nan(None),
    ),
    Function(
        "-", GROUP, "time between; earlier by", "{0} - {1}", "ts - '1h'", None,
        forms("DD>L", "II>L", "DL>D", "IL>I", "LL>L"), sql=_plain(exp.Sub),
        polars=lambda p, left, right: left - right,
    ),
    Function(
        "*", GROUP, TIMES, "{0} * {1}", "2 * 3", 6, forms("WW>W"), sql=_whole(exp.Mul),
        polars=lambda p, left, right: _narrow(p, left.cast(p.Int128) * right.cast(p.Int128)),
    ),
    Function(
        "*", GROUP, TIMES, "{0} * {1}", "2.5 * 3", 7.5, forms("NN>N"), sql=_number(exp.Mul),
        polars=lambda p, left, right: (left * right).fill_nan(None),
    ),
    Function(
        "*", GROUP, "several times as long", "{0} * {1}", "length_of * 2", None, forms("LN>L"),
        sql=lambda to, left, right: _length(to, exp.Mul(this=wrapped(left), expression=wrapped(right))),
        polars=lambda p, left, right: _as_length(p, _us(p, left) * right),
    ),
    Function(
        "*", GROUP, "several times as long", "{0} * {1}", "2 * length_of", None, forms("NL>L"),
        sql=lambda to, left, right: _length(to, exp.Mul(this=wrapped(left), expression=wrapped(right))),
        polars=lambda p, left, right: _as_length(p, left * _us(p, right)),
    ),
    Function(
        "/", GROUP, "quotient; null by 0", "{0} / {1}", "7 / 2", 3.5, forms("NN>N"), sql=_divided,
        polars=lambda p, left, right: p.when(right != 0).then(left / right).fill_nan(None),
    ),
    Function(
        "/", GROUP, "how many times as long", "{0} / {1}", "length_of / '1m'", None, forms("LL>N"),
        sql=lambda to, left, right: _divided(to, cast(left, "double"), cast(right, "double")),
        polars=lambda p, left, right: p.when(_us(p, right) != 0).then(_us(p, left) / _us(p, right)),
    ),
    Function(
        "/", GROUP, "a part as long", "{0} / {1}", "length_of / 2", None, forms("LN>L"),
        sql=lambda to, left, right: _length(
            to, exp.Div(this=cast(left, "double"), expression=null_if(right, 0), typed=False, safe=False)
        ),
        polars=lambda p, left, right: _as_length(p, p.when(right != 0).then(_us(p, left) / right)),
    ),
    Function(
        "%", GROUP, "what is left of a division", "{0} % {1}", "-7 % 3", -1, forms("WW>W"), sql=_modulo,
        polars=lambda p, left, right: p.when(right != 0).then(
            _narrow(p, left.cast(p.Int128).abs() % right.cast(p.Int128).abs() * left.sign().cast(p.Int128))
        ),
    ),
    Function(
        "%", GROUP, "what is left of a division", "{0} % {1}", "5.5 % 2", 1.5, forms("NN>N"), sql=_number_modulo,
        polars=lambda p, left, right: p.when(right != 0)
        .then(p.when(left < 0).then(-(left.abs() % right.abs())).otherwise(left.abs() % right.abs()))
        .fill_nan(None),
    ),
    Function(
        "negate", GROUP, "with the other sign", "-{0}", "-(2)", -2, forms("W>W"),
        polars=lambda p, number: _narrow(p, number.cast(p.Int128) * -1),
        sql=lambda to, number: attempted(to, exp.Neg(this=wrapped(number))),
    ),
    Function(
        "negate", GROUP, "with the other sign", "-{0}", "-(2.5)", -2.5, forms("N>N", "L>L"),
        polars=lambda p, number: -number, sql=lambda to, number: exp.Neg(this=wrapped(number)),
    ),
)  # fmt: skip

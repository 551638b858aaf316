"""Small pieces of SQL that rows of the table are built of."""

from typing import Any

from sqlglot import exp


def call(name: str, *values: Any) -> exp.Expr:
    """A function by its name, printed as it is in every dialect."""
    return exp.Anonymous(this=name, expressions=[piece(value) for value in values])


def piece(value: Any) -> exp.Expr:
    """A value of SQL, or one of Python as SQL."""
    if isinstance(value, exp.Expr):
        return value
    if isinstance(value, str):
        return exp.Literal.string(value)
    number = exp.Literal.number(repr(abs(value)))
    return exp.Neg(this=number) if value < 0 else number


def null_if(value: exp.Expr, other: Any) -> exp.Expr:
    """Null where the value is the other."""
    return exp.Nullif(this=value, expression=piece(other))


def where(condition: exp.Expr, value: Any) -> exp.Expr:
    """The value where the condition holds, else null."""
    return exp.Case().when(condition, piece(value))


def attempted(dialect: str, value: exp.Expr) -> exp.Expr:
    """Null where the value cannot be computed, on the database that can say so."""
    return call("TRY", value) if dialect == "duckdb" else value


def cast(value: Any, kind: str) -> exp.Expr:
    """A cast."""
    return exp.cast(piece(value), kind)


def collated(value: exp.Expr, name: str) -> exp.Expr:
    """A text in an order of PostgreSQL."""
    return exp.Collate(this=wrapped(value), expression=exp.to_identifier(name, quoted=True))


def whole(dialect: str, value: exp.Expr) -> exp.Expr:
    """A whole number of 64 bits."""
    return exp.cast(value, "bigint")


def wrapped(value: Any) -> exp.Expr:
    """In brackets where it is joined."""
    found = piece(value)
    return exp.Paren(this=found) if isinstance(found, exp.Binary | exp.Neg) else found

"""A clause in English, as it is read aloud."""

from explorer.spec.expression.functions import rows_of
from explorer.spec.expression.text import value_text
from explorer.spec.expression.tree import (
    All,
    Any,
    Between,
    Call,
    Case,
    Cast,
    Clause,
    Column,
    Compare,
    Constant,
    Expression,
    In,
    IsNull,
    Matches,
    Not,
    Right,
    Truth,
    left,
    right,
)

AS_KIND = {
    "text": "text",
    "whole": "a whole number",
    "number": "a number",
    "truth": "a truth value",
    "time": "a time",
    "instant": "a time with a zone",
    "day": "a day",
    "duration": "a duration",
}
SIGNS = {"=": "is", "!=": "is not"}
MATCHES = {
    "like": ("is like", "is not like"),
    "ilike": ("is like", "is not like"),
    "contains": ("contains", "does not contain"),
    "starts_with": ("starts with", "does not start with"),
    "ends_with": ("ends with", "does not end with"),
    "regexp": ("matches", "does not match"),
}


def clause_words(clause: Clause) -> str:
    """The condition in words.

    >>> from explorer.spec.expression.clause import parse
    >>> clause_words(parse("NOT event = 'heartbeat' AND (platform IN ('ios', 'web') OR page IS NULL)"))
    "event is not 'heartbeat' and (platform is 'ios' or 'web' or page is empty)"
    """
    match clause:
        case All(()):
            return "anything holds"
        case Any(()):
            return "nothing holds"
        case All(parts):
            return " and ".join(_wrapped(part) for part in parts)
        case Any(parts):
            return " or ".join(_wrapped(part) for part in parts)
        case Not(part):
            return _single(part, negated=True) or f"not ({clause_words(part)})"
    return _single(clause, negated=False) or ""


def value_words(node: Expression) -> str:
    """A value in words.

    >>> from explorer.spec.expression.clause import parse_value
    >>> value_words(parse_value("coalesce(lower(campaign), 'none')"))
    "the first of campaign in lower case and 'none' that is not null"
    """
    match node:
        case Column(name):
            return name
        case Constant(None):
            return "nothing"
        case Constant(value) if value is not None:
            return value_text(value)
        case Call("now"):
            return "now"
        case Call(function, arguments):
            words = [value_words(argument) for argument in arguments]
            row = rows_of("concat" if function == "||" else function)[0]
            inner = [f"({text})" if " " in text and row.group == "Arithmetic" else text for text in words]
            *some, last = inner
            every = f"{', '.join(some)} and {last}" if some else last
            return row.sentence.replace("{*}", every.replace("{", "{{").replace("}", "}}")).format(*inner, *[""] * 3)
        case Cast(value, kind):
            return f"{value_words(value)} as {AS_KIND[kind]}"
        case Case(branches, otherwise):
            pieces = [f"{value_words(value)} if {clause_words(condition)}" for condition, value in branches]
            last = "nothing" if otherwise is None else value_words(otherwise)
            return f"{', '.join(pieces)}, else {last}"
        case Truth(clause):
            return f"whether {clause_words(clause)}"
    raise TypeError(f"{type(node).__name__} is not an expression")


def _single(clause: Clause, negated: bool) -> str:
    """A condition on values, or its opposite; empty where that has no words of its own."""
    match clause:
        case Compare(column, ("=" | "!=") as op, value):
            sign = SIGNS[op if not negated else "!=" if op == "=" else "="]
            return f"{value_words(left(column))} {sign} {value_words(right(value))}"
        case Compare(column, op, value):
            return "" if negated else f"{value_words(left(column))} {op} {value_words(right(value))}"
        case Between(column, low, high):
            ends = f"{value_words(right(low))} and {value_words(right(high))}"
            return f"{value_words(left(column))} is {'not ' if negated else ''}between {ends}"
        case In(column, values):
            return f"{value_words(left(column))} is {'not ' if negated else ''}{_listed(values)}"
        case Matches(column, op, pattern):
            return f"{value_words(left(column))} {MATCHES[op][negated]} {value_words(right(pattern))}"
        case IsNull(column):
            return f"{value_words(left(column))} is {'not ' if negated else ''}empty"
    return ""


def _listed(values: tuple[Right, ...]) -> str:
    *some, last = (value_words(right(value)) for value in values)
    return f"{', '.join(some)} or {last}" if some else last


def _wrapped(clause: Clause) -> str:
    words = clause_words(clause)
    return f"({words})" if isinstance(clause, All | Any) and len(clause.clauses) > 1 else words

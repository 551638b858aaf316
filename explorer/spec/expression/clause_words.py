"""A clause in English, as it is read aloud."""

from explorer.spec.expression.clause import (
    All,
    Any,
    Between,
    Clause,
    Compare,
    In,
    IsNull,
    Matches,
    Not,
    Value,
    value_text,
)

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


def _single(clause: Clause, negated: bool) -> str:
    """A condition on one column, or its opposite; empty where that has no words of its own."""
    match clause:
        case Compare(column, ("=" | "!=") as op, value):
            return f"{column} {SIGNS[op if not negated else '!=' if op == '=' else '=']} {value_text(value)}"
        case Compare(column, op, value):
            return "" if negated else f"{column} {op} {value_text(value)}"
        case Between(column, low, high):
            return f"{column} is {'not ' if negated else ''}between {value_text(low)} and {value_text(high)}"
        case In(column, values):
            return f"{column} is {'not ' if negated else ''}{_listed(values)}"
        case Matches(column, op, pattern):
            return f"{column} {MATCHES[op][negated]} {value_text(pattern)}"
        case IsNull(column):
            return f"{column} is {'not ' if negated else ''}empty"
    return ""


def _listed(values: tuple[Value, ...]) -> str:
    *some, last = map(value_text, values)
    return f"{', '.join(some)} or {last}" if some else last


def _wrapped(clause: Clause) -> str:
    words = clause_words(clause)
    return f"({words})" if isinstance(clause, All | Any) and len(clause.clauses) > 1 else words

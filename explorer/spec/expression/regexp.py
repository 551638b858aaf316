"""Regular expressions: checked once, and as RE2 reads them, whose \\d, \\w and \\s know ASCII only."""

import re

import polars as pl

from explorer.errors import SpecError

LETTERS = r"\p{L}\p{M}\p{Nd}\p{Nl}\p{Pc}"
SPACES = r"\s\x0b\x{85}\p{Z}"
INSIDE = {r"\d": r"\p{Nd}", r"\D": r"\P{Nd}", r"\w": LETTERS, r"\s": SPACES}
OUTSIDE = INSIDE | {r"\w": f"[{LETTERS}]", r"\W": f"[^{LETTERS}]", r"\s": f"[{SPACES}]", r"\S": f"[^{SPACES}]"}
PIECE = re.compile(r"\\.|\[\^?\]?|\]|[^\\\[\]]+", re.DOTALL)
RE2 = ("duckdb", "clickhouse", "bigquery")


def checked_regexp(pattern: str) -> str:
    """The pattern; raises SpecError that says why it is no regular expression."""
    try:
        pl.select(pl.lit("").str.contains(pattern))
    except pl.exceptions.ComputeError as error:
        said = [line.removeprefix("error: ") for line in str(error).splitlines() if line.startswith("error: ")]
        reason = said[0] if said else "it cannot be read"
        raise SpecError(f"'{pattern}' is not a regular expression: {reason}.") from None
    return pattern


def groups_of(pattern: str) -> int:
    """How many groups in brackets a pattern has.

    >>> groups_of(r"(a)(?:b)(c)")
    2
    """
    return (
        len(pl.select(pl.lit("").str.extract_groups(f"(?:{pattern})|")).to_series().struct.fields)
        if "(" in pattern
        else 0
    )


def in_sql(pattern: str, dialect: str) -> str:
    """The pattern as the database reads it."""
    return for_re2(pattern) if dialect in RE2 else pattern


def for_re2(pattern: str) -> str:
    """The same pattern for RE2; `\\b`, and `\\W` and `\\S` in square brackets, stay about ASCII.

    >>> print(for_re2(r"^\\w+ [\\d.]$"))
    ^[\\p{L}\\p{M}\\p{Nd}\\p{Nl}\\p{Pc}]+ [\\p{Nd}.]$
    """
    depth, found = 0, []
    for piece in PIECE.findall(pattern):
        if piece.startswith("["):
            depth += 1
        elif piece == "]":
            depth = max(depth - 1, 0)
        found.append((INSIDE if depth else OUTSIDE).get(piece, piece))
    return "".join(found)


def literally(text: str) -> str:
    """A pattern that matches this text only, in every dialect of regular expressions.

    >>> literally("a.b^")
    'a[.]b\\\\^'
    """
    return "".join(
        sign if sign.isalnum() or sign == "_" or not sign.isascii() else f"\\{sign}" if sign in "^\\]" else f"[{sign}]"
        for sign in text
    )

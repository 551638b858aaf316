"""The grammar of expressions: DuckDB's, and what its parts are called in the tree."""

from __future__ import annotations

from typing import Any as Anything
from typing import ClassVar

import sqlglot
from sqlglot import exp
from sqlglot.dialects.duckdb import DuckDB
from sqlglot.parsers.duckdb import DuckDBParser

from explorer.errors import MOST_QUOTED, SpecError, shortened
from explorer.spec.expression.tree import CompareOp, MatchOp

COMPARISONS: dict[type[exp.Expression], CompareOp] = {
    exp.EQ: "=",
    exp.NEQ: "!=",
    exp.NullSafeNEQ: "!=",
    exp.NullSafeEQ: "=",
    exp.LT: "<",
    exp.LTE: "<=",
    exp.GT: ">",
    exp.GTE: ">=",
}
MIRRORED: dict[CompareOp, CompareOp] = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
SIGNS: dict[type[exp.Expression], MatchOp] = {exp.Like: "like", exp.ILike: "ilike", exp.RegexpLike: "regexp"}
MATCHES: dict[str, MatchOp] = {
    "contains": "contains",
    "starts_with": "starts_with",
    "startswith": "starts_with",
    "prefix": "starts_with",
    "ends_with": "ends_with",
    "endswith": "ends_with",
    "suffix": "ends_with",
    "regexp_matches": "regexp",
    "regexp_like": "regexp",
}
ARITHMETIC: dict[type[exp.Expression], str] = {
    exp.Add: "+",
    exp.Sub: "-",
    exp.Mul: "*",
    exp.Div: "/",
    exp.Mod: "%",
    exp.DPipe: "||",
    exp.Pow: "power",
}
TYPES = {
    "text": ("VARCHAR", "TEXT", "CHAR", "NVARCHAR", "NCHAR"),
    "whole": ("TINYINT", "SMALLINT", "INT", "BIGINT", "INT128", "UTINYINT", "USMALLINT", "UINT", "UBIGINT"),
    "number": ("FLOAT", "DOUBLE", "DECIMAL"),
    "truth": ("BOOLEAN",),
    "time": ("TIMESTAMP", "TIMESTAMPNTZ", "DATETIME"),
    "instant": ("TIMESTAMPTZ",),
    "day": ("DATE",),
    "duration": ("INTERVAL",),
}
CAST_TO = {name: kind for kind, names in TYPES.items() for name in names}
AGGREGATES = (
    "count",
    "sum",
    "avg",
    "mean",
    "median",
    "min",
    "max",
    "first",
    "last",
    "n_unique",
    "stddev",
    "std",
    "mode",
)
NEAR: dict[type, str] = {
    exp.IntDiv: "Write floor(a / b).",
    exp.Subquery: "Nothing is looked up in other tables; name them in columns.lookups.",
    exp.JSONExtractScalar: "Write json_value(text, '$.a.b').",
    exp.JSONExtract: "Write json_value(text, '$.a.b').",
    exp.AtTimeZone: "The zone of the analysis is used: columns.time_zone.",
    exp.Window: "A metric looks at several events.",
}
FORMS = (
    "Write column = 'value', <, BETWEEN, IN (...), LIKE, contains(column, 'x'), ~ 'regex', IS NULL, "
    "joined with AND, OR, NOT."
)


class _Parser(DuckDBParser):
    """DuckDB's grammar, with every function as its name and its values."""

    FUNCTIONS: ClassVar[Anything] = {}
    FUNCTION_PARSERS: ClassVar[Anything] = {
        name: parser
        for name, parser in DuckDBParser.FUNCTION_PARSERS.items()
        if name in ("CAST", "TRY_CAST", "EXTRACT")
    }
    NO_PAREN_FUNCTION_PARSERS: ClassVar[Anything] = {"CASE": DuckDBParser.NO_PAREN_FUNCTION_PARSERS["CASE"]}
    NO_PAREN_FUNCTIONS: ClassVar[Anything] = {}


class Language(DuckDB):
    """The language of expressions."""

    Parser = _Parser
    parser_class: Anything = _Parser


def short(source: str) -> str:
    """A text as it is quoted in an error."""
    return shortened(source, MOST_QUOTED)


def parsed(source: str) -> exp.Expr:
    """The parts of a condition or a value; raises SpecError that says where it cannot be read."""
    try:
        found = sqlglot.parse_one(source, into=exp.Condition, dialect=Language())
    except sqlglot.errors.ParseError as error:
        first = error.errors[0] if error.errors else {}
        near, col = first.get("highlight") or source.strip()[-1], first.get("col", len(source))
        raise SpecError(f"`{short(source)}` cannot be read near '{near}' (character {col}). {FORMS}") from None
    except sqlglot.errors.TokenError:
        raise SpecError(f"`{short(source)}` cannot be read: a quote or bracket is not closed. {FORMS}") from None
    return found


def cast_to(node: Anything) -> str | None:
    """The kind that a cast makes; None for one that is not in the language."""
    return CAST_TO.get(type_name(node).upper())


def type_name(node: Anything) -> str:
    """The name of the type that a cast makes."""
    made = node.args["to"].this
    return str(made.name if hasattr(made, "name") else made)

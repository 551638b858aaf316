"""Whether a text matches a pattern, in each dialect."""

from sqlglot import exp

from explorer.plan.in_sql.dialect import Dialect
from explorer.spec.expression.regexp import checked_regexp, in_sql


def matches(text: exp.Expr, op: str, pattern: str, dialect: Dialect) -> exp.Expr:
    """Whether a text matches a pattern; null when the text is."""
    value = exp.Literal.string(pattern)
    match op:
        case "contains" | "starts_with" | "ends_with" if not pattern:
            return exp.not_(text.is_(exp.null()))
        case "contains" if dialect.name in ("postgres", "bigquery", "clickhouse"):
            return exp.GT(this=exp.StrPosition(this=text, substr=value), expression=dialect.number(0))
        case "contains":
            return exp.Contains(this=text, expression=value)
        case "starts_with":
            return exp.StartsWith(this=text, expression=value)
        case "ends_with" if dialect.name == "postgres":
            return exp.EQ(this=exp.Right(this=text, expression=dialect.number(len(pattern))), expression=value)
        case "ends_with":
            return exp.EndsWith(this=text, expression=value)
        case "regexp" if dialect.name == "snowflake":  # whose REGEXP_LIKE wants the whole text to match
            found = exp.Anonymous(this="REGEXP_INSTR", expressions=[text, exp.Literal.string(checked_regexp(pattern))])
            return exp.GT(this=found, expression=dialect.number(0))
        case "regexp":
            return exp.RegexpLike(
                this=text, expression=exp.Literal.string(in_sql(checked_regexp(pattern), dialect.name))
            )
    if dialect.name not in ("duckdb", "snowflake"):  # there the backslash is no escape sign
        value = exp.Literal.string(pattern.replace("\\", "\\\\"))
    return (exp.ILike if op == "ilike" else exp.Like)(this=text, expression=value)

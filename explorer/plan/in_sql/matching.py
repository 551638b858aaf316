"""Whether a text matches a pattern, in each dialect."""

from sqlglot import exp

from explorer.plan.in_sql.dialect import Dialect
from explorer.spec.expression.regexp import checked_regexp, in_sql


def holds(text: exp.Expr, op: str, part: exp.Expr, dialect: Dialect) -> exp.Expr:
    """Whether a text contains, starts or ends with another one; null when either is."""
    match op:
        case "contains" if dialect.name in ("postgres", "bigquery", "clickhouse"):
            return exp.GT(this=exp.StrPosition(this=text, substr=part), expression=dialect.number(0))
        case "contains":
            return exp.Contains(this=text, expression=part)
        case "starts_with":
            return exp.StartsWith(this=text, expression=part)
    if dialect.name == "postgres":
        count: exp.Expr = exp.Length(this=part.copy())
        if isinstance(part, exp.Literal):
            count = dialect.number(len(part.this))
        return exp.EQ(this=exp.Right(this=text, expression=count), expression=part)
    return exp.EndsWith(this=text, expression=part)


def matches(text: exp.Expr, op: str, pattern: str, dialect: Dialect) -> exp.Expr:
    """Whether a text matches a pattern; null when the text is."""
    value = exp.Literal.string(pattern)
    match op:
        case "contains" | "starts_with" | "ends_with" if not pattern:
            return exp.not_(text.is_(exp.null()))
        case "contains" | "starts_with" | "ends_with":
            return holds(text, op, value, dialect)
        case "regexp" if dialect.name == "snowflake":  # whose REGEXP_LIKE wants the whole text to match
            found = exp.Anonymous(this="REGEXP_INSTR", expressions=[text, exp.Literal.string(checked_regexp(pattern))])
            return exp.GT(this=found, expression=dialect.number(0))
        case "regexp":
            return exp.RegexpLike(
                this=dialect.by_language(text),
                expression=exp.Literal.string(in_sql(checked_regexp(pattern), dialect.name)),
            )
    if dialect.name not in ("duckdb", "snowflake"):  # there the backslash is no escape sign
        value = exp.Literal.string(pattern.replace("\\", "\\\\"))
    if op == "ilike":
        return exp.ILike(this=dialect.by_language(text), expression=value)
    return exp.Like(this=text, expression=value)

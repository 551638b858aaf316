"""What the databases call names, values and times."""

import re
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any

import polars as pl
import sqlglot
from sqlglot import exp

from explorer.errors import EngineError, did_you_mean
from explorer.plan.literal import EPOCH

SPOKEN = {
    "duckdb": "DuckDB",
    "clickhouse": "ClickHouse",
    "spark": "Spark",
    "postgres": "Postgres",
    "bigquery": "BigQuery",
    "snowflake": "Snowflake",
}
PLAIN = re.compile(r"[a-z_][a-z0-9_]*")
# A table with its schema, and its database: names with anything but letters in them stand in double quotes.
QUOTE = '"'
PART = r'(?:"(?:[^"]|"")+"|[^\W\d]\w*)'
QUALIFIED = re.compile(rf"{PART}(?:\.{PART}){{1,2}}")
EXACT_DIGITS = 15
# sqlglot knows the reserved words of these two only; a lower-case name in quotes is the same name elsewhere,
# but for Snowflake, where it is another than without.
RESERVED = frozenset(
    word
    for known in ("duckdb", "bigquery")
    for word in sqlglot.Dialect.get_or_raise(known).generator_class.RESERVED_KEYWORDS
)


@dataclass(frozen=True)
class Dialect:
    """The SQL of one database; raises EngineError for one that is not known."""

    name: str = "duckdb"

    def __post_init__(self) -> None:
        if self.name not in SPOKEN:
            raise EngineError(f"There is no SQL for '{self.name}' here. {did_you_mean(self.name, SPOKEN)}")

    @property
    def spoken(self) -> str:
        """The name as its makers write it."""
        return SPOKEN[self.name]

    @property
    def has_row_numbers(self) -> bool:
        """Whether rows come in the order in which they were written."""
        return self.name == "duckdb"

    @property
    def folds(self) -> bool:
        """Whether a list is folded here: what a longest duration alone is cut by; elsewhere by a chain of sessions."""
        return self.name == "duckdb"

    @property
    def walks(self) -> bool:
        """Whether a list is walked with a state; elsewhere a chain of sessions is a query that reads itself, which it
        begins anew for each of them."""
        return self.name == "spark"

    @property
    def has_far_frames(self) -> bool:
        """Whether a window reaches any number of microseconds; ClickHouse's reach 32 bits of them, about an hour."""
        return self.name != "clickhouse"

    # ---- names

    def identifier(self, name: str) -> exp.Identifier:
        """A name, in quotes unless it is a plain lower-case word."""
        plain = PLAIN.fullmatch(name) and not (self.name != "duckdb" and name in RESERVED)
        return exp.to_identifier(name, quoted=not plain)

    def column(self, name: str, table: str | None = None) -> exp.Column:
        """A column, of a table when it is said."""
        return exp.Column(this=self.identifier(name), table=self.identifier(table) if table else None)

    def table(self, name: str) -> exp.Table:
        """A table. A name with dots in it names its schema too, and its database, as `qualified` writes it.

        >>> [Dialect().table(name).sql("duckdb") for name in ("events", "shop.events", '"my shop".events', "a b.c")]
        ['events', 'shop.events', '"my shop".events', '"a b.c"']
        """
        if not QUALIFIED.fullmatch(name):
            return exp.table_(self.identifier(name))
        parts = [part[1:-1].replace('""', '"') if part[0] == '"' else part for part in re.findall(PART, name)]
        names = [self.identifier(part) for part in reversed(parts)]
        return exp.Table(**dict(zip(("this", "db", "catalog"), names, strict=False)))

    def qualified(self, *names: str) -> str:
        """The name of a table with its schema, and its database, as `table` reads it."""
        return ".".join(name if name.isidentifier() else f'"{name.replace(QUOTE, QUOTE * 2)}"' for name in names)

    def ordered(self, by: exp.Expr, descending: bool = False) -> exp.Ordered:
        """A sort key that is never null."""
        nulls = sqlglot.Dialect.get_or_raise(self.name).NULL_ORDERING
        first = nulls == ("nulls_are_large" if descending else "nulls_are_small")
        return exp.Ordered(this=by, desc=descending or None, nulls_first=first)

    # ---- text

    def by_code(self, text: exp.Expr) -> exp.Expr:
        """A text that is ordered by the codes of its letters, as everywhere here; what is made of it is too."""
        if self.name != "postgres":  # which orders by the language of the database
            return text
        return exp.Collate(this=text, expression=exp.to_identifier("C", quoted=True))

    def by_language(self, text: exp.Expr) -> exp.Expr:
        """A text whose letters have their other case, which they have not where they are ordered by code."""
        if self.name != "postgres":
            return text
        return exp.Collate(this=text, expression=exp.to_identifier("default", quoted=True))

    def text(self, query: exp.Expr) -> str:
        """A query as text, to be read."""
        return self.part(query.copy()) + self.settings

    def part(self, query: exp.Expr) -> str:
        """The same of a part of one, which is used up."""
        found: str = _printer(self.name)(dialect=self.name, pretty=True, comments=False).generate(query, copy=False)
        return found

    @property
    def settings(self) -> str:
        """What stands behind a whole query."""
        # Else a name of ours hides a column of the events that is called the same, and a row that a join does not find
        # has zeros and empty texts.
        return "\nSETTINGS prefer_column_name_to_alias = 1, join_use_nulls = 1" if self.name == "clickhouse" else ""

    # ---- values

    def number(self, value: int | float) -> exp.Expr:
        """A number that is read back as exactly this one."""
        text = repr(value)
        if text.lstrip("-") in ("inf", "nan"):
            return exp.cast(exp.Literal.string(text), "double")
        if isinstance(value, float) and "e" not in text and sum(map(str.isdigit, text)) > EXACT_DIGITS:
            text += "e0"  # without an exponent it is a decimal, and may be another number
        found: exp.Expr = exp.Literal.number(text.lstrip("-"))
        return exp.Neg(this=found) if text.startswith("-") else found

    def time(self, us: int, aware: bool) -> exp.Expr:
        """A time from microseconds since 1970, to stand beside what `comparable` makes of a column."""
        if not self._writes_times:
            return self.number(us)
        text = (EPOCH + timedelta(microseconds=us)).replace(tzinfo=None).isoformat(" ")
        return exp.cast(exp.Literal.string(f"{text}+00:00" if aware else text), "timestamptz" if aware else "timestamp")

    def comparable(self, time: exp.Expr, dtype: pl.DataType) -> exp.Expr:
        """A column of times, to stand beside `time`."""
        if self._writes_times:
            return time
        aware = getattr(dtype, "time_zone", None) is not None
        return self.microseconds(exp.cast(time, "timestamp") if dtype == pl.Date else time, aware)

    @property
    def _writes_times(self) -> bool:
        # Elsewhere a time in a text loses its microseconds or is read in the zone of the session.
        return self.name in ("duckdb", "postgres")

    # ---- functions

    def whole(self, number: exp.Expr) -> exp.Expr:
        """The nearest whole number, of two that are as near the even one."""
        match self.name:
            case "bigquery":
                exact, how = exp.cast(number, "numeric"), exp.Literal.string("ROUND_HALF_EVEN")
                found: exp.Expr = exp.Anonymous(this="ROUND", expressions=[exact, self.number(0), how])
            case "snowflake":
                how = exp.Literal.string("HALF_TO_EVEN")
                found = exp.Anonymous(this="ROUND", expressions=[number, self.number(0), how])
            case _:
                named = {"duckdb": "ROUND_EVEN", "spark": "BROUND", "clickhouse": "roundBankers", "postgres": "ROUND"}
                places = [] if self.name == "postgres" else [self.number(0)]
                found = exp.Anonymous(this=named[self.name], expressions=[number, *places])
        return exp.cast(found, "bigint")

    def microseconds(self, time: exp.Expr, aware: bool) -> exp.Expr:
        """A time as microseconds since 1970."""
        match self.name:
            case "duckdb":
                return exp.func("EPOCH_US", time)
            case "clickhouse":
                return exp.func("toUnixTimestamp64Micro", exp.func("toDateTime64", time, self.number(6)))
            case "postgres":
                seconds = exp.Extract(this=exp.var("EPOCH"), expression=time)
                return exp.cast(exp.Mul(this=seconds, expression=self.number(1_000_000)), "bigint")
            case "snowflake":
                return exp.Anonymous(this="DATE_PART", expressions=[exp.var("EPOCH_MICROSECOND"), time])
        if self.name == "bigquery" and not aware:  # whose DATETIME is no TIMESTAMP
            time = exp.Anonymous(this="TIMESTAMP", expressions=[time])
        return exp.Anonymous(this="UNIX_MICROS", expressions=[time])

    def of_microseconds(self, us: exp.Expr, aware: bool) -> exp.Expr:
        """A time from microseconds since 1970."""
        match self.name:
            case "duckdb":
                return exp.Anonymous(this="MAKE_TIMESTAMPTZ" if aware else "MAKE_TIMESTAMP", expressions=[us])
            case "clickhouse":
                return exp.func("fromUnixTimestamp64Micro", us)
            case "postgres":
                found = exp.func(
                    "TO_TIMESTAMP", exp.Div(this=exp.Paren(this=us), expression=self.number(1e6), safe=False)
                )
                return found if aware else exp.AtTimeZone(this=found, zone=exp.Literal.string("UTC"))
            case "snowflake":
                return exp.Anonymous(
                    this="TO_TIMESTAMP_TZ" if aware else "TO_TIMESTAMP_NTZ", expressions=[us, self.number(6)]
                )
        found = exp.Anonymous(this="TIMESTAMP_MICROS", expressions=[us])
        return exp.cast(found, "datetime") if self.name == "bigquery" and not aware else found

    def clock(self, time: exp.Expr, zone: str, aware: bool) -> exp.Expr:
        """With `aware`, a time as the clock of a zone shows it; without, the time at which it shows this."""
        said = exp.Literal.string(zone)
        match self.name:
            case "clickhouse":
                if aware:
                    return exp.func(
                        "toDateTime64", exp.func("toString", exp.func("toTimeZone", time, said)), self.number(6)
                    )
                return exp.func("toDateTime64", exp.func("toString", time), self.number(6), said)
            case "spark":
                name = "FROM_UTC_TIMESTAMP" if aware else "TO_UTC_TIMESTAMP"
                return exp.Anonymous(this=name, expressions=[time, said])
            case "bigquery":
                return exp.Anonymous(this="DATETIME" if aware else "TIMESTAMP", expressions=[time, said])
            case "snowflake":
                zones = [exp.Literal.string("UTC"), said] if aware else [said, exp.Literal.string("UTC")]
                return exp.Anonymous(this="CONVERT_TIMEZONE", expressions=[*zones, exp.cast(time, "timestamp")])
        return exp.AtTimeZone(this=time, zone=said)

    def same(self, left: exp.Expr, right: exp.Expr) -> exp.Expr:
        """Whether two values are equal, a null being equal to a null; never null."""
        if self.name == "clickhouse":
            equal = exp.Coalesce(this=exp.EQ(this=left, expression=right), expressions=[exp.false()])
            return exp.or_(equal, exp.and_(left.is_(exp.null()), right.is_(exp.null())))
        return exp.NullSafeEQ(this=left, expression=right)

    def differs(self, left: exp.Expr, value: exp.Expr) -> exp.Expr:
        """Whether a column differs from a value that is no null; never null."""
        if self.name == "clickhouse":
            return exp.Coalesce(this=exp.NEQ(this=left, expression=value), expressions=[exp.true()])
        return exp.NullSafeNEQ(this=left, expression=value)


@cache
def _printer(name: str) -> Any:
    """sqlglot's writer of a dialect, with the condition of a FILTER on the line of its aggregate."""
    its: Any = sqlglot.Dialect.get_or_raise(name).generator_class
    if name in ("bigquery", "snowflake"):  # which have no FILTER; sqlglot writes an IF
        return its
    return type(f"{its.__name__}Printer", (its,), {"TRANSFORMS": {**its.TRANSFORMS, exp.Filter: _filter}})


def _filter(printer: Any, node: exp.Filter) -> str:
    return f"{printer.sql(node, 'this')} FILTER (WHERE {printer.sql(node.expression, 'this')})"

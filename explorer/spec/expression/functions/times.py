"""Functions of times and durations; a time with a zone is looked at as the clock of the analysis's zone shows it."""

from typing import Any

from sqlglot import exp

from explorer.errors import did_you_mean
from explorer.spec.expression.functions.building import call, cast, piece
from explorer.spec.expression.functions.table import Function, forms, refuse_unless

UNITS = {
    "year": "1y", "quarter": "1q", "month": "1mo", "week": "1w", "day": "1d", "hour": "1h", "minute": "1m",
    "second": "1s",
}  # fmt: skip
SMALL = ("hour", "minute", "second")
SMALL_US = {"hour": 3_600_000_000, "minute": 60_000_000, "second": 1_000_000}


def _check_unit(unit: str) -> None:
    refuse_unless(unit.lower() in UNITS, f"date_trunc knows no '{unit}'. {did_you_mean(unit, UNITS)}")


def _trunc_sql(to: str, unit: str, time: exp.Expr) -> exp.Expr:
    unit = unit.lower()
    if to == "bigquery":
        return call("DATETIME_TRUNC", time, exp.var("ISOWEEK" if unit == "week" else unit.upper()))
    if to == "clickhouse":
        return _trunc_clickhouse(unit, time)
    return call("DATE_TRUNC", unit, time)


def _trunc_clickhouse(unit: str, time: exp.Expr) -> exp.Expr:
    """Of days of 32 bits: toStartOfMonth and its kind know none before 1970."""
    if unit in SMALL_US:
        us = call("toUnixTimestamp64Micro", call("toDateTime64", time, 6))
        rest = call("positiveModulo", us.copy(), SMALL_US[unit])
        return call("fromUnixTimestamp64Micro", exp.Sub(this=us, expression=rest))
    day = call("toDate32", time)
    since = {"week": "toDayOfWeek", "month": "toDayOfMonth", "quarter": "toDayOfMonth", "year": "toDayOfYear"}
    if unit in since:
        past = exp.Sub(this=call(since[unit], time.copy()), expression=piece(1))
        day = call("subtractDays", day, past)
    if unit == "quarter":
        months = exp.Sub(this=call("toMonth", time.copy()), expression=piece(1))
        day = call("subtractMonths", day, call("modulo", months, 3))
    return call("toDateTime64", day, 6)


def _part_sql(name: str) -> Any:
    names = {
        "weekday": {"duckdb": "ISODOW", "postgres": "ISODOW", "snowflake": "DAYOFWEEKISO", "spark": "DAYOFWEEK_ISO"},
        "week": {"bigquery": "ISOWEEK", "snowflake": "WEEKISO"},
        "dayofyear": {"duckdb": "DOY", "postgres": "DOY", "spark": "DOY"},
    }
    clickhouse = {
        "weekday": "toDayOfWeek", "week": "toISOWeek", "dayofyear": "toDayOfYear", "quarter": "toQuarter",
        "day": "toDayOfMonth",
    }  # fmt: skip

    def written(to: str, time: exp.Expr) -> exp.Expr:
        if to == "clickhouse":
            return cast(call(clickhouse.get(name, f"to{name.capitalize()}"), time), "bigint")
        if to == "bigquery" and name == "weekday":
            day = exp.Extract(this=exp.var("DAYOFWEEK"), expression=time)
            return exp.Add(
                this=exp.Mod(this=exp.Paren(this=exp.Add(this=day, expression=piece(5))), expression=piece(7)),
                expression=piece(1),
            )
        if to == "spark" and name == "second":  # whose part of a time has its fractions
            return call("SECOND", time)
        found = exp.Extract(this=exp.var(names.get(name, {}).get(to, name.upper())), expression=time)
        if to == "postgres":
            return cast(exp.Floor(this=found), "bigint")
        return found

    return written


def _part(name: str, label: str, answer: int, polars: Any, also: tuple[str, ...] = ()) -> Function:
    return Function(
        name, GROUP, label, f"the {label} of {{0}}", f"{name}(CAST('2024-03-31 10:20:30' AS TIMESTAMP))", answer,
        forms("D>W"), polars=lambda p, time: polars(time.dt).cast(p.Int64), sql=_part_sql(name), wall=True, also=also,
    )  # fmt: skip


GROUP = "Times"
TIMES = (
    Function(
        "date_trunc", GROUP, "begin of its month, week, day ...", "the begin of the {0} of {1}",
        "date_trunc('month', CAST('2024-03-31 10:20:30' AS TIMESTAMP))", "2024-03-01 00:00:00", forms("TD>D"),
        fixed=(0,), check=_check_unit, wall=True, also=("datetrunc",),
        polars=lambda p, unit, time: time.dt.truncate(UNITS[unit.lower()]), sql=_trunc_sql,
    ),
    _part("year", "year", 2024, lambda dt: dt.year()),
    _part("quarter", "quarter", 1, lambda dt: dt.quarter()),
    _part("month", "month", 3, lambda dt: dt.month()),
    _part("week", "ISO week", 13, lambda dt: dt.week(), ("weekofyear",)),
    _part("day", "day of the month", 31, lambda dt: dt.day(), ("dayofmonth",)),
    _part("dayofyear", "day of the year", 91, lambda dt: dt.ordinal_day()),
    _part("weekday", "weekday (1 is Monday)", 7, lambda dt: dt.weekday(), ("isodow",)),
    _part("hour", "hour", 10, lambda dt: dt.hour()),
    _part("minute", "minute", 20, lambda dt: dt.minute()),
    _part("second", "second", 30, lambda dt: dt.second()),
    Function(
        "seconds", GROUP, "duration in seconds", "{0} in seconds", "seconds(CAST('1m 30s' AS INTERVAL))", 90.0,
        forms("L>N"), polars=lambda p, length: length.dt.total_microseconds() / 1_000_000,
        sql=lambda to, length: exp.Div(
            this=cast(length, "double"), expression=piece(1_000_000), typed=False, safe=False
        ),
    ),
)  # fmt: skip

"""Times that are texts: the parts that a pattern finds, put together as microseconds."""

import re
from collections.abc import Iterable

import polars as pl

from explorer.events.reading.layouts import MONTHS, ZONES
from explorer.events.reading.units import DAY

# Years of two digits are those from 1969 to 2068, as POSIX has them.
PIVOT = 69


def moments(texts: pl.Series, pattern: str, zone: str | None) -> pl.DataFrame:
    """`us` in microseconds since 1970, null for what does not fit the pattern or is no time that there is, and `told`,
    whether it was told with an offset.

    Times without one are those of `zone`, or stay as they are where that is None.
    """
    groups = re.findall(r"\?P<(\w)>", pattern)
    parts = texts.alias("text").to_frame().select(pl.col("text").str.extract_groups(pattern).struct.unnest())
    # A time of day is told in full or not at all; a part may stand in several groups.
    frame = parts.select(_us(groups).alias("us"), *_offset(groups))
    if zone is not None and zone != "UTC":
        frame = frame.with_columns(us=pl.when("told").then("us").otherwise(_local(pl.col("us"), zone)))
    return frame.select(us=pl.when(~pl.col("wrong")).then(pl.col("us") - pl.col("ahead")), told="told")


def _us(groups: Iterable[str]) -> pl.Expr:
    def number(name: str) -> pl.Expr:
        return pl.col(name).cast(pl.Int64, strict=False) if name in groups else pl.lit(None, pl.Int64)

    told = number("Y")
    short = pl.col("Y").str.len_bytes() == 2
    year = pl.when(short).then(told + pl.when(told < PIVOT).then(2000).otherwise(1900)).otherwise(told)
    day: pl.Expr
    if "j" in groups:
        first = _day(year, pl.lit(1), pl.lit(1))
        same = (first + number("j") - 1).cast(pl.Int32).cast(pl.Date).dt.year() == year
        day = pl.when(same).then(first + number("j") - 1)
    else:
        month = (
            pl.col("b").str.to_lowercase().replace_strict(MONTHS, default=None, return_dtype=pl.Int64)
            if "b" in groups
            else number("m")
        )
        day = _day(year, month, number("d"))
    hour, minute, second = (number(name).fill_null(0) for name in "HMS")
    last = (hour == 24) & (minute == 0) & (second == 0)
    valid = (hour < 24) | last
    if "p" in groups:
        half, evening = pl.col("p").is_not_null(), pl.col("p").str.to_lowercase().str.starts_with("p")
        valid = pl.when(half).then(hour <= 12).otherwise(valid)
        hour = pl.when(half).then(hour % 12 + pl.when(evening).then(12).otherwise(0)).otherwise(hour)
    us = day * DAY + ((hour * 60 + minute) * 60 + second) * 1_000_000
    if "f" in groups:
        us = us + pl.col("f").str.slice(0, 6).str.pad_end(6, "0").cast(pl.Int64, strict=False).fill_null(0)
    return pl.when(valid & (minute < 60) & (second <= 60)).then(us)


def _day(year: pl.Expr, month: pl.Expr, day: pl.Expr) -> pl.Expr:
    """Days since 1970, null for those that are in no calendar."""
    text = pl.concat_str(year.cast(pl.String).str.zfill(4), month, day, separator="-")
    return text.str.to_date("%Y-%m-%d", strict=False).to_physical().cast(pl.Int64)


def _offset(groups: Iterable[str]) -> list[pl.Expr]:
    """`told`, `ahead` in microseconds, and `wrong` for a name of a zone that is not known."""
    if "z" not in groups:
        return [pl.lit(False).alias("told"), pl.lit(0).alias("ahead"), pl.lit(False).alias("wrong")]
    zone = pl.col("z").str.to_lowercase()
    named = zone.replace_strict(ZONES, default=None, return_dtype=pl.Int64)
    digits = zone.str.extract(r"([+-]\d.*)$").str.replace(":", "", literal=True)
    hours = digits.str.extract(r"^[+-](\d{1,2})").cast(pl.Int64)
    minutes = digits.str.extract(r"^[+-]\d{2}(\d{2})$").cast(pl.Int64).fill_null(0)
    sign = pl.when(digits.str.starts_with("-")).then(-1).otherwise(1)
    ahead = pl.coalesce(named, sign * (hours * 60 + minutes))
    told = zone.is_not_null()
    wrong = told & (ahead.is_null() | (ahead.abs() > 1_440))
    return [told.alias("told"), (ahead.fill_null(0) * 60_000_000).alias("ahead"), wrong.alias("wrong")]


def _local(us: pl.Expr, zone: str) -> pl.Expr:
    """Times of a clock in a zone in UTC: the earlier of two; those that a clock skips, by the offset before."""
    hour = 3_600_000_000

    def utc(us: pl.Expr) -> pl.Expr:
        clock = us.cast(pl.Datetime("us"))
        return clock.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null").to_physical()

    return utc(us).fill_null(utc(us - hour) + hour)

"""How the script reads times: by a pattern, in a unit, or as they are."""

from __future__ import annotations

import re
from collections.abc import Iterator

import polars as pl

from explorer.code.plain.clause import quoted
from explorer.engine.answers.reading import Reading
from explorer.events.reading.layouts import MONTHS, ZONES
from explorer.events.reading.texts import PIVOT
from explorer.events.reading.units import DAY, FARTHEST, NEAR, OLDEST, UNITS, Unit
from explorer.plan.literal import TEXTS

SINCE_1970 = ("seconds", "milliseconds", "microseconds", "nanoseconds")


def needs_reader(found: Reading) -> bool:
    """Whether the script has a function that reads times."""
    return bool(found.form.pattern) or found.has_odd_numbers


def reader_lines(found: Reading) -> Iterator[str]:
    """The function that reads times from texts, or from numbers of which some are odd."""
    yield from _pattern_lines(found) if found.form.pattern else _number_lines(found)
    yield ""
    yield ""


def time_code(name: str, found: Reading) -> str:
    """The time column as microseconds, in UTC where it knows its zone."""
    form, column = found.form, f"pl.col({quoted(name)})"
    dtype = form.dtype
    if needs_reader(found):
        return f"read_time({column})"
    if form.unit:
        zone = ', "UTC"' if form.aware else ""
        return f'{_number(column, dtype, UNITS[form.unit])}.cast(pl.Datetime("us"{zone}))'
    if isinstance(dtype, pl.Datetime):
        unit = "" if dtype.time_unit == "us" else '.dt.cast_time_unit("us")'
        zone = '.dt.convert_time_zone("UTC")' if dtype.time_zone not in (None, "UTC") else ""
        return column + unit + zone
    return f'{column}.cast(pl.Datetime("us"))'


def _number(column: str, dtype: pl.DataType, unit: Unit) -> str:
    if not isinstance(dtype, TEXTS):
        return _counted(column, dtype.is_integer(), unit)
    text = f"{column}.cast(pl.String).str.strip_chars()"
    whole = _counted(f"{text}.cast(pl.Int64, strict=False)", True, unit)
    some = _counted(f'{text}.str.replace(",", ".").cast(pl.Float64, strict=False)', False, unit)
    return f"{whole}.fill_null({some})"


def _counted(numbers: str, whole: bool, unit: Unit) -> str:
    """Numbers in a unit as whole microseconds since 1970."""
    origin = f" + {unit.origin:_}" if unit.origin else ""
    if not whole:
        us = f"({numbers}.cast(pl.Float64) * {unit.us / unit.per:_})"
        if unit.us == DAY:  # seven places of a day are nearer to a second than this
            second = f"(({us} / 1_000_000).round() * 1_000_000)"
            us = f"pl.when(({us} - {second}).abs() <= {NEAR:_}).then({second}).otherwise({us})"
        read = f"{us}.round().cast(pl.Int64, strict=False)"
        return f"({read}{origin})" if origin else read
    numbers = f"{numbers}.cast(pl.Int64, strict=False)" if "cast" not in numbers else numbers
    per = f" // {unit.per}" if unit.per > 1 else ""
    times = f" * {unit.us:_}" if unit.us > 1 or not per else ""
    return f"({numbers}{times}{per}{origin})"


def _number_lines(found: Reading) -> Iterator[str]:
    form = found.form
    yield f"OLDEST, FARTHEST = {OLDEST:_}, {FARTHEST:_}  # microseconds since 1970 of 1990 and of 2100"
    yield ""
    yield ""
    yield "def read_time(number):"
    yield '    """One unit; what is no time of a log then is read in that of its own size, and 0 and -1 are no time."""'
    yield f"    us = {_number('number', form.dtype, UNITS[form.unit])}"
    yield "    others = ["
    for name in SINCE_1970:
        if name != form.unit:
            yield f"        {_number('number', form.dtype, UNITS[name])},"
    yield "    ]"
    numbers = "number.cast(pl.String).cast(pl.Float64, strict=False)"
    yield f"    none = {numbers}.is_in([0.0, -1.0]).fill_null(False)"
    yield "    likely = [one.is_between(OLDEST, FARTHEST - 1).fill_null(False) for one in (us, *others)]"
    yield "    fitting = [pl.when(fits).then(one) for one, fits in zip(others, likely[1:])]"
    yield "    read = pl.when(likely[0]).then(us).when(none).then(None).otherwise(pl.coalesce(*fitting, us))"
    zone = ', "UTC"' if form.aware else ""
    yield f'    return read.cast(pl.Datetime("us"{zone}))'


def _pattern_lines(found: Reading) -> Iterator[str]:
    form = found.form
    groups = re.findall(r"\?P<(\w)>", form.pattern)
    yield "# What a time looks like: Y year, m month, d day, H hour, M minute, S second, f fraction, z offset."
    yield f"TIME = {form.pattern!r}"
    if "b" in groups:
        yield f"MONTHS = {MONTHS!r}"
    if "z" in groups:
        yield f"ZONES = {ZONES!r}  # minutes ahead of UTC"
    yield ""
    yield ""
    yield "def read_time(text):"
    digits = ".cast(pl.Int64, strict=False)" if form.dtype.is_numeric() else ""
    yield f"    part = text{digits}.cast(pl.String).str.extract_groups(TIME).struct.field"
    yield from (f"    {line}" for line in _date_lines(groups))
    yield from (f"    {line}" for line in _clock_lines(groups))
    yield '    time = day.cast(pl.Datetime("us")) + pl.duration(microseconds=us)'
    if "z" in groups:
        yield from (f"    {line}" for line in _zone_lines(form.aware, form.zone))
    yield "    return pl.when(valid).then(time)" + ('.dt.replace_time_zone("UTC")' if form.aware else "")


def _number_of(name: str, groups: list[str]) -> str:
    return f'part("{name}").cast(pl.Int64, strict=False)' if name in groups else "pl.lit(None, pl.Int64)"


def _date_lines(groups: list[str]) -> Iterator[str]:
    yield f"year = {_number_of('Y', groups)}"
    yield f"century = pl.when(year < {PIVOT}).then(2000).otherwise(1900)"
    yield 'year = pl.when(part("Y").str.len_bytes() == 2).then(year + century).otherwise(year)'
    if "j" in groups:
        yield 'first = pl.concat_str(year.cast(pl.String).str.zfill(4), pl.lit("-01-01")).str.to_date(strict=False)'
        yield f"day = first + pl.duration(days={_number_of('j', groups)} - 1)"
        yield "day = pl.when(day.dt.year() == year).then(day)"
        return
    if "b" in groups:
        name = 'part("b").str.to_lowercase()'
        yield f"month = {name}.replace_strict(MONTHS, default=None, return_dtype=pl.Int64)"
    else:
        yield f"month = {_number_of('m', groups)}"
    yield f'day = pl.concat_str(year.cast(pl.String).str.zfill(4), month, {_number_of("d", groups)}, separator="-")'
    yield 'day = day.str.to_date("%Y-%m-%d", strict=False)'


def _clock_lines(groups: list[str]) -> Iterator[str]:
    for name, group in (("hour", "H"), ("minute", "M"), ("second", "S")):
        yield f"{name} = {_number_of(group, groups)}.fill_null(0)"
    yield "valid = (hour < 24) | ((hour == 24) & (minute == 0) & (second == 0))"
    if "p" in groups:
        yield 'half, evening = part("p").is_not_null(), part("p").str.to_lowercase().str.starts_with("p")'
        yield "valid = pl.when(half).then(hour <= 12).otherwise(valid)"
        yield "twelve = hour % 12 + pl.when(evening).then(12).otherwise(0)"
        yield "hour = pl.when(half).then(twelve).otherwise(hour)"
    yield "valid = valid & (minute < 60) & (second <= 60)"
    yield "us = ((hour * 60 + minute) * 60 + second) * 1_000_000"
    if "f" in groups:
        six = 'part("f").str.slice(0, 6).str.pad_end(6, "0")'
        yield f"us = us + {six}.cast(pl.Int64, strict=False).fill_null(0)"


def _zone_lines(aware: bool, zone: str) -> Iterator[str]:
    yield 'zone = part("z").str.to_lowercase()'
    if not aware:
        yield "valid = valid & zone.is_null()  # one with an offset is an instant, and no clock's time"
        return
    yield r'sign = pl.when(zone.str.contains(r"-\d")).then(-1).otherwise(1)'
    yield r'hours = zone.str.extract(r"[+-](\d{1,2})").cast(pl.Int64)'
    yield r'minutes = zone.str.extract(r"[+-]\d{2}:?(\d{2})$").cast(pl.Int64).fill_null(0)'
    yield "named = zone.replace_strict(ZONES, default=None, return_dtype=pl.Int64)"
    yield "ahead = pl.coalesce(named, sign * (hours * 60 + minutes))"
    yield "valid = valid & (zone.is_null() | (ahead.abs() <= 1_440).fill_null(False))"
    if zone == "UTC":
        yield "time = time - pl.duration(minutes=ahead.fill_null(0))"
        return
    rules = f'{quoted(zone)}, ambiguous="earliest", non_existent="null"'
    utc = '.dt.convert_time_zone("UTC").dt.replace_time_zone(None)'
    hour = "pl.duration(hours=1)"
    yield f"local = time.dt.replace_time_zone({rules}){utc}"
    yield f"skipped = (time - {hour}).dt.replace_time_zone({rules}){utc} + {hour}"
    yield "told = time - pl.duration(minutes=ahead)"
    yield "time = pl.when(zone.is_null()).then(pl.coalesce(local, skipped)).otherwise(told)"

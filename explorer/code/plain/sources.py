"""The beginning of the script: files or a frame as sorted events."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl

from explorer.code.plain.clause import quoted
from explorer.engine.local.how_read import Reading
from explorer.events.files.paths import Files
from explorer.events.files.scan import ARROW, LINES, PARQUET, SEPARATORS
from explorer.events.times import FORMS, PER_UNIT
from explorer.plan.literal import TEXTS
from explorer.plan.meaning import outer_name
from explorer.spec.columns import Columns


def load_lines(found: Reading, path: str) -> Iterator[str]:
    """`events` as they come; `path` is what the source is called, empty for a frame."""
    if found.files is None or not path:
        yield "# events: the data frame that was explored, as a polars.DataFrame"
        return
    files = found.files
    groups = list(files.partitions())
    if len(files.paths) == 1 and not groups[0][0]:
        one = path if Path(path).is_file() else _as_said(files.paths[0], files, path)
        yield f"events = {_read(files, quoted(literal(one)), found.look)}"
        return
    yield "FILES = ["
    for values, paths in groups:
        for each in paths:
            yield f"    ({quoted(literal(_as_said(each, files, path)))}, {values!r}),"
    yield "]"
    one = _read(files, "path", found.look)
    yield "parts = ["
    yield f"    {one}.with_columns(pl.lit(v).alias(k) for k, v in told.items())"
    yield "    for path, told in FILES"
    yield "]"
    yield f'events = pl.concat(parts, how="{"vertical" if found.look else "diagonal_relaxed"}")'


def event_lines(found: Reading, columns: Columns) -> Iterator[str]:
    """From `events` as they come to those with an actor and a time, in order; ours are renamed where they clash."""
    changes, time = [], columns.time
    roles = (*columns.actor, *columns.order)
    for name, dtype in found.schema.items():
        if name == time:
            read = _time(name, found)
            changes += [f"{read}.alias({quoted(name)})"] if read != f"pl.col({quoted(name)})" else []
        elif dtype.is_float():
            changes.append(f"pl.col({quoted(name)}).fill_nan(None)")
        elif isinstance(dtype, pl.Categorical) or (isinstance(dtype, pl.Enum) and name in roles):
            changes.append(f"pl.col({quoted(name)}).cast(pl.String)")
    if changes:
        yield "events = events.with_columns("
        yield from (f"    {change}," for change in changes)
        yield ")"
    if renamed := {name: outer_name(name) for name in found.schema if outer_name(name) != name}:
        yield f"events = events.rename({renamed!r})"
    yield f"events = events.drop_nulls({_list(dict.fromkeys(outer_name(name) for name in (*columns.actor, time)))})"
    if columns.drop_duplicates:
        yield 'events = events.unique(keep="first", maintain_order=True)'


def needs_forms(found: Reading) -> bool:
    """Whether the script reads times from texts in one of several forms."""
    return bool(found.form.pattern) and isinstance(found.form.dtype, TEXTS)


def form_lines(found: Reading) -> Iterator[str]:
    """The function that reads times from texts."""
    best = found.form.pattern
    yield "# A time is read in the first of these forms that fits; what fits none is no time."
    yield "FORMS = ["
    yield from (f"    {quoted(form)}," for form in (best, *(form for form in FORMS if form != best)))
    yield "]"
    yield ""
    yield ""
    yield "def read_time(text):"
    yield "    text = text.cast(pl.String).str.strip_chars()"
    yield '    day = pl.when(~text.str.contains(":")).then(text)  # a form without a time of day reads no other'
    yield "    found = ("
    yield '        (text if "%H" in form else day).str.to_datetime(form, time_unit="us", strict=False)'
    yield "        for form in FORMS"
    yield "    )"
    yield "    return pl.coalesce(time.dt.replace_time_zone(None) for time in found)"
    yield ""
    yield ""


def _time(name: str, found: Reading) -> str:
    """The time column as microseconds, in UTC where it knows its zone."""
    form, column = found.form, f"pl.col({quoted(name)})"
    dtype, aware = form.dtype, '.dt.replace_time_zone("UTC")' if form.aware else ""
    if isinstance(dtype, TEXTS) and not form.unit:
        return f"read_time({column}){aware}"
    if form.unit:
        if isinstance(dtype, TEXTS):
            text = f"{column}.cast(pl.String).str.strip_chars()"
            whole = _counted(f"{text}.cast(pl.Int64, strict=False)", True, form.unit)
            some = _counted(f"{text}.cast(pl.Float64, strict=False)", False, form.unit)
            numbers = f"{whole}.fill_null({some})"
        else:
            numbers = _counted(column, dtype.is_integer(), form.unit)
        return f'{numbers}.cast(pl.Datetime("us", "UTC"))'
    if isinstance(dtype, pl.Datetime):
        unit = "" if dtype.time_unit == "us" else '.dt.cast_time_unit("us")'
        zone = '.dt.convert_time_zone("UTC")' if dtype.time_zone not in (None, "UTC") else ""
        return column + unit + zone
    return f'{column}.cast(pl.Datetime("us"))'


def _counted(numbers: str, whole: bool, unit: str) -> str:
    """Numbers since 1970 as whole microseconds."""
    per = PER_UNIT[unit]
    if not whole:
        return f"({numbers}.cast(pl.Float64) * {per or 0.001}).round().cast(pl.Int64, strict=False)"
    numbers = f"{numbers}.cast(pl.Int64, strict=False)" if "cast" not in numbers else numbers
    return f"({numbers} // 1000)" if unit == "nanoseconds" else f"({numbers} * {per:_})"


def _read(files: Files, path: str, look: int | None) -> str:
    kind, known = files.kind, f"{look:_}" if look else "None"
    if kind in SEPARATORS:
        separator = "" if kind == ".csv" else f", separator={SEPARATORS[kind]!r}"
        return f"pl.read_csv({path}{separator}, infer_schema_length={known})"
    if kind in LINES:
        return f"pl.read_ndjson({path}, infer_schema_length=None)"
    if kind == ".json":
        return f"pl.read_json({path})"
    assert kind in (*PARQUET, *ARROW)
    return f"pl.read_{'parquet' if kind in PARQUET else 'ipc'}({path})"


def _as_said(file: Path, files: Files, path: str) -> str:
    """A file of several, below the path as it was said."""
    said = Path(path)
    try:
        return str(said / file.relative_to(files.base)) if said.is_dir() else str(file)
    except ValueError:
        return str(file)


def literal(path: str) -> str:
    """A path that is read as a pattern, as one that only this path matches.

    >>> literal("log[1].csv"), literal("logs/a.csv")
    ('log[[]1].csv', 'logs/a.csv')
    """
    return "".join(f"[{sign}]" if sign in "*?[" else sign for sign in path)


def _list(names: object) -> str:
    return "[" + ", ".join(map(quoted, names)) + "]"  # type: ignore[call-overload]

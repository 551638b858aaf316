"""The beginning of the script: files or a frame as sorted events."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import polars as pl

from explorer.code.plain.clause import Conditions, quoted
from explorer.code.plain.lookups import lookup_lines
from explorer.code.plain.same_reading import ARROW, LINES, PARQUET, SEPARATORS, is_plain
from explorer.code.plain.times import time_code
from explorer.code.plain.values import value_code
from explorer.code.source import source_text
from explorer.engine.answers.reading import Reading
from explorer.engine.engine import Engine
from explorer.events.added.derived import early_of
from explorer.events.files.paths import Files
from explorer.plan.meaning import outer_name
from explorer.spec.derived import Derived


def load_lines(found: Reading, paths: list[str]) -> Iterator[str]:
    """`events` as they come; `paths` are what the source is called, none for a frame."""
    if found.files is None or not paths:
        yield "# events: the data frame that was explored, as a polars.DataFrame"
        return
    files = found.files
    path = paths[0]
    if len(paths) > 1 or found.format or not is_plain(files):
        yield "# Polars alone does not read this source; the library that was explored with does."
        yield "from explorer.events.files.scan import read"
        yield ""
        said = quoted(path) if len(paths) == 1 else _list(paths)
        asked = [f", {name}={list(names)!r}" for name, names in (("texts", found.texts), ("json", found.json)) if names]
        asked += [f", format={found.format!r}"] if found.format else []
        yield f"events = read({said}{''.join(asked)})"
        return
    groups = list(files.partitions())
    if len(files.paths) == 1 and not groups[0][0]:
        one = path if Path(path).is_file() else _as_said(files.paths[0], files, path)
        yield f"events = {_read(files, quoted(literal(one)), found)}"
        return
    yield "FILES = ["
    for values, members in groups:
        for each in members:
            yield f"    ({quoted(literal(_as_said(each.path, files, path)))}, {values!r}),"
    yield "]"
    one = _read(files, "path", found)
    yield "parts = ["
    yield f"    {one}.with_columns(pl.lit(v).alias(k) for k, v in told.items())"
    yield "    for path, told in FILES"
    yield "]"
    yield f'events = pl.concat(parts, how="{"vertical" if found.look else "diagonal_relaxed"}")'


def event_lines(found: Reading, engine: Engine, values: Conditions) -> Iterator[str]:
    """From `events` as they come to those with an actor and a time, in order; ours are renamed where they clash.

    `values` writes derived columns.
    """
    columns = engine.columns
    changes, time = list(value_code(found)), columns.time
    if changes:
        yield "events = events.with_columns("
        yield from (f"    {change}," for change in changes)
        yield ")"
    changes = []
    roles = (*columns.actor, *columns.order)
    for name, dtype in found.steps.schema(found.schema).items():
        if name == time:
            read = time_code(name, found)
            changes += [f"{read}.alias({quoted(name)})"] if read != f"pl.col({quoted(name)})" else []
        elif dtype.is_float():
            changes.append(f"pl.col({quoted(name)}).fill_nan(None)")
        elif isinstance(dtype, pl.Categorical) or (isinstance(dtype, pl.Enum) and name in roles):
            changes.append(f"pl.col({quoted(name)}).cast(pl.String)")
    if changes:
        yield "events = events.with_columns("
        yield from (f"    {change}," for change in changes)
        yield ")"
    first = early_of(columns)
    later = [each for each in columns.derived if each not in first]
    yield from _derived_lines(first, values)
    known = {**found.schema, **{each.name: values.schema[each.name] for each in first}}
    for lookup in columns.lookups:
        yield from lookup_lines(lookup, engine.source, source_text(engine), known)
        known |= {name: dtype for name, dtype in values.schema.items() if name not in map(_name, later)}
    yield from _derived_lines(later, values)
    names = list(dict.fromkeys((*found.schema, *values.schema)))
    if renamed := {name: outer_name(name) for name in names if outer_name(name) != name}:
        yield f"events = events.rename({renamed!r})"
    yield f"events = events.drop_nulls({_list(dict.fromkeys(outer_name(name) for name in (*columns.actor, time)))})"
    if columns.drop_duplicates:
        yield 'events = events.unique(keep="first", maintain_order=True)'


def edge_lines(time: str) -> Iterator[str]:
    """Where the source begins and ends; `time` is the column, in quotes."""
    yield f"times = events[{time}].sort()"
    yield "first, last = times.min(), times.max()"
    yield "gaps, count = times.diff().dt.total_microseconds(), len(times)"
    yield "for at in (gaps == (gaps.max() or 0)).arg_true():  # few events, far from all others, are a wrong clock"
    yield "    gap, before, after = times[at] - times[at - 1], at, count - at"
    yield "    few = [some == 1 or some * 1_000 < count for some in (before, after)]"
    yield "    if few[0] and before < after and gap > times[-1] - times[at]:"
    yield "        first = times[at]"
    yield "    elif few[1] and after < before and gap > times[at - 1] - times[0]:"
    yield "        last = times[at - 1]"


def _derived_lines(derived: Iterable[Derived], values: Conditions) -> Iterator[str]:
    for each in derived:
        yield f"events = events.with_columns({values.value(each.value)}.alias({quoted(each.name)}))"


def _name(derived: Derived) -> str:
    return derived.name


def _read(files: Files, path: str, found: Reading) -> str:
    look = found.look
    kind, known = files.kind, f"{look:_}" if look else "None"
    if kind in SEPARATORS:
        separator = "" if kind == ".csv" else f", separator={SEPARATORS[kind]!r}"
        texts = ", ".join(f"{quoted(name)}: pl.String" for name in found.texts)
        as_texts = f", schema_overrides={{{texts}}}" if texts else ""
        return f"pl.read_csv({path}{separator}, infer_schema_length={known}{as_texts})"
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

"""How DuckDB reads the file that was explored, as the step of a query that stands before all others."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import sqlglot
from sqlglot import exp

from explorer.code.plain.same_reading import PARQUET, SEPARATORS, is_plain
from explorer.code.source import source_text
from explorer.engine.answers.reading import Reading
from explorer.engine.engine import Engine
from explorer.events.reading.form import NO_OFFSET
from explorer.events.reading.units import UNITS
from explorer.plan.in_sql.dialect import Dialect
from explorer.plan.literal import TEXTS

DUCKDB = Dialect("duckdb")
CSV = "SELECT 1 FROM read_csv('path', header = TRUE, all_varchar = TRUE, delim = 'separator')"
CASTS = {pl.Int64: "BIGINT", pl.Float64: "DOUBLE", pl.Boolean: "BOOLEAN", pl.String: "TEXT"}
# Chrono's parts and DuckDB's, of times without an offset.
PARTS = {"%Y": "%Y", "%m": "%m", "%d": "%d", "%H": "%H", "%M": "%M", "%S": "%S", "%y": "%y"}


def events_step(engine: Engine, found: Reading) -> exp.Select | None:
    """The events of the file as a query; None where DuckDB would read another thing than was explored."""
    files, columns = found.files, engine.columns
    computed = columns.derived or columns.lookups or columns.identity or columns.until or columns.day or columns.format
    fewer = columns.drop_duplicates or columns.unique_by
    if files is None or computed or fewer or found.json or found.has_odd_numbers or found.steps.ids or columns.types:
        return None
    packed = [item.packing for item in files.items if item.packing not in ("", "gzip") or item.member]
    if len(files.items) != 1 or packed or any(values for values, _ in files.partitions()) or not is_plain(files):
        return None
    source = source_text(engine)
    path = source if Path(source).is_file() else str(files.paths[0])
    time = _time(columns.time, found)
    if time is None:
        return None
    if files.kind in PARQUET:
        chosen = [time if name == columns.time else _named(_value(name, found), name) for name in engine.schema]
        table = exp.Table(this=exp.func("READ_PARQUET", exp.Literal.string(literal(path)), dialect="duckdb"))
        return exp.select(*chosen).from_(table)
    if files.kind not in SEPARATORS:
        return None
    chosen = []
    for name, dtype in found.schema.items():
        kind = CASTS.get(type(dtype))
        if kind is None:
            return None
        value = _value(name, found)
        value = value if kind == "TEXT" else exp.cast(value, kind)
        chosen.append(time if name == columns.time else _named(value, name))
    query = sqlglot.parse_one(CSV, dialect="duckdb")
    assert isinstance(query, exp.Select)
    said = {"path": literal(path), "separator": SEPARATORS[files.kind]}
    for value in query.find_all(exp.Literal):
        value.set("this", said.get(value.this, value.this))
    return query.select(*chosen, append=False)


def literal(path: str) -> str:
    """A path that DuckDB takes for a pattern, as one that only this path matches."""
    return "".join(f"[{sign}]" if sign in "*?[" else sign for sign in path)


def _value(name: str, found: Reading) -> exp.Expr:
    """A column without the texts that say that there is nothing."""
    column = DUCKDB.column(name)
    words = [word for word in found.steps.words(name, found.schema[name]) if word]
    empty = "" in found.steps.words(name, found.schema[name]) and found.files is not None and found.files.is_columnar
    if not words and not empty:  # an empty text of a CSV is null to DuckDB as well
        return column
    texts = [exp.Literal.string(word) for word in ([*words, ""] if empty else words)]
    one_of = exp.In(this=exp.cast(column.copy(), "TEXT"), expressions=texts)
    return exp.Case().when(exp.not_(exp.Coalesce(this=one_of, expressions=[exp.false()])), column)


def _named(value: exp.Expr, name: str) -> exp.Expr:
    return value if isinstance(value, exp.Column) else exp.alias_(value, DUCKDB.identifier(name))


def _time(name: str, found: Reading) -> exp.Expr | None:
    """The time column as a timestamp under its name; None for a form that DuckDB has no short words for."""
    form, column = found.form, _value(name, found)
    text = exp.Trim(this=exp.cast(column, "TEXT"))
    if form.unit:
        read = _number(column, found)
    elif not isinstance(form.dtype, TEXTS):
        plain = form.dtype in (pl.Datetime("us"), pl.Datetime("us", "UTC"))
        return _named(column, name) if plain else _native(name, form.dtype)
    elif not form.fast or NO_OFFSET in form.seen:
        return None
    elif form.fast.startswith("%Y-%m-%d"):
        read = exp.TryCast(this=text, to=exp.DataType.build("timestamptz" if form.aware else "timestamp"))
    else:
        parts = form.fast.replace("%.f", "")
        known = parts
        for part in PARTS:
            known = known.replace(part, "")
        if form.aware or "%" in known or "%.f" in form.fast:
            return None
        read = exp.func("TRY_STRPTIME", text, exp.Literal.string(parts))
    return exp.alias_(read, DUCKDB.identifier(name))


def _native(name: str, dtype: pl.DataType) -> exp.Expr | None:
    column = DUCKDB.column(name)
    if isinstance(dtype, pl.Datetime) and dtype.time_unit == "ns" and dtype.time_zone is None:
        whole = exp.IntDiv(this=exp.func("EPOCH_NS", column), expression=exp.Literal.number(1000))
        return exp.alias_(exp.func("MAKE_TIMESTAMP", whole), DUCKDB.identifier(name))
    if dtype == pl.Date or (isinstance(dtype, pl.Datetime) and dtype.time_unit != "ns"):
        aware = getattr(dtype, "time_zone", None) is not None
        return exp.alias_(exp.cast(column, "timestamptz" if aware else "timestamp"), DUCKDB.identifier(name))
    return None


def _number(column: exp.Expr, found: Reading) -> exp.Expr:
    unit, dtype = UNITS[found.form.unit], found.form.dtype
    if dtype.is_integer():
        us: exp.Expr = exp.Mul(this=exp.cast(column, "BIGINT"), expression=exp.Literal.number(unit.us))
        us = exp.IntDiv(this=us, expression=exp.Literal.number(unit.per)) if unit.per > 1 else us
    else:
        us = exp.Mul(this=exp.cast(column, "DOUBLE"), expression=DUCKDB.number(unit.us / unit.per))
        us = exp.cast(exp.func("ROUND", us), "BIGINT")
    us = exp.Add(this=us, expression=exp.Literal.number(unit.origin)) if unit.origin else us
    return exp.Anonymous(this="MAKE_TIMESTAMPTZ", expressions=[us])

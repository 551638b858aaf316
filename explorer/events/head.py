"""The beginning of a source as a source of its own: what it looks like under other settings is seen at once."""

from __future__ import annotations

import codecs
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl

from explorer.errors import SourceError
from explorer.events.added.derived import early_of
from explorer.events.files.file import File
from explorer.events.files.objects import is_address
from explorer.events.files.paths import Files, found
from explorer.events.files.scan import Source, scanned
from explorer.events.formats.json.json_documents import first_records
from explorer.events.load import interpreted, prepared, roled
from explorer.events.machine.workplace import Workplace
from explorer.events.reading.decide import reconsidered
from explorer.plan.in_polars.boundary import TIME
from explorer.spec.columns import Columns

ROWS = 2_000


@dataclass(frozen=True)
class Head:
    """The first rows as they are read, in the order of the source: `rows` with the time as TIME in microseconds, null
    where it cannot be read, and `texts`, the times as they stand there. With an `error` nothing is read of them yet."""

    rows: pl.DataFrame
    texts: tuple[str | None, ...]
    columns: Columns
    aware: bool
    error: str = ""

    @property
    def days(self) -> list[str | None]:
        """The day of each time, in UTC."""
        return self.rows.select(pl.col(TIME).cast(pl.Datetime("us")).dt.strftime("%Y-%m-%d")).to_series().to_list()

    @property
    def is_event(self) -> pl.Series:
        """Which rows have an actor and a readable time."""
        if self.error:
            return pl.repeat(True, self.rows.height, eager=True)
        names = [TIME if name == self.columns.time else name for name in self.columns.actor]
        return self.rows.select(pl.all_horizontal(pl.col(name).is_not_null() for name in (*names, TIME))).to_series()


def head_of(source: Any) -> Any:
    """The first rows of a path or a frame, in a form that can be read as the whole is; raises SourceError."""
    if isinstance(source, pl.LazyFrame):
        return source.head(ROWS).collect()
    if is_address(source) or (isinstance(source, list | tuple) and any(map(is_address, source))):
        raise SourceError("What lies at an address is not shown before it is read. Apply the change to see it.")
    if not isinstance(source, str | Path | list | tuple):
        return source.head(ROWS) if hasattr(source, "head") else _first(scanned(source))
    files = found(source)
    first = files.items[0]
    if not files.format.written:
        return _first(scanned(replace(files, items=(first,))))
    if first.whole:
        return replace(files, items=(first,))
    work = Workplace()
    folders = first.path.parent.relative_to(first.base) if first.path.is_relative_to(first.base) else Path()
    path = work.path / folders / first.name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(_whole_rows(first, files))
    return Files(files.name, files.format, (File(path, work.path, ""),), keep=work)


def _first(source: Source) -> pl.DataFrame:
    return source.run(lambda lazy: lazy.head(ROWS).collect())


def _whole_rows(first: File, files: Files) -> bytes:
    if files.format.name == "JSON" and (records := first_records(first.head)):
        return records
    marks = {codecs.BOM_UTF32_LE: 4, codecs.BOM_UTF32_BE: 4, codecs.BOM_UTF16_LE: 2, codecs.BOM_UTF16_BE: 2}
    wide = next((wide for mark, wide in marks.items() if first.head.startswith(mark)), 1)
    end = max(first.head.rfind(b"\n"), first.head.rfind(b"\r")) + 1
    end = -(-end // wide) * wide
    return first.head[:end] if end else first.head


def raw_head(head: Any, columns: Columns, error: str) -> Head:
    """The first rows with no more than their columns, where roles do not fit these: `error` says why."""
    source = scanned(head).written_as(columns.format.told if columns.format else ())
    rows = _first(source)
    return Head(rows.with_columns(pl.lit(None, pl.Int64).alias(TIME)), (), columns, False, error)


def read_head(head: Any, columns: Columns, texts: tuple[str, ...] = ()) -> Head:
    """The first rows under these columns; `texts` are columns that the whole source has as text. Raises SourceError."""
    said = columns.replace(derived=early_of(columns), lookups=())
    source, roles = roled(scanned(head), **vars(said))
    source = source.as_text(texts)

    def use(lazy: pl.LazyFrame) -> Head:
        read = interpreted(source, lazy, roles)
        form = read.form
        rows, _, _ = prepared(read.lazy, read.sample, roles, form)
        frame = rows.head(ROWS).collect()
        values = frame[roles.time]
        us = form.us(values)
        if form.layout and us.null_count() > values.null_count():
            form = reconsidered(form, read.lazy, roles)
            us = form.us(values)
        if not us.count():
            raise SourceError(f"No time in the first rows of '{roles.time}' can be read so.")
        told = values.cast(pl.String, strict=False).to_list()
        return Head(frame.with_columns(us.alias(TIME)), tuple(told), roles, form.aware)

    return source.run(use)

"""W3C extended logs: IIS, CloudFront and others whose `#Fields:` line names the columns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from explorer.errors import SourceError
from explorer.events.formats.format import Asked, Content, Scanned
from explorer.events.formats.lines import LINE, first_lines, lines, misfits
from explorer.events.formats.logs.requests import NAMES, number, percent_decoded
from explorer.events.formats.names import distinct
from explorer.events.formats.united import together
from explorer.events.quality.assumption import Assumption

FIELDS = "#Fields:"
COMMON = {
    "c-ip": "host",
    "cs-method": "method",
    "cs-uri-stem": "path",
    "sc-status": "status",
    "sc-bytes": "bytes",
    "cs(Referer)": "referrer",
    "cs(Referrer)": "referrer",
    "cs(User-Agent)": "user_agent",
    "cs-uri-query": "query",
    "cs-username": "remote_user",
    "time-taken": "time_taken",
    "cs-bytes": "received_bytes",
}
NUMBERS = ("status", "bytes", "time_taken", "received_bytes", "sc-substatus", "sc-win32-status")
ROW, BLOCK = "\x00row", "\x00block"


@dataclass(frozen=True)
class W3C:
    """Lines under directives such as `#Fields: date time c-ip cs-uri-stem`. Its times are in UTC."""

    name: str = "W3C extended log"
    suffixes: tuple[str, ...] = (".log",)
    sure: bool = True
    written: bool = True

    def recognises(self, content: Content) -> bool:
        """Whether a directive names the fields before any data."""
        before = []
        for line in first_lines(content):
            if not line.startswith("#"):
                break
            before.append(line)
        return any(line.startswith(FIELDS) for line in before)

    def scan(self, contents: Sequence[Content], asked: Asked) -> Scanned:
        """Columns under the names that all access logs have where there are such, `time` in UTC; raises SourceError."""
        parts, said = [], []
        for content in contents:
            lazy, told = _scan(content, asked)
            parts.append(lazy)
            said.append(told)
        lazy = pl.concat(parts, how="diagonal_relaxed") if len(parts) > 1 else parts[0]
        return Scanned(lazy, together([content.label for content in contents], said))


def _scan(content: Content, asked: Asked) -> tuple[pl.LazyFrame, tuple[Assumption, ...]]:
    every, told = lines(content, asked)
    heads = every.filter(pl.col(LINE).str.starts_with(FIELDS)).unique(maintain_order=True).collect(engine="streaming")
    forms = heads.to_series().to_list()
    comments = [line for line in first_lines(content) if line.startswith("#")]
    day = next((found[1] for line in comments if (found := re.match(r"#Date: *(\d{4}-\d\d-\d\d)", line))), None)
    is_data = ~pl.col(LINE).str.starts_with("#")
    if len(forms) == 1:
        lazy, odd = _fields(every.filter(is_data), content, forms[0], day)
        return lazy, (*told, *odd)
    # A server that was set up anew names its fields anew: each line belongs to the last that stands before it.
    begins = pl.col(LINE).str.starts_with(FIELDS)
    blocks = every.with_columns(pl.when(begins).then(pl.col(LINE)).forward_fill().alias(BLOCK)).with_row_index(ROW)
    parts, said = [], list(told)
    for form in forms:
        lazy, odd = _fields(blocks.filter(is_data & (pl.col(BLOCK) == form)), content, form, day, (ROW,))
        parts.append(lazy)
        said += odd
    said.append(Assumption("fields", f"named {len(forms)} times in different ways, each taken for the lines below it"))
    joined = pl.concat(parts, how="diagonal_relaxed").sort(ROW).drop(ROW)
    return joined, tuple(said)


def _fields(
    data: pl.LazyFrame, content: Content, form: str, day: str | None, keep: tuple[str, ...] = ()
) -> tuple[pl.LazyFrame, tuple[Assumption, ...]]:
    names = form.removeprefix(FIELDS).split()
    if not names:
        raise SourceError(f"{content.label}: the line '{form}' names no field. Name them in it.")
    named, told = distinct([COMMON.get(name, name) for name in names])
    line = next((line for line in first_lines(content) if not line.startswith("#")), "")
    fields = pl.col(LINE).str.split("\t") if "\t" in line else pl.col(LINE).str.extract_all(r'"[^"]*"|\S+')
    fits = fields.list.len() == len(named)
    odd = misfits(data.select(LINE), fits, f"lines of {len(named)} fields")
    cells = data.select(*keep, pl.when(fits).then(fields).alias(LINE)).select(
        *keep,
        *(
            pl.col(LINE).list.get(at, null_on_oob=True).str.strip_chars('"').alias(name)
            for at, name in enumerate(named)
        ),
    )
    cells = cells.with_columns(pl.when(pl.col(name) != "-").then(pl.col(name)).alias(name) for name in named)
    encoded = "%20" in line or any(name.startswith("x-edge") for name in names)
    texts = [name for name in ("user_agent", "referrer") if name in named]
    cells = cells.with_columns(percent_decoded(name, not encoded) for name in texts)
    cells = cells.with_columns(number(name) for name in NUMBERS if name in named)
    return _timed(cells, named, day, keep), (*told, *odd)


def _timed(cells: pl.LazyFrame, names: Sequence[str], day: str | None, keep: tuple[str, ...]) -> pl.LazyFrame:
    """`date` and `time` as one time in UTC, and the columns of all access logs first."""
    date = pl.col("date") if "date" in names else pl.lit(day) if day else None
    if "time" in names and date is not None:
        text = pl.concat_str(date, pl.col("time"), separator=" ")
        time = text.str.to_datetime("%Y-%m-%d %H:%M:%S%.f", time_unit="us", time_zone="UTC", strict=False)
        cells = cells.with_columns(time.alias("time"))
        names = [name for name in names if name != "date"]
    first = [name for name in NAMES if name in names]
    return cells.select(*keep, *first, *(name for name in names if name not in first))

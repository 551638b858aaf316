"""Excel and OpenDocument workbooks, read by an optional extra."""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from explorer.errors import SourceError
from explorer.events.formats.delimited.dialect import TIME
from explorer.events.formats.format import Asked, Content, Scanned
from explorer.events.formats.names import distinct
from explorer.events.formats.united import together
from explorer.events.quality.assumption import Assumption

OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
PACKAGE = "fastexcel"


@dataclass(frozen=True)
class Excel:
    """The first sheet of a workbook that holds rows."""

    name: str = "Excel"
    suffixes: tuple[str, ...] = (".xlsx", ".xls", ".xlsm", ".xlsb", ".ods")
    sure: bool = True
    written: bool = False

    def recognises(self, content: Content) -> bool:
        """Whether it is a workbook, by its first bytes; a zip archive that is none was unpacked before."""
        return content.head.startswith((b"PK\x03\x04", OLD))

    def scan(self, contents: Sequence[Content], asked: Asked) -> Scanned:
        """The rows under the first row that names columns; raises SourceError, also where the extra is missing."""
        if importlib.util.find_spec(PACKAGE) is None:
            raise SourceError(
                f"{contents[0].label} is a workbook. Reading it needs one more package: "
                "pip install 'session-explorer[excel]'. Or save the sheet as CSV."
            )
        made = [_sheet(content) for content in contents]
        frames = [frame for frame, _ in made]
        frame = pl.concat(frames, how="diagonal_relaxed") if len(frames) > 1 else frames[0]
        frame = frame.with_columns(pl.col(name).cast(pl.String) for name in asked.texts if name in frame.columns)
        return Scanned(frame.lazy(), together([content.label for content in contents], [told for _, told in made]))


def _sheet(content: Content) -> tuple[pl.DataFrame, tuple[Assumption, ...]]:
    found: tuple[pl.DataFrame, tuple[Assumption, ...]] = content.remember("sheet", lambda: _read(content))
    return found


def _read(content: Content) -> tuple[pl.DataFrame, tuple[Assumption, ...]]:
    import fastexcel

    path = content.plain
    try:
        book = fastexcel.read_excel(Path(path).read_bytes())
        names = book.sheet_names
        for name in names:
            sheet = book.load_sheet(name, header_row=None, schema_sample_rows=100, dtypes="string").to_polars()
            if sheet.height > 1 and sheet.width > 1:
                break
        else:
            raise SourceError(f"{content.label} has no sheet with rows. There is nothing to read.")
        at, header = _header(sheet)
        typed = book.load_sheet(name, header_row=None, skip_rows=at + 1, schema_sample_rows=10_000).to_polars()
    except fastexcel.FastExcelError as error:
        why = str(error).split("\n")[0]
        raise SourceError(f"{content.label} cannot be read as Excel: {why}. Save the sheet as CSV.") from None
    named, told = distinct([text.strip() or f"column_{place + 1}" for place, text in enumerate(header)])
    frame = typed.rename(dict(zip(typed.columns, named, strict=False)))
    frame = frame.filter(~pl.all_horizontal(pl.all().is_null()))
    said = [*told]
    if len(names) > 1:
        said.append(Assumption("sheet", f"'{name}', the first of {len(names)} that holds rows"))
    if at > 0:
        said.append(Assumption("lines before the header", f"{at}, passed over", repr(str(sheet.row(0)[0])[:60])))
    return frame, tuple(said)


def _header(sheet: pl.DataFrame) -> tuple[int, list[str]]:
    """The first row in which most cells say something that is no time, and its place."""
    for at, row in enumerate(sheet.head(50).iter_rows()):
        cells = ["" if cell is None else str(cell) for cell in row]
        if sum(1 for cell in cells if cell.strip()) * 2 > sheet.width and not any(TIME.match(cell) for cell in cells):
            return at, cells
    return -1, ["" for _ in sheet.columns]

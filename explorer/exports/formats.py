"""The formats that sessions, actors and events leave in: a row for each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from explorer.exports import whole_file

Writer = Callable[[Path, pl.DataFrame, Mapping[str, str]], AbstractContextManager[whole_file.Write]]


@dataclass(frozen=True)
class ExportFormat:
    """A format: the suffixes of its files, the first the usual one, what it is called, and how it is written.

    `hint` is said beside its name, `note` when it is chosen. With `spreadsheet` no text is run as a formula.
    """

    name: str
    suffixes: tuple[str, ...]
    label: str
    hint: str
    note: str
    writer: Writer
    spreadsheet: bool = False


INSIDE = "The analysis is inside the file."
EXPORT_FORMATS = (
    ExportFormat("parquet", (".parquet",), "Parquet", "small, typed", INSIDE, whole_file.parquet),
    ExportFormat(
        "csv", (".csv",), "CSV", "every text as it is", "Times say their zone, durations are seconds.", whole_file.csv
    ),
    ExportFormat(
        "spreadsheet",
        (".csv",),
        "CSV for spreadsheets",
        "no formulas",
        "Texts that a spreadsheet would run (= + - @) begin with an apostrophe.",
        whole_file.csv,
        spreadsheet=True,
    ),
    ExportFormat("arrow", (".arrow", ".ipc"), "Arrow", "fast, typed", INSIDE, whole_file.arrow),
)
FORMATS = {suffix: each.writer for each in EXPORT_FORMATS for suffix in each.suffixes}

"""How a source has been read, so that others can read it the same way."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from explorer.events.files.paths import Files
from explorer.events.reading.form import Form
from explorer.events.reading.values import Steps


@dataclass(frozen=True, eq=False)
class Reading:
    """The files (None for a frame), the types as they came, the form of the times, and what is done to values.

    `look` is the number of rows that types were taken from, None for all; `texts` are read as they stand in a file,
    columns of `json` are opened, and `format` is what was said of how the files are written.
    """

    files: Files | None
    schema: dict[str, pl.DataType]
    form: Form
    look: int | None
    steps: Steps
    texts: tuple[str, ...] = ()
    has_odd_numbers: bool = False
    json: tuple[str, ...] = ()
    format: dict[str, str] | None = None

"""Rows that Polars cannot read as they are, written anew: each with as many fields, quoted in one way."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from explorer.errors import SourceError
from explorer.events.formats.delimited.dialect import NUMBER, TIME, Dialect, total_row
from explorer.events.quality.assumption import Assumption

EXAMPLES = 3
# The most lines that one row may have.
LONGEST = 5_000


@dataclass
class _Odd:
    """Rows of one kind: how many, and the first few with their lines."""

    count: int = 0
    examples: list[str] = field(default_factory=list)

    def add(self, line: int, row: list[str], separator: str) -> None:
        self.count += 1
        if len(self.examples) < EXAMPLES:
            text = separator.join(row)
            self.examples.append(f"line {line}: {text[:80]!r}")

    def take_back(self) -> None:
        """The last one is of another kind."""
        self.count -= 1
        del self.examples[self.count :]

    def assumed(self, what: str, done: str) -> tuple[Assumption, ...]:
        if not self.count:
            return ()
        rows = "1 row" if self.count == 1 else f"{self.count:,} rows"
        return (Assumption(what, f"{rows}, {done}", "; ".join(self.examples)),)


def rewritten(source: Path, target: Path, made: Dialect) -> tuple[Assumption, ...]:
    """Write the rows of a text (UTF-8) to `target` as plain CSV without a header; what was odd about them.

    Short rows get empty fields. Of long ones the fields too many are dropped where the rest fits its columns; what
    does not is left out.
    """
    short, long, misfit, repeated, remarks = _Odd(), _Odd(), _Odd(), _Odd(), _Odd()
    total, stray = _Odd(), _Odd()
    was_short = False
    width, kept = made.width, len(made.names)
    numeric: list[bool] | None = None
    first: list[list[str]] = []
    last: tuple[int, list[str]] | None = None
    with (
        source.open(encoding="utf-8-sig", errors="replace", newline="") as text,
        target.open("w", encoding="utf-8", newline="") as written,
    ):
        out = csv.writer(written, lineterminator="\n")
        for line, row in _rows(text, made, stray):
            if not any(cell.strip() for cell in row):
                continue
            if made.header and tuple(row) == made.header:
                repeated.add(line, row, made.separator)
                continue
            if len(row) != width:
                if len(row) < width:
                    if len(row) == 1 and width > 1 and row[0].lstrip().startswith("#"):
                        remarks.add(line, row, made.separator)
                        continue
                    was_short = len(row) < kept
                    if was_short:
                        short.add(line, row, made.separator)
                    row = [*row, *([""] * (width - len(row)))]
                elif not any(cell.strip() for cell in row[width:]):
                    row = row[:width]
                else:
                    numeric = numeric or _numeric(first, kept)
                    if not all(
                        NUMBER.match(cell) for cell, is_one in zip(row, numeric, strict=False) if is_one and cell
                    ):
                        misfit.add(line, row, made.separator)
                        continue
                    long.add(line, row, made.separator)
                    row = row[:width]
            else:
                was_short = False
                if len(first) < 500:
                    first.append(row)
            if last is not None:
                out.writerow(last[1])
            last = line, [cell.strip() for cell in row[:kept]] if made.padded else row[:kept]
        if last is not None:
            end = made.separator.join(f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in last[1])
            if total_row(Dialect(made.separator, made.names, 0), end):
                total.add(last[0], [cell for cell in last[1] if cell], made.separator)
                if was_short:
                    short.take_back()
            else:
                out.writerow(last[1])
    return (
        *short.assumed("rows with fewer fields", "the others are empty"),
        *long.assumed("rows with more fields", f"those behind the first {width} are dropped"),
        *misfit.assumed("rows with more fields that do not fit", "left out"),
        *stray.assumed("quotes that are never closed", "taken for signs of the text"),
        *repeated.assumed("header that stands again", "left out"),
        *remarks.assumed("comments between rows", "left out"),
        *total.assumed("total or remark below the rows", "left out"),
    )


def _rows(text: Iterator[str], made: Dialect, stray: _Odd) -> Iterator[tuple[int, list[str]]]:
    """Rows with the number of the line that they begin on."""
    for _ in range(made.skip):
        next(text, "")
    lines = enumerate(_nulls(text, made) if made.escape else text, made.skip + 1)
    waiting: list[tuple[int, str]] = []
    while one := waiting.pop(0) if waiting else next(lines, None):
        number, line = one
        record = [line]
        while _is_open(record, made):
            if len(record) > LONGEST or (following := waiting.pop(0) if waiting else next(lines, None)) is None:
                record, waiting = _taken_back(record, number, waiting)
                stray.add(number, [line.rstrip("\r\n")], made.separator)
                break
            record.append(following[1])
            if _is_row(following[1], made):
                record, waiting = _taken_back(record, number, waiting)
                stray.add(number, [line.rstrip("\r\n")], made.separator)
                break
        try:
            for row in made.rows(iter(record)):
                yield number, [cell.rstrip("\r\n") if len(record) == 1 else cell for cell in row]
        except csv.Error as error:
            raise SourceError(f"Line {number} cannot be read: {error}. Mend it or leave it away.") from None


def _is_open(record: list[str], made: Dialect) -> bool:
    """Whether a quote that was opened in these lines is not closed in them."""
    if not made.quote or made.quote not in record[0]:
        return False
    text = "".join(record)
    if made.escape:
        text = text.replace("\\\\", "").replace("\\" + made.quote, "")
    return text.count(made.quote) % 2 == 1 and _begins_quoted(text, made)


def _begins_quoted(text: str, made: Dialect) -> bool:
    """Whether a field of the first line begins with a quote; a quote within a field opens nothing."""
    last = text.split("\n", 1)[0].split(made.separator)
    return any(cell.lstrip().startswith(made.quote) for cell in last)


def _is_row(line: str, made: Dialect) -> bool:
    """Whether a line within quotes is a row by itself, so that the quote before it was never meant to be open."""
    if made.quote in line:
        return False
    cells = line.rstrip("\r\n").split(made.separator)
    return len(cells) == made.width and any(TIME.match(cell.strip()) for cell in cells)


def _taken_back(
    record: list[str], number: int, waiting: list[tuple[int, str]]
) -> tuple[list[str], list[tuple[int, str]]]:
    later = [(number + at, line) for at, line in enumerate(record) if at]
    return record[:1], [*later, *waiting]


def _nulls(lines: Iterator[str], made: Dialect) -> Iterator[str]:
    r"""Lines in which `\N`, a database's null, is nothing, as its backslash escapes no N."""
    for line in lines:
        if r"\N" in line:
            end = line[len(line.rstrip("\r\n")) :]
            cells = line.rstrip("\r\n").split(made.separator)
            line = made.separator.join("" if cell == r"\N" else cell for cell in cells) + end
        yield line


def _numeric(rows: list[list[str]], width: int) -> list[bool]:
    """Which columns hold numbers in every row that has a value."""
    columns = zip(*rows, strict=False) if rows else [()] * width
    return [bool(any(column)) and all(NUMBER.match(cell) for cell in column if cell) for column in columns]

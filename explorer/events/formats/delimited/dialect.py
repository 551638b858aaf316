"""How a delimited text is written: its separator, where its rows begin, what its columns are called."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from explorer.errors import SourceError
from explorer.events.formats.format import Asked
from explorer.events.formats.names import distinct
from explorer.events.quality.assumption import Assumption

SEPARATORS = (",", "\t", ";", "|", "\x01", "^")
SPOKEN = {",": "comma", "\t": "tab", ";": "semicolon", "|": "vertical bar", "\x01": "^A", "^": "caret", " ": "space"}
WRITTEN = {spoken: sign for sign, spoken in SPOKEN.items()} | {"\\t": "\t", "pipe": "|"}
USUAL = {"csv": ",", "tsv": "\t", "tab": "\t"}
LOOK = 400
# The score of rows that all have as many fields, below a row of names.
ALIKE = 1.3
# A cell that says when: digits with date signs between, or a long number; or a month's name beside digits.
TIME = re.compile(
    r"^\D{0,6}(\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}\b.*|\d{9,19}([.,]\d+)?|\d{8}T\d{4,6}.*"
    r"|.*\d.*(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b.*\d.*"
    r"|.*(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]* \d.*)$",
    re.IGNORECASE,
)
NUMBER = re.compile(r"^[-+]?\d+([.,]\d+)*([eE][-+]?\d+)?$")
CLOCK = re.compile(r"^\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?( ?[AaPp][Mm])?$")
NAME = re.compile(
    r"(^|[^a-z])(time|timestamp|ts|date|datetime|user|event|id|session|visitor|customer|action)", re.IGNORECASE
)
TOTAL = re.compile(
    r"^\W*(grand |sub)?-?(total|totals|sum|summe|gesamt|gesamtsumme|totaal|somma|suma)\b\W*$", re.IGNORECASE
)
FOOTER = re.compile(
    r"^\W*(\d[\d,.]* rows?\b.*|eof|end of (file|report|export).*|generated (by|on).*|-- .*)$", re.IGNORECASE
)


@dataclass(frozen=True)
class Dialect:
    """How the rows of one file are told apart.

    `names` are the columns, all different; `skip` is the number of lines before the first row of data. `unnamed`
    columns at the end are empty in every row. Where `why` says something, Polars cannot read the rows as
    they are, and they are written anew.
    """

    separator: str
    names: tuple[str, ...]
    skip: int
    quote: str = '"'
    escape: bool = False
    padded: bool = False
    unnamed: int = 0
    header: tuple[str, ...] = ()
    why: str = ""
    assumed: tuple[Assumption, ...] = ()

    @property
    def width(self) -> int:
        """The number of fields of a row."""
        return len(self.names) + self.unnamed

    def rows(self, lines: Iterator[str]) -> Any:
        """The rows of these lines, each a list of texts."""
        return reader(lines, self.separator, self.quote, self.escape, self.padded)


def reader(lines: Iterator[str], separator: str, quote: str = '"', escape: bool = False, padded: bool = False) -> Any:
    """Rows by the standard library, which takes a quote within a field for what it is."""
    csv.field_size_limit(2**31 - 1)
    quoted = {"quotechar": quote} if quote else {"quoting": csv.QUOTE_NONE}
    marked = {"escapechar": "\\"} if escape else {}
    return csv.reader(lines, delimiter=separator, skipinitialspace=padded, **quoted, **marked)  # type: ignore[arg-type]


def dialect(text: str, whole: bool, kind: str, asked: Asked, tail: str = "") -> Dialect:
    """The dialect of a text that begins so; `kind` is the suffix without its point. Raises SourceError."""
    lines = text.split("\n")
    if not whole and len(lines) > 1:
        lines.pop()  # cut in two
    start, said = _sep_line(lines[0])
    asked_for = _asked_separator(asked)
    first = next((at for at, line in enumerate(lines) if at >= start and _is_row(line)), None)
    if first is None:
        raise SourceError("There are no rows, only comments or blank lines. There is nothing to read.")
    skip = asked.override("skip_lines")
    if skip is not None:
        first = min(int(skip), len(lines) - 1)
        if not any(map(_is_row, lines[first:])):
            raise SourceError(f"There are no rows behind {skip} lines. Pass over fewer.")
    body = lines[first:]
    separator, quote, escape = _separator(body, asked_for or said, kind)
    padded = _is_padded(body, separator, quote)
    rows = list(_numbered(body, separator, quote, escape, padded))
    width = _width([row for _, row in rows])
    comment = _commented_header(lines[start:first], separator, quote, width, rows)
    at = None if comment else _header(rows, width, asked)
    names, data_from = comment or [], 0
    if at is not None:
        names = rows[at][1]
        data_from = rows[at][0]
    elif not comment:
        data_from = rows[_first_full(rows, width)][0] - 1
    data = [row for line, row in rows if line > data_from]
    assumed = []
    if separator != USUAL.get(kind, ",") or said or asked_for:
        assumed.append(Assumption("separator", SPOKEN.get(separator, separator)))
    title = [line for line in lines[start : first + (rows[at][0] - 1 if at is not None else data_from)] if line.strip()]
    if title and not comment and (at is None or title != lines[start : start + 1]):
        assumed.append(Assumption("lines before the header", f"{len(title)}, passed over", repr(title[0][:60])))
    header = tuple(names)
    unnamed = 0
    if not names:
        names = [f"column_{at + 1}" for at in range(width)]
        assumed.append(Assumption("header", "none, columns are called column_1, column_2 ...", repr(body[0][:60])))
    else:
        names, unnamed, told = _fitted([name.strip().strip("\ufeff") for name in names], width, data)
        assumed += told
    if escape:
        assumed.append(Assumption("quotes inside of texts", "written with a backslash"))
    if quote == "'":
        assumed.append(Assumption("quotes", "single"))
    named, renamed = distinct(names)
    made = Dialect(
        separator, named, first + data_from, quote, escape, padded, unnamed, header, "", (*assumed, *renamed)
    )
    return _with_reason(made, data, tail)


def _with_reason(made: Dialect, data: list[list[str]], tail: str) -> Dialect:
    why = ""
    if made.escape:
        why = "backslash escapes"
    elif made.padded:
        why = "spaces after separators"
    elif any(len(row) != made.width for row in data if any(row)):
        why = "rows of another length"
    elif made.header and any(tuple(row) == made.header for row in data):
        why = "a header that stands again"
    elif made.quote == "'":
        why = "single quotes"
    elif total_row(made, tail):
        why = "a total row"
    return Dialect(**(vars(made) | {"why": why}))


def total_row(made: Dialect, tail: str) -> list[str]:
    """The last row where it sums up what stands above it, or is a remark; empty where it is data."""
    last = [line for line in tail.split("\n") if line.strip()][-1:]
    row: list[str] = next(made.rows(iter(last)), []) if last else []
    told = [cell.strip() for cell in row if cell.strip()]
    if not told or any(TIME.match(cell) for cell in told):
        return []
    if any(TOTAL.match(cell) for cell in told[:2]) or (len(told) == 1 and FOOTER.match(told[0]) and made.width > 1):
        return row
    return []


def _sep_line(line: str) -> tuple[int, str | None]:
    found = re.match(r'^\ufeff?"?sep=(.|\\t)"?\s*$', line, re.IGNORECASE)
    return (1, found[1].replace("\\t", "\t")) if found else (0, None)


def _asked_separator(asked: Asked) -> str | None:
    said = asked.override("separator")
    if said is None:
        return None
    sign = WRITTEN.get(said.lower(), said)
    if len(sign) != 1 or sign in '"\n\r':
        raise SourceError(f"'{said}' is no separator. Write one sign, or a word: {', '.join(SPOKEN.values())}.")
    return sign


def _is_row(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip("\ufeff").startswith(("#", "//", "%%"))


def _separator(body: list[str], asked: str | None, kind: str) -> tuple[str, str, bool]:
    """The separator that splits most rows alike, the quotes, and whether a backslash escapes."""
    some = body[:LOOK]
    text = "\n".join(some)
    single = len(re.findall(r"(^|[,;\t|])'[^'\n]*'(?=[,;\t|\n]|$)", text, re.MULTILINE))
    quote = "'" if single * 2 > sum(map(bool, some)) > 1 and '"' not in text else '"'
    escapes = (False, True) if "\\" in text else (False,)
    best, found = (0.0, 0), (asked or USUAL.get(kind, ","), quote, False)
    for separator in (asked,) if asked else SEPARATORS:
        for escape in escapes:
            if escape and not re.search(r'\\["' + re.escape(separator) + "]", text):
                continue
            score = _score(some, separator, quote, escape, kind)
            if score > best:
                best, found = score, (separator, quote, escape)
    if best[1] < 2 and not asked and _score(some, " ", quote, False, kind, True)[0] >= ALIKE:
        return " ", quote, False
    return found


def _score(
    some: list[str], separator: str, quote: str, escape: bool, kind: str, padded: bool = False
) -> tuple[float, int]:
    rows = [row for _, row in _numbered(some, separator, quote, escape, padded) if any(row)]
    width = _width(rows)
    if width < 2:
        return 0.0, 0
    first = next(at for at, row in enumerate(rows) if abs(len(row) - width) <= 1 and len(row) > 1)
    body = rows[first:]
    alike = sum(1 for row in body if len(row) == width) / len(body)
    named = all(cell.strip() and not NUMBER.match(cell) and not TIME.match(cell) for cell in rows[first])
    lost = first / len(rows)
    broken = 0.3 if escape is False and re.search(r'\\"(?!\s*(' + re.escape(separator) + "|$))", some[-1]) else 0.0
    return round(alike - 0.5 * lost + 0.3 * named + 0.05 * (USUAL.get(kind) == separator) - broken, 2), width


def _numbered(
    lines: Sequence[str], separator: str, quote: str, escape: bool, padded: bool
) -> Iterator[tuple[int, list[str]]]:
    """Rows, each with the number of its last line, from 1."""
    rows = reader(iter([line + "\n" for line in lines]), separator, quote, escape, padded)
    try:
        for row in rows:
            yield rows.line_num, row
    except csv.Error as error:
        raise SourceError(f"Line {rows.line_num} cannot be read: {error}. Mend it or leave it away.") from None


def _width(rows: list[list[str]]) -> int:
    counts = Counter(len(row) for row in rows if len(row) > 1)
    if not counts:
        return 1
    most = counts.most_common(1)[0][1]
    often = [width for width, count in counts.items() if count == most]
    return len(rows[0]) if len(rows[0]) in often else max(often)


def _is_padded(body: list[str], separator: str, quote: str) -> bool:
    cells = [cell for line in body[1:100] for cell in line.split(separator)[1:]]
    spaced = sum(1 for cell in cells if cell.startswith(" "))
    if separator == " ":
        return any("  " in line for line in body[:100])
    return bool(cells) and spaced > 0.8 * len(cells)


def _commented_header(
    before: list[str], separator: str, quote: str, width: int, rows: list[tuple[int, list[str]]]
) -> list[str]:
    """The names in the last comment, where it has as many fields as the rows, and these begin with data."""
    comments = [line for line in before if line.lstrip("\ufeff").startswith("#")]
    if not comments or width < 2:
        return []
    names: list[str] = next(reader(iter([comments[-1].lstrip("\ufeff#").strip()]), separator, quote), [])
    data = _first_full(rows, width)
    return names if len(names) == width and _looks_like_data(rows[data][1], [row for _, row in rows]) else []


def _first_full(rows: list[tuple[int, list[str]]], width: int) -> int:
    return next((at for at, (_, row) in enumerate(rows) if len(row) == width), 0)


def _header(rows: list[tuple[int, list[str]]], width: int, asked: Asked) -> int | None:
    """Which row holds the names; None where the first looks like data."""
    said = (asked.override("header") or "").lower()
    full = [at for at, (_, row) in enumerate(rows[:60]) if abs(len(row) - width) <= 1 and _filled(row) * 2 > width]
    if said in ("no", "false", "none", "0"):
        return None
    if not full or width < 2:
        return 0 if said or not rows or not _looks_like_data(rows[0][1], [row for _, row in rows]) else None
    first = full[0]
    if (
        not said
        and first == 1
        and (few := _filled(rows[0][1])) > 1
        and few == sum(map(bool, map(NAME.search, rows[0][1])))
    ):
        return 0  # the last columns have no names
    if said in ("yes", "true", "1"):
        return first
    every = [row for _, row in rows]
    if _looks_like_data(rows[first][1], every[first:]):
        return None
    for at in full[1:4]:
        if _looks_like_data(rows[at][1], every[at:]):
            break
        cells = rows[at][1]
        if any(NAME.search(cell) for cell in cells) and not any(NAME.search(cell) for cell in rows[first][1]):
            return at if _filled(cells) == len(cells) else first
    return first


def _filled(row: list[str]) -> int:
    return sum(1 for cell in row if cell.strip())


def _looks_like_data(row: list[str], rows: list[list[str]]) -> bool:
    """Whether a cell says a time where most of its column do."""
    if [cell.strip() for cell in row] == [str(at) for at in range(len(row))]:
        return False  # a frame's columns that had no names
    for at, cell in enumerate(row):
        if TIME.match(cell.strip()) or CLOCK.match(cell.strip()):
            column = [other[at].strip() for other in rows if len(other) > at and other[at].strip()]
            like = sum(1 for other in column if TIME.match(other) or CLOCK.match(other))
            if like * 2 > len(column):
                return True
    return False


def _fitted(names: list[str], width: int, data: list[list[str]]) -> tuple[list[str], int, list[Assumption]]:
    """As many names as rows have fields; how many fields at the end are always empty and have no name."""
    said: list[Assumption] = []
    full = [row for row in data if len(row) >= width]
    empty = 0
    while (at := width - 1 - empty) >= 1 and not any(row[at].strip() for row in full):
        if at < len(names) and names[at]:
            break
        empty += 1
    if empty and full:
        said.append(Assumption("separators at the ends of lines", "passed over"))
        names, width = names[: width - empty], width - empty
    if len(names) < width and full:
        missing = width - len(names)
        if missing > 1:
            called = f"called column_{len(names) + 1} ..."
            said.append(Assumption("columns without a name", f"the last {missing}, {called}"))
        names = [*([""] * missing), *names] if missing == 1 else [*names, *([""] * missing)]
    elif len(names) > width:
        # A header with a separator too many; columns that no row has are columns without values.
        names = names[:width] if not any(names[width:]) else names
        said += [] if len(names) == width else [Assumption("columns without values", ", ".join(names[width:]))]
    if names and not names[0]:
        said.append(Assumption("first column", "has no name and is called index"))
        names[0] = "index"
    return [name or f"column_{at + 1}" for at, name in enumerate(names)], empty, said

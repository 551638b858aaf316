"""Rows of fields between separators: CSV and its dialects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import polars as pl

from explorer.errors import SourceError
from explorer.events.formats.delimited.dialect import Dialect, dialect
from explorer.events.formats.delimited.rewriting import rewritten
from explorer.events.formats.delimited.survey import survey
from explorer.events.formats.encodings import as_utf8, decoded, encoding_of
from explorer.events.formats.format import Asked, Content, Scanned
from explorer.events.formats.numbers import Written, comma_decimals, with_leading_zero, written
from explorer.events.formats.united import together
from explorer.events.quality.assumption import Assumption

FIRST_LOOK = 10_000
INTEGERS = (pl.Int8, pl.Int16, pl.Int32, pl.Int64, pl.Int128)


@dataclass(frozen=True)
class _Rows:
    """The rows of one file as Polars reads them: no header, `skip` lines, every row as many fields."""

    path: Path
    dialect: Dialect
    assumed: tuple[Assumption, ...]
    leading_zero: bool
    empty: bool

    @property
    def form(self) -> tuple[object, ...]:
        """What must be the same for files that are read in one go."""
        one = self.dialect
        return one.names, one.separator, one.skip, one.quote, one.unnamed, self.empty

    @property
    def fields(self) -> list[str]:
        """The names of all fields, those that are dropped too."""
        return [*self.dialect.names, *(f"{at} \x00" for at in range(self.dialect.unnamed))]

    @cached_property
    def first(self) -> pl.DataFrame:
        """The first rows, as the texts that stand there."""
        return _texts(self).head(FIRST_LOOK).collect()


@dataclass(frozen=True)
class Delimited:
    """CSV in any dialect."""

    name: str = "CSV"
    suffixes: tuple[str, ...] = (".csv", ".tsv", ".tab", ".txt")
    sure: bool = False
    written: bool = True

    def recognises(self, content: Content) -> bool:
        """Any text may be rows of fields, if it is nothing else."""
        return True

    def is_plain(self, content: Content, separator: str) -> bool:
        """Whether Polars reads a file with this separator as it is, header and all."""
        rows = _rows(content, Asked())
        one = rows.dialect
        usual = one.separator == separator and one.skip == 1 and one.names == one.header and not one.unnamed
        return usual and rows.path == content.plain and not rows.leading_zero and not rows.empty

    def scan(self, contents: Sequence[Content], asked: Asked) -> Scanned:
        """The rows with guessed types, from the first rows or, where `asked.exact`, from all; raises SourceError."""
        every = [_rows(content, asked) for content in contents]
        if asked.exact or len({rows.form for rows in every}) > 1:
            parts = [_scan([rows], asked) for rows in every]
            lazy = pl.concat([part for part, _ in parts], how="diagonal_relaxed") if len(parts) > 1 else parts[0][0]
            said = [(rows.assumed + told) for rows, (_, told) in zip(every, parts, strict=True)]
        else:
            lazy, told = _scan(every, asked)
            said = [rows.assumed + told for rows in every]
        return Scanned(lazy, together([content.label for content in contents], said))


def _rows(content: Content, asked: Asked) -> _Rows:
    key = ("rows of fields", asked.said, asked.exact)
    found: _Rows = content.remember(key, lambda: _look(content, asked))
    return found


def _look(content: Content, asked: Asked) -> _Rows:
    encoding = encoding_of(content, asked)
    text = decoded(content, encoding)
    kind = Path(content.name).suffix.lower().removeprefix(".")
    tail = content.tail.decode(encoding.codec, "replace").replace("\r\n", "\n").replace("\r", "\n")
    try:
        made = dialect(text, content.whole, kind, asked, tail)
    except SourceError as error:
        raise SourceError(f"{content.label}: {error}") from None
    path = as_utf8(content, encoding)
    said = (*encoding.assumed(), *made.assumed)
    looked = survey(path, made.separator, _offset(path, made.skip))
    empty = looked.lines == 0
    if empty or not (made.why or not looked.is_even(made.width) or _odd_anyway(content, asked, made)):
        return _Rows(path, made, said, looked.leading_zero, empty)
    target = content.passing(".csv")
    try:
        odd = rewritten(path, target, made)
    except SourceError as error:
        raise SourceError(f"{content.label}: {error}") from None
    plain = replace(made, separator=",", skip=0, quote='"', unnamed=0, escape=False, padded=False)
    return _Rows(target, plain, (*said, *odd), survey(target, ",").leading_zero, target.stat().st_size == 0)


def _odd_anyway(content: Content, asked: Asked, made: Dialect) -> bool:
    """Whether, when a first reading has failed, rows are found that Polars cannot read or that are no data."""
    if not asked.exact or len(made.names) < 2:
        return False
    try:
        rows = _Rows(content.plain, made, (), False, False)
        if len(_csv([rows], infer_schema_length=None).collect_schema()) != made.width:
            return True
        _texts(rows).select(pl.all().count()).collect(engine="streaming")
        first = made.header[:1]
        again = _texts(rows).select((pl.col(made.names[0]) == first[0]).any() if first else pl.lit(False))
        return bool(again.collect(engine="streaming").item())
    except pl.exceptions.PolarsError:
        return True


def _offset(path: Path, lines: int) -> int:
    at = 0
    with path.open("rb") as file:
        for _ in range(lines):
            at += len(file.readline())
    return at


def _csv(every: Sequence[_Rows], **options: object) -> pl.LazyFrame:
    one = every[0].dialect
    return pl.scan_csv(
        [rows.path for rows in every],
        has_header=False,
        separator=one.separator,
        quote_char=one.quote or None,
        skip_lines=one.skip,
        glob=False,
        **options,  # type: ignore[arg-type]
    )


def _texts(rows: _Rows) -> pl.LazyFrame:
    return _csv([rows], schema=dict.fromkeys(rows.fields, pl.String))


def _scan(every: Sequence[_Rows], asked: Asked) -> tuple[pl.LazyFrame, tuple[Assumption, ...]]:
    """Files of one form as one lazy frame, and what was concluded about their types."""
    first, fields = every[0], every[0].fields
    if first.empty:
        return pl.LazyFrame(schema=dict.fromkeys(first.dialect.names, pl.Null)), ()
    guessed = _csv(every, infer_schema_length=None if asked.exact else FIRST_LOOK).collect_schema().dtypes()
    schema: dict[str, pl.DataType | type[pl.DataType]] = dict(zip(fields, guessed, strict=True))
    schema |= {name: pl.String for name in fields if name in asked.texts}
    numeric = [name for name in fields if isinstance(schema[name], INTEGERS) or schema[name].is_float()]
    zeros = _leading_zeros(every, numeric) if any(rows.leading_zero for rows in every) else {}
    schema |= dict.fromkeys(zeros, pl.String)
    said = [
        Assumption(f"type of {name}", "text, since numbers in it begin with 0", repr(one))
        for name, one in zeros.items()
    ]
    # With a decimal comma the point of 1.234 stands between thousands.
    points = [name for name in numeric if schema[name].is_float()] if asked.override("decimal") == "," else []
    forms = _written(first, [name for name in fields if schema[name] == pl.String or name in points], zeros, asked)
    schema |= {name: pl.String for name in points if name in forms}
    lazy = _csv(every, schema=schema).drop(fields[len(first.dialect.names) :])
    said += [form.assumed(name, example) for name, (form, example) in forms.items()]
    return lazy.with_columns(form.read(name) for name, (form, _) in forms.items()), tuple(said)


def _leading_zeros(every: Sequence[_Rows], numeric: list[str]) -> dict[str, str]:
    """The columns of numbers in which one begins with a 0, with an example."""
    if not numeric:
        return {}
    begins = r"^\s*[-+]?0\d"
    found: dict[str, str] = {}
    for rows in every:
        left = [name for name in numeric if name not in found] if rows.leading_zero else []
        if left:
            some = _texts(rows).select(pl.col(name).filter(pl.col(name).str.contains(begins)).first() for name in left)
            examples = some.collect(engine="streaming").row(0, named=True)
            found |= {name: text for name, text in examples.items() if text is not None}
    return found


def _written(rows: _Rows, names: list[str], zeros: dict[str, str], asked: Asked) -> dict[str, tuple[Written, str]]:
    """The columns of texts that are numbers with thousands or a decimal comma."""
    if not names:
        return {}
    sample = _texts(rows).select(names).collect(engine="streaming") if asked.exact else rows.first.select(names)
    said = asked.override("decimal")
    comma = comma_decimals(sample, rows.dialect.separator) if said is None else said in (",", "comma")
    free = [name for name in names if name not in asked.texts and name not in zeros and name in rows.dialect.names]
    zero_led = with_leading_zero(sample, free)
    found = {}
    for name in free:
        form = None if name in zero_led else written(sample[name], comma)
        if form is not None:
            signs = sample[name].drop_nulls()
            found[name] = form, signs.filter(signs.str.contains(r"\D"))[0]
    return found

"""JSON: one object a line, glued objects, arrays, and documents that hold their records somewhere inside."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from explorer.errors import SourceError
from explorer.events.formats.encodings import as_utf8, decoded, encoding_of
from explorer.events.formats.format import Asked, Content, Scanned
from explorer.events.formats.json.json_documents import is_record, written_as_lines
from explorer.events.formats.json.json_ids import with_ids_as_texts
from explorer.events.formats.lines import PLAIN
from explorer.events.formats.united import together
from explorer.events.quality.assumption import Assumption


@dataclass(frozen=True)
class Json:
    """JSON in any of its forms, told apart by what is inside."""

    name: str = "JSON"
    suffixes: tuple[str, ...] = (".json", ".ndjson", ".jsonl", ".jsonlines", ".ldjson")
    sure: bool = False
    written: bool = True

    def recognises(self, content: Content) -> bool:
        """Whether it begins as an object or as an array of them."""
        text = _start(content)
        after = text[1:].lstrip()[:1]
        if text.startswith(("{", "[")) and content.name.lower().endswith(self.suffixes):
            return True
        if text.startswith("{"):
            return after in ('"', "}")
        return text.startswith("[") and after in ("{", "[", "]")

    def scan(self, contents: Sequence[Content], asked: Asked) -> Scanned:
        """The objects as rows, records within them as columns of records; raises SourceError."""
        made = [_scan(content, asked) for content in contents]
        lazy = united([lazy for lazy, _ in made])
        return Scanned(lazy, together([content.label for content in contents], [told for _, told in made]))


def united(parts: Sequence[pl.LazyFrame]) -> pl.LazyFrame:
    """Rows of several files as one; a column of records here and of other values there is JSON text, which loses
    nothing."""
    if len(parts) == 1:
        return parts[0]
    schemas = [part.collect_schema() for part in parts]
    kinds: dict[str, set[str]] = {}
    for schema in schemas:
        for name, dtype in schema.items():
            kinds.setdefault(name, set()).update(() if dtype == pl.Null else (dtype.base_type().__name__,))
    mixed = {name for name, found in kinds.items() if len(found) > 1 and found & {"Struct", "List"}}
    plain = [
        part.with_columns(_json(name, schema[name]) for name in schema if name in mixed)
        for part, schema in zip(parts, schemas, strict=True)
    ]
    return pl.concat(plain, how="diagonal_relaxed")


def _json(name: str, dtype: pl.DataType) -> pl.Expr:
    column = pl.col(name)
    if not dtype.is_nested():
        return column.cast(pl.String)
    written = pl.struct(column.alias("v")).struct.json_encode()
    return pl.when(column.is_not_null()).then(written.str.slice(5, written.str.len_chars() - 6)).alias(name)


def _start(content: Content) -> str:
    return decoded(content, encoding_of(content, PLAIN)).lstrip("\ufeff \t\r\n\x1e")


def _scan(content: Content, asked: Asked) -> tuple[pl.LazyFrame, tuple[Assumption, ...]]:
    encoding = encoding_of(content, asked)
    text = _start(content)
    path = content.remember(("utf-8", encoding), lambda: as_utf8(content, encoding))
    if asked.texts:
        plain, key = path, ("ids", encoding, asked.texts)
        path = content.remember(key, lambda: with_ids_as_texts(plain, content.passing(".json"), asked.texts))
    said = encoding.assumed()
    if not asked.exact and _are_lines(text, content.whole):
        # A key that first appears behind what was looked at would be passed over in silence.
        return pl.scan_ndjson(_literal(path), infer_schema_length=None), said
    if not asked.exact and text.startswith("[") and text[1:].lstrip().startswith("{"):
        return pl.read_json(path, infer_schema_length=None).lazy(), said

    def write() -> tuple[str, tuple[Assumption, ...]]:
        target = content.passing(".ndjson")
        try:
            return str(target), written_as_lines(path, target)
        except (ValueError, RecursionError) as error:
            raise SourceError(f"{content.label} cannot be read as json: {error}.") from None

    lines, told = content.remember(("as lines", encoding, asked.texts), write)
    return pl.scan_ndjson(_literal(lines), infer_schema_length=None), (*said, *told)


def _literal(path: object) -> str:
    from glob import escape

    return escape(str(path))  # Polars takes every path of this format for a pattern


def _are_lines(text: str, whole: bool) -> bool:
    """Whether each of the first lines is one whole object, and not one that holds all records."""
    lines = text.split("\n")
    if not whole:
        lines.pop()
    full = [line.strip() for line in lines[:50] if line.strip()]
    if not full or not all(line.startswith("{") and line.endswith("}") for line in full):
        return False
    try:
        objects = [json.loads(line) for line in full]
    except ValueError:
        return False
    return all(is_record(value, len(objects) > 1) for value in objects[:3])

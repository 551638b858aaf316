"""XES, the exchange format of process mining: traces of events with typed attributes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree

import polars as pl

from explorer.errors import SourceError
from explorer.events.formats.format import Asked, Content, Scanned

CASE = "case:"
SIMPLE = ("string", "date", "int", "float", "boolean", "id")


@dataclass(frozen=True)
class Xes:
    """An XML file of traces; a trace's own attributes become columns that begin with `case:`."""

    name: str = "XES"
    suffixes: tuple[str, ...] = (".xes",)
    sure: bool = True
    written: bool = False

    def recognises(self, content: Content) -> bool:
        """Whether it is XML whose first element is a log."""
        start = content.head[:20_000].lstrip(b"\xef\xbb\xbf \t\r\n")
        return start.startswith(b"<") and (b"<log" in start) and (b"<trace" in content.head or b"xes" in start)

    def scan(self, contents: Sequence[Content], asked: Asked) -> Scanned:
        """One row for each event, with `case:concept:name`, `concept:name`, `time:timestamp` and all else."""
        rows = [row for content in contents for row in _events(content)]
        if not rows:
            raise SourceError(f"{contents[0].label} holds no events. There is nothing to read.")
        names = list(dict.fromkeys(name for row in rows for name in row))
        first = [name for name in ("case:concept:name", "concept:name", "time:timestamp") if name in names]
        ordered = [*first, *(name for name in names if name not in first)]
        frame = pl.DataFrame([_column(name, [row.get(name) for row in rows]) for name in ordered])
        return Scanned(frame.lazy())


def _column(name: str, values: list[Any]) -> pl.Series:
    kinds = {type(value) for value in values if value is not None}
    if kinds == {datetime}:
        aware = any(value.tzinfo for value in values if value is not None)
        if aware:
            values = [
                value and (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC) for value in values
            ]
        return pl.Series(name, values, dtype=pl.Datetime("us", "UTC" if aware else None))
    if kinds <= {int}:
        return pl.Series(name, values, dtype=pl.Int64 if kinds else pl.String)
    if kinds <= {int, float}:
        return pl.Series(name, values, dtype=pl.Float64, strict=False)
    if kinds == {bool}:
        return pl.Series(name, values, dtype=pl.Boolean)
    return pl.Series(name, [None if value is None else str(value) for value in values], dtype=pl.String)


def _events(content: Content) -> Iterator[dict[str, Any]]:
    if b"<!DOCTYPE" in content.head or b"<!ENTITY" in content.head:
        raise SourceError(f"{content.label} declares entities, which an event log has no need of. Remove its DOCTYPE.")
    case: dict[str, Any] = {}
    waiting: list[dict[str, Any]] = []
    depth: list[str] = []
    try:
        for step, element in ElementTree.iterparse(content.plain, ("start", "end")):
            tag = element.tag.rsplit("}", 1)[-1]
            if step == "start":
                depth.append(tag)
                continue
            depth.pop()
            if tag == "event":
                waiting.append(dict(_attributes(element, "")))
                element.clear()
            elif tag == "trace":
                case = dict(_attributes(element, CASE))
                yield from ({**case, **event} for event in waiting)
                waiting = []
                element.clear()
            elif tag == "log":
                yield from waiting
    except ElementTree.ParseError as error:
        raise SourceError(f"{content.label} is no whole XML file: {error}. Export it again.") from None


def _attributes(element: ElementTree.Element, before: str) -> Iterator[tuple[str, Any]]:
    for child in element:
        tag, key = child.tag.rsplit("}", 1)[-1], child.get("key")
        if key is not None and tag in SIMPLE:
            yield before + key, _value(tag, child.get("value") or "")
            yield from _attributes(child, f"{before}{key}.")
        elif key is not None and tag in ("list", "container"):
            yield from _attributes(child, f"{before}{key}.")
        elif tag == "values":
            yield from _attributes(child, before)


def _value(tag: str, text: str) -> Any:
    with suppress(ValueError):
        if tag == "date":
            return datetime.fromisoformat(text)
        if tag == "int":
            return int(text)
        if tag == "float":
            return float(text)
    if tag == "boolean":
        return text.lower() == "true"
    return text or None

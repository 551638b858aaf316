"""What joining a table of properties would bring."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class LookupFile:
    """A file that could be joined: `file` as a document says it, its columns, those of `keys` that hold each value
    once, and the columns of events and file that fit best."""

    file: str
    columns: tuple[str, ...]
    keys: tuple[str, ...]
    rows: int
    on: str
    key: str


@dataclass(frozen=True)
class Brought:
    """A column that a lookup brings: the name that it gets, its type in words, and some of its values."""

    name: str
    kind: str
    examples: tuple[Any, ...]


@dataclass(frozen=True)
class LookupMatch:
    """How the events find their rows: `asked` have a value, `matched` a row; `used` of the `rows` are found by some
    event; `missing` are values without a row."""

    asked: int
    matched: int
    rows: int
    used: int
    missing: tuple[str, ...]
    columns: tuple[Brought, ...]

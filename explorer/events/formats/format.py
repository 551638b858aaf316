"""What a format is, and what reading one gives: rows, and everything that was assumed on the way."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar

import polars as pl

from explorer.events.quality.assumption import Assumption

T = TypeVar("T")


class Content(Protocol):
    """One file, unpacked when that is asked for."""

    @property
    def name(self) -> str:
        """What the file is called, without the suffix of a packing."""

    @property
    def label(self) -> str:
        """What messages call it: the name as the user knows it."""

    @property
    def head(self) -> bytes:
        """The first bytes, unpacked; all of a short file."""

    @property
    def tail(self) -> bytes:
        """The last bytes, unpacked; empty where they are not reached without unpacking everything."""

    @property
    def whole(self) -> bool:
        """Whether the head is all there is."""

    @property
    def plain(self) -> Path:
        """A path to the unpacked bytes."""

    def passing(self, suffix: str) -> Path:
        """A new file that lasts as long as this does, for what has to be written anew."""

    def remember(self, key: Hashable, make: Callable[[], T]) -> T:
        """What was found out about this file under a key, so that it is looked through once."""


@dataclass(frozen=True)
class Asked:
    """What is asked of a format beside its rows.

    `texts` are columns that are wanted as the text that stands there; with `exact` nothing is concluded from the first
    rows alone. `said` overrides what would be recognised (`separator`, `encoding`, `header`, `skip_lines`, `decimal`).
    """

    texts: frozenset[str] = frozenset()
    exact: bool = False
    said: tuple[tuple[str, str], ...] = ()

    def override(self, what: str) -> str | None:
        """What the user said about this, if anything."""
        return dict(self.said).get(what)


@dataclass(frozen=True)
class Scanned:
    """Rows that are not read yet, and what was assumed."""

    lazy: pl.LazyFrame
    assumed: tuple[Assumption, ...] = ()


class Format(Protocol):
    """One format of files."""

    @property
    def name(self) -> str:
        """What people call it, as in "cannot be read as CSV"."""

    @property
    def suffixes(self) -> tuple[str, ...]:
        """The endings of names that files of this format usually have."""

    @property
    def sure(self) -> bool:
        """Whether the first rows cannot mislead about the types."""

    @property
    def written(self) -> bool:
        """Whether values stand in the file as texts, so that `007` is another id than `7`."""

    def recognises(self, content: Content) -> bool:
        """Whether the head of a file looks like this format."""

    def scan(self, contents: Sequence[Content], asked: Asked) -> Scanned:
        """The rows of files of this format; raises SourceError."""

"""What is in the columns of events and sessions, and what could be computed of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Menu = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Described:
    """One column: its type in words, how many of its values are null, and some that are not."""

    name: str
    kind: str
    nulls: int
    examples: tuple[Any, ...]


@dataclass(frozen=True)
class DerivedRecipe:
    """A column that could be computed: its name, its expression, and what it is in words."""

    name: str
    value: str
    words: str


@dataclass(frozen=True)
class FoundValue:
    """A value of a column of events, and how many events have it."""

    column: str
    value: str
    events: int


@dataclass(frozen=True)
class FoundValues:
    """The values that a text was found in, the best first, and whether there are more."""

    values: tuple[FoundValue, ...] = ()
    more: bool = False

"""A column of events as small numbers, in the order that a definition cuts them in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from explorer.engine import keys
from explorer.engine.answers.sequences.inside import LABELS
from explorer.engine.local.cut.cutting import PLACE
from explorer.engine.local.cut.session_cut import SessionCut
from explorer.errors import SpecError, located
from explorer.plan.literal import type_word
from explorer.spec.session import SessionDefinition

# NumPy makes wide numbers of what it counts or looks up at once.
AT_ONCE = 1 << 18
# How many of the values that are folded into "other" are named.
MOST_REST = 500

Codes = npt.NDArray[np.unsignedinteger[Any]]
Counts = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Coded:
    """One code per event of a definition: a place in `names`, and `len(names)` for an event without a value."""

    codes: Codes
    names: pl.Series


@dataclass(frozen=True)
class Groups:
    """The values that are told apart, those with most first, and how many different ones are "other".

    `of` is the group of every code: the place in `values`, then other, then none. `rest` are the first of the others,
    each with how often it is there.
    """

    values: tuple[str, ...]
    others: int
    of: npt.NDArray[np.uint8]
    rest: tuple[tuple[str, int], ...] = ()

    @property
    def other(self) -> int:
        """The group of all other values."""
        return len(self.values)

    @property
    def none(self) -> int:
        """The group of events without a value."""
        return len(self.values) + 1


def coded(sessions: SessionCut, column: str) -> Coded:
    """A column of the definition's events, remembered: texts, or numbers and truth values as texts.

    Raises SpecError at `column` for times and what has parts.
    """
    key = (*keys.held_key(sessions.definition), column)
    return sessions.stages.get("coded", key, lambda: _coded(sessions, column))


def _coded(sessions: SessionCut, column: str) -> Coded:
    values = sessions.events.column(column)
    kind = check_label(column, values.dtype)
    if kind == "number":
        values = values.cast(pl.String)
    elif kind == "truth value":
        values = values.replace_strict({True: "yes", False: "no"}, default=None, return_dtype=pl.String)
    if values.dtype == pl.String:
        values = values.cast(pl.Categorical(pl.Categories.random()))
    known: Any = values.dtype.categories  # type: ignore[attr-defined]
    names: pl.Series = known if isinstance(known, pl.Series) else known.to_series()
    codes = sessions.held.take(values.to_physical())
    if codes.null_count():
        codes = codes.cast(pl.UInt32).fill_null(len(names))
    return Coded(codes.to_numpy(), names)


def grouped(names: pl.Series, counts: Counts, top: int) -> Groups:
    """The `top` names with the highest counts; `counts` has one more, of none.

    >>> grouped(pl.Series(["a", "b", "c"]), np.array([1, 5, 0, 2]), 1)
    Groups(values=('b',), others=1, of=array([1, 0, 1, 2], dtype=uint8), rest=(('a', 1),))
    """
    order = in_order(names, counts[:-1])
    chosen = order.head(top)
    of = np.full(len(counts), chosen.height, np.uint8)
    of[chosen["at"].to_numpy()] = np.arange(chosen.height)
    of[-1] = chosen.height + 1
    rest = order.slice(top, MOST_REST).select("name", "n").rows()
    return Groups(tuple(chosen["name"]), order.height - chosen.height, of, tuple(rest))


def check_label(column: str, dtype: pl.DataType) -> str:
    """What the values of a column are called; raises SpecError at `column` where they do not tell events apart."""
    kind = type_word(dtype)
    if kind not in LABELS:
        with located("column"):
            raise SpecError(
                f"'{column}' is a {kind}, by which events are not told apart. Choose a column of texts, numbers or "
                "truth values."
            )
    return kind


@contextmanager
def of_events() -> Iterator[None]:
    """What is wrong with a column is said at `of`, where a chart names it."""
    try:
        yield
    except SpecError as error:
        error.where = "of"
        raise


def in_order(names: pl.Series, counts: Counts) -> pl.DataFrame:
    """The names that are there, those with the highest counts first: their place `at`, `n` and `name`."""
    met = np.flatnonzero(counts)
    order = pl.DataFrame({"at": met, "n": counts[met], "name": names.cast(pl.String).gather(pl.Series(met))})
    return order.sort("n", "name", descending=[True, False])


def spans(table: pl.DataFrame, rows: pl.Series | None) -> tuple[Counts, Counts]:
    """The first event of each of these sessions, and one past the last, as places in the view."""
    some = table if rows is None else table[rows]
    begin = some[PLACE].to_numpy().astype(np.int64)
    return begin, begin + some["event_count"].to_numpy()


def inside(n: int, begin: Counts, end: Counts) -> Mask:
    """Which of `n` events lie in sessions that do not overlap.

    >>> inside(5, np.array([1, 3]), np.array([3, 4]))
    array([False,  True,  True,  True, False])
    """
    change = np.zeros(n + 1, np.int8)
    change[begin] += 1
    change[end] -= 1
    return np.cumsum(change[:-1], dtype=np.int8).view(np.bool_)


def counted(codes: Codes, size: int, mask: Mask | None = None) -> Counts:
    """How often each code is there, among those of the mask."""
    found = np.zeros(size, np.int64)
    for part in pieces(len(codes)):
        some = codes[part] if mask is None else codes[part][mask[part]]
        found += np.bincount(some, minlength=size)
    return found


def looked_up(table: Codes, codes: Codes) -> Codes:
    """What stands in a table for every code."""
    found = np.empty(len(codes), table.dtype)
    for part in pieces(len(codes)):
        found[part] = table[codes[part]]
    return found


def pieces(n: int) -> Iterator[slice]:
    """A long range, piece by piece."""
    return (slice(at, at + AT_ONCE) for at in range(0, n, AT_ONCE))


def shown_by(definition: SessionDefinition, *more: object) -> keys.Key:
    """The key of what reads the shown sessions and something else."""
    return (*keys.shown_key(definition), *more)

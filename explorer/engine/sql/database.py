"""Database: where events stay, and how it is asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import polars as pl

from explorer.errors import EngineError


@dataclass(frozen=True)
class Shape:
    """The columns of a table: their types as they come back, and which of them come back as texts and are something
    else there, such as a UUID."""

    schema: Mapping[str, pl.DataType]
    written: frozenset[str] = field(default_factory=frozenset)


class Gone(EngineError):
    """The connection has ended, and what was kept with it; the next question is asked by a new one."""


class Database(Protocol):
    """A connection to a database, asked in its own SQL, which the engine writes. Safe to ask from several threads.

    Whatever takes a while ends soon after it is wanted no more (`explorer.engine.stopping`): the question is cancelled
    on the database, and Stopped is raised. What the database refuses, and a connection that is gone, is an EngineError
    that says what, in a sentence: Gone where what was kept is no more.
    """

    @property
    def dialect(self) -> str:
        """The name of its SQL: one of `explorer.plan.in_sql.dialect`."""
        ...

    @property
    def name(self) -> str:
        """What people call it, without secrets: `DuckDB`, `shop.db`, `analytics on db.example.org`."""
        ...

    def tables(self) -> Sequence[str]:
        """The tables and views that can be asked, as they are written in `shape`."""
        ...

    def shape(self, table: str) -> Shape:
        """The columns of a table or view, `schema.table` too; raises SourceError where there is none, with the nearest
        name."""
        ...

    def answer(self, sql: str) -> pl.DataFrame:
        """The rows of a query; its columns are named by their place, "0", "1" ..., since two may have one name."""
        ...

    def keep(self, name: str, sql: str) -> None:
        """Make a table of a query's rows that only this connection sees and that goes with it. Raises EngineError where
        that is not allowed."""
        ...

    def put(self, name: str, frame: pl.DataFrame) -> None:
        """Make such a table of rows that come from here."""
        ...

    def view(self, name: str, sql: str) -> None:
        """Give a query a name, by which it is asked like a table."""
        ...

    def drop(self, name: str) -> None:
        """Let go of such a table; nothing happens where there is none."""
        ...

    def close(self) -> None:
        """Let go of everything that was kept, and of a connection that was opened here."""
        ...

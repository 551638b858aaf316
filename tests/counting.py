"""A DuckDB that counts its questions: each costs what the way there takes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from explorer.engine.sql.databases.duckdb import DuckDB


class Counting(DuckDB):
    """A DuckDB that counts what it is asked."""

    asked = 0

    def answer(self, sql: str) -> Any:
        self.asked += 1
        return super().answer(sql)

    def keep(self, name: str, sql: str) -> None:
        self.asked += 1
        super().keep(name, sql)

    def shape(self, table: str) -> Any:
        self.asked += 1
        return super().shape(table)

    def trips(self, ask: Callable[[], object]) -> int:
        """How often doing something asks it."""
        before = self.asked
        ask()
        return self.asked - before

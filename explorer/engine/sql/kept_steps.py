"""Steps of queries that are worth keeping: each is made once, as a table of ours, however many questions read it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import count
from secrets import token_hex
from threading import RLock
from typing import Any

import polars as pl
from sqlglot import exp

from explorer.engine.sql.database import Database
from explorer.errors import EngineError
from explorer.plan.in_sql.dialect import Dialect
from explorer.plan.in_sql.looking_back import STAR
from explorer.plan.in_sql.source import from_step

MOST = 10


@dataclass
class _Kept:
    """A table: what it holds, and how many questions read it right now."""

    name: str
    readers: int = 0
    making: RLock = field(default_factory=RLock)
    made: bool = False


class KeptSteps:
    """The tables that a database keeps for an engine, the last MOST that were read; the text of a step with all that
    it reads is its key, so that definitions share what they have in common."""

    def __init__(self, database: Database) -> None:
        self._database, self._dialect = database, Dialect(database.dialect)
        self._tables: OrderedDict[str, _Kept] = OrderedDict()
        self._lock = RLock()
        self._ours, self._numbers = f"session_explorer_{token_hex(4)}", count()
        self.refused = ""

    @contextmanager
    def over(self, query: exp.Select, steps: Collection[str]) -> Iterator[str]:
        """The text of a query that reads these of its steps from tables, which stay while it is asked; where the
        database lets nobody make tables, the query as it is, and `refused` says why."""
        held: list[_Kept] = []
        try:
            yield self._dialect.text(self._over(query, steps, held))
        finally:
            self._release(held)

    @contextmanager
    def last(self, query: exp.Select, steps: Collection[str]) -> Iterator[str]:
        """The name of the table of the last of these steps of a query, which stays meanwhile; raises EngineError where
        the database lets nobody make tables."""
        held: list[_Kept] = []
        try:
            self._over(query, steps, held)
            if self.refused:
                raise EngineError(f"This needs tables of its own. {self.refused}")
            yield held[-1].name
        finally:
            self._release(held)

    @contextmanager
    def rows(self, frame: pl.DataFrame) -> Iterator[str]:
        """The name of a table of rows from here, which stays meanwhile."""
        name = f"{self._ours}_{next(self._numbers)}"
        self._database.put(name, frame)
        try:
            yield name
        finally:
            self._database.drop(name)

    def close(self) -> None:
        """Let go of every table."""
        with self._lock:
            tables = list(self._tables.values())
            self._tables.clear()
        for each in tables:
            if each.made:
                self._database.drop(each.name)

    def _over(self, query: exp.Select, names: Collection[str], held: list[_Kept]) -> exp.Select:
        if self.refused:
            return query
        steps, recursive = _steps(query)
        read: dict[str, str] = {}
        left: list[tuple[str, exp.Expr]] = []
        for name, body in steps:
            body = _renamed(body, read)
            if name not in names:
                left.append((name, body))
                continue
            whole = _with(from_step(exp.select(STAR), name), [*left, (name, body)], recursive)
            kept = self._kept(self._dialect.text(whole), held)
            if kept is None:
                return query
            read[name] = kept.name
            left = _needed(left, [])
        bare = _renamed(_without_steps(query), read)
        return _with(bare, _needed(left, [bare]), recursive)

    def _kept(self, text: str, held: list[_Kept]) -> _Kept | None:
        key = sha256(text.encode()).hexdigest()
        with self._lock:
            if key not in self._tables:
                self._tables[key] = _Kept(f"{self._ours}_{next(self._numbers)}")
            kept = self._tables[key]
            self._tables.move_to_end(key)
            kept.readers += 1
            held.append(kept)
        with kept.making:
            if not kept.made:
                try:
                    self._database.keep(kept.name, text)
                except EngineError as error:
                    with self._lock:
                        self._tables.pop(key, None)
                    if not is_about_rights(str(error)):
                        raise
                    self.refused = str(error)
                    return None
                kept.made = True
        return kept

    def _release(self, held: list[_Kept]) -> None:
        with self._lock:
            for each in held:
                each.readers -= 1
            self._let_go()

    def _let_go(self) -> None:
        free = [key for key, each in self._tables.items() if not each.readers and each.made]
        for key in free[: max(0, len(self._tables) - MOST)]:
            self._database.drop(self._tables.pop(key).name)


def is_about_rights(said: str) -> bool:
    """Whether a database says that it lets nobody make a table.

    >>> is_about_rights("permission denied for database shop"), is_about_rights("out of memory")
    (True, False)
    """
    folded = said.lower()
    return any(
        words in folded
        for words in ("permission", "privilege", "access denied", "read-only", "readonly", "not allowed")
    )


def _steps(query: exp.Select) -> tuple[list[tuple[str, exp.Expr]], bool]:
    found = query.args.get("with_") or query.args.get("with")
    if found is None:
        return [], False
    return [(each.alias, each.this) for each in found.expressions], bool(found.args.get("recursive"))


def _without_steps(query: exp.Select) -> exp.Select:
    bare = query.copy()
    for name in ("with_", "with"):
        bare.args.pop(name, None)
    return bare


def _with(query: Any, steps: list[tuple[str, exp.Expr]], recursive: bool) -> exp.Select:
    query = query.copy()
    for name, body in steps:
        query = query.with_(exp.to_identifier(name), as_=body.copy(), recursive=recursive, copy=False)
    return query


def _renamed(body: Any, read: dict[str, str]) -> Any:
    """The same where it reads tables in place of steps."""
    body = body.copy()
    for table in body.find_all(exp.Table):
        name = table.name
        if name in read and not table.db:
            alias = table.alias or name
            table.replace(exp.alias_(exp.table_(exp.to_identifier(read[name])), alias, table=True))
    return body


def _needed(steps: list[tuple[str, exp.Expr]], readers: list[exp.Expr]) -> list[tuple[str, exp.Expr]]:
    """The steps that something behind them reads; all where nobody is named."""
    if not readers:
        return steps
    found: list[tuple[str, exp.Expr]] = []
    read = {table.name for reader in readers for table in reader.find_all(exp.Table)}
    for name, body in reversed(steps):
        if name in read:
            found.insert(0, (name, body))
            read |= {table.name for table in body.find_all(exp.Table)}
    return found

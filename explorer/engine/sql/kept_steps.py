"""Steps of queries that are worth keeping: each is made once, as a table of ours, however many questions read it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import count
from secrets import token_hex
from threading import RLock

import polars as pl
from sqlglot import exp

from explorer.engine.sql.database import Database, Gone
from explorer.errors import EngineError
from explorer.plan.in_sql.dialect import Dialect

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
        self._held: dict[str, pl.DataFrame] = {}
        self.refused = ""

    @contextmanager
    def over(self, query: exp.Select, steps: Collection[str]) -> Iterator[str]:
        """The text of a query, which is used up, that reads these of its steps from tables, which stay while it is
        asked; where the database lets nobody make tables, it reads none, and `refused` says why."""
        held: list[_Kept] = []
        try:
            yield self._over(query, steps, held)
        except Gone:
            self._begin_again()
            raise
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

    def hold(self, frame: pl.DataFrame) -> str:
        """The name of a table of rows from here, which stays until the end."""
        name = f"{self._ours}_{next(self._numbers)}"
        self._database.put(name, frame)
        with self._lock:
            self._held[name] = frame
        return name

    def close(self) -> None:
        """Let go of every table."""
        with self._lock:
            tables = list(self._tables.values())
            self._tables.clear()
            held, self._held = self._held, {}
        for name in [*(each.name for each in tables if each.made), *held]:
            self._database.drop(name)

    def _begin_again(self) -> None:
        """The connection has ended, and all tables with it: those of rows are put again, the others when needed."""
        with self._lock:
            self._tables.clear()
            held = dict(self._held)
        with suppress(EngineError):  # then the next question says so
            for name, frame in held.items():
                self._database.put(name, frame)

    def _over(self, query: exp.Select, names: Collection[str], held: list[_Kept]) -> str:
        """The text of a query, which is taken to pieces."""
        steps, recursive = _steps(query)
        read: dict[str, str] = {}
        left: list[_Step] = []
        for name, body in steps:
            step = _Step(name, self._read(body, read), _tables(body))
            kept = None
            if name in names and not self.refused:
                kept = self._kept(_whole(step, left, recursive) + self._dialect.settings, held)
            if kept is None:
                left.append(step)
            else:
                read[name] = kept.name
        last = _Step("", self._read(query, read), _tables(query))
        return _whole(last, left, recursive) + self._dialect.settings

    def _read(self, body: exp.Expr, read: Mapping[str, str]) -> str:
        """The text of a step that reads tables in place of other steps."""
        for table in list(body.find_all(exp.Table)):
            if table.name in read and not table.db:
                its = exp.table_(exp.to_identifier(read[table.name]))
                table.replace(exp.alias_(its, table.alias or table.name, table=True))
        return self._dialect.part(body)

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


@dataclass(frozen=True)
class _Step:
    """A step as text, and what it reads."""

    name: str
    text: str
    reads: frozenset[str]


def _steps(query: exp.Select) -> tuple[list[tuple[str, exp.Expr]], bool]:
    """The steps of a query, which has them no more, and whether one of them reads itself."""
    found = query.args.get("with_")
    query.set("with_", None)
    if found is None:
        return [], False
    return [(each.alias, each.this) for each in found.expressions], bool(found.args.get("recursive"))


def _tables(body: exp.Expr) -> frozenset[str]:
    return frozenset(table.name for table in body.find_all(exp.Table))


def _whole(step: _Step, others: Sequence[_Step], recursive: bool) -> str:
    """A step with the others that it reads, through each other too."""
    needed: list[_Step] = []
    read = set(step.reads)
    for other in reversed(others):
        if other.name in read:
            needed.insert(0, other)
            read |= other.reads
    if not needed:
        return step.text
    listed = ",\n".join(f"{exp.to_identifier(each.name).sql()} AS (\n{each.text}\n)" for each in needed)
    return f"WITH {'RECURSIVE ' if recursive else ''}{listed}\n{step.text}"

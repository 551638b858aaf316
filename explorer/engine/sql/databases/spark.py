"""Spark: a session, a frame of it, or a server by Spark Connect."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from secrets import token_hex
from threading import Lock
from typing import Any, cast

import polars as pl
import polars.selectors as cs
import sqlglot
from sqlglot import exp

from explorer.engine.sql.database import Gone, Shape
from explorer.engine.sql.databases.addresses import Address
from explorer.engine.sql.databases.spark_sessions import (
    NAME,
    OURS,
    Lent,
    afar,
    beside,
    has_ended,
    quoted,
    said,
    tagging,
)
from explorer.engine.sql.databases.watching import LONGEST, Said, told, watched
from explorer.errors import EngineError, SourceError, did_you_mean
from explorer.plan.in_sql.dialect import QUALIFIED, Dialect
from explorer.plan.literal import type_word

# What Arrow or Polars have no type for: these come as texts.
ODD = ("VariantType", "CalendarIntervalType", "YearMonthIntervalType", "DayTimeIntervalType", "TimeType")
TYPES: Mapping[Any, str] = {
    **dict.fromkeys((pl.Int8, pl.Int16, pl.Int32, pl.Int64, pl.UInt8, pl.UInt16, pl.UInt32, pl.UInt64), "BIGINT"),
    pl.Float32: "FLOAT",
    pl.Float64: "DOUBLE",
    pl.Boolean: "BOOLEAN",
    pl.String: "STRING",
    pl.Date: "DATE",
}


class Spark:
    """Tables of Spark. A session of our own asks, of the same application; what is kept are views that it caches, which
    Spark makes again where a part of them is lost. Times are instants or have no zone, and come in UTC."""

    dialect = "spark"

    def __init__(
        self,
        make: Callable[[], Any],
        name: str = NAME,
        theirs: Any = None,
        own: bool = False,
        longest: float = LONGEST,
        said: Said = said,
        frames: Mapping[str, Any] | None = None,
    ) -> None:
        """`make` makes a session; `theirs` is the one whose temporary views are seen too, and `frames` others."""
        self.name = name
        self._make, self._theirs, self._own = make, theirs, own
        self._longest, self._said = longest, said
        self._lock = Lock()
        self._session: Any = None
        self._closed = False
        self._kept: dict[str, Any] = {}
        self._views: dict[str, str] = {}
        self._lent = Lent()
        with told(self.name, self._said):
            self._begin()
            for table, frame in (frames or {}).items():
                self._lent.lend(self._session, table, frame)

    @classmethod
    def of(cls, session: Any, longest: float = LONGEST) -> Spark:
        """A session of Spark or of Spark Connect, which is neither changed nor stopped."""
        return cls(partial(beside, session), theirs=session, longest=longest)

    @classmethod
    def of_frame(cls, frame: Any, table: str, longest: float = LONGEST) -> Spark:
        """A frame of Spark's, called `table` in what is asked of it."""
        return cls(partial(beside, frame.sparkSession), longest=longest, frames={table: frame})

    @classmethod
    def of_url(cls, address: Address, longest: float = LONGEST) -> Spark:
        """`sc://host:15002`, with what Spark Connect knows behind a semicolon, such as `/;token=...`."""
        return cls(partial(afar, address), address.name, own=True, longest=longest, said=address.hides(said))

    def __repr__(self) -> str:
        return f"<Spark {self.name}>"

    def tables(self) -> Sequence[str]:
        """The tables and views of the catalog in use, those of its database by their name alone; temporary ones too."""
        found: set[str] = set()
        with self._asking() as session:
            here = session.catalog.currentDatabase()
            for base in session.sql("SHOW DATABASES").collect():
                for row in session.sql(f"SHOW TABLES IN {quoted(base[0])}").collect():
                    if not row.isTemporary:
                        found.add(_written(base[0], row.tableName, base[0] == here))
                    elif row.tableName not in {**self._kept, **self._views}:
                        found.add(row.tableName)
            if self._theirs is not None:
                views = self._theirs.sql("SHOW VIEWS").collect()
                found |= {row.viewName for row in views if row.isTemporary and not row.namespace}
        return sorted(found)

    def shape(self, table: str) -> Shape:
        """The columns of a table or view; raises SourceError where there is none."""
        if table in self._lent.names:  # it may be another one by now
            self._borrow(table)
        elif not self._has(table) and not self._borrow(table):
            raise SourceError(f"There is no table '{table}'. {did_you_mean(table, self.tables())}")
        with self._asking() as session:
            fields = session.sql(self._all_of(table)).schema.fields
        types = self.answer(f"{self._all_of(table)} LIMIT 0").dtypes
        schema = {field.name: dtype for field, dtype in zip(fields, types, strict=True)}
        kinds = {field.name: type(field.dataType).__name__ for field in fields}
        return Shape(schema, frozenset(name for name, kind in kinds.items() if kind in ODD))

    def answer(self, sql: str) -> pl.DataFrame:
        """The rows of a query, its columns named by their place."""
        with self._asking() as session:
            frame = session.sql(sql)
            kinds = [type(field.dataType).__name__ for field in frame.schema.fields]
            frame = frame.toDF(*map(str, range(len(kinds))))
            if any(kind in ODD for kind in kinds):
                frame = frame.selectExpr(
                    *(
                        f"CAST(`{at}` AS STRING) AS `{at}`" if kind in ODD else f"`{at}`"
                        for at, kind in enumerate(kinds)
                    )
                )
            table = frame.toArrow()
        found = cast(pl.DataFrame, pl.from_arrow(table))
        return found.with_columns(cs.datetime(time_zone="*").dt.convert_time_zone("UTC"))

    def keep(self, name: str, sql: str) -> None:
        """Cache the rows of a query as a view, which needs no other: a view that SQL makes is read anew each time."""
        with self._asking() as session:
            self._check_free(name)
            frame = session.sql(sql).persist()
            try:
                frame.count()
                frame.createTempView(quoted(name))
            except BaseException:
                frame.unpersist()
                raise
            self._kept[name] = frame

    def put(self, name: str, frame: pl.DataFrame) -> None:
        """Make a view of rows that come from here."""
        written = frame.with_columns(
            cs.duration().dt.total_microseconds(),
            (cs.categorical() | cs.enum() | cs.by_dtype(pl.Null)).cast(pl.String),
            cs.unsigned_integer().cast(pl.Int64),
        )
        schema = ", ".join(f"{quoted(column)} {_type(dtype)}" for column, dtype in written.schema.items())
        with self._asking() as session:
            self._check_free(name)
            rows = session.createDataFrame(written.to_arrow(compat_level=pl.CompatLevel.oldest()), schema=schema)
            rows.createTempView(quoted(name))
            self._kept[name] = rows

    def view(self, name: str, sql: str) -> None:
        """Give a query a name, by which it is asked like a table."""
        made = f"CREATE TEMPORARY VIEW {quoted(name)} AS {sql}"
        try:
            with self._asking() as session:
                session.sql(made)
        except Gone:
            raise
        except EngineError:
            found = [self._borrow(table) for table in self._read_by(sql)]
            if not any(found):
                raise
            with self._asking() as session:
                session.sql(made)
        self._views[name] = sql

    def drop(self, name: str) -> None:
        """Let go of such a view."""
        frame = self._kept.pop(name, None)
        if frame is not None or name in self._views:
            with self._asking() as session:
                session.sql(f"DROP VIEW IF EXISTS {quoted(name)}")
                if frame is not None:
                    frame.unpersist()

    def close(self) -> None:
        """Let go of what was kept, and of a session that was opened here."""
        if self._closed:
            return
        with suppress(EngineError):  # a session that has ended has let go
            for name in [*sorted(self._kept), *sorted(self._views)]:
                self.drop(name)
        self._kept.clear()
        self._views.clear()
        self._closed = True
        self._lent.let_go()
        self._stop()

    # ---- asking

    @contextmanager
    def _asking(self) -> Iterator[Any]:
        if self._closed:
            raise EngineError(f"{self.name} could not answer: it is closed.")
        session, tag = self._begun(), f"{OURS}{token_hex(8)}"
        try:
            add, remove, cancel = tagging(session)
            with watched(self.name, lambda: cancel(tag), self._longest, self._said):
                add(tag)
                try:
                    yield session
                finally:
                    remove(tag)
        except EngineError as error:
            if not has_ended(error.__cause__) or self._answers(session):
                raise
            self._ended(session)
            raise Gone(f"{error} Ask again for a new session.") from error

    def _begun(self) -> Any:
        with self._lock, told(self.name, self._said):
            if self._session is None:
                self._begin()
            return self._session

    def _begin(self) -> None:
        session = self._make()
        self._lent.seen_by(session)
        for name, sql in self._views.items():
            session.sql(f"CREATE TEMPORARY VIEW {quoted(name)} AS {sql}")
        self._session = session

    def _answers(self, session: Any) -> bool:
        try:
            return bool(session.sql("SELECT 1").collect())
        except Exception:
            return False

    def _ended(self, session: Any) -> None:
        with self._lock:
            if self._session is session:
                self._stop()
                self._kept.clear()

    def _stop(self) -> None:
        if self._own and self._session is not None:
            with suppress(Exception):
                self._session.stop()
        self._session = None

    # ---- views

    def _borrow(self, table: str) -> bool:
        """See what only the session sees that is not ours, such as a temporary view; whether there is such a table."""
        if self._theirs is None:
            return False
        try:
            frame = self._theirs.table(Dialect(self.dialect).table(table).sql(self.dialect))
        except Exception:
            return False
        with told(self.name, self._said):
            self._lent.lend(self._begun(), table, frame)
        return True

    def _read_by(self, sql: str) -> list[str]:
        try:
            return [table.name for table in sqlglot.parse_one(sql, dialect=self.dialect).find_all(exp.Table)]
        except Exception:  # what it is, Spark says
            return []

    def _check_free(self, name: str) -> None:
        if name in {**self._kept, **self._views, **self._lent.names}:
            raise EngineError(f"{self.name} could not answer: there is a view '{name}' already.")

    def _has(self, table: str) -> bool:
        try:
            with self._asking() as session:
                return bool(session.catalog.tableExists(Dialect(self.dialect).table(table).sql(self.dialect)))
        except Gone:
            raise
        except EngineError:  # no table has such a name
            return False

    def _all_of(self, table: str) -> str:
        return f"SELECT * FROM {Dialect(self.dialect).table(table).sql(self.dialect)}"


def is_frame(source: object) -> bool:
    """Whether something is a frame of Spark's, which is a table itself."""
    return hasattr(source, "sparkSession") and hasattr(source, "createGlobalTempView")


# ---- SQL


def _written(base: str, name: str, here: bool) -> str:
    """A table as it is said: by its name where it is in sight, else with its database."""
    return name if here and not QUALIFIED.fullmatch(name) else Dialect("spark").qualified(base, name)


def _type(dtype: pl.DataType) -> str:
    """The type of a column that is put there."""
    if isinstance(dtype, pl.Datetime):
        return "TIMESTAMP" if dtype.time_zone else "TIMESTAMP_NTZ"
    if isinstance(dtype, pl.Decimal):
        return f"DECIMAL({dtype.precision or 38}, {dtype.scale})"
    if isinstance(dtype, pl.List):
        return f"ARRAY<{_type(cast(pl.DataType, dtype.inner))}>"
    found = TYPES.get(dtype.base_type())
    if found is None:
        raise EngineError(f"Spark is not given a {type_word(dtype)}.")
    return found

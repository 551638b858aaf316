"""RemoteEngine: sessions cut by the database that has the events; only sessions, counts and pages come back."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cached_property
from threading import Lock
from typing import Any

import polars as pl
from sqlglot import exp

from explorer.engine.answers.inactivity import GapCurve
from explorer.engine.local.cut import frames
from explorer.engine.local.engine import LocalEngine
from explorer.engine.sql.frames import as_told
from explorer.errors import EngineError, SourceError, did_you_mean, located
from explorer.events.added.derived import with_rows
from explorer.events.load import arrange
from explorer.events.quality.quality import Quality
from explorer.events.roles import guess
from explorer.plan.in_sql import query
from explorer.plan.in_sql.dialect import Dialect
from explorer.plan.in_sql.source import Source
from explorer.plan.literal import TEXTS, microseconds
from explorer.plan.meaning import outer_name
from explorer.spec.columns import Columns
from explorer.spec.derived import of_actor, read_derived
from explorer.spec.expression import clause as clauses
from explorer.spec.expression.clause import Clause
from explorer.spec.expression.now import asks_now
from explorer.spec.session import SessionDefinition

Run = Callable[[str], Any]


class RemoteEngine:
    """Sessions of a table that stays where it is. `run` answers SQL with an Arrow table.

    `written` are columns that come back as texts and are something else in the database, such as a UUID.
    """

    def __init__(
        self,
        run: Run,
        table: str,
        columns: Columns,
        schema: Mapping[str, pl.DataType],
        written: frozenset[str] = frozenset(),
    ) -> None:
        self._run = run
        self._lock = Lock()
        whole = with_rows(pl.LazyFrame(schema=dict(schema)), columns.derived, columns.time_zone).collect_schema()
        read = {name: pl.Categorical() if name in written else dtype for name, dtype in whole.items()}
        self._bare = Source(table, columns, read, Dialect("duckdb"))
        self._like = LocalEngine(arrange(_one_row(whole, columns), columns.replace(derived=())))

    @classmethod
    def of(
        cls,
        source: Any,
        table: str | None = None,
        actor: str | list[str] | tuple[str, ...] | None = None,
        time: str | None = None,
        event: str | None = None,
        order: str | list[str] | tuple[str, ...] = (),
        time_zone: str | None = None,
        derived: Mapping[str, str] | None = None,
        now: str | None = None,
    ) -> "RemoteEngine":
        """A DuckDB connection and the name of a table in it, or a DuckDB relation; raises SourceError.

        A relation is called `table` in the SQL that is shown. Roles that are left out are guessed from a few rows.
        """
        relation, run, name = _opened(source, table)
        schema = _schema(relation)
        sample = _frame(_read(relation).limit(1_000).to_arrow_table(), schema)
        with located("columns.derived"):
            said = (actor,) if isinstance(actor, str) else actor or ()
            computed = of_actor(said, read_derived(derived))
        sample = with_rows(sample.lazy(), computed, time_zone).collect()
        columns = guess(sample, actor, time, event).replace(order=order, time_zone=time_zone)
        columns = columns.replace(derived=computed, now=now)
        kinds = dict(zip(relation.columns, map(str, relation.types), strict=True))
        texts = {column for column, dtype in schema.items() if dtype == pl.String and kinds[column] != "VARCHAR"}
        return cls(run, name, columns, schema, frozenset(texts))

    @cached_property
    def _source(self) -> Source:
        """The table, with what now is where a column depends on it."""
        if any(asks_now(each.value) for each in self._bare.columns.derived):
            return self._at_now()
        return self._bare

    def _at_now(self) -> Source:
        said = self._bare.columns.now
        if said:
            return replace(self._bare, now=microseconds(said, self._bare.said_in))
        time = self._bare.read(self._bare.columns.time)
        last = exp.Max(this=self._bare.dialect.microseconds(time, self._bare.aware))
        found = self._ask(exp.select(self._bare.named(last, "last")).from_(self._bare.from_table())).item()
        return replace(self._bare, now=int(found or 0))

    def _asked(self, *asked: Clause | None) -> Source:
        """The table as it stands for these conditions."""
        return self._at_now() if any(map(asks_now, asked)) else self._source

    def _source_of(self, definition: SessionDefinition) -> Source:
        return self._asked(*definition.clauses)

    def __repr__(self) -> str:
        return f"<table {self._bare.table}, actor {self.columns.actor_name}, time {self.columns.time}>"

    @property
    def columns(self) -> Columns:
        """The roles of the columns."""
        return self._bare.columns

    @property
    def schema(self) -> Mapping[str, pl.DataType]:
        """The columns of the events and their types."""
        return self._like.schema

    @property
    def quality(self) -> Quality:
        """How many rows there are and how many are left out, counted now."""
        rows, no_actor, no_time = map(int, self._ask(query.quality_query(self._source)).row(0))
        return Quality(rows, rows - no_actor - no_time, no_actor, no_time, said=self._like.quality.said)

    # ---- answers

    def count(self, where: str | Clause | None = None) -> int:
        """The number of events that match."""
        clause = clauses.optional(where)
        self._like.count(clause)
        return int(self._ask(query.count_query(self._asked(clause), clause)).item())

    def sessions(self, definition: SessionDefinition) -> pl.DataFrame:
        """One row per session, by actor and start, in the columns and types of LocalEngine."""
        like = self._like.sessions(definition)
        found = self._ask(query.sessions_query(definition, self._source_of(definition)))
        return self._with_id(as_told(found, like), [outer_name(name) for name in self.columns.actor])

    def actors(self, definition: SessionDefinition) -> pl.DataFrame:
        """One row per actor that has a session: the actor, session_count, time_in_session, first_start, last_end, then
        the actor metrics."""
        like = self._like.actors(definition)
        return as_told(self._ask(query.actors_query(definition, self._source_of(definition))), like)

    def events(
        self, definition: SessionDefinition, where: str | Clause | None = None, page: slice | None = None
    ) -> pl.DataFrame:
        """A page of the events, by actor and time, with session_id and session_number first.

        Raises EngineError without a page.
        """
        clause = clauses.optional(where)
        like = self._like.events(definition, clause)
        offset, limit = _place(page)
        found = self._ask(
            query.events_query(definition, self._asked(clause, *definition.clauses), clause, offset, limit)
        )
        found = found.select(pl.lit("").alias("session_id"), pl.all())
        return self._with_id(as_told(found, like), [outer_name(name) for name in self.columns.actor])

    def gap_curve(self, definition: SessionDefinition) -> GapCurve:
        """Raises EngineError: it needs the gaps of all events."""
        raise EngineError("The number of sessions at every inactivity needs all events. Ask for sessions instead.")

    def sql(self, definition: SessionDefinition) -> str:
        """The query that `sessions` runs; durations are whole microseconds."""
        self._like.sessions(definition)
        return self._source.dialect.text(query.sessions_query(definition, self._source_of(definition)))

    def _with_id(self, found: pl.DataFrame, actor: list[str]) -> pl.DataFrame:
        # As a text, a number or a time may look otherwise in another engine: ids are written by one hand.
        return found.with_columns(frames.session_id(actor))

    def _ask(self, asked: exp.Expr) -> pl.DataFrame:
        sql = self._bare.dialect.text(asked)
        with self._lock:  # a connection answers one question at a time
            try:
                found = self._run(sql)
            except Exception as error:
                said = str(error).strip().split("\n")[0]
                raise EngineError(f"{self._bare.dialect.spoken} could not answer: {said}") from error
        return _frame(found, {})


# ---- frames


def _frame(arrow: Any, schema: Mapping[str, pl.DataType]) -> pl.DataFrame:
    """An Arrow table as a frame, even where two names are the same."""
    names = list(schema) or [str(at) for at in range(arrow.num_columns)]
    return pl.DataFrame(arrow.rename_columns(names))


def _one_row(schema: Mapping[str, pl.DataType], columns: Columns) -> pl.DataFrame:
    """An event of the same columns: what LocalEngine says of it in names and types holds for all."""
    values = {}
    for name, dtype in schema.items():
        value = pl.Series([None], dtype=dtype)
        if name in columns.actor:
            said = dtype.categories[0] if isinstance(dtype, pl.Enum) else "0" if isinstance(dtype, TEXTS) else 0
            value = pl.Series([said]).cast(dtype)
        elif name == columns.time:
            value = pl.Series([0]).cast(pl.Datetime("us")).cast(dtype)
        values[name] = value
    return pl.DataFrame(values)


def _place(page: slice | None) -> tuple[int, int]:
    start, stop = (page.start or 0, page.stop) if page is not None else (0, None)
    if stop is None or start < 0 or stop < 0 or page is None or page.step not in (None, 1):
        raise EngineError("All events stay where they are. Ask for a page of them: page=slice(0, 1000).")
    return start, max(stop - start, 0)


# ---- DuckDB

KNOWN = "SELECT table_name FROM duckdb_tables() UNION SELECT view_name FROM duckdb_views() WHERE NOT internal"


def _opened(source: Any, table: str | None) -> tuple[Any, Run, str]:
    """The relation, how SQL about it is run, and what it is called there."""
    if hasattr(source, "query") and hasattr(source, "types"):
        name = table or "log"
        return source, lambda sql: source.query(name, sql).to_arrow_table(), name
    if not (hasattr(source, "execute") and hasattr(source, "table")):
        raise SourceError(f"A {type(source).__name__} is no DuckDB connection or relation. Pass one of these.")
    known = [str(name) for (name,) in source.sql(KNOWN).fetchall()]
    if table is None:
        raise SourceError(f"Say which table holds the events. There are: {', '.join(known) or 'none'}.")
    try:
        relation = source.table(table)
    except Exception as error:
        raise SourceError(f"There is no table '{table}'. {did_you_mean(table, known)}") from error
    return relation, lambda sql: source.sql(sql).to_arrow_table(), table


def _read(relation: Any) -> Any:
    """A relation whose intervals are microseconds: Polars reads no Arrow intervals."""
    kinds = zip(relation.columns, map(str, relation.types), strict=True)
    names = [(exp.to_identifier(name, quoted=True).sql("duckdb"), kind) for name, kind in kinds]
    return relation.project(", ".join(f"epoch_us({n}) AS {n}" if kind == "INTERVAL" else n for n, kind in names))


def _schema(relation: Any) -> dict[str, pl.DataType]:
    kinds = dict(zip(relation.columns, map(str, relation.types), strict=True))
    found = _frame(_read(relation).limit(0).to_arrow_table(), dict.fromkeys(kinds, pl.Null())).schema
    return {name: pl.Duration("us") if kinds[name] == "INTERVAL" else dtype for name, dtype in found.items()}

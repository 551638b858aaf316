"""What every event knows of its session, as windows over it, and conditions and values that ask for it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl
from sqlglot import exp

from explorer.plan.column_text import expression_of, is_name, type_of
from explorer.plan.in_sql.looking_back import STAR, Step
from explorer.plan.in_sql.predicate import expression, predicate
from explorer.plan.in_sql.source import Source, from_step
from explorer.plan.meaning import inside
from explorer.spec.event_columns import EVENT_COLUMNS, name_inside
from explorer.spec.expression.clause import Clause


@dataclass(frozen=True)
class Inside:
    """The events of sessions: the source's columns, and what each knows of its session."""

    source: Source

    @property
    def schema(self) -> dict[str, pl.DataType]:
        """The columns and their types."""
        return inside(self.source.schema)

    def condition(self, clause: Clause, table: str | None = None) -> exp.Expr:
        """A clause, whose columns are those of a table when it is said."""
        source = self.source
        return predicate(clause, self.schema, source.dialect, source.said_in, self._columns(table), now=source.now)

    def value(self, text: str) -> exp.Expr:
        """A column, or an expression of columns."""
        source, columns = self.source, self._columns()
        if is_name(text, self.schema):
            return columns[text]
        node = expression_of(text, self.schema)
        return expression(node, self.schema, source.dialect, source.said_in, columns, source.now)

    def type_of(self, text: str) -> pl.DataType:
        """The type of a column, or of an expression of columns."""
        return type_of(text, self.schema, self.source.said_in, self.source.now)

    def in_source(self, names: Iterable[str]) -> set[str]:
        """The columns of the source among these."""
        asked = set(names)
        return {name for name in self.source.schema if name_inside(name) in asked}

    def step(self, names: Iterable[str], before: str, session: list[exp.Expr]) -> Step:
        """The events with these of what each knows; `session` are the columns that tell sessions apart."""
        source, window = self.source, exp.to_identifier("session")
        told = [source.named(self._window(name, window), source.own(name)) for name in names]
        query = from_step(exp.select(STAR, *told), before)
        order = exp.Order(expressions=[source.dialect.ordered(source.ours("place"))])
        query.set("windows", [exp.Window(this=window.copy(), partition_by=session, order=order)])
        return source.step("known"), query

    def _window(self, name: str, window: exp.Identifier) -> exp.Expr:
        def over(function: exp.Expr) -> exp.Window:
            return exp.Window(this=function, alias=window.copy())

        def other(kind: type[exp.Expr]) -> exp.Window:
            return over(kind(this=exp.func("toNullable", time()) if clickhouse else time()))

        def time() -> exp.Column:
            return self.source.ours("time_us")

        clickhouse = self.source.dialect.name == "clickhouse"  # there is 0 where nothing comes before or after
        match name:
            case "event_number":
                return over(exp.RowNumber())
            case "since_start":
                return exp.Sub(this=time(), expression=over(exp.FirstValue(this=time())))
            case "since_previous":
                return exp.Sub(this=time(), expression=other(exp.Lag))
            case "until_next":
                # Spark reads the name of a window and a minus behind it as one name.
                return exp.Sub(this=exp.Paren(this=other(exp.Lead)), expression=time())
        raise TypeError(f"'{name}' is nothing that events know of their session")

    def _columns(self, table: str | None = None) -> dict[str, exp.Expr]:
        column, source = self.source.dialect.column, self.source
        found: dict[str, exp.Expr] = {name_inside(name): column(name, table) for name in source.schema}
        return found | {name: column(source.own(name), table) for name in EVENT_COLUMNS}

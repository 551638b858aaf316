"""A definition as SQL over a table of events."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
from sqlglot import exp

from explorer.code.duckdb_file import events_step
from explorer.code.funnels import Counted, things_of
from explorer.code.source import source_text
from explorer.crossfilter.bins.funnel_steps import step_names, steps_way
from explorer.crossfilter.selections.conditions import kept_only
from explorer.engine.engine import Engine
from explorer.errors import EngineError, ExplorerError, located
from explorer.plan.in_sql.dialect import SPOKEN, Dialect
from explorer.plan.in_sql.query import definition_sql
from explorer.plan.in_sql.sequences.funnel_query import funnel_sql
from explorer.plan.in_sql.source import NOT_IN_SQL, Source
from explorer.spec.expression.clause import Clause
from explorer.spec.session import SessionDefinition

DIALECTS = SPOKEN
ABOUT = "One row per session of the table events; durations are microseconds."
ABOUT_FILE = (ABOUT, "Its first step reads the file that was explored; without it the table events is asked.")
DUCKDB_READS = (".parquet", ".csv", ".csv.gz", ".json", ".ndjson", ".jsonl")


def sql_code(
    engine: Engine,
    definition: SessionDefinition,
    dialect: str = "duckdb",
    selected: Clause | None = None,
    funnels: tuple[Counted, ...] = (),
) -> str:
    """One row per session over a table `events`; only the selected sessions where something is selected. Behind it,
    after a semicolon each, a query for every funnel: how many reach each of its steps.

    Durations are microseconds. Raises EngineError for what the dialect cannot do, SpecError for what does not fit.
    """
    for role, what in NOT_IN_SQL.items():
        if getattr(engine.columns, role) is not None:
            with located(f"columns.{role}"):
                raise EngineError(f"SQL does not {what} yet. The Python code does, with this package.")
    schema: Any = engine.schema
    asked = definition if selected is None else kept_only(definition, selected)
    events = _file(engine) if dialect == "duckdb" else None
    query = definition_sql(
        asked,
        engine.columns,
        schema,
        "events",
        dialect,
        now=engine.now,
        events=None if events is None else events.copy(),
    )
    notes = [*(_about(engine, dialect) if events is None else ABOUT_FILE)]
    notes += ["Only the sessions that are selected."] if selected is not None else []
    found = "".join(f"-- {_one_line(note)}\n" for note in notes) + query + "\n"
    source = Source("events", engine.columns, schema, Dialect(dialect), None, engine.now)
    for funnel in funnels:
        steps = funnel.steps
        its = funnel_sql(steps, funnel.of(definition), source, None if events is None else events.copy(), funnel.apart)
        says = f"{things_of(funnel)} that reach these steps {steps_way(steps)}: {', '.join(step_names(steps))}."
        found += f";\n\n-- {_one_line(says[:1].upper() + says[1:])}\n{its}\n"
    return found


def _file(engine: Engine) -> exp.Select | None:
    """The file that was explored as DuckDB reads it, where it reads the same."""
    try:
        return events_step(engine, engine.reading())
    except ExplorerError:
        return None


def _about(engine: Engine, dialect: str) -> list[str]:
    """What the table must be, so that the numbers are the same."""
    columns, source = engine.columns, source_text(engine)
    found = [ABOUT]
    if dialect == "duckdb" and source.lower().endswith(DUCKDB_READS) and not columns.format:
        path = exp.Literal.string(source).sql("duckdb")
        found.append(f"To make it: CREATE VIEW events AS FROM {path};")
    try:
        told = engine.reading().schema.get(columns.time)
    except ExplorerError:
        told = None
    if told is not None and not isinstance(told, pl.Datetime | pl.Date):
        kind = "TIMESTAMP WITH TIME ZONE" if getattr(engine.schema[columns.time], "time_zone", None) else "TIMESTAMP"
        whose = Path(source).name or "the frame"
        found.append(f"Its column {columns.time} must be a {kind}: that of {whose} is none.")
    for lookup in columns.lookups:
        found.append(f"{lookup.file} is joined to it: LEFT JOIN on {lookup.on}, one row for each {lookup.key}.")
    if columns.drop_duplicates:
        found.append("Rows that repeat another must be left out of it: SELECT DISTINCT.")
    return found


def _one_line(text: str) -> str:
    return "".join(sign if sign.isprintable() else " " for sign in text)

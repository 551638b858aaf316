"""A definition as SQL over a table of events."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl

from explorer.code.source import source_text
from explorer.crossfilter.selections.conditions import kept_only
from explorer.engine.local.engine import LocalEngine
from explorer.engine.local.how_read import reading
from explorer.errors import ExplorerError
from explorer.plan.in_sql.dialect import SPOKEN
from explorer.plan.in_sql.query import definition_sql
from explorer.spec.expression.clause import Clause
from explorer.spec.session import SessionDefinition

DIALECTS = SPOKEN
DUCKDB_READS = (".parquet", ".csv", ".csv.gz", ".json", ".ndjson", ".jsonl")


def sql_code(
    engine: LocalEngine, definition: SessionDefinition, dialect: str = "duckdb", selected: Clause | None = None
) -> str:
    """One row per session over a table `events`; only the selected sessions where something is selected.

    Durations are microseconds. Raises EngineError for what the dialect cannot do, SpecError for what does not fit.
    """
    schema: Any = engine.schema
    asked = definition if selected is None else kept_only(definition, selected)
    query = definition_sql(asked, engine.columns, schema, "events", dialect, now=engine.event_table.now)
    notes = [*_about(engine, dialect), *(["Only the sessions that are selected."] if selected is not None else [])]
    return "".join(f"-- {_one_line(note)}\n" for note in notes) + query + "\n"


def _about(engine: LocalEngine, dialect: str) -> list[str]:
    """What the table must be, so that the numbers are the same."""
    columns, source = engine.columns, source_text(engine)
    found = ["One row per session of the table events; durations are microseconds."]
    if dialect == "duckdb" and source.lower().endswith(DUCKDB_READS):
        path = source.replace("'", "''")
        found.append(f"To make it: CREATE VIEW events AS FROM '{path}';")
    try:
        told = reading(engine).schema.get(columns.time)
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

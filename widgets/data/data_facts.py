"""Everything that the data panel shows, as texts and values; made off the event loop, it takes a moment."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl

from explorer.crossfilter.formats import count_text, duration_text, percent_text, time_text
from explorer.engine.answers.columns import DerivedRecipe, Described
from explorer.engine.answers.mend import Mend
from explorer.engine.engine import Engine
from explorer.events.files.paths import is_of_rows
from explorer.events.files.source_name import name_or
from explorer.events.quality.quality import Quality
from explorer.plan.literal import EPOCH
from explorer.spec.columns import Columns
from explorer.spec.session import SessionDefinition
from widgets.data.columns_table import ColumnRow
from widgets.data.findings import Finding, findings

LONGEST = 80
SAMPLE = 200


@dataclass(frozen=True)
class DataFacts:
    """What was read and how. `source` is the path, empty for a frame; `mends` are those that findings name by key;
    `table` is one of a database."""

    source: str
    name: str
    about: str
    columns: Columns
    rows: tuple[ColumnRow, ...]
    findings: tuple[Finding, ...]
    mends: tuple[Mend, ...]
    aware: bool
    numeric: bool
    written: bool = False
    table: bool = False
    sample: pl.DataFrame = field(default_factory=pl.DataFrame, compare=False, repr=False)
    recipes: tuple[DerivedRecipe, ...] = ()
    now: int = 0

    def mend(self, key: str) -> Mend:
        """The mend of a finding."""
        return next(mend for mend in self.mends if mend.key == key)


def data_facts(
    engine: Engine,
    report: Quality | None = None,
    definitions: Iterable[SessionDefinition] = (),
    zone: str | None = None,
) -> DataFacts:
    """The facts of an engine. `report` is its quality report, `zone` the time zone that the analyst lives in."""
    report, definitions = report or engine.quality_report(), tuple(definitions)
    columns, aware = engine.columns, report.zone == "UTC"
    offered = engine.mends(report, definitions, zone)
    source = str(engine.source) if isinstance(engine.source, str | Path) else ""
    rows = tuple(_row(one, columns, report.events, aware) for one in engine.described())
    counts = (f"{count_text(n)} {word}{'' if n == 1 else 's'}" for n, word in _counts(report, rows))
    return DataFacts(
        source=source,
        name=name_or(engine.source, "Data frame"),
        about=", ".join(counts),
        columns=columns,
        rows=rows,
        findings=findings(report, columns, offered, definitions),
        mends=offered,
        aware=aware,
        numeric=bool(report.unit),
        written=is_of_rows(engine.source),
        table=engine.is_table,
        sample=engine.head(SAMPLE),
        recipes=engine.recipes(),
        now=engine.now,
    )


def _counts(report: Quality, rows: tuple[ColumnRow, ...]) -> tuple[tuple[int, str], ...]:
    return (report.events, "event"), (report.actors, "actor"), (len(rows), "column")


def _row(one: Described, columns: Columns, events: int, aware: bool) -> ColumnRow:
    missing = percent_text(one.nulls / events) if one.nulls else ""
    if one.nulls and missing == percent_text(0.0):
        missing = "< 0.1 %"
    zone = (columns.time_zone or "UTC") if aware else None
    return ColumnRow(
        one.name, one.kind, missing, tuple(_text(value, zone) for value in one.examples), _roles(one, columns)
    )


def _roles(one: Described, columns: Columns) -> tuple[str, ...]:
    held = {
        "actor": one.name in columns.actor,
        "time": one.name == columns.time,
        "event": one.name == columns.event,
        "order": one.name in columns.order,
    }
    return tuple(role for role, holds in held.items() if holds)


def _text(value: Any, zone: str | None) -> str:
    if isinstance(value, datetime):
        us = (value.replace(tzinfo=value.tzinfo or EPOCH.tzinfo) - EPOCH) // EPOCH.resolution
        return time_text(us, zone if value.tzinfo else None)
    if hasattr(value, "total_seconds"):
        return duration_text(value.total_seconds() * 1e6)
    if isinstance(value, float):
        return f"{value:,.6g}"
    text = value if isinstance(value, str) else str(value)
    return (text if len(text) <= LONGEST else f"{text[:LONGEST]}…") or '""'

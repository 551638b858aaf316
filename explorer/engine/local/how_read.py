"""How an engine has read its source, so that others can read it the same way."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from explorer.engine.local.engine import LocalEngine
from explorer.events.files.paths import Files
from explorer.events.files.scan import FIRST_LOOK, scanned
from explorer.events.load import first_rows
from explorer.events.times import Form, time_form


@dataclass(frozen=True, eq=False)
class Reading:
    """The files (None for a frame), the types as they came, and the form of the times.

    `look` is the number of rows that types were taken from, None for all.
    """

    files: Files | None
    schema: dict[str, pl.DataType]
    form: Form
    look: int | None


def reading(engine: LocalEngine) -> Reading:
    """Looks at the beginning of the source once more; raises SourceError where it is gone."""
    found: Reading = engine.stages.get("reading", (), lambda: _reading(engine))
    return found


def _reading(engine: LocalEngine) -> Reading:
    opened, time = scanned(engine.source), engine.columns.time
    others = {name: dtype for name, dtype in engine.schema.items() if name != time}

    def use(lazy: pl.LazyFrame) -> tuple[dict[str, pl.DataType], Form]:
        some = first_rows(lazy, opened.frame)
        return dict(lazy.collect_schema()), time_form(some[time], engine.columns.unit)

    schema, form = opened.run(use)
    same = all(schema.get(name) == dtype for name, dtype in others.items())
    if same or opened.again is None:
        return Reading(opened.files, schema, form, FIRST_LOOK)
    schema, form = use(opened.again())
    return Reading(opened.files, schema, form, None)

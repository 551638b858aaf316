"""The code that gives the numbers of a report again."""

from __future__ import annotations

from typing import Any

from explorer.code.cohorts import without_cohorts
from explorer.code.python import NUMBERS
from explorer.engine.engine import Engine
from explorer.errors import ExplorerError
from explorer.events.files.source_name import name_or
from explorer.plan.in_sql.query import definition_sql
from explorer.spec.analysis import Analysis
from explorer.spec.session import SessionDefinition


def python_code(engine: Engine, analysis: Analysis, definition: SessionDefinition, file: str) -> str:
    """A script that reads the analysis out of the report called `file` and prints its key numbers and charts."""
    path = analysis.source or name_or(engine.source, "")
    lines = [
        "from pathlib import Path",
        "",
        "import explorer",
        "from explorer.report import read_back",
        "",
        f"analysis = read_back(Path({file!r}).read_text(encoding='utf-8'))",
        *([] if path else ["# events: the data frame that was explored"]),
        f"log = explorer.connect({repr(path) if path else 'events'}, **analysis.columns.plain())",
        *(["log = log.under(analysis)"] if analysis.cohorts else []),
        f"definition = analysis.session({definition.name!r})",
        "sessions, actors = log.sessions(definition), log.actors(definition)",
        "",
        *NUMBERS,
    ]
    for at, chart in enumerate(analysis.charts):
        whose = "definition" if chart.session == definition.name else f"analysis.session({chart.session!r})"
        lines.append(f"print(log.query(analysis.charts[{at}], {whose}))")
    return "\n".join(lines) + "\n"


def sql_code(engine: Engine, definition: SessionDefinition) -> tuple[str, str]:
    """The sessions as SQL for DuckDB over a table `events`, or an empty text and why there is none."""
    try:
        engine = without_cohorts(engine, definition, "SQL")
        schema: Any = engine.schema
        return definition_sql(definition, engine.columns, schema, "events"), ""
    except ExplorerError as error:
        return "", str(error)

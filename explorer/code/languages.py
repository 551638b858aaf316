"""The tongues that an analysis can be said in."""

from __future__ import annotations

from collections.abc import Iterable

from explorer.code.cohorts import without_cohorts
from explorer.code.polars import polars_code
from explorer.code.python import python_code
from explorer.code.shell import shell_code
from explorer.code.sql import DIALECTS, sql_code
from explorer.engine.engine import Engine
from explorer.errors import SpecError, did_you_mean
from explorer.plan.check import checked
from explorer.spec.analysis import Analysis
from explorer.spec.charts.chart import Chart
from explorer.spec.expression.clause import Clause

__all__ = ["DIALECTS", "TONGUES", "code"]

TONGUES = {"python": "Python", "polars": "Polars", "sql": "SQL", "shell": "Command line", "yaml": "YAML"}


def code(
    engine: Engine,
    analysis: Analysis,
    tongue: str = "python",
    *,
    session: str = "",
    dialect: str = "duckdb",
    selected: Clause | None = None,
) -> str:
    """The sessions of a definition (the first where `session` names none) in python, polars, sql, shell or yaml.

    `dialect` is for sql; `selected` is a condition on sessions that the code picks out. Raises SpecError, and
    EngineError for what a database cannot do.
    """
    if tongue not in TONGUES:
        raise SpecError(f"There is no code in '{tongue}'. {did_you_mean(tongue, TONGUES)}")
    engine = engine.under(analysis)
    asked = analysis.session(session) if session else analysis.sessions[0]
    definition = checked(asked, engine.columns, engine.schema, engine.cohorts)
    charts = [chart for chart in analysis.charts if chart.session == definition.name]
    match tongue:
        case "python":
            return python_code(engine, analysis, definition, selected)
        case "polars":
            plain = without_cohorts(engine, definition, "Plain Polars", selected)
            return polars_code(plain, definition, selected) + _without_charts(charts, "#")
        case "sql":
            plain = without_cohorts(engine, definition, "SQL", selected)
            return sql_code(plain, definition, dialect, selected) + _without_charts(charts, "--")
        case "shell":
            return shell_code(engine, analysis, definition, selected) + _without_charts(charts, "#")
    return analysis.to_yaml()


def _without_charts(charts: Iterable[Chart], sign: str) -> str:
    """A comment where charts slide windows or stand beside a period before: only Python says these.

    >>> _without_charts([Chart("line", "visit", over="7d")], "--")
    '-- Sliding windows and periods before of charts are not in it: the Python code asks them.\\n'
    """
    if not any(chart.over or chart.previous for chart in charts):
        return ""
    return f"{sign} Sliding windows and periods before of charts are not in it: the Python code asks them.\n"

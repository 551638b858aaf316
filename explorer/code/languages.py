"""The tongues that an analysis can be said in."""

from __future__ import annotations

from explorer.code.cohorts import without_cohorts
from explorer.code.polars import polars_code
from explorer.code.python import python_code
from explorer.code.shell import shell_code
from explorer.code.sql import DIALECTS, sql_code
from explorer.engine.engine import Engine
from explorer.errors import SpecError, did_you_mean
from explorer.plan.check import checked
from explorer.spec.analysis import Analysis
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
    match tongue:
        case "python":
            return python_code(engine, analysis, definition, selected)
        case "polars":
            return polars_code(without_cohorts(engine, definition, "Plain Polars", selected), definition, selected)
        case "sql":
            return sql_code(without_cohorts(engine, definition, "SQL", selected), definition, dialect, selected)
        case "shell":
            return shell_code(engine, analysis, definition, selected)
    return analysis.to_yaml()

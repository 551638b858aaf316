"""The languages that an analysis can be said in: a row for each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from explorer.code.cohorts import without_cohorts
from explorer.code.funnels import LEFT_OUT, Counted, Funnels, funnels_of
from explorer.code.polars import polars_code
from explorer.code.python import python_code
from explorer.code.shell import shell_code
from explorer.code.sql import DIALECTS, sql_code
from explorer.engine.engine import Engine
from explorer.errors import SpecError, did_you_mean
from explorer.plan.check import checked
from explorer.spec.analysis import Analysis
from explorer.spec.expression.clause import Clause
from explorer.spec.session import SessionDefinition

__all__ = ["DIALECTS", "LANGUAGES", "TONGUES", "Language", "code"]


@dataclass(frozen=True)
class Asked:
    """What is to be said: a definition of an analysis, and the sessions of it that are picked out."""

    engine: Engine
    analysis: Analysis
    definition: SessionDefinition
    dialect: str
    selected: Clause | None

    @cached_property
    def found(self) -> Funnels:
        """The funnels of the definition that can be counted, and whether charts ask for more."""
        cohorts = [cohort.name for cohort in self.analysis.cohorts]
        return funnels_of(self.engine, self.analysis.charts, self.definition, cohorts)

    @property
    def funnels(self) -> tuple[Counted, ...]:
        """Those that can be counted."""
        return self.found.counted


@dataclass(frozen=True)
class Language:
    """A language of code: what it is called, what it is good for, the file that it is saved as, and how it is printed.

    `comment` begins a line that says what it leaves out of charts; empty where it leaves nothing out. `plain` is what
    cannot ask cohorts, as errors call it; empty where cohorts can be asked.
    """

    name: str
    label: str
    note: str
    file: str
    say: Callable[[Asked], str]
    comment: str = ""
    plain: str = ""


LANGUAGES = (
    Language(
        "python",
        "Python",
        "With this package: the definitions, their sessions, the key numbers and the charts.",
        "sessions.py",
        lambda its: python_code(its.engine, its.analysis, its.definition, its.selected),
    ),
    Language(
        "polars",
        "Polars",
        "The same sessions with Polars alone. Nothing of ours is needed to run it.",
        "sessions_polars.py",
        lambda its: polars_code(its.engine, its.definition, its.selected, its.funnels),
        comment="#",
        plain="Plain Polars",
    ),
    Language(
        "sql",
        "SQL",
        "One row for each session, over a table of events.",
        "sessions.sql",
        lambda its: sql_code(its.engine, its.definition, its.dialect, its.selected, its.funnels),
        comment="--",
        plain="SQL",
    ),
    Language(
        "shell",
        "Command line",
        "Writes the sessions to a file.",
        "sessions.sh",
        lambda its: shell_code(its.engine, its.analysis, its.definition, its.selected),
        comment="#",
    ),
    Language(
        "yaml",
        "YAML",
        "The document itself: open it here, on the command line or in Python.",
        "analysis.yaml",
        lambda its: its.analysis.to_yaml(),
    ),
)
TONGUES = {language.name: language for language in LANGUAGES}


def code(
    engine: Engine,
    analysis: Analysis,
    tongue: str = "python",
    *,
    session: str = "",
    dialect: str = "duckdb",
    selected: Clause | None = None,
) -> str:
    """The sessions of a definition (the first where `session` names none) in one of the LANGUAGES, by its name.

    `dialect` is for sql; `selected` is a condition on sessions that the code picks out. Raises SpecError, and
    EngineError for what a database cannot do.
    """
    if tongue not in TONGUES:
        raise SpecError(f"There is no code in '{tongue}'. {did_you_mean(tongue, TONGUES)}")
    language = TONGUES[tongue]
    engine = engine.under(analysis)
    asked = analysis.session(session) if session else analysis.sessions[0]
    definition = checked(asked, engine.columns, engine.schema, engine.cohorts)
    if language.plain:
        engine = without_cohorts(engine, definition, language.plain, selected)
    said = Asked(engine, analysis, definition, dialect, selected)
    text = language.say(said)
    if language.plain and said.found.more:
        text += f"{language.comment} {LEFT_OUT}\n"
    moving = any((chart.over or chart.previous) and chart.session == definition.name for chart in analysis.charts)
    if not (language.comment and moving):
        return text
    left_out = "Sliding windows and periods before of charts are not in it: the Python code asks them."
    return f"{text}{language.comment} {left_out}\n"

"""Which funnels of an analysis code counts: those of steps on events, of all sessions or of those where a condition
holds."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from explorer.spec.charts.chart import Chart
from explorer.spec.charts.sequences.steps import Steps
from explorer.spec.expression import clause as clauses
from explorer.spec.expression.clause import Clause
from explorer.spec.session import SessionDefinition

LEFT_OUT = (
    "Funnels by a dimension or over time are in it without that, and those of sessions by values of their actors are "
    "not: the Python code asks them."
)


@dataclass(frozen=True)
class Counted:
    """A funnel that code counts: its steps, and of which sessions, None for all."""

    steps: Steps
    where: Clause | None = None


def counted(
    charts: Iterable[Chart], definition: SessionDefinition, actor: str, cohorts: Collection[str]
) -> list[Counted]:
    """The funnels of a definition, each once."""
    found = (
        Counted(chart.funnel, chart.where)
        for chart in charts
        if chart.steps and chart.session == definition.name and _is_counted(chart, definition, actor, cohorts)
    )
    return list(dict.fromkeys(found))


def says_more(charts: Iterable[Chart], definition: SessionDefinition, actor: str, cohorts: Collection[str]) -> bool:
    """Whether a funnel asks for more than what is counted."""
    return any(
        chart.by or chart.every or not _is_counted(chart, definition, actor, cohorts)
        for chart in charts
        if chart.steps and chart.session == definition.name
    )


def _is_counted(chart: Chart, definition: SessionDefinition, actor: str, cohorts: Collection[str]) -> bool:
    if chart.where is None:
        return True
    values = [*definition.actor_values, *cohorts]
    of_actors = {*values, *(f"{actor}.{name}.{definition.name}" for name in values)}
    # Across sessions those of other sessions of the same actors count, too.
    return not chart.across and not of_actors & set(clauses.columns(chart.where))


def things_of(funnel: Counted) -> str:
    """What it counts, in words.

    >>> from explorer.spec.expression.clause import parse
    >>> things_of(Counted(Steps(), parse("event_count > 1")))
    'sessions where event_count > 1'
    """
    return funnel.steps.things if funnel.where is None else f"{funnel.steps.things} where {funnel.where}"


def funnel_name(at: int) -> str:
    """What the numbers of a funnel are called, by its place.

    >>> funnel_name(0), funnel_name(1)
    ('funnel', 'funnel_2')
    """
    return f"funnel_{at + 1}" if at else "funnel"


def held_name(at: int) -> str:
    """What the events of its sessions are called, where it is of some of them."""
    return f"held_{at + 1}" if at else "held_of_funnel"

"""Which funnels of an analysis code counts: those of steps alone."""

from __future__ import annotations

from collections.abc import Iterable

from explorer.spec.charts.chart import Chart
from explorer.spec.charts.sequences.steps import Steps

LEFT_OUT = (
    "Funnels by a dimension, over time or of some sessions are in it without that, and those with patterns are not: "
    "the Python code asks them."
)


def counted(charts: Iterable[Chart], session: str) -> tuple[Steps, ...]:
    """The steps of the funnels of a definition, each once."""
    funnels = (chart.funnel for chart in charts if chart.steps and chart.session == session)
    return tuple(dict.fromkeys(steps for steps in funnels if not steps.has_patterns))


def says_more(charts: Iterable[Chart], session: str) -> bool:
    """Whether a funnel asks for more than its steps."""
    return any(
        chart.by or chart.every or chart.where is not None or chart.funnel.has_patterns
        for chart in charts
        if chart.steps and chart.session == session
    )


def funnel_name(at: int) -> str:
    """What the numbers of a funnel are called, by its place.

    >>> funnel_name(0), funnel_name(1)
    ('funnel', 'funnel_2')
    """
    return f"funnel_{at + 1}" if at else "funnel"

"""Which funnels of an analysis code counts: those of steps on events, of all sessions or of those where a condition
holds."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from explorer.crossfilter.selections.conditions import kept_only
from explorer.crossfilter.selections.into_definition import selected_in
from explorer.crossfilter.selections.selection import Selection
from explorer.engine.engine import Engine
from explorer.errors import ExplorerError
from explorer.spec.charts.chart import Chart
from explorer.spec.charts.sequences.steps import Steps
from explorer.spec.charts.sequences.told_apart import TOGETHER, TRUNCATED, Side, ToldApart
from explorer.spec.expression import clause as clauses
from explorer.spec.expression.clause import Clause
from explorer.spec.metric import Metric
from explorer.spec.session import BESIDES, SessionDefinition

LEFT_OUT = (
    "Funnels are in it without what tells them apart where that is no condition on sessions, and those of sessions by "
    "values of their actors are not: the Python code asks them."
)


@dataclass(frozen=True)
class Counted:
    """A funnel that code counts: its steps, of which sessions, None for all, and what it is told apart by. Conditions
    may read these `metrics` besides those of the definition."""

    steps: Steps
    where: Clause | None = None
    apart: ToldApart = TOGETHER
    metrics: tuple[Metric, ...] = ()

    def of(self, definition: SessionDefinition) -> SessionDefinition:
        """The definition of its sessions."""
        its = definition.replace(metrics=(*definition.metrics, *self.metrics))
        return its if self.where is None else kept_only(its, self.where)


@dataclass(frozen=True)
class Funnels:
    """The funnels of a definition, each once, and whether charts ask more than that."""

    counted: tuple[Counted, ...] = ()
    more: bool = False


def funnels_of(
    engine: Engine, charts: Iterable[Chart], definition: SessionDefinition, cohorts: Collection[str]
) -> Funnels:
    """What of the charts is counted in code."""
    found: list[Counted] = []
    more, widened = False, definition
    for chart in charts:
        if not chart.steps or chart.session != definition.name:
            continue
        if not _is_counted(chart, definition, engine.columns.actor_name, cohorts):
            more = True
            continue
        told = _told_apart(engine, definition, widened, chart, cohorts)
        more = more or told is None
        apart, widened = told or (TOGETHER, widened)
        read = {name for side in apart.sides for name in clauses.columns(side.clause)}
        metrics = tuple(each for each in widened.metrics[len(definition.metrics) :] if each.name in read)
        found.append(Counted(chart.funnel, chart.where, apart, metrics))
    return Funnels(tuple(dict.fromkeys(found)), more)


def _told_apart(
    engine: Engine, definition: SessionDefinition, widened: SessionDefinition, chart: Chart, cohorts: Collection[str]
) -> tuple[ToldApart, SessionDefinition] | None:
    """What a funnel is told apart by, and the definition with the metrics that this takes; None where code cannot."""
    if not chart.by and not chart.every:
        return TOGETHER, widened
    if chart.across or (chart.every and chart.every not in TRUNCATED):
        return None
    sides: list[Side] = []
    if chart.by:
        cut = engine.cut(definition)
        try:
            groups = cut.coded().funnel_groups(chart.replace(every=None), Selection())
            known, of_events = dict(cut.keep_schema()), cut.event_schema()
            for group in groups.groups:
                if groups.several or group.brush is None:
                    return None
                asked = Selection().with_(groups.dimension, group.brush)
                widened, clause = selected_in(widened, asked, known, of_events)
                sides.append(Side(group.label, clause))
        except ExplorerError:
            return None
        unknown = {*BESIDES, *_of_actors(definition, engine.columns.actor_name, cohorts)}
        if any(unknown & set(clauses.columns(side.clause)) for side in sides):
            return None
    return ToldApart(chart.by[0] if chart.by else "", tuple(sides), chart.every or ""), widened


def _of_actors(definition: SessionDefinition, actor: str, cohorts: Collection[str]) -> set[str]:
    values = [*definition.actor_values, *cohorts]
    return {*values, *(f"{actor}.{name}.{definition.name}" for name in values)}


def _is_counted(chart: Chart, definition: SessionDefinition, actor: str, cohorts: Collection[str]) -> bool:
    if chart.where is None:
        return True
    # Across sessions those of other sessions of the same actors count, too.
    return not chart.across and not _of_actors(definition, actor, cohorts) & set(clauses.columns(chart.where))


def things_of(funnel: Counted) -> str:
    """What it counts, in words.

    >>> from explorer.spec.expression.clause import parse
    >>> things_of(Counted(Steps(), parse("event_count > 1")))
    'sessions where event_count > 1'
    """
    where = "" if funnel.where is None else f" where {funnel.where}"
    return f"{funnel.steps.things}{where}{funnel.apart.words}"


def funnel_name(at: int) -> str:
    """What the numbers of a funnel are called, by its place.

    >>> funnel_name(0), funnel_name(1)
    ('funnel', 'funnel_2')
    """
    return f"funnel_{at + 1}" if at else "funnel"


def told_name(at: int) -> str:
    """What the sessions are called with what tells them apart."""
    return f"told_{at + 1}" if at else "told_apart"


def held_name(at: int) -> str:
    """What the events of its sessions are called, where it is of some of them."""
    return f"held_{at + 1}" if at else "held_of_funnel"

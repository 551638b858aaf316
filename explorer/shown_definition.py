"""The session definition that is shown, of an analysis over an engine, and its charts."""

from collections.abc import Sequence
from typing import Any

import param

from explorer.crossfilter import cards as drawing
from explorer.crossfilter.cards import FUNNEL, Card, named_funnels
from explorer.engine.engine import Engine
from explorer.errors import SpecError
from explorer.spec.analysis import Analysis
from explorer.spec.charts.chart import Chart, standard
from explorer.spec.charts.kinds import kind_of
from explorer.spec.charts.sequences.steps import Step as FunnelStep
from explorer.spec.session import SessionDefinition


class ShownDefinition(param.Parameterized):
    """One definition of an analysis and its charts. A change is a new document; an equal one is no change."""

    engine: Engine = param.Parameter(doc="The events, and who answers what is asked of them.")
    analysis = param.ClassSelector(class_=Analysis, allow_None=True)
    session = param.String(doc="The name of the session definition that is shown.")

    @property
    def definition(self) -> SessionDefinition:
        """The session definition that is shown."""
        return self.document.session(self.session) if self.session else self.document.sessions[0]

    @property
    def charts(self) -> tuple[Chart, ...]:
        """The charts of the definition that is shown but its funnels; the standard ones where there are none."""
        charts = tuple(chart for chart in self._all_charts() if kind_of(chart).has_card)
        return charts or standard(self.definition.name, self.document.columns.actor_name)

    @property
    def funnels(self) -> tuple[Chart, ...]:
        """The funnels of the definition that is shown; those without a condition are brushed."""
        return tuple(chart for chart in self._all_charts() if chart.steps)

    @property
    def funnel(self) -> Chart | None:
        """The first funnel that is brushed."""
        return named_funnels(self.funnels).get(FUNNEL)

    @property
    def beside(self) -> tuple[Chart, ...]:
        """Those charts of the definition that is shown that have no card: funnels and paths."""
        return tuple(chart for chart in self._all_charts() if not kind_of(chart).has_card)

    @property
    def retention(self) -> Chart:
        """How the return of actors is counted: as the first chart of it says, or as usual."""
        return drawing.named_return(self.beside, self.definition.name)

    def _all_charts(self) -> tuple[Chart, ...]:
        return tuple(chart for chart in self.document.charts if chart.session == self.definition.name)

    @property
    def actor(self) -> str:
        """What actors are called."""
        return self.document.columns.actor_name

    @property
    def cards(self) -> tuple[Card, ...]:
        """The same charts with their keys, and what each of them brushes."""
        return drawing.cards(self.charts, self.actor, self.span)

    @property
    def span(self) -> int:
        quality = self.engine.quality
        return quality.last - quality.first

    @property
    def document(self) -> Analysis:
        if self.analysis is None:
            raise SpecError("There is no analysis yet: no events have been read.")
        return self.analysis

    def define(self, **changes: Any) -> None:
        """Change the definition that is shown, as a new document; raises SpecError and changes nothing."""
        definition = self.definition.replace(**changes)
        self.param.update(
            analysis=self.document.with_session(definition, instead_of=self.definition.name),
            session=definition.name,
        )

    def show_chart(self, name: str, named: bool) -> None:
        """One more chart, of a column of sessions: bars where its values are `named`, otherwise a distribution."""
        session, actor = self.definition.name, self.actor
        of = f"{actor}.{name}.{session}" if name in ("time_in_session", "session_count") else name
        self.add_chart(Chart("bar", session, by=(of,)) if named else Chart("distribution", session, of=of))

    def add_chart(self, chart: Chart) -> None:
        """One more chart, at the end."""
        self._chart((*self.charts, chart))

    def change_chart(self, key: str, *instead: Chart) -> None:
        """Put others in the place of the chart with this key: one, two, or none; the last chart stays."""
        if not instead and len(self.cards) == 1:
            return
        self._chart(tuple(chart for card in self.cards for chart in (instead if card.key == key else (card.chart,))))

    def move_chart(self, key: str, to: int) -> None:
        """Put the chart with this key at another place among the charts."""
        moved = [card.chart for card in self.cards if card.key == key]
        others = [card.chart for card in self.cards if card.key != key]
        self._chart((*others[:to], *moved, *others[to:]))

    def set_funnel(self, name: str, steps: Sequence[FunnelStep | str], **fields: Any) -> None:
        """Make these the steps of the funnel of this name, and what they keep to its `fields`; no steps take it away.

        Raises SpecError, changes nothing."""
        made = None
        if steps:
            before = named_funnels(self.funnels).get(name)
            made = Chart(FUNNEL, self.definition.name, steps=steps) if before is None else before
            made = made.replace(steps=tuple(steps), **fields)
        self._chart(self.charts, drawing.with_funnel(self.beside, name, made))

    def set_paths(self, name: str, chart: Chart | None) -> None:
        """Put these in the place of the paths of this name, or behind all; None takes them away."""
        self._chart(self.charts, drawing.with_paths(self.beside, name, chart))

    def set_retention(self, **fields: Any) -> None:
        """Count the return of actors otherwise, and keep that in the document; raises SpecError, changes nothing."""
        made = self.retention.replace(**fields)
        self._chart(self.charts, drawing.with_return(self.beside, made))

    def _chart(self, charts: tuple[Chart, ...], beside: tuple[Chart, ...] | None = None) -> None:
        if beside is not None and beside == self.beside:
            return
        others = tuple(chart for chart in self.document.charts if chart.session != self.definition.name)
        beside = self.beside if beside is None else beside
        self.analysis = self.document.replace(charts=(*others, *charts, *beside))

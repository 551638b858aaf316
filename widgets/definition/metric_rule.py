"""A definition of which one metric, of sessions or of actors, is edited, or which has one more."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

import panel as pn
import param

from explorer.engine.answers.suggested_name import suggested_name
from explorer.spec.editing.edits import free_name, list_of, with_metric
from explorer.spec.metric import ActorMetric, Metric
from explorer.spec.session import SessionDefinition
from widgets.definition.metric_editor import ActorMetricEditor, MetricEditor
from widgets.definition.rule_editors import WIDE, RuleEditor
from widgets.definition.value_editor import ValueEditor


class MetricRule(RuleEditor):
    """The metric at a place of the definition; behind the last one, a new one."""

    fields = ("metrics", "keep")

    recipes = param.List(default=[], doc="Ready-made metrics for a new one: (title, metric) each.")

    event = param.String(default="", doc="The column that says what happened in an event; empty where none does.")

    first: ClassVar[Metric | ActorMetric] = Metric("events", "count")
    kind: ClassVar[Callable[..., ValueEditor]] = MetricEditor

    def __init__(self, place: int | None, taken: Sequence[str] = (), **params: Any) -> None:
        """`taken` are names that a new metric does not get besides those of the others."""
        super().__init__(**params)
        self._before = self.value
        its, self._new = getattr(self.value, list_of(self.first)), place is None
        self.place = len(its) if place is None else place
        known = [metric.name for metric in (*self.value.metrics, *self.value.actor_metrics)]
        new = self.first.replace(name=free_name(self.first.name, [*taken, *known]))
        self.editor = type(self).kind(value=new if place is None else its[place])
        if self._new:
            self.editor.suggest = lambda metric: free_name(suggested_name(metric), [*taken, *known])
        self.builders = self.editor.builders
        self.editor.param.watch(lambda *_: self._hear(), ["value", "error"])
        self.param.watch(lambda *_: self._offer(), ["columns", "session_columns", "recipes", "event"])
        self._offer()
        self._hear()

    @property
    def metric(self) -> Any:
        """The metric as its fields say it."""
        return self.editor.value

    def is_gone(self, definition: SessionDefinition) -> bool:
        """Whether a definition has no place any more for what is edited."""
        return self.place > len(getattr(definition, list_of(self.first)))

    def _offer(self) -> None:
        # A metric cannot ask for itself.
        others = {name: column for name, column in self.session_columns.items() if name != self.metric.name}
        recipes = self.recipes if self._new else []
        self.editor.param.update(columns=self.columns, session_columns=others, recipes=recipes, event=self.event)

    def over(self, definition: SessionDefinition) -> SessionDefinition:
        """Another definition with this metric in its place; raises SpecError."""
        return with_metric(definition, self.place, self.metric)

    def _hear(self) -> None:
        if self.editor.error:
            self.error = self.editor.error
        else:
            self.make(lambda: self.over(self._before))

    def __panel__(self) -> pn.viewable.Viewable:
        return pn.Column(self.editor, **WIDE)


class ActorMetricRule(MetricRule):
    """The same for a metric of actors."""

    fields = ("actor_metrics", "keep")
    first = ActorMetric("sessions", "count")
    kind = ActorMetricEditor

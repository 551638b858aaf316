"""A definition of which one metric is edited, or has one more."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import panel as pn
import param

from explorer.spec.editing.edits import free_name, with_metric
from explorer.spec.metric import Metric
from explorer.spec.session import SessionDefinition
from widgets.definition.metric_editor import MetricEditor
from widgets.definition.rule_editors import WIDE, RuleEditor


class MetricRule(RuleEditor):
    """The metric at a place of the definition; behind the last one, a new one."""

    fields = ("metrics", "keep")

    recipes = param.List(default=[], doc="Ready-made metrics for a new one: (title, Metric) each.")

    def __init__(self, place: int | None, taken: Sequence[str] = (), **params: Any) -> None:
        """`taken` are names that a new metric does not get besides those of the others."""
        super().__init__(**params)
        self._before = self.value
        metrics, self._new = self.value.metrics, place is None
        self.place = len(metrics) if place is None else place
        name = free_name("events", [*taken, *(metric.name for metric in metrics)])
        self.editor = MetricEditor(value=Metric(name, "count") if place is None else metrics[place])
        self.builders = self.editor.builders
        self.editor.param.watch(lambda *_: self._hear(), ["value", "error"])
        self.param.watch(lambda *_: self._offer(), ["columns", "session_columns", "recipes"])
        self._offer()
        self._hear()

    @property
    def metric(self) -> Metric:
        """The metric as its fields say it."""
        return self.editor.value

    def _offer(self) -> None:
        # A metric cannot ask for itself.
        others = {name: column for name, column in self.session_columns.items() if name != self.metric.name}
        recipes = self.recipes if self._new else []
        self.editor.param.update(columns=self.columns, session_columns=others, recipes=recipes)

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

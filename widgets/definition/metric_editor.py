"""A metric: what is counted, over which events, in which sessions."""

from __future__ import annotations

from typing import Any

import panel as pn
import param

from explorer.crossfilter.formats import count_short
from explorer.crossfilter.selections.range_text import value_label
from explorer.spec.aggregates import AGGREGATES
from explorer.spec.metric import ActorMetric, Metric, Scope
from explorer.spec.pattern import written
from widgets.definition.pattern_field import PatternField
from widgets.definition.value_editor import COMMON, ValueEditor, menu_of, needs, stacked, titled
from widgets.filter_builder import FilterBuilder
from widgets.parts.fields import dropdown

RATIO = "ratio"
PATTERN = "What happens after what in the session. Empty: any event."
PLACES = {
    "every session": 0,
    **{f"the actor's {word}": place for place, word in enumerate(["first", "second", "third", "fourth", "fifth"], 1)},
    "the actor's last": -1,
    "the actor's second to last": -2,
}


class MetricEditor(ValueEditor):
    """All parts of one metric; while something is missing or wrong, the last good value stands."""

    value = param.ClassSelector(class_=Metric)

    labels = menu_of({row.label: row for row in AGGREGATES.values() if row.metric})
    computes = True

    def build(self) -> tuple[Any, ...]:
        self.above = dropdown("Metric", width=200, **COMMON)
        self.below = dropdown("Divided by", width=200, **COMMON)
        self.nth = dropdown("In", options=PLACES, width=240, **COMMON)
        self.where = FilterBuilder(columns=self.columns, label="Condition on events counted")
        self.contains = FilterBuilder(columns=self.columns, label="Condition on an event it contains")
        self.scope = FilterBuilder(columns=self.session_columns, noun="sessions", label="Condition on the session")
        self.builders = (self.where, self.contains, self.scope)
        self.pattern = PatternField(sizing_mode="stretch_width", margin=0)
        self._pattern_part = titled("Pattern of events", PATTERN, self.pattern)
        return self.above, self.below, self.nth, self.pattern

    def fill(self, metric: Metric) -> None:
        scope = metric.scope or Scope()
        nth = scope.nth or 0
        places = PLACES if nth in PLACES.values() else PLACES | {f"the actor's number {nth}": nth}
        self.nth.param.update(options=places, value=nth)
        values = self.columns.get(self.event, {}).get("values", ())
        offered = [
            (value_label(value), written(value), count_short(n)) for value, n in values if isinstance(value, str)
        ]
        self.pattern.param.update(value=str(metric.pattern or ""), offered=offered)
        self.where.param.update(columns=self.columns, value=metric.where)
        self.contains.param.update(columns=self.columns, value=scope.contains)
        self.scope.param.update(columns=self.session_columns, value=scope.where)

    def offered(self) -> dict[str, Any]:
        return self.columns

    def offer(self, aggregate: str, metric: Metric | ActorMetric | None = None) -> None:
        super().offer(aggregate, metric)
        self._pattern_part.visible = takes_pattern(aggregate)
        self.above.visible = self.below.visible = aggregate == RATIO
        others = [name for name in self.session_columns if name != self.name_field.value and self._is_number(name)]
        parts = metric.parts if isinstance(metric, Metric) and aggregate == RATIO else ()
        above, below = (*parts, self.above.value, self.below.value)[:2]
        self.above.param.update(options=_with(others, above), value=above or next(iter(others), None))
        self.below.param.update(options=_with(others, below), value=below or next(iter(others[1:]), None))

    def _is_number(self, name: str) -> bool:
        return self.session_columns[name]["type"] in ("number", "duration", "bool")

    def made(self) -> Metric:
        aggregate, column = self.asked()
        if aggregate == RATIO:
            column = f"{self.above.value or ''} / {self.below.value or ''}"
        scope = Scope(where=self.scope.value, contains=self.contains.value, nth=self.nth.value or None)
        where = None if aggregate == RATIO else self.where.value
        pattern = self.pattern.value.strip() if takes_pattern(aggregate) else ""
        return Metric(self.name_field.value.strip(), aggregate, column, where, scope, pattern or None)

    def __panel__(self) -> pn.viewable.Viewable:
        return stacked(
            *self.fields(self.above, self.below),
            self._pattern_part,
            titled("Events counted", "All events of the session, or only those that match.", self.where),
            titled("Count only in …", "Blank in all other sessions.", self.nth),
            titled("containing an event where", "", self.contains),
            titled("and the session where", "", self.scope),
        )


class ActorMetricEditor(ValueEditor):
    """All parts of one actor metric: the value, and which of the actor's sessions it is of."""

    value = param.ClassSelector(class_=ActorMetric)

    labels = menu_of({row.actor_label or row.label: row for row in AGGREGATES.values() if row.metric and row.of_actors})

    def build(self) -> tuple[Any, ...]:
        self.where = FilterBuilder(columns=self.session_columns, noun="sessions", label="Condition on sessions counted")
        self.builders = (self.where,)
        return ()

    def fill(self, metric: ActorMetric) -> None:
        self.where.param.update(columns=self.session_columns, value=metric.where)

    def offered(self) -> dict[str, Any]:
        return self.session_columns

    def made(self) -> ActorMetric:
        return ActorMetric(self.name_field.value.strip(), *self.asked(), self.where.value)

    def __panel__(self) -> pn.viewable.Viewable:
        sentence = "All sessions of the actor, or only those that match."
        return stacked(*self.fields(), titled("Sessions counted", sentence, self.where))


def takes_pattern(aggregate: str) -> bool:
    """Whether an entry of the menu can ask for a pattern of events.

    >>> takes_pattern("matches"), takes_pattern("any"), takes_pattern("sum")
    (True, True, False)
    """
    return aggregate == "any" or needs(aggregate) == "pattern"


def _with(names: list[str], name: str | None) -> list[str]:
    return names if not name or name in names else [name, *names]

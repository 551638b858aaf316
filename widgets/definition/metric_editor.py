"""A metric: what is counted, over which events, in which sessions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from typing import Any

import panel as pn
import panel_material_ui as pmui
import param

from explorer.errors import SpecError
from explorer.spec.aggregates import AGGREGATES, PERCENTILE
from explorer.spec.metric import Metric, Scope
from widgets.filter_builder import FilterBuilder
from widgets.parts.component import style
from widgets.parts.recipes import RecipeRow

PERCENT, RATIO = "percentile", "ratio"
LABELS = {row.label: row.name for row in AGGREGATES.values() if row.metric and not PERCENTILE.fullmatch(row.name)}
LABELS |= {"Percentile of": PERCENT}
PLACES = {
    "every session": 0,
    **{f"the actor's {word}": place for place, word in enumerate(["first", "second", "third", "fourth", "fifth"], 1)},
    "the actor's last": -1,
    "the actor's second to last": -2,
}
LABEL = style("parts/heading.css") + "h2 { line-height: 24px; font-size: 13px; } p { margin: 0; }"
WRONG = {"color": "var(--danger-bg-color, #c62828)"}
COMMON: dict[str, Any] = {"size": "small", "margin": 0}


class MetricEditor(pn.viewable.Viewer):
    """All parts of one metric; while something is missing or wrong, the last good value stands."""

    value = param.ClassSelector(class_=Metric)
    columns = param.Dict(default={}, doc="Columns of events; see FilterBuilder.")
    session_columns = param.Dict(default={}, doc="Columns of sessions and metrics; see FilterBuilder.")
    recipes = param.List(default=[], doc="Ready-made metrics to begin with: (title, Metric) each.")
    error = param.String(default="", doc="Why the metric cannot be, said below its fields.")

    def __init__(self, **params: Any) -> None:
        super().__init__(**params)
        self._quiet = False
        self.name_field = pmui.TextInput(label="Name", width=240, **COMMON)
        self.aggregate = pmui.Select(label="Value", options=LABELS, width=240, **COMMON)
        self.column = pmui.Select(label="Column", searchable=True, width=240, **COMMON)
        self.percent = pmui.IntInput(label="Percent", start=1, end=99, value=90, width=100, **COMMON)
        self.above = pmui.Select(label="Metric", width=200, **COMMON)
        self.below = pmui.Select(label="Divided by", width=200, **COMMON)
        self.nth = pmui.Select(label="In", options=PLACES, width=240, **COMMON)
        self.where = FilterBuilder(columns=self.columns, label="Condition on events counted")
        self.contains = FilterBuilder(columns=self.columns, label="Condition on an event it contains")
        self.scope = FilterBuilder(columns=self.session_columns, noun="sessions", label="Condition on the session")
        self.builders = (self.where, self.contains, self.scope)
        self.recipe_row = RecipeRow()
        self._begin = _titled("Begin with", "", self.recipe_row)
        self._fields = (self.name_field, self.aggregate, self.column, self.percent, self.above, self.below, self.nth)
        for part in (*self._fields, *self.builders):
            part.param.watch(lambda *_: self._hear(), "value")
        self.recipe_row.param.watch(lambda event: self._cook(event.new), "chosen")
        self.param.watch(lambda *_: self._show(), ["value", "columns", "session_columns", "recipes"])
        self._show()

    # ---- the value and the fields

    def _show(self) -> None:
        metric = self.value
        if metric is None:
            return
        scope = metric.scope or Scope()
        percentile = PERCENTILE.fullmatch(metric.aggregate)
        aggregate = PERCENT if percentile else metric.aggregate
        self._begin.visible = bool(self.recipes)
        self.recipe_row.value = [title for title, _ in self.recipes]
        with self._quietly():
            self.name_field.value = metric.name
            self.aggregate.value = aggregate
            if percentile:
                self.percent.value = int(percentile[1])
            self._offer(aggregate, metric)
            places = (
                PLACES
                if (scope.nth or 0) in PLACES.values()
                else PLACES | {f"the actor's number {scope.nth}": scope.nth}
            )
            self.nth.param.update(options=places, value=scope.nth or 0)
            self.where.param.update(columns=self.columns, value=metric.where)
            self.contains.param.update(columns=self.columns, value=scope.contains)
            self.scope.param.update(columns=self.session_columns, value=scope.where)

    def _offer(self, aggregate: str, metric: Metric | None = None) -> None:
        """Show the fields that fit an aggregate, with what can be chosen in them."""
        names = self._fitting(aggregate)
        column = metric.column if metric else self.column.value
        if metric and column and _needs(aggregate) == "column" and column not in names:
            names = [column, *names]
        self.column.visible = _needs(aggregate) == "column"
        self.column.param.update(options=names, value=column if column in names else (names[0] if names else None))
        self.percent.visible = aggregate == PERCENT
        self.above.visible = self.below.visible = aggregate == RATIO
        others = [name for name in self.session_columns if name != self.name_field.value and self._is_number(name)]
        above, below = (*(metric.parts if metric and aggregate == RATIO else ()), self.above.value, self.below.value)[
            :2
        ]
        self.above.param.update(options=_with(others, above), value=above or next(iter(others), None))
        self.below.param.update(options=_with(others, below), value=below or next(iter(others[1:]), None))

    def _fitting(self, aggregate: str) -> list[str]:
        kinds = AGGREGATES["p50" if aggregate == PERCENT else aggregate].takes
        return [name for name, column in self.columns.items() if not kinds or column["type"] in kinds]

    def _is_number(self, name: str) -> bool:
        return self.session_columns[name]["type"] in ("number", "duration", "bool")

    def _hear(self) -> None:
        if self._quiet:
            return
        with self._quietly():
            self._offer(self.aggregate.value)
        try:
            metric = self._made()
        except SpecError as error:
            self.error = str(error)
        else:
            self.error = ""
            self.value = metric

    def _made(self) -> Metric:
        aggregate, column = self.aggregate.value, None
        if aggregate == PERCENT:
            aggregate = f"p{self.percent.value or 90:02}"
        if self.column.visible:
            column = self.column.value
        if self.aggregate.value == RATIO:
            column = f"{self.above.value or ''} / {self.below.value or ''}"
        scope = Scope(where=self.scope.value, contains=self.contains.value, nth=self.nth.value or None)
        where = None if self.aggregate.value == RATIO else self.where.value
        return Metric(self.name_field.value.strip(), aggregate, column, where, scope)

    def _cook(self, chosen: int) -> None:
        if chosen >= 0:
            self.param.update(value=self.recipes[chosen][1], error="")

    @contextmanager
    def _quietly(self) -> Iterator[None]:
        before, self._quiet = self._quiet, True
        try:
            yield
        finally:
            self._quiet = before

    # ---- places

    def __panel__(self) -> pn.viewable.Viewable:
        parts = [
            self._begin,
            pn.FlexBox(
                self.name_field, self.aggregate, self.percent, self.column, self.above, self.below,
                gap="12px", sizing_mode="stretch_width", margin=(6, 0, 0, 0),
            ),
            pn.pane.HTML(pn.bind(escape, self.param.error), visible=self.param.error.rx.bool(), styles=WRONG, margin=0),
            _titled("Events counted", "All events of the session, or only those that match.", self.where),
            _titled("Count only in …", "Blank in all other sessions.", self.nth),
            _titled("containing an event where", "", self.contains),
            _titled("and the session where", "", self.scope),
        ]  # fmt: skip
        return pn.Column(*parts, sizing_mode="stretch_width", margin=0, styles={"gap": "12px"})


def _titled(title: str, sentence: str, content: Any) -> pn.Column:
    below = f"<p>{sentence}</p>" if sentence else ""
    heading = pn.pane.HTML(
        f"<h2>{title}</h2>{below}", stylesheets=[LABEL], margin=(0, 0, 4, 0), sizing_mode="stretch_width"
    )
    return pn.Column(heading, content, sizing_mode="stretch_width", margin=0)


def _with(names: list[str], name: str | None) -> list[str]:
    return names if not name or name in names else [name, *names]


def _needs(aggregate: str) -> str:
    return "column" if aggregate == PERCENT else AGGREGATES[aggregate].needs

"""What editors of metrics have in common: a name, an aggregate, a column, ready-made ones to begin with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html import escape
from typing import Any, ClassVar

import panel as pn
import panel_material_ui as pmui
import param
import polars as pl

from explorer.errors import SpecError, located
from explorer.plan.binding import bind
from explorer.plan.bound import Meaning
from explorer.spec.aggregates import AGGREGATES, PERCENTILE, Aggregate
from explorer.spec.expression.clause import columns, parse_value
from explorer.spec.expression.clause_words import value_words
from explorer.spec.metric import ActorMetric, Metric
from widgets.filter_builder import FilterBuilder
from widgets.notebook.inline import Shown
from widgets.parts.component import style
from widgets.parts.fields import dropdown
from widgets.parts.recipes import RecipeRow

PERCENT = "percentile"
LABEL = style("parts/heading.css") + "h2 { line-height: 24px; font-size: var(--text-m); } p { margin: 0; }"
WRONG = {"color": "var(--danger-bg-color, #c62828)"}
TOLD = style("parts/remark.css")
EXPRESSION, WRITE_ONE = "@expression", "An expression …"
KINDS: dict[str, pl.DataType] = {
    "text": pl.String(), "number": pl.Float64(), "time": pl.Datetime("us"), "bool": pl.Boolean(),
    "duration": pl.Duration("us"),
}  # fmt: skip
COMMON: dict[str, Any] = {"size": "small", "margin": 0}


def menu_of(rows: dict[str, Aggregate]) -> dict[str, str]:
    """The menu of some aggregates, of whose percentiles there is one entry."""
    found = {label: row.name for label, row in rows.items() if not PERCENTILE.fullmatch(row.name)}
    return found | {"Percentile of": PERCENT}


class ValueEditor(Shown):
    """One metric, of sessions or of actors; while something is missing or wrong, the last good value stands."""

    value = param.ClassSelector(class_=(Metric, ActorMetric))
    columns = param.Dict(default={}, doc="Columns of events; see FilterBuilder.")
    session_columns = param.Dict(default={}, doc="Columns of sessions and metrics; see FilterBuilder.")
    recipes = param.List(default=[], doc="Ready-made metrics to begin with: (title, metric) each.")
    event = param.String(default="", doc="The column that says what happened in an event; empty where none does.")
    error = param.String(default="", doc="Why the metric cannot be, said below its fields.")

    labels: dict[str, str]
    computes: ClassVar[bool] = False
    """Whether a column may be an expression that is typed."""

    def __init__(self, **params: Any) -> None:
        super().__init__(**params)
        self._quiet = False
        self.suggest: Callable[[Any], str] | None = None  # what a metric is called that has no name of its own
        self._suggested: str | None = None
        self.name_field = pmui.TextInput(label="Name", width=240, **COMMON)
        self.aggregate = dropdown("Value", options=self.labels, width=240, **COMMON)
        self.column = dropdown("Column", searchable=True, width=240, **COMMON)
        self.expression = pmui.TextInput(
            label="Expression", placeholder="amount * quantity", width=360, visible=False, **COMMON
        )
        self._told = pn.pane.HTML("", stylesheets=[TOLD], margin=0, visible=False, sizing_mode="stretch_width")
        self.expression.param.watch(lambda event: self._tell(event.new), "value_input")
        self.percent = pmui.IntInput(label="Percent", start=1, end=99, value=90, width=100, **COMMON)
        self.recipe_row = RecipeRow()
        self._begin = titled("Begin with", "", self.recipe_row)
        self.builders: tuple[FilterBuilder, ...] = ()
        more = self.build()
        for part in (
            self.name_field,
            self.aggregate,
            self.column,
            self.expression,
            self.percent,
            *more,
            *self.builders,
        ):
            part.param.watch(lambda *_: self._hear(), "value")
        self.recipe_row.param.watch(lambda event: self._cook(event.new), "chosen")
        self.param.watch(lambda *_: self._show(), ["value", "columns", "session_columns", "recipes", "event"])
        self._show()

    def build(self) -> tuple[Any, ...]:
        """Make `builders` and the fields besides the common ones; gives these fields."""
        raise NotImplementedError

    def fill(self, metric: Any) -> None:
        """Show the metric in the fields that `build` made."""
        raise NotImplementedError

    def made(self) -> Metric | ActorMetric:
        """The metric that the fields say; raises SpecError."""
        raise NotImplementedError

    def offered(self) -> dict[str, Any]:
        """What a column can be chosen of."""
        raise NotImplementedError

    # ---- the value and the fields

    def _show(self) -> None:
        metric = self.value
        if metric is None:
            return
        percentile = PERCENTILE.fullmatch(metric.aggregate)
        aggregate = PERCENT if percentile else metric.aggregate
        self._begin.visible = bool(self.recipes)
        self.recipe_row.value = [title for title, _ in self.recipes]
        with self._quietly():
            self.name_field.value = metric.name
            self.aggregate.value = aggregate
            if percentile:
                self.percent.value = int(percentile[1])
            self.offer(aggregate, metric)
            self.fill(metric)

    def offer(self, aggregate: str, metric: Metric | ActorMetric | None = None) -> None:
        """Show the fields that fit an aggregate, with what can be chosen in them."""
        names = self._fitting(aggregate)
        column = metric.column if metric else self.column.value
        takes_column = needs(aggregate) == "column"
        if metric and column and self.computes and takes_column and column not in self.offered():
            self.expression.value, column = column, EXPRESSION
        if column and column != EXPRESSION and takes_column and column not in names and metric:
            names = [column, *names]
        options = self._titled(names) | ({WRITE_ONE: EXPRESSION} if self.computes else {})
        value = column if column in options.values() else next(iter(options.values()), None)
        self.column.visible = takes_column
        self.column.param.update(options=options, value=value)
        self.expression.visible = self._told.visible = self.column.visible and value == EXPRESSION
        self._tell(self.expression.value)
        self.percent.visible = aggregate == PERCENT

    def _fitting(self, aggregate: str) -> list[str]:
        kinds = AGGREGATES["p50" if aggregate == PERCENT else aggregate].takes
        words = {"truth value": "bool"}
        taken = [words.get(kind, kind) for kind in kinds]
        return [name for name, column in self.offered().items() if not kinds or column["type"] in taken]

    def _titled(self, names: list[str]) -> dict[str, str]:
        """Columns by what they are called in the menu; those that no source has say what they are."""
        told = self.offered()
        about = {name: told[name].get("about") for name in names if name in told}
        return {f"{name} – {about[name]}" if about.get(name) else name: name for name in names}

    def _hear(self) -> None:
        if self._quiet:
            return
        with self._quietly():
            self.offer(self.aggregate.value)
        try:
            metric = self.made()
        except SpecError as error:
            self.error = str(error)
        else:
            self.error = ""
            self.value = self._named(metric)

    def _named(self, metric: Metric | ActorMetric) -> Metric | ActorMetric:
        """The metric by the name that follows from it, as long as nobody has typed another."""
        if self.suggest is None:
            return metric
        if self._suggested is None and self.value is not None:
            self._suggested = self.value.name
        if metric.name != self._suggested:
            return metric
        self._suggested = self.suggest(metric)
        with self._quietly():
            self.name_field.value = self._suggested
        return metric.replace(name=self._suggested)

    def asked(self) -> tuple[str, str | None]:
        """The aggregate and the column that the fields say."""
        aggregate = self.aggregate.value
        if aggregate == PERCENT:
            aggregate = f"p{self.percent.value or 90:02}"
        if self.expression.visible:
            text = (self.expression.value or "").strip()
            with located("column"):
                if not text:
                    raise SpecError("Write an expression such as amount * quantity.")
                return aggregate, str(parse_value(text))
        return aggregate, self.column.value if self.column.visible else None

    def _tell(self, text: str | None) -> None:
        """Say what an expression computes while it is typed, or why it cannot."""
        if self._told.visible:
            self._told.object = self.told(text or "")

    def told(self, text: str) -> str:
        """What an expression says, or why it cannot be computed, as HTML."""
        if not text.strip():
            return "<p>Columns, functions and values: amount * quantity, least(until_next, '30s'), length(page)</p>"
        try:
            node = parse_value(text)
            known = {name: KINDS[column["type"]] for name, column in self.offered().items()}
            # A field of a record is no column of the menu: whoever computes it says whether it is there.
            fields = any("." in name and name not in known for name in columns(node))
            kind = "" if fields else bind(node, Meaning(known)).kind.value
        except SpecError as error:
            return f'<p class="problem" role="alert">{escape(str(error))}</p>'
        return f"<p>{escape(value_words(node))}{f' – a {escape(kind)}' if kind else ''}</p>"

    def _cook(self, chosen: int) -> None:
        if chosen >= 0:
            self._suggested = self.recipes[chosen][1].name
            self.param.update(value=self.recipes[chosen][1], error="")

    @contextmanager
    def _quietly(self) -> Iterator[None]:
        before, self._quiet = self._quiet, True
        try:
            yield
        finally:
            self._quiet = before

    # ---- places

    def fields(self, *more: Any) -> list[Any]:
        """The common fields with some more in their row, and what is wrong below them."""
        row = (self.name_field, self.aggregate, self.percent, self.column, self.expression, *more)
        return [
            self._begin,
            pn.FlexBox(*row, gap="12px", sizing_mode="stretch_width", margin=(6, 0, 0, 0)),
            self._told,
            wrong(self, self._told),
        ]


def wrong(editor: Any, told: pn.pane.HTML | None = None) -> pn.pane.HTML:
    """Why what an editor holds cannot be; not again what is `told` beside an expression, while that is shown."""
    error = editor.param.error
    elsewhere = told.param.visible if told is not None else False
    shown = pn.bind(
        lambda text, is_told: bool(text) and not (is_told and text.startswith("column: ")), error, elsewhere
    )
    return pn.pane.HTML(pn.bind(escape, error), visible=shown, styles=WRONG, margin=0)


def stacked(*parts: Any) -> pn.Column:
    """Parts of an editor, one below the other."""
    return pn.Column(*parts, sizing_mode="stretch_width", margin=0, styles={"gap": "12px"})


def titled(title: str, sentence: str, content: Any) -> pn.Column:
    """A part of an editor under a heading."""
    below = f"<p>{sentence}</p>" if sentence else ""
    heading = pn.pane.HTML(
        f"<h2>{title}</h2>{below}", stylesheets=[LABEL], margin=(0, 0, 4, 0), sizing_mode="stretch_width"
    )
    return pn.Column(heading, content, sizing_mode="stretch_width", margin=0)


def needs(aggregate: str) -> str:
    """What an entry of the menu is asked of."""
    return "column" if aggregate == PERCENT else AGGREGATES[aggregate].needs

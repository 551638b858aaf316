"""Derived columns while they are written: a name, an expression, and what it makes of the first events."""

from __future__ import annotations

from html import escape
from typing import Any

import panel as pn
import panel_material_ui as pmui
import param
import polars as pl

from explorer.engine.answers.columns import DerivedRecipe
from explorer.errors import ExplorerError
from explorer.plan.in_polars.predicate import expression
from explorer.spec.columns import Columns
from explorer.spec.expression.clause import parse_value
from explorer.spec.expression.clause_words import value_words
from explorer.spec.expression.functions import FUNCTIONS
from widgets.data.columns_editor import HINT
from widgets.notebook.inline import Shown
from widgets.parts.fields import dropdown

EXAMPLES = 4
FORMS = {
    f"{row.name} – {row.label}": row.example
    for row in FUNCTIONS
    if row.name.isidentifier() and row.name != "negate" and row.group != "Arithmetic"
}


class DerivedRow(Shown):
    """One derived column; `value` is its name and its text, taken when a field is left."""

    value = param.Tuple(default=("", ""), length=2)
    removed = param.Event()

    def __init__(self, sample: pl.DataFrame, zone: str | None, now: int, **params: Any) -> None:
        super().__init__(**params)
        self._sample, self._zone, self._now = sample, zone, now
        common: dict[str, Any] = {"size": "small", "margin": (4, 8, 4, 0)}
        name, text = self.value
        self.name_field = pmui.TextInput(label="Name", value=name, width=170, **common)
        self.text_field = pmui.TextInput(
            label="Expression",
            value=text,
            placeholder="url_param(url, 'utm_campaign')",
            sizing_mode="stretch_width",
            **common,
        )
        self._remove = pmui.IconButton(
            icon="close", label="", description=f"Remove {name or 'this column'}", size="small"
        )
        self._told = pn.pane.HTML(self.told(text), stylesheets=[HINT], margin=(0, 0, 4, 2))
        self.text_field.param.watch(lambda event: self._told.param.update(object=self.told(event.new)), "value_input")
        for field in (self.name_field, self.text_field):
            field.param.watch(lambda _: self._take(), "value")
        self._remove.param.watch(lambda _: self.param.trigger("removed"), "clicks")

    def told(self, text: str) -> str:
        """What an expression says, and what it makes of the first events; or why it cannot be computed."""
        if not (text or "").strip():
            return "<p>Columns, functions and values: lower(page), amount * 2, CASE WHEN ... THEN ... END</p>"
        try:
            node = parse_value(text)
            value = expression(node, self._sample.schema, self._zone, self._now)
            made = self._sample.with_columns(value.alias("@made"))["@made"]
        except ExplorerError as error:
            return f'<p class="problem" role="alert">{escape(str(error))}</p>'
        except pl.exceptions.PolarsError as error:
            return f'<p class="problem" role="alert">{escape(str(error).splitlines()[0])}</p>'
        shown = [str(each) for each in made.drop_nulls().unique(maintain_order=True).head(EXAMPLES).to_list()]
        nulls = made.null_count() / max(len(made), 1)
        examples = ", ".join(f"<code>{escape(each[:60])}</code>" for each in shown) or "nothing but nulls"
        empty = f"; {100 * nulls:.0f} % null" if nulls else ""
        return f"<p>{escape(value_words(node))}: {examples}{empty} (first {len(made):,} events)</p>"

    def _take(self) -> None:
        self._told.object = self.told(self.text_field.value)
        self.value = (self.name_field.value.strip(), self.text_field.value.strip())

    def __panel__(self) -> pn.viewable.Viewable:
        line = pn.Row(self.name_field, self.text_field, self._remove, sizing_mode="stretch_width", margin=0)
        return pn.Column(line, self._told, sizing_mode="stretch_width", margin=0)


class DerivedEditor(Shown):
    """The derived columns of `columns`; `value` is the columns with what was written, where that can be read."""

    columns = param.ClassSelector(class_=Columns, allow_None=True, doc="How the columns are read now.")
    sample = param.ClassSelector(class_=pl.DataFrame, allow_None=True, doc="The first events.")
    recipes = param.ClassSelector(class_=tuple, default=(), doc="What the data suggest.")
    now = param.Integer(default=0)
    value = param.ClassSelector(class_=Columns, allow_None=True, doc="OUT: the columns that are asked for.")
    error = param.String(default="", doc="OUT: why what was written cannot be.")

    def __init__(self, **params: Any) -> None:
        super().__init__(**params)
        self.rows: list[DerivedRow] = []
        self._list = pn.Column(sizing_mode="stretch_width", margin=0)
        self.add = pmui.Button(label="Add derived column", icon="add", variant="text", size="small")
        self.add.param.watch(lambda _: self._append("", ""), "clicks")
        common: dict[str, Any] = {"size": "small", "width": 260, "margin": (4, 8, 4, 0)}
        self.recipe = dropdown("From the data at hand", options=["Choose"], **common)
        self.function = dropdown("Functions", options=["Choose", *FORMS], searchable=True, **common)
        self.example = pn.pane.HTML("", stylesheets=[HINT], margin=(2, 0))
        self.recipe.param.watch(lambda event: self._cook(event.new), "value")
        self.function.param.watch(lambda event: self._explain(event.new), "value")
        self.param.watch(lambda *_: self._show(), ["columns", "sample", "recipes"])
        self._show()

    def _show(self) -> None:
        if self.columns is None or self.sample is None:
            return
        written = [row.value for row in self.rows if all(row.value)]
        there = [(each.name, str(each.value)) for each in self.columns.derived]
        self.recipe.options = ["Choose", *(recipe.words for recipe in self.recipes)]
        if sorted(written) != sorted(there) or not self.rows:
            self.rows = []
            for name, text in there:
                self._append(name, text)
        self._lay()

    def _append(self, name: str, text: str) -> None:
        if self.sample is None or self.columns is None:
            return
        sample = self.sample.drop([each.name for each in self.columns.derived if each.name == name], strict=False)
        row = DerivedRow(sample, self.columns.time_zone, self.now, value=(name, text))
        row.param.watch(lambda _: self._take(), "value")
        row.param.watch(lambda _: self._drop(row), "removed")
        self.rows = [*self.rows, row]
        self._lay()

    def _drop(self, row: DerivedRow) -> None:
        self.rows = [each for each in self.rows if each is not row]
        self._lay()
        self._take()

    def _lay(self) -> None:
        self._list.objects = list(self.rows)

    def _cook(self, words: str) -> None:
        recipe: DerivedRecipe | None = next((each for each in self.recipes if each.words == words), None)
        if recipe is not None:
            self._append(recipe.name, recipe.value)
            self.recipe.value = "Choose"
            self._take()

    def _explain(self, chosen: str) -> None:
        example = FORMS.get(chosen, "")
        self.example.object = f"<p>For example <code>{escape(example)}</code></p>" if example else ""

    def _take(self) -> None:
        if self.columns is None:
            return
        derived = {name: text for name, text in (row.value for row in self.rows) if name and text}
        try:
            value = self.columns.replace(derived=derived)
        except ExplorerError as error:
            self.error = str(error)
            return
        self.error = ""
        self.value = value

    def __panel__(self) -> pn.viewable.Viewable:
        tools = pn.FlexBox(self.add, self.recipe, self.function, self.example, sizing_mode="stretch_width", margin=0)
        return pn.Column(self._list, tools, sizing_mode="stretch_width", margin=0)

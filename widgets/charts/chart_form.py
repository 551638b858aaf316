"""The form that changes a chart; every change is told at once."""

from __future__ import annotations

from typing import Any

import param

from explorer.errors import SpecError
from explorer.spec.charts.chart import Chart
from widgets.charts.chart_fields import Choices, changed, fields
from widgets.notebook.inline import Shown
from widgets.parts.component import Component, script, style


class FormFields(Component):
    """What the browser shows."""

    fields = param.List(default=[])
    label = param.String(default="Change this chart")

    _esm = script("charts/chart_form.js")
    _stylesheets = [style("charts/chart_form.css")]


class ChartForm(Shown):
    """`value` is the chart; a field that does not fit says why and changes nothing."""

    value = param.ClassSelector(class_=Chart)
    choices = param.ClassSelector(class_=Choices)

    def __init__(self, **params: Any) -> None:
        super().__init__(**params)
        self._fields = FormFields(sizing_mode="stretch_width", margin=0)
        self._fields.on_msg(lambda event: self.hear(event.data))
        self.param.watch(lambda *_: self._show(), ["value", "choices"])
        self._show()

    def hear(self, message: dict[str, Any]) -> None:
        """Take what was chosen or typed in the browser."""
        name, value = message["name"], message["value"]
        try:
            chart = changed(self.value, name, value, self.choices)
        except SpecError as error:
            self._show({name: str(error).removeprefix(f"{error.where}: ")}, {name: value})
            return
        if chart == self.value:
            self._show()
        self.value = chart

    def _show(self, errors: dict[str, str] | None = None, typed: dict[str, Any] | None = None) -> None:
        found = fields(self.value, self.choices)
        for each in found:
            each["error"] = (errors or {}).get(each["name"], "")
            each["value"] = (typed or {}).get(each["name"], each["value"])
        self._fields.fields = found

    def __panel__(self) -> FormFields:
        return self._fields

"""The inactivity of a session definition, over what the gaps say about it."""

from __future__ import annotations

from typing import Any

import panel as pn
import panel_material_ui as pmui
import param

from explorer.errors import SpecError
from explorer.report.still import numbers_still
from explorer.spec.session import SessionDefinition
from widgets.definition.duration import DurationSlider
from widgets.notebook.inline import NOTE, Shown
from widgets.parts.component import style
from widgets.parts.tab_stops import RULES
from widgets.parts.theme import help_html

# Towards the left, since a sidebar cuts off what leaves it.
TOOLTIP = "p { position: relative; } .help { position: static; } .help::after { left: 0; right: auto; width: 240px; }"


class InactivityEditor(Shown):
    """The inactivity of one definition; every other part of `value` stays as it is."""

    value = param.ClassSelector(class_=SessionDefinition, allow_None=True)
    dragging = param.String(doc="The inactivity under the thumb; fires at every step.")
    caption = param.String(doc="What the slider says below itself while dragging.")
    heights = param.List(default=[], doc="The histogram of gaps; see DurationSlider.")
    suggestion = param.String(doc="The inactivity that the gaps suggest; empty where they suggest none.")
    reason = param.String(doc="Why, in a sentence; empty until it is known.")
    error = param.String(default="", doc="Why the last inactivity could not be, said beside the field.")

    def __init__(self, **params: Any) -> None:
        super().__init__(**params)
        self._slider = DurationSlider()
        self._use = pmui.Button(variant="text", size="small", visible=False, margin=0)
        self._use.on_click(lambda _: self._slider.param.update(value=self.suggestion))
        self._slider.param.watch(lambda *_: self._hear(), "value")
        self._slider.param.watch(lambda event: self.param.update(dragging=event.new), "dragging")
        for name in ("caption", "heights", "suggestion", "error"):
            self.param.watch(lambda event: self._slider.param.update(**{event.name: event.new}), name)
        self.param.watch(lambda *_: self._show(), "value")
        self.param.watch(lambda *_: self._suggest(), ["value", "suggestion"])
        self._show()

    def _show(self) -> None:
        if self.value is not None:
            self._slider.value = str(self.value.inactivity)

    def _hear(self) -> None:
        if self.value is None or self._slider.value == str(self.value.inactivity):
            return
        try:
            self.value = self.value.replace(inactivity=self._slider.value)
        except SpecError as error:
            self._show()  # the last good value stands
            self._slider.error = str(error).removeprefix(f"{error.where}: ")

    def _suggest(self) -> None:
        differs = bool(self.suggestion) and self.value is not None and self.suggestion != str(self.value.inactivity)
        self._use.param.update(label=f"Use {self.suggestion}", visible=differs)

    def _suggested(self, suggestion: str, reason: str) -> str:
        if not reason:
            return ""
        said = f"Suggested: {suggestion}" if suggestion else "No suggestion"
        return f"<p>{said} {help_html(reason, 'inactivity')}</p>"

    def __panel__(self) -> pn.viewable.Viewable:
        said = pn.pane.HTML(
            pn.bind(self._suggested, self.param.suggestion, self.param.reason),
            stylesheets=[style("parts/heading.css"), TOOLTIP],
            margin=(9, 0, 0, 0),
            sizing_mode="stretch_width",
        )
        suggested = pn.Row(said, self._use, sizing_mode="stretch_width", margin=0, css_classes=RULES)
        return pn.Column(self._slider, suggested, sizing_mode="stretch_width", margin=0)

    def still(self) -> str:
        """The inactivity and what it comes to."""
        return numbers_still(["Inactivity"], [[str(self.value.inactivity)]], NOTE) if self.value else ""

"""The session definition: how long a silence may be, and what begins a session anew."""

from __future__ import annotations

from html import escape
from typing import Any

import panel as pn
import panel_material_ui as pmui
import param

from explorer.errors import SpecError
from explorer.spec.prose import definition_sentence
from explorer.spec.session import SessionDefinition
from widgets.browser import style
from widgets.condition import ConditionEditor
from widgets.duration import DurationSlider

SENTENCE = """
p { margin: 0; font: 13px/1.5 var(--bokeh-base-font, inherit); color: var(--panel-on-surface-color); opacity: .75 }
"""
# Towards the left, since a sidebar cuts off what leaves it.
TOOLTIP = ".help::after { left: auto; right: -90px; width: 250px; }"


class SessionEditor(pn.viewable.Viewer):
    """Inactivity and restart of one definition; every other part of `value` stays as it is."""

    value = param.ClassSelector(class_=SessionDefinition, allow_None=True)
    dragging = param.String(doc="The inactivity under the thumb; fires at every step.")
    caption = param.String(doc="What the slider says below itself while dragging.")
    suggestion = param.String(doc="The inactivity that the silences suggest; empty where they suggest none.")
    reason = param.String(doc="Why, in a sentence; empty until it is known.")
    columns = param.Dict(default={}, doc="What the restart condition can ask for; see ConditionEditor.")
    actor = param.String(default="actor")
    error = param.String(default="", doc="Why the last change could not be made, said beside the restart condition.")

    def __init__(self, **params: Any) -> None:
        super().__init__(**params)
        self._inactivity = DurationSlider()
        self._restart = ConditionEditor(columns=self.columns)
        self._use = pmui.Button(variant="text", size="small", visible=False, margin=0)
        self._use.on_click(lambda _: self._inactivity.param.update(value=self.suggestion))
        self._quiet = False
        self._inactivity.param.watch(lambda *_: self._hear(), "value")
        self._inactivity.param.watch(lambda event: self.param.update(dragging=event.new), "dragging")
        self._restart.param.watch(lambda *_: self._hear(), "value")
        self.param.watch(lambda event: self._inactivity.param.update(caption=event.new), "caption")
        self.param.watch(lambda event: self._restart.param.update(columns=event.new), "columns")
        self.param.watch(lambda event: self._restart.param.update(error=event.new), "error")
        self.param.watch(lambda *_: self._show(), "value")
        self.param.watch(lambda *_: self._suggest(), ["value", "suggestion"])
        self._show()

    def _show(self) -> None:
        if self.value is None:
            return
        self._quiet = True
        try:
            self._inactivity.value = str(self.value.inactivity)
            self._restart.value = None if self.value.restart is None else str(self.value.restart)
        finally:
            self._quiet = False

    def _hear(self) -> None:
        if self._quiet or self.value is None:
            return
        try:
            self.value = self.value.replace(inactivity=self._inactivity.value, restart=self._restart.value)
        except SpecError as error:
            self._show()  # the last good value stands
            self._inactivity.error = str(error).removeprefix(f"{error.where}: ")

    def _suggest(self) -> None:
        differs = bool(self.suggestion) and self.value is not None and self.suggestion != str(self.value.inactivity)
        self._use.param.update(label=f"Use {self.suggestion}", visible=differs)

    def _suggested(self, suggestion: str, reason: str) -> str:
        if not reason:
            return ""
        said = f"The silences suggest {suggestion}" if suggestion else "The silences suggest no value"
        return f'<p>{said} <span class="help" tabindex="0" role="note" aria-label="{escape(reason)}">?</span></p>'

    def _sentence(self, value: SessionDefinition | None, actor: str) -> str:
        return f"<p>{escape(definition_sentence(value, actor))}</p>" if value else ""

    def __panel__(self) -> pn.viewable.Viewable:
        sentence = pn.bind(self._sentence, self.param.value, self.param.actor)
        return pn.Column(
            self._inactivity,
            pn.Row(
                pn.pane.HTML(
                    pn.bind(self._suggested, self.param.suggestion, self.param.reason),
                    stylesheets=[style("heading.css"), TOOLTIP],
                    margin=(9, 0, 0, 0),
                    sizing_mode="stretch_width",
                ),
                self._use,
                sizing_mode="stretch_width",
                margin=0,
            ),
            pn.Column(self._restart, sizing_mode="stretch_width", margin=(12, 0, 0, 0)),
            pn.pane.HTML(sentence, stylesheets=[SENTENCE], margin=(10, 0, 0, 0), sizing_mode="stretch_width"),
            sizing_mode="stretch_width",
            margin=0,
        )

"""Which columns are the actor, the time and the event."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Any

import panel as pn
import panel_material_ui as pmui
import param

from explorer.spec.columns import Columns

NO_EVENT = "(none)"
HINT = """
p { margin: 0; font: 13px/1.5 var(--bokeh-base-font, inherit); color: var(--panel-on-surface-color); opacity: .75 }
"""


class ColumnsEditor(pn.viewable.Viewer):
    """Three menus; `value` changes when one of them does."""

    value = param.ClassSelector(class_=Columns, allow_None=True)
    names = param.List(default=[], item_type=str, doc="The columns that there are.")
    hint = param.String(doc="Said below the menus.")

    def __init__(self, **params: Any) -> None:
        super().__init__(**params)
        common: dict[str, Any] = {"size": "small", "sizing_mode": "stretch_width", "margin": (4, 0)}
        self._actor = pmui.Select(
            label="Actor", description="Who did it: every actor has sessions of its own", **common
        )
        self._time = pmui.Select(label="Time", description="When it happened", **common)
        self._event = pmui.Select(label="Event", description="What happened", **common)
        self._quiet = False
        self.param.watch(lambda *_: self._show(), ["value", "names"])
        for menu in (self._actor, self._time, self._event):
            menu.param.watch(lambda *_: self._hear(), "value")
        self._show()

    def _show(self) -> None:
        if self.value is None:
            return
        self._quiet = True
        try:
            self._actor.param.update(
                options=_options([self.value.actor_name, *self.names]), value=self.value.actor_name
            )
            self._time.param.update(options=_options([self.value.time, *self.names]), value=self.value.time)
            event = self.value.event or NO_EVENT
            self._event.param.update(options=_options([NO_EVENT, event, *self.names]), value=event)
        finally:
            self._quiet = False

    def _hear(self) -> None:
        if self._quiet or self.value is None:
            return
        actor = self.value.actor if self._actor.value == self.value.actor_name else (self._actor.value,)
        event = None if self._event.value == NO_EVENT else self._event.value
        self.value = self.value.replace(actor=actor, time=self._time.value, event=event)

    def __panel__(self) -> pn.viewable.Viewable:
        hint = pn.pane.HTML(f"<p>{escape(self.hint)}</p>", stylesheets=[HINT], margin=(2, 0, 0, 0))
        menus = (self._actor, self._time, self._event)
        return pn.Column(*menus, *([hint] if self.hint else []), sizing_mode="stretch_width", margin=0)


def _options(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))

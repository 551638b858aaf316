"""Which columns are the actor, the time, the event and the order, and how times are read."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Any
from zoneinfo import available_timezones

import panel as pn
import panel_material_ui as pmui
import param

from explorer.errors import SpecError
from explorer.spec.columns import UNITS, Columns
from widgets.data.file_fields import DETECTED, FileFields
from widgets.notebook.inline import Shown
from widgets.notebook.told import Told
from widgets.parts.component import style
from widgets.parts.fields import dropdown, dropdown_of_several

NO_EVENT = "(none)"
AS_IN_DATA = "as in the data (UTC)"
NO_DAY = "(in the same column)"
# Words that logs write for nobody; more are told in the document or on the command line.
NOBODY = ("NULL", "null", "\\N", "None", "NA", "N/A", "nan", "(not set)", "anonymous", "unknown", "-")
SIDE_BY_SIDE = """
:host {
  display: grid; gap: 8px 16px; height: max-content;
  grid-template-columns: repeat(auto-fit, minmax(min(100%, 210px), 1fr));
}
"""
HINT = style("parts/remark.css")


class ColumnsEditor(Shown):
    """Menus; `value` changes when one of them does. The compact form has the first three, for one actor column."""

    value = param.ClassSelector(class_=Columns, allow_None=True)
    names = param.List(default=[], item_type=str, doc="The columns that there are.")
    hint = param.String(doc="Said below the menus.")
    compact = param.Boolean(default=True, constant=True, doc="Actor, time and event only.")
    aware = param.Boolean(default=True, doc="The times know their zone, so that they can be shown in another.")
    numeric = param.Boolean(default=True, doc="The times are numbers, which count a unit.")
    written = param.Boolean(default=False, doc="They stand in text files, which are written in some way.")
    table = param.Boolean(default=False, doc="They are a table of a database, whose columns have their types.")
    error = param.String(default="", doc="OUT: why what was entered cannot be.")

    def __init__(self, **params: Any) -> None:
        super().__init__(**params)
        common: dict[str, Any] = {"size": "small", "sizing_mode": "stretch_width", "margin": (4, 0)}
        several: dict[str, Any] = {"sizing_mode": "stretch_width", "margin": (4, 0)}
        actor = {"label": "Actor", "description": "Who did it: every actor has sessions of its own"}
        self._actor = dropdown(**actor, **common) if self.compact else dropdown_of_several(**actor, **several)
        self._time = dropdown("Time", description="When it happened", **common)
        self._event = dropdown("Event", description="What happened", **common)
        self._order = dropdown_of_several(
            "Order",
            description="What comes first when an actor's events share a time",
            **several,
        )
        self._zone = dropdown("Time zone", searchable=True, description="The zone that times are shown in", **common)
        self._unit = dropdown(
            "Unit", options=[DETECTED, *UNITS], description="What times that are numbers count", **common
        )
        self._day = dropdown("Date column", description="The column of the date, where the time has none", **common)
        self._form = pmui.TextInput(
            label="Time format",
            placeholder=DETECTED,
            description="day first, month first, or parts such as %d.%m.%Y %H:%M:%S",
            **common,
        )
        self._texts = dropdown_of_several(
            "Text columns", description="Read as the text that stands there: 007 stays 007", **several
        )
        self._nothing = dropdown_of_several(
            "Null values", description="Texts that are read as missing values", **several
        )
        self._unique = dropdown_of_several(
            "Unique by", description="Events that repeat an earlier value here are left out", **several
        )
        self._file = FileFields()
        self._file.param.watch(lambda *_: self._hear(), "value")
        self._file.param.watch(lambda event: self.param.update(error=event.new), "error")
        self._menus = [self._actor, self._time, self._event]
        self._more: list[Any] = []
        if not self.compact:
            self._menus += [self._order, self._zone, self._unit]
            self._more = [self._day, self._form, self._texts, self._nothing, self._unique]
            self._zone.options = _options([AS_IN_DATA, "UTC", *sorted(available_timezones() - {"localtime"})])
        self._quiet = False
        self.param.watch(lambda *_: self._show(), ["value", "names", "aware", "numeric", "written", "table"])
        for menu in (*self._menus, *self._more):
            menu.param.watch(lambda *_: self._hear(), "value")
        self._show()

    def _show(self) -> None:
        value = self.value
        if value is None:
            return
        self._quiet = True
        try:
            self._time.param.update(options=_options([value.time, *self.names]), value=value.time)
            event = value.event or NO_EVENT
            self._event.param.update(options=_options([NO_EVENT, event, *self.names]), value=event)
            if self.compact:
                self._actor.param.update(options=_options([value.actor_name, *self.names]), value=value.actor_name)
            else:
                self._show_full(value)
        finally:
            self._quiet = False

    def _show_full(self, value: Columns) -> None:
        self._actor.param.update(options=_options([*value.actor, *self.names]), value=list(value.actor))
        self._order.param.update(options=_options([*value.order, *self.names]), value=list(value.order))
        zone = value.time_zone or AS_IN_DATA
        if zone not in self._zone.options:
            self._zone.options = [*self._zone.options, zone]
        self._zone.param.update(value=zone, disabled=not self.aware)
        self._unit.param.update(value=value.unit or DETECTED, disabled=not self.numeric)
        self._day.param.update(options=_options([NO_DAY, *value.times, *self.names]), value=value.day or NO_DAY)
        self._form.value = value.time_format or ""
        texts = [name for name, kind in value.types if kind == "text"]
        self._texts.param.update(options=_options([*texts, *self.names]), value=texts)
        words = {_word(one): one for one in (*value.null_values, *NOBODY)}
        self._nothing.param.update(options=words, value=list(value.null_values))
        self._unique.param.update(options=_options([*value.unique_by, *self.names]), value=list(value.unique_by))
        self._file.param.update(value=value.format, shown=self.written or value.format is not None)
        for menu in (self._unit, *self._more):  # what says how texts are read
            menu.visible = not self.table

    def _hear(self) -> None:
        if self._quiet or self.value is None:
            return
        event = None if self._event.value == NO_EVENT else self._event.value
        changes: dict[str, Any] = {"time": self._time.value, "event": event}
        if self.compact:
            same = self._actor.value == self.value.actor_name
            changes["actor"] = self.value.actor if same else (self._actor.value,)
        elif not self._actor.value:
            self._show()  # there is always an actor
            return
        else:
            changes |= {
                "actor": tuple(self._actor.value),
                "order": tuple(self._order.value),
                "time_zone": None if self._zone.value == AS_IN_DATA else self._zone.value,
                "unit": None if self._unit.value == DETECTED else self._unit.value,
                "day": None if self._day.value == NO_DAY else self._day.value,
                "time_format": self._form.value.strip() or None,
                "types": self._types(self.value),
                "null_values": tuple(self._nothing.value),
                "unique_by": tuple(self._unique.value),
                "format": self._file.value,
            }
        try:
            value = self.value.replace(**changes)
        except SpecError as error:
            self.error = str(error)
            return
        self.error = ""
        self.value = value

    def _types(self, value: Columns) -> dict[str, str]:
        others = {name: kind for name, kind in value.types if kind != "text"}
        return others | dict.fromkeys(self._texts.value, "text")

    def still_words(self) -> Told:
        """What each column is, as a document has it."""
        said = {} if self.value is None else self.value.plain()
        rows = [[role.replace("_", " "), _in_words(names)] for role, names in said.items()]
        return Told("Columns", [] if rows else ["Nothing is chosen."], ["", ""] if rows else [], rows)

    def __panel__(self) -> pn.viewable.Viewable:
        hint = pn.pane.HTML(f"<p>{escape(self.hint)}</p>", stylesheets=[HINT], margin=(2, 0, 0, 0))
        below = [hint] if self.hint else []
        if self.compact:
            return pn.Column(*self._menus, *below, sizing_mode="stretch_width", margin=0)
        about = pn.pane.HTML(
            pn.bind(_about, self.param.aware, self.param.numeric, self.param.table),
            stylesheets=[HINT],
            margin=(2, 0, 0, 0),
        )
        menus = pn.Column(
            *self._menus,
            *self._more,
            *self._file.fields,
            stylesheets=[SIDE_BY_SIDE],
            sizing_mode="stretch_width",
            margin=0,
        )
        return pn.Column(menus, about, *below, sizing_mode="stretch_width", margin=0)


def _about(aware: bool, numeric: bool, table: bool) -> str:
    """Why the last two menus can or cannot be used."""
    said = [] if aware else ["Times carry no zone and are taken as they are."]
    said += [] if numeric or table else ["Times are no numbers: they need no unit."]
    return f"<p>{' '.join(said)}</p>"


def _word(value: str | tuple[str, str]) -> str:
    return value if isinstance(value, str) else f"{value[1]} (in {value[0]})"


def _options(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))


def _in_words(said: Any) -> str:
    return ", ".join(map(str, said)) if isinstance(said, list) else str(said)

"""Editors of single rules. Each has one value, a session definition, of which it changes its own part."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from zoneinfo import available_timezones

import panel as pn
import panel_material_ui as pmui
import param

from explorer.errors import SpecError
from explorer.spec.expression.clause import Clause, leaves
from explorer.spec.expression.muted import active, mute, unmuted
from explorer.spec.session import SessionDefinition
from widgets.definition.duration import DurationSlider
from widgets.filter_builder import FilterBuilder
from widgets.notebook.inline import Shown
from widgets.parts.fields import dropdown, dropdown_of_several
from widgets.parts.switch import switch

WIDE: dict[str, Any] = {"sizing_mode": "stretch_width", "margin": 0}


class RuleEditor(Shown):
    """What all of them have: the definition, and the filter builders whose counts somebody else finds."""

    value = param.ClassSelector(class_=SessionDefinition)
    columns = param.Dict(default={}, doc="Columns of events; see FilterBuilder.")
    session_columns = param.Dict(default={}, doc="Columns of sessions and metrics; see FilterBuilder.")
    error = param.String(default="", doc="Why the value cannot hold.")

    fields: tuple[str, ...] = ()  # the parts of the definition that it changes
    edits = "value"  # the parameter that holds what is edited
    builders: tuple[FilterBuilder, ...] = ()

    @property
    def edited(self) -> Any:
        """What is edited, as it is now."""
        return getattr(self, self.edits)

    def over(self, definition: SessionDefinition) -> SessionDefinition:
        """Another definition with the parts that this editor changes; raises SpecError."""
        return definition.replace(**{name: getattr(self.value, name) for name in self.fields})

    def change(self, **changes: Any) -> None:
        """Change the definition; what cannot be is said and changes nothing."""
        self.make(lambda: self.value.replace(**changes))

    def make(self, made: Callable[[], SessionDefinition]) -> None:
        """The same, however it is made."""
        try:
            value = made()
        except SpecError as error:
            self.error = str(error)
        else:
            self.error = ""  # first: who hears of the value may find another
            self.value = value


class ClauseRule(RuleEditor):
    """A condition on events or, to keep them, on sessions."""

    def __init__(self, role: str, **params: Any) -> None:
        super().__init__(**params)
        self.fields = (role,)
        noun, menu = ("sessions", "session_columns") if role == "keep" else ("events", "columns")
        shown = heard(getattr(self.value, role))
        self.builder = FilterBuilder(value=shown, columns=getattr(self, menu), noun=noun)
        meant = silenced if role in ("restart", "end", "passive", "opens_with") else lambda clause: clause
        self.builder.param.watch(lambda event: self.change(**{role: meant(event.new)}), "value")
        self.param.watch(lambda event: self.builder.param.update(columns=event.new), menu)
        self.param.watch(lambda event: self.builder.param.update(error=event.new), "error")
        self.builders = (self.builder,)

    def __panel__(self) -> pn.viewable.Viewable:
        return pn.Column(self.builder, **WIDE)


class ColumnsRule(RuleEditor):
    """Columns of events: those that an actor's events are split by, or whose change begins a session."""

    def __init__(self, role: str, **params: Any) -> None:
        super().__init__(**params)
        self.fields = (role,)
        chosen = list(getattr(self.value, role))
        self.choice = dropdown_of_several("Columns", options=_with(self.columns, chosen), value=chosen, **WIDE)
        self.param.watch(lambda event: self.choice.param.update(options=_with(event.new, chosen)), "columns")
        self.choice.param.watch(lambda event: self.change(**{role: tuple(event.new)}), "value")

    def __panel__(self) -> pn.viewable.Viewable:
        return pn.Column(self.choice, **WIDE)


class MostRule(RuleEditor):
    """The most events of a session, or any number."""

    def __init__(self, role: str, **params: Any) -> None:
        super().__init__(**params)
        self.fields = (role,)
        most = getattr(self.value, role)
        self.limited = switch("Sessions have a most of events", value=most is not None)
        self.number = pmui.IntInput(
            label="Most events", value=most or 2500, start=1, disabled=most is None, width=240, margin=(12, 0, 0, 0)
        )
        self.limited.param.watch(lambda *_: self._hear(), "value")
        self.number.param.watch(lambda *_: self._hear(), "value")

    def _hear(self) -> None:
        self.number.disabled = not self.limited.value
        self.change(**{self.fields[0]: self.number.value if self.limited.value else None})

    def __panel__(self) -> pn.viewable.Viewable:
        return pn.Column(self.limited, self.number, **WIDE)


class LongestRule(RuleEditor):
    """The longest duration, or none."""

    def __init__(self, role: str = "max_duration", **params: Any) -> None:
        super().__init__(**params)
        self.fields = (role,)
        longest = self.value.max_duration
        self.limited = switch("Sessions have a longest duration", value=longest is not None)
        self.length = DurationSlider(label="Longest duration", value=str(longest or "12h"), disabled=longest is None)
        self.limited.param.watch(lambda *_: self._hear(), "value")
        self.length.param.watch(lambda *_: self._hear(), "value")

    def _hear(self) -> None:
        self.length.disabled = not self.limited.value
        self.change(max_duration=self.length.value if self.limited.value else None)

    def __panel__(self) -> pn.viewable.Viewable:
        return pn.Column(self.limited, pn.Column(self.length, margin=(12, 0, 0, 0), width=420), **WIDE)


class MidnightRule(RuleEditor):
    """The zone whose midnights cut, or none."""

    def __init__(self, zone: str = "UTC", role: str = "calendar", **params: Any) -> None:
        super().__init__(**params)
        self.fields = (role,)
        self._zone = self.value.calendar or zone
        self.cut = switch("Sessions end at midnight", value=self.value.calendar is not None)
        self.zone = dropdown(
            "Time zone",
            value=self._zone,
            options=sorted({*available_timezones(), self._zone}),
            searchable=True,
            disabled=self.value.calendar is None,
            width=320,
            margin=(14, 0, 0, 0),
        )
        self.cut.param.watch(lambda *_: self._hear(), "value")
        self.zone.param.watch(lambda *_: self._hear(), "value")

    def _hear(self) -> None:
        self.zone.disabled = not self.cut.value
        self.change(calendar=(self.zone.value or self._zone) if self.cut.value else None)

    def __panel__(self) -> pn.viewable.Viewable:
        return pn.Column(self.cut, self.zone, **WIDE)


class BoundaryRule(RuleEditor):
    """Whether a gap of exactly the inactivity ends a session."""

    def __init__(self, role: str = "boundary", **params: Any) -> None:
        super().__init__(**params)
        self.fields = (role,)
        length = self.value.inactivity
        self._words = {f"The same session: more than {length} ends it": ">", f"A new session: {length} is enough": ">="}
        said = next(words for words, boundary in self._words.items() if boundary == self.value.boundary)
        self.choice = pmui.RadioBoxGroup(
            label="Exactly the inactivity", options=list(self._words), value=said, margin=0
        )
        self.choice.param.watch(lambda event: self.change(boundary=self._words[event.new]), "value")

    def __panel__(self) -> pn.viewable.Viewable:
        return pn.Column(self.choice, **WIDE)


def silenced(clause: Clause | None) -> Clause | None:
    """A condition of which everything is muted, so that it matches no event; left as it is, it would match all.

    >>> from explorer.spec.expression.clause import parse
    >>> silenced(parse("TRUE OR event = 'login'"))
    parse("FALSE AND (TRUE OR event = 'login')")
    """
    nothing_left = clause is not None and active(clause) is None and any(leaves(clause))
    return mute(clause, "or") if clause is not None and nothing_left else clause


def heard(clause: Clause | None) -> Clause | None:
    """What `silenced` was given."""
    inner = None if clause is None else unmuted(clause)
    return inner if inner is not None and silenced(inner) == clause else clause


def _with(names: Iterable[str], chosen: list[str]) -> list[str]:
    return list(dict.fromkeys([*names, *chosen]))

"""What is noticed about the data by itself, with one click that makes something of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import panel as pn

from explorer.crossfilter.formats import count_text
from explorer.engine.answers.columns import DerivedRecipe
from explorer.engine.answers.compare import likely_id_columns
from explorer.engine.answers.inactivity import NAMED, steady
from explorer.engine.answers.mend import Mend
from explorer.engine.engine import Engine
from explorer.events.files.source_name import name_or
from explorer.spec.duration import Duration
from explorer.spec.session import SessionDefinition
from explorer.state import Explorer
from widgets.parts.latest_task import Latest
from widgets.parts.notice import Message
from widgets.parts.notice_board import NoticeBoard
from widgets.sessions.formats import quality_message

CHECK = "Check the ids"
ADD = "Add these columns"
ACTORS = "actors"  # the view of that name
# Above so many events nobody looks for automated actors unasked.
MOST_EVENTS = 5_000_000


@dataclass(frozen=True)
class Noticed:
    """A column that holds session ids, with how many sessions they make, a range of inactivities that give the same
    sessions, actors that look automated, and columns that texts could be taken apart into; what is not there is
    empty."""

    column: str = ""
    ids: int = 0
    range: tuple[Duration, Duration] | None = None
    pick: Duration | None = None
    automated: Mend | None = None
    parts: tuple[DerivedRecipe, ...] = ()


def notice(engine: Engine, definition: SessionDefinition) -> Noticed:
    """Look at the data and at the gaps of a definition; for a worker thread."""
    column, ids = _session_ids(engine)
    found = steady(engine.cut(definition).gap_curve())
    pick = _pick(engine, definition, found) if found else None
    return Noticed(column, ids, found, pick, _automated(engine, definition), _parts(engine))


def _automated(engine: Engine, definition: SessionDefinition) -> Mend | None:
    if engine.quality.events > MOST_EVENTS:
        return None
    mends = engine.mends(engine.quality, (definition,), None)
    return next((mend for mend in mends if mend.key.startswith("automated ") and mend.selection is not None), None)


def _parts(engine: Engine) -> tuple[DerivedRecipe, ...]:
    """What addresses and user agents could be taken apart into; hours and weekdays every chart has by itself."""
    times = {f"{name}_{part}" for name in engine.schema for part in ("hour", "weekday")}
    return tuple(recipe for recipe in engine.recipes() if recipe.name not in times)


def _session_ids(engine: Engine) -> tuple[str, int]:
    """The first likely column with several values, some of them of several events; how many there are."""
    menu, events = engine.menu(), engine.quality.events
    for name in likely_id_columns(engine.schema, engine.columns):
        ids = menu.get(name, {}).get("distinct")  # known of texts alone
        found = engine.compared(name).numbers.sessions if ids is None else ids
        if 1 < found < events - (menu.get(name, {}).get("nulls") or 0):
            return name, found
    return "", 0


def _pick(engine: Engine, definition: SessionDefinition, found: tuple[Duration, Duration]) -> Duration | None:
    """The inactivity to choose in the range: what the gaps suggest, or its middle; None where it is that already."""
    low, high = found
    suggested = engine.cut(definition).suggested().suggestion
    if suggested is None or not low.us <= suggested.us <= high.us:
        inside = [each for each in NAMED if low.us <= each.us <= high.us]
        suggested = inside[len(inside) // 2]
    return None if suggested == definition.inactivity else suggested


def remembered(message: Message | None, engine: Engine) -> Message | None:
    """A message about the data that stays dismissed for them."""
    return message and replace(message, key=f"{_data(engine)} {message.text}")


def _data(engine: Engine) -> str:
    """What tells these data from others."""
    return f"{name_or(engine.source, 'frame')} {engine.quality.rows}"


class Noticing:
    """Keeps the notices in step with the data and the definition that is shown; dismissed ones stay so in the browser.

    `compare` is told the name of a column with session ids, which is to be compared with the definition.
    """

    def __init__(self, state: Explorer, compare: Callable[[str], None]) -> None:
        self.state, self._compare = state, compare
        self.board = NoticeBoard()
        self._found = Noticed()
        self._added: tuple[str, ...] = ()
        self._looking = Latest[Noticed](self._show, lambda _: None)
        self.board.param.watch(lambda event: self._act(event.new), "acted")
        state.param.watch(lambda *_: self._look(), "drawn")
        state.param.watch(lambda *_: self._hide(), ["engine", "session"])
        self._hide()

    def _hide(self) -> None:
        """What was noticed about other data, or of another definition, is not true of this."""
        self._show(Noticed())

    def _look(self) -> None:
        engine, drawn = self.state.engine, self.state.drawn
        if drawn is not None:
            definition = drawn.definition
            # What a page is told before its browser has loaded it can get lost; at any other time this is now.
            pn.state.onload(lambda: self._looking.run(lambda: notice(engine, definition)))

    def _show(self, found: Noticed) -> None:
        self._found = found
        engine = self.state.engine
        quality = remembered(quality_message(engine), engine)
        self.board.say(
            quality, self._of_automated(found), self._of_ids(found), self._of_range(found), self._of_parts(found)
        )

    def _of_automated(self, found: Noticed) -> Message | None:
        if found.automated is None:
            return None
        key = f"automated {_data(self.state.engine)}"
        return Message("info", found.automated.sentence, action=found.automated.action, key=key)

    def _of_ids(self, found: Noticed) -> Message | None:
        if not found.column:
            return None
        ids = f"{found.column}, {count_text(found.ids)} of them"
        said = f"Your data have session ids: {ids}. Do they agree with the sessions of '{self.state.definition.name}'?"
        return Message("info", said, action=CHECK, key=f"session ids {_data(self.state.engine)}")

    def _of_parts(self, found: Noticed) -> Message | None:
        if self._added and set(self._added) <= {*self.state.engine.schema}:
            said = f"{', '.join(self._added)} are columns now: split charts by them, filter by them, count them."
            return Message("info", said, key=f"{said} {_data(self.state.engine)}")
        if not found.parts:
            return None
        said = f"Addresses and user agents say more: {', '.join(each.name for each in found.parts)}."
        return Message("info", said, action=ADD, key=f"parts {_data(self.state.engine)}")

    def _of_range(self, found: Noticed) -> Message | None:
        if found.range is None:
            return None
        low, high = found.range
        said = f"Any inactivity from {low} to {high} gives the same sessions: no gap lies in between."
        action = f"Use {found.pick}" if found.pick is not None else ""
        return Message("info", said, action=action, key=f"same sessions {_data(self.state.engine)}")

    def _act(self, said: Message) -> None:
        if said.action == CHECK:
            self._compare(self._found.column)
        elif self._found.automated is not None and said.action == self._found.automated.action:
            self.state.param.update(selection=self._found.automated.selection, view=ACTORS)
        elif said.action == ADD:
            columns = self.state.analysis.columns
            known = {each.name: str(each.value) for each in columns.derived}
            self._added = tuple(each.name for each in self._found.parts)
            columns = columns.replace(derived=known | {each.name: each.value for each in self._found.parts})
            self.state.analysis = self.state.analysis.replace(columns=columns)
        elif self._found.pick is not None:
            self.state.define(inactivity=self._found.pick)

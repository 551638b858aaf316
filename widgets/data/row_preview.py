"""The first rows as they are read and as they would be, side by side: what changes is marked."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import panel as pn
import param

from explorer.crossfilter.formats import count_text, time_text
from explorer.events.head import Head
from explorer.plan.in_polars.boundary import TIME
from explorer.plan.literal import EPOCH
from widgets.notebook.inline import Shown
from widgets.parts.component import Component, script, style
from widgets.parts.tells_again import TellsAgain

SHOWN = 8
LONGEST = 120
SECOND = 1_000_000


@dataclass(frozen=True)
class Cell:
    """A value as text, None where there is none. `raw` is a time that cannot be read, as it stands there."""

    text: str | None
    raw: str = ""


@dataclass(frozen=True)
class Line:
    """A row by its number, from 1; `changed` are the places of cells that the other side has otherwise; `lost` says why
    it is no event."""

    number: int
    cells: tuple[Cell, ...]
    changed: tuple[int, ...] = ()
    lost: str = ""


@dataclass(frozen=True)
class Side:
    """The rows under one reading; `roles` are those of the columns, `new` the columns that the other side has not."""

    title: str
    names: tuple[str, ...]
    roles: tuple[str, ...]
    new: tuple[int, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Rows:
    """Both sides and what there is to say; `problem` says why the change cannot be applied yet."""

    sentence: str
    sides: tuple[Side, ...]
    problem: str = ""


class RowsCard(Component):
    """What the browser shows."""

    rows = param.Dict(default={})
    error = param.String(default="")
    busy = param.Boolean(default=False)

    _esm = script("parts/table.js", "data/row_preview.js")
    _stylesheets = [style("parts/table.css", "data/row_preview.css")]


class RowPreview(TellsAgain, Shown):
    """Shows what a change would do; `answer` says that it is to be applied or forgotten."""

    value = param.ClassSelector(class_=Rows, allow_None=True, doc="None before the first.")
    error = param.String(default="", doc="Why there is no newer picture.")
    busy = param.Boolean(default=False, doc="A newer picture is being made.")
    visible = param.Boolean(default=True)
    answer = param.Selector(objects=["", "apply", "discard"], default="", doc="OUT")

    def __init__(self, **params: Any) -> None:
        super().__init__(**params)
        self._card = RowsCard(
            rows=pn.bind(lambda rows: asdict(rows) if rows else {}, self.param.value),
            error=self.param.error,
            busy=self.param.busy,
            visible=self.param.visible,
            sizing_mode="stretch_width",
            margin=0,
        )
        self._card.on_msg(lambda event: self.hear(event.data))

    def hear(self, message: dict[str, str]) -> None:
        """Take a click in the browser."""
        answer = message.get("answer")
        blocked = bool(self.error or (self.value and self.value.problem))
        if answer == "discard" or (answer == "apply" and not blocked):
            self.tell_again(answer=answer)

    def __panel__(self) -> RowsCard:
        return self._card


def compared(before: Head, after: Head) -> Rows:
    """Two readings of the same rows: those that change first of all, in the order of the source."""
    one, other = _texts(before), _texts(after)
    size = max(before.rows.height, after.rows.height)
    changed = [at for at in range(size) if _row(one, at) != _row(other, at)]
    some = changed[:SHOWN]
    places = sorted([*some, *[at for at in range(size) if at not in some][: SHOWN - len(some)]])
    sides = (_side("Now", before, one, other, places), _side("After the change", after, other, one, places))
    return Rows(_sentence(len(changed), size, before, after), sides, after.error)


Texts = dict[str, list[Cell]]


def _texts(head: Head) -> Texts:
    columns, frame = head.columns, head.rows
    zone = (columns.time_zone or "UTC") if head.aware else None
    found = {name: [Cell(_text(value)) for value in frame[name]] for name in frame.columns if name != TIME}
    if not head.error:
        times = zip(frame[TIME], head.texts, strict=True)
        found[columns.time] = [
            Cell(None, (raw or "")[:LONGEST]) if us is None else Cell(_time(us, zone)) for us, raw in times
        ]
    return found


def _time(us: int, zone: str | None) -> str:
    fraction = f"{us % SECOND / SECOND:.6f}".rstrip("0")[1:] if us % SECOND else ""
    text = time_text(us, zone)
    return f"{text}{':00' if fraction and text.count(':') == 1 else ''}{fraction}"


def _text(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, datetime):
        us = (value.replace(tzinfo=value.tzinfo or EPOCH.tzinfo) - EPOCH) // EPOCH.resolution
        return _time(us, "UTC" if value.tzinfo else None)
    text = value[:LONGEST].hex() if isinstance(value, bytes) else str(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _row(texts: Texts, at: int) -> dict[str, Cell]:
    return {name: cells[at] for name, cells in texts.items() if at < len(cells)}


def _side(title: str, head: Head, mine: Texts, other: Texts, places: list[int]) -> Side:
    names = tuple(mine)
    events = head.is_event
    lines = []
    for at in places:
        if at < head.rows.height:
            theirs = _row(other, at)
            row = _row(mine, at)
            changed = tuple(place for place, name in enumerate(names) if name in theirs and row[name] != theirs[name])
            lost = "" if events[at] else _lost(head, at)
            lines.append(Line(at + 1, tuple(row.values()), changed, lost))
    new = tuple(place for place, name in enumerate(names) if name not in other)
    return Side(title, names, tuple(_role(head, name) for name in names), new, tuple(lines))


def _lost(head: Head, at: int) -> str:
    what = "no readable time" if head.rows[TIME][at] is None else f"no {head.columns.actor_name}"
    return f"No event: {what}"


def _role(head: Head, name: str) -> str:
    columns = head.columns
    if head.error:
        return ""
    roles = {"actor": name in columns.actor, "time": name in columns.times, "event": name == columns.event}
    return next((role for role, holds in roles.items() if holds), "")


def _sentence(changed: int, size: int, before: Head, after: Head) -> str:
    first = f"the first {count_text(size)} rows" if size != 1 else "the first row"
    if not changed:
        return f"Nothing changes in {first}."
    many = f"{count_text(changed)} of {first}" if size != 1 else "The first row"
    said = f"{many} would be read otherwise." if not after.error else f"{many} would look otherwise."
    lost, were = (int((~head.is_event).sum()) for head in (after, before))
    if lost != were and not after.error:
        more = count_text(abs(lost - were))
        said += f" {more} {'more' if lost > were else 'fewer'} would be left out."
    return said

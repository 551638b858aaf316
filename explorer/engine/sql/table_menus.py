"""What there is in the columns of a table: types, frequent values, lowest and highest ones, counted there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

import polars as pl

from explorer.engine import keys
from explorer.engine.answers.columns import Described, FoundValue, FoundValues, Menu
from explorer.engine.local.editors.column_profile import MOST_VALUES, WORDS, described
from explorer.engine.sql.frames import as_told
from explorer.engine.sql.table_events import TableEvents
from explorer.engine.sql.table_sessions import TableSessions
from explorer.engine.stopping import go_on
from explorer.plan.in_sql.questions import profile
from explorer.plan.literal import TEXTS, type_word
from explorer.spec.event_columns import EVENT_COLUMNS, name_inside
from explorer.spec.expression.clause import value_text

EXAMPLES = 3
AT_ONCE = 50  # columns that a question asks for


def menu(events: TableEvents) -> Menu:
    """What conditions on events can ask, the event column first."""
    told: Menu = events.stages.get("menu", (), partial(_profiles, events))
    return {name: told[name] for name in sorted(told, key=lambda name: name != events.columns.event)}


def event_menu(sessions: TableSessions) -> Menu:
    """The same for conditions on the events of sessions, with what each knows of its session."""
    sessions.check()
    inside = sessions.stages.get("inside menu", keys.cut_key(sessions.definition), partial(_inside, sessions))
    found: Menu = {name_inside(name): told for name, told in menu(sessions.its).items()}
    return found | {name: inside[name] | {"about": known.title} for name, known in EVENT_COLUMNS.items()}


def search_values(events: TableEvents, text: str, most: int) -> FoundValues:
    """The texts in all columns that contain a text, the most frequent first."""
    if not text.strip():
        return FoundValues()
    found: list[FoundValue] = []
    for names in _some([name for name, dtype in events.schema.items() if isinstance(dtype, TEXTS)]):
        rows = events.ask(profile.frequent(events.source, names, most + 1, text.strip())).rows()
        found += [FoundValue(names[place], str(value), int(many)) for place, value, many, _ in rows]
    found.sort(key=lambda each: (each.value.casefold() != text.casefold(), -each.events))
    return FoundValues(tuple(found[:most]), len(found) > most)


def overview(events: TableEvents) -> tuple[Described, ...]:
    """What is in each column of the table."""
    some = events.ask(profile.first_rows(events.source, 1_000))
    missing = events.stages.get("nulls", (), partial(_missing, events))
    found = []
    for at, (name, dtype) in enumerate(events.schema.items()):
        values = as_told(some.select(pl.nth(at)), pl.DataFrame(schema={name: _here(dtype)})).to_series().drop_nulls()
        examples = values.head(EXAMPLES) if dtype.is_nested() else values.unique(maintain_order=True).head(EXAMPLES)
        found.append(Described(name, type_word(dtype), missing[name], tuple(examples.to_list())))
    return tuple(found)


def _missing(events: TableEvents) -> dict[str, int]:
    found: dict[str, int] = {}
    for names in _some(list(events.schema)):
        found |= zip(names, map(int, events.ask(profile.nulls(events.source, names)).row(0)), strict=True)
    return found


def _some(names: Sequence[str]) -> Iterator[list[str]]:
    """The names, so many at once as a question asks for."""
    for at in range(0, len(names), AT_ONCE):
        go_on()
        yield list(names[at : at + AT_ONCE])


def _profiles(events: TableEvents) -> Menu:
    known = {name: dtype for name, dtype in events.schema.items() if WORDS.get(type_word(dtype)) is not None}
    zone, found = events.columns.time_zone or "UTC", Menu()
    nulls = events.stages.get("nulls", (), partial(_missing, events))
    texts = {name for name, dtype in known.items() if isinstance(dtype, TEXTS)}
    for names in _some([name for name in known if name in texts]):
        rows = events.ask(profile.frequent(events.source, names, MOST_VALUES)).rows()
        for at, name in enumerate(names):
            its = [(str(text), int(many), int(different)) for place, text, many, different in rows if place == at]
            its.sort(key=lambda each: (-each[1], each[0]))
            values = [(text, many) for text, many, _ in its]
            told = {"type": "text", "values": values, "example": values[0][0] if values else "", "nulls": nulls[name]}
            found[name] = told | {"distinct": its[0][2] if its else 0}
    for names in _some([name for name, dtype in known.items() if dtype != pl.Boolean and name not in texts]):
        facts = events.ask(profile.ends(events.source, names)).get_columns()
        for at, name in enumerate(names):
            ends = _ends(facts[4 * at : 4 * at + 4], known[name], zone)
            if ends is not None:
                found[name] = ends
    for name in (name for name, dtype in known.items() if dtype == pl.Boolean):
        example = value_text(True) if nulls[name] < len(events) else ""
        found[name] = {"type": "bool", "values": [], "example": example, "nulls": nulls[name]}
    return {name: found[name] for name in known if name in found}


def _inside(sessions: TableSessions) -> Menu:
    told = [sessions.queries.column(name) for name in EVENT_COLUMNS]
    known = list(dict.fromkeys(name for _, names in told for name in names))
    asked = profile.ends_of(sessions.its.source, [value for value, _ in told])
    facts = sessions.ask(sessions.queries.over(asked, known)).get_columns()
    found = Menu()
    for at, name in enumerate(EVENT_COLUMNS):
        ends = _ends(facts[4 * at : 4 * at + 4], sessions.like.inside.column(name).dtype, "UTC")
        assert ends is not None
        found[name] = ends
    return found


def _ends(found: Sequence[pl.Series], dtype: pl.DataType, zone: str) -> dict[str, Any] | None:
    """The profile of a column from its least and greatest value, how many are missing, and how many are not whole."""
    low, high, nulls, odd = found
    values = pl.concat([low, high.alias(low.name)])
    told = described(as_told(values.to_frame(), pl.DataFrame(schema={"value": dtype})).to_series(), zone)
    if told is None:
        return None
    told |= {"nulls": int(nulls[0])}
    return told | ({"whole": not odd[0]} if "whole" in told else {})


def _here(dtype: pl.DataType) -> pl.DataType:
    return pl.String() if isinstance(dtype, TEXTS) else dtype

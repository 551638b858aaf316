"""What there is in the columns of a table: types, frequent values, lowest and highest ones, counted there."""

from __future__ import annotations

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


def menu(events: TableEvents) -> Menu:
    """What conditions on events can ask, the event column first."""
    found: Menu = {}
    for name in sorted(events.schema, key=lambda name: name != events.columns.event):
        go_on()
        told = events.stages.get("menu", name, partial(_profile, events, name))
        if told is not None:
            found[name] = told
    return found


def event_menu(sessions: TableSessions) -> Menu:
    """The same for conditions on the events of sessions, with what each knows of its session."""
    sessions.check()
    found: Menu = {name_inside(name): told for name, told in menu(sessions.its).items()}
    for name, known in EVENT_COLUMNS.items():
        go_on()
        key = (*keys.cut_key(sessions.definition), name)
        told = sessions.stages.get("inside menu", key, partial(_inside, sessions, name))
        found[name] = told | {"about": known.title}
    return found


def search_values(events: TableEvents, text: str, most: int) -> FoundValues:
    """The texts in all columns that contain a text, the most frequent first."""
    if not text.strip():
        return FoundValues()
    found: list[FoundValue] = []
    for name, dtype in events.schema.items():
        if isinstance(dtype, TEXTS):
            go_on()
            rows = events.ask(profile.containing(events.source, name, text.strip(), most + 1)).rows()
            found += [FoundValue(name, str(value), int(many)) for value, many in rows]
    found.sort(key=lambda each: (each.value.casefold() != text.casefold(), -each.events))
    return FoundValues(tuple(found[:most]), len(found) > most)


def overview(events: TableEvents) -> tuple[Described, ...]:
    """What is in each column of the table."""
    some = events.ask(profile.first_rows(events.source, 1_000))
    found = []
    for at, (name, dtype) in enumerate(events.schema.items()):
        told = events.stages.get("nulls", name, partial(_missing, events, name))
        values = as_told(some.select(pl.nth(at)), pl.DataFrame(schema={name: _here(dtype)})).to_series().drop_nulls()
        examples = values.head(EXAMPLES) if dtype.is_nested() else values.unique(maintain_order=True).head(EXAMPLES)
        found.append(Described(name, type_word(dtype), int(told), tuple(examples.to_list())))
    return tuple(found)


def _missing(events: TableEvents, name: str) -> int:
    return int(events.ask(profile.nulls(events.source, name)).item())


def _profile(events: TableEvents, name: str) -> dict[str, Any] | None:
    dtype = events.schema[name]
    if WORDS.get(type_word(dtype)) is None:
        return None
    zone = events.columns.time_zone or "UTC"
    if isinstance(dtype, TEXTS):
        rows = events.ask(profile.frequent(events.source, name, MOST_VALUES)).rows()
        distinct, nulls = events.ask(profile.distinct(events.source, name)).row(0)
        values = [(str(value), int(many)) for value, many in rows]
        example = values[0][0] if values else ""
        told = {"type": "text", "values": values, "example": example, "nulls": int(nulls)}
        return told | {"distinct": int(distinct)}
    if dtype == pl.Boolean:
        rows = events.ask(profile.frequent(events.source, name, 1)).rows()
        missing = events.ask(profile.nulls(events.source, name)).item()
        return {"type": "bool", "values": [], "example": value_text(bool(rows[0][0])) if rows else "", "nulls": missing}
    return _ends(events.ask(profile.ends(events.source, name)), dtype, zone)


def _inside(sessions: TableSessions, name: str) -> dict[str, Any]:
    value, known = sessions.queries.column(name)
    asked = sessions.queries.over(profile.ends_of(sessions.its.source, value, number=True), known)
    found = _ends(sessions.ask(asked), sessions.like.inside.column(name).dtype, "UTC")
    assert found is not None
    return found


def _ends(found: pl.DataFrame, dtype: pl.DataType, zone: str) -> dict[str, Any] | None:
    """The profile of a column from its least and greatest value, how many are missing, and how many are not whole."""
    low, high, nulls, odd = found.get_columns()
    values = pl.concat([low, high])
    told = described(as_told(values.to_frame(), pl.DataFrame(schema={"value": dtype})).to_series(), zone)
    if told is None:
        return None
    told |= {"nulls": int(nulls[0])}
    return told | ({"whole": not odd[0]} if "whole" in told else {})


def _here(dtype: pl.DataType) -> pl.DataType:
    return pl.String() if isinstance(dtype, TEXTS) else dtype

"""The rules that look back at the session so far, and passive events, as a walk through the events that is printed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from explorer.code.plain.clause import Conditions, quoted
from explorer.code.plain.literals import assigned, comment, length_code
from explorer.code.plain.names import Names
from explorer.errors import located
from explorer.spec.session import SessionDefinition

OUTSIDE = "outside"


def looking_back(definition: SessionDefinition) -> bool:
    """Whether a rule besides the longest duration needs the session so far."""
    rules = (definition.opens_with, definition.max_events)
    return any(rule is not None for rule in rules) or bool(definition.restart_on_change)


def back_lines(definition: SessionDefinition, names: Names, events: Conditions) -> Iterator[str]:
    """`started_by` again: with the rules that depend on where the session before began."""
    changing, opening = definition.restart_on_change, definition.opens_with
    read = [quoted(names.started_by), f"pl.col({quoted(names.time)}).to_physical()"]
    values = []
    if opening is not None:
        with located("opens_with"):
            yield assigned("opens", events.code(opening))
        read.append('opens.alias("opens")')
        values.append("opens")
    read += [events.column(name) for name in changing]
    loop = ["reason", "time", *values, *(["*values"] if changing else [])]
    yield ""
    yield comment("Some rules look back at the session so far, so the events are walked through in order.")
    if definition.max_duration is not None:
        yield f"LONGEST = {definition.max_duration.us:_}  # microseconds"
    if definition.max_events is not None:
        yield f"MOST = {definition.max_events:_}  # events"
    yield 'reasons, closed_by, began, count, seen = [], "first", 0, 0, []'
    yield "columns = ["
    yield from (f"    {column}," for column in read)
    yield "]"
    yield f"for {', '.join(loop)} in events.select(columns).iter_rows():"
    yield '    if reason == "first":'
    yield "        closed_by = reason"
    yield "    elif closed_by is None:  # a session is open"
    if changing:
        yield '        if reason != "restart" and any(None not in (a, b) and a != b for a, b in zip(values, seen)):'
        yield '            reason = "change"'
    if definition.max_duration is not None:
        yield "        if reason is None and time - began > LONGEST:"
        yield '            reason = "max_duration"'
    if definition.max_events is not None:
        yield "        if reason is None and count == MOST:"
        yield '            reason = "max_events"'
    yield "        closed_by = reason"
    yield "    if closed_by is None:"
    yield "        count += 1"
    yield "        reasons.append(None)"
    if changing:
        yield "        seen = [a if b is None else b for a, b in zip(seen, values)]"
    yield f"    {'elif opens' if opening is not None else 'else'}:  # a session begins"
    yield "        reasons.append(closed_by)"
    yield "        closed_by, began, count = None, time, 1"
    if changing:
        yield "        seen = values"
    if opening is not None:
        yield "    else:"
        yield f"        reasons.append({quoted(OUTSIDE)})"
    yield f"events = events.with_columns(pl.Series({quoted(names.started_by)}, reasons, dtype=pl.String))"
    yield ""


def part_lines(definition: SessionDefinition, names: Names, events: Conditions) -> Iterator[str]:
    """Sessions are cut as though passive events were not there: `waiting` holds them until then."""
    assert definition.passive is not None
    with located("passive"):
        yield assigned("passive", events.code(definition.passive))
    passive, position = quoted(names.passive), quoted(names.position)
    yield f"events = events.with_columns(passive.alias({passive})).with_row_index({position})"
    yield f"waiting = events.filter({passive})"
    yield f"events = events.filter(~pl.col({passive}))"


def join_lines(definition: SessionDefinition, names: Names) -> Iterator[str]:
    """Each passive event in the session that is open at its place, and without those that no session holds."""
    time, started = f"pl.col({quoted(names.time)})", f"pl.col({quoted(names.started_by)})"
    session, position = quoted(names.session), quoted(names.position)
    within = "<=" if definition.boundary == ">" else "<"
    limit = length_code(timedelta(microseconds=definition.inactivity.us))
    yield ""
    yield comment("A passive event joins the session that is open at its place, if that was active not long before.")
    yield f'events = pl.concat([events, waiting], how="diagonal").sort({position})'
    yield f"active = ~pl.col({quoted(names.passive)})"
    outside = f"({started} == {quoted(OUTSIDE)}).fill_null(False)"
    yield f"held = active & ~{outside}" if definition.opens_with is not None else "held = active"
    closed = "~held | end" if definition.end is not None else "~held"
    yield f"before = pl.when(active).then({time}).forward_fill().over({names.stream})"
    yield f"joins = pl.when(active).then(pl.when({closed}).then(0).otherwise({session}))"
    yield f"joins = joins.forward_fill().over({names.stream})"
    yield f"near = (joins > 0) & ({time} - before {within} {limit})"
    yield "session = ("
    yield f"    pl.when(held).then({session}).when(~active & near).then(joins)"
    yield ")"
    yield f"events = events.with_columns(session.alias({session})).drop_nulls({session})"

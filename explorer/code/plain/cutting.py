"""The middle of the script: where sessions begin, and why."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from explorer.code.plain.clause import Conditions, quoted
from explorer.code.plain.literals import assigned, comment, length_code
from explorer.code.plain.looking_back import OUTSIDE, back_lines, join_lines, looking_back, part_lines
from explorer.code.plain.names import Names
from explorer.errors import located
from explorer.spec.session import SessionDefinition


def where_lines(definition: SessionDefinition, events: Conditions) -> Iterator[str]:
    """The events that exist."""
    if definition.where is not None:
        with located("where"):
            yield assigned("where", events.code(definition.where))
        yield "events = events.filter(where)"


def sort_lines(definition: SessionDefinition, names: Names) -> Iterator[str]:
    """Events by actor and time, ties by the order columns, then as they come."""
    keys = ", ".join(map(quoted, (*names.actor, names.time, *names.order)))
    yield f"events = events.sort({keys}, maintain_order=True)"
    if definition.split_by:
        stream = ", ".join(map(quoted, (*names.actor, *names.split)))
        yield comment(f"Each {' and '.join(definition.split_by)} is cut by itself.")
        yield f"events = events.with_row_index({quoted(names.place)})"
        yield f"events = events.sort({stream}, {quoted(names.place)})"


def cut_lines(definition: SessionDefinition, names: Names, events: Conditions, aware: bool) -> Iterator[str]:
    """`started_by` and `session` of each event."""
    stream = names.stream
    if definition.passive is not None:
        yield from part_lines(definition, names, events)
    yield f"gap = pl.col({quoted(names.time)}).diff().over({stream})"
    reasons = [("first", "gap.is_null()")]
    if definition.restart is not None:
        with located("restart"):
            yield assigned("restart", events.code(definition.restart))
        reasons.append(("restart", "restart"))
    if definition.end is not None:
        with located("end"):
            yield assigned("end", events.code(definition.end))
        reasons.append(("end", f"end.shift(1).over({stream})"))
    reasons.append(
        ("inactivity", f"gap {definition.boundary} {length_code(timedelta(microseconds=definition.inactivity.us))}")
    )
    if definition.calendar is not None:
        zone = f".dt.convert_time_zone({quoted(definition.calendar)})" if aware else ""
        yield f"day = pl.col({quoted(names.time)}){zone}.dt.date()"
        reasons.append(("calendar", f"day != day.shift(1).over({stream})"))
    yield "# The first reason that holds; an event without one goes on with its session."
    yield "started_by = ("
    for at, (reason, holds) in enumerate(reasons):
        yield f"    {'pl' if not at else ''}.when({holds})"
        yield f'    .then(pl.lit("{reason}"))'
    yield ")"
    yield f"events = events.with_columns(started_by.alias({quoted(names.started_by)}))"
    back = looking_back(definition)
    if back:
        yield from back_lines(definition, names, events)
    elif definition.max_duration is not None:
        yield from _limit(definition, names)
    started = f"pl.col({quoted(names.started_by)})"
    flag = f"({started} != {quoted(OUTSIDE)}).fill_null(False)" if definition.opens_with is not None else ""
    yield f"events = events.with_columns({flag or f'{started}.is_not_null()'}.cum_sum().alias({quoted(names.session)}))"
    if definition.passive is not None:
        yield from join_lines(definition, names)
    elif flag:
        yield f"events = events.filter({started}.ne_missing({quoted(OUTSIDE)}))  # what no session holds"


def _limit(definition: SessionDefinition, names: Names) -> Iterator[str]:
    """The clock of the longest duration restarts with every session: only a walk through the events can say."""
    yield ""
    yield "# The clock of the longest duration restarts with every session, so the events are walked through in order."
    yield f"LONGEST = {definition.max_duration.us:_}  # microseconds" if definition.max_duration else ""
    yield "reasons, began = [], 0"
    columns = f"{quoted(names.started_by)}, pl.col({quoted(names.time)}).to_physical()"
    yield f"for reason, time in events.select({columns}).iter_rows():"
    yield "    if reason is None and time - began > LONGEST:"
    yield '        reason = "max_duration"'
    yield "    if reason is not None:"
    yield "        began = time"
    yield "    reasons.append(reason)"
    yield f"events = events.with_columns(pl.Series({quoted(names.started_by)}, reasons, dtype=pl.String))"
    yield ""

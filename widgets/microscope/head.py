"""What the microscope says about a session: its title, its sentence, its boundaries, what stands for what."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl

from explorer.charts.figure.cells import column_texts
from explorer.crossfilter.formats import count_text, duration_text
from explorer.engine.microscope import boundaries
from explorer.engine.microscope.boundaries import Boundary
from explorer.engine.microscope.names import EMPTY, OTHER, names
from explorer.engine.microscope.session_place import Found
from explorer.spec.reasons import began_words, cut_off_words, ended_words

Plain = dict[str, Any]
ALL_THE_SAME = "Without that it would {} there all the same, {}."


def head(found: Found) -> Plain:
    """The title, the sentence, what stands at both ends, and the stretch of time that is shown first."""
    row, definition = found.row.row(0, named=True), found.definition
    start, end = int(found.times[0]), int(found.times[-1])
    begins, ends = _edges(found)
    began, ended = boundaries.began(found), boundaries.ended(found)
    count, duration = row["event_count"], found.row["duration"].to_physical()[0]
    of = f" in {duration_text(duration)}" if count > 1 else ""
    words = (
        began_words(definition, began.reason, _gap(began)),
        ended_words(definition, ended.reason, _gap(ended)),
    )
    others = (
        ALL_THE_SAME.format("begin", _others(began, lambda rule: began_words(definition, rule, _gap(began)))),
        ALL_THE_SAME.format("end", _others(ended, lambda rule: ended_words(definition, rule, _gap(ended)))),
    )
    shown = bool(found.shown(pl.Series([found.place]))[0])
    notes = [
        cut_off_words(definition, row["cut_off"]),
        *(said for said, boundary in zip(others, (began, ended), strict=True) if len(boundary.holds) > 1),
        "" if shown else "The definition does not show it: it leaves out sessions like this one.",
        _split_words(found, row),
    ]
    return {
        "id": row["session_id"],
        "number": found.number,
        "sessions": len(found.actor),
        "title": f"Session {count_text(found.number)} of {count_text(len(found.actor))} of {_actor(found, row)}",
        "sentence": f"{events_text(count)}{of}. It began {words[0]}, and ended {words[1]}.",
        "notes": [note for note in notes if note],
        "begins": _mark(words[0]),
        "ends": _mark(words[1]),
        "start": begins,
        "end": ends,
        "first": found.events.start,
        "last": found.events.stop - 1,
        "whole": [start, end],
        "home": home(found),
        "zone": zone_of(found) or "UTC",
        "zone_text": zone_of(found) or "no time zone",
        "legend": legend(found),
        "where": "" if definition.where is None else str(definition.where),
    }


def home(found: Found) -> list[int]:
    """The session with some air; where it has no length, as much as it could have been silent."""
    begin, end = _edges(found)
    air = max((end - begin) // 8, 1) if end > begin else found.definition.inactivity.us
    return [begin - air, end + air]


def legend(found: Found) -> list[list[Any]]:
    """Code and name of what is told apart by colour; empty where events have no name."""
    known = names(found.sessions)
    if known is None:
        return []
    called = [[code, text] for code, text in enumerate(column_texts(known.names, None))]
    present = set(known.codes.unique())
    rest = [[code, text] for code, text in ((OTHER, "other"), (EMPTY, "none")) if code in present]
    return called + rest


def zone_of(found: Found) -> str | None:
    """The zone that times are shown in; None for times without one."""
    events = found.sessions.events
    aware = getattr(events.schema[events.columns.time], "time_zone", None)
    return events.columns.time_zone or ("UTC" if aware else None)


def events_text(count: int) -> str:
    """How many events, in words."""
    return f"{count_text(count)} event{'' if count == 1 else 's'}"


def _mark(words: str) -> str:
    """The same without what joins it to "began" or "ended".

    >>> _mark("with a start event: event is 'login'"), _mark("after a gap of 47m, more than 30m")
    ("A start event: event is 'login'", 'After a gap of 47m, more than 30m')
    """
    for joint in ("with ", "by ", "because ", "as "):
        words = words.removeprefix(joint)
    return words[:1].upper() + words[1:]


def _edges(found: Found) -> tuple[int, int]:
    own, around = found.events, found.around
    return int(found.times[own[0] - around.start]), int(found.times[own[-1] - around.start])


def _actor(found: Found, row: dict[str, Any]) -> str:
    names = found.sessions.events.columns.actor
    columns = found.row.columns[1 : 1 + len(names)]
    return ", ".join(f"{name} {row[column]}" for name, column in zip(names, columns, strict=True))


def _split_words(found: Found, row: dict[str, Any]) -> str:
    split = found.definition.split_by
    if not split:
        return ""
    at = 1 + len(found.sessions.events.columns.actor)
    columns = found.row.columns[at : at + len(split)]
    has = " and ".join(
        f"{name} {'empty' if row[it] is None else row[it]}" for name, it in zip(split, columns, strict=True)
    )
    return f"The events of each {' and '.join(split)} are cut by themselves: above the table are those with {has}."


def _others(boundary: Boundary, words: Callable[[str], str]) -> str:
    return " and ".join(words(rule) for rule in boundary.holds if rule != boundary.reason)


def _gap(boundary: Boundary) -> str:
    return "" if boundary.gap is None else duration_text(boundary.gap)

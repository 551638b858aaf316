"""Key numbers, table rows and brush chips as texts that are ready to be shown."""

from __future__ import annotations

from typing import Any

import polars as pl

from explorer.charts.cells import column_texts
from explorer.charts.titles import CALLED
from explorer.crossfilter.cube import Crossfilter
from explorer.crossfilter.formats import count_short, count_text, duration_text, percent_text
from explorer.crossfilter.picture import Numbers
from explorer.crossfilter.selection import Selection
from widgets.key_numbers import KeyNumber
from widgets.sessions_table import Column


def key_numbers(all: Numbers, selected: Numbers | None) -> list[KeyNumber]:
    """The strip above the charts; with a selection, beside what all sessions come to."""
    now = selected or all

    def counted(label: str, name: str, help: str) -> KeyNumber:
        number, whole = getattr(now, name), getattr(all, name)
        share = number / whole if whole else 0.0
        sub = f"{percent_text(share)} of {count_short(whole)}" if selected else ""
        return KeyNumber(label, count_text(number), sub, share if selected else None, help)

    def compared(label: str, name: str, text: Any, help: str) -> KeyNumber:
        sub = f"all: {text(getattr(all, name))}" if selected else ""
        return KeyNumber(label, text(getattr(now, name)), sub, None, help)

    return [
        counted("Sessions", "sessions", "Sessions that all brushes hold"),
        counted("Actors", "actors", "Actors with at least one of these sessions"),
        counted("Events", "events", "Events in these sessions"),
        compared("Median duration", "median_duration", duration_text, "Half of the sessions last longer"),
        compared("Events / session", "events_per_session", _decimal, "The mean number of events in a session"),
        compared("One event only", "one_event_share", percent_text, "Sessions that have a single event"),
        compared(
            "Time per actor",
            "median_time_in_session",
            duration_text,
            "The median over actors of their time in session: the durations of all their sessions together",
        ),
    ]


def table_columns(actor: tuple[str, ...]) -> list[Column]:
    """The columns of the sessions table."""
    return [
        Column(name="session_id", title="Session", kind="id", help="The actor and the number", sortable=False),
        *(Column(name=name, title=name, kind="text", sortable=False) for name in actor),
        Column(name="session_number", title="Number", kind="number", help="Counts the actor's sessions from 1"),
        Column(name="start", title="Start", kind="text", help="Time of the first event"),
        Column(name="end", title="End", kind="text", help="Time of the last event"),
        Column(name="duration", title="Duration", kind="number", help="From the first to the last event"),
        Column(name="event_count", title="Events", kind="number", help="Events in the session"),
        Column(name="started_by", title="Started by", kind="tag", help="Why the session begins where it does"),
    ]


def table_rows(frame: pl.DataFrame, columns: list[Column], zone: str | None) -> list[list[str]]:
    """The rows of a page of sessions."""
    texts = [column_texts(frame[column["name"]], zone) for column in columns]
    return [list(row) for row in zip(*texts, strict=True)]


def chips(selection: Selection, crossfilter: Crossfilter) -> tuple[tuple[str, str], ...]:
    """One chip a brush: 'duration 1m to 10m'."""
    return tuple(
        (name, f"{CALLED.get(name, name)} {crossfilter.dimensions[name].bins.text(brush)}")
        for name, brush in selection.items()
        if name in crossfilter.dimensions
    )


def _decimal(number: float | None) -> str:
    return "–" if number is None else f"{number:,.1f}"

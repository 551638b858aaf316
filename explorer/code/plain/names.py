"""What columns are called in the script: ours clash with none of the events'."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from explorer.code.plain.clause import quoted
from explorer.plan.in_sql.source import free
from explorer.plan.meaning import Schema, outer_name
from explorer.spec.columns import Columns
from explorer.spec.event_columns import EVENT_COLUMNS
from explorer.spec.session import BESIDES, BUILT_IN, SessionDefinition


@dataclass(frozen=True)
class Names:
    """The columns in their roles, and the script's own: `session` numbers all sessions, `place` and `position` all
    events in the order of actors and of streams, `passive` says which are, `last` is a session's last time, `longest`
    its longest gap, `beyond` how much longer than the inactivity the gap before it is."""

    actor: tuple[str, ...]
    time: str
    order: tuple[str, ...]
    split: tuple[str, ...]
    session: str
    place: str
    position: str
    passive: str
    last: str
    longest: str
    beyond: str
    started_by: str

    @classmethod
    def of(cls, definition: SessionDefinition, columns: Columns, schema: Schema) -> Names:
        """The names for a definition over columns of a schema."""
        taken = [*map(outer_name, schema), *BUILT_IN, *EVENT_COLUMNS, *(metric.name for metric in definition.metrics)]
        return cls(
            actor=tuple(map(outer_name, columns.actor)),
            time=outer_name(columns.time),
            order=tuple(map(outer_name, columns.order)),
            split=tuple(map(outer_name, definition.split_by)),
            session=free("session", taken),
            place=free("place", taken),
            position=free("position", taken),
            passive=free("passive", taken),
            last=free("last_event", taken),
            longest=free("longest_gap", taken),
            beyond=free("beyond", taken),
            started_by="started_by",
        )

    @property
    def stream(self) -> str:
        """The columns within which events are cut, as code."""
        return columns_code((*self.actor, *self.split))


def columns_code(names: tuple[str, ...]) -> str:
    """One or more names as arguments.

    >>> columns_code(("user",)), columns_code(("tenant", "user"))
    ('"user"', '["tenant", "user"]')
    """
    said = ", ".join(map(quoted, names))
    return said if len(names) == 1 else f"[{said}]"


def session_types(definition: SessionDefinition, columns: Columns, schema: Schema) -> dict[str, pl.DataType]:
    """The session columns that conditions may use, without the metrics."""
    time = schema[columns.time]
    return {
        **{name: schema[name] for name in (*definition.split_by, *columns.actor)},
        "session_id": pl.String(),
        "session_number": pl.UInt32(),
        "start": time,
        "end": time,
        "duration": pl.Duration("us"),
        "event_count": pl.UInt32(),
        "started_by": pl.String(),
        "cut_off": pl.String(),
        **dict.fromkeys(BESIDES, pl.Duration("us")),
    }

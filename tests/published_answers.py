"""What the published sessions come to."""

from __future__ import annotations

from typing import Any

from tests import oracle
from tests.published import Published


def answer(example: Published) -> list[tuple]:
    """What was published: actor, time and number of every event, or some columns of every session."""
    if example.sessions:
        return sorted(tuple(row.values()) for row in example.sessions)
    return sorted((*who_and_when(example, row), at) for row, at in zip(example.events, example.numbers, strict=True))


def published_part(example: Published, sessions: list[dict[str, Any]]) -> list[tuple]:
    return sorted(tuple(session[name] for name in example.sessions[0]) for session in sessions)


def by_oracle(example: Published, **changes: Any) -> list[tuple]:
    found = oracle.sessions(example.events, example.columns, example.definition.replace(**changes))
    if example.sessions:
        return published_part(example, found)
    return sorted(
        (*who_and_when(example, example.events[row]), session["session_number"])
        for session in found
        for row in session["rows"]
    )


def who_and_when(example: Published, row: dict[str, Any]) -> tuple:
    return tuple(row[name] for name in (*example.columns.actor, example.columns.time))

"""Events put into a store and taken out."""

from __future__ import annotations

from pathlib import Path

from explorer.engine.local.engine import LocalEngine
from explorer.events.store import cache
from explorer.spec.session import SessionDefinition

VISIT = SessionDefinition(name="visit", inactivity="30m")


def stored(shelf: Path) -> list[Path]:
    cache.settle()
    return sorted(shelf.iterdir()) if shelf.exists() else []


def assert_equal(one: LocalEngine, other: LocalEngine, definition: SessionDefinition = VISIT) -> None:
    assert one.quality == other.quality
    assert one.columns == other.columns
    assert list(one.schema.items()) == list(other.schema.items())
    assert one.sessions(definition).equals(other.sessions(definition))
    assert one.actors(definition).equals(other.actors(definition))
    assert one.events(definition).equals(other.events(definition))

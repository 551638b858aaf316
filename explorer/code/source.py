"""What the source of an analysis is called in code."""

from __future__ import annotations

from explorer.engine.local.engine import LocalEngine
from explorer.events.files.source_name import paths_of


def source_text(engine: LocalEngine) -> str:
    """The path as it was opened, the first of several; empty for a frame."""
    return next(iter(source_paths(engine)), "")


def source_paths(engine: LocalEngine) -> list[str]:
    """The paths as they were opened, several where a list was; none for a frame."""
    return paths_of(engine.source)

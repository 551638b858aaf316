"""What the source of an analysis is called in code."""

from __future__ import annotations

from explorer.engine.engine import Engine
from explorer.events.files.source_name import paths_of


def source_text(engine: Engine) -> str:
    """The path as it was opened, the first of several; empty for a frame."""
    return next(iter(source_paths(engine)), "")


def source_paths(engine: Engine) -> list[str]:
    """The paths as they were opened, several where a list was; none for a frame."""
    return paths_of(engine.source)

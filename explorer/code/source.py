"""What the source of an analysis is called in code."""

from __future__ import annotations

from pathlib import Path

from explorer.engine.local.engine import LocalEngine


def source_text(engine: LocalEngine) -> str:
    """The path as it was opened; empty for a frame."""
    return str(engine.source) if isinstance(engine.source, str | Path) else ""

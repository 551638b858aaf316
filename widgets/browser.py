"""The scripts and styles of our own browser components, each as one text that needs no network."""

from __future__ import annotations

from pathlib import Path

HERE = Path(__file__).parent


def script(name: str) -> str:
    """The script of a component, after the helpers in `dom.js`, as a module text."""
    return "\n".join((HERE / file).read_text(encoding="utf-8") for file in ("dom.js", name))


def style(name: str) -> str:
    """The style sheet of a component, after the shared `base.css`."""
    return "\n".join((HERE / file).read_text(encoding="utf-8") for file in ("base.css", name))

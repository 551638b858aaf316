"""The scripts and styles of our own browser components, each as one text that needs no network."""

from __future__ import annotations

from pathlib import Path

HERE = Path(__file__).parent


def script(*names: str) -> str:
    """The script of a component, of one file or several in their order, after `dom.js`, as a module text."""
    return "\n".join((HERE / file).read_text(encoding="utf-8") for file in ("dom.js", *names))


def style(*names: str) -> str:
    """The style sheet of a component, of one file or several, after the shared `base.css`."""
    return "\n".join((HERE / file).read_text(encoding="utf-8") for file in ("base.css", *names))

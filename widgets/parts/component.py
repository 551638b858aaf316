"""The scripts and styles of our own browser components, each as one text that needs no network."""

from __future__ import annotations

from pathlib import Path

WIDGETS = Path(__file__).parent.parent


def script(*names: str) -> str:
    """The script of a component, of one file or several in their order, after `parts/dom.js`, as a module text.

    Files are named from the folder `widgets`: `script("parts/menu.js", "charts/chart_menu.js")`.
    """
    return "\n".join((WIDGETS / file).read_text(encoding="utf-8") for file in ("parts/dom.js", *names))


def style(*names: str) -> str:
    """The style sheet of a component, of one file or several, after the shared `base.css`."""
    return "\n".join((WIDGETS / file).read_text(encoding="utf-8") for file in ("parts/base.css", *names))

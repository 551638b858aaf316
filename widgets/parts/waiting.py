"""That something newer is on its way, shown in one way on every part of the page."""

from __future__ import annotations

from typing import Any

from widgets.parts.component import style

WAITING = style("parts/waiting.css")
WAITS = "waits"


def show_waiting(part: Any, waiting: bool) -> None:
    """Fade what a part shows under a line that moves, or no more; its style sheets have `WAITING`.

    >>> import panel as pn
    >>> part = pn.Column(css_classes=["mine"])
    >>> show_waiting(part, True), part.css_classes
    (None, ['mine', 'waits'])
    >>> show_waiting(part, False), part.css_classes
    (None, ['mine'])
    """
    others = [name for name in part.css_classes or [] if name != WAITS]
    names = [*others, WAITS] if waiting else others
    if names != (part.css_classes or []):
        part.css_classes = names

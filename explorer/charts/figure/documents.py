"""Changing what a Bokeh document shows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any
from weakref import WeakMethod


def weakly(method: WeakMethod[Callable[..., None]], *arguments: Any) -> None:
    """Call a method of an object that lives still."""
    # HoloViews keeps the options of every element for as long as the process lives, and hooks are options.
    if (alive := method()) is not None:
        alive(*arguments)


# What changes inside it reaches the browser together, at its end.
Telling = Callable[[Any], AbstractContextManager[None]]


@contextmanager
def batch(document: Any) -> Iterator[None]:
    """All changes of a document together at the end, unless somebody further out holds them already."""
    if document is None:
        yield
        return
    held = document.callbacks.hold_value is not None
    if not held:
        document.hold("combine")
    try:
        yield
    finally:
        if not held:
            document.unhold()

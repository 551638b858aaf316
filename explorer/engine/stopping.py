"""Work that stops when nobody wants it any more."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Protocol

from explorer.errors import Stopped


class Stop(Protocol):
    """What says that work is wanted no more: a `threading.Event`, or anything like it."""

    def is_set(self) -> bool: ...


_stop: ContextVar[Stop | None] = ContextVar("stop", default=None)


@contextmanager
def stopping(stop: Stop) -> Iterator[None]:
    """Everything inside raises Stopped soon after `stop` is set; `asyncio.to_thread` takes this with it.

    >>> from threading import Event
    >>> stop = Event()
    >>> with stopping(stop):
    ...     go_on()
    """
    before = _stop.set(stop)
    try:
        yield
    finally:
        _stop.reset(before)


def go_on() -> None:
    """Raises Stopped when this work is wanted no more; asked before every stage and between long steps."""
    stop = _stop.get()
    if stop is not None and stop.is_set():
        raise Stopped

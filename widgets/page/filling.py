"""A page that is sent empty is whole when its browser gets it, however soon or late that is."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import panel as pn

from explorer.errors import ExplorerError
from widgets.parts.in_steps import Step, in_turn, without_figures
from widgets.parts.latest_task import Latest
from widgets.parts.library_internals import hold_pulls, send_all_that_waits
from widgets.parts.notice import Notice, error_message
from widgets.parts.unexpected import logged

T = TypeVar("T")
SENT = 0.05  # seconds after which the HTML of a new session is on its way
LOOK = 1.0  # seconds from one look at the browser's connection to the next
# The token in the HTML of a page opens its websocket for five minutes.
LATE = 300.0


@dataclass(frozen=True)
class Parts:
    """What a page is filled with."""

    main: Any
    sidebar: Sequence[Any] = ()
    header: Sequence[Any] = ()


def built(build: Callable[[], Parts]) -> Parts:
    """The parts, or in their place why there are none."""
    try:
        return build()
    except BaseException as error:
        notice = Notice(value=error_message(logged(error)), dismissible=False)
        return Parts(pn.Column(notice, margin=16, sizing_mode="stretch_width"))


def _raised(error: ExplorerError) -> Parts:
    raise error


class Filling(Generic[T]):
    """Builds what a page is filled with after its HTML has been sent, and lets no browser have the page before.

    Until the browser has connected, its session is not given up: Bokeh would make another one for it, whose models
    the page that was sent does not know.
    """

    def __init__(
        self, document: Any, read: Callable[[], T], build: Callable[[T], Parts], fill: Callable[[Parts], Any]
    ) -> None:
        self._document, self._read, self._build, self._fill = document, read, build, fill
        self._filled, self._came = asyncio.Event(), asyncio.Event()
        self._waited = 0.0

    def begin(self) -> None:
        """Start, in the callback that makes the document."""
        self._loop = asyncio.get_running_loop()
        self._loop.call_soon(self._hold)
        self._loop.call_later(SENT, self._start)

    @property
    def _session(self) -> Any:
        return getattr(self._document.session_context, "session", None)

    def _hold(self) -> None:
        session = self._session
        if session is not None:
            session.block_expiration()
            hold_pulls(session, self._filled, self._came)
            send_all_that_waits()
            self._loop.call_later(LOOK, self._look, session)

    def _start(self) -> None:
        if self._session is not None and not self._session.destroyed:
            self._document.add_next_tick_callback(self._begin_to_read)

    def _begin_to_read(self) -> None:
        self._reading = Latest[T](
            lambda read: self._put(lambda: self._build(read)), lambda error: self._put(lambda: _raised(error))
        )
        self._reading.run(self._read)

    def _put(self, build: Callable[[], Parts]) -> None:
        session = self._session
        if session is None or session.destroyed:
            self._filled.set()
            return
        self._task = asyncio.get_running_loop().create_task(self._fill_in_turn(session, build))

    async def _fill_in_turn(self, session: Any, build: Callable[[], Parts]) -> None:
        parts: list[Parts] = []

        def steps() -> Iterator[Step]:
            yield lambda: parts.append(built(build))
            figures = without_figures(parts[0].main)
            yield lambda: self._fill(parts[0])
            yield from figures
            yield lambda: None  # what Panel puts off until its next tick is to be there too

        try:
            await in_turn(self._document, session, steps())
        finally:
            self._filled.set()

    def _look(self, session: Any) -> None:
        """Has the browser come?"""
        self._waited += LOOK
        here = self._came.is_set() or session.connection_count > 0
        if not here and self._waited < LATE and not session.destroyed:
            self._loop.call_later(LOOK, self._look, session)
            return
        session.unblock_expiration()

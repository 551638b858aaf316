"""What costs a server's loop long is done in steps, so that whoever brushes on another page waits for one at most."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any
from weakref import WeakKeyDictionary

import panel as pn
from panel.layout.base import ListPanel

Step = Callable[[], Any]
PAUSE = 0.01  # seconds between two steps, in which a server reads and writes what is for other pages
LOOK = 1.0  # seconds from one look at whether a session is still there to the next
_turns: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Lock] = WeakKeyDictionary()


def turn() -> asyncio.Lock:
    """Held while a page is filled."""
    return _turns.setdefault(asyncio.get_running_loop(), asyncio.Lock())


def without_figures(part: Any) -> list[Step]:
    """Take the figures out of a part, whose models cost most, and answer the steps that put them back, one each.

    A container whose figures somebody else has changed meanwhile stays as it is.

    >>> figures = pn.Column(pn.pane.HoloViews(), pn.pane.HoloViews())
    >>> part = pn.Column("above", figures)
    >>> steps = without_figures(part)
    >>> len(figures), [step() for step in steps], len(figures)
    (0, [None, None], 2)
    """
    if not isinstance(part, ListPanel) or len(list(part.select(pn.pane.HoloViews))) < 2:
        return []
    deeper = [step for each in part.objects for step in without_figures(each)]
    if deeper:
        return deeper
    figures = list(part.objects)
    part.objects = []
    return [partial(_put_back, part, figures, at) for at in range(len(figures))]


def _put_back(part: Any, figures: list[Any], at: int) -> None:
    if part.objects == figures[:at]:
        part.append(figures[at])


async def in_turn(document: Any, session: Any, steps: Iterable[Step]) -> None:
    """Take the steps when it is this page's turn."""
    async with turn():
        await in_steps(document, session, steps)


async def in_steps(document: Any, session: Any, steps: Iterable[Step]) -> None:
    """Take the steps with the document's lock, each on a tick of its own."""
    for step in steps:
        if session.destroyed:
            return
        await _next_tick(document, session, step)
        await asyncio.sleep(PAUSE)


class InSteps:
    """Takes steps on a page that is served, now where there is none, as in a notebook."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def take(self, steps: Iterable[Step]) -> None:
        """Begin to take them."""
        document = pn.state.curdoc
        session = getattr(getattr(document, "session_context", None), "session", None)
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            session = None
        if session is None:
            for step in steps:
                step()
            return
        task = loop.create_task(in_steps(document, session, steps))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


async def _next_tick(document: Any, session: Any, step: Step) -> None:
    """Take a step; a session that ends takes none of its steps any more."""
    taken = asyncio.Event()

    def take() -> None:
        try:
            step()
        finally:
            taken.set()

    document.add_next_tick_callback(take)
    while not taken.is_set() and not session.destroyed:
        try:
            await asyncio.wait_for(taken.wait(), LOOK)
        except TimeoutError:
            continue

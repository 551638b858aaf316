"""Heavy work off the event loop, of which only the newest result counts."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Generic, TypeVar

import panel as pn

from explorer.errors import ExplorerError

T = TypeVar("T")
PATIENCE = 0.2


class Latest(Generic[T]):
    """Runs one piece of work at a time in a thread; a newer one makes the older one's result void.

    `done` and `failed` are called on the document's own thread, and `slow` when neither has been after PATIENCE
    seconds. Without an event loop, as in a script, all happens at once.
    """

    def __init__(
        self,
        done: Callable[[T], Any],
        failed: Callable[[ExplorerError], Any],
        slow: Callable[[], Any] = lambda: None,
    ) -> None:
        self._done, self._failed, self._slow = done, failed, slow
        self._turn = 0
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def busy(self) -> bool:
        """Whether work is under way."""
        return bool(self._tasks)

    def run(self, work: Callable[[], T]) -> None:
        """Start the work; whatever runs already is not waited for."""
        self._turn += 1
        turn = self._turn
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            self.at_once(work)
            return
        document = pn.state.curdoc

        def there(act: Callable[[], Any]) -> None:
            if document is not None and document.session_context is not None:
                document.add_next_tick_callback(act)
            else:
                act()

        async def go() -> None:
            waiting = loop.call_later(PATIENCE, lambda: there(lambda: self._slow() if turn == self._turn else None))
            outcome = await asyncio.to_thread(_outcome, work)
            waiting.cancel()
            there(lambda: self._settle(turn, outcome))

        task = loop.create_task(go())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def at_once(self, work: Callable[[], T]) -> None:
        """Do the work here and now."""
        self._turn += 1
        self._settle(self._turn, _outcome(work))

    def _settle(self, turn: int, outcome: T | ExplorerError) -> None:
        if turn != self._turn:
            return
        self._turn += 1  # nothing is under way any more
        if isinstance(outcome, ExplorerError):
            self._failed(outcome)
        else:
            self._done(outcome)


def _outcome(work: Callable[[], T]) -> T | ExplorerError:
    try:
        return work()
    except ExplorerError as error:
        return error

"""Heavy work off the event loop, of which only the newest result counts."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from threading import Event
from typing import Any, Generic, TypeVar

import panel as pn

from explorer.engine.stopping import stopping
from explorer.errors import ExplorerError, Stopped, UnexpectedError, ours
from widgets.parts.one_at_a_time import ONE_AT_A_TIME
from widgets.parts.unexpected import logged, reported

T = TypeVar("T")
PATIENCE = 0.2


class Latest(Generic[T]):
    """Runs one piece of work at a time in a thread; a newer one stops the older one and makes its result void.

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
        self._work: Callable[[], T] | None = None
        self._stop = Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._awaited = -1

    @property
    def busy(self) -> bool:
        """Whether work is under way whose result is wanted: `done` or `failed` will be called."""
        return self._awaited == self._turn

    def run(self, work: Callable[[], T]) -> None:
        """Start the work; whatever runs already is stopped and not waited for."""
        turn, stop = self._next()
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            self.at_once(work)
            return
        document = pn.state.curdoc
        self._work = work

        def there(act: Callable[[], Any]) -> None:
            if document is not None and document.session_context is not None:
                document.add_next_tick_callback(act)
            else:
                with ONE_AT_A_TIME:
                    act()

        async def go() -> None:
            waiting = loop.call_later(PATIENCE, lambda: there(lambda: self._slow() if turn == self._turn else None))
            outcome = await asyncio.to_thread(_outcome, work, stop)
            waiting.cancel()
            there(lambda: self._settle(turn, outcome))

        self._awaited = turn
        task = loop.create_task(go())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def at_once(self, work: Callable[[], T]) -> None:
        """Do the work here and now."""
        turn, stop = self._next()
        self._settle(turn, _outcome(work, stop))

    def finish(self) -> None:
        """Do here and now what is under way: somebody asks for what comes of it."""
        if self.busy and self._work is not None:
            self.at_once(self._work)

    def stop(self) -> None:
        """What is under way is wanted no more."""
        self._next()

    def _next(self) -> tuple[int, Event]:
        self._stop.set()
        self._stop = Event()
        self._turn += 1
        self._work = None
        return self._turn, self._stop

    def _settle(self, turn: int, outcome: T | ExplorerError | Stopped) -> None:
        if turn != self._turn or isinstance(outcome, Stopped):
            return
        self._turn += 1  # nothing is under way any more
        self._work = None
        if isinstance(outcome, ExplorerError):
            self._fail(outcome)
            return
        try:
            self._done(outcome)
        except BaseException as error:
            self._fail(ours(error))

    def _fail(self, error: ExplorerError) -> None:
        if isinstance(error, UnexpectedError) and not reported(error):
            logged(error)
        self._failed(error)


def newest(
    failed: Callable[[ExplorerError], Any] = lambda error: None,
) -> Callable[[Callable[[], Any], Callable[[Any], Any]], None]:
    """Runs a question off the event loop, the newest only; who asked hears what was found, or None where it failed,
    of which `failed` hears too.

    A question that a newer one stops is not answered.
    """
    under_way: list[Latest[Any]] = []

    def run(work: Callable[[], Any], done: Callable[[Any], Any]) -> None:
        def fail(error: ExplorerError) -> None:
            try:
                failed(error)
            finally:
                done(None)

        for older in under_way:
            older.stop()
        under_way[:] = [Latest[Any](done, fail)]
        under_way[0].run(work)

    return run


def _outcome(work: Callable[[], T], stop: Event) -> T | ExplorerError | Stopped:
    try:
        with stopping(stop):
            return work()
    except Stopped as error:
        return error
    except BaseException as error:
        return ours(error)

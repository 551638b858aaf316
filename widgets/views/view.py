"""One way of looking at the sessions: it works only while it is looked at."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

import panel as pn

from explorer.errors import ExplorerError
from explorer.state import Explorer
from widgets.parts.latest_task import Latest
from widgets.parts.theme import WAITING, show_waiting

T = TypeVar("T")


class View(Generic[T]):
    """What stands below a tab. It follows the picture and the brushes, off the event loop, and shows the newest.

    A view says what to find out in `work`, from the state as it is now, and puts what was found on the page in
    `show`. Until it is looked at for the first time nothing is built. `follows` are the parts of the state that it
    reads.
    """

    follows: tuple[str, ...] = ("drawn", "selection")

    def __init__(self, state: Explorer, say: Callable[[ExplorerError | None], None]) -> None:
        self.state, self.say = state, say
        self._latest = Latest[T](self._found, self.fail, lambda: self.wait(True))
        self._looked_at, self._stale, self._seen = False, True, False
        self._watchers: list[Any] = []
        self.watch(self.refresh, *self.follows)
        self.place = self.build()
        self.place.stylesheets = [*self.place.stylesheets, WAITING]

    def watch(self, act: Callable[[], Any], *names: str) -> None:
        """Do this whenever one of these parts of the state changes, until the view is forgotten."""
        self._watchers.append(self.state.param.watch(lambda *_: act(), list(names)))

    def forget(self) -> None:
        """This view is not shown any more, and lets go of the state."""
        self._latest.stop()
        for watcher in self._watchers:
            self.state.param.unwatch(watcher)
        self._watchers, self._looked_at = [], False

    def build(self) -> pn.viewable.Viewable:
        """The panel of this view, empty still."""
        raise NotImplementedError

    def work(self) -> Callable[[], T]:
        """What to find out, as a function that a thread runs: it must take what it needs from the state now."""
        raise NotImplementedError

    def show(self, found: T) -> None:
        """Put what was found on the page."""
        raise NotImplementedError

    def fail(self, error: ExplorerError) -> None:
        """Say why nothing new was found; the last good picture stands."""
        self.wait(False)
        self.say(error)

    def wait(self, waiting: bool) -> None:
        """Show that finding out takes a while, or no more: what was found last stays to be seen."""
        self.place.loading = waiting and not self._seen
        show_waiting(self.place, waiting and self._seen)

    def look(self, looked_at: bool) -> None:
        """The tab is opened or left."""
        self._looked_at = looked_at
        if looked_at and self._stale:
            self.refresh()

    def refresh(self) -> None:
        """Something that this view reads has changed."""
        self._stale = True
        if self._looked_at and self.state.drawn is not None:
            self._stale = False
            self._latest.run(self.work())

    def _found(self, found: T) -> None:
        self._seen = True
        self.wait(False)
        self.show(found)

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"

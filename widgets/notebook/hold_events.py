"""What changes in a notebook's view before the browser has drawn it: kept, and told when it has."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from bokeh.document.events import DocumentPatchedEvent, RootAddedEvent
from panel.io.document import unlocked
from panel.io.notebook import push
from panel.io.state import set_curdoc

from explorer.charts.figure.documents import batch
from widgets.parts import library_internals as internals
from widgets.parts.one_at_a_time import ONE_AT_A_TIME

# Panel sends nothing to a view whose root has this tag.
HELD = "embedded"


class Waiting:
    """Holds one view back until `end`. Panel would send at once what nobody hears yet, and forget the rest."""

    def __init__(self, ref: str) -> None:
        _, self._root, self._document, self._comm = internals.cell_views()[ref]
        self._events: list[Any] = []
        self._known = {model.id for model in self._document.models}
        self._document.on_change(self._keep)
        self._root.tags = [*self._root.tags, HELD]

    def _keep(self, event: Any) -> None:
        # With every message of the browser Panel lets go what it held; what the browser said needs no telling.
        if isinstance(event, DocumentPatchedEvent) and not isinstance(event, RootAddedEvent) and event.setter is None:
            self._events.append(event)

    def end(self) -> None:
        """Tell the browser all that has changed, in one message."""
        self._document.remove_on_change(self._keep)
        self._root.tags = [tag for tag in self._root.tags if tag != HELD]
        internals.hold_again(self._document, self._events)
        self._events = []
        internals.tell_anew(self._document, self._known)
        push(self._document, self._comm)


@contextmanager
def telling(document: Any) -> Iterator[None]:
    """Send what changes inside as one: to a notebook at its end, to a page behind all that Panel has yet to send it.

    A message that overtakes the one before may speak of models that the browser does not know yet.
    """
    if document is not None and document.session_context is not None:
        with set_curdoc(document), unlocked():
            yield
    else:
        with ONE_AT_A_TIME, batch(document):
            yield
            _push_to(document)  # what is let go unsent is not sent any more


def _push_to(document: Any) -> None:
    for _, root, shown, comm in internals.cell_views().values():
        if comm is not None and shown is document and HELD not in root.tags:
            push(shown, comm)

"""What changes in a document by more than one step is told as one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from panel.io.document import unlocked
from panel.io.notebook import push
from panel.io.state import set_curdoc

from explorer.charts.figure.documents import batch
from widgets.parts import library_internals as internals
from widgets.parts.one_at_a_time import ONE_AT_A_TIME


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
    for view in internals.cell_views().values():
        if view.comm is not None and view.document is document:
            push(view.document, view.comm)

"""Where an exception ends that nobody expected: it is logged, shown on its own page, and harms no other."""

from __future__ import annotations

import logging
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import bokeh.io.doc
import panel as pn
import panel.io.handlers

from explorer.errors import ExplorerError, Stopped, UnexpectedError, ours
from widgets.parts.library_internals import current_documents, document_behind

log = logging.getLogger("session_explorer")

Say = Callable[[ExplorerError], Any]
_pages: weakref.WeakKeyDictionary[Any, weakref.WeakMethod[Say]] = weakref.WeakKeyDictionary()


def shown_by(say: Say) -> None:
    """From now on `say`, a method that is held weakly, shows what goes wrong in the document that is being built."""
    if pn.state.curdoc is not None:
        _pages[pn.state.curdoc] = weakref.WeakMethod(say)


def logged(error: BaseException) -> ExplorerError:
    """The error as it can be shown; one that nobody expected is written to the log, with where it happened."""
    found = ours(error)
    if isinstance(found, UnexpectedError):
        log.error("Unexpected error\n%s", found.detail)
    return found


def reported(error: BaseException, document: Any = None) -> bool:
    """Log an error and show it on the page of a document, the one at hand where none is named; whether it has one."""
    document = pn.state.curdoc if document is None else document
    if isinstance(error, Stopped):
        return True
    method = _pages.get(document) if document is not None else None
    say = method() if method is not None else None
    if say is None:
        return False
    found = logged(error)
    if document.session_context is None:
        say(found)
    else:
        document.add_next_tick_callback(lambda: say(found))
    return True


# ---- https://github.com/bokeh/bokeh: `patch_curdoc` takes its document off the stack only where nothing is raised.
# A document that stays on it is current for the whole process, also when it has been destroyed.


@contextmanager
def contained(document: Any) -> Iterator[None]:
    """`bokeh.io.doc.patch_curdoc`, which leaves the stack as it was whatever happens, and shows what was raised."""
    stack = current_documents()
    outermost = not any(entry() is document for entry in stack)
    entry = weakref.ref(document)
    stack.append(entry)
    try:
        yield
    except BaseException as error:
        if not outermost or not reported(error, document_behind(document)):
            raise
    finally:
        # Other threads may have put theirs on top meanwhile.
        for at in range(len(stack) - 1, -1, -1):
            if stack[at] is entry:
                del stack[at]
                break


def _handle(error: BaseException) -> None:
    if not reported(error):
        raise error


def install() -> None:
    """Let every callback of Bokeh and Panel in this process end here; pages of others raise as they did."""
    bokeh.io.doc.patch_curdoc = contained
    panel.io.handlers.patch_curdoc = contained
    if pn.config.exception_handler is None:
        pn.config.exception_handler = _handle

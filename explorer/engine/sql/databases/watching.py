"""A question that is wanted no more, or that takes too long, is cancelled where it runs."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import copy_context
from threading import Event, Lock, Thread
from time import monotonic

from explorer.engine.stopping import go_on
from explorer.errors import EngineError, ExplorerError, Stopped

EVERY = 0.05
LONGEST = 600.0


def first_line(error: BaseException) -> str:
    """What an error of a database says, without the drawing below it."""
    return str(error).strip().partition("\n")[0] or type(error).__name__


Said = Callable[[BaseException], str]


@contextmanager
def watched(
    spoken: str, cancel: Callable[[], object], longest: float = LONGEST, said: Said = first_line
) -> Iterator[None]:
    """Inside, a database is asked, and what it says against it is `told`.

    `cancel` is called from another thread, again and again until the question ends: a database that has not begun with
    it yet does not hear it. `longest` is in seconds.
    """
    go_on()
    done = Event()
    why: list[Exception] = []

    def watch() -> None:
        end = monotonic() + longest
        while not done.wait(EVERY):
            if not why:
                try:
                    go_on()
                except Stopped as stopped:
                    why.append(stopped)
            if not why and monotonic() > end:
                why.append(EngineError(f"{spoken} did not answer within {_long(longest)}, and was asked to stop."))
            if why:
                with suppress(Exception):
                    cancel()

    watching = Thread(target=copy_context().run, args=(watch,), name="session-explorer-watch", daemon=True)
    watching.start()
    try:
        with told(spoken, said):
            yield
    except EngineError as error:
        raise (why[0] if why else error) from error.__cause__
    finally:
        done.set()
        watching.join()  # what is cancelled late would be the next question


@contextmanager
def told(spoken: str, said: Said = first_line) -> Iterator[None]:
    """Inside, whatever a database says against what it is asked is raised as an EngineError in a sentence."""
    try:
        yield
    except (ExplorerError, Stopped):
        raise
    except Exception as error:
        raise EngineError(sentence(spoken, said(error))) from error


# What databases say when there is no room, and when somebody there has ended a question.
NO_ROOM = (
    "out of memory",
    "outofmemory",
    "memory limit",
    "no space left",
    "not enough space",
    "disk full",
    "could not write block",
    "could not extend file",
    "temp_file_limit",
)
ENDED = ("due to user request", "query was cancelled", "query was killed", "was interrupted", "job group was cancelled")


def sentence(spoken: str, said: str) -> str:
    """What a database has against a question, and what can be done.

    >>> sentence("PostgreSQL", "No space left on device")
    'PostgreSQL has too little memory or disk for this. Ask for fewer events with a filter, ...'
    """
    folded = said.lower()
    if any(words in folded for words in NO_ROOM):
        what = "has too little memory or disk for this. Ask for fewer events with a filter, or give it more"
        return f"{spoken} {what}. It says: {said}"
    if any(words in folded for words in ENDED):
        return f"Somebody has ended this question on {spoken}. Ask it again. It says: {said}"
    return f"{spoken} could not answer: {said}"


@contextmanager
def alone(lock: Lock) -> Iterator[None]:
    """Inside, nobody else asks; who is wanted no more stops waiting."""
    while not lock.acquire(timeout=EVERY):
        go_on()
    try:
        yield
    finally:
        lock.release()


def _long(seconds: float) -> str:
    """
    >>> _long(600), _long(1.5)
    ('10 min', '1.5 s')
    """
    return f"{seconds / 60:g} min" if seconds >= 60 else f"{seconds:g} s"

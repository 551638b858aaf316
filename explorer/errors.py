"""Errors that say where, what, and what instead."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from difflib import get_close_matches


class ExplorerError(Exception):
    """Anything an analyst can mend: one sentence, ready to be shown.

    `where` is the place in the document, such as `sessions[0].inactivity`; empty when there is none.
    """

    where = ""

    def __str__(self) -> str:
        message = super().__str__()
        return f"{self.where}: {message}" if self.where else message


class SpecError(ExplorerError):
    """What was meant is wrong: a clause, a definition, a document."""


class SourceError(ExplorerError):
    """What was to be read is wrong: a file, a column, a time."""


class EngineError(ExplorerError):
    """What was right could not be computed here."""


class Stopped(Exception):
    """The answer is wanted no more: something newer was asked. Nobody has to mend anything, so it is never shown."""


@contextmanager
def located(where: str) -> Iterator[None]:
    """Put the place before any error raised inside; nested places are joined from the outside in."""
    try:
        yield
    except ExplorerError as error:
        inner = error.where
        error.where = where + ("" if not inner or inner.startswith("[") else ".") + inner
        raise


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The hint that ends an error about an unknown word.

    >>> did_you_mean("amout", ["amount", "page"])
    "Did you mean 'amount'?"
    >>> did_you_mean("xyz", ["amount", "page"])
    'There are: amount, page.'
    """
    names = [str(name) for name in known]
    folded = {name.lower(): name for name in reversed(names)}
    close = get_close_matches(word.lower(), folded, n=1, cutoff=0.6)
    if close:
        return f"Did you mean '{folded[close[0]]}'?"
    return f"There are: {', '.join(names)}." if names else "There are none."

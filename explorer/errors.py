"""Errors that say where, what, and what instead."""

import re
import traceback
from asyncio import CancelledError
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from reprlib import Repr
from typing import Any

MOST_QUOTED = 120
MOST_NAMED = 20
MOST_IN_PLACE = 60
LONGEST = 900
# Quotes as they stand around values; an apostrophe inside a word is none.
_SPAN = re.compile(r"(?<!\w)(['\"`])(.*?)\1(?!\w)", re.DOTALL)
# What ends a program or a task is nobody's error.
_NOT_ERRORS = (KeyboardInterrupt, SystemExit, GeneratorExit, CancelledError)


class ExplorerError(Exception):
    """Anything an analyst can mend: one sentence, ready to be shown.

    `where` is the place in the document, such as `sessions[0].inactivity`; empty when there is none. However large
    the values are that it speaks of, the sentence is not.
    """

    where = ""

    def __str__(self) -> str:
        message = _readable(super().__str__())
        return f"{shortened(self.where, MOST_QUOTED)}: {message}" if self.where else message


class SpecError(ExplorerError):
    """What was meant is wrong: a clause, a definition, a document."""


class SourceError(ExplorerError):
    """What was to be read is wrong: a file, a column, a time."""


class EngineError(ExplorerError):
    """What was right could not be computed here."""


class UnexpectedError(ExplorerError):
    """A fault of the program, not of the analyst's; `detail` is what somebody who mends it wants to see."""

    detail = ""

    def __init__(self, error: BaseException, said: str = "Something went wrong here; your work is kept.") -> None:
        super().__init__(said)
        self.detail = "".join(traceback.format_exception(error))


class Stopped(Exception):
    """The answer is wanted no more: something newer was asked. Nobody has to mend anything, so it is never shown."""


@contextmanager
def located(where: str) -> Iterator[None]:
    """Put the place before any error raised inside; nested places are joined from the outside in."""
    try:
        yield
    except ExplorerError as error:
        inner = error.where
        error.where = shortened(where, MOST_IN_PLACE) + ("" if not inner or inner.startswith("[") else ".") + inner
        raise


@contextmanager
def outside(what: str, kind: type[ExplorerError] = SpecError) -> Iterator[None]:
    """Around everything that reads what others wrote: whatever is raised inside is raised as one of our errors.

    `what` is what is read, as the message begins: "This document".

    >>> with outside("This number"):
    ...     int("²")
    Traceback (most recent call last):
    explorer.errors.SpecError: This number cannot be read: invalid literal for int() with base 10: '²'.
    """
    try:
        yield
    except (ExplorerError, Stopped, *_NOT_ERRORS):
        raise
    except RecursionError:
        raise kind(f"{what} is nested too deeply. Write it flatter.") from None
    except BaseException as error:  # Polars panics with a BaseException
        why = str(error).strip().partition("\n")[0].rstrip(".") or type(error).__name__
        raise kind(f"{what} cannot be read: {why}.") from error


def ours(error: BaseException) -> ExplorerError:
    """An exception as one that can be shown; what ends a program is raised again."""
    if isinstance(error, _NOT_ERRORS):
        raise error
    return error if isinstance(error, ExplorerError) else UnexpectedError(error)


# ---- how values stand in messages


class _Short(Repr):
    def __init__(self) -> None:
        super().__init__()
        self.maxlevel, self.maxdict, self.maxlist, self.maxtuple, self.maxset = 3, 4, 6, 6, 6
        self.maxstring = self.maxother = self.maxlong = MOST_QUOTED

    def repr_int(self, value: int, level: int) -> str:
        # Python refuses to write whole numbers of more than 4,300 digits.
        return super().repr_int(value, level) if value.bit_length() < 4_000 else "a number of more than 1,000 digits"


def quoted(value: Any) -> str:
    """A value as a message quotes it: like `repr`, but at most about 120 characters, however large the value is.

    >>> quoted("30"), len(quoted("x" * 10_000)) <= 120, quoted([[[[1]]]])
    ("'30'", True, '[[[[...]]]]')
    """
    return shortened(_Short().repr(value), MOST_QUOTED)


def as_text(value: Any) -> str:
    """`str` of what one word can say; of what may hold any number of values only as much as a message quotes."""
    return quoted(value) if isinstance(value, list | dict | tuple | set | int) else str(value)


def shortened(text: str, most: int) -> str:
    """The beginning and the end of a text that is longer than `most` characters.

    >>> shortened("abcdefghijklmnopqrstuvwxyz", 10)
    'abcdef…xyz'
    """
    if len(text) <= most:
        return text
    end = most // 3
    return f"{text[: most - end - 1]}…{text[-end:]}"


def _readable(message: str) -> str:
    message = re.sub(r"[\r\n\t]+", " ", message)
    said = _SPAN.sub(lambda span: span[1] + shortened(span[2], MOST_QUOTED) + span[1], message)
    return said if len(said) <= LONGEST else f"{said[:180]} … {said[-180:]}"


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The hint that ends an error about an unknown word.

    >>> did_you_mean("amout", ["amount", "page"])
    "Did you mean 'amount'?"
    >>> did_you_mean("xyz", ["amount", "page"])
    'There are: amount, page.'
    """
    names = [str(name) for name in known]
    folded = {name.lower(): name for name in reversed(names)}
    close = get_close_matches(word.lower(), folded, n=1, cutoff=0.6) if len(word) <= MOST_QUOTED else []
    if close:
        return f"Did you mean '{folded[close[0]]}'?"
    if not names:
        return "There are none."
    shown = ", ".join(shortened(name, MOST_IN_PLACE) for name in names[:MOST_NAMED])
    more = len(names) - MOST_NAMED
    return f"There are: {shown} and {more:,} more." if more > 0 else f"There are: {shown}."

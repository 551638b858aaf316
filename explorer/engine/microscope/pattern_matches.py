"""Where patterns match among the events of a session, and the pattern that a stretch of them is."""

from __future__ import annotations

import numpy as np
import polars as pl

from explorer.engine.microscope.session_place import Found, rows_of
from explorer.errors import SpecError
from explorer.plan.in_polars.pattern import LETTERS, OTHER, regular_expression
from explorer.plan.literal import type_word
from explorer.plan.pattern_elements import conditions
from explorer.spec.editing.loosening import MOST_MARKED, loosened
from explorer.spec.expression.clause import Compare, IsNull
from explorer.spec.metric import Metric
from explorer.spec.pattern import written

BEGINS, ENDS = "<", ">"


def spans(found: Found, metric: Metric) -> list[tuple[int, int]]:
    """The first and the last event of each match of a metric's pattern in the session, by their places in the view."""
    assert metric.pattern is not None
    inside, its = found.sessions.inside, found.events
    whole = slice(its.start, its.stop)
    letters = np.full(len(its), ord(OTHER), np.uint8)
    clauses = conditions(metric.pattern, found.sessions.events.columns.event, inside.schema)
    for letter, clause in reversed(list(zip(LETTERS, clauses, strict=False))):
        letters[inside.mask(clause)[whole].to_numpy()] = ord(letter)
    places = np.arange(its.start, its.stop)
    if metric.where is not None:
        held = inside.mask(metric.where)[whole].to_numpy()
        letters, places = letters[held], places[held]
    regex = regular_expression(metric.pattern)
    marked = pl.Series([letters.tobytes().decode()]).str.replace_all(f"({regex})", f"{BEGINS}${{1}}{ENDS}")[0]
    signs = np.frombuffer(marked.encode(), np.uint8)
    is_sign = (signs == ord(BEGINS)) | (signs == ord(ENDS))
    before = np.cumsum(~is_sign)
    firsts, ends = before[signs == ord(BEGINS)], before[signs == ord(ENDS)] - 1
    return list(zip(places[firsts].tolist(), places[ends].tolist(), strict=True))


def proposed(found: Found, first: int, last: int) -> tuple[tuple[str, str], ...]:
    """The patterns of a stretch of the session's events, from the very stretch to looser ones, each with what it leaves
    open. Raises SpecError for a stretch that is too long, and where no column says what happened."""
    column = found.sessions.events.columns.event
    if column is None:
        raise SpecError("No column says what happened in an event, so there is no pattern of events.")
    its = range(max(first, found.events.start), min(last + 1, found.events.stop))
    if len(its) > MOST_MARKED:
        raise SpecError(f"Mark at most {MOST_MARKED} events, these are {len(its):,}.")
    values = found.sessions.events.column(column).gather(rows_of(found.view, its))
    return loosened([_element(column, value, type_word(values.dtype)) for value in values.to_list()])


def _element(column: str, value: object, kind: str) -> str:
    if value is None:
        return f"{{{IsNull(column)}}}"
    if kind == "text":
        return written(str(value))
    if isinstance(value, bool | int | float):
        return f"{{{Compare(column, '=', value)}}}"
    raise SpecError(f"'{column}' is a {kind}, by which a pattern tells no events apart.")

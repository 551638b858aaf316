"""The steps of a funnel while they are written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from explorer.crossfilter.formats import count_short
from explorer.crossfilter.selections.range_text import value_label
from explorer.errors import SpecError
from explorer.plan.in_polars.predicate import predicate
from explorer.plan.meaning import inside
from explorer.spec.charts.funnel import MOST_STEPS
from explorer.spec.expression.clause import Compare, parse


def step_errors(texts: Sequence[Any], schema: Mapping[str, pl.DataType]) -> list[str]:
    """What is wrong with each step, in the words of the errors; an empty one is nothing yet.

    >>> step_errors(["event = 'view'", "evnt = 'buy'", ""], {"event": pl.String()})
    ['', "there is no column 'evnt'. Did you mean 'event'?", '']
    """
    found = []
    for at, text in enumerate(texts):
        said = ""
        try:
            if str(text).strip():
                predicate(parse(str(text).strip()), inside(schema))
            if at >= MOST_STEPS:
                said = f"A funnel has at most {MOST_STEPS} steps. Remove one."
        except SpecError as error:
            said = str(error)
        found.append(said)
    return found


def offered(column: str, values: Sequence[tuple[str, int]]) -> list[tuple[str, str, str]]:
    """Values of the event column with the number of their events, each with the condition that a step of it is.

    >>> offered("event", [("view", 9), ("it's", 1)])
    [('view', "event = 'view'", '9'), ("it's", "event = 'it''s'", '1')]
    """
    return [(value_label(value), str(Compare(column, "=", value)), count_short(n)) for value, n in values]

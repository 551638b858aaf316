"""What the elements of a pattern ask of events."""

from collections.abc import Mapping

import polars as pl

from explorer.errors import SpecError, located
from explorer.plan.in_polars.predicate import predicate
from explorer.plan.literal import type_word
from explorer.spec.event_columns import name_inside
from explorer.spec.expression.clause import Clause, Compare
from explorer.spec.pattern import Element, Pattern


def conditions(pattern: Pattern, event: str | None, schema: Mapping[str, pl.DataType]) -> list[Clause]:
    """A condition for each element: that the event column has its value, or its own. Raises SpecError.

    >>> pattern = Pattern.parse("view -> {amount > 10}")
    >>> [str(each) for each in conditions(pattern, "event", {"event": pl.String(), "amount": pl.Float64()})]
    ["event = 'view'", 'amount > 10']
    """
    with located("pattern"):
        found = [_condition(element, event, schema) for element in pattern.elements]
        for clause in found:
            predicate(clause, schema)
    return found


def _condition(element: Element, event: str | None, schema: Mapping[str, pl.DataType]) -> Clause:
    if not isinstance(element, str):
        return element
    if event is None:
        raise SpecError(
            f"No column says what happened in an event, so '{element}' is no kind of event. Say which column is "
            "the event, or write a condition in braces."
        )
    event = name_inside(event)
    kind = type_word(schema[event]) if event in schema else "text"
    if kind == "number":
        try:
            return Compare(event, "=", float(element) if "." in element else int(element))
        except ValueError:
            raise SpecError(f"'{event}' is a number, and '{element}' is none.") from None
    if kind != "text":
        raise SpecError(f"'{event}' is a {kind}. Write a condition in braces instead of '{element}'.")
    return Compare(event, "=", element)

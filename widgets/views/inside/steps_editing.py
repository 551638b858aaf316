"""The steps of a funnel while they are written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from explorer.crossfilter.cards import FUNNEL
from explorer.crossfilter.formats import count_short
from explorer.crossfilter.selections.range_text import value_label
from explorer.errors import SpecError
from explorer.plan.in_polars.predicate import predicate
from explorer.plan.meaning import inside
from explorer.plan.pattern_elements import conditions
from explorer.spec.charts.chart import Chart
from explorer.spec.charts.funnel import MOST_STEPS
from explorer.spec.charts.sequences.steps import PatternStep, is_pattern
from explorer.spec.expression.clause import Compare, parse

WITHOUT = -1  # the place of the condition that must not hold between steps, beside those of the steps


@dataclass(frozen=True)
class Draft:
    """A funnel as it is typed: the conditions of its steps, and what they keep to."""

    steps: tuple[str, ...] = ()
    within: str = ""
    without: str = ""
    order: str = "given"

    @classmethod
    def read(cls, told: Mapping[str, Any]) -> Draft:
        """What the browser says.

        >>> Draft.read({"steps": ["a = 1"], "within": "10m"})
        Draft(steps=('a = 1',), within='10m', without='', order='given')
        """
        steps = told.get("steps")
        texts = {name: str(told.get(name) or "") for name in ("within", "without")}
        return cls(
            tuple(map(str, steps)) if isinstance(steps, list) else (), **texts, order=str(told.get("order") or "given")
        )

    @classmethod
    def of(cls, chart: Chart | None) -> Draft:
        """A funnel as it is."""
        if chart is None:
            return cls()
        within, without = ("" if each is None else str(each) for each in (chart.within, chart.without))
        return cls(tuple(map(str, chart.steps)), within, without, chart.funnel.order)

    @property
    def limits(self) -> dict[str, str]:
        """What the steps keep to."""
        return {"within": self.within, "without": self.without, "order": self.order}

    @property
    def fields(self) -> dict[str, str | None]:
        """The same as fields of a chart."""
        return {name: text or None for name, text in self.limits.items()}

    @property
    def trimmed(self) -> Draft:
        """The same without what is empty. Strict order needs no condition in between, so it has none."""
        steps = tuple(text.strip() for text in self.steps if text.strip())
        without = "" if self.order == "strict" else self.without.strip()
        return replace(self, steps=steps, within=self.within.strip(), without=without)

    def with_condition(self, step: int, text: str) -> Draft:
        """Another condition of a step, or of what must not lie between."""
        if step == WITHOUT:
            return replace(self, without=text)
        return replace(self, steps=tuple(text if at == step else old for at, old in enumerate(self.steps)))


def limit_errors(draft: Draft, schema: Mapping[str, pl.DataType]) -> dict[str, str]:
    """What is wrong with what the steps keep to, by its name.

    >>> limit_errors(Draft(within="10", without="evnt = 'x'"), {"event": pl.String()})
    {'within': "'10' has no unit. Write 10s, 10m, 10h or 10d.", 'without': "there is no column 'evnt'. Did you mean \
'event'?"}
    """
    steps = tuple(text for text in draft.trimmed.steps if is_pattern(text))[:1] or ("1 = 1",)
    try:
        found, alone = {}, Chart(FUNNEL, FUNNEL, steps=steps)
    except SpecError:  # said at the step
        return {}
    for name, text in draft.trimmed.fields.items():
        try:
            chart = alone.replace(**{name: text})
            if chart.without is not None:
                predicate(chart.without, inside(schema))
        except SpecError as error:
            found[name] = str(error).removeprefix(f"{name}: ")
    return found


def step_errors(texts: Sequence[Any], schema: Mapping[str, pl.DataType], event: str | None = None) -> list[str]:
    """What is wrong with each step, in the words of the errors; an empty one is nothing yet. `event` is the column
    whose values patterns name.

    >>> step_errors(["event = 'view'", "evnt = 'buy'", ""], {"event": pl.String()})
    ['', "there is no column 'evnt'. Did you mean 'event'?", '']
    """
    found = []
    for at, text in enumerate(texts):
        said = ""
        try:
            if is_pattern(text):
                conditions(PatternStep.parse(text).pattern, event, inside(schema))
            elif str(text).strip():
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

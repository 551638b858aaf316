"""The selection as a part of the definition: what a condition needs is added to it first."""

from __future__ import annotations

from calendar import day_name
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from explorer.crossfilter.selections.brushes import Brush, Values
from explorer.crossfilter.selections.conditions import brush_clause, to_clause
from explorer.crossfilter.selections.path_names import is_path_step
from explorer.crossfilter.selections.selection import Selection
from explorer.errors import SpecError
from explorer.spec.charts.dimension import Dimension
from explorer.spec.charts.sequences.returns import ACTIVITY, OF_FIRST, RETURN
from explorer.spec.cohort import Cohort
from explorer.spec.expression.clause import All, Any, Clause, Compare, IsNull, Not, parse
from explorer.spec.metric import Metric
from explorer.spec.session import BUILT_IN, SessionDefinition

Schema = Mapping[str, pl.DataType]
FUNNEL = "funnel"


@dataclass(frozen=True)
class Kept:
    """A definition before and after what is selected became part of it, and the cohorts that it needs for that."""

    before: SessionDefinition
    after: SessionDefinition
    cohorts: tuple[Cohort, ...] = ()


def selected_in(
    definition: SessionDefinition, selection: Selection, sessions: Schema, events: Schema
) -> tuple[SessionDefinition, Clause]:
    """The definition with the metrics that the condition needs, and the condition that exactly the selected meet.

    `sessions` are the columns that conditions on sessions may use, `events` those of the events. A brush on the first
    or last value of a column of events, or on any of them, is asked of a metric. Raises SpecError where nothing is
    selected, or where a brush cannot be said as a condition.

    >>> visit = SessionDefinition("visit", "30m")
    >>> made, clause = selected_in(visit, Selection.from_text("last page:/thanks"), {}, {"page": pl.String()})
    >>> str(made.metrics[0].aggregate), str(clause)
    ('last', "last_page = '/thanks'")
    """
    parts: list[Clause] = []
    for name, brush in selection.items():
        dimension = Dimension.parse(name)
        if name in sessions:
            part = brush_clause(name, sessions[name], brush)
        elif dimension.place in ("first", "last") and dimension.column in events:
            definition, metric = _with(definition, Metric(_free(name), dimension.place, dimension.column), events)
            part = brush_clause(metric, events[dimension.column], brush)
        elif dimension.place == "any" and dimension.column in events:
            definition, part = _any(definition, dimension.column, brush, events)
        elif dimension.part and dimension.column in sessions:
            part = _part(dimension, brush)
        elif is_path_step(name):
            raise SpecError(
                f"'{name}' cannot be part of the definition: conditions do not know paths. Add a metric of a pattern, "
                "such as any search -> view, and brush that."
            )
        elif name in (RETURN, ACTIVITY):
            raise SpecError("Conditions do not know when actors come back. Make an actor metric of it, and brush that.")
        elif name.endswith(OF_FIRST):
            raise SpecError(f"Conditions do not know '{name}'. Make an actor metric of it, its first value.")
        elif name.partition(" ")[0] == FUNNEL:
            raise SpecError(f"'{name}' cannot be part of the definition: conditions do not know its steps.")
        else:
            part = to_clause(Selection().with_(name, brush), sessions)
        parts += part.clauses if isinstance(part, All) else [part]
    if not parts:
        raise SpecError("Nothing is selected. Brush a chart first.")
    return definition, parts[0] if len(parts) == 1 else All(tuple(parts))


def _any(definition: SessionDefinition, column: str, brush: Brush, events: Schema) -> tuple[SessionDefinition, Clause]:
    """Sessions with such an event, wherever it is; with none, those in which no event has a value."""
    parts: list[Clause] = []
    if not isinstance(brush, Values):
        raise SpecError(f"A selection of any {column} cannot be part of the definition. Select its values.")
    if brush.values:
        held = brush_clause(column, events[column], Values(brush.values))
        said = next(iter(brush.values)) if len(brush.values) == 1 else column
        definition, metric = _with(definition, Metric(_free(f"has {said}"), "any", where=held), events)
        parts.append(Compare(metric, "=", True))
    if brush.none:
        known = Metric(_free(f"has {column}"), "any", where=Not(IsNull(column)))
        definition, metric = _with(definition, known, events)
        parts.append(Compare(metric, "=", False))
    clause = parts[0] if len(parts) == 1 else Any(tuple(parts))
    return definition, Not(clause) if brush.negated else clause


def _part(dimension: Dimension, brush: Brush) -> Clause:
    """An hour or a weekday of a time, by the function of that name."""
    if not isinstance(brush, Values):
        raise SpecError(f"A selection of {dimension} cannot be part of the definition. Select its bars.")
    days = {day: at + 1 for at, day in enumerate(day_name)}
    numbers = sorted(days[text] if dimension.part == "weekday" else int(text) for text in brush.values)
    column = '"' + dimension.column.replace('"', '""') + '"'
    texts = [f"{dimension.part}({column}) IN ({', '.join(map(str, numbers))})"] if numbers else []
    texts += [f"{column} IS NULL"] if brush.none else []
    clause = parse(" OR ".join(texts))
    return Not(clause) if brush.negated else clause


def _with(definition: SessionDefinition, metric: Metric, events: Schema) -> tuple[SessionDefinition, str]:
    """The definition with this metric, under a name that is free, or the name of the one that asks the same already."""
    for known in definition.metrics:
        if known.replace(name=metric.name) == metric:
            return definition, known.name
    taken = {*BUILT_IN, *events, *(known.name for known in definition.metrics)}
    name, at = metric.name, 2
    while name in taken:
        name, at = f"{metric.name}_{at}", at + 1
    return definition.replace(metrics=(*definition.metrics, metric.replace(name=name))), name


def _free(text: str) -> str:
    """A text as a name that needs no quotes.

    >>> _free("first page"), _free("has /shop?x=1")
    ('first_page', 'has_shop_x_1')
    """
    words = "".join(letter if letter.isalnum() else " " for letter in text).split()
    return "_".join(words)[:60] or "metric"

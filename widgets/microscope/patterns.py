"""Patterns in the microscope: matches in the list of events, and the pattern of events that are marked."""

from __future__ import annotations

from collections.abc import Iterable

from explorer.crossfilter.formats import count_text, many, percent_text
from explorer.engine.engine import Engine
from explorer.engine.microscope import pattern_matches
from explorer.engine.microscope.session_place import Found
from explorer.engine.stopping import go_on
from explorer.errors import SpecError
from explorer.spec.charts.chart import Chart
from explorer.spec.editing.edits import free_name
from explorer.spec.metric import Metric
from explorer.spec.pattern import Pattern
from explorer.spec.session import BUILT_IN, KNOWN_BESIDES, SessionDefinition
from widgets.microscope.head import Plain

MOST_SPANS = 2_000


def matches(found: Found, name: str) -> Plain:
    """Where the pattern of a metric matches, the first of them where none of this name has one; which there are."""
    metrics = [metric for metric in found.definition.metrics if metric.pattern is not None]
    if not metrics:
        return {"names": [], "chosen": "", "spans": [], "text": ""}
    metric = next((metric for metric in metrics if metric.name == name), metrics[0])
    try:
        spans = pattern_matches.spans(found, metric)
    except SpecError as error:
        spans, text = [], str(error)
    else:
        text = f"{many(len(spans), 'match').replace('matchs', 'matches')} of {metric.pattern}"
        text += f"; the first {count_text(MOST_SPANS)} are marked" if len(spans) > MOST_SPANS else ""
    names = [metric.name for metric in metrics]
    return {"names": names, "chosen": metric.name, "spans": [list(each) for each in spans[:MOST_SPANS]], "text": text}


def marked(engine: Engine, found: Found, first: int, last: int) -> Plain:
    """The patterns of the events from one place to another, each with how many sessions match it."""
    first, last = sorted((first, last))
    try:
        proposals = pattern_matches.proposed(found, first, last)
    except SpecError as error:
        return {"first": first, "last": last, "ways": [], "problem": str(error)}
    ways = []
    for said, pattern in proposals:
        go_on()
        sessions, total = counted(engine, found.definition, pattern)
        text = f"{count_text(sessions)} sessions, {percent_text(sessions / total if total else None)}"
        ways.append({"said": said, "pattern": pattern, "text": text})
    return {"first": first, "last": last, "ways": ways, "problem": ""}


def counted(engine: Engine, definition: SessionDefinition, pattern: str) -> tuple[int, int]:
    """How many of the shown sessions match a pattern, and how many there are."""
    metric = Metric(free_metric(definition, "matches"), "any", pattern=pattern)
    asked = definition.replace(metrics=(*definition.metrics, metric))
    number = Chart("number", definition.name)
    some = engine.query(number.replace(where=metric.name), asked)["value"][0]
    return int(some), int(engine.query(number, asked)["value"][0])


def metric_of(definition: SessionDefinition, pattern: str, names: Iterable[str] = ()) -> Metric:
    """Whether sessions match a pattern, as a metric with a name that none of these has.

    >>> metric_of(SessionDefinition("visit", "30m"), "page_view -> 'add to cart'").name
    'has_page_view_then_add_to_cart'
    """
    ends = [_slug(str(element)) for element in Pattern.parse(pattern).elements]
    name = "_then_".join(dict.fromkeys(filter(None, (ends[0], ends[-1]))))
    name = f"has_{name or 'pattern'}"
    return Metric(free_metric(definition, name, names), "any", pattern=pattern)


def free_metric(definition: SessionDefinition, name: str, names: Iterable[str] = ()) -> str:
    """A name that no metric, value or column has."""
    taken = [metric.name for metric in definition.metrics]
    return free_name(name, [*taken, *definition.actor_values, *BUILT_IN, *KNOWN_BESIDES, *names])


def _slug(text: str) -> str:
    return "_".join("".join(sign if sign.isalnum() else " " for sign in text).split())

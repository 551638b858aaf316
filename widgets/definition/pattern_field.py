"""The field of a pattern of events: it is typed, or clicked together from the events that there are."""

from __future__ import annotations

import param

from explorer.spec.pattern import MARKS
from widgets.parts.component import Component, script, style


class PatternField(Component):
    """A pattern as a text. `offered` are the events to click, each with its text in a pattern and its number."""

    value = param.String(default="")
    offered = param.List(default=[])
    optional = param.Boolean(default=False, doc="Whether it may be left empty.")

    _esm = script("definition/pattern_field.js")
    _stylesheets = [style("definition/pattern_field.css")]


def written(event: str) -> str:
    """A value of the event column as it stands in a pattern.

    >>> written("view"), written("add to cart"), written("it's")
    ('view', "'add to cart'", "'it''s'")
    """
    plain = event and not any(sign.isspace() or sign in MARKS for sign in event)
    return event if plain and "->" not in event and ".." not in event else "'" + event.replace("'", "''") + "'"

"""The field of a pattern of events: it is typed, or clicked together from the events that there are."""

from __future__ import annotations

import param

from widgets.parts.component import Component, script, style


class PatternField(Component):
    """A pattern as a text. `offered` are the events to click, each with its text in a pattern and its number."""

    value = param.String(default="")
    offered = param.List(default=[])
    optional = param.Boolean(default=False, doc="Whether it may be left empty.")

    _esm = script("definition/pattern_field.js")
    _stylesheets = [style("definition/pattern_field.css")]

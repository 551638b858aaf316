"""What the browser shows of what happens inside sessions: bars, a matrix, a flow, a funnel with its editor."""

from __future__ import annotations

import param
from panel.custom import Child, JSComponent

from widgets.parts.component import script, style


class Shown(JSComponent):
    """Draws `shown`; what is clicked comes as a message."""

    shown = param.Dict(default={})
    busy = param.Boolean(default=False, doc="Newer numbers are on their way.")

    __abstract = True

    def __init__(self, **params: object) -> None:
        super().__init__(**({"sizing_mode": "stretch_width", "margin": 0} | params))


class BarList(Shown):
    """One bar a value, each a button."""

    label = param.String(doc="What the bars are, for screen readers.")

    _esm = script("views/inside/parts.js", "views/inside/bars.js")
    _stylesheets = [style("views/inside/bars.css")]


class AfterPanel(Shown):
    """Next event: a matrix, and one of its rows as bars."""

    _esm = script("parts/table.js", "views/inside/parts.js", "views/inside/after.js")
    _stylesheets = [style("parts/table.css", "views/inside/bars.css", "views/inside/after.css")]


class PathsPanel(Shown):
    """Paths as a flow and as a list, and what is asked of them."""

    asked = param.Dict(default={}, doc="What is asked, by its name.")
    columns = param.List(default=[], doc="Columns of events that steps can be.")
    values = param.List(default=[], doc="Values of the event column.")
    errors = param.Dict(default={}, doc="What is wrong with what was typed last, by its name.")
    problem = param.String(doc="Why there are no paths.")
    last = param.Boolean(default=True, doc="Whether one more chart is offered below.")
    removable = param.Boolean(default=False, doc="Whether the document has this chart.")
    handed = param.Dict(default={}, doc="Numbers as CSV that were asked for: `text`, `name`; `turn` differs each time.")

    _esm = script(
        "parts/download.js",
        "parts/table.js",
        "views/inside/parts.js",
        "views/inside/ribbons.js",
        "views/inside/path_asks.js",
        "views/inside/paths.js",
    )
    _stylesheets = [style("parts/table.css", "views/inside/bars.css", "views/inside/paths.css")]


class FunnelPanel(Shown):
    """A funnel, and the editor of its steps."""

    steps = param.List(default=[], doc="The conditions as texts.")
    errors = param.List(default=[], doc="What is wrong with each step of the draft.")
    offered = param.List(default=[], doc="Values that a step can be made of: (text, condition, events) each.")
    limits = param.Dict(default={}, doc="What the steps keep to, as texts: `within`, `without`, `order`.")
    wrong = param.Dict(default={}, doc="What is wrong with those of the draft.")
    last = param.Boolean(default=True, doc="Whether one more funnel is offered below.")
    problem = param.String(doc="Why the funnel cannot be counted.")
    asked = param.Dict(default={}, doc="What else is asked of it, by its name: the `value` and the `options`.")
    handed = param.Dict(default={}, doc="Numbers as CSV that were asked for: `text`, `name`; `turn` differs each time.")
    turn = param.Integer(default=0, doc="Counts the drafts that were applied.")
    builder = Child(doc="The condition builder, which stands in the step that is built with it.")
    built = param.Dict(default={}, doc="What the builder says: the `step` and its `text`.")

    _esm = script(
        "parts/svg.js",
        "parts/across.js",
        "parts/moments.js",
        "parts/download.js",
        "parts/table.js",
        "views/inside/parts.js",
        "views/inside/funnel_editor.js",
        "views/inside/funnel_sides.js",
        "views/inside/funnel_trend.js",
        "views/inside/funnel.js",
    )
    _stylesheets = [style("parts/table.css", "parts/moments.css", "views/inside/bars.css", "views/inside/funnel.css")]


class ColumnChoice(JSComponent):
    """Which column of the events tells them apart."""

    columns = param.List(default=[])
    column = param.String()
    missing = param.String(doc="Why there is nothing to see before a column is chosen.")

    _esm = script("views/inside/column.js")
    _stylesheets = [style("views/inside/column.css")]

"""Which charts are shown: one for any column of sessions, any metric, and what begins or ends a session."""

from __future__ import annotations

from typing import Any

import panel as pn
import param
import polars as pl

from explorer.charts.titles import NEW_OR_RETURNING, chart_title
from explorer.plan.in_polars.measure import dtype_of_actors
from explorer.plan.literal import TEXTS, type_word
from explorer.spec.charts.kinds import KINDS
from explorer.spec.session import BESIDES
from explorer.state import Explorer
from widgets.charts.chart_fields import Choices
from widgets.notebook.inline import Shown
from widgets.notebook.told import Told
from widgets.parts.component import Component, script, style
from widgets.parts.tells_again import TellsAgain

ORDERED = ("number", "duration", "time")
NEW = tuple((f"new {kind.name}", kind.offer) for kind in KINDS.values() if kind.offer)
OF_SESSIONS = (
    "duration",
    "event_count",
    "start",
    "session_number",
    NEW_OR_RETURNING,
    *BESIDES,
    "started_by",
    "cut_off",
)
MEASURED = ("duration", "event_count", "session_number", *BESIDES)
OF_TIME = ("hour of start", "weekday of start")
OF_ACTORS = ("time_in_session", "session_count")


class ChartMenu(Component):
    """What the browser shows."""

    groups = param.List(default=[])
    others = param.List(default=[list(each) for each in NEW])
    shown = param.List(default=[], item_type=str)

    _esm = script("parts/menu.js", "charts/chart_menu.js")
    _stylesheets = [style("parts/menu.css", "charts/chart_menu.css")]


class ChartChoice(TellsAgain, Shown):
    """A menu of charts with ticks; a click asks to show or hide one, and the last one stays."""

    value = param.ClassSelector(class_=tuple, default=(), doc="What the charts shown are of, in order.")
    groups = param.List(default=[], doc="Titles, and below each what charts can be of with their own titles.")
    toggled = param.String(default="", doc="What was clicked.")

    def __init__(self, **params: Any) -> None:
        super().__init__(**params)
        self._menu = ChartMenu(groups=self.param.groups, shown=pn.bind(list, self.param.value), margin=0)
        self._menu.on_msg(lambda event: self.hear(event.data))

    def hear(self, message: dict[str, str]) -> None:
        """Take a click in the browser; a second one on the same is heard too."""
        self.tell_again(toggled=message["toggle"])

    def still_words(self) -> Told:
        """The charts that are shown."""
        titles = {name: title for _, names in self.groups for name, title in names}
        return Told("Charts", [], ["Chart"], [[titles.get(name, name)] for name in self.value])

    def __panel__(self) -> ChartMenu:
        return self._menu


def choices(state: Explorer) -> Choices:
    """What charts of the definition that is shown can be of."""
    definition, columns, schema = state.definition, state.analysis.columns, state.engine.schema
    others = [name for name in schema if name not in (*columns.actor, columns.time)]
    texts = [name for name in others if isinstance(schema[name], TEXTS)]
    metrics = [(metric.name, metric.name) for metric in definition.metrics]
    cohorts = [cohort.name for cohort in state.analysis.cohorts]
    of_actors = [*cohorts, *(metric.name for metric in definition.actor_metrics)]
    groups = {
        "Metrics": metrics[::-1],
        "Sessions": [(name, chart_title(name)) for name in (*OF_SESSIONS, *OF_TIME)],
        "Actors": [(name, chart_title(name)) for name in (*OF_ACTORS, *of_actors)],
        "Where a session begins and ends": [
            (f"{place} {name}", chart_title(f"{place} {name}")) for name in texts for place in ("first", "last")
        ],
        "Anywhere in a session": [(f"any {name}", chart_title(f"any {name}")) for name in texts],
    }
    # What is drawn is known; asking the engine here would cut the sessions while the page waits.
    known = state.drawn.schema if state.drawn is not None else {}
    numbers = [(name, text) for name, text in metrics if name in known and _is_measured(known[name])]
    measured = {
        "Sessions": [(name, chart_title(name)) for name in MEASURED],
        "Metrics": numbers,
        "Actors": [
            (name, text) for name, text in groups["Actors"] if name in OF_ACTORS or _is_measured(_of_actor(name, state))
        ],
    }
    types = {name: known[name] for name, _ in metrics if name in known}
    types |= {metric.name: _of_actor(metric.name, state) for metric in definition.actor_metrics}
    lengths = tuple(name for name, dtype in types.items() if dtype.is_temporal())
    dimensions, measures = ([(title, names) for title, names in each.items() if names] for each in (groups, measured))
    return Choices(dimensions, measures, lengths)


def _of_actor(name: str, state: Explorer) -> pl.DataType:
    """The type of an actor metric, without computing it."""
    metric = state.definition.actor_metric(name)
    drawn = {} if state.drawn is None else state.drawn.schema
    return pl.Null() if metric is None else dtype_of_actors(metric, {**state.engine.schema, **drawn})


def _is_measured(dtype: pl.DataType) -> bool:
    return type_word(dtype) in ("number", "duration")


def is_named(name: str, state: Explorer) -> bool:
    """Whether a column of sessions has names, which are drawn as bars, and not numbers."""
    dtype = state.drawn.schema.get(name) if state.drawn is not None else None
    if state.definition.actor_metric(name) is not None:
        dtype = _of_actor(name, state)
    return not (name in (*OF_ACTORS, *BESIDES) or (dtype is not None and type_word(dtype) in ORDERED))

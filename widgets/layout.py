"""Where the parts of the explorer stand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from typing import Any

import panel as pn

from explorer.charts.brushing.linked import LinkedCharts
from explorer.spec.analysis import Analysis
from explorer.spec.prose import definition_sentence
from explorer.state import Explorer
from widgets.parts.component import style
from widgets.parts.source_words import about
from widgets.parts.tab_stops import ROVING, TOOLS
from widgets.parts.theme import card

READOUT = (
    style()
    + """
:host { font-size: var(--text-m); font-weight: 500; line-height: 20px; }
:host { font-variant-numeric: tabular-nums; white-space: nowrap; }
"""
)
SENTENCE = style("parts/remark.css")
ABOUT = (
    style()
    + """
:host { font-size: var(--text-m); line-height: 1.5 }
h3 { margin: 0 0 4px; font-size: var(--text-s); font-weight: 600; letter-spacing: .06em; opacity: .75 }
b { display: block; font-size: var(--text-l); font-weight: 600; overflow-wrap: anywhere } span { opacity: .75 }
"""
)


@dataclass(frozen=True)
class Editors:
    """What changes the document beside the page, from top to bottom."""

    columns: Any
    data_toggle: Any
    definitions: Any
    inactivity: Any
    rules: Any


def sidebar(state: Explorer, editors: Editors) -> pn.Column:
    """The source, and the editors below it."""
    parts = (
        _html(pn.bind(lambda engine: f"<h3>DATA</h3>{about(engine)}", state.param.engine)),
        pn.Column(editors.columns, editors.data_toggle, sizing_mode="stretch_width", margin=0, css_classes=ROVING),
        _html("<h3>SESSIONS</h3>"),
        editors.definitions,
        pn.pane.HTML(sentence(state), stylesheets=[SENTENCE], margin=(8, 0, 12, 0), sizing_mode="stretch_width"),
        editors.inactivity,
        pn.Column(editors.rules, margin=(12, 0, 24, 0), sizing_mode="stretch_width"),
    )
    return pn.Column(*parts, sizing_mode="stretch_width", margin=(0, 16))


def header(*parts: Any) -> pn.Row:
    """What stands in the app bar: filled once the page is drawn, which it would hold up."""
    bar = pn.Row(sizing_mode="stretch_width", margin=0)
    pn.state.onload(lambda: bar.param.update(objects=list(parts)))
    return bar


def sentence(state: Explorer) -> Any:
    """The definition that is shown as one sentence of HTML that follows it."""

    def said(analysis: Analysis, session: str) -> str:
        del session
        return f"<p>{escape(definition_sentence(state.definition, analysis.columns.actor_name))}</p>"

    return pn.bind(said, state.param.analysis, state.param.session)


def readout(charts: LinkedCharts) -> pn.pane.Bokeh:
    """What the brushes hold, in words that the browser itself keeps in step."""
    charts.readout.stylesheets = [READOUT]
    return pn.pane.Bokeh(charts.readout, margin=(8, 4, 0, 0))


def main(above: Iterable[Any], tabs: Iterable[Any], brushes: Iterable[Any], below: Iterable[Any]) -> pn.Column:
    """Notices and key numbers, the tabs and the brushes in a row each, and what is looked at."""
    return pn.Column(
        *above,
        pn.Row(*tabs, sizing_mode="stretch_width", margin=0, styles={"flex-wrap": "wrap"}, css_classes=TOOLS),
        pn.Row(*brushes, sizing_mode="stretch_width", margin=0, styles={"flex-wrap": "wrap"}, css_classes=TOOLS),
        *below,
        sizing_mode="stretch_width",
        margin=(8, 16, 24, 16),
        styles={"gap": "14px"},
    )


def charts(grid: Any, table: Any) -> pn.Column:
    """The view that is there from the beginning: linked charts, and the sessions that they hold."""
    return pn.Column(
        grid,
        card("Sessions", table),
        sizing_mode="stretch_width",
        margin=0,
        styles={"gap": "14px", "max-height": "none"},
    )


def _html(shown: Any) -> pn.pane.HTML:
    return pn.pane.HTML(shown, stylesheets=[ABOUT], margin=(14, 0, 6, 0), sizing_mode="stretch_width")

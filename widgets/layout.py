"""Where the parts of the explorer stand."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import panel as pn

from explorer.crossfilter.formats import count_text
from explorer.engine.local.engine import LocalEngine
from explorer.spec.analysis import Analysis
from explorer.spec.prose import definition_sentence
from widgets.parts.theme import card

if TYPE_CHECKING:
    from widgets.session_explorer import SessionExplorer

READOUT = """
:host {
  font: 500 13px/20px var(--bokeh-base-font, inherit); color: var(--panel-on-surface-color);
  font-variant-numeric: tabular-nums; white-space: nowrap;
}
"""
SENTENCE = """
p { margin: 0; font: 13px/1.5 var(--bokeh-base-font, inherit); color: var(--panel-on-surface-color); opacity: .75 }
"""
ABOUT = """
:host { font: 13px/1.5 var(--bokeh-base-font, inherit); color: var(--panel-on-surface-color) }
h3 { margin: 0 0 4px; font-size: 12px; font-weight: 600; letter-spacing: .06em; opacity: .75 }
b { display: block; font-size: 14px; font-weight: 600; overflow-wrap: anywhere } span { opacity: .75 }
"""


def sidebar(app: SessionExplorer) -> pn.Column:
    """The editors, from top to bottom."""
    parts = (
        _html(pn.bind(lambda engine: f"<h3>DATA</h3>{about(engine)}", app.state.param.engine)),
        app.columns,
        app.data_toggle,
        _html("<h3>SESSIONS</h3>"),
        app.definitions,
        pn.pane.HTML(sentence(app), stylesheets=[SENTENCE], margin=(8, 0, 12, 0), sizing_mode="stretch_width"),
        app.inactivity,
        pn.Column(app.rules, margin=(12, 0, 24, 0), sizing_mode="stretch_width"),
    )
    return pn.Column(*parts, sizing_mode="stretch_width", margin=(0, 16))


def header(app: SessionExplorer) -> pn.Row:
    """What stands in the app bar: filled once the page is drawn, which it would hold up."""
    bar = pn.Row(sizing_mode="stretch_width", margin=0)
    parts = [app.hints, app.toolbar, app.keeper, *app.dialogs]
    pn.state.onload(lambda: bar.param.update(objects=parts))
    return bar


def sentence(app: SessionExplorer) -> Any:
    """The definition that is shown as one sentence of HTML that follows it."""
    state = app.state

    def said(analysis: Analysis, session: str) -> str:
        del session
        return f"<p>{escape(definition_sentence(state.definition, analysis.columns.actor_name))}</p>"

    return pn.bind(said, state.param.analysis, state.param.session)


def main(app: SessionExplorer) -> pn.Column:
    """Key numbers, charts and table."""
    app.charts.readout.stylesheets = [READOUT]
    readout = pn.pane.Bokeh(app.charts.readout, margin=(8, 4, 0, 0))
    shown = pn.bind(lambda view: not view, app.state.param.view)
    choice = pn.Column(app.chart_choice, margin=(0, 0, 0, 8), visible=shown)
    return pn.Column(
        app.notice,
        app.quality,
        app.opening.place,
        app.bench,
        app.key_numbers,
        pn.Row(app.viewing.tabs, app.without_cut_off, choice, sizing_mode="stretch_width", margin=0),
        pn.Row(app.chips, readout, sizing_mode="stretch_width", margin=0),
        app.microscope.place,
        app.viewing.place,
        *([app.link.history] if app.link else []),
        sizing_mode="stretch_width",
        margin=(8, 16, 24, 16),
        styles={"gap": "14px"},
    )


def charts(app: SessionExplorer) -> pn.Column:
    """The view that is there from the beginning: linked charts, and the sessions that they hold."""
    return pn.Column(
        app.grid,
        card("Sessions", app.table),
        sizing_mode="stretch_width",
        margin=0,
        styles={"gap": "14px", "max-height": "none"},
    )


def said_zone(engine: LocalEngine) -> str:
    """The zone that times are shown in, in words."""
    aware = getattr(engine.schema[engine.columns.time], "time_zone", None)
    return engine.columns.time_zone or "UTC" if aware else "no time zone"


def about(engine: LocalEngine) -> str:
    """What is explored, as HTML."""
    name = Path(engine.source).name if isinstance(engine.source, str | Path) else "Data frame"
    return f"<b>{escape(name)}</b><span>{count_text(engine.quality.events)} events</span>"


def _html(shown: Any) -> pn.pane.HTML:
    return pn.pane.HTML(shown, stylesheets=[ABOUT], margin=(14, 0, 6, 0), sizing_mode="stretch_width")

"""Bokeh draws without asking the page for its styles."""

from __future__ import annotations

from tests.ui.figures import brush
from tests.ui.helpers import SAMPLE
from tests.ui.stage import Stage

# Calls of getComputedStyle by Bokeh's drawing, from now on.
COUNT = """() => {
  const asked = window.getComputedStyle
  window.__asked = []
  window.getComputedStyle = function (...given) {
    const stack = new Error().stack
    if (/_get_css_value|base_font_size/.test(stack)) window.__asked.push(stack)
    return asked.apply(this, given)
  }
  window.__as_before = () => { window.getComputedStyle = asked }
}"""
PROTOTYPES = """() => {
  const visuals = Bokeh.require("core/visuals/visual").VisualProperties.prototype
  const plots = Bokeh.require("models/plots/plot_canvas").PlotView.prototype
  return [typeof visuals._get_css_value, typeof Object.getOwnPropertyDescriptor(plots, "base_font_size").get]
}"""


def test_a_drag_asks_for_no_style(stage: Stage):
    page = stage.open(SAMPLE)
    assert page.evaluate(PROTOTYPES) == ["function", "function"], "Bokeh has other names: see widgets/page/drawing.js"
    page.evaluate(COUNT)
    try:
        brush(page, "duration", 0.3, 0.6)
        page.idle()
        assert page.evaluate("() => window.__asked") == []
    finally:
        page.evaluate("() => window.__as_before()")

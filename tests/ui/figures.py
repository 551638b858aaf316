"""Plots are drawn on a canvas: read what they show from Bokeh's models, move the mouse by their frames."""

from __future__ import annotations

from typing import Any, NamedTuple

from playwright.sync_api import Page

# Finds the named figure, and its view (a view has no list of its own, and may be in a shadow root).
_FIND = """
const models = name => Bokeh.documents.flatMap(d => [...d._all_models.values()])
  .filter(m => m.type === "Figure" && m.name === name);
// Bokeh keeps what has left the page for another half a minute.
const only = name => {
  const known = models(name);
  const found = known.length > 1 ? known.filter(m => Bokeh.index.find_one(m)) : known;
  if (found.length === 1) return found[0];
  const names = Bokeh.documents.flatMap(d => [...d._all_models.values()])
    .filter(m => m.type === "Figure").map(m => m.name);
  throw new Error(`${found.length} figures are named ${name}; there are: ${names.join(", ")}`);
};
"""
_DATA = (
    "(name) => {"
    + _FIND
    + """
  return only(name).renderers.filter(r => r.data_source).map(r => ({
    name: r.name ?? null, glyph: r.glyph.type, visible: r.visible,
    data: Object.fromEntries(Object.entries(r.data_source.data).map(([key, all]) => [key, Array.from(all)])),
  }));
}"""
)
_BOX = (
    "(name) => {"
    + _FIND
    + """
  const view = Bokeh.index.find_one(only(name));
  if (!view) throw new Error(`the figure ${name} is not on the page`);
  const canvas = (view.canvas_view ?? view.canvas).el.getBoundingClientRect();
  const frame = view.frame.bbox;
  const lies = only(name).toolbar.tools.some(tool => tool.type === "BoxSelectTool" && tool.dimensions === "height");
  return {x: canvas.x + frame.left, y: canvas.y + frame.top, width: frame.width, height: frame.height, lies};
}"""
)
_SHOW = "(name) => {" + _FIND + 'Bokeh.index.find_one(only(name)).el.scrollIntoView({block: "center"}); }'


class Layer(NamedTuple):
    """One renderer of a figure: its name, its glyph (Quad, VBar, Line ...) and its columns."""

    name: str | None
    glyph: str
    visible: bool
    data: dict[str, list[Any]]


class Box(NamedTuple):
    """The inside of a figure's axes, in pixels of the window; `lies` says that its bars do, from top to bottom."""

    x: float
    y: float
    width: float
    height: float
    lies: bool = False

    def at(self, across: float, up: float = 0.5) -> tuple[float, float]:
        """The pixel at a fraction of the width from the left and of the height from the bottom; where bars lie, at one
        of the height from the first of them and of the width from their foot."""
        if self.lies:
            return self.x + self.width * up, self.y + self.height * across
        return self.x + self.width * across, self.y + self.height * (1 - up)


def figure_names(page: Page) -> list[str | None]:
    """The names of all figures on the page."""
    return page.evaluate(
        """() => Bokeh.documents.flatMap(d => [...d._all_models.values()])
             .filter(m => m.type === "Figure").map(m => m.name ?? null)"""
    )


def figure_data(page: Page, name: str) -> list[Layer]:
    """What the figure of this name draws, the back layer first; NaN arrives as NaN, times as milliseconds."""
    return [Layer(**layer) for layer in page.evaluate(_DATA, name)]


def figure_box(page: Page, name: str) -> Box:
    """Where the figure of this name is; it is scrolled into view first."""
    page.evaluate(_SHOW, name)
    return Box(**page.evaluate(_BOX, name))


def brush(page: Page, name: str, from_fraction: float, to_fraction: float, *, steps: int = 8) -> None:
    """Drag the mouse across the figure of this name; fractions are of the width inside its axes."""
    box = figure_box(page, name)
    page.mouse.move(*box.at(from_fraction))
    page.mouse.down()
    page.mouse.move(*box.at(to_fraction), steps=steps)
    page.mouse.up()

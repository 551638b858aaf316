// Whenever it draws, Bokeh asks the page for a style in the place of every color and size of a chart, and for the size of
// its letters: hundreds of times a frame, for each of which the browser works out its styles anew. This page sets none of
// these styles, and its letters keep their size. https://github.com/bokeh/bokeh/issues/15286
{
  const of = (name, view) => window.Bokeh?.require?.(name)?.[view]?.prototype
  const visuals = of("core/visuals/visual", "VisualProperties")
  if (visuals) visuals._get_css_value = () => ""

  const plots = of("models/plots/plot_canvas", "PlotView")
  const size = plots && Object.getOwnPropertyDescriptor(plots, "base_font_size")
  const known = new WeakMap()
  if (size) {
    Object.defineProperty(plots, "base_font_size", {
      ...size,
      get() {
        if (!known.has(this)) {
          const found = size.get.call(this)
          if (!this.el.isConnected || found === null) return found
          known.set(this, found)
        }
        return known.get(this)
      },
    })
  }
}

"""What the explorer's page is measured beside: Panel and its Material components, four histograms and three inputs."""

import holoviews as hv
import numpy as np
import panel as pn
import panel_material_ui as pmui

hv.extension("bokeh")
pn.extension()

rng = np.random.default_rng(0)


def page() -> pmui.Page:
    """A page as anybody would write it."""
    charts = [pn.pane.HoloViews(hv.Histogram(np.histogram(rng.normal(size=10_000), 40)), height=260) for _ in range(4)]
    inputs = [
        pmui.TextInput(label="Name"),
        pmui.Select(label="Kind", options=["a", "b"]),
        pmui.FloatSlider(label="Size"),
    ]
    return pmui.Page(title="Bare", sidebar=inputs, main=[pn.GridBox(*charts, ncols=2)])


if __name__ == "__main__":
    import sys

    pn.serve(page, port=int(sys.argv[1]), show=False)

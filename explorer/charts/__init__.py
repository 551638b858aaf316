"""Charts of sessions: as HoloViews elements for scripts and notebooks, and linked by brushes on the page."""

from explorer.charts.composing import (
    area,
    bar,
    distribution,
    funnel,
    heatmap,
    line,
    number,
    paths,
    returning,
    scatter,
    table,
)

__all__ = [
    "area",
    "bar",
    "distribution",
    "funnel",
    "heatmap",
    "line",
    "number",
    "paths",
    "returning",
    "scatter",
    "table",
]

"""Every colour, font, size and number format that is shown; no plotting library is imported here."""

from __future__ import annotations

from explorer.crossfilter.formats import (
    NOTHING,
    count_short,
    count_text,
    duration_text,
    percent_text,
    time_text,
)

__all__ = ["NOTHING", "count_short", "count_text", "duration_text", "percent_text", "time_text"]

# Readable on white and on dark alike, so a change of theme needs no new data.
GHOST = "#7f8fa1"
GHOST_ALPHA = 0.32
SELECTED = "#2f7de1"
FADED_ALPHA = 0.28
BRUSH_FILL_ALPHA = 0.10
BRUSH_LINE_ALPHA = 0.75
GRID_ALPHA = 0.18

FONT_SIZE = "11px"
TOOLTIP_SIZE = "12px"
CHART_HEIGHT = 200
BAR_GAP = 0.08

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

COLORS = {
    "light": {
        "primary": "#2563d1", "error": "#c62828", "background": "#f5f7fa", "paper": "#ffffff",
        "ink": "#1a2430", "muted": "#5b6876", "divider": "#e1e6ec",
    },
    "dark": {
        "primary": "#74aaff", "error": "#ff8a80", "background": "#0e1318", "paper": "#161d25",
        "ink": "#e6edf3", "muted": "#98a5b3", "divider": "#2a333e",
    },
}  # fmt: skip

# Readable on white and on dark alike, so a change of theme needs no new data.
GHOST = "#7f8fa1"
GHOST_ALPHA = 0.32
SELECTED = "#2f7de1"
SERIES = (SELECTED, "#d9822b", "#12a07f", "#c14fa5", "#7a5fd0", "#8492a3")
FADED_ALPHA = 0.28
BRUSH_FILL_ALPHA = 0.10
BRUSH_LINE_ALPHA = 0.75
GRID_ALPHA = 0.18

FONT_SIZE = "11px"
TOOLTIP_SIZE = "12px"
CHART_HEIGHT = 200
BAR_GAP = 0.08

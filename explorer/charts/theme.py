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
from explorer.spec.analysis import Analysis

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
# Colours that can be told apart on white and on dark: of series, and of session definitions.
PALETTE = (SELECTED, "#d9822b", "#12a07f", "#c14fa5", "#7a5fd0", "#d64550", "#2196a8", "#7d8a1f")
FADED_ALPHA = 0.28
BRUSH_FILL_ALPHA = 0.10
BRUSH_LINE_ALPHA = 0.75
GRID_ALPHA = 0.18
# Text in a picture that does not know what it lies on: 4 to 1 against white and against black.
STILL_INK = "#738294"

FONT_SIZE = "11px"
TOOLTIP_SIZE = "12px"
CHART_HEIGHT = 200
BAR_GAP = 0.08
# So many characters below the bars of a chart that is 300 pixels wide; more of them are written on a slope.
LABELS_IN_A_ROW = 32
LONGEST_LABEL = 15
LABEL_SLOPE = 0.6


def definition_colors(analysis: Analysis) -> dict[str, str]:
    """The colour of each session definition, by name: its own, or one by its place."""
    return {
        session.name: session.color or PALETTE[place % len(PALETTE)] for place, session in enumerate(analysis.sessions)
    }

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
# Of what became of a session; what is on one side only has that side's colour.
KIND_COLORS = {
    "unchanged": GHOST,
    "trimmed": PALETTE[7],
    "split": PALETTE[4],
    "merged": PALETTE[6],
    "moved": PALETTE[5],
}
FADED_ALPHA = 0.28
BRUSH_FILL_ALPHA = 0.10
BRUSH_LINE_ALPHA = 0.75
GRID_ALPHA = 0.18
# Text in a picture that does not know what it lies on: 4 to 1 against white and against black.
STILL_INK = "#738294"

COUNT_FORMAT = "0,0"
FONT_SIZE = "11px"
TOOLTIP_SIZE = "13px"
CHART_HEIGHT = 200
BAR_GAP = 0.08
LONGEST_LABEL = 22
ROW_OF_LABELS = 72  # characters below an axis, of all labels together
LINE = 13  # pixels from one name to the next below it


def tooltip(shown: str) -> str:
    """What hovering tells, as HTML for Bokeh: with the look of every other tip, dark on a light page and light on a
    dark one. Bokeh gives its tips no style that could be set from outside."""
    ink, paper = (
        f"var(--panel-{name}-color, var(--{own}))" for name, own in (("on-surface", "ink"), ("surface", "paper"))
    )
    look = {
        "max-width": "320px", "padding": "7px 10px", "border": "0", "border-radius": "8px", "opacity": "1",
        "background": ink, "color": paper, "font": f"{TOOLTIP_SIZE}/1.4 var(--bokeh-base-font, inherit)",
    }  # fmt: skip
    style = "".join(f"{name}: {value} !important; " for name, value in look.items())
    return f"<div>{shown}</div><style>:host {{ {style}}}</style>"  # a style that comes first is taken for a head's


def definition_colors(analysis: Analysis) -> dict[str, str]:
    """The colour of each session definition, by name: its own, or one by its place, or else one that is free."""
    found = {session.name: session.color for session in analysis.sessions}
    for place, session in enumerate(analysis.sessions):
        if not session.color:
            its, taken = PALETTE[place % len(PALETTE)], found.values()
            free = (color for color in PALETTE if color not in taken)
            found[session.name] = its if its not in taken else next(free, its)
    return found


def column_color(analysis: Analysis) -> str:
    """The colour of the sessions that a column of the events says: one that no definition has, where one is left."""
    taken = definition_colors(analysis).values()
    return next((color for color in PALETTE[3:] if color not in taken), GHOST)


def text_on(color: str) -> str:
    """The colour of a text on a ground (`#rrggbb`), black or white, whichever is read more easily.

    >>> text_on("#7a5fd0"), text_on("#7f8fa1")
    ('#ffffff', '#000000')
    """
    parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    light = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return "#000000" if (light + 0.05) / 0.05 > 1.05 / (light + 0.05) else "#ffffff"

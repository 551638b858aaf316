"""How the page looks: colours, type, the one card, and what waits."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Any

import panel as pn

from explorer.charts.theme import CHART_HEIGHT, COLORS
from widgets.parts.component import style

__all__ = [
    "APP_BAR",
    "CHART_HEIGHT",
    "COLORS",
    "FONT",
    "RADIUS",
    "TALL_CHART_HEIGHT",
    "THEME",
    "WAITING",
    "card",
    "grid",
    "show_waiting",
]

# Roboto comes with panel-material-ui, in weights 400 and 700; Inter only where the machine has it.
FONT = "Inter, Roboto, system-ui, sans-serif"
RADIUS = 10
TALL_CHART_HEIGHT = 280
# The label of a field stands in its border: 12 px high.
SHRUNK = {"transform": "translate(10px, -8px) scale(.86)"}
INSIDE = {"transform": "translate(13px, 8px) scale(1)"}
FOCUS_RING = {"outline": "2px solid var(--panel-primary-color, currentColor)", "outlineOffset": "-2px"}


def _scheme(colors: dict[str, str]) -> dict[str, Any]:
    return {
        "palette": {
            "primary": {"main": colors["primary"]},
            "error": {"main": colors["error"]},
            "background": {"default": colors["background"], "paper": colors["paper"]},
            "text": {"primary": colors["ink"], "secondary": colors["muted"]},
            "divider": colors["divider"],
        },
        "typography": {"fontFamily": FONT, "button": {"textTransform": "none", "fontWeight": 600}},
        "shape": {"borderRadius": RADIUS},
        "components": {
            "MuiButtonBase": {"styleOverrides": {"root": {"&.Mui-focusVisible": FOCUS_RING}}},
            **_fields(colors),
            # Where the sidebar lies over the page, it begins below the bar with the button that closes it.
            "MuiDrawer": {
                "styleOverrides": {
                    "modal": {"top": "56px !important", "& .sidebar > .MuiToolbar-root": {"display": "none"}}
                }
            },
        },
    }


def _fields(colors: dict[str, str]) -> dict[str, Any]:
    """Fields, menus and tips of Material look like those of our own components: base.css and menu.css."""
    ink, line = (
        f"color-mix(in srgb, {colors['ink']} {share} %, {colors['paper']})".replace(" %", "%") for share in (30, 12)
    )
    field = {"fontSize": "14px", "borderRadius": "8px", "backgroundColor": colors["paper"], "minHeight": "36px"}
    menu = {
        "borderRadius": "10px", "border": f"1px solid {line}", "boxShadow": "0 8px 28px rgb(0 0 0 / .18)",
        "backgroundImage": "none", "maxHeight": "min(420px, 70vh)",
    }  # fmt: skip
    entry = {"minHeight": "32px", "margin": "0 4px", "padding": "4px 10px !important", "borderRadius": "6px"}
    tip = {
        "maxWidth": "320px", "padding": "7px 10px", "borderRadius": "8px", "fontSize": "13px", "fontWeight": 400,
        "lineHeight": 1.4, "backgroundColor": colors["ink"], "color": colors["paper"],
    }  # fmt: skip
    return {
        "MuiOutlinedInput": {
            "styleOverrides": {
                "root": field,
                "notchedOutline": {"borderColor": ink},
                "inputSizeSmall": {
                    "paddingTop": "7px !important",
                    "paddingBottom": "7px !important",
                    "lineHeight": "22px",
                    "height": "22px",
                    "minHeight": "22px !important",
                },
            }
        },
        "MuiInputLabel": {
            "styleOverrides": {
                "root": {"fontSize": "14px", "&.MuiInputLabel-shrink": SHRUNK, "&:not(.MuiInputLabel-shrink)": INSIDE}
            }
        },
        "MuiSelect": {"styleOverrides": {"icon": {"fontSize": "19px", "right": "5px", "color": colors["muted"]}}},
        "MuiMenu": {"styleOverrides": {"paper": menu}},
        "MuiTooltip": {"styleOverrides": {"tooltip": tip}},
        "MuiFormControlLabel": {"styleOverrides": {"label": {"fontSize": "13px"}}},
        "MuiMenuItem": {"styleOverrides": {"root": entry}},
        "MuiListItemText": {"styleOverrides": {"root": {"margin": 0}, "primary": {"fontSize": "13px"}}},
    }


THEME = {name: _scheme(colors) for name, colors in COLORS.items()}

_ICONS = ".MuiAppBar-root .MuiIconButton-root, .MuiAppBar-root .MuiTypography-root"
APP_BAR = {
    ".MuiAppBar-root": {
        "backgroundColor": "background.paper",
        "backgroundImage": "none",
        "borderBottom": "1px solid",
        "borderColor": "divider",
        "boxShadow": "none",
        "color": "text.primary",
    },
    ".MuiAppBar-root .MuiLinearProgress-root": {"position": "absolute", "bottom": 0, "height": "2px"},
    # What stands in the bar becomes no wider than the window: the hint is cut off.
    ".MuiAppBar-root .MuiToolbar-root > .MuiBox-root": {"minWidth": 0},
    ".MuiAppBar-root .MuiToolbar-root > .MuiBox-root:has(.title)": {"flex": "none"},
    ".MuiAppBar-root .title": {
        "fontSize": "17px",
        "fontWeight": 650,
        "whiteSpace": "nowrap",
        "flex": "none",
        "letterSpacing": "-.01em",
    },
    "@media (max-width: 600px)": {".MuiAppBar-root .title": {"display": "none"}},
    _ICONS: {"color": "text.primary"},
    ".MuiDrawer-paper": {"backgroundColor": "background.paper", "borderColor": "divider"},
    ".main": {"backgroundColor": "background.default", "minHeight": "100vh"},
    "@media screen and (min-width: 1400px)": {".main-content": {"marginRight": "var(--session-explorer-guide, 0px)"}},
    # On paper nothing scrolls, and nothing can be clicked: the charts from the first to the last.
    "@media print": {
        ".MuiDrawer-root, .MuiAppBar-root, .MuiToolbar-root": {"display": "none !important"},
        ".sidebar, nav.MuiBox-root": {"display": "none !important"},
        "&, .main, .main-content, .main > div": {
            "height": "auto !important",
            "maxHeight": "none !important",
            "overflow": "visible !important",
            "width": "100% !important",
            "marginLeft": "0 !important",
        },
    },
}

WAITING, WAITS = style("parts/waiting.css"), "waits"
_CARD, _GRID, _HEAD = style("parts/card.css"), style("parts/grid.css"), style("parts/heading.css")


def card(
    title: str, *content: Any, actions: Iterable[Any] = (), subtitle: str = "", help: str = "", guide: str = ""
) -> pn.Column:
    """The one card: a title with its actions on the right, a sentence under it, then the content."""
    top = heading(title, subtitle, help, guide)
    head = pn.Row(top, *actions, margin=0, sizing_mode="stretch_width") if actions else top
    return pn.Column(head, *content, stylesheets=[_CARD], margin=0, sizing_mode="stretch_width")


def heading(title: str = "", subtitle: str = "", help: str = "", guide: str = "") -> pn.pane.HTML:
    """The title of a card with its sentence."""
    shown = heading_html(title, subtitle, help, guide)
    return pn.pane.HTML(shown, stylesheets=[_HEAD], margin=(0, 0, 6, 0), sizing_mode="stretch_width")


def help_html(words: str, guide: str = "") -> str:
    """A question mark that says something; a click opens the guide at a place, written chapter#heading.

    >>> help_html("Why?", "inactivity#Heartbeats").count('data-guide="inactivity#Heartbeats"')
    1
    """
    kind = f'role="button" data-guide="{escape(guide)}"' if guide else 'role="note"'
    return f'<span class="help" tabindex="0" {kind} aria-label="{escape(words)}">?</span>'


def heading_html(title: str, subtitle: str = "", help: str = "", guide: str = "") -> str:
    """What a heading shows."""
    info = help_html(help, guide) if help else ""
    below = f"<p>{escape(subtitle)}</p>" if subtitle else ""
    return f"<h2>{escape(title)}{info}</h2>{below}"


def grid(*cards: Any) -> pn.Column:
    """Cards side by side, as many as there is room for."""
    return pn.Column(*cards, stylesheets=[_GRID, WAITING], margin=0, sizing_mode="stretch_width")


def show_waiting(part: Any, waiting: bool) -> None:
    """Fade what a part shows under a line that moves, or no more; its style sheets have `WAITING`.

    >>> import panel as pn
    >>> part = pn.Column(css_classes=["mine"])
    >>> show_waiting(part, True), part.css_classes
    (None, ['mine', 'waits'])
    >>> show_waiting(part, False), part.css_classes
    (None, ['mine'])
    """
    others = [name for name in part.css_classes or [] if name != WAITS]
    names = [*others, WAITS] if waiting else others
    if names != (part.css_classes or []):
        part.css_classes = names

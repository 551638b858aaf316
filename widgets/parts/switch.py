"""A switch with its label."""

from __future__ import annotations

from typing import Any

import panel_material_ui as pmui

# Twice the class: Material's own rules for a small switch are as specific as one.
_LOOK = {
    "&.MuiSwitch-root.MuiSwitch-root": {
        "boxSizing": "border-box",
        "flex": "none",
        "width": "28px",
        "height": "16px",
        "padding": "0",
        "margin": "0 8px 0 0",
        "overflow": "visible",
    },
    ".MuiSwitch-switchBase.MuiSwitch-switchBase": {"padding": "2px", "margin": "0", "color": "background.paper"},
    ".MuiSwitch-switchBase.Mui-checked.Mui-checked": {"transform": "translateX(12px)", "color": "background.paper"},
    ".MuiSwitch-switchBase.Mui-focusVisible + .MuiSwitch-track": {
        "outline": "2px solid var(--panel-primary-color)",
        "outlineOffset": "2px",
    },
    ".MuiSwitch-thumb.MuiSwitch-thumb": {"width": "12px", "height": "12px", "boxShadow": "none"},
    ".MuiSwitch-track.MuiSwitch-track": {"width": "28px", "height": "16px", "borderRadius": "8px", "opacity": "1"},
    ".Mui-checked.Mui-checked + .MuiSwitch-track": {"backgroundColor": "primary.main", "opacity": "1"},
    ".MuiSwitch-switchBase:not(.Mui-checked) + .MuiSwitch-track": {
        "backgroundColor": "color-mix(in srgb, var(--panel-on-surface-color) 30%, var(--panel-surface-color))"
    },
}
_LABEL = """
:host { --ink: var(--panel-on-surface-color); --paper: var(--panel-surface-color); flex: none; }
.MuiFormControlLabel-root.MuiFormControlLabel-root {
  height: 28px; margin: 0; padding: 0 8px; border-radius: 8px; color: color-mix(in srgb, var(--ink) 68%, var(--paper));
}
.MuiFormControlLabel-root:hover { background: color-mix(in srgb, var(--ink) 5%, var(--paper)); color: var(--ink); }
.MuiFormControlLabel-label { white-space: nowrap; }
"""


def switch(label: str = "", *, help: str = "", **params: Any) -> pmui.Switch:
    """The one switch: `value` says whether it is on; `help` is what it does, in a sentence.

    >>> switch("Sessions end at midnight", value=True).value
    True
    """
    look = {"margin": (4, 8, 0, 0), "sx": _LOOK, "stylesheets": [_LABEL]}
    return pmui.Switch(label=label, description=help, **(look | params))

"""The fields of forms that the server makes: they look like those that our own components make."""

from __future__ import annotations

from typing import Any

import panel_material_ui as pmui

# MultiChoice knows no small size: these make it as high as the fields beside it.
_SMALL = {
    ".MuiSelect-select": {"padding": "4px 12px", "minHeight": "26px !important", "boxSizing": "content-box"},
    ".MuiChip-root": {"height": "24px"},
}
_RAISED = ".MuiInputLabel-root { transform: translate(10px, -8px) scale(.86) !important; line-height: 1.15; }"


def dropdown(label: str, **params: Any) -> pmui.Select:
    """The one drop-down: one of its options is its value.

    >>> dropdown("Time", options=["ts", "day"], value="ts").size
    'small'
    """
    return pmui.Select(label=label, **({"size": "small", "margin": 0} | params))


def dropdown_of_several(label: str, **params: Any) -> pmui.MultiChoice:
    """The same with several values."""
    look = {"searchable": True, "solid": False, "margin": 0, "sx": _SMALL, "stylesheets": [_RAISED]}
    return pmui.MultiChoice(label=label, **(look | params))

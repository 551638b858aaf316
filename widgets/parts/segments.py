"""A choice among two or three, side by side."""

from __future__ import annotations

from typing import Any

import panel_material_ui as pmui

_LOOK = {
    "padding": "2px",
    "borderRadius": "9px",
    "width": "max-content",
    "maxWidth": "100%",
    "backgroundColor": "color-mix(in srgb, var(--panel-on-surface-color) 8%, var(--panel-surface-color))",
    ".MuiToggleButton-root.MuiToggleButton-root": {
        "display": "block",
        "flex": "0 1 auto",
        "width": "auto",
        "minWidth": "0",
        "height": "28px",
        "margin": "0",
        "padding": "0 10px",
        "border": "0",
        "borderRadius": "7px",
        "color": "text.secondary",
        "fontSize": "13px",
        "fontWeight": "550",
        "lineHeight": "28px",
        "overflow": "hidden",
        "textOverflow": "ellipsis",
        "whiteSpace": "nowrap",
        "&:hover": {"color": "text.primary", "backgroundColor": "transparent"},
        "&.Mui-selected, &.Mui-selected:hover": {
            "backgroundColor": "background.paper",
            "color": "text.primary",
            "boxShadow": "0 1px 2px rgb(0 0 0 / .14)",
        },
    },
}
# Its name is for who does not see it.
_UNSEEN = ":host { flex: none; max-width: 100%; } .MuiFormLabel-root { display: none; }"


def segments(label: str, titles: dict[str, str] | None = None, **params: Any) -> pmui.RadioButtonGroup:
    """A few names side by side; `titles` are key -> what it says, in order, and `value` is the chosen key.

    >>> segments("Heights are", {"counts": "Counts", "shares": "Shares"}, value="shares").value
    'shares'
    """
    look = {"margin": 0, "variant": "outlined", "sx": _LOOK, "stylesheets": [_UNSEEN]}
    return pmui.RadioButtonGroup(label=label, options=options_of(titles or {}), **(look | params))


def options_of(titles: dict[str, str]) -> dict[str, str]:
    """What each says -> its key; of two that say the same the later one has its key beside it.

    >>> options_of({"one": "visit", "other": "visit"})
    {'visit': 'one', 'visit (other)': 'other'}
    """
    found: dict[str, str] = {}
    for key, said in titles.items():
        found[f"{said} ({key})" if said in found else said] = key
    return found

"""What the browser's tab says."""

import panel as pn

TITLE = "Session Explorer"


def tab_title(part: str = "") -> str:
    """What the browser's tab says.

    >>> tab_title("shop.parquet"), tab_title()
    ('shop.parquet – Session Explorer', 'Session Explorer')
    """
    return f"{part} – {TITLE}" if part else TITLE


def set_tab_title(part: str = "") -> None:
    """Change what the tab says in the session that is running; in a notebook there is no tab of ours."""
    if pn.state.curdoc and pn.state.curdoc.session_context:
        pn.state.curdoc.title = tab_title(part)

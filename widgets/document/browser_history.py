"""Tells when the browser went back or forward: Panel's own location does not."""

from __future__ import annotations

from panel.custom import JSComponent

from widgets.parts.component import script


class History(JSComponent):
    """Takes no room; `on_msg` hears the part of the address from the question mark on."""

    _esm = script("document/browser_history.js")

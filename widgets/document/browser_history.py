"""Tells when the browser went back or forward: Panel's own location does not."""

from __future__ import annotations

import param

from widgets.parts.component import Component, script


class History(Component):
    """Takes no room; `on_msg` hears the part of the address from the question mark on.

    Where the address names other data than `data`, the page is opened anew.
    """

    title = param.String(doc="What the tab says, where it is another thing than at first.")
    data = param.String(doc="What the address calls the data of this page; empty for those that it was made for.")

    _esm = script("document/browser_history.js")

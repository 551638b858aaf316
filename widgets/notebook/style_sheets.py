"""Panel's style sheets for a notebook, from the package itself."""

from __future__ import annotations

from functools import cache
from typing import Any
from weakref import WeakKeyDictionary

import panel as pn
from bokeh.models import InlineStyleSheet
from panel.io.resources import CDN_DIST, DIST_DIR, LOCAL_DIST

from widgets.parts import library_internals as internals


def bring_along() -> None:
    """Send styles as texts from now on; Panel's default is to name addresses elsewhere."""
    pn.config.inline = True
    if not isinstance(internals.style_sheets(), Documents):
        internals.set_style_sheets(Documents())


class Sheets(dict[str, Any]):
    """Panel's style sheets by their addresses, as texts. Panel looks here before it makes one that is loaded.

    >>> sheet = Sheets()[f"{CDN_DIST}css/loading.css?v=1"]
    >>> "pn-loading" in sheet.css, f"{CDN_DIST}css/none.css" in Sheets()
    (True, False)
    """

    def __contains__(self, address: object) -> bool:
        return super().__contains__(address) or _text(str(address)) is not None

    def __missing__(self, address: str) -> InlineStyleSheet:
        text = _text(address)
        if text is None:
            raise KeyError(address)
        sheet = InlineStyleSheet(css=text)
        # Panel takes one without an address for one that has lost it.
        object.__setattr__(sheet, "url", address)
        self[address] = sheet
        return sheet


class Documents(WeakKeyDictionary[Any, Any]):
    """The style sheets of each document; each has some from the beginning."""

    def __contains__(self, document: object) -> bool:
        if not super().__contains__(document):
            self[document] = Sheets()
        return True

    def get(self, document: Any, default: Any = None) -> Any:
        """Those of a document."""
        return super().get(document, default) if document in self else default


@cache
def _text(address: str) -> str | None:
    for folder in (CDN_DIST, LOCAL_DIST):
        file = DIST_DIR / address.removeprefix(folder).partition("?")[0]
        if address.startswith(folder) and file.is_file():
            return file.read_text(encoding="utf-8")
    return None

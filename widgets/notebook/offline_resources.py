"""In a notebook: what Panel needs, from the package itself. Its default asks the network for it."""

from __future__ import annotations

import sys
from functools import cache
from typing import Any
from weakref import WeakKeyDictionary

import panel as pn
from bokeh.models import InlineStyleSheet
from panel.io.notebook import LOAD_MIME
from panel.io.resources import CDN_DIST, DIST_DIR, LOCAL_DIST

from widgets.notebook.cell_output import Cells, forget
from widgets.notebook.compress import packed
from widgets.parts import library_internals as internals


def load() -> None:
    """In a notebook, load scripts and styles, and hear of its cells; anywhere else do nothing."""
    if pn.state.curdoc is not None or "ipykernel" not in sys.modules:
        return
    from IPython import get_ipython

    shell = get_ipython()
    if shell is None:
        return
    if not internals.extension_is_loaded():
        _load_inline()
    if pn.config.inline and not isinstance(internals.style_sheets(), Documents):
        internals.set_style_sheets(Documents())
    _listen(shell)


def _load_inline() -> None:
    from IPython.display import publish_display_data
    from IPython.utils.capture import capture_output

    with capture_output(stdout=False, stderr=False) as captured:
        pn.extension(inline=True)
    for output in captured.outputs:
        data = dict(output.data)
        if LOAD_MIME in data and pn.config.comms == "default":
            # The same script again, for front ends that do not know the first: 3 MB in every notebook.
            data.pop("application/javascript", None)
            data[LOAD_MIME] = packed(data[LOAD_MIME])
        publish_display_data(data, output.metadata)


@cache
def _listen(shell: Any) -> Cells:
    internals.hear_of_deleted_outputs(forget)
    return Cells(shell)


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

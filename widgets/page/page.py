"""The page around the explorer: app bar, sidebar, and a skeleton that needs no script to be painted."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import panel as pn
from bokeh.document import Document
from panel.io.document import init_doc
from panel.io.resources import LOCAL_DIST
from panel.util import edit_readonly
from panel_material_ui.template import Page

from widgets.page.filling import Filling, Parts, built
from widgets.parts.tab_title import TITLE, tab_title
from widgets.parts.theme import APP_BAR, COLORS, THEME

T = TypeVar("T")
HERE = Path(__file__).parent
SIDEBAR_WIDTH = 300
_BARS = ((5, 18, 5), (12, 11, 12), (19, 6, 17), (26, 14, 9))
_ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 36 36">'
    '<rect width="36" height="36" rx="8" fill="#2563d1"/>'
    + "".join(f'<rect x="{x}" y="{y}" width="5" height="{h}" rx="1.5" fill="#fff"/>' for x, y, h in _BARS)
    + "</svg>"
)
FAVICON = "data:image/svg+xml;base64," + b64encode(_ICON.encode()).decode()


class ExplorerPage(Page):
    """A pmui page with our skeleton, busy only with its own session's work."""

    def __init__(self, *, busy: Any = None, **params: Any) -> None:
        super().__init__(**params)
        release(self)
        with edit_readonly(self):
            self.busy = False if busy is None else busy

    def _populate_template_variables(self, template_variables: dict[str, Any]) -> None:
        super()._populate_template_variables(template_variables)
        template_variables |= {
            "app_name": TITLE,
            "skeleton_css": _skeleton_css(),
            "skeleton_js": _read("skeleton.js"),
            "drawing_js": _read("drawing.js"),
        }

    def server_doc(self, doc: Document | None = None, title: str | None = None, location: Any = True) -> Document:
        doc = init_doc(doc)
        # Panel sets this when it writes the HTML. A session that expires before the browser's websocket comes
        # is made anew without any HTML, and would send the browser to a CDN for its style sheets.
        doc.template_variables.setdefault("dist_url", LOCAL_DIST)
        # pn.serve says "Panel Application" where nobody named a title.
        ours = title if title and title != "Panel Application" else self.meta.title
        return super().server_doc(doc, ours, location)


def page(
    explorer_view: Any,
    sidebar: Iterable[Any] = (),
    *,
    title: str = "",
    header: Iterable[Any] = (),
    busy: Any = None,
) -> Page:
    """The page of the app; the tab says `title` first, `busy` is a parameter that lights the indicator."""
    return ExplorerPage(
        title=TITLE,
        site_url="",
        meta_title=tab_title(title),
        meta_description="Cut event logs into sessions and explore them",
        favicon=FAVICON,
        template=HERE / "skeleton.html",
        theme_config=THEME,
        sx=APP_BAR,
        sidebar=list(sidebar),
        sidebar_width=SIDEBAR_WIDTH,
        header=list(header),
        main=[] if explorer_view is None else [explorer_view],
        busy=busy,
        busy_indicator="linear",
        theme_toggle=True,
    )


def page_later(read: Callable[[], T], build: Callable[[T], Parts], **options: Any) -> Page:
    """The same page; where it is served, its skeleton is sent first.

    While the browser loads scripts, `read` runs in a thread and `build` makes the page of what it has read.
    """
    shell = page(None, **options)

    def fill(parts: Parts) -> None:
        shell.param.update(main=[parts.main], sidebar=list(parts.sidebar), header=list(parts.header))

    document = pn.state.curdoc
    if document is None or document.session_context is None:
        fill(built(lambda: build(read())))
    else:
        Filling(document, read, build, fill).begin()
    return shell


def release(page: Page) -> None:
    """Stop a pmui page from following `pn.state.busy`.

    That is one for the whole process: it would keep the page of every closed session alive, light the
    indicators of all sessions at once, and write to their documents without their locks.
    """
    with edit_readonly(page):
        page.busy = False  # a plain value ends the reference, but leaves its watcher
    for kinds in pn.state.param.watchers.values():
        for watcher in [one for watchers in kinds.values() for one in watchers]:
            owner = getattr(watcher.fn, "__self__", None)
            if getattr(owner, "self", owner) is page:
                pn.state.param.unwatch(watcher)


@cache
def _read(name: str) -> str:
    return (HERE / name).read_text(encoding="utf-8")


@cache
def _skeleton_css() -> str:
    light, dark = (";".join(f"--{name}:{color}" for name, color in COLORS[kind].items()) for kind in COLORS)
    return (
        f":root{{{light}}} @media (prefers-color-scheme: dark) {{:root{{{dark}}}}}"
        f":root[data-theme=light]{{{light}}} :root[data-theme=dark]{{{dark}}}\n" + _read("skeleton.css")
    )

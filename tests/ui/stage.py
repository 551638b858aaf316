"""One page for many tests: a page takes seconds to load, opening data in it anew takes a fraction of one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from threading import Event
from typing import Any, Generic, TypeVar

import panel as pn
import panel_material_ui as pmui
import pytest
from bokeh.document import Document
from playwright.sync_api import Browser, expect

from explorer.events.files.source_name import Source
from explorer.spec.analysis import first_analysis
from explorer.state import first_coded
from tests.ui.guards import GuardedPage, guarded_page
from tests.ui.serving import servers
from widgets.data.open_source import opened
from widgets.page import serve
from widgets.page.page import page as explorer_page
from widgets.session_explorer import SessionExplorer
from widgets.views.view_tabs import CHARTS

T = TypeVar("T")
SIZE = {"width": 1440, "height": 900}
_TIDY = """() => {
  const inside = (root) => [...root.querySelectorAll("*")].filter((each) => each.shadowRoot)
  const everywhere = (root) => [root, ...inside(root).flatMap((each) => everywhere(each.shadowRoot))]
  for (const root of everywhere(document)) {
    for (const each of root.querySelectorAll("dialog[open]")) each.close()
    for (const each of root.querySelectorAll(":popover-open")) each.hidePopover()
    for (const each of root.querySelectorAll(".main-content")) each.scrollTop = 0
  }
  document.activeElement?.blur()
  localStorage.clear()
  scrollTo(0, 0)
}"""
_SCHEME = "() => Bokeh.index.roots[0].model.data.dark_theme ? 'dark' : 'light'"


class Standing:
    """A page that stands in a browser while tests come and go."""

    def __init__(self, page: GuardedPage, document: Document) -> None:
        self.page, self.document = page, document

    def tidy(self, scheme: str = "light") -> None:
        """As it was: its size, its top, its colours, nothing open, no pointer over it."""
        self.page.set_viewport_size(SIZE)  # type: ignore[arg-type]
        self.page.mouse.move(2, 2)
        self.page.idle()
        self.page.evaluate(_TIDY)
        if self.page.evaluate(_SCHEME) != scheme:
            self.page.get_by_role("button", name="Toggle theme").click()
            self.page.mouse.move(2, 2)
            self.page.idle()
            assert self.page.evaluate(_SCHEME) == scheme

    def do(self, act: Callable[[], None]) -> None:
        """Do it where the server does everything, and wait."""
        done, problems = Event(), list[Exception]()

        def there() -> None:
            try:
                act()
            except Exception as error:
                problems.append(error)
            finally:
                done.set()

        self.document.add_next_tick_callback(there)
        assert done.wait(20), "the server is busy with something else"
        if problems:
            raise problems[0]


class Shelf(Standing):
    """An empty page that takes any parts."""

    def __init__(self, page: GuardedPage, document: Document, place: pmui.Column) -> None:
        super().__init__(page, document)
        self._place = place

    def show(self, make: Callable[[], Any] | Any, *more: Any, scheme: str = "light") -> GuardedPage:
        """The page with these parts in it; where one is a function, it makes them on the page's own thread."""
        self.tidy(scheme)

        def put() -> None:
            self._place.objects = [make() if callable(make) else make, *more]

        self.do(put)
        self.page.idle()
        self.page.problems.clear()
        return self.page

    def clear(self) -> None:
        """Let go of what is on it."""
        self.do(lambda: self._place.clear())


class Stage(Standing):
    """The explorer of this process, and its page in a browser."""

    def __init__(self, page: GuardedPage, app: SessionExplorer, document: Document) -> None:
        super().__init__(page, document)
        self.app = app

    def open(
        self, data: Source, analysis: Path | None = None, *, view: str = CHARTS, scheme: str = "light"
    ) -> GuardedPage:
        """The page as if this had just been opened in it."""
        page = self.page
        self.tidy(scheme)
        self.do(lambda: self._begin(data, analysis, view))
        if view == CHARTS:
            expect(page.get_by_role("figure").first).to_be_visible()
        page.idle()
        page.problems.clear()
        return page

    def _begin(self, data: Source, analysis: Path | None, view: str) -> None:
        app = self.app
        engine, found = opened(data, analysis, {})
        document = found or first_analysis(engine.columns)
        app.bench.close()
        app.microscope.close()
        app.data_toggle.value = False
        app.viewing.tabs.value = CHARTS
        app.table.param.update(sort=("", False), page=0, page_size=25)
        app.say(None)
        app.link.begin(document, "")
        app.state.begin(engine, document, first_coded(engine, document))
        app.viewing.renew()
        app.viewing.tabs.value = view


@contextmanager
def stage(browser: Browser, data: Path) -> Iterator[Stage]:
    """Serve the explorer, and open it in a browser."""
    made: list[tuple[SessionExplorer, Document]] = []

    class Remembered(SessionExplorer):
        def __init__(self, *args: Any, **options: Any) -> None:
            super().__init__(*args, **options)
            made.append((self, pn.state.curdoc))

    with servers() as start, guarded_page(browser) as page:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(serve, "SessionExplorer", Remembered)
            page.goto(start(lambda: serve.app(data)))
            page.wait_for_selector("#skeleton", state="detached")
            page.idle()
        yield Stage(page, *made.pop())


@contextmanager
def shelf(browser: Browser) -> Iterator[Shelf]:
    """Serve an empty page, and open it in a browser."""
    made: list[tuple[Document, pmui.Column]] = []

    def empty() -> Any:
        place = pmui.Column(sizing_mode="stretch_width", margin=16)
        made.append((pn.state.curdoc, place))
        return explorer_page(place)

    with servers() as start, guarded_page(browser) as page:
        page.goto(start(empty))
        page.wait_for_selector("#skeleton", state="detached")
        page.idle()
        yield Shelf(page, *made.pop())


class Kept(Generic[T]):
    """The page that there is, made when it is asked for; after a test that failed, the next one gets a new one."""

    def __init__(self, make: Callable[[], AbstractContextManager[T]]) -> None:
        self._make = make
        self._open: ExitStack | None = None
        self._kept: T | None = None

    def get(self) -> T:
        """The page."""
        if self._kept is None:
            self._open = ExitStack()
            self._kept = self._open.enter_context(self._make())
        return self._kept

    def drop(self) -> None:
        """Close the page and its server."""
        opened, self._open, self._kept = self._open, None, None
        if opened is not None:
            opened.close()

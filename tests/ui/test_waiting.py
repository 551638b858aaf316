"""What takes a while says so on every view, and what was there stays to be read until it comes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event
from typing import Any

import pytest

from explorer.engine.local.engine import LocalEngine
from tests.ui.guards import GuardedPage
from tests.ui.helpers import SAMPLE, comes, number, rows
from tests.ui.stage import Stage
from widgets.views.view_tabs import VIEWS

WAITING = """() => {
  const inside = (root) => [...root.querySelectorAll("*")].filter((each) => each.shadowRoot)
  const everywhere = (root) => [root, ...inside(root).flatMap((each) => everywhere(each.shadowRoot))]
  const shown = (each) => each.getBoundingClientRect().height > 40
  return everywhere(document).flatMap((root) => [...root.querySelectorAll(".waits")].filter(shown)).length
}"""
BUSY = "() => document.querySelectorAll('.bk-loading, .pn-loading').length"


def waiting(page: GuardedPage) -> int:
    found: int = page.evaluate(WAITING)
    return found


@contextmanager
def late(monkeypatch: pytest.MonkeyPatch, owner: Any, name: str) -> Iterator[None]:
    """What a method works out comes when this ends."""
    gate, worked = Event(), getattr(owner, name)

    def held(*given: Any) -> Any:
        gate.wait(30)
        return worked(*given)

    with monkeypatch.context() as patch:
        patch.setattr(owner, name, held)
        try:
            yield
        finally:
            gate.set()


def test_charts_table_and_numbers_stay_faded_until_newer_ones_come(stage: Stage, monkeypatch: pytest.MonkeyPatch):
    page = stage.open(SAMPLE)
    before, table = number(page, "Sessions"), rows(page)
    with late(monkeypatch, LocalEngine, "cut"):
        stage.do(lambda: stage.app.state.define(inactivity="20m"))
        assert comes(page, lambda: waiting(page) == 2)  # the charts, the table
        assert page.locator(".strip[aria-busy=true]").count() == 1
        assert (number(page, "Sessions"), rows(page)) == (before, table)
    assert comes(page, lambda: waiting(page) == 0)
    assert comes(page, lambda: number(page, "Sessions") != before)


@pytest.mark.parametrize("name", VIEWS)
def test_a_view_stays_faded_until_a_newer_one_comes(stage: Stage, name: str, monkeypatch: pytest.MonkeyPatch):
    page = stage.open(SAMPLE, view=name)
    page.idle()
    view = stage.app.viewing.views[name]
    work: Callable[[], Callable[[], Any]] = view.work
    gate = Event()

    def held() -> Callable[[], Any]:
        wanted = work()

        def there() -> Any:
            gate.wait(30)
            return wanted()

        return there

    text = page.locator(".main").first.inner_text()
    monkeypatch.setattr(view, "work", held)
    stage.do(lambda: stage.app.state.define(inactivity="20m"))
    assert comes(page, lambda: waiting(page) == 1)
    assert page.evaluate(BUSY) == 0
    assert len(page.locator(".main").first.inner_text()) > len(text) / 2
    gate.set()
    assert comes(page, lambda: waiting(page) == 0)

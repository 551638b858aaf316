"""What tests of the page read of it and wait for."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Locator

import explorer
from explorer.crossfilter.formats import count_text
from tests.ui.figures import figure_data
from tests.ui.guards import GuardedPage
from tests.ui.stillness import PATIENCE

SAMPLE = Path(__file__).parents[2] / "sample_data" / "shop.csv.gz"


def visit(**changes: object) -> explorer.SessionDefinition:
    rules = {"name": "visit", "inactivity": "30m", "where": "NOT event = 'heartbeat'"}
    return explorer.SessionDefinition(**(rules | changes))  # type: ignore[arg-type]


def comes(page: GuardedPage, wanted: Callable[[], bool]) -> bool:
    """Whether it becomes true; the machine may be busy."""
    end = time.monotonic() + PATIENCE / 1000
    while not (found := wanted()) and time.monotonic() < end:
        page.wait_for_timeout(25)
    return found


def number(page: GuardedPage, label: str) -> str:
    """A key number as it is read."""
    card = page.get_by_role("listitem").filter(has=page.get_by_text(label, exact=True))
    return card.locator("strong").inner_text()


def bars(page: GuardedPage, name: str) -> list[float]:
    return figure_data(page, name)[1].data["top"]


def rows(page: GuardedPage) -> list[list[str]]:
    found = page.get_by_role("table").locator("tbody tr")
    return [[*row.split("\t"), *[""] * 8] for row in [*found.all_inner_texts(), ""]]


def shows(page: GuardedPage, sessions: int) -> bool:
    return comes(page, lambda: number(page, "Sessions") == count_text(sessions))


NASTY = "<img src=x onerror=alert(1)> it's"


def eventually(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE / 1000
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.02)


def box(thing: Locator) -> dict[str, float]:
    found = thing.bounding_box()
    assert found
    return dict(found)


def add_rule(page: GuardedPage, label: str) -> None:
    """Open the editor of a rule that is not set."""
    page.get_by_role("button", name="Add a rule").click()
    page.get_by_role("menuitem", name=re.compile(f"^{label}")).click()

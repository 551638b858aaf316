"""The pictures of the README, and those that tests hold the page against, made by one command:
`python -m tests.ui.pictures [NAME ...]`; `looks` are the latter."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.ui.chromium import launch
from tests.ui.guards import GuardedPage, guarded_page
from tests.ui.looks import FOLDER as LOOK_FOLDER
from tests.ui.looks import LOOKS, look, opened
from tests.ui.serving import servers
from widgets.page.serve import app

ROOT = Path(__file__).parents[2]
SAMPLE, FOLDER = ROOT / "sample_data" / "shop.csv.gz", ROOT / ".pictures"
BRUSHES = "?brush=duration:1m..1h;start:2025-03-17T00:00..2025-03-31T00:00"
Act = Callable[[GuardedPage], None]


def charts(page: GuardedPage) -> None:
    """Four charts under two brushes."""
    page.get_by_role("button", name="Got it").click()


def rule(name: str) -> Act:
    """The editor of one rule."""

    def act(page: GuardedPage) -> None:
        page.get_by_role("button", name="Got it").click()
        page.get_by_role("button", name=name, exact=True).click()

    return act


def metric(page: GuardedPage) -> None:
    """A metric from a ready-made question."""
    page.get_by_role("button", name="Got it").click()
    page.get_by_role("button", name="Add a metric").click()
    page.locator(".recipes button").first.click()


def paths(page: GuardedPage) -> None:
    """The paths from a search on, with one step of them selected."""
    page.get_by_role("button", name="Got it").click()
    event = page.get_by_label("Event where paths begin or end")
    event.fill("search")
    event.press("Enter")
    page.get_by_role("group", name="Paths of sessions").get_by_role("button", name="1 step later: page_view").click()
    page.idle()
    page.mouse.move(700, 20)


def report(page: GuardedPage) -> None:
    """The report beside its title and notes."""
    page.get_by_role("button", name="Report", exact=True).click()
    page.frame_locator("iframe").locator("canvas").first.wait_for()


PICTURES: dict[str, tuple[str, int, int, bool, Act]] = {
    "light": (BRUSHES, 1440, 1400, False, charts),
    "dark": (BRUSHES, 1440, 1400, True, charts),
    "filter": ("", 1440, 760, False, rule("Events: event is not 'heartbeat'. Edit")),
    "metric": ("", 1440, 1010, False, metric),
    "inside": ("?view=inside", 1440, 1240, False, paths),
    "return": ("?view=return", 1440, 1180, False, charts),
    "different": ("?view=different&brush=last event:purchase", 1440, 1000, False, charts),
    "inactivity": ("?view=inactivity", 1440, 1000, False, charts),
    "compare": ("?view=compare", 1440, 1200, False, charts),
    "report": ("", 1240, 852, False, report),
}


def draw(browser: Browser, url: str, name: str) -> None:
    """Make one picture."""
    query, width, height, dark, act = PICTURES[name]
    scheme = "dark" if dark else "light"
    with guarded_page(browser, color_scheme=scheme, viewport={"width": width, "height": height}) as page:
        page.goto(f"{url}{query}")
        page.wait_for_selector("#skeleton", state="detached")
        page.idle()
        act(page)
        page.idle()
        page.wait_for_timeout(1_500)
        page.screenshot(path=FOLDER / f"{name}.png", animations="disabled")


def main(names: list[str]) -> None:
    """Make these pictures, or all of them."""
    with sync_playwright() as playwright, servers() as start:
        browser, url = launch(playwright.chromium), start(lambda: app(SAMPLE))
        for name in names or (*PICTURES, "looks"):
            if name == "looks":
                LOOK_FOLDER.mkdir(exist_ok=True)
                for each in LOOKS:
                    with opened(browser, f"{url}{BRUSHES}", each) as page:
                        look(page).save(LOOK_FOLDER / f"{each}.png", optimize=True)
            else:
                draw(browser, url, name)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])

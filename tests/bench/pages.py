"""What a person waits for in the browser: `python -m tests.bench.pages [--turns 5] [--events 1e7]`.

Opening: the explorer on its sample beside a bare page of the same libraries, in turn, each in a browser that is started
for it; what is printed are ratios of one turn and their spread. Changes: a new inactivity, a new filter, and the last
key of a condition, each until the browser has painted what follows from it.
"""

from __future__ import annotations

import argparse
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from statistics import median

import panel as pn
from playwright.sync_api import Playwright, sync_playwright

import explorer
from explorer.sample import SAMPLE
from explorer.spec.analysis import first_analysis
from tests.bench.conftest import made_up
from tests.ui.chromium import launch
from tests.ui.guards import GuardedPage, guarded_page
from tests.ui.serving import servers
from widgets import SessionExplorer
from widgets.page.page import page as explorer_page

# All figures of a page have been drawn: their models say so.
DRAWN = """(figures) => {
  const views = globalThis.Bokeh ? Object.values(Bokeh.index.roots ?? {}) : []
  const seen = new Set()
  const walk = (view) => {
    if (seen.has(view)) return
    seen.add(view)
    for (const each of view.child_views ?? []) walk(each)
  }
  views.forEach(walk)
  const drawn = [...seen].filter((view) => view.model?.type === "Figure" && view.has_finished?.())
  return drawn.length >= figures
}"""
PAINTED = "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null"
# The times at which the browser has painted after data of a chart have changed.
WATCH = """() => {
  globalThis.painted = []
  const note = () => requestAnimationFrame(() => {
    const after = new MessageChannel()
    after.port1.onmessage = () => globalThis.painted.push(Date.now() / 1000)
    after.port2.postMessage(null)
  })
  for (const document of Bokeh.documents) {
    for (const model of document._all_models.values()) {
      if (model.type === "ColumnDataSource") model.properties.data.change.connect(note)
    }
  }
}"""

PREVIEWED = """(preview) => {
  globalThis.previewed = []
  const numbers = preview.querySelector(".numbers")
  new MutationObserver(() => previewed.push(Date.now())).observe(numbers, {childList: true})
  addEventListener("input", () => { globalThis.keyed = Date.now() }, true)
}"""


@contextmanager
def served(command: list[str], port: int) -> Iterator[str]:
    """A server in a process of its own."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(600):
            with socket.socket() as there:
                if there.connect_ex(("localhost", port)) == 0:
                    break
            time.sleep(0.1)
        yield f"http://localhost:{port}/"
    finally:
        process.terminate()
        process.wait()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as free:
        free.bind(("localhost", 0))
        port: int = free.getsockname()[1]
    return port


def opened(playwright: Playwright, url: str, figures: int) -> tuple[float, float]:
    """Seconds until the first paint, and until all charts are drawn, in a browser that is started for it."""
    browser = launch(playwright.chromium)
    try:
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        began = time.perf_counter()
        page.goto(url)
        page.wait_for_function(DRAWN, arg=figures, polling=20, timeout=60_000)
        whole = time.perf_counter() - began
        page.wait_for_function(PAINTED, polling=20)
        return page.evaluate(PAINTED) / 1e3, whole
    finally:
        browser.close()


def opening(playwright: Playwright, turns: int) -> None:
    """The explorer beside the bare page."""
    ours, bare = free_port(), free_port()
    explorer_command = [sys.executable, "-m", "explorer.cli", "serve", str(SAMPLE), "--no-browser", "--port", str(ours)]
    with (
        served(explorer_command, ours) as page,
        served([sys.executable, "-m", "tests.bench.bare", str(bare)], bare) as other,
    ):
        time.sleep(10)  # both warm up by themselves
        for each in (page, other):
            opened(playwright, each, 4)
        pairs = [(opened(playwright, page, 4), opened(playwright, other, 4)) for _ in range(turns)]
    for at, what in enumerate(("first paint", "all charts drawn")):
        ratios = [its[at] / beside[at] for its, beside in pairs]
        mine, theirs = (median(pair[which][at] for pair in pairs) for which in (0, 1))
        spread = f"{min(ratios):.2f} to {max(ratios):.2f}"
        print(f"opening, {what}: {mine:.2f} s, bare {theirs:.2f} s: {median(ratios):.2f} times ({spread})", flush=True)


def changing(playwright: Playwright, events: int, turns: int) -> None:
    """Changes of the definition, until the charts are painted."""
    log = explorer.connect(made_up(events), actor="user", time="ts", event="event")
    pages: list[tuple[SessionExplorer, pn.io.document.Document]] = []
    fresh = count(1)

    def app() -> object:
        pages.append((SessionExplorer(log, first_analysis(log.columns)), pn.state.curdoc))
        return explorer_page(pages[-1][0])

    with servers() as serve:
        browser = launch(playwright.chromium)
        with guarded_page(browser) as page:
            page.goto(serve(app))
            page.idle()
            state, document = pages[-1][0].state, pages[-1][1]
            page.evaluate(WATCH)

            def until_painted(change: Callable[[], object]) -> float:
                page.evaluate("painted = []")
                began: list[float] = []

                def go() -> None:
                    began.append(time.time())
                    change()

                document.add_next_tick_callback(go)
                page.idle()
                return max(page.evaluate("painted")) - began[0]

            acts = {
                "a new inactivity": lambda: state.define(inactivity=f"{1_900_000 + next(fresh)}ms"),
                "a new filter": lambda: state.define(where=f"platform != 'ios' AND amount > {next(fresh)}"),
            }
            for name, act in acts.items():
                told(name, [until_painted(act) for _ in range(turns + 1)][1:])
            told(
                "the last key of a condition, to its preview", [typed(page, next(fresh)) for _ in range(turns + 1)][1:]
            )
        browser.close()


def typed(page: GuardedPage, number: int) -> float:
    """Change the number in a condition on events: the seconds from the key to the last change of its preview."""
    preview = page.get_by_role("region", name="Preview")
    if not preview.count():
        page.get_by_role("button", name="Events: ").first.click()
        preview.evaluate(PREVIEWED)
        page.idle()
    page.evaluate("previewed = []")
    page.get_by_label("Value", exact=True).last.fill(f"{100 + number}")
    page.idle()
    seconds: float = page.evaluate("(previewed.at(-1) - keyed) / 1000")
    return seconds


def told(what: str, seconds: list[float]) -> None:
    """The median and the spread."""
    print(f"{what}: {1e3 * median(seconds):.0f} ms ({1e3 * min(seconds):.0f} to {1e3 * max(seconds):.0f})", flush=True)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=5)
    parser.add_argument("--events", type=float, default=1e7)
    options = parser.parse_args()
    with sync_playwright() as playwright:
        opening(playwright, options.turns)
        changing(playwright, int(options.events), options.turns)


if __name__ == "__main__":
    main()

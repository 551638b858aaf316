"""A frame of a drag over eight linked charts in Chromium: from the mouse's move to the repaint.

`BENCH_SESSIONS` sessions (1 million); `-s` prints what was measured.
"""

from __future__ import annotations

import os
import statistics
import time
from dataclasses import replace

import holoviews as hv
import numpy as np
import pandas as pd
import panel as pn
import pytest
from holoviews.operation import histogram
from playwright.sync_api import Page, expect, sync_playwright

from explorer.charts.brushing.linked import LinkedCharts
from explorer.crossfilter.cube import Crossfilter, Dimension
from explorer.crossfilter.selections.selection import Selection
from tests.charts.made_up import TITLES, VALUE_TITLES, made_up, made_up_values
from tests.ui.chromium import launch
from tests.ui.figures import figure_box, figure_data
from tests.ui.serving import servers

SESSIONS = int(float(os.environ.get("BENCH_SESSIONS", "1e6")))
FRAME = {1_000_000: 50, 5_000_000: 100}.get(SESSIONS)
# From a move to what comes after the next frame: by then all figures have painted.
WATCH = """() => {
  globalThis.took = [];
  document.addEventListener("pointermove", (event) => {
    if (!event.buttons) return;
    const since = performance.now();
    const done = new MessageChannel();
    done.port1.onmessage = () => globalThis.took.push(performance.now() - since);
    requestAnimationFrame(() => done.port2.postMessage(null));
  }, true);
}"""


def eight(n: int) -> Crossfilter:
    """Eight dimensions of the same sessions: numbers, durations, times, names, days, and one per actor."""
    one, (_, other) = made_up(n), made_up_values(n)
    found = dict(one.dimensions) | {name: other.dimensions[name] for name in ("platform", "paid", "weekday")}
    lengths = made_up(n, seed=1).dimensions["duration"]
    found["wait"] = Dimension(replace(lengths.bins, name="wait"), lengths.values, lengths.codes)
    return Crossfilter([*found.values()], one._starts)


@pytest.mark.bench
def test_a_frame_of_a_drag() -> None:
    crossfilter = eight(SESSIONS)
    titles = {name: (TITLES | VALUE_TITLES).get(name, name) for name in crossfilter.dimensions}
    assert len(titles) == 8
    linked = LinkedCharts(titles)

    def page() -> pn.viewable.Viewable:
        nonlocal linked
        linked = LinkedCharts(titles)
        charts = [pn.pane.HoloViews(each, sizing_mode="stretch_width") for each in linked.elements.values()]
        linked.show(crossfilter)
        return pn.Column(pn.pane.Bokeh(linked.readout), pn.GridBox(*charts, ncols=3, sizing_mode="stretch_width"))

    with sync_playwright() as playwright, servers() as serve:
        browser = launch(playwright.chromium)
        try:
            tab = browser.new_page(viewport={"width": 1440, "height": 900})
            tab.goto(serve(page))
            expect(tab.get_by_role("figure", name="Session duration")).to_be_visible(timeout=60_000)
            tab.wait_for_timeout(2_000)
            took = dragged(tab)
        finally:
            browser.close()
    table = min(timed(lambda: crossfilter.running("duration", Selection())) for _ in range(3))
    middle, worst = statistics.median(took), max(took)
    print(
        f"\n{SESSIONS:,} sessions, {len(titles)} charts: table {table:.0f} ms, then {len(took)} frames, "
        f"median {middle:.0f} ms, 95 % {np.percentile(took, 95):.0f} ms, worst {worst:.0f} ms"
    )
    if FRAME is not None:
        assert middle < FRAME


def dragged(tab: Page) -> list[float]:
    box = figure_box(tab, "duration")
    tab.mouse.move(*box.at(0.2))
    tab.wait_for_timeout(3_000)
    before = figure_data(tab, "event_count")[1].data["top"]
    tab.evaluate(WATCH)
    tab.mouse.down()
    for step in range(60):
        tab.mouse.move(*box.at(0.2 + 0.01 * step))
    assert figure_data(tab, "event_count")[1].data["top"] != before
    tab.mouse.up()
    return tab.evaluate("globalThis.took")


def timed(work: object) -> float:
    since = time.perf_counter()
    work()  # type: ignore[operator]
    return 1e3 * (time.perf_counter() - since)


@pytest.mark.bench
def test_the_same_by_holoviews_own_linking() -> None:
    """What `hv.link_selections` needs for one step over the same eight charts, in Python alone: no frame is drawn."""
    crossfilter = eight(SESSIONS)
    columns = {name: each.codes.astype(np.float64) for name, each in crossfilter.dimensions.items()}
    events = hv.Dataset(pd.DataFrame(columns))
    linking = hv.link_selections.instance()
    charts = [histogram(events, dimension=name, num_bins=40) for name in columns]
    hv.renderer("bokeh").get_plot(linking(hv.Layout(charts)))
    took = []
    for step in range(5):
        chosen = (hv.dim("duration") >= 5.0) & (hv.dim("duration") < 10.0 + step)
        took.append(timed(lambda chosen=chosen: linking.param.update(selection_expr=chosen)))
    print(f"\n{SESSIONS:,} sessions, {len(charts)} charts: hv.link_selections, median {statistics.median(took):.0f} ms")

"""The answer to a metric stays on the page: its total, of all and of the selected, and the way to its chart."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from explorer.crossfilter.selections.selection import Selection
from tests.ui.figures import brush
from tests.ui.helpers import SAMPLE
from tests.ui.stage import Stage
from widgets.sessions.formats import metric_tile


def test_a_new_metric_has_a_tile_that_follows_the_brush_and_leads_to_its_chart(stage: Stage):
    page = stage.open(SAMPLE)
    tiles = page.get_by_role("list", name="Metrics").get_by_role("button")
    expect(tiles).to_have_count(before := len(stage.app.state.definition.metrics))
    page.get_by_role("button", name="Add a metric").click()
    page.locator("[class*=recipe] button").first.click()
    page.get_by_role("button", name="Add metric", exact=True).click()
    expect(tiles).to_have_count(before + 1)
    drawn, tile = stage.app.state.on_page, tiles.last
    metric = drawn.definition.metrics[-1]
    everything = drawn.metric(metric.name, Selection())
    told = metric_tile(metric, everything, None)
    assert re.search(r"\d", told.value)
    expect(tile.locator("strong")).to_have_text(told.value)
    brush(page, "duration", 0.5, 0.9)
    expect(tile.locator("small")).to_contain_text("all: ")
    page.idle()
    now = metric_tile(metric, everything, drawn.metric(metric.name, stage.app.state.selection))
    expect(tile.locator("strong")).to_have_text(now.value)
    expect(tile.locator("small")).to_have_text(now.sub)
    assert now.value != told.value
    tile.click()
    expect(page.get_by_role("figure", name=metric.name)).to_be_in_viewport()
    page.get_by_role("button", name=re.compile("^Undo")).click()
    page.get_by_role("button", name=re.compile("^Undo")).click()
    expect(tiles).to_have_count(before)

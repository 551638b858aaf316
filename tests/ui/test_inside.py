"""What happens inside sessions, in a real browser: a funnel is clicked together and brushed; what is said is true."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import polars as pl
from playwright.sync_api import expect

import explorer
from explorer.crossfilter.formats import count_text
from explorer.engine.local.inside.funnel import funnel
from explorer.spec.charts.sequences.steps import Steps
from explorer.spec.duration import Duration
from explorer.spec.expression.clause import parse
from tests.ui.axe import serious
from tests.ui.guards import GuardedPage
from tests.ui.helpers import SAMPLE, comes, shows, visit
from tests.ui.stage import Stage

STEPS = ("login", "product_view", "add_to_cart")


def test_a_funnel_is_clicked_together_and_brushed(stage: Stage):
    page = stage.open(SAMPLE, view="inside", scheme="dark")
    build(page)
    log = explorer.connect(SAMPLE)
    found = funnel(log.session_table(visit()), Steps.of(parse(f"event = '{step}'") for step in STEPS))
    counts = found.counts()
    bars = page.locator(".funnel .bar .count")
    expect(bars).to_have_text([count_text(n) for n in (counts.sessions, *counts.reached)])
    page.locator(".funnel .bar").nth(2).click()
    assert shows(page, counts.reached[1])
    page.get_by_role("button", name=re.compile("dropped off")).first.click()
    assert shows(page, counts.reached[0] - counts.reached[1])
    assert comes(page, lambda: "funnel:1..2" in page.url)
    page.idle()  # what is not the newest yet is faded
    assert serious(page) == []
    query = page.url.partition("?")[2]
    stage.open(SAMPLE)
    stage.do(lambda: stage.app.link.go(f"?{query}"))
    assert shows(page, counts.reached[0] - counts.reached[1])
    expect(page.get_by_text("stopped after step 1: login")).to_be_visible()
    page.idle()


def build(page: GuardedPage) -> None:
    for step in STEPS:
        page.get_by_role("button", name=f"Add the step {step}", exact=True).click()
    # The last step first, then down where it belongs.
    page.get_by_role("button", name="Move up: step 3").click()
    page.get_by_role("button", name="Move down: step 2").press("Enter")
    page.get_by_role("button", name="Apply").click()
    expect(page.get_by_role("button", name="Edit the steps")).to_be_visible()


def test_bars_and_nodes_brush_how_sessions_begin_and_end(stage: Stage):
    page = stage.open(SAMPLE, view="inside")
    log = explorer.connect(SAMPLE)
    by_session = log.events(visit()).group_by("session_id", maintain_order=True)
    bought = by_session.agg(first=pl.col("event").first(), last=pl.col("event").last()).filter(last="purchase")
    ends = page.get_by_role("group", name="How sessions end")
    expect(ends.get_by_role("button").first).to_be_visible()
    page.idle()
    ends.get_by_role("button", name=re.compile("^purchase")).press("Enter")
    assert shows(page, bought.height)
    node = page.get_by_role("group", name="Paths of sessions").get_by_role("button").first
    expect(node).to_have_attribute("aria-pressed", "false")
    node.press("Enter")
    value = bought["first"].value_counts(sort=True)
    assert shows(page, value["count"][0])
    expect(node).to_have_attribute("aria-pressed", "true")
    page.idle()


def test_a_step_is_any_event_that_is_searched_and_enter_applies(stage: Stage):
    page = stage.open(SAMPLE, view="inside")
    page.get_by_label("Event label").select_option("page")
    log = explorer.connect(SAMPLE)
    kinds = log.events(visit())["page"].drop_nulls().value_counts(sort=True, name="n")["page"]
    rare = next(name for name in kinds[20:] if name.startswith("/product/") or "/" in name[1:])
    search = page.get_by_role("searchbox", name="Search events")
    search.fill(rare)
    expect(page.get_by_role("button", name=f"Add the step {rare}", exact=True)).to_be_visible()
    search.press("Enter")
    step = page.get_by_label("Condition of step 1")
    expect(step).to_have_value(re.compile(re.escape(rare)))
    step.fill("event = 'purchase'")
    step.press("Enter")
    expect(page.get_by_role("button", name="Edit the steps")).to_be_visible()
    found = funnel(log.session_table(visit()), Steps.of([parse("event = 'purchase'")]))
    expect(page.locator(".funnel .bar .count").last).to_have_text(count_text(found.counts().reached[0]))
    page.idle()


def test_what_steps_keep_to_is_typed_and_another_funnel_is_added(stage: Stage):
    page = stage.open(SAMPLE, view="inside")
    for step in ("product_view", "purchase"):
        page.get_by_role("button", name=f"Add the step {step}", exact=True).click()
    within = page.get_by_label("Longest time from the first step to the last")
    within.fill("10")
    within.press("Tab")
    expect(page.get_by_role("alert").filter(has_text="has no unit")).to_be_visible()
    within.fill("10m")
    within.press("Enter")
    expect(page.get_by_role("button", name="Edit the steps")).to_be_visible()
    steps = Steps(tuple(parse(f"event = '{step}'") for step in ("product_view", "purchase")), Duration.parse("10m"))
    counts = funnel(explorer.connect(SAMPLE).session_table(visit()), steps).counts()
    expect(page.locator(".funnel .bar .count")).to_have_text(
        [count_text(n) for n in (counts.sessions, *counts.reached)]
    )
    page.get_by_role("button", name="Add a funnel").click()
    expect(page.get_by_role("heading", name="Funnel 2")).to_be_visible()
    page.idle()


def test_a_step_is_built_like_a_filter_and_enter_applies(stage: Stage):
    page = stage.open(SAMPLE, view="inside")
    page.get_by_role("button", name="Add a condition").click()
    page.get_by_role("button", name="Add condition").click()
    column = page.get_by_role("combobox", name="Column")
    column.fill("amount")
    column.press("ArrowDown")
    column.press("Enter")
    page.get_by_role("combobox", name="Operator").select_option(label="≥")
    value = page.get_by_label("Value", exact=True)
    value.fill("50")
    value.press("Enter")
    expect(page.get_by_role("button", name="Edit the steps")).to_be_visible()
    log = explorer.connect(SAMPLE)
    found = funnel(log.session_table(visit()), Steps.of([parse("amount >= 50")]))
    expect(page.locator(".funnel .bar .count").last).to_have_text(count_text(found.counts().reached[0]))
    page.get_by_role("button", name="Edit the steps").click()
    page.get_by_label("Condition of step 1").fill("amount >=")
    page.get_by_role("button", name="Build: step 1").click()
    expect(page.get_by_label("Condition of step 1")).to_have_value("amount >=")
    expect(page.get_by_role("alert").filter(has_text="amount >=")).to_be_visible()
    page.idle()


def test_what_comes_next_is_told_of_any_column_and_other_opens(stage: Stage):
    page = stage.open(SAMPLE, view="inside")
    page.get_by_label("Event label").select_option("page")
    card = page.get_by_role("table", name="Next event")
    other = card.get_by_role("button", name=re.compile(r"^other \("))
    folded = int(re.findall(r"[\d,]+", other.inner_text())[0].replace(",", ""))
    other.click()
    names = page.get_by_role("table", name="What is in other").get_by_role("rowheader")
    expect(page.get_by_role("navigation", name="Pages of what is in other")).to_contain_text(f"of {min(folded, 501)}")
    first = names.first.inner_text()
    page.get_by_role("button", name="Open other: 52 more values").click()
    expect(card.get_by_role("button", name=first)).to_be_visible()
    page.get_by_role("button", name="Show the 8 most frequent").click()
    expect(card.get_by_role("button", name=first)).to_have_count(0)
    page.get_by_label("Event label").select_option("amount")
    expect(card.get_by_role("button", name=re.compile("^none"))).to_be_visible()
    page.idle()


def test_paths_begin_at_any_event_and_every_part_of_them_brushes(stage: Stage):
    page = stage.open(SAMPLE, view="inside")
    log = explorer.connect(SAMPLE)
    event = page.get_by_label("Event where paths begin or end")
    event.fill("evnt = 'x'")
    event.press("Enter")
    expect(page.get_by_role("alert").filter(has_text="Did you mean 'event'?")).to_be_visible()
    event.fill("search")
    event.press("Enter")
    found = log.paths(visit(), at="event = 'search'")
    expect(page.get_by_text(found.sentence)).to_be_visible()
    flow = page.get_by_role("group", name="Paths of sessions")
    second = found.steps[1]
    node = flow.get_by_role("button", name=re.compile(f"^1 step later: {second.values[1]}:"))
    node.press("Enter")
    assert shows(page, int(second.nodes[1]))
    expect(node).to_have_attribute("aria-pressed", "true")
    node.press("Enter")
    assert shows(page, log.sessions(visit()).height)
    page.locator(".ribbon").first.dispatch_event("click")
    assert shows(page, int(found.links[0][0, 0]))
    paths = page.get_by_role("group", name="Most frequent whole paths").get_by_role("button")
    paths.first.press("Enter")
    assert shows(page, found.whole[0].sessions)
    assert comes(page, lambda: "path+step+2:" in page.url.replace("%20", "+"))
    page.idle()
    assert serious(page) == []
    page.locator("summary").filter(has_text="Table").first.click()
    page.get_by_role("button", name=re.compile("^Select the sessions of search → ")).first.press("Enter")
    page.idle()
    query = page.url.partition("?")[2]
    stage.open(SAMPLE)
    stage.do(lambda: stage.app.link.go(f"?{query}"))
    assert shows(page, int(found.links[0].max()))
    page.idle()


def test_hostile_values_are_told_apart_and_read_as_text(stage: Stage, tmp_path: Path):
    names = ["<script>window.bad = 1</script>", "\\ends", "none", "ümläut", "<b>x</b>"]
    frame = pl.DataFrame({"user": names, "ts": [1_700_000_000] * len(names), "event": names})
    frame.write_parquet(tmp_path / "hostile.parquet")
    page = stage.open(tmp_path / "hostile.parquet", view="inside")
    flow = page.get_by_role("group", name="Paths of sessions")
    expect(flow.get_by_role("button")).to_have_count(6)
    assert page.evaluate("window.bad") is None
    flow.get_by_role("button", name=re.compile(r"^First: \\ends")).press("Enter")
    assert shows(page, 1)
    page.idle()


def test_two_thousand_values_stay_readable(stage: Stage, tmp_path: Path):
    rows = [
        (f"u{at}", 1_700_000_000 + step, f"/page/{(at * 7 + step * at) % 2_000}")
        for at in range(2_000)
        for step in range(4)
    ]
    frame = pl.DataFrame(rows, schema=["user", "ts", "event"], orient="row")
    frame.write_parquet(tmp_path / "many.parquet")
    page = stage.open(tmp_path / "many.parquet", view="inside")
    flow = page.get_by_role("group", name="Paths of sessions")
    expect(flow.get_by_role("button", name=re.compile(r"^First: other \(1,994 values\)"))).to_be_visible()
    assert flow.get_by_role("button").count() <= 4 * 9
    page.get_by_label("Values per step").select_option("20")
    expect(flow.get_by_role("button", name=re.compile(r"^First: other \(1,980 values\)"))).to_be_visible()
    boxes = [node.bounding_box() for node in flow.get_by_role("button", name=re.compile("^First: ")).all()]
    tops = sorted(box["y"] for box in boxes)
    assert min(after - before for before, after in pairwise(tops)) > 12
    page.idle()

"""The report in a real browser, opened as a file with the network cut off."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, Locator, expect

from explorer.charts.titles import brush_name
from explorer.crossfilter.formats import count_text, duration_text
from explorer.crossfilter.selections.brushes import Range, Values
from explorer.crossfilter.selections.selection import Selection
from explorer.engine.local.coded.local_coded import LocalCoded
from explorer.engine.local.engine import LocalEngine
from explorer.report import page as report_page
from explorer.report import read_back, report
from explorer.report.page import UNBRUSHED, linked
from explorer.spec.analysis import Analysis
from explorer.spec.charts.chart import Chart
from tests.report.made_up import HOSTILE, analysis, log
from tests.ui.figures import brush, figure_box, figure_data
from tests.ui.guards import GuardedPage, guarded_page
from tests.ui.helpers import comes

RANGES = ("duration", "event_count", "time_in_session", "start", "spent")
NAMES = ("duration", "start", "spent", "platform", "event_count", "time_in_session")


class Opened(NamedTuple):
    """A report in the browser, and the picture that it should show."""

    page: GuardedPage
    picture: LocalCoded

    @property
    def bars(self) -> dict[str, list[float]]:
        return {name: figure_data(self.page, name)[1].data["top"] for name in NAMES}

    def drag(self, name: str, lo: float, hi: float) -> None:
        """A drag between two places on the axis of a chart, in bins."""
        n = len(self.picture.crossfilter.dimensions[name].bins)
        self.page.mouse.move(*figure_box(self.page, name).at(lo / n))
        self.page.wait_for_timeout(60)
        brush(self.page, name, lo / n, hi / n, steps=6)

    def shows(self, selection: Selection) -> None:
        """Every bar, the readout and the counted key numbers are what numpy counts."""
        found = self.picture.crossfilter.counts(selection, NAMES)
        counts = {name: found[name].tolist() for name in NAMES}
        assert comes(self.page, lambda: self.bars == counts), self.bars
        numbers = self.picture.numbers(selection)
        end = " selected" if selection else ""
        text = f"{count_text(numbers.sessions)} sessions · {count_text(numbers.actors)} actors{end}"
        expect(self.page.locator("#readout")).to_have_text(text)
        for name in ("sessions", "actors", "events"):
            expect(self.number(name)).to_have_text(count_text(getattr(numbers, name)))
        mean = numbers.events_per_session
        expect(self.number("mean")).to_have_text("–" if mean is None else f"{mean:,.1f}")

    def number(self, name: str) -> Locator:
        return self.page.locator(f"[data-number={name}] strong")


def pictured(engine: LocalEngine, document: Analysis, selection: Selection = UNBRUSHED) -> LocalCoded:
    shown = document.sessions[0]
    charts = tuple(chart for chart in document.charts if chart.session == shown.name)
    return linked(engine, shown, charts, selection)[0]


@pytest.fixture(scope="module")
def engine() -> LocalEngine:
    return log()


@pytest.fixture(scope="module")
def file(engine: LocalEngine, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return report(engine, analysis(engine), tmp_path_factory.mktemp("report") / "out.html")


@pytest.fixture
def opened(browser: Browser, file: Path, engine: LocalEngine) -> Iterator[Opened]:
    with offline(browser) as page:
        yield Opened(open_file(page, file), pictured(engine, analysis(engine)))


def offline(browser: Browser, **options: object) -> AbstractContextManager[GuardedPage]:
    """A page without a network."""
    return guarded_page(browser, offline=True, **options)


def open_file(page: GuardedPage, path: Path) -> GuardedPage:
    page.on("requestfailed", lambda request: page.problems.append(f"failed request: {request.url[:200]}"))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(path.as_uri())
    page.wait_for_selector("html[data-ready]")
    assert [url for url in asked if not url.startswith("data:")] == [path.as_uri()]
    return page


def test_brushes_count_what_numpy_counts(opened: Opened):
    """Random ranges, one brush upon the other, set, moved and cleared."""
    dice = random.Random(5)
    selection = Selection()
    opened.shows(selection)
    for step in range(9):
        name = RANGES[step % 5]
        bins = opened.picture.crossfilter.dimensions[name].bins
        lo = dice.randrange(len(bins) - 3)
        hi = dice.randrange(lo + 2, len(bins) + 1)
        if name in selection:
            opened.page.get_by_role("button", name=re.compile(f"Clear the brush {brush_name(name)} ")).click()
            opened.shows(selection.with_(name, None))
        opened.drag(name, lo + 0.1, hi - 0.1)
        selection = selection.with_(name, bins.range(lo, hi))
        opened.shows(selection)


def test_a_file_opens_with_the_brushes_of_the_page(browser: Browser, engine: LocalEngine, tmp_path: Path):
    """Bars are cut where a brush ends within one; a brush that is turned around is named where the numbers are."""
    document = analysis(engine)
    picture = pictured(engine, document)
    bins = {name: picture.crossfilter.dimensions[name].bins for name in ("duration", "event_count", "platform")}
    selection = (
        Selection()
        .with_("duration", bins["duration"].range(2, 9))
        .with_("event_count", bins["event_count"].range(1, 6))
        .with_("platform", Values(frozenset(bins["platform"].values[:2])))
    )
    within = Range(bins["duration"].lows[3] + 1.0, bins["duration"].lows[7], "duration")
    path = report(engine, document, tmp_path / "out.html", selection=selection)
    with offline(browser) as page:
        opened = Opened(open_file(page, path), picture)
        opened.shows(selection)
        expect(page.locator("#chips li")).to_have_count(3)
        page.locator("#clear").click()
        opened.shows(Selection())
    held = selection.with_("duration", within)
    path = report(engine, document, tmp_path / "within.html", selection=held)
    with offline(browser) as page:
        opened = Opened(open_file(page, path), pictured(engine, document, held))
        opened.shows(held)
        assert opened.picture.numbers(held) == picture.numbers(held)
        expect(page.get_by_text("The page was brushed by")).to_have_count(0)
        page.locator("#clear").click()
        opened.shows(Selection())
    path = report(engine, document, tmp_path / "other.html", selection=held.with_("duration", within.inverted()))
    with offline(browser) as page:
        opened = Opened(open_file(page, path), picture)
        opened.shows(selection.with_("duration", None))
        expect(page.get_by_text("The page was brushed by duration as well.")).to_be_visible()


def test_what_the_file_was_made_of_is_exact_and_what_is_not_says_so(
    browser: Browser, engine: LocalEngine, tmp_path: Path
):
    """Medians, charts that are drawn once, a funnel and metrics; under other brushes they are of all, or a bar."""
    steps = Chart("funnel", "visit", steps=("event = 'login'", "event = 'buy'"))
    document = analysis(engine)
    document = document.replace(charts=(*document.charts, steps))
    picture = pictured(engine, document)
    dimensions = picture.crossfilter.dimensions
    selection = Selection().with_("duration", dimensions["duration"].bins.range(5, 16))
    path = report(engine, document, tmp_path / "out.html", selection=selection)
    numbers, all_numbers = picture.numbers(selection), picture.numbers(Selection())
    reached, spent = picture.funnel(steps.funnel, selection).reached, picture.metric("spent", selection)
    total = picture.metric("spent", Selection()).summary[0][1]
    with offline(browser) as page:
        opened = Opened(open_file(page, path), picture)
        opened.shows(selection)

        def exact() -> None:
            expect(opened.number("duration")).to_have_text(duration_text(numbers.median_duration or 0))
            expect(opened.number("time_in_session")).to_have_text(duration_text(numbers.median_time_in_session or 0))
            expect(page.locator("[data-of=other]:visible")).to_have_count(0)
            funnel = page.locator("article", has=page.get_by_role("heading", name=re.compile("steps reached")))
            expect(funnel.locator(".number:visible").first).to_contain_text(f"{count_text(reached[0])} ·")
            expect(page.locator(".metrics")).to_contain_text(f"total {spent.summary[0][1]}", use_inner_text=True)
            expect(page.locator(".metrics")).not_to_contain_text(f"total {total}", use_inner_text=True)

        exact()
        opened.drag("event_count", 1.1, 3.9)
        expect(opened.number("duration")).to_have_text(re.compile(" to "))
        expect(page.get_by_text("Medians are told by the bars that they lie in.")).to_be_visible()
        expect(page.get_by_text("All sessions, whatever is brushed").first).to_be_visible()
        expect(page.locator(".metrics")).to_contain_text(f"total {total}", use_inner_text=True)
        page.get_by_role("button", name="Back to the selection of this report").click()
        opened.shows(selection)
        exact()
        page.locator("#clear").click()
        expect(opened.number("duration")).to_have_text(duration_text(all_numbers.median_duration or 0))
        expect(page.locator("[data-of=other]:visible")).to_have_count(0)


def test_a_selection_is_exact_in_a_file_of_some_sessions(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    engine = log(3_000)
    document = analysis(engine)
    picture = pictured(engine, document)
    selection = Selection().with_("duration", picture.crossfilter.dimensions["duration"].bins.range(3, 12))
    monkeypatch.setattr(report_page, "MOST_SESSIONS", 600)
    path = report(engine, document, tmp_path / "out.html", selection=selection)
    with offline(browser) as page:
        Opened(open_file(page, path), picture).shows(selection)


def test_the_others_follow_while_the_mouse_is_down(opened: Opened):
    for name in ("start", "time_in_session"):
        bins = opened.picture.crossfilter.dimensions[name].bins
        box = figure_box(opened.page, name)
        opened.page.mouse.move(*box.at(4 / len(bins)))
        opened.page.wait_for_timeout(200)
        opened.page.mouse.down()
        for hi in (9, 14, 11):
            opened.page.mouse.move(*box.at(hi / len(bins)), steps=4)
            wanted = opened.picture.crossfilter.counts(Selection().with_(name, bins.range(4, hi)), NAMES)
            assert comes(opened.page, lambda w=wanted: opened.bars == {k: v.tolist() for k, v in w.items()})  # type: ignore[misc]
        opened.page.mouse.up()
        opened.shows(Selection().with_(name, bins.range(4, 11)))
        opened.page.keyboard.press("Escape")
        opened.shows(Selection())


def cells(opened: Opened) -> list[list[int]]:
    """The heat map, by weekday and hour."""
    rows = opened.page.locator("table[data-cells] tbody tr").all()
    return [[int(text.replace(",", "") or 0) for text in row.locator("td").all_text_contents()] for row in rows]


def test_bars_are_clicked_and_cells_follow(opened: Opened, engine: LocalEngine):
    bins = opened.picture.crossfilter.dimensions["platform"].bins
    box = figure_box(opened.page, "platform")
    opened.page.mouse.click(*box.at(0.5 / len(bins)))
    opened.shows(Selection().with_("platform", bins.brush([0])))
    opened.page.keyboard.down("Shift")
    opened.page.mouse.click(*box.at(2.5 / len(bins)))
    opened.page.keyboard.up("Shift")
    selection = Selection().with_("platform", bins.brush([0, 2]))
    opened.shows(selection)
    expect(opened.page.get_by_role("list", name="Brushes")).to_contain_text(f"{bins.labels[0]} or {bins.labels[2]}")
    rows = opened.picture.rows(selection)
    assert rows is not None
    starts = engine.session_table(opened.picture.definition).frame(rows)["start"].dt.convert_time_zone("Europe/Berlin")
    wanted = [
        [int(((starts.dt.hour() == hour) & (starts.dt.weekday() == day)).sum()) for hour in range(24)]
        for day in range(1, 8)
    ]
    assert comes(opened.page, lambda: cells(opened) == wanted)
    card = opened.page.locator('[data-chart="platform"]')
    card.get_by_text("Table and choice").click()
    card.get_by_label("Platform, values").select_option([bins.labels[1]])
    opened.shows(Selection().with_("platform", bins.brush([1])))


def test_chips_name_and_clear_the_brushes(opened: Opened):
    bins = {name: each.bins for name, each in opened.picture.crossfilter.dimensions.items()}
    opened.drag("duration", 5.1, 11.9)
    opened.drag("event_count", 1.1, 5.9)
    duration, events = bins["duration"].range(5, 12), bins["event_count"].range(1, 6)
    opened.shows(Selection().with_("duration", duration).with_("event_count", events))
    chips = opened.page.get_by_role("list", name="Brushes").get_by_role("listitem")
    said = [f"Duration {bins['duration'].text(duration)}", f"Events {bins['event_count'].text(events)}"]
    expect(chips.locator("span")).to_have_text(said)
    opened.page.get_by_role("button", name=f"Clear the brush {said[0]}").click()
    opened.shows(Selection().with_("event_count", events))
    opened.page.get_by_role("button", name="Clear all").click()
    opened.shows(Selection())
    expect(chips).to_have_count(0)
    expect(opened.page.get_by_text("Drag across a chart")).to_be_visible()


def test_the_keyboard_brushes_and_the_table_behind_follows(opened: Opened):
    card = opened.page.locator('[data-chart="duration"]')
    card.get_by_text("Table and range").focus()
    opened.page.keyboard.press("Enter")
    card.get_by_label("Session duration, from").select_option("6")
    card.get_by_label("Session duration, to").select_option("10")
    selection = Selection().with_("duration", opened.picture.crossfilter.dimensions["duration"].bins.range(6, 10))
    opened.shows(selection)
    counts = opened.picture.crossfilter.counts(selection)["start"]
    behind = opened.page.locator('[data-chart="start"] table.behind td:last-child').all_text_contents()
    assert behind == [count_text(count) for count in counts.tolist()]


def test_medians_are_told_by_the_bin_that_they_lie_in(opened: Opened):
    bins = opened.picture.crossfilter.dimensions["duration"].bins
    events = opened.picture.crossfilter.dimensions["event_count"].bins.range(2, 7)
    whole = opened.number("duration").text_content()
    opened.drag("event_count", 2.1, 6.9)
    selection = Selection().with_("event_count", events)
    opened.shows(selection)
    median = opened.picture.numbers(selection).median_duration
    assert median is not None
    code = int(bins.codes([int(median)])[0])
    expect(opened.number("duration")).to_have_text(bins.labels[code])
    expect(opened.page.locator("[data-number=duration] small")).to_have_text(f"all: {whole}")


def test_headings_sort_and_brushes_filter_the_rows(opened: Opened):
    table = opened.page.get_by_role("table", name="Sessions", exact=True)
    heading = table.get_by_role("columnheader", name="Events")
    for order in ("descending", "ascending"):
        heading.get_by_role("button").click()
        expect(heading).to_have_attribute("aria-sort", order)
        shown = [int(text) for text in table.locator("tbody td:nth-child(4)").all_text_contents()]
        assert shown == sorted(shown, reverse=order == "descending")
    table.get_by_role("columnheader", name="Session", exact=True).get_by_role("button").click()
    names = table.locator("tbody td:first-child").all_text_contents()
    assert names == opened.page.evaluate("names => names.toSorted((a, b) => a.localeCompare(b))", names)
    bins = opened.picture.crossfilter.dimensions["event_count"].bins
    most = sorted(shown)[len(shown) // 2]
    end = int(bins.codes([most])[0])
    opened.drag("event_count", 0.1, end - 0.1)
    opened.shows(Selection().with_("event_count", bins.range(0, end)))
    kept = [count for count in shown if count < bins.lows[end]]
    assert 0 < len(kept) < len(shown)
    expect(table.locator("tbody tr:visible")).to_have_count(len(kept))
    expect(opened.page.locator("#matching")).to_have_text(f"The brushes hold {len(kept)} of these {len(shown)}.")


def test_dark_and_light_and_print(browser: Browser, file: Path):
    with offline(browser, color_scheme="dark") as page:
        open_file(page, file)
        paper = "() => getComputedStyle(document.body).backgroundColor"
        dark = page.evaluate(paper)
        page.get_by_role("button", name="Light", exact=True).click()
        light = page.evaluate(paper)
        assert (dark, light) == ("rgb(14, 19, 24)", "rgb(245, 247, 250)")
        page.get_by_role("button", name="Dark", exact=True).click()
        page.emulate_media(media="print")
        assert page.evaluate(paper) == "rgb(255, 255, 255)"
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        expect(page.locator("canvas.printed")).to_have_count(len(NAMES))
        assert page.evaluate("() => document.documentElement.dataset.theme") == "dark"
        page.evaluate("dispatchEvent(new Event('afterprint'))")
        expect(page.locator("canvas.printed")).to_have_count(0)
        assert page.pdf().startswith(b"%PDF")


@pytest.mark.parametrize("width", [320, 390])
def test_it_fits_a_phone(browser: Browser, file: Path, width: int):
    with offline(browser, viewport={"width": width, "height": 800}, has_touch=True) as page:
        open_file(page, file)
        assert page.evaluate("() => document.documentElement.scrollWidth") == width
        for name in NAMES:
            assert figure_box(page, name).width > width * 0.6


def test_a_finger_brushes_across_and_scrolls_up_and_down(browser: Browser, file: Path):
    with offline(browser, viewport={"width": 390, "height": 800}, has_touch=True, is_mobile=True) as page:
        open_file(page, file)
        touch = page.context.new_cdp_session(page)
        box = figure_box(page, "duration")

        def move(*places: tuple[float, float]) -> None:
            for at, (x, y) in enumerate(places):
                kind, point = ("touchMove" if at else "touchStart"), {"x": x, "y": y}
                touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [point]})
                page.wait_for_timeout(30)  # as slow as a finger
            touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

        before = page.evaluate("() => scrollY")
        move(*((box.at(0.5)[0], box.at(0.5)[1] - 12 * step) for step in range(12)))
        assert comes(page, lambda: page.evaluate("() => scrollY") > before + 50)
        expect(page.locator("#chips li")).to_have_count(0)
        box = figure_box(page, "duration")
        move(*(box.at(0.3 + step / 40) for step in range(12)))
        expect(page.locator("#chips li")).to_have_count(1)


def test_hostile_texts_stay_texts(browser: Browser, tmp_path: Path):
    engine = log(300, HOSTILE)
    text = " ".join(HOSTILE)
    document = analysis(engine, f"visit {text}".strip(), text)
    path = report(engine, document, tmp_path / "out.html")
    assert read_back(path.read_text(encoding="utf-8")) == document
    with offline(browser) as page:
        open_file(page, path)
        brush(page, "duration", 0.3, 0.6)
        expect(page.get_by_role("button", name="Clear all")).to_be_visible()
        assert page.evaluate("() => window.hit") is None
        assert page.locator("img, iframe, object, svg[onload]").count() == 0
        assert document.title.split()[0] in (page.locator("h1").text_content() or "")


def test_no_session_is_a_page_without_errors(browser: Browser, tmp_path: Path):
    engine = log(50)
    nothing = analysis(engine).sessions[0].replace(where="event = 'never'")
    path = report(engine, analysis(engine).replace(sessions=(nothing,), charts=()), tmp_path / "out.html")
    with offline(browser) as page:
        open_file(page, path)
        brush(page, "duration", 0.2, 0.6)
        expect(page.locator("#readout")).to_have_text("0 sessions · 0 actors selected")


def test_a_part_of_the_actors_stands_for_all(browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    engine = log(6_000)
    document = analysis(engine)
    picture = pictured(engine, document)
    monkeypatch.setattr(report_page, "MOST_SESSIONS", 3_000)
    path = report(engine, document, tmp_path / "out.html")
    with offline(browser) as page:
        opened = Opened(open_file(page, path), picture)
        opened.shows(Selection())
        bins = picture.crossfilter.dimensions["event_count"].bins
        opened.drag("event_count", 1.1, 5.9)
        expect(page.locator("#readout")).to_contain_text("about ")
        exact = picture.crossfilter.n_sessions(Selection().with_("event_count", bins.range(1, 6)))
        said = int((page.locator("#readout").text_content() or "").split()[1].replace(",", ""))
        assert said == pytest.approx(exact, rel=0.1)
        page.keyboard.press("Escape")
        opened.shows(Selection())


def test_a_file_is_brushed_by_keys(opened: Opened):
    page, dimensions = opened.page, opened.picture.crossfilter.dimensions
    page.get_by_role("application", name="Session duration.").focus()
    for key in ("ArrowRight", "ArrowRight", "Shift+ArrowRight"):
        page.keyboard.press(key)
    duration = Selection().with_("duration", dimensions["duration"].bins.range(1, 3))
    opened.shows(duration)
    spoken = page.locator("#session-explorer-spoken")
    expect(spoken).to_contain_text(f"{count_text(opened.picture.numbers(duration).sessions)} sessions")
    page.get_by_role("application", name="platform.").focus()
    page.keyboard.press("ArrowRight")
    bins = dimensions["platform"].bins
    opened.shows(duration.with_("platform", bins.brush([0])))
    page.keyboard.press("Escape")
    opened.shows(duration)


def test_heights_are_counts_zoomed_or_shares(opened: Opened):
    page, crossfilter = opened.page, opened.picture.crossfilter
    heights = page.get_by_role("group", name="Heights are")
    expect(heights).to_be_hidden()
    opened.drag("duration", 3.1, 5.9)
    selection = Selection().with_("duration", crossfilter.dimensions["duration"].bins.range(3, 6))
    opened.shows(selection)
    counts = crossfilter.counts(selection, NAMES)
    totals = crossfilter.totals()
    heights.get_by_role("button", name="Shares").click()

    def shared(name: str) -> bool:
        behind, front = (figure_data(page, name)[at].data["top"] for at in (0, 1))
        wanted = [each / max(each.sum(), 1) for each in (totals[name], counts[name])]
        return behind == pytest.approx(wanted[0].tolist()) and front == pytest.approx(wanted[1].tolist())

    assert all(map(shared, NAMES))
    heights.get_by_role("button", name="Zoom").click()
    opened.shows(selection)
    start = figure_data(page, "start")[1].data
    assert (
        max(start["top"])
        <= page.evaluate("() => sessionReport.charts().start.figure.y_range.end")
        <= 1.06 * 1.5 * max(start["top"]) + 1
    )
    heights.get_by_role("button", name="Counts").click()
    page.locator("#clear").click()
    opened.shows(Selection())
    expect(heights).to_be_hidden()

"""The guards and helpers of this folder do what they promise: a test that cannot fail proves nothing."""

from __future__ import annotations

import threading
from time import sleep

import panel as pn
import pytest
from bokeh.models import BoxSelectTool
from bokeh.plotting import figure
from playwright.sync_api import Browser

from tests.ui import chromium
from tests.ui.figures import brush, figure_box, figure_data, figure_names
from tests.ui.guards import GuardedPage, guarded_page
from tests.ui.serving import ServeApp, servers
from widgets.parts.latest_task import Latest


def test_a_clean_page_passes(browser: Browser) -> None:
    with guarded_page(browser) as page:
        page.set_content("<img src='data:image/gif;base64,R0lGODlhAQABAAAAACw='>")
        page.evaluate("console.log('all is well')")


@pytest.mark.parametrize(
    ("script", "problem"),
    [
        ("console.error('broken')", "console error: broken"),
        ("setTimeout(() => { throw new Error('thrown'); })", "page error: .*thrown"),
        ("Promise.reject(new Error('rejected'))", "page error: .*rejected"),
        ("fetch('https://example.org/x.js').catch(() => {})", r"outside request: https://example\.org/x\.js"),
        ("new WebSocket('wss://example.org/ws')", r"outside request: wss://example\.org/ws"),
    ],
)
def test_a_problem_fails_the_test(browser: Browser, script: str, problem: str) -> None:
    def use_the_page() -> None:
        with guarded_page(browser) as page:
            page.set_content("<p>quiet</p>")
            page.evaluate(f"() => {{ {script} }}")

    with pytest.raises(pytest.fail.Exception, match=problem):
        use_the_page()


def test_an_expected_problem_can_be_cleared(page: GuardedPage) -> None:
    page.evaluate("console.error('expected')")
    assert page.problems
    page.problems.clear()


def _plot() -> pn.Column:
    plot = figure(name="bars", height=300, width=400, tools=[BoxSelectTool(dimensions="width")])
    plot.quad(left=[0, 1, 2], right=[1, 2, 3], bottom=0, top=[3.0, 5.0, 4.0], name="all")
    answer = pn.pane.Str("nothing selected")
    source = plot.renderers[0].data_source
    source.selected.on_change("indices", lambda _attr, _old, new: answer.param.update(object=f"selected {sorted(new)}"))
    return pn.Column(pn.Spacer(height=1_200), plot, answer)


def test_figures_are_read_and_brushed(page: GuardedPage, serve_app: ServeApp) -> None:
    page.goto(serve_app(_plot))
    page.idle()
    assert figure_names(page) == ["bars"]
    (layer,) = figure_data(page, "bars")
    assert (layer.name, layer.glyph, layer.data["top"]) == ("all", "Quad", [3.0, 5.0, 4.0])
    box = figure_box(page, "bars")
    assert 0 <= box.y < box.y + box.height <= 900, "the figure was scrolled into view"
    brush(page, "bars", 0.4, 0.95)
    page.idle()
    page.get_by_text("selected [1, 2]").wait_for()


def test_an_unknown_figure_says_which_there_are(page: GuardedPage, serve_app: ServeApp) -> None:
    page.goto(serve_app(_plot))
    page.idle()
    with pytest.raises(Exception, match="0 figures are named bras; there are: bars"):
        figure_data(page, "bras")


def test_idle_waits_for_a_server_that_thinks(page: GuardedPage, serve_app: ServeApp) -> None:
    done = threading.Event()

    def slow() -> pn.Column:
        button = pn.widgets.Button(label="Think")
        button.on_click(lambda _event: done.wait(0.8) or done.set())
        return pn.Column(button)

    page.goto(serve_app(slow))
    page.idle()
    page.get_by_role("button", name="Think").click()
    page.idle()
    assert done.is_set()


def test_idle_waits_for_what_a_thread_finds_and_the_page_puts_off(page: GuardedPage, serve_app: ServeApp) -> None:
    found: list[int] = []

    def slow() -> pn.Column:
        answer = pn.pane.Str("asked")
        button = pn.widgets.Button(label="Ask")
        ask = Latest[int](lambda n: (found.append(n), answer.param.update(object=f"found {n}")), print)
        button.on_click(lambda _event: ask.run(lambda: sleep(0.7) or 4))
        return pn.Column(button, answer)

    page.goto(serve_app(slow))
    page.idle()
    page.get_by_role("button", name="Ask").click()
    page.idle()
    assert found == [4]
    assert page.get_by_text("found 4").is_visible()
    page.evaluate("() => { setTimeout(() => { window.late = true }, 600) }")
    page.idle()
    assert page.evaluate("window.late")
    page.evaluate("() => { const again = () => setTimeout(again, 100); again() }")
    page.idle()


def test_a_page_that_is_never_done_says_why(page: GuardedPage, serve_app: ServeApp) -> None:
    page.goto(serve_app(lambda: pn.pane.Str("1")))
    page.idle()
    page.evaluate("() => { setTimeout(() => {}, 900) }")
    with pytest.raises(AssertionError, match="still drawing, or a timer runs"):
        page.idle(300)


def test_servers_are_gone_afterwards() -> None:
    before, known = threading.active_count(), set(pn.state._servers)
    with servers() as start:
        base = start({"one": lambda: pn.pane.Str("1"), "two": lambda: pn.pane.Str("2")})
        assert base.startswith("http://localhost:")
        assert threading.active_count() > before
    assert threading.active_count() == before
    assert set(pn.state._servers) == known


def test_without_a_browser_it_says_what_to_do(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHROMIUM", "/nowhere/chromium")
    with pytest.raises(chromium.NoChromiumError, match=r"(?s)/nowhere/chromium: no such file.*CHROMIUM"):
        chromium.launch(browser.browser_type)

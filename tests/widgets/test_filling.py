"""What Bokeh's server has of its own that the filling of a page stands on: fails when the library moves."""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import panel as pn
import pytest
from bokeh.client import pull_session
from bokeh.server.session import ServerSession

from tests.ui.serving import servers
from tests.wire import Wire
from widgets.page import serve
from widgets.page.filling import Parts
from widgets.page.page import page_later
from widgets.parts.in_steps import in_turn
from widgets.sessions.metric_tiles import MetricStrip

pytestmark = pytest.mark.slow

SAMPLE = Path(__file__).parents[2] / "sample_data" / "shop.csv.gz"


def test_bokehs_session_still_has_what_is_used() -> None:
    assert asyncio.iscoroutinefunction(ServerSession._handle_pull)
    for name in ("block_expiration", "unblock_expiration", "connection_count", "destroyed"):
        assert hasattr(ServerSession, name)
    assert "_subscribed_connections" in ServerSession.__annotations__


def test_a_client_that_connects_at_once_gets_all_of_the_page() -> None:
    def app() -> pn.template.base.BasicTemplate:
        return page_later(lambda: "read in a thread", lambda read: Parts(pn.Column(*[pn.pane.Str(read)] * 50)))

    with servers() as start:
        url = start(app)
        for _ in range(4):
            session = pull_session(url=url)
            texts = [getattr(model, "text", "") for model in session.document.models]
            session.close()
            assert sum("read in a thread" in str(text) for text in texts) >= 1


def test_a_client_is_told_nothing_before_it_has_the_page() -> None:
    """Also where the first picture comes while it waits: whatever is about a model that it does not know breaks it."""

    async def first(url: str) -> str:
        page = await Wire.open(url)
        await page.pull()
        await page.close()
        return page.kinds[1]

    with servers() as start:
        url = start(lambda: serve.app(SAMPLE))
        assert {asyncio.run(first(url)) for _ in range(2)} == {"PULL-DOC-REPLY"}


def test_what_changes_before_a_page_is_drawn_is_told() -> None:
    """Between the document and `document_ready` lie seconds: answers that come then are not to be lost."""

    def build(_: None) -> Parts:
        strip, turns = MetricStrip(), iter(range(10_000))
        document = pn.state.curdoc
        assert document is not None
        document.add_periodic_callback(lambda: strip.param.update(more=f"turn {next(turns)}"), 20)
        return Parts(strip)

    async def later(url: str) -> None:
        page = await Wire.open(url)
        await page.pull()
        told = (each for each in page.models.values() if "more" in each["attributes"])
        its = next(each for each in told if str(each["attributes"]["more"]).startswith("turn"))
        had = its["attributes"]["more"]
        await asyncio.wait_for(page.until(lambda: its["attributes"]["more"] != had), 20)
        await page.close()

    with servers() as start:
        asyncio.run(later(start(lambda: page_later(lambda: None, build))))


def test_pages_are_filled_one_after_the_other_in_steps() -> None:
    taken: list[str] = []

    async def scene() -> None:
        document = SimpleNamespace(add_next_tick_callback=lambda act: asyncio.get_running_loop().call_soon(act))
        here, gone = SimpleNamespace(destroyed=False), SimpleNamespace(destroyed=True)
        steps = {name: [partial(taken.append, f"{name}{at}") for at in range(2)] for name in "abc"}
        pages = zip((here, gone, here), steps.values(), strict=True)
        await asyncio.gather(*(in_turn(document, session, each) for session, each in pages))

    asyncio.run(scene())
    assert taken == ["a0", "a1", "c0", "c1"]


def test_a_page_that_cannot_be_built_says_why() -> None:
    def broken() -> str:
        raise ValueError("broken")

    with servers() as start:
        session = pull_session(url=start(lambda: page_later(broken, lambda read: Parts(pn.pane.Str(read)))))
        messages = [getattr(model, "data", None) for model in session.document.models]
        session.close()
    assert any("Something went wrong here" in str(getattr(data, "message", "")) for data in messages)

"""What Bokeh's server has of its own that the filling of a page stands on: fails when the library moves."""

from __future__ import annotations

import asyncio
from pathlib import Path

import panel as pn
from bokeh.client import pull_session
from bokeh.server.session import ServerSession

from tests.ui.serving import servers
from widgets.page.filling import Parts
from widgets.page.page import page_later

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


def test_a_page_that_cannot_be_built_says_why() -> None:
    def broken() -> str:
        raise ValueError("broken")

    with servers() as start:
        session = pull_session(url=start(lambda: page_later(broken, lambda read: Parts(pn.pane.Str(read)))))
        messages = [getattr(model, "data", None) for model in session.document.models]
        session.close()
    assert any("Something went wrong here" in str(getattr(data, "message", "")) for data in messages)

"""Between pages that are begun at once, everybody else is answered."""

import asyncio
from itertools import pairwise
from typing import Any

import panel as pn
import pytest
from panel.io.server import get_server
from tornado.httpclient import AsyncHTTPClient

from widgets.page.turns import take_turns
from widgets.parts.library_internals import tornado_of

pytestmark = pytest.mark.slow

PAGES = 6


def test_others_are_heard_between_pages_that_are_asked_for_at_once() -> None:
    begun: list[str] = []

    def app() -> Any:
        begun.append("page")
        return pn.pane.Str("here")

    async def ask() -> list[int]:
        server = get_server({"/": app}, port=0, address="localhost")
        take_turns(tornado_of(server))
        server.start()

        async def others() -> None:
            while begun.count("page") < PAGES:
                begun.append("other")
                await asyncio.sleep(0)

        http = AsyncHTTPClient(max_clients=PAGES)
        asked = [asyncio.ensure_future(http.fetch(f"http://localhost:{server.port}/")) for _ in range(PAGES)]
        _, *answers = await asyncio.gather(others(), *asked)
        server.stop()
        return [answer.code for answer in answers]

    assert asyncio.run(ask()) == [200] * PAGES
    places = [at for at, what in enumerate(begun) if what == "page"]
    assert len(places) == PAGES
    assert all(later - earlier > 1 for earlier, later in pairwise(places)), begun

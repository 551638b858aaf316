"""Pages that are asked for at once are begun one after the other; between two everybody else is answered."""

from __future__ import annotations

import asyncio
from typing import Any

from panel.io.server import DocHandler
from tornado.web import Application, RequestHandler


def take_turns(application: Application) -> None:
    """Let an application begin one page at a time: it takes it a twentieth of a second, in which nobody is heard."""
    turn = asyncio.Lock()

    class OneAtATime(RequestHandler):
        async def prepare(self) -> None:
            """Wait until those before have begun, and others have been heard."""
            async with turn:
                await asyncio.sleep(0)

    for rules in (application.default_router.rules, application.wildcard_router.rules):
        for rule in rules:
            target: Any = rule.target
            if isinstance(target, type) and issubclass(target, DocHandler):
                rule.target = type(target.__name__, (OneAtATime, target), {})

"""What asks the engine runs beside the page, never on its thread."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import Any

import holoviews as hv
import polars as pl
import pytest

from explorer.crossfilter.selections.selection import Selection
from explorer.engine.coded import Coded
from explorer.engine.cut import Cut
from explorer.engine.engine import Engine
from explorer.engine.local.coded.local_coded import LocalCoded
from explorer.engine.local.engine import LocalEngine
from explorer.engine.local.local_cut import LocalCut
from explorer.engine.local.session_table import SessionTable
from tests.factories import ROWS
from tests.source_code import asked as asked_of
from widgets import SessionExplorer
from widgets.export.report_dialog import ReportDialog
from widgets.views.view_tabs import VIEWS

# Without some of the events, sessions are of several lengths.
FRAME = pl.DataFrame([row for at, row in enumerate(ROWS) if at % 7 and at % 11])
FEW = Selection.from_text("event_count:1..4")


# What is there at once: nothing is asked for it.
AT_ONCE = ("cut", "holding", "bins", "totals", "is_under", "is_coded", "without_cohorts")


def questions(protocol: type) -> list[str]:
    """What may take a while."""
    return [name for name, each in asked_of(protocol).items() if name not in AT_ONCE and not isinstance(each, property)]


class Asked(list[str]):
    """The names of what was asked on the page's own thread, while it is listened to."""

    on_page: int | None = None

    def wrap(self, monkeypatch: pytest.MonkeyPatch, owner: type, name: str) -> None:
        plain = getattr(owner, name)
        act = plain.fget if isinstance(plain, property) else plain

        def asked(*given: Any, **named: Any) -> Any:
            if threading.get_ident() == self.on_page:
                self.append(f"{owner.__name__}.{name}")
            return act(*given, **named)

        monkeypatch.setattr(owner, name, property(asked) if isinstance(plain, property) else asked)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    found = Asked()
    for owner, name in (
        *((SessionTable, name) for name in ("cut", "table", "view", "mask", "column", "frame")),
        *((LocalEngine, name) for name in questions(Engine)),
        *((LocalCut, name) for name in questions(Cut)),
        *((LocalCoded, name) for name in questions(Coded)),
    ):
        found.wrap(monkeypatch, owner, name)
    return found


async def until(held: Callable[[], Any]) -> None:
    for _ in range(500):
        if held():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it did not come")


def test_nothing_that_an_analyst_does_asks_on_the_page(asked: Asked):
    app = SessionExplorer(FRAME, actor="user", time="ts", event="event")
    rows, heard = app.table.total, []
    reports = next(each for each in app.dialogs if isinstance(each, ReportDialog))
    app.on_selection(heard.append)

    async def scene() -> None:
        for element in app.linked.elements.values():
            hv.render(element)
        asked.on_page = threading.get_ident()
        app.grid.cards["duration"].hear({"act": "table"})
        await until(lambda: app.grid.cards["duration"].groups)
        app.state.selection = FEW
        await until(lambda: 0 < app.table.total < rows)
        await until(lambda: heard)
        app.table.sort = ("duration", True)
        await until(lambda: app.table.rows and app.table.sort == ("duration", True))
        await answered({"kind": "table", "name": "duration", "edit": 0, "seq": 1})
        await answered({"kind": "select", "spans": {"duration": [1, 3]}, "edit": 0, "seq": 2})
        app.state.selection = FEW
        await until(lambda: len(app.grid.cards["duration"].groups.headings) == 3)
        await until(lambda: sum(bars()) == app.table.total)
        app.state.shares = True
        await until(lambda: app.linked.channel.state["shares"])
        app.state.shares = False
        app.toolbar.param.trigger("report")
        await until(lambda: reports.fields.selected.endswith("sessions selected"))
        app.microscope.open_selected()
        await until(lambda: app.microscope.value)
        app.microscope.hear({"walk": 1})
        app.microscope.close()
        for view in VIEWS:
            app.state.view = view
            await asyncio.sleep(0.3)  # what it asks is asked, and shown
        app.state.view = ""
        app.leaving.codes.asked = ("polars", "duckdb")
        app.rules.hear({"open": "keep"})
        await until(lambda: app.bench.editor.builder.total == rows)
        app.bench.close()
        app.toolbar.export = True
        await until(lambda: app.leaving.exports.fields.turn)
        app.chips.hear({"act": "keep"})
        await until(lambda: app.state.definition.keep is not None)
        await until(lambda: app.state.drawn.definition == app.state.definition)
        await until(lambda: app.table.total == app.state.drawn.table.height)

    def bars() -> Any:
        return app.linked.channel.charts["start"]["selected"].data["count"]

    async def answered(request: dict[str, Any]) -> None:
        channel = app.linked.channel
        channel.request = request | {"generation": channel.state["generation"]}
        await until(lambda: channel.reply.get("seq") == request["seq"])
        assert channel.reply["kind"] == request["kind"]

    asyncio.run(scene())
    assert isinstance(heard[0], pl.DataFrame)
    assert heard[0].height < rows
    assert sorted(set(asked)) == []

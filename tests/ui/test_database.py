"""The page over a table that stays in a database: every view answers, and what a database refuses is said."""

from __future__ import annotations

import re
from collections.abc import Iterator

import duckdb
import pytest
from playwright.sync_api import expect

from tests.ui.figures import brush
from tests.ui.guards import GuardedPage
from tests.ui.helpers import SAMPLE, comes, number
from tests.ui.stage import Stage

SHARE = re.compile(r"^[\d.]+ %$")


@pytest.fixture
def opened(stage: Stage, shop_table: str) -> Iterator[GuardedPage]:
    yield stage.open(shop_table, SAMPLE.with_name("shop.yaml"))
    stage.page.idle()


def test_every_view_shows_what_it_shows_of_the_file(stage: Stage, opened: GuardedPage) -> None:
    page = opened

    def seen() -> list[str]:
        found = [number(page, name) for name in ("Sessions", "Median duration", "Median time per actor")]
        for view in ("Inside sessions", "Actors", "Inactivity"):
            page.get_by_role("tab", name=view).click()
            expect(page.get_by_text(SHARE).filter(visible=True).nth(3)).to_be_visible()
            if view == "Inactivity":  # a table is cut at other inactivities at a click
                if stage.app.state.engine.is_table:  # type: ignore[attr-defined]
                    page.get_by_role("button", name="Try 16 inactivities").click()
                expect(page.get_by_text("Most sensitive:")).to_be_visible(timeout=60_000)
            page.idle()
            found += page.get_by_text(SHARE).filter(visible=True).all_inner_texts()
        page.get_by_role("tab", name="Charts").click()
        page.idle()
        brush(page, "duration", 0.5, 0.7)
        page.idle()
        return [*found, *(number(page, name) for name in ("Sessions", "Actors", "Median duration"))]

    of_table = seen()
    stage.open(SAMPLE, SAMPLE.with_name("shop.yaml"))
    assert seen() == of_table


def test_a_session_is_opened_and_data_are_told(opened: GuardedPage) -> None:
    page = opened
    page.get_by_role("button", name="Other data, columns, quality").click()
    expect(page.get_by_text("2,503 actors, 10 columns")).to_be_visible()
    expect(page.get_by_label("Order", exact=True)).to_be_visible()
    expect(page.get_by_label("Time format")).to_be_hidden()
    page.get_by_role("button", name="Close the data panel").click()
    page.idle()
    page.get_by_role("table").filter(visible=True).locator("tbody tr").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="9 events")).to_be_visible()


def test_what_the_database_refuses_is_said_and_the_last_picture_stays(
    stage: Stage, opened: GuardedPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, database = opened, stage.app.state.engine.event_table.database  # type: ignore[attr-defined]
    before = number(page, "Sessions")

    def dies(*_: object) -> None:
        raise duckdb.ConnectionException("the connection is gone")

    with monkeypatch.context() as broken:
        broken.setattr(database._way, "hand", dies)
        field = page.get_by_role("textbox", name="Inactivity")
        field.fill("7m")
        field.press("Enter")
        expect(page.get_by_text("the connection is gone").first).to_be_visible()
        assert number(page, "Sessions") == before
    field.fill("8m")
    field.press("Enter")
    expect(page.get_by_text("the connection is gone").filter(visible=True)).to_have_count(0)
    assert comes(page, lambda: number(page, "Sessions") != before)

"""What the address and the tab say is what is on the page, whatever was opened and however it was left."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from explorer.events.files.folders import Folders
from tests.ui.guards import GuardedPage
from tests.ui.helpers import SAMPLE, comes, number
from tests.ui.serving import ServeApp
from widgets.page.serve import app


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    rows = [f"u{i},2024-01-01 10:{i:02}:00,view" for i in range(40)]
    for name, count in (("aaa.csv", 10), ("bbb.csv", 20), ("ccc.csv", 30)):
        (tmp_path / name).write_text("\n".join(["user,ts,event", *rows[:count], ""]))
    return tmp_path


@pytest.fixture
def url(serve_app: ServeApp, folder: Path) -> str:
    return serve_app(lambda: app(folder / "aaa.csv", folders=Folders((folder,))))


@pytest.fixture
def opened(page: GuardedPage, url: str) -> GuardedPage:
    page.goto(url)
    shows(page, "10", "aaa.csv")
    return page


def shows(page: GuardedPage, sessions: str, name: str) -> None:
    expect(page).to_have_title(f"{name} – Session Explorer", timeout=60_000)
    assert comes(
        page, lambda: page.get_by_text("Sessions", exact=True).count() and number(page, "Sessions") == sessions
    )
    page.wait_for_selector("#skeleton", state="detached")
    page.idle(60_000)


def open_panel(page: GuardedPage) -> None:
    if not page.get_by_role("combobox", name="Path").is_visible():
        page.get_by_role("button", name="Other data, columns, quality").click()
    expect(page.get_by_role("combobox", name="Path")).to_be_visible()


def open_file(page: GuardedPage, name: str) -> None:
    open_panel(page)
    page.get_by_role("combobox", name="Path").fill(name)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Open", exact=True).last.click()


def test_other_data_with_the_same_columns_change_the_address(opened: GuardedPage) -> None:
    open_file(opened, "bbb.csv")
    shows(opened, "20", "bbb.csv")
    assert comes(opened, lambda: "data=bbb.csv" in opened.url)
    opened.reload()
    shows(opened, "20", "bbb.csv")
    open_file(opened, "ccc.csv")
    shows(opened, "30", "ccc.csv")
    assert comes(opened, lambda: "data=ccc.csv" in opened.url)
    opened.go_back()
    shows(opened, "20", "bbb.csv")
    assert "data=bbb.csv" in opened.url


def test_an_upload_is_named_and_is_seen_by_no_other_page(opened: GuardedPage, folder: Path) -> None:
    open_file(opened, "bbb.csv")
    shows(opened, "20", "bbb.csv")
    opened.get_by_label("File to upload").set_input_files(
        {"name": "mine.csv", "mimeType": "text/csv", "buffer": (folder / "ccc.csv").read_bytes()}
    )
    shows(opened, "30", "mine.csv")
    assert comes(opened, lambda: "data=upload:mine.csv" in opened.url)
    assert "bbb" not in opened.url
    opened.reload()
    expect(opened.get_by_text("mine.csv was uploaded, and was removed when its page was closed.")).to_be_visible()
    shows(opened, "10", "aaa.csv")
    assert comes(opened, lambda: "data=" not in opened.url)


def test_a_link_opened_anew_compares_the_same_two_groups(page: GuardedPage, serve_app: ServeApp) -> None:
    """In a page that has kept nothing."""
    url = serve_app(lambda: app(SAMPLE))
    page.goto(f"{url}?view=different&brush=weekday+of+start:Monday&against=weekday+of+start:Saturday%7CSunday")
    said = page.get_by_text("sessions (Weekday of start = Sat or Sun)")
    expect(said).to_be_visible(timeout=60_000)
    page.idle(60_000)
    assert "against=weekday+of+start:Saturday%7CSunday" in page.url
    browser = page.context.browser
    assert browser is not None
    with browser.new_context() as context:
        other = context.new_page()
        other.goto(page.url)
        release = other.get_by_role("button", name="Compared with weekday of start = Sat or Sun")
        expect(other.get_by_text(said.inner_text())).to_be_visible(timeout=60_000)
        expect(release).to_be_visible()
        release.click()
        other.wait_for_function("() => !location.search.includes('against')")
        expect(release).to_have_count(0)
        other.go_back()
        expect(other.get_by_text(said.inner_text())).to_be_visible()
    assert "against=" in page.url


def test_a_link_out_of_the_folders_says_that(page: GuardedPage, url: str) -> None:
    page.goto(f"{url}?data=/etc/passwd&brush=duration:1m..2m")
    expect(page.get_by_text("/etc/passwd lies outside the folders that may be opened")).to_be_visible()
    expect(page.get_by_text("It is of other data")).to_have_count(0)
    shows(page, "10", "aaa.csv")
    assert comes(page, lambda: "passwd" not in page.url)

"""The data panel in a real browser: paths, uploads, columns, mends."""

from __future__ import annotations

import filecmp
import random
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import panel as pn
import polars as pl
import pytest
from playwright.sync_api import Browser, expect

import explorer
from explorer.engine.local.editors.reading_preview import reading_preview
from explorer.errors import ExplorerError
from explorer.events.files.folders import Folders
from explorer.spec.analysis import first_analysis
from tests.ui.guards import GuardedPage, guarded_page
from tests.ui.helpers import NASTY, box, eventually
from tests.ui.serving import ServeApp
from tests.ui.stage import Shelf
from tests.widgets.events import record
from widgets.data.data_facts import data_facts
from widgets.data.data_panel import DataPanel
from widgets.data.row_preview import compared
from widgets.data.upload import upload_folder
from widgets.page.page import page as explorer_page

TEN = datetime(2024, 3, 1, 10, tzinfo=UTC)
FRAME = pl.DataFrame(
    {
        "user": ["a", "a", "b", NASTY, "b"],
        "ts": [TEN, TEN, TEN, TEN + timedelta(minutes=5), TEN + timedelta(minutes=9)],
        "event": ["x", "x", None, "y", NASTY * 9],
        "seq": [1, 1, 3, 4, 5],
    }
)


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    for name in ("events.parquet", "more/a.csv", "more/b.csv", f"more/{NASTY.replace('/', '')}.csv"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        FRAME.write_parquet(tmp_path / name)
    (tmp_path / "notes.pdf").touch()
    return tmp_path


@pytest.fixture
def panel(logs: Path) -> DataPanel:
    engine = explorer.connect(logs / "events.parquet")
    return DataPanel(facts=data_facts(engine, zone="Asia/Tokyo"), folders=Folders((logs,)), sample="the sample")


def show(page: GuardedPage, serve_app: ServeApp, panel: DataPanel, **options: Any) -> None:
    page.goto(serve_app(lambda: explorer_page(pn.Column(panel, margin=16, sizing_mode="stretch_width")), **options))
    page.wait_for_selector("#skeleton", state="detached")
    page.idle()


def test_a_path_is_found_by_keyboard(shelf: Shelf, panel: DataPanel, logs: Path) -> None:
    said = record(panel, "source")
    page = shelf.show(panel)
    field = page.get_by_role("combobox", name="Path")
    expect(field).to_have_value("events.parquet")
    field.fill("")
    options = page.get_by_role("listbox", name="Paths").get_by_role("option")
    expect(options).to_have_count(2)
    page.keyboard.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")  # into the folder
    expect(field).to_have_value("more/")
    expect(options).to_have_count(3)
    assert NASTY.replace("/", "") in options.first.inner_text()
    expect(options.nth(2)).to_contain_text("kB")
    page.keyboard.press("ArrowUp")
    expect(options.nth(2)).to_have_attribute("aria-selected", "true")
    assert said == []
    page.keyboard.press("Enter")
    eventually(lambda: said == [str(logs / "more" / "b.csv")])
    expect(field).to_have_value("more/b.csv")
    expect(options).to_have_count(0)
    field.fill("ev")
    expect(options).to_have_count(1)
    page.keyboard.press("Escape")
    expect(options).to_have_count(0)
    expect(field).to_have_value("ev")
    field.fill("eve")
    expect(options).to_have_count(1)
    options.first.click()
    eventually(lambda: panel.chooser.value == str(logs / "events.parquet"))
    page.get_by_role("button", name="Sample data").click()
    eventually(lambda: said[-1] == "the sample")


def test_a_refused_path_says_why_beside_the_field(shelf: Shelf, panel: DataPanel) -> None:
    said = record(panel, "source")
    page = shelf.show(panel)
    field = page.get_by_role("combobox", name="Path")
    for typed, why in (("/etc/passwd", "outside the folders that may be opened"), (NASTY, "There is no file")):
        field.fill(typed)
        page.get_by_role("button", name="Open", exact=True).click()
        expect(page.get_by_role("alert").filter(has_text=why)).to_be_visible()
        expect(field).to_have_attribute("aria-invalid", "true")
        expect(field).to_have_value(typed)
    assert said == []


def test_an_upload_arrives_whole_with_its_progress(
    page: GuardedPage, serve_app: ServeApp, panel: DataPanel, tmp_path: Path
) -> None:
    file = tmp_path / "big one.csv"
    file.write_bytes(random.Random(3).randbytes(20_500_123))
    said, progress = record(panel, "source"), record(panel.chooser, "progress")
    show(page, serve_app, panel, websocket_max_message_size=20 * 1024 * 1024)  # Panel's own limit
    page.get_by_label("File to upload").set_input_files(file)
    eventually(lambda: len(said) == 1)
    assert Path(said[0]).name == "big one.csv"
    assert filecmp.cmp(said[0], file, shallow=False)
    shares = [share for share in progress if share is not None]
    assert len(shares) > 4
    assert shares == sorted(shares)
    assert progress[-1] is None
    expect(page.get_by_role("progressbar", name="Upload")).to_be_hidden()


LATER = """() => {
  const read = Blob.prototype.arrayBuffer
  let times = 0
  Blob.prototype.arrayBuffer = async function () {
    const found = await read.call(this)
    await new Promise((done) => setTimeout(done, times++ % 2 ? 0 : 150))
    return found
  }
}"""


def test_pieces_that_take_long_to_read_stay_in_order(
    page: GuardedPage, serve_app: ServeApp, panel: DataPanel, tmp_path: Path
) -> None:
    file = tmp_path / "slow.csv"
    file.write_bytes(random.Random(4).randbytes(20_500_123))
    said = record(panel, "source")
    show(page, serve_app, panel, websocket_max_message_size=20 * 1024 * 1024)
    page.evaluate(LATER)
    page.get_by_label("File to upload").set_input_files(file)
    eventually(lambda: len(said) == 1)
    assert filecmp.cmp(said[0], file, shallow=False)


def test_an_upload_shows_how_far_it_is_and_can_be_cancelled(
    shelf: Shelf, panel: DataPanel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "big.csv"
    file.write_bytes(bytes(12_000_000))
    hear = panel.chooser._take
    pieces: list[int] = []

    def slow(upload: Any, piece: bytes) -> None:
        pieces.append(len(piece))
        if len(pieces) == 1:  # what comes after the first piece is lost on its way
            hear(upload, piece)

    monkeypatch.setattr(panel.chooser, "_take", slow)
    before = sorted(upload_folder().rglob("*"))
    page = shelf.show(panel)
    page.get_by_label("File to upload").set_input_files(file)
    bar = page.get_by_role("progressbar", name="Upload")
    expect(bar).to_have_attribute("aria-valuetext", "4 of 12 MB")
    expect(page.get_by_text("Uploading big.csv")).to_be_visible()
    page.get_by_role("button", name="Cancel the upload").click()
    expect(bar).to_be_hidden()
    eventually(lambda: sorted(upload_folder().rglob("*")) == before)


def test_an_upload_ends_with_its_page(browser: Browser, serve_app: ServeApp, logs: Path) -> None:
    made: list[DataPanel] = []

    def app() -> Any:
        made.append(DataPanel(folders=Folders((logs,))))
        made[-1].chooser.hear({"upload": {"name": "half.csv", "size": 10}})
        made[-1].chooser.hear({"piece": b"12345", "turn": 1})
        return explorer_page(made[-1])

    before = sorted(upload_folder().rglob("*"))
    url = serve_app(app)
    with guarded_page(browser) as page:
        page.goto(url)
        expect(page.get_by_text("Uploading half.csv")).to_be_visible()
        assert sorted(upload_folder().rglob("*")) != before
    with guarded_page(browser) as page:  # somewhere to wait in
        for _ in range(300):
            if sorted(upload_folder().rglob("*")) == before:
                break
            page.wait_for_timeout(200)
    assert sorted(upload_folder().rglob("*")) == before


def test_hostile_files_are_named_harmlessly_or_refused(shelf: Shelf, panel: DataPanel) -> None:
    said = record(panel, "source")
    page = shelf.show(panel)
    chooser = page.get_by_label("File to upload")
    hostile = {"name": f"../../{NASTY}.csv", "mimeType": "text/csv", "buffer": b"user,ts\na,2024-03-01\n"}
    chooser.set_input_files([hostile])
    eventually(lambda: len(said) == 1)
    assert Path(said[0]).parent.parent == upload_folder()
    assert Path(said[0]).name == "img src=x onerror=alert(1)_ it's.csv"
    assert Path(said[0]).read_bytes() == hostile["buffer"]
    chooser.set_input_files([hostile | {"name": f"{NASTY}.exe"}])
    expect(page.get_by_role("alert").filter(has_text="of no format that is known here")).to_be_visible()
    chooser.set_input_files([hostile | {"name": "empty.csv", "buffer": b""}])
    expect(page.get_by_role("alert").filter(has_text="empty.csv is empty (0 bytes)")).to_be_visible()
    assert len(said) == 1


def test_a_file_is_dropped(shelf: Shelf, panel: DataPanel) -> None:
    said = record(panel, "source")
    page = shelf.show(panel)
    dropped = page.evaluate_handle(
        "() => { const all = new DataTransfer(); all.items.add(new File(['user,ts'], 'dropped.csv')); return all }"
    )
    page.get_by_text("Drop a file here").dispatch_event("drop", {"dataTransfer": dropped})
    eventually(lambda: [Path(one).name for one in said] == ["dropped.csv"])


def test_reading_is_said_with_its_seconds(shelf: Shelf, panel: DataPanel) -> None:
    page = shelf.show(panel)
    panel.busy = "Reading events.parquet"
    expect(page.get_by_role("status").filter(has_text="Reading events.parquet")).to_contain_text("1s")
    expect(page.get_by_role("button", name="Open", exact=True)).to_be_disabled()
    expect(page.get_by_role("button", name="Leave out 1 repeated event")).to_be_disabled()
    panel.busy = ""
    expect(page.get_by_text("Reading events.parquet")).to_be_hidden()


def test_a_mend_is_one_click_and_can_be_taken_back(shelf: Shelf, panel: DataPanel, logs: Path) -> None:
    wanted = record(panel, "wanted")
    engine = explorer.connect(logs / "events.parquet")
    analysis = first_analysis(engine.columns)

    def mend(event: Any) -> None:
        nonlocal analysis, engine
        analysis = panel.facts.mend(event.new).applied(analysis)
        engine = engine.under(analysis.columns)
        panel.facts = data_facts(engine, zone="Asia/Tokyo")

    panel.param.watch(mend, "wanted")
    page = shelf.show(panel)
    page.get_by_role("button", name="Leave out 1 repeated event").press("Enter")
    back = page.get_by_role("button", name="Keep them")
    expect(back).to_be_focused()  # the keyboard stays where it was
    expect(page.get_by_text("1 event repeats an earlier one and is left out.")).to_be_visible()
    expect(page.get_by_text("events.parquet: 4 events, 3 actors, 4 columns")).to_be_visible()
    assert analysis.columns.drop_duplicates
    back.click()
    expect(page.get_by_role("button", name="Leave out 1 repeated event")).to_be_visible()
    page.idle()  # every finding is drawn anew
    page.get_by_role("button", name="Show times in Asia/Tokyo").click()
    expect(page.get_by_text("From 1 Mar 2024 19:00:00 to 1 Mar 2024 19:09:00")).to_be_visible()
    assert wanted == ["duplicates", "duplicates", "zone"]


def test_columns_are_edited(shelf: Shelf, panel: DataPanel) -> None:
    columns = record(panel, "draft")
    page = shelf.show(panel)
    page.get_by_role("combobox", name="Order").click()
    page.get_by_role("menuitem", name="seq").click()
    eventually(lambda: bool(columns) and columns[-1].order == ("seq",))
    page.keyboard.press("Escape")
    page.get_by_role("combobox", name="Time zone").click()
    page.keyboard.type("berlin")
    page.get_by_role("menuitem", name="Europe/Berlin").click()
    eventually(lambda: columns[-1].time_zone == "Europe/Berlin")
    panel.columns_error = f"columns.order: There is no column '{NASTY}'."
    expect(page.get_by_role("alert").filter(has_text=f"There is no column '{NASTY}'")).to_be_visible()
    table = page.get_by_role("table", name="Columns of the events")
    expect(table.get_by_role("row", name="user actor")).to_contain_text(NASTY)
    expect(table.get_by_role("row", name="event")).to_contain_text("20.0 %")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits(shelf: Shelf, panel: DataPanel, scheme: str) -> None:
    page = shelf.show(panel, scheme=scheme)
    for width in (332, 1440):
        page.set_viewport_size({"width": width, "height": 1200})
        page.idle()
        fits(page, width, scheme)


def fits(page: GuardedPage, width: int, scheme: str) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    doctor = box(page.get_by_text("2 events share user and ts"))
    field = box(page.get_by_role("combobox", name="Path"))
    beside = doctor["x"] > field["x"] + field["width"]
    assert beside == (width == 1440)
    shown = page.get_by_role("button", name="Leave out 1 repeated event")
    ink = page.get_by_text("2 events share user and ts").evaluate("words => getComputedStyle(words).color")
    assert (int(re.findall(r"\d+", ink)[0]) > 128) == (scheme == "dark")
    assert box(shown)["x"] + box(shown)["width"] <= width


def with_preview(path: Path) -> tuple[DataPanel, list[Any]]:
    """A panel that shows what a change does to the first rows of a file, and what is asked for in it."""
    engine = explorer.connect(path)
    panel = DataPanel(facts=data_facts(engine), folders=Folders((path.parent,)))

    def look(event: Any) -> None:
        if event.new is not None:
            try:
                panel.show_preview(compared(*reading_preview(engine, event.new)))
            except ExplorerError as error:
                panel.preview.error = str(error)

    panel.param.watch(look, "draft")
    return panel, record(panel, "columns")


def messy(folder: Path) -> Path:
    path = folder / "messy.csv"
    rows = [f"ann;0{1 + at % 9}/0{1 + at % 3}/2024 10:00;{NASTY};{'wide ' * 40}" for at in range(40)]
    path.write_text("\n".join([f"user;ts;event;{NASTY.replace(';', '')}", *rows]))
    return path


def test_a_change_is_seen_on_the_first_rows_before_it_is_asked_for(shelf: Shelf, tmp_path: Path) -> None:
    panel, asked = with_preview(messy(tmp_path))
    page = shelf.show(panel)
    now, after = (page.get_by_role("region", name=name) for name in ("Now", "After the change"))
    expect(after).to_have_count(0)
    field = page.get_by_role("textbox", name="Time format")
    read = next(one.sentence for one in panel.facts.findings if one.sentence.startswith("Times are read as"))
    field.fill("day first" if "month/day" in read else "month first")
    field.press("Enter")
    expect(now.get_by_role("row")).to_have_count(9)
    expect(after.get_by_role("cell", name="(changed)").first).to_be_visible()
    expect(after).to_contain_text(NASTY)
    field.fill("%d")
    field.press("Enter")
    expect(page.get_by_role("alert").filter(has_text="does not tell year, month and day")).to_be_visible()
    expect(page.get_by_role("button", name="Apply")).to_be_disabled()
    expect(after.get_by_role("row")).to_have_count(9)  # the last good picture stays
    page.get_by_role("button", name="Keep as it is").click()
    expect(after).to_have_count(0)
    expect(field).to_have_value("")
    page.get_by_role("combobox", name="Separator").click()
    page.get_by_role("menuitem", name="vertical bar").or_(page.get_by_role("option", name="vertical bar")).click()
    expect(page.get_by_role("alert").filter(has_text="There is no column 'user'")).to_be_visible()
    expect(page.get_by_role("button", name="Apply")).to_be_disabled()
    page.get_by_role("button", name="Keep as it is").click()
    page.get_by_role("combobox", name="Header").click()
    page.get_by_role("menuitem", name="first row").or_(page.get_by_role("option", name="first row")).click()
    page.get_by_role("button", name="Apply").click()
    eventually(lambda: len(asked) == 1)
    assert asked[0].format.header == "yes"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_first_rows_fit(shelf: Shelf, tmp_path: Path, scheme: str) -> None:
    panel, _ = with_preview(messy(tmp_path))
    page = shelf.show(panel, scheme=scheme)
    field = page.get_by_role("textbox", name="Time format")
    field.fill("%d/%m/%Y %H:%M")
    field.press("Enter")
    for width in (332, 1440):
        page.set_viewport_size({"width": width, "height": 1200})
        page.idle()
        rows_fit(page, width, scheme)


def rows_fit(page: GuardedPage, width: int, scheme: str) -> None:
    after = page.get_by_role("region", name="After the change")
    expect(after.get_by_role("row")).to_have_count(9)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert after.evaluate("frame => frame.scrollWidth > frame.clientWidth")
    beside = after.evaluate(
        "frame => new Set([...frame.closest('.sides').children].map((one) => one.offsetTop)).size === 1"
    )
    assert beside == (width == 1440)
    paper = after.evaluate("frame => getComputedStyle(frame.closest('.edges')).backgroundColor")
    assert (int(re.findall(r"\d+", paper)[0]) < 128) == (scheme == "dark")

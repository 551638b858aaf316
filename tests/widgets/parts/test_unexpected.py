"""What nobody expected ends in one place: said on its page, logged, and no other page is harmed."""

from __future__ import annotations

import asyncio
import gc
import logging
import weakref
from pathlib import Path

import bokeh.io.doc
import panel as pn
import pytest
from bokeh.document import Document
from bokeh.document.callbacks import invoke_with_curdoc
from panel.io.state import set_curdoc

import explorer
from explorer.errors import ExplorerError, SpecError, Stopped, UnexpectedError
from explorer.report import html, report
from explorer.spec.analysis import first_analysis
from widgets import SessionExplorer
from widgets.parts import unexpected
from widgets.parts.latest_task import Latest
from widgets.parts.notice import error_message

pytestmark = pytest.mark.slow

SAMPLE = Path(__file__).parents[3] / "sample_data" / "shop.csv.gz"


class Panic(BaseException):
    """As Polars raises them."""


class Page:
    def __init__(self) -> None:
        self.document = Document()
        self.said: list[ExplorerError] = []
        with set_curdoc(self.document):
            unexpected.shown_by(self.say)

    def say(self, error: ExplorerError) -> None:
        self.said.append(error)


def fails(error: BaseException) -> None:
    raise error


@pytest.mark.parametrize("error", [ValueError("broken"), Panic("broken"), RecursionError()])
def test_the_stack_of_documents_is_restored_and_the_page_says_so(
    error: BaseException, caplog: pytest.LogCaptureFixture
) -> None:
    page = Page()
    before = list(bokeh.io.doc._PATCHED_CURDOCS)
    with caplog.at_level(logging.ERROR):
        invoke_with_curdoc(page.document, lambda: fails(error))
    assert before == bokeh.io.doc._PATCHED_CURDOCS
    (said,) = page.said
    assert str(said) == "Something went wrong here; your work is kept."
    assert type(error).__name__ in error_message(said).trace
    assert type(error).__name__ in caplog.text


def test_what_can_be_mended_is_said_as_it_is_and_what_is_stopped_is_not() -> None:
    page = Page()
    invoke_with_curdoc(page.document, lambda: fails(SpecError("Write 30m.")))
    invoke_with_curdoc(page.document, lambda: fails(Stopped()))
    assert [str(error) for error in page.said] == ["Write 30m."]
    assert error_message(page.said[0]).trace == ""


def test_inside_another_callback_of_its_page_an_error_goes_on_as_it_would() -> None:
    page, seen = Page(), list[str]()

    def outer() -> None:
        try:
            invoke_with_curdoc(page.document, lambda: fails(ValueError("inner")))
        except ValueError as error:
            seen.append(str(error))

    invoke_with_curdoc(page.document, outer)
    assert seen == ["inner"]
    assert page.said == []


def test_pages_of_others_raise_as_they_did_and_leave_nothing_behind() -> None:
    before = list(bokeh.io.doc._PATCHED_CURDOCS)
    with pytest.raises(ValueError, match="theirs"):
        invoke_with_curdoc(Document(), lambda: fails(ValueError("theirs")))
    with pytest.raises(KeyboardInterrupt):
        invoke_with_curdoc(Page().document, lambda: fails(KeyboardInterrupt()))
    assert before == bokeh.io.doc._PATCHED_CURDOCS


def test_a_page_that_is_gone_is_not_kept() -> None:
    page = Page()
    alive = weakref.ref(page)
    del page
    gc.collect()
    assert alive() is None


def test_a_report_is_drawn_while_a_dead_document_is_current(tmp_path: Path) -> None:
    log = explorer.connect(SAMPLE)
    dead = Document()
    bokeh.io.doc._PATCHED_CURDOCS.append(weakref.ref(dead))
    del dead
    gc.collect()
    try:
        assert "<html" in html(log, first_analysis(log.columns))
        assert report(log, first_analysis(log.columns), tmp_path / "report.html").stat().st_size > 1_000_000
    finally:
        bokeh.io.doc._PATCHED_CURDOCS.pop()


def test_work_that_fails_unexpectedly_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(pn.state), "curdoc", None)  # a page of another test may stand in this process
    done, failed = list[int](), list[ExplorerError]()
    work = Latest[int](done.append, failed.append)
    work.run(lambda: fails(Panic("in Polars")))  # type: ignore[arg-type,return-value]
    Latest[int](lambda _: fails(ValueError("when shown")), failed.append).run(lambda: 1)

    async def served() -> None:
        work.run(lambda: fails(Panic("in a thread")))  # type: ignore[arg-type,return-value]
        while work.busy:
            await asyncio.sleep(0.01)

    asyncio.run(served())
    assert done == []
    assert [type(error) for error in failed] == [UnexpectedError] * 3
    assert "in a thread" in failed[2].detail  # type: ignore[attr-defined]


def test_the_explorer_says_it_where_it_says_everything() -> None:
    app = SessionExplorer(explorer.connect(SAMPLE))
    app.say(UnexpectedError(ValueError("broken")))
    assert app.notice.value is not None
    assert app.notice.value.text == "Something went wrong here; your work is kept."
    assert "ValueError: broken" in app.notice.value.trace

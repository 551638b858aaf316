from __future__ import annotations

import gc
import weakref
from collections.abc import Callable
from typing import Any

import panel as pn
import panel_material_ui as pmui
import param
import pytest

from explorer.engine.answers.trial import MetricNumbers
from explorer.spec.metric import Metric
from tests.widgets.events import record
from widgets.page.page import FAVICON, page, release, tab_title
from widgets.parts.notice import Message, Notice
from widgets.parts.theme import card
from widgets.sessions.brush_chips import Chip, Chips
from widgets.sessions.formats import metric_tile
from widgets.sessions.key_numbers import KeyNumber, KeyNumbers
from widgets.sessions.sessions_table import SessionsTable


def test_chips_ask_and_remove_nothing_themselves() -> None:
    chips = Chips(value=(Chip("duration", "duration 1m to 10m", ("1m", "10m")),))
    asked, value = record(chips, "asked"), record(chips, "value")
    removed, cleared = {"act": "remove", "name": "duration"}, {"act": "clear"}
    for message in (removed, removed, cleared):
        chips.hear(message)
    assert (asked, value) == ([removed, removed, cleared], [])
    assert chips.__panel__().chips == [
        {"name": "duration", "text": "duration 1m to 10m", "ends": ("1m", "10m"), "negated": False}
    ]


def test_key_numbers_hand_their_texts_on() -> None:
    strip = KeyNumbers(value=[KeyNumber("Sessions", "3,605", "of 200k", 0.2)])
    assert strip.__panel__().numbers[0]["value"] == "3,605"
    strip.value = [KeyNumber("Sessions", "12")]
    plain = {"label": "Sessions", "value": "12", "sub": "", "share": None, "help": "", "spark": ()}
    assert strip.__panel__().numbers == [plain]


def test_a_notice_takes_no_room_when_there_is_nothing_to_say() -> None:
    notice = Notice()
    said = record(notice, "value")
    assert not notice.__panel__().visible
    message = Message("warning", "32 events have no user_id.", ("first in row 7",))
    notice.value = message
    assert notice.__panel__().visible
    assert notice.__panel__().message["details"] == ["first in row 7"]
    notice.dismiss()
    assert said == [message, None]
    assert not notice.__panel__().visible


def test_the_table_takes_sort_and_page_as_one_change() -> None:
    table = SessionsTable(columns=[{"name": "a", "title": "A"}], rows=[["1"]], total=90, page=3)
    changes: list[list[str]] = []
    table.param.watch(
        lambda *events: changes.append(sorted(event.name for event in events)), ["page", "sort", "page_size"]
    )
    table.hear({"sort": ["a", True], "page": 0})
    table.hear({"sort": ["a", True], "page": 0})
    table.hear({"page_size": 50, "page": 0})
    assert changes == [["page", "sort"], ["page_size"]]
    assert table.sort == ("a", True)


def test_new_rows_end_the_selected_row() -> None:
    table = SessionsTable(columns=[{"name": "a", "title": "A"}], rows=[["1"]], total=1)
    table.hear({"selected": 0})
    assert table.selected == 0
    table.rows = [["2"]]
    assert table.selected is None


def test_a_card_escapes_its_texts() -> None:
    heading = card("<img src=x>", subtitle="<b>", help='"><i>')[0]
    assert "<img" not in heading.object
    assert "<b>" not in heading.object
    assert "<i>" not in heading.object


def test_the_tab_says_what_is_open_and_has_an_icon_of_its_own() -> None:
    assert tab_title("shop.parquet") == "shop.parquet – Session Explorer"
    assert tab_title() == "Session Explorer"
    assert FAVICON.startswith("data:image/svg+xml;base64,")


class Work(param.Parameterized):
    busy = param.Boolean(default=False)


def test_a_page_is_busy_only_with_its_own_work() -> None:
    work = Work()
    shell = page(pn.pane.HTML("x"), busy=work.param.busy)
    pn.state._add_busy_event("elsewhere")
    assert not shell.busy
    pn.state._remove_busy_event("elsewhere")
    work.busy = True
    assert shell.busy


@pytest.mark.parametrize("make", [page, pmui.Page])
def test_a_released_page_is_not_kept_by_the_process(make: Callable[..., Any]) -> None:
    shell = make(pn.pane.HTML("x")) if make is page else make(main=[pn.pane.HTML("x")])
    gone = weakref.ref(shell)
    release(shell)
    del shell
    gc.collect()
    assert gone() is None


def test_a_tile_shows_the_total_of_what_can_be_added_up_and_the_median_of_the_rest():
    found = MetricNumbers(9, 3, (("total", "30m"), ("mean", "10m"), ("min", "1m"), ("median", "5m"), ("max", "24m")))
    assert metric_tile(Metric("spent", "sum", "amount"), found, None).value == "30m"
    late = metric_tile(Metric("late", "time_to", where="event = 'buy'"), found, None)
    assert (late.value, late.sub) == ("5m", "median, in 3 sessions")
    few = metric_tile(Metric("late", "time_to", where="event = 'buy'"), found, MetricNumbers(2, 0, ()))
    assert (few.value, few.sub) == ("–", "in no session; all: 5m")


def test_columns_are_hidden_one_by_one_however_fast_they_are_clicked():
    table = SessionsTable(columns=[{"name": name, "title": name} for name in "abc"], rows=[["1", "2", "3"]], total=1)
    for message in ({"hide": "b"}, {"hide": "c"}, {"hide": "b"}):
        table.hear(message)
    assert table.hidden == ["c", "b"]
    table.hear({"unhide": "b"})
    assert table.hidden == ["c"]
    table.hear({"hidden": []})
    assert table.hidden == []

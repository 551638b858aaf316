"""What is noticed about data by itself: it is true to the microsecond, and clean data are left alone."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

import explorer
from explorer.engine.answers.inactivity import GapCurve, steady
from explorer.spec.duration import Duration
from explorer.spec.session import SessionDefinition
from widgets import SessionExplorer
from widgets.sessions.noticed import ADD, Noticed, notice

VISIT = SessionDefinition("visit", "30m")
MINUTE, HOUR = 60, 3_600


def visits(n: int = 40, apart: int = 12 * HOUR, within: int = 25 * MINUTE) -> pl.DataFrame:
    """Sessions of three events, of two actors; every one has an id of its own."""
    dice = np.random.default_rng(7)
    rows, at = [], 1_700_000_000
    for session in range(n):
        for step in range(3):
            at += (apart if step == 0 else 0) + int(dice.integers(1, within))
            rows.append({"user": f"u{session % 2}", "ts": at, "event": "view", "session_id": f"s{session}"})
    return pl.DataFrame(rows)


def noticed(frame: pl.DataFrame, definition: SessionDefinition = VISIT) -> Noticed:
    return notice(explorer.connect(frame, actor="user", time="ts", event="event"), definition)


@pytest.mark.parametrize("boundary", [">", ">="])
def test_every_inactivity_of_the_range_gives_the_same_sessions(boundary):
    definition = VISIT.replace(boundary=boundary)
    log = explorer.connect(visits(), actor="user", time="ts", event="event")
    found = notice(log, definition)
    assert found.range is not None
    low, high = found.range
    tried = (low, Duration.parse("4h"), high)
    assert low.us < tried[1].us < high.us
    one, *others = [log.sessions(definition.replace(inactivity=each)).drop("cut_off") for each in tried]
    assert all(one.equals(other) for other in others)


def test_session_ids_are_found_and_counted():
    found = noticed(visits())
    assert (found.column, found.ids) == ("session_id", 40)


@pytest.mark.parametrize(
    "frame",
    [
        visits().head(1),
        visits(2),
        visits().drop("session_id").with_columns(session_length=pl.lit(3)),
        visits().with_columns(session_id=pl.int_range(pl.len())),
        visits().with_columns(session_id=pl.lit("one")),
    ],
    ids=["one", "few", "no id", "an id for each event", "one id"],
)
def test_nothing_is_said_where_nothing_can_be(frame):
    found = noticed(frame)
    assert found.column == ("session_id" if frame.height == 6 else "")
    assert frame.height > 50 or found.range is None


def test_gaps_of_every_length_leave_no_steady_range():
    gaps = np.sort(np.geomspace(1e6, 1e12, 5_000).astype(np.int64))
    assert steady(GapCurve(gaps, 1, ">")) is None


def test_one_click_compares_with_the_ids_and_another_takes_the_inactivity():
    """What was used is not said again, nor is what was dismissed."""
    app = SessionExplorer(visits(), actor="user", time="ts", event="event")
    board = app.noticing.board
    quality, ids, steady_range = board.value
    assert ids.action == "Check the ids"
    assert "session_id, 40 of them" in ids.text
    board.hear({"text": ids.text, "act": True})
    assert app.state.view == "compare"
    assert app.viewing.views["compare"].table.value.column == "session_id"
    assert board.value == [quality, steady_range]
    assert steady_range.text.startswith("Any inactivity from ")
    app.state.define(inactivity="29m")
    assert [each.key for each in board.value] == [quality.key, steady_range.key]
    board.hear({"text": board.value[1].text})
    assert board.value == [quality]
    app.state.define(inactivity="28m")
    assert board.value == [quality]


def with_bots() -> pl.DataFrame:
    people = visits().with_columns(agent=pl.lit("Mozilla/5.0 (X11; Linux x86_64) Firefox/144.0"))
    return people.with_columns(
        agent=pl.when(pl.col("user") == "u1").then(pl.lit("AcornBot/1.0")).otherwise(pl.col("agent"))
    )


def test_automated_actors_are_noticed_and_one_click_selects_them():
    app = SessionExplorer(with_bots(), actor="user", time="ts", event="event")
    board = app.noticing.board
    bots = next(message for message in board.value if "automated" in message.text)
    assert bots.text.startswith("1 actor looks automated (50.0 % of events): its agent is 'AcornBot/1.0'")
    board.hear({"text": bots.text, "act": True})
    assert app.state.view == "actors"
    assert app.state.selection
    assert app.selected["user"].unique().to_list() == ["u1"]


def test_nobody_is_said_to_be_automated_without_a_sign():
    assert noticed(visits()).automated is None


def test_what_user_agents_and_addresses_say_more_becomes_columns_by_one_click():
    frame = with_bots().with_columns(url=pl.lit("https://shop.example/a?utm_source=mail"))
    app = SessionExplorer(frame, actor="user", time="ts", event="event")
    board = app.noticing.board
    more = next(message for message in board.value if message.action == ADD)
    assert more.text == "Addresses and user agents say more: browser, device_kind, url_path, url_host, utm_source."
    board.hear({"text": more.text, "act": True})
    kinds = app.state.engine.menu()["device_kind"]["values"]
    assert {kind for kind, _ in kinds} == {"desktop", "bot"}
    assert not [message for message in board.value if message.action == ADD]
    assert "browser, device_kind, url_path, url_host, utm_source are columns now" in board.value[-1].text
    assert not noticed(visits()).parts

"""Values are found by what is typed, in every column of texts."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import explorer
from explorer.engine.answers.columns import FoundValue
from explorer.engine.local.editors.value_search import rank
from explorer.engine.local.engine import LocalEngine


def engine(events: list[str | None], more: list[str] | None = None) -> LocalEngine:
    rows = len(events)
    frame = {"user": ["u1"] * rows, "ts": list(range(rows)), "event": events, "n": [1.5] * rows}
    found = explorer.connect(
        pl.DataFrame(frame | ({"page": more} if more else {}), strict=False), actor="user", time="ts", event="event"
    )
    assert isinstance(found, LocalEngine)
    return found


def test_a_value_is_found_in_every_column_that_has_it_whatever_its_case():
    found = engine(["Purchase", "purchase_failed", "view", "view"], ["/purchase", "/", "/", "/"])
    assert found.search_values(" PURCH ", 9).values == (
        FoundValue("event", "Purchase", 1),
        FoundValue("event", "purchase_failed", 1),
        FoundValue("page", "/purchase", 1),
    )


def test_actors_are_found():
    assert engine(["a", "b"]).search_values("u1", 5).values == (FoundValue("user", "u1", 2),)


@pytest.mark.parametrize("text", ["", "  ", "nobody has this", "(", "\\", "[a-z]", "%"])
def test_what_nobody_has_is_not_found_and_nothing_is_a_pattern(text: str):
    found = engine(["a", None, "b"]).search_values(text, 5)
    assert (found.values, found.more) == ((), False)


def test_it_says_when_there_are_more():
    found = engine([f"page {at}" for at in range(12)])
    assert found.search_values("page", 5).more
    assert len(found.search_values("page", 5).values) == 5
    assert not found.search_values("page", 12).more


@given(
    st.lists(st.one_of(st.none(), st.text("abA é%", max_size=4)), min_size=1, max_size=12),
    st.text("abA é%", max_size=2),
)
def test_it_is_what_looking_at_every_event_finds(events: list[str | None], text: str):
    """The slow twin: every event of every column, one by one."""
    wanted = text.strip().lower()
    counts = {value: events.count(value) for value in events if value is not None}
    slow = [FoundValue("event", value, n) for value, n in counts.items() if wanted and wanted in value.lower()]
    slow.sort(key=lambda each: (rank(each.value, wanted), -each.events, each.value))
    fast = [each for each in engine(events).search_values(text, 99).values if each.column == "event"]
    assert fast == slow

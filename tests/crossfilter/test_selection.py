"""Selections: values that compare and hash, and a text that comes back exactly."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.crossfilter.selection import Range, Selection
from explorer.errors import SpecError

EPOCH = datetime(1970, 1, 1)
FIRST, LAST = ((moment - EPOCH) // timedelta(microseconds=1) for moment in (datetime.min, datetime.max))


def ranges(lowest: int, highest: int, kind: str) -> st.SearchStrategy[Range]:
    ends = st.tuples(st.integers(lowest, highest), st.integers(lowest, highest), st.booleans())
    return ends.filter(lambda e: e[0] != e[1]).map(
        lambda e: Range(min(e[:2]), None if e[2] else max(e[:2]), kind)  # type: ignore[arg-type]
    )


any_range = st.one_of(ranges(0, 2**62, "duration"), ranges(-(2**63), 2**63, "count"), ranges(FIRST, LAST, "time"))
selections = st.dictionaries(st.text(min_size=1), any_range, max_size=4)


@given(selections)
def test_text_comes_back_exactly(brushes: dict[str, Range]) -> None:
    selection = Selection()
    for name, brush in brushes.items():
        selection = selection.with_(name, brush)
    back = Selection.from_text(selection.to_text())
    assert back == selection
    assert hash(back) == hash(selection)
    assert dict(back) == brushes


def test_the_text_is_readable() -> None:
    text = "duration:1m..10m;event_count:2..6;start:2024-03-04T00:00..2024-03-11T00:00"
    selection = Selection.from_text(text)
    assert selection["duration"] == Range(60_000_000, 600_000_000, "duration")
    assert selection.to_text() == text
    assert Selection.from_text("") == Selection()
    assert Selection().with_("a;b:c", Range(1, None)).to_text() == "a%3Bb%3Ac:1.."


def test_the_order_of_brushing_does_not_matter() -> None:
    a, b = Range(1, 2), Range(3, None)
    one = Selection().with_("a", a).with_("b", b)
    other = Selection().with_("b", b).with_("a", b).with_("a", a)
    assert one == other
    assert one.with_("a", None) == Selection().with_("b", b)
    assert one.with_("c", None) == one
    assert list(one) == ["a", "b"]


@pytest.mark.parametrize(
    "text",
    [
        "duration",
        "duration:",
        "duration:1m",
        "duration:1m..2",
        "duration:10m..1m",
        "duration:..1m",
        "n:5..5",
        "n:five..six",
        "start:2024-13-04T00:00..",
        "start:2024-03-04T00:00+01:00..",
        "n:1.5..2",
    ],
)
def test_bad_text_is_a_spec_error(text: str) -> None:
    with pytest.raises(SpecError):
        Selection.from_text(text)

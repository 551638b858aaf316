"""Selections: values that compare and hash, and a text that comes back exactly."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.crossfilter.selections.selection import Brush, Range, Selection, Values
from explorer.errors import SpecError

EPOCH = datetime(1970, 1, 1)
FIRST, LAST = ((moment - EPOCH) // timedelta(microseconds=1) for moment in (datetime.min, datetime.max))


def ranges(lowest: int, highest: int, kind: str) -> st.SearchStrategy[Range]:
    ends = st.tuples(st.integers(lowest, highest), st.integers(lowest, highest), st.booleans())
    return ends.filter(lambda e: e[0] != e[1]).map(
        lambda e: Range(min(e[:2]), None if e[2] else max(e[:2]), kind)  # type: ignore[arg-type]
    )


floats = st.floats(allow_nan=False)
float_ranges = st.tuples(floats, st.one_of(st.none(), floats)).map(
    lambda e: Range(e[0], e[1] if e[1] is not None and e[1] > e[0] else None, "number")
)
any_range = st.one_of(
    ranges(-(2**62), 2**62, "duration"),
    ranges(-(10**18) + 1, 10**18 - 1, "count"),
    ranges(FIRST, LAST, "time"),
    float_ranges,
)
hostile = st.one_of(st.text(), st.sampled_from(["", "~none", "~empty", "!", "a|b", "2..6", "...", ";:%", "%7C", "1m"]))
any_values = st.builds(Values, st.frozensets(hostile, min_size=1, max_size=4), none=st.booleans())
any_brush = st.builds(
    lambda brush, none, negated: replace(brush, none=none, negated=negated),
    st.one_of(any_range, any_values),
    st.booleans(),
    st.booleans(),
) | st.sampled_from([Values(none=True), Values(none=True, negated=True)])
selections = st.dictionaries(st.text(min_size=1), any_brush, max_size=4)


@given(selections)
def test_text_comes_back_exactly(brushes: dict[str, Brush]) -> None:
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


def test_values_are_readable_and_in_no_order() -> None:
    both = Values(frozenset({"web", "ios"}), none=True)
    assert Selection().with_("platform", both).to_text() == "platform:ios|web|~none"
    assert Selection.from_text("platform:web|~none|ios")["platform"] == both
    assert Selection.from_text("platform:!ios|web|~none") == Selection().with_("platform", both).inverted("platform")
    assert Selection.from_text("amount:1.5..2")["amount"] == Range(1.5, 2.0, "number")


def test_a_brush_turned_around_twice_is_itself() -> None:
    selection = Selection.from_text("a:2..6;b:x|y")
    assert selection.inverted("a").inverted("a") == selection
    assert selection.inverted("a").to_text() == "a:!2..6;b:x|y"
    with pytest.raises(SpecError, match="at least one value"):
        Values()


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
        "duration:1m..2",
        "duration:10m..1m",
        "duration:..1m",
        "n:5..5",
        "n:five..six",
        "start:2024-13-04T00:00..",
        "start:2024-03-04T00:00+01:00..",
        "n:1.5..x",
        "n:1..2|ios",
        "platform:",
        "platform:!",
        "platform:ios||web",
    ],
)
def test_bad_text_is_a_spec_error(text: str) -> None:
    with pytest.raises(SpecError):
        Selection.from_text(text)

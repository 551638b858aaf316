"""Texts that are all as wide are read by a shortcut: it must say what Chrono says of the same texts."""

from datetime import datetime

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.events.reading.form import FOUR_DIGITS, of_one_width, quickly
from explorer.events.reading.layouts import NAMED
from explorer.events.reading.units import LATEST, within

FORMS = [form for layout in NAMED.values() for form in layout.fast if "%S%.f" in form]


def slowly(texts: list[str], form: str) -> list[int | None]:
    """One text at a time by the form for a fraction of any length."""
    read = [pl.Series([text]).str.to_datetime(form, time_unit="us", strict=False).to_physical() for text in texts]
    return within(pl.concat(read), FOUR_DIGITS, LATEST).to_list()


@st.composite
def texts(draw: st.DrawFn) -> tuple[str, list[str]]:
    form = draw(st.sampled_from(FORMS))
    moments = draw(st.lists(st.datetimes(datetime(1000, 1, 1), datetime(9999, 12, 31)), min_size=1, max_size=8))
    digits, zone = draw(st.sampled_from([0, 3, 6, 9])), draw(st.sampled_from(["Z", "+00:00", "+0000", "+02:00"]))
    written = []
    for moment in moments:
        fraction = f".{moment.microsecond:06}000"[: digits + 1] if digits else ""
        plain = moment.strftime(form.replace("%S%.f", f"%S{fraction}").replace("%#z", zone))
        text = plain.replace(str(moment.year), f"{moment.year:04}", 1)
        at = draw(st.integers(0, len(text)))
        change = draw(st.sampled_from(["", "", "", "7", " ", ":", "-", "é", "\n", "+"]))
        written.append(text[:at] + change + text[at + draw(st.integers(0, 1)) * bool(change) :])
    return form, written


@given(texts())
def test_shortcut_reads_what_chrono_reads(made: tuple[str, list[str]]) -> None:
    form, written = made
    assert quickly(pl.Series(written), form).to_list() == slowly(written, form)


@pytest.mark.parametrize(
    ("example", "fixed"),
    [
        ("2024-03-01T10:00:00", "%Y-%m-%dT%H:%M:%S"),
        ("2024-03-01T10:00:00.250", "%Y-%m-%dT%H:%M:%S.%3f"),
        ("2024-03-01T10:00:00.250000", "%Y-%m-%dT%H:%M:%S.%6f"),
        ("2024-03-01T10:00:00.250000000", "%Y-%m-%dT%H:%M:%S.%9f"),
        ("2024-03-01T10:00:00.25", ""),
        ("", ""),
    ],
)
def test_width_of_the_fraction_is_that_of_the_example(example: str, fixed: str) -> None:
    assert of_one_width("%Y-%m-%dT%H:%M:%S%.f", example) == fixed


@pytest.mark.parametrize("first", [None, "", "nonsense", "2024-03-01T10:00:00.5", "2024-03-01T10:00:00.000001"])
def test_texts_of_other_widths_lose_nothing(first: str | None) -> None:
    others = ["2024-03-01T10:00:00.25", "2024-03-01T10:00:01", "2024-03-01T10:00:02.000125", None]
    found = quickly(pl.Series([first, *others]), "%Y-%m-%dT%H:%M:%S%.f").cast(pl.Datetime("us")).to_list()
    assert found[1:] == [
        datetime(2024, 3, 1, 10, 0, 0, 250_000),
        datetime(2024, 3, 1, 10, 0, 1),
        datetime(2024, 3, 1, 10, 0, 2, 125),
        None,
    ]

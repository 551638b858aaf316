"""Times in every form that logs have: the right value each, one form for a column, and what is odd is said."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import explorer
from explorer.cli import main
from explorer.code.polars import polars_code
from explorer.engine.local.editors.repairs import mends
from explorer.engine.local.engine import LocalEngine
from explorer.errors import SourceError
from explorer.spec.session import SessionDefinition
from tests.code.running import check, run

pytestmark = pytest.mark.slow

TEN = datetime(2024, 3, 1, 10)
UTC_TEN = TEN.replace(tzinfo=UTC)
VISIT = SessionDefinition("visit", "30m")

FORMS = [
    ("2024-03-01 10:00:00", TEN),
    ("2024-03-01T10:00Z", UTC_TEN),
    ("2024-03-01T10:00:00Z", UTC_TEN),
    ("2024-03-01T12:00:00.000+0200", UTC_TEN),
    ("2024-03-01T12:00:00+02:00[Europe/Athens]", UTC_TEN),
    ("2024-03-01 10:00:00+00", UTC_TEN),
    ("2024-03-01 11:00:00 CET", UTC_TEN),
    ("2024-03-01 10:00:00,000", TEN),
    ("2024/03/01 10:00", TEN),
    ("2024.03.01 10:00", TEN),
    ("2024-03-01 10:00 AM", TEN),
    ("13-03-2024 10:00", TEN.replace(day=13)),
    ("13.3.2024", TEN.replace(day=13, hour=0)),
    ("3/14/2024", TEN.replace(day=14, hour=0)),
    ("3/14/2024 10:00:00 PM", TEN.replace(day=14, hour=22)),
    ("3/14/2024 12:00 AM", TEN.replace(day=14, hour=0)),
    ("3/14/2024, 12:00:00 p.m.", TEN.replace(day=14, hour=12)),
    ("3/14/24 10:00", TEN.replace(day=14)),
    ("3/14/99 10:00", TEN.replace(day=14, year=1999)),
    ("10/Oct/2000:13:55:36 -0700", datetime(2000, 10, 10, 20, 55, 36, tzinfo=UTC)),
    ("[01/Mar/2024:10:00:00 +0000]", UTC_TEN),
    ("Fri, 1 Mar 2024 11:00:00 +0100", UTC_TEN),
    ("Fri, 1 Mar 2024 11:00:00 +0100 (CET)", UTC_TEN),
    ("Fri, 01 Mar 2024 10:00:00 GMT", UTC_TEN),
    ("Friday, 01-Mar-24 10:00:00 GMT", UTC_TEN),
    ("Fri Mar 01 11:00:00 CET 2024", UTC_TEN),
    ("Fri Mar  1 10:00:00 2024", TEN),
    ("2024-03-01 10:00:00.000000000 +0000 UTC m=+0.000000001", UTC_TEN),
    ("Fri Mar 01 2024 11:00:00 GMT+0100 (Central European Standard Time)", UTC_TEN),
    ("Mar 1, 2024 10:00:00 AM", TEN),
    ("March 1, 2024", TEN.replace(hour=0)),
    ("1. März 2024 10:00", TEN),
    ("01-MAR-24 10.00.00.000000 AM", TEN),
    ("2024-Mar-01 10:00", TEN),
    ("20240301T100000Z", UTC_TEN),
    ("20240301", TEN.replace(hour=0)),
    ("20240301100000", TEN),
    ("2024-02-29 24:00", TEN.replace(hour=0)),
    ("2024-02-29 24:00:00", TEN.replace(hour=0)),
]


def log(*times: object, **how: object) -> LocalEngine:
    return explorer.connect(pl.DataFrame({"user": ["a"] * len(times), "when": times}), time="when", **how)


def read(*times: object, **how: object) -> list[datetime]:
    return log(*times, **how).events(VISIT)["when"].to_list()


@pytest.mark.parametrize(("text", "time"), FORMS, ids=[text for text, _ in FORMS])
def test_every_form_is_read_rightly(text: str, time: datetime, tmp_path: Path) -> None:
    engine = log(text)
    assert engine.events(VISIT)["when"].to_list() == [time]
    check(engine, VISIT, run(polars_code(engine, VISIT), events=pl.DataFrame({"user": ["a"], "when": [text]})))
    path = tmp_path / "log.csv"
    pl.DataFrame({"user": ["a"], "when": [text]}).write_csv(path)
    assert explorer.connect(path, time="when").events(VISIT)["when"].to_list() == [time]


NUMBERS = [
    (20240301100000, TEN),
    (202403011000, TEN),
    (20240301, TEN.replace(hour=0)),
    (2024030110, TEN),
    (45352.4166667, TEN),
    (1709287200, UTC_TEN),
    (1709287200000, UTC_TEN),
    (133537608000000000, UTC_TEN),
    (638448840000000000, UTC_TEN),
]


@pytest.mark.parametrize(("number", "time"), NUMBERS, ids=[str(number) for number, _ in NUMBERS])
def test_numbers_that_count_something_else(number: float, time: datetime) -> None:
    for value in (number, str(number)):
        engine = log(value)
        assert engine.events(VISIT)["when"].to_list() == [time]
        assert engine.quality.how_read
        check(engine, VISIT, run(polars_code(engine, VISIT), events=pl.DataFrame({"user": ["a"], "when": [value]})))


def test_seconds_among_milliseconds_and_numbers_for_none() -> None:
    times = [1709287200000, 1709287260, 0, -1, 1709287320000]
    engine = log(*times)
    assert [time.minute for time in engine.events(VISIT)["when"]] == [0, 1, 2]
    assert (engine.quality.other_unit, engine.quality.no_time) == (1, 2)
    assert set(engine.quality.unreadable) == {"0", "-1"}
    check(engine, VISIT, run(polars_code(engine, VISIT), events=pl.DataFrame({"user": ["a"] * 5, "when": times})))
    assert read(*times, unit="milliseconds")[0].year == 1969


def days(count: int, form: str, start: datetime = datetime(2024, 3, 9), step: timedelta = timedelta(minutes=7)):
    return [(start + at * step).strftime(form) for at in range(count)]


def test_the_values_that_decide_lie_anywhere(tmp_path: Path) -> None:
    texts = days(20_000, "%d/%m/%Y %H:%M", datetime(2024, 3, 1), timedelta(minutes=1))
    assert texts[-1].startswith("14/03")
    frame = pl.DataFrame({"user": ["a"] * len(texts), "when": texts})
    path = tmp_path / "log.csv"
    frame.write_csv(path)
    for source in (frame, path):
        engine = explorer.connect(source, time="when")
        assert engine.quality.events == 20_000
        assert (engine.quality.last - engine.quality.first) // 60_000_000 == 19_999
        assert engine.quality.said == ()
        assert engine.sessions(VISIT).height == 1


def test_an_ambiguous_column_goes_by_the_order_of_its_rows() -> None:
    for form, first, said in (
        ("%d/%m/%Y %H:%M", "day first", "day/month"),
        ("%m/%d/%Y %H:%M", "month first", "month/day"),
    ):
        texts = days(500, form, datetime(2024, 3, 9))
        engine = log(*texts)
        assert (engine.quality.events, engine.sessions(VISIT).height) == (500, 1)
        assert (engine.quality.time_order, engine.quality.decided_by) == (first, "rows")
        assert said in engine.quality.said[0]
        other = "month first" if first == "day first" else "day first"
        assert engine.under(engine.columns.replace(time_format=other)).sessions(VISIT).height > 1
        assert log(*texts, time_format=first).sessions(VISIT).equals(engine.sessions(VISIT))


def test_a_form_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "log.csv"
    path.write_text("user,when\na,01|02|2024 10h05\na,02|02|2024 10h05\n")
    with pytest.raises(SourceError, match="no time that can be read"):
        explorer.connect(path, time="when")
    engine = explorer.connect(path, time="when", time_format="%d|%m|%Y %Hh%M")
    assert engine.events(VISIT)["when"].to_list() == [datetime(2024, 2, 1, 10, 5), datetime(2024, 2, 2, 10, 5)]
    check(engine, VISIT, run(polars_code(engine, VISIT), events=pl.read_csv(path)))
    assert main(["inspect", str(path), "--time", "when", "--time-format", "%d|%m|%Y %Hh%M"]) == 0
    assert "2024-02-01" in capsys.readouterr().out


def test_times_with_and_without_an_offset() -> None:
    texts = ["2024-03-01T10:00:00Z", "2024-03-01 11:30:00", "2024-03-01T12:00:00+01:00"]
    engine = log(*texts)
    assert [time.hour for time in engine.events(VISIT)["when"]] == [10, 11, 11]
    assert engine.quality.no_offset == 1
    berlin = engine.under(engine.columns.replace(time_zone="Europe/Berlin"))
    assert [(time.hour, time.minute) for time in berlin.events(VISIT)["when"]] == [(10, 0), (10, 30), (11, 0)]
    frame = pl.DataFrame({"user": ["a"] * 3, "when": texts})
    for one in (engine, berlin):
        check(one, VISIT, run(polars_code(one, VISIT), events=frame))


def test_an_offset_behind_what_was_looked_at_is_no_time_of_a_clock() -> None:
    engine = log(*["2024-03-01 10:00:00"] * 15_000, "2024-03-01T12:00:00+01:00")
    assert engine.quality.no_offset == 15_000
    assert engine.events(VISIT)["when"][-1] == UTC_TEN.replace(hour=11)


def test_what_fits_no_form_is_left_out_and_counted() -> None:
    engine = log("2024-03-01 10:00", "01/03/2024 10:00", "soon", "2024-02-30 10:00", "2024-03-01 10:05")
    assert (engine.quality.events, engine.quality.no_time) == (2, 3)
    assert set(engine.quality.unreadable) == {"01/03/2024 10:00", "soon", "2024-02-30 10:00"}


def test_the_form_of_most_is_that_of_the_column() -> None:
    engine = log(*["2024-03-01 10:00"] * 11_000, *["13/03/2024 10:00"] * 12_000)
    assert (engine.quality.events, engine.quality.no_time) == (12_000, 11_000)


def test_no_year_is_of_the_first_century() -> None:
    assert {time.year for time in read("24-03-13 10:00", "24-03-14 10:00")} == {2024}
    assert read("0024-03-01 10:00:00")[0].year == 24


def test_a_day_and_a_time_of_day_in_two_columns(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    frame = pl.DataFrame(
        {"user": ["a", "a"], "date": ["13.03.2024", "13.03.2024"], "time": ["10:00:00", "10:05:30"], "n": [1, 2]}
    )
    path = tmp_path / "log.csv"
    frame.write_csv(path)
    for source in (frame, path):
        for how in ({"time": ["date", "time"]}, {}):
            engine = explorer.connect(source, **how)
            assert engine.columns.times == ("date", "time")
            assert engine.events(VISIT)["time"].to_list() == [TEN.replace(day=13), datetime(2024, 3, 13, 10, 5, 30)]
            check(engine, VISIT, run(polars_code(engine, VISIT), events=frame))
    assert main(["inspect", str(path), "--time", "date", "--time", "time"]) == 0
    assert "10:05:30" in capsys.readouterr().out
    typed = frame.with_columns(pl.col("date").str.to_date("%d.%m.%Y"), pl.col("time").str.to_time())
    assert explorer.connect(typed, time=["date", "time"]).events(VISIT)["time"][1] == datetime(2024, 3, 13, 10, 5, 30)


def test_a_time_of_day_alone_says_that_a_day_is_missing() -> None:
    for times in (["10:00:00", "10:05:00"], pl.Series([0, 10**9]).cast(pl.Time)):
        frame = pl.DataFrame({"user": ["a", "a"], "when": times})
        with pytest.raises(SourceError, match=r"without a day.*time: \[date, when\]"):
            explorer.connect(frame, time="when")


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.datetimes(datetime(2001, 1, 1), datetime(2068, 12, 31)), min_size=1, max_size=20),
    st.sampled_from(
        ["%d/%m/%Y %H:%M:%S", "%m/%d/%Y %H:%M:%S", "%d.%m.%y %H:%M:%S", "%Y-%m-%d %H:%M:%S", "%d %B %Y %H:%M:%S"]
    ),
    st.booleans(),
)
def test_every_row_is_read_in_one_form(times: list[datetime], form: str, half: bool) -> None:
    form = form.replace("%H:%M:%S", "%I:%M:%S %p") if half else form
    times = [time.replace(microsecond=0) for time in times]
    texts = [time.strftime(form) for time in times]
    engine = log(*texts, time_format=form)
    assert engine.events(VISIT)["when"].to_list() == sorted(times)
    free = log(*texts)
    assert free.quality.events == len(times)
    orders = {"day first": ("%d", "%m"), "month first": ("%m", "%d"), "year first": ("%y", "%m")}
    if free.quality.time_order and not form.startswith("%Y") and free.quality.decided_by == "values":
        both = [time for time in times if time.day > 12]
        if both and "/" in form:
            assert form.startswith(orders[free.quality.time_order][0])
            assert free.events(VISIT)["when"].to_list() == sorted(times)


def test_what_was_assumed_is_said_with_an_example_and_changed_by_one_click() -> None:
    engine = log("01/02/2024 10:00", "02/02/2024 10:00", "03/02/2024 10:00")
    (mend,) = (one for one in mends(engine.event_table, engine.quality_report()) if one.key == "form")
    assert mend.sentence == (
        "Times are read as day/month/year (01/02/2024 10:00 is 2024-02-01 10:00:00): the rows are in order then."
    )
    other = engine.under(mend.columns or engine.columns)
    assert other.events(VISIT)["when"][1] == datetime(2024, 2, 2, 10)
    assert other.events(VISIT)["when"][0] == datetime(2024, 1, 2, 10)
    (back,) = (one for one in mends(other.event_table, other.quality_report()) if one.key == "form")
    assert (back.in_force, back.columns) == (True, engine.columns)

"""Sliding windows and periods before, held to a slow twin; and what cannot be asked of them."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import explorer
from explorer.engine.local.query.query import answer
from explorer.errors import SpecError
from explorer.spec.analysis import Analysis
from explorer.spec.charts.chart import Chart
from explorer.spec.columns import Columns
from explorer.spec.metric import Metric
from explorer.spec.session import SessionDefinition
from tests.engine.local.query.slow_over_time import check
from tests.examples import examples
from tests.strategies import ZONES, Log, maybe

METRICS = [Metric("spent", "sum", "amount"), Metric("bought", "any", where="event = 'buy'")]
MEASURES = [
    *("count", "actors", "share", "share where duration > '10m'", "sum duration", "mean duration", "median duration"),
    *("p90 event_count", "max event_count", "std event_count", "sum spent", "mean spent", "share event_count"),
    *("mean time_in_session", "median session_count", "share bought", "share duration", "min duration", "mean bought"),
]
WINDOWS = [
    *(("15m", "1h"), ("1h", "1h"), ("1h", "3h"), ("1h", "1d"), ("6h", "1d"), ("1d", "2d"), ("1d", "7d"), ("1d", "1mo")),
    *(("1w", "2w"), ("1mo", "1mo")),
]
PREVIOUS = [
    *(("1h", "day"), ("6h", "day"), ("1d", "day"), ("1d", "week"), ("1d", "month"), ("1mo", "month"), ("1w", "week")),
    ("1mo", "year"),
]
# Before the clocks change in New York and, three weeks later, in Berlin; before they change back there.
BEGINS = [datetime(2024, 3, 8, 20), datetime(2024, 10, 26, 4), datetime(2024, 11, 1, 20), datetime(2024, 1, 29)]
PLAIN = SessionDefinition("visit", "2h")
VISIT = SessionDefinition("visit", "2h", metrics=METRICS)


@st.composite
def spread(draw: st.DrawFn, most_hours: int, ends: bool = False) -> Log:
    """Events of a few actors over some days or weeks; with `ends` no event is so far from the others that its time is
    taken for wrong, and for no end of the data."""
    aware = draw(st.booleans())
    rows, begin = [], draw(st.sampled_from(BEGINS))
    places = st.tuples(st.integers(0, most_hours * 4), st.integers(0, 3))
    often = [(place * most_hours // 2, 3) for place in range(9)]
    whole = often if ends else draw(st.sampled_from([[(0, 0), (most_hours * 4, 1)], []]))
    for at in [*draw(st.lists(places, min_size=1, max_size=40)), *whole]:
        time = begin + timedelta(minutes=15 * at[0])
        row = {"user": "abcd"[at[1]], "ts": time.replace(tzinfo=UTC) if aware else time}
        row |= {"event": draw(st.sampled_from(["view", "buy"])), "page": draw(st.sampled_from(["/", "/a", None]))}
        row |= {"amount": draw(st.sampled_from([None, 0.5, 3.0, 8.25])), "items": draw(st.sampled_from([1, 2, 7]))}
        rows.append(row | {"ok": draw(st.sampled_from([True, False, None]))})
    return Log(rows, Columns(actor="user", time="ts"), aware)


def lengths_of(every: str) -> int:
    """How many hours a log of such steps lasts."""
    return {"15m": 12, "1h": 60, "6h": 24 * 8, "1d": 24 * 40, "1w": 24 * 60, "1mo": 24 * 400}[every]


BY = st.sampled_from([(), (), ("page",), ("any page",), ("started_by",)])


@pytest.mark.parametrize("measure", MEASURES)
@examples(30)
@given(data=st.data(), lengths=st.sampled_from(WINDOWS), by=BY, zone=ZONES)
def test_windows_hold_what_a_loop_puts_into_them(data, measure, lengths, by, zone):
    every, over = lengths
    log = data.draw(spread(lengths_of(every)))
    check(log, VISIT, Chart("line", "visit", measure=measure, every=every, over=over, by=by), zone)


@pytest.mark.parametrize("lengths", PREVIOUS, ids=" ".join)
@examples(40)
@given(data=st.data(), measure=st.sampled_from(MEASURES), by=BY, zone=ZONES)
def test_the_period_before_stands_beside_each_step(lengths, data, measure, by, zone):
    every, previous = lengths
    log = data.draw(spread(lengths_of(every)))
    check(log, VISIT, Chart("line", "visit", measure=measure, every=every, previous=previous, by=by), zone)


@examples(60)
@given(st.data(), st.sampled_from(MEASURES), st.sampled_from([("1d", "3d", "week"), ("1h", "6h", "day")]), ZONES)
def test_windows_have_a_period_before_too(data, measure, lengths, zone):
    every, over, previous = lengths
    log = data.draw(spread(lengths_of(every)))
    check(log, VISIT, Chart("table", "visit", measure=measure, every=every, over=over, previous=previous), zone)


WHERES = st.sampled_from(
    [
        "start >= now() - '9d'",
        "start >= now() - '20d' AND duration >= '0s'",
        "start < now() - '10d'",
        "page = '/' OR start >= now() - '8d'",
    ]
)


@pytest.mark.parametrize("previous", ["day", "week", "month", "span"])
@examples(40)
@given(
    log=spread(24 * 40, ends=True),
    measure=st.sampled_from(MEASURES),
    over=maybe(st.just("3d")),
    where=WHERES,
    by=BY,
    zone=ZONES,
)
def test_a_condition_on_the_start_moves_with_the_period(previous, log, measure, over, where, by, zone):
    definition = VISIT.replace(metrics=(*METRICS, Metric("page", "first", "page")))
    by = tuple(name for name in by if name != "any page")
    fields = {"every": "1d", "over": over, "previous": previous, "where": where, "by": by}
    check(log, definition, Chart("line", "visit", measure=measure, **fields), zone)


def test_a_share_of_sessions_is_of_sessions_where_one_is_in_several_groups():
    rows = {
        "user": ["a", "a", "b"],
        "ts": [datetime(2024, 3, 8)] * 2 + [datetime(2024, 3, 11)],
        "page": ["/", "/a", "/"],
    }
    chart = Chart("line", "visit", measure="share", every="1d", over="2d", by=("any page",))
    found = explorer.connect(pl.DataFrame(rows), actor="user", time="ts").query(
        chart, SessionDefinition("visit", "30m")
    )
    assert found.filter(pl.col("start") == datetime(2024, 3, 9))["value"].to_list() == [0.5, 0.5]


GALLERY = Analysis.from_yaml((Path(__file__).parents[3] / "analyses" / "over_time.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("chart", GALLERY.charts, ids=str)
@examples(5)
@given(log=spread(24 * 60, ends=True), zone=ZONES)
def test_the_gallery_is_what_the_loop_says(chart: Chart, log: Log, zone: str):
    check(log, GALLERY.sessions[0], chart, zone)


def days(counts: list[int]) -> explorer.engine.local.engine.LocalEngine:
    """So many sessions on each day from the first of March."""
    rows = [
        {"user": f"{at} {i}", "ts": datetime(2024, 3, 1, 12) + timedelta(days=at)}
        for at, n in enumerate(counts)
        for i in range(n)
    ]
    return explorer.connect(pl.DataFrame(rows), actor="user", time="ts")


def test_the_span_before_is_as_long_as_what_is_shown():
    found = days([1, 2, 3, 4, 5, 6, 7]).query(
        Chart("line", "visit", every="1d", previous="span", where="start >= '2024-03-05'"), PLAIN
    )
    assert found.select("value", "previous").rows() == [(5, 2), (6, 3), (7, 4)]
    whole = days([1, 2]).query(Chart("line", "visit", every="1d", previous="span"), PLAIN)
    assert whole["previous"].to_list() == [None, None]


def test_a_window_that_begins_before_the_data_has_no_value():
    found = days([1, 2, 3, 4]).query(Chart("line", "visit", every="1d", over="3d"), PLAIN)
    assert found["value"].to_list() == [None, None, 6, 9]
    assert found["sessions"].to_list() == [1, 3, 6, 9]


@pytest.mark.parametrize("fields", [{"over": "7d"}, {"over": "28d"}, {"previous": "week"}, {"over": "1mo"}], ids=str)
def test_a_step_that_is_not_said_goes_with_the_window_and_the_period(fields: dict):
    found = days([1] * 60).query(Chart("line", "visit", **fields), PLAIN)
    assert found["start"][1] - found["start"][0] == timedelta(days=1)


def test_a_window_longer_than_the_data_says_so():
    with pytest.raises(
        SpecError, match=r"over: The sessions shown span 3 steps of 1mo: no window of 6mo lies in them\."
    ):
        days([1] * 75).query(Chart("line", "visit", every="1mo", over="6mo"), PLAIN)


def test_nothing_is_empty_and_no_error():
    log = days([1, 1, 1])
    chart = Chart("line", "visit", every="1d", over="2d", previous="day")
    assert log.query(chart.replace(where="duration > '1d'"), PLAIN).height == 0
    assert log.query(chart, PLAIN.replace(keep="duration > '1d'")).height == 0
    nobody = pl.Series([], dtype=pl.UInt32)
    assert answer(log.session_table(PLAIN), chart, nobody)["value"].to_list() == [None, 0, 0]


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"over": "0d"}, "over: A window of 0 holds nothing. Write a length such as 7d."),
        ({"over": "-7d"}, "over: '-7d' is not a duration."),
        ({"over": "7"}, "over: '7' has no unit. Write 7s, 7m, 7h or 7d."),
        ({"over": "30s"}, "over: '30s' is not a whole number of minutes."),
        ({"over": "12h"}, "over: A window of 12h is shorter than the step of 1d: what lies between is in none."),
        ({"over": "36h"}, "over: A window of 1d12h is not a whole number of steps of 1d. Write every: 12h"),
        ({"over": "1mo", "every": "1w"}, "over: A window of 1mo is not a whole number of steps of 1w. Write every: 1d"),
        ({"over": "7d", "every": "1mo"}, "over: A window of 1w is not a whole number of steps of 1mo."),
        ({"over": "99999999mo"}, "over: '99999999mo' is longer than any data. The longest is 1000y."),
        ({"over": "5000y"}, "over: '5000y' is longer than any data."),
        ({"previous": "decade"}, "previous: 'decade' is not known. There are: day, week, month, year, span."),
        ({"previous": "month", "every": "1w"}, "previous: Steps of 1w do not lie as they did the month before."),
        ({"kind": "bar", "by": "page", "over": "7d", "every": None}, "over: This bar is not over time"),
        ({"kind": "number", "previous": "week", "every": None}, "previous: This number is not over time"),
        ({"kind": "table", "previous": "week", "every": None}, "previous: This table is not over time"),
        ({"kind": "distribution", "of": "duration", "over": "7d", "every": None}, "over: This distribution is not"),
    ],
)
def test_what_does_not_fit_is_a_sentence(fields: dict, error: str):
    with pytest.raises(SpecError) as raised:
        Chart(**{"kind": "line", "session": "visit", "every": "1d"} | fields)
    assert str(raised.value).startswith(error)


def test_too_many_steps_and_groups_are_refused():
    log = days([1] * 40)
    with pytest.raises(SpecError, match=r"every: 1m makes 56,161 steps\. The most are 10,000"):
        log.query(Chart("line", "visit", every="1m", over="7d"), PLAIN)
    rows = [
        {"user": str(at), "ts": datetime(2024, 3, 1) + timedelta(minutes=at), "page": str(at)} for at in range(3000)
    ]
    log = explorer.connect(pl.DataFrame(rows), actor="user", time="ts")
    with pytest.raises(SpecError, match=r"by: These are 600,000 groups\. Say top: 10"):
        log.query(Chart("line", "visit", every="15m", over="1h", by="page"), PLAIN)

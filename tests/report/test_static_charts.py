"""The charts that are not brushed: each is drawn as what it is or shown as its table, with the engine's numbers."""

from __future__ import annotations

from itertools import pairwise

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.charts.figure.cells import column_texts
from explorer.crossfilter.cards import Card
from explorer.report import drawings
from explorer.report.page import linked
from explorer.report.static_charts import MOST_ROWS, answered, cells_answer, with_bars
from explorer.spec.charts.chart import Chart
from explorer.spec.session import SessionDefinition
from tests.engines.making import Connect
from tests.report.made_up import analysis, log

ENGINE = log(1_500)
DOCUMENT = analysis(ENGINE)
VISIT = DOCUMENT.sessions[0]


def asked(kind: str, **said: object) -> Chart:
    return Chart(kind, "visit", **said)  # type: ignore[arg-type]


CHARTS = [
    (asked("number"), "number"),
    (asked("number", measure="median duration"), "number"),
    (asked("bar", by="platform"), "bars"),
    (asked("bar", by=("platform", "event"), measure="mean spent"), "bars"),
    (asked("line", every="1d"), "plane"),
    (asked("line", every="1w", measure="median duration", by="platform"), "plane"),
    (asked("line", by="user"), "table"),
    (asked("distribution", of="duration", where="event_count > 1"), "plane"),
    (asked("distribution", of="spent"), "plane"),
    (asked("distribution", of="spent", by="platform"), "table"),
    (asked("heatmap", by=("hour of start", "weekday of start")), "heat"),
    (asked("heatmap", by=("platform", "user")), "table"),
    (asked("scatter", measure="max duration", by="event_count"), "table"),
    (asked("table", measure="min start", by="platform"), "table"),
    (asked("table", measure="share", by="platform"), "table"),
    (asked("bar", by="nothing"), "error"),
    (asked("bar", measure="median platform"), "error"),
]


@pytest.mark.parametrize(("chart", "kind"), CHARTS, ids=[str(at) for at in range(len(CHARTS))])
def test_nothing_is_left_out(chart: Chart, kind: str):
    answer = answered(ENGINE, chart, VISIT)
    assert answer.kind == kind
    if kind in ("number", "error"):
        assert answer.drawn if kind == "number" else answer.note
        return
    frame = ENGINE.query(chart, VISIT)
    table = answer.table
    assert table is not None
    assert len(table.rows) == min(frame.height, MOST_ROWS)
    assert (f"of {frame.height:,} rows" in answer.note) == (frame.height > MOST_ROWS)
    place = frame.columns.index("value")
    values = frame["value"].to_physical().to_list()[:MOST_ROWS]
    assert [row[place].order for row in table.rows] == values
    if frame["value"].dtype.is_temporal():
        assert [row[place].text for row in table.rows] == column_texts(frame["value"], None)[:MOST_ROWS]


def test_bars_are_as_long_as_their_values():
    answer = answered(ENGINE, asked("bar", by="platform"), VISIT)
    values = ENGINE.query(asked("bar", by="platform"), VISIT)["value"]
    assert answer.drawn == pytest.approx((100 * values / values.max()).to_list(), abs=0.01)


def test_bins_of_whole_numbers_share_none():
    table = answered(ENGINE, asked("table", by="event_count"), VISIT).table
    assert table is not None
    bins = [[int(text.replace(",", "")) for text in row[0].text.split(" to ")] for row in table.rows]
    assert all(one[-1] < other[0] for one, other in pairwise(bins))


def test_cells_are_counted_as_numpy_counts_them():
    chart = asked("heatmap", by=("hour of start", "weekday of start"))
    picture, _, others = linked(ENGINE, VISIT, (chart,))
    answer = cells_answer(picture, others[0], "UTC")
    assert answer is not None
    starts = ENGINE.sessions(VISIT)["start"].dt.convert_time_zone("Europe/Berlin")
    for weekday, (_, row) in enumerate(answer.drawn["rows"]):
        for hour, (text, _) in enumerate(row):
            held = ((starts.dt.hour() == hour) & (starts.dt.weekday() == weekday + 1)).sum()
            assert int(text.replace(",", "") or 0) == held


@pytest.mark.parametrize(
    "chart",
    [
        asked("heatmap", by=("hour of start", "weekday of start"), measure="median duration"),
        asked("heatmap", by=("hour of start", "weekday of start"), where="event_count > 1"),
        asked("bar", by="platform", measure="median duration"),
    ],
)
def test_what_is_measured_is_drawn_once(chart: Chart):
    picture, brushed, others = linked(ENGINE, VISIT, (chart,))
    assert [card.dimension for card in brushed] == ["duration", "event_count", "time_in_session", "start"]
    assert cells_answer(picture, others[0], "UTC") is None


@given(st.lists(st.floats(-1e12, 1e12).filter(lambda value: abs(value) > 1e-6), min_size=1), st.booleans())
def test_an_axis_holds_all_values_between_round_ends(values: list[float], long: bool):
    ticks, low, high = drawings.axis(values, str, long)
    assert low <= min(values) + 1e-9 * abs(low)
    assert high >= max(values) - 1e-9 * abs(high)
    places = [place for place, _ in ticks]
    assert (places[0], places[-1]) == (0.0, 1.0)
    assert places == sorted(places)
    assert 2 <= len(ticks) <= 9


def test_a_line_breaks_where_there_is_nothing():
    times = ENGINE.query(asked("line", every="1d"), VISIT)["start"].head(5)
    plane = drawings.lines_over(times, [("a", [1.0, None, 2.0, 4.0, None])], str, False)
    assert plane.lines[0].parts == ["0.0,750.0 0.0,750.0", "500.0,500.0 750.0,0.0"]


def test_a_funnel_is_bars_with_what_went_on_beside_them(engines: Connect):
    frame = pl.DataFrame({"user": ["a"] * 3 + ["b"], "ts": [0, 60, 90, 0], "event": ["view", "cart", "buy", "view"]})
    frame = frame.with_columns(pl.from_epoch(pl.col("ts") + 1_700_000_000))
    engine = engines(frame, actor="user", time="ts")
    steps = ("event = 'view'", "event = 'buy'")
    found = answered(engine, Chart("funnel", "visit", steps=steps), SessionDefinition("visit", "30m"))
    assert (found.kind, found.drawn) == ("funnel", [100.0, 50.0])
    assert found.table is not None
    assert [[cell.text for cell in row] for row in found.table.rows] == [
        ["1. view", "2", "100.0 %", "100.0 %", "0s", "0s", "0s"],
        ["2. buy", "1", "50.0 %", "50.0 %", "1m 30s", "1m 30s", "1m 30s"],
    ]


def test_a_funnel_over_time_is_a_line_behind_its_bars(engines: Connect):
    frame = pl.DataFrame({"user": ["a"] * 2 + ["b"], "ts": [0, 60, 0], "event": ["view", "buy", "view"]})
    frame = frame.with_columns(pl.from_epoch(pl.col("ts") + 1_700_000_000))
    engine = engines(frame, actor="user", time="ts")
    chart = Chart("funnel", "visit", steps=("event = 'view'", "event = 'buy'"), every="1d")
    found = answered(engine, chart, SessionDefinition("visit", "30m"))
    assert (found.kind, found.title) == (
        "plane",
        "Share of those that reach view that reach buy in this order, per day",
    )
    assert found.note == "Too few sessions begin per day to compare them: fewer than 30."
    assert found.table is not None
    assert [[cell.text for cell in row] for row in found.table.rows] == [["14 Nov 2023", "50.0 %", "2", "1"]]
    bars, line = with_bars([Card("one", chart)])
    assert (bars.chart, line.chart) == (chart.replace(every=None), chart)


def test_a_funnel_by_a_dimension_has_a_column_for_each_value(engines: Connect):
    rows = {"a": ["view", "cart", "buy"], "b": ["view"], "c": ["cart"]}
    frame = pl.DataFrame(
        [
            {"user": user, "ts": 1_700_000_000 + 60 * at, "event": event, "ad": "<x>" if user == "a" else None}
            for user, events in rows.items()
            for at, event in enumerate(events)
        ]
    ).with_columns(pl.from_epoch("ts"))
    engine = engines(frame, actor="user", time="ts")
    chart = Chart("funnel", "visit", steps=("event = 'view'", "event = 'buy'"), by="first ad")
    found = answered(engine, chart, SessionDefinition("visit", "30m"))
    assert found.kind == "heat"
    assert found.drawn == {
        "heads": ["<x>", "none"],
        "rows": [
            ("1. view", [("100.0 % · 1", 100.0), ("50.0 % · 1", 50.0)]),
            ("2. buy", [("100.0 % · 1", 100.0), ("0.0 % · 0", 0.0)]),
        ],
    }
    assert found.table is not None
    assert [[cell.text for cell in row[:4]] for row in found.table.rows] == [
        ["<x>", "1. view", "1", "100.0 %"],
        ["<x>", "2. buy", "1", "100.0 %"],
        ["none", "1. view", "1", "50.0 %"],
        ["none", "2. buy", "0", "0.0 %"],
    ]

"""The numbers of charts are whole, and values that a machine reads."""

from __future__ import annotations

import io

import numpy as np
import polars as pl
import polars.selectors as cs
import pytest

from explorer.crossfilter.cards import cards
from explorer.crossfilter.selections.selection import Range, Selection
from explorer.engine.engine import Engine
from explorer.exports.chart_numbers import brushed_numbers, csv_text, followed_numbers
from explorer.spec.charts.chart import Chart
from explorer.spec.session import SessionDefinition
from tests.engines.making import Connect
from tests.report.made_up import log

VISIT = SessionDefinition("visit", "30m", metrics=[{"name": "spent", "aggregate": "mean", "column": "amount"}])
SELECTION = Selection().with_("event_count", Range(2, 5))


@pytest.fixture(scope="module")
def engine(engines: Connect) -> Engine:
    return log(400, connect=engines)


def test_bins_of_a_brushed_chart(engine: Engine):
    drawn, found = engine.cut(VISIT).coded(), engine.sessions(VISIT)
    for card in cards([Chart("distribution", "visit", of="duration"), Chart("line", "visit")], "user"):
        name = card.dimension
        numbers = brushed_numbers(card, drawn, SELECTION)
        numbers = numbers.with_columns(cs.datetime().dt.convert_time_zone("UTC"))
        held = found.filter(pl.col("event_count").is_in([2, 3, 4]))
        assert numbers["sessions"].sum() == found.height
        assert numbers["under the other brushes"].sum() == held.height
        for low, high, n in numbers.select(f"{name} from", f"{name} to", "sessions").iter_rows():
            column = pl.col(name)
            inside = (column >= low) & (column < high if high is not None else True)
            assert found.filter(inside).height == n
    start = brushed_numbers(cards([Chart("line", "visit")], "user")[0], drawn, Selection())
    assert start.columns == ["start", "start from", "start to", "sessions"]
    assert "+01:00" in csv_text(start)


def test_actors_are_counted_as_such_and_counts_add_up(engine: Engine):
    drawn = engine.cut(VISIT).coded()
    chart = Chart("distribution", "visit", of="user.time_in_session.visit", cumulative=True)
    (card,) = cards([chart], "user")
    numbers = brushed_numbers(card, drawn, Selection())
    assert numbers["actors"][-1] == engine.actors(VISIT).height


@pytest.mark.parametrize(
    "chart",
    [
        Chart("table", "visit", by=("user",)),
        Chart("number", "visit", measure="median duration"),
        Chart("line", "visit", every="1d", measure="mean spent", by=("platform",)),
        Chart("heatmap", "visit", by=("hour of start", "weekday of start"), measure="median duration"),
        Chart("bar", "visit", by=("platform",), measure="mean spent"),
        Chart("scatter", "visit", by=("duration", "spent")),
        Chart("scatter", "visit", by=("platform", "event_count")),
    ],
    ids=lambda chart: f"{chart.kind} {' '.join(chart.by)}",
)
@pytest.mark.parametrize("brushed", [False, True])
def test_charts_that_follow(engine: Engine, chart: Chart, brushed: bool):
    definition = VISIT.replace(split_by="platform") if "platform" in chart.by else VISIT
    coded, selection = engine.cut(definition).coded(), SELECTION if brushed else Selection()
    numbers = followed_numbers(coded.groups(chart, selection), coded, selection)
    assert ("selected" in numbers.columns) == brushed
    read = pl.read_csv(io.StringIO(csv_text(numbers)), infer_schema_length=None)
    assert read.columns == numbers.columns
    assert read.height == numbers.height > 0
    if chart.kind == "scatter":
        sessions = engine.sessions(definition)
        one, other = chart.by
        both = numbers.join(sessions, on="session_id", how="left", maintain_order="left")
        assert numbers.height == sessions.drop_nulls([one, other]).height
        for name in (one, other):
            assert both[name].to_list() == both[f"{name}_right"].to_list()
        if brushed:
            assert numbers["selected"].sum() == sessions.drop_nulls([one, other])["event_count"].is_between(2, 4).sum()
    if chart.kind == "heatmap":
        assert numbers.schema["value"] == pl.Duration("us")
        assert numbers["hour of start"].n_unique() == 24
    if chart.kind == "table":
        assert numbers.height == engine.actors(VISIT).height


def test_names_that_clash():
    frame = pl.DataFrame({"a": [[1, 2], None], "b": [np.nan, 1.0]})
    assert csv_text(frame) == 'a,b\n"[1, 2]",NaN\n,1.0\n'

"""Charts that follow the brushes: their numbers are those of the core, over all sessions and over the selected."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import numpy as np
import polars as pl
import pytest

from explorer.crossfilter.bins.bins import Bins
from explorer.crossfilter.cards import axes, cards, dimensions
from explorer.crossfilter.formats import number_text
from explorer.crossfilter.measured import Cells, Points, Rows
from explorer.crossfilter.selections.selection import Selection
from explorer.engine.coded import Coded
from explorer.engine.engine import Engine
from explorer.errors import SpecError
from explorer.spec.charts.chart import Chart
from explorer.spec.session import SessionDefinition
from tests.engine.local.coded.shop import VISIT, shop
from tests.engines.making import Connect

SELECTIONS = (
    "",
    "paid:10.0..40.0",
    "first page:/page/0|/page/3;start:2024-03-01T00:00..2024-03-09T00:00",
    "paid:!0.0..",
)
MEASURES = (
    "count",
    "median paid",
    "mean paid",
    "sum paid",
    "max wait",
    "p90 duration",
    "share vip",
    "share",
    "share paid",
)

DAY = timedelta(days=1)
OVER_TIME = (
    "",
    "paid:10.0..40.0",
    "start:2024-03-04T06:00..2024-03-15T18:00",
    "paid:10.0..;start:2024-03-04T06:00..2024-03-15T18:00",
    "first page:/page/0|/page/3;start:2024-03-12T00:00..",
    "start:!2024-03-09T00:00..2024-03-12T00:00",
)


def asked(kind: str, **fields: Any) -> Chart:
    return Chart(kind, "visit", **fields)


@pytest.fixture(scope="module")
def engine(engines: Connect) -> Engine:
    return shop(600, seed=3, connect=engines)


@pytest.fixture(scope="module")
def picture(engine: Engine) -> Coded:
    charts = [asked("distribution", of="paid"), asked("bar", by="first page"), asked("line")]
    return engine.cut(VISIT).coded(dimensions(charts, "user"))


def sessions(picture: Coded, selection: Selection) -> pl.DataFrame:
    return picture.page(selection, ("", False), slice(None)).frame


def by_hand(values: pl.Series, measure: str, whole: pl.Series) -> float | None:
    """One measure of some sessions, as NumPy has it."""
    aggregate = measure.partition(" ")[0]
    if aggregate == "count":
        return len(values)
    if measure == "share":
        return len(values) / len(whole) if len(whole) else None
    numbers = values.cast(pl.Duration("us")).to_physical() if values.dtype == pl.Duration else values
    numbers = numbers.fill_nan(None) if numbers.dtype.is_float() else numbers
    known = numbers.drop_nulls().cast(pl.Float64).to_numpy()
    if measure == "share vip":
        return float(known.mean()) if len(known) else None
    if aggregate == "share":
        total = whole.fill_nan(None).sum()
        return float(known.sum() / total) if total else None
    if aggregate == "sum":
        return float(known.sum())
    if not len(known):
        return None
    if aggregate == "p90":
        return float(np.quantile(known, 0.9))
    return float({"median": np.median, "mean": np.mean, "max": np.max}[aggregate](known))


@pytest.mark.parametrize("selected", SELECTIONS)
@pytest.mark.parametrize("measure", MEASURES)
def test_cells_are_measured_as_by_hand(engine: Engine, picture: Coded, selected: str, measure: str):
    selection = Selection.from_text(selected)
    chart = asked("heatmap", measure=measure, by=("weekday of start", "vip"))
    found = picture.groups(chart, selection)
    assert isinstance(found, Cells)
    shown = found.all if found.selected is None else found.selected
    frame = sessions(picture, selection)
    of = measure.partition(" ")[2] or "duration"
    days = frame["start"].dt.weekday() - 1
    for day in range(7):
        for vip in (False, True):
            inside = frame.filter((days == day) & (frame["vip"] == vip))
            wanted = by_hand(inside[of], measure, frame[of])
            value = shown[day, int(vip)]
            wanted = np.nan if wanted is None else wanted
            assert value == pytest.approx(wanted, nan_ok=True, abs=1), (day, vip)


@pytest.mark.parametrize("selected", SELECTIONS)
@pytest.mark.parametrize(
    "chart",
    [
        asked("line", every="1d"),
        asked("line", every="1w", measure="median paid", by="first page", top=3),
        asked("number", measure="mean paid"),
        asked("table", by=("vip", "first page"), measure="sum paid"),
        asked("table", every="1mo"),
    ],
    ids=str,
)
def test_rows_are_what_the_engine_says_of_the_selected_sessions(
    engine: Engine, picture: Coded, selected: str, chart: Chart
):
    selection = Selection.from_text(selected)
    found = picture.groups(chart, selection)
    assert isinstance(found, Rows)
    assert found.frame.equals(engine.query(chart, VISIT))
    if not selection:
        assert found.selected is None
        return
    chosen = sessions(picture, selection)["session_id"]
    alone = engine.query(chart, VISIT.replace(keep=f"session_id IN ({', '.join(map(repr, chosen))})"))
    wanted = {tuple(row[:-2]): row[-2] for row in alone.select(*found.names, "value", "sessions").rows()}
    assert found.selected is not None
    keys = found.frame.select(found.names).rows() or [()]
    for row, value in zip(keys, found.selected, strict=True):
        expected = wanted.get(row)
        if "first page" in found.names and row[-1] == "other":
            continue  # alone, other values are the most frequent ones
        assert value == (pytest.approx(expected) if expected is not None else value)
        if expected is None:
            assert value in (0, None)


@pytest.mark.parametrize("selected", SELECTIONS)
def test_a_question_of_the_selected_sessions_is_that_of_them_alone(engine: Engine, picture: Coded, selected: str):
    """Also of charts that are binned when they follow on the page, and of a funnel."""
    selection = Selection.from_text(selected)
    chosen = sessions(picture, selection)["session_id"]
    alone = VISIT.replace(keep=f"session_id IN ({', '.join(map(repr, chosen))})")
    for chart in (
        asked("number", measure="sum paid"),
        asked("line", every="1w", measure="median paid"),
        asked("bar", by="vip", measure="mean paid"),
        asked("heatmap", measure="count", by=("weekday of start", "vip")),
        asked("funnel", steps=("page = '/page/0'", "page = '/page/3'")),
    ):
        found, wanted = picture.query(chart, selection), engine.query(chart, alone)
        assert found.columns == wanted.columns
        keys = found.columns[: found.columns.index("value")]
        of = [dict(zip(each.select(keys).rows() or [()], each["value"], strict=True)) for each in (found, wanted)]
        assert {key: value for key, value in of[0].items() if value not in (0, None)} == pytest.approx(
            {key: value for key, value in of[1].items() if value not in (0, None)}
        ), chart


@pytest.mark.parametrize("selected", OVER_TIME)
@pytest.mark.parametrize("more", [{"over": "7d"}, {"previous": "week"}])
def test_windows_of_the_selected_are_those_that_follow(picture: Coded, selected: str, more: dict[str, str]):
    selection = Selection.from_text(selected)
    chart = asked("line", every="1d", measure="median paid", **more)
    found, rows = picture.query(chart, selection), picture.groups(chart, selection)
    assert isinstance(rows, Rows)
    assert found["value"].to_list() == (rows.frame["value"] if rows.selected is None else rows.selected).to_list()
    inside = sessions(picture, selection).height
    assert found.columns == rows.frame.columns
    if "over" not in more:
        assert found["sessions"].sum() == inside


@pytest.mark.parametrize("selected", SELECTIONS)
def test_what_a_metric_comes_to_is_counted_by_hand(picture: Coded, selected: str):
    selection = Selection.from_text(selected)
    found, values = picture.metric("paid", selection), sessions(picture, selection)["paid"]
    assert (found.sessions, found.with_value) == (len(values), values.count())
    told = dict(found.summary)
    if not values.count():
        assert not told
        return
    for label, value in (("total", values.sum()), ("mean", values.mean()), ("max", values.max())):
        assert told[label] == number_text(value)


@pytest.mark.parametrize("selected", OVER_TIME)
@pytest.mark.parametrize("measure", ["count", "median paid", "actors", "sum paid / count"])
def test_windows_under_brushes_are_those_of_a_loop(engine: Engine, picture: Coded, selected: str, measure: str):
    """A brush of the start picks points; a window looks back across its edge, at what the other brushes hold."""
    selection = Selection.from_text(selected)
    chart = asked("line", every="1d", over="7d", measure=measure)
    found = picture.groups(chart, selection)
    assert isinstance(found, Rows)
    assert (found.selected is None) == (not selected)
    frame = sessions(picture, selection.with_("start", None))
    values = found.frame["value"] if found.selected is None else found.selected
    days = found.frame["start"]
    assert values.count() > 0
    for day, value in zip(days, values, strict=True):
        inside = frame.filter((pl.col("start") >= day - 6 * DAY) & (pl.col("start") < day + DAY))
        is_shown = day - 6 * DAY >= days[0] and touches(selection.get("start"), day)
        assert value == (pytest.approx(of_sessions(inside, measure)) if is_shown else None), day


@pytest.mark.parametrize("selected", OVER_TIME)
@pytest.mark.parametrize("measure", ["count", "median paid", "actors", "sum paid / count"])
@pytest.mark.parametrize("previous", ["week", "span"])
def test_a_period_before_under_brushes_is_that_of_a_loop(
    engine: Engine, picture: Coded, selected: str, measure: str, previous: str
):
    """A brush of the start holds, a period earlier, what it holds now; the other brushes hold for both."""
    selection = Selection.from_text(selected)
    chart = asked("line", every="1d", previous=previous, measure=measure)
    found = picture.groups(chart, selection)
    assert isinstance(found, Rows)
    days, brush = found.frame["start"], selection.get("start")
    frame = sessions(picture, selection.with_("start", None))
    back = 7 * DAY if previous == "week" else DAY * sum(touches(brush, day) for day in days)
    values = found.previous if found.selected is None else found.selected_previous
    assert values is not None
    for day, value in zip(days, values, strict=True):
        inside = frame.filter((pl.col("start") >= day - back) & (pl.col("start") < day - back + DAY))
        held = [holds(brush, start + back) for start in inside["start"]]
        wanted = of_sessions(inside.filter(pl.Series(held, dtype=pl.Boolean)), measure)
        assert value == (pytest.approx(wanted) if day - back >= days[0] else None), day


def of_sessions(frame: pl.DataFrame, measure: str) -> float | None:
    paid = frame["paid"].fill_nan(None).drop_nulls()
    if measure == "median paid":
        return paid.median()
    if measure == "sum paid / count":
        return paid.sum() / frame.height if frame.height else None
    return frame.height if measure == "count" else frame["user"].n_unique()


def holds(brush: Any, start: datetime) -> bool:
    if brush is None:
        return True
    us = (start.replace(tzinfo=None) - datetime(1970, 1, 1)) // timedelta(microseconds=1)  # they are in UTC, or naive
    return (brush.lo <= us and (brush.hi is None or us < brush.hi)) != brush.negated


def touches(brush: Any, day: datetime) -> bool:
    return any(holds(brush, day + minutes * timedelta(minutes=1)) for minutes in range(24 * 60))


@pytest.mark.parametrize("selected", SELECTIONS)
def test_points_are_the_sessions_that_have_both_values(engine: Engine, picture: Coded, selected: str):
    selection = Selection.from_text(selected)
    found = picture.groups(asked("scatter", by=("paid", "small")), selection)
    assert isinstance(found, Points)
    paid = sessions(picture, Selection())["paid"].fill_nan(None)
    assert len(found.x) == paid.len() - paid.null_count()
    assert found.without == paid.null_count()
    bins = found.axes[0].bins
    values = paid.drop_nulls().to_numpy()
    assert (np.floor(np.minimum(found.x, len(bins.lows) - 1e-9)) == bins.codes(values)).all()
    if selection:
        held = sessions(picture, selection)["paid"].fill_nan(None)
        assert found.selected is not None
        assert found.selected.sum() == held.len() - held.null_count()


@pytest.fixture(scope="module")
def visits(engines: Connect) -> Engine:
    """Sessions of several pages each; some pages are missing."""
    rng = np.random.default_rng(1)
    n = 900
    frame = pl.DataFrame(
        {
            "user": rng.integers(0, 60, n),
            "ts": pl.Series(rng.integers(0, 10**6, n) * 1_000_000).cast(pl.Datetime("us")),
            "page": rng.choice(["/a", "/b", "/c", "/d", None], n, p=[0.4, 0.2, 0.1, 0.1, 0.2]).tolist(),
        }
    )
    return engines(frame, actor="user", time="ts")


@pytest.mark.parametrize("brushed", ["/a", "/b|/d", "!/a", "~none", "!/a|~none", "/c|~none"])
def test_a_brush_of_any_value_holds_the_sessions_that_have_one(visits: Engine, brushed: str):
    definition = SessionDefinition("visit", "5h", keep="event_count < 9")
    chart = asked("bar", by="any page", top=2)
    picture = visits.cut(definition).coded(dimensions([chart], "user"))
    selection = Selection.from_text(f"any page:{brushed}")
    pages = (
        visits.events(definition, page=slice(0, 10_000))
        .group_by("session_id")
        .agg(pl.col("page").drop_nulls().unique())
    )
    values, none = set(brushed.removeprefix("!").split("|")) - {"~none"}, "~none" in brushed
    has = dict(pages.rows())
    held = {key for key, own in has.items() if (values & set(own)) or (none and not own)}
    wanted = held if not brushed.startswith("!") else set(has) - held
    assert set(sessions(picture, selection)["session_id"]) == wanted
    found = picture.groups(chart, selection)
    assert isinstance(found, Cells)
    assert found.axes[0].bins.labels == ("/a", "/b", "other (2 values)", "none")
    assert found.selected is not None
    for at, page in enumerate(("/a", "/b")):
        assert found.all[at] == sum(page in own for own in has.values())
        assert found.selected[at] == sum(page in has[key] for key in wanted)
    assert found.all[3] == sum(not own for own in has.values())


def test_too_many_points_are_counted_in_cells(engine: Engine, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("explorer.engine.local.coded.measured_under_brush.MOST_POINTS", 100)
    found = engine.cut(VISIT).coded().groups(asked("scatter", by=("wait", "event_count")), Selection())
    assert isinstance(found, Cells)
    assert found.all.sum() == engine.sessions(VISIT).height


def test_points_over_time_are_on_the_calendar(engine: Engine):
    found = engine.cut(VISIT).coded().groups(asked("scatter", by=("start", "small")), Selection())
    assert isinstance(found, Points)
    assert found.axes[0].bins.kind == "time"
    assert (np.diff(found.x[engine.sessions(VISIT)["start"].arg_sort().to_numpy()]) >= 0).all()


def test_a_chart_of_its_own_sessions_counts_only_these(engine: Engine):
    found = (
        engine.cut(VISIT).coded().groups(asked("distribution", of="paid", where="vip = TRUE", bin="10"), Selection())
    )
    assert isinstance(found, Cells)
    frame = engine.sessions(VISIT).filter("vip")
    assert found.all.sum() == frame.height
    assert set(np.diff(found.axes[0].bins.lows)) == {10}


def test_an_actor_is_counted_once(engine: Engine):
    chart = asked("distribution", of="user.time_in_session.visit", where="paid > 0")
    found = engine.cut(VISIT).coded().groups(chart, Selection())
    assert isinstance(found, Cells)
    assert found.all.sum() == engine.sessions(VISIT)["user"].n_unique()


def test_what_cannot_be_asked_says_where(engine: Engine):
    for chart, where in (
        (asked("heatmap", by=("gone", "vip")), "by[0]"),
        (asked("bar", by="vip", measure="median first page"), "measure"),
        (asked("distribution", of="paid", bin="5m"), "bin"),
    ):
        with pytest.raises(SpecError) as caught:
            engine.cut(VISIT).coded().groups(chart, Selection())
        assert caught.value.where == where


def test_of_two_charts_of_one_dimension_the_first_is_brushed():
    both = [asked("distribution", of="duration"), asked("distribution", of="visit.duration", bin="5m")]
    first, second = cards(both, "user")
    assert (first.key, first.dimension, second.dimension) == ("duration", "duration", "")
    assert first.key != second.key
    again = cards([*both, both[1]], "user")
    assert len({card.key for card in again}) == 3


def test_axes_of_charts_that_follow_can_be_brushed():
    heat = asked("heatmap", by=("hour of start", "first page"))
    assert axes(heat, "user") == ("hour of start", "first page")
    assert list(dimensions([heat], "user")) == ["hour of start", "first page"]
    assert axes(asked("bar", by="any page"), "user") == ("any page",)
    assert axes(asked("heatmap", by=("any page", "vip")), "user") == ()
    assert list(dimensions([asked("line", every="1h")], "user")) == ["start"]


def test_key_numbers_through_time_are_those_of_the_sessions_that_start_in_each_bin(picture: Coded):
    found, frame = picture.through_time(), sessions(picture, Selection())
    bins = picture.dimensions["start"].bins
    assert isinstance(bins, Bins)
    starts = frame["start"].dt.replace_time_zone(None).dt.cast_time_unit("us").to_physical()
    for at in range(len(bins)):
        low, high = bins.edges[at], bins.edges[at + 1]
        inside = frame.filter((starts >= low) & (starts < high))
        assert found["sessions"][at] == inside.height
        assert found["actors"][at] == inside["user"].n_unique()
        assert found["events"][at] == inside["event_count"].sum()
        middle = inside["duration"].dt.total_microseconds().median()
        of_actors = inside.group_by("user").agg(pl.col("duration").dt.total_microseconds().sum())["duration"].median()
        wanted = None if of_actors is None else pytest.approx(of_actors)
        assert found["median_time_in_session"][at] == wanted
        assert found["median_duration"][at] == (None if middle is None else pytest.approx(middle))
        assert found["events_per_session"][at] == (
            pytest.approx(inside["event_count"].mean()) if inside.height else None
        )

"""Charts as HoloViews elements: each kind has its function, and what it hands out is what the page draws."""

from __future__ import annotations

import doctest
import inspect
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import holoviews as hv
import numpy as np
import panel as pn
import polars as pl
import pytest
from bokeh.models import CustomJS
from hypothesis import given
from hypothesis import strategies as st

import explorer
from explorer.charts import composing
from explorer.charts.brushing.linked import LinkedCharts
from explorer.charts.elements.table import ELEMENTS
from explorer.charts.figure.time_series import all_series
from explorer.charts.kinds.table import drawn_by
from explorer.crossfilter.cards import cards, dimensions
from explorer.crossfilter.measured import Cells, Points, Rows
from explorer.crossfilter.selections.selection import Selection
from explorer.engine.engine import Engine
from explorer.spec.analysis import Analysis
from explorer.spec.charts.chart import Chart
from explorer.spec.charts.kinds import ALL, KINDS
from tests.charts.gallery import MINIMAL, VISIT, new
from tests.examples import examples

SOME = "first platform:ios"
STEPS = ["event = 'view'", "event = 'buy'"]


def fields(kind: str) -> dict[str, Any]:
    return dict(KINDS[kind].begins) or MINIMAL.get(kind, {})


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.name)
def test_a_kind_has_its_function_with_an_example(kind: Any):
    assert kind.name in ELEMENTS
    function: Callable[..., Any] = composing.ALL[kind.name]
    assert getattr(explorer.charts, function.__name__) is function
    assert doctest.DocTestParser().get_examples(inspect.getdoc(function) or "")


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_an_element_is_plain_and_is_drawn(kind: str, log: Engine):
    for element in (composing.ALL[kind](log, VISIT, selection=held, **fields(kind)) for held in ("", SOME)):
        assert isinstance(element, hv.Element | hv.NdOverlay)
        hv.render(element)
        hv.render(element + element)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_an_element_is_laid_over_saved_and_handed_to_others(kind: str, log: Engine, tmp_path: Path):
    element = composing.ALL[kind](log, VISIT, **fields(kind))
    if not isinstance(element, hv.Table | hv.Sankey):  # which HoloViews lays over nothing
        assert len((element * element.relabel("again")).values()) >= 2
        hv.render(element * element.relabel("again"))
    hv.save(element, tmp_path / "element.html", resources="inline")
    assert "Bokeh" in (tmp_path / "element.html").read_text()
    assert pn.panel(element).get_root() is not None
    # hvPlot draws frames of Pandas, and lays what it makes over elements.
    frame = element.dframe()
    names = [each.name for each in (*element.kdims, *element.vdims)]
    assert set(frame.columns) >= set(names)


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("distribution", {"of": "duration"}),
        ("distribution", {"of": "event_count", "cumulative": True}),
        ("distribution", {"of": "user.time_in_session.visit"}),
        ("distribution", {"of": "duration", "scale": "linear"}),
        ("distribution", {"of": "spent", "bin": "10"}),
        ("bar", {"by": "first platform"}),
        ("bar", {"by": "hour of start"}),
    ],
)
def test_bins_are_those_that_are_brushed_on_the_page(kind: str, said: dict[str, Any], log: Engine):
    chart = Chart(kind, "visit", **said)
    [card] = cards([chart], "user")
    linked = LinkedCharts({card.dimension: "Title"})
    linked.dress(card.dimension, height=200, cumulative=chart.cumulative)
    figure = hv.render(linked.elements[card.dimension])
    linked.show(log.cut(VISIT).coded(dimensions([chart], "user")))
    page = figure.renderers[0].data_source.data["top"]
    element = composing.ALL[kind](log, VISIT, **said)
    assert heights(element) == page.tolist()


@pytest.mark.parametrize("held", ["", SOME])
@pytest.mark.parametrize("kind", [kind.name for kind in ALL if kind.has_card and kind.shown_as == "figure"])
def test_numbers_are_those_that_the_page_draws(kind: str, held: str, log: Engine):
    chart = new(KINDS[kind])
    asked = dimensions([chart, Chart("bar", "visit", by="first platform")], "user")
    followed = log.cut(VISIT).coded(asked).groups(chart, Selection.from_text(held))
    element = composing.ALL[kind](log, VISIT, selection=held, **fields(kind))
    drawer = drawn_by(followed)
    assert drawer is not None
    drawn = drawer()
    drawn.attach(hv.renderer("bokeh").instance(mode="server").get_plot(drawn.element()), CustomJS())
    drawn.draw(followed, Selection(), "#2f7de1")
    if isinstance(followed, Points):
        assert len(element) == len(drawn._front.data_source.data["x"])
    elif isinstance(followed, Cells):
        chosen = followed.all if followed.selected is None else followed.selected
        found, wanted = ([each for each in values if each] for values in (heights(element), chosen.ravel().tolist()))
        assert sorted(found) == sorted(wanted)
    else:
        assert isinstance(followed, Rows)
        chosen = followed.frame["value"] if followed.selected is None else followed.selected
        series = all_series(followed, chosen)
        parts = element.items() if isinstance(element, hv.NdOverlay) else [("", element)]
        assert sorted(name for name, _ in parts) == sorted(series)
        total = sum(np.nansum(heights(part)) - np.nansum(baseline(part)) for _, part in parts)
        assert total == sum(np.nansum(each) for each in series.values())


def heights(element: Any) -> list[float]:
    """The values of an element, without those that are none."""
    values = np.asarray(element.dimension_values(element.vdims[0]), dtype=float)
    return values[~np.isnan(values)].tolist()


def baseline(element: Any) -> list[float]:
    return element.dimension_values(element.vdims[1]).tolist() if element.vdims[1:] else []


@examples(20)
@given(
    starts=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 500)), min_size=1, max_size=60),
    width=st.sampled_from([None, "5m", "1h"]),
)
def test_a_histogram_is_what_a_loop_counts(starts: list[tuple[int, int]], width: str | None):
    rows = [(f"u{who}", datetime(2024, 3, 1) + timedelta(minutes=minute)) for who, minute in starts]
    log = explorer.connect(pl.DataFrame(rows, schema=["user", "ts"], orient="row"), actor="user", time="ts")
    element = composing.distribution(log, "30m", bin=width)
    durations = [each.total_seconds() for each in log.sessions(explorer.SessionDefinition("s", "30m"))["duration"]]
    edges = element.edges
    counted = [sum(low <= each < high for each in durations) for low, high in pairwise(edges)]
    assert heights(element) == counted
    assert sum(counted) == len(durations)


def test_times_are_those_of_the_clocks_and_units_are_said():
    frame = pl.DataFrame({"user": ["a", "b"], "ts": ["2024-07-01T22:30:00Z", "2024-07-02T12:00:00Z"]})
    log = explorer.connect(frame, actor="user", time="ts", time_zone="Europe/Berlin")
    line = composing.line(log, "30m", every="1d")
    assert line.dimension_values("start").astype("datetime64[D]").tolist() == [datetime(2024, 7, 2).date()]
    assert line.kdims[0].unit == "Europe/Berlin"
    assert composing.line(log, "30m", "median duration", every="1d").vdims[0].unit == "s"
    assert composing.distribution(log, "30m", of="start").kdims[0].unit == "Europe/Berlin"
    assert composing.distribution(log, "30m", of="user.time_in_session.session").vdims[0].name == "actors"


def test_a_condition_and_a_selection_leave_out_what_does_not_match(log: Engine):
    sessions = log.sessions(VISIT)
    some = composing.distribution(log, VISIT, where="session_number > 3")
    assert sum(heights(some)) == sessions.filter(pl.col("session_number") > 3).height
    held = composing.distribution(log, VISIT, of="session_number", selection="session_number:1..4")
    assert sum(heights(held)) == sessions.filter(pl.col("session_number") < 4).height
    reached = composing.funnel(log, VISIT, STEPS, selection=SOME)
    assert heights(reached) == [40.0, 40.0]


def test_paths_and_returns_are_those_of_the_engine(log: Engine):
    flows = composing.paths(log, VISIT, length=3)
    assert sum(flows.dimension_values("sessions")) == log.paths(VISIT, length=3).frame()["sessions"].sum()
    backward = composing.paths(log, VISIT, length=3, backward=True)
    assert (
        sum(backward.dimension_values("sessions"))
        == log.paths(VISIT, length=3, backward=True).frame()["sessions"].sum()
    )
    found = composing.returning(log, VISIT, every="1w", selection=SOME)
    assert sorted(heights(found)) == sorted(log.retention(VISIT, SOME, every="1w").frame()["value"].drop_nulls())


def test_a_definition_has_a_name_in_an_explorer(log: Engine):
    state = SimpleNamespace(engine=log, analysis=Analysis(log.columns, [VISIT]))
    app = SimpleNamespace(state=state)
    for known in (state, app):
        assert heights(composing.number(known, "visit")) == [log.sessions(VISIT).height]
    with pytest.raises(explorer.SpecError, match=r"'session' is no session definition\. There is 'visit'"):
        composing.number(app, "session")
    with pytest.raises(explorer.SpecError, match=r"'visit' is no session definition\. Only an explorer knows"):
        composing.number(log, "visit")


@pytest.mark.parametrize(
    ("kind", "said", "problem"),
    [
        ("distribution", {"of": "nothing"}, "nothing"),
        ("bar", {"by": "first nothing"}, "nothing"),
        ("line", {"measure": "median nothing"}, "nothing"),
        ("line", {"every": "soon"}, "every"),
        ("heatmap", {"by": "hour of start"}, "a heat map has two dimensions"),
        ("scatter", {"by": "duration"}, "a scatter has two columns"),
        ("distribution", {"selection": "nothing:1..2"}, "nothing"),
        ("distribution", {"selection": "duration:web"}, "has other values"),
        ("distribution", {"where": "nothing = 1"}, "nothing"),
        ("funnel", {"steps": []}, "at least one step"),
    ],
)
def test_what_does_not_fit_is_said(kind: str, said: dict[str, Any], problem: str, log: Engine):
    with pytest.raises(explorer.ExplorerError, match=problem):
        composing.ALL[kind](log, VISIT, **said)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_one_event_and_no_session_are_drawn(kind: str):
    frame = pl.DataFrame({"user": ["a"], "ts": [datetime(2024, 3, 1)], "event": ["view"]})
    log = explorer.connect(frame, actor="user", time="ts", event="event")
    none = explorer.SessionDefinition("visit", "30m", keep="event_count > 5")
    hv.render(composing.ALL[kind](log, explorer.SessionDefinition("visit", "30m"), **fields(kind)))
    if kind == "paths":
        with pytest.raises(explorer.SpecError, match=r"no paths to draw\. None of 0 sessions"):
            composing.paths(log, none)
    else:
        hv.render(composing.ALL[kind](log, none, **fields(kind)))


def test_names_of_the_data_are_texts_and_no_templates(tmp_path: Path):
    hostile = "<script>alert(1)</script> {label} ö"
    frame = pl.DataFrame(
        {"user": ["a", "b"], "ts": [datetime(2024, 3, 1), datetime(2024, 3, 2)], hostile: ["{x}", None]}
    )
    log = explorer.connect(frame, actor="user", time="ts")
    bars = composing.bar(log, "30m", by=f"first {hostile}", blanks=True)
    assert bars.dimension_values(0).tolist() == ["{x}", "none"]
    assert hv.render(bars).title.text == f"Sessions by first {hostile}"
    hv.save(bars * bars, tmp_path / "bars.html", resources="inline")
    assert "<script>alert(1)" not in (tmp_path / "bars.html").read_text()

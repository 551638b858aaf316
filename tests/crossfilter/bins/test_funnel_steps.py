"""How many steps of a funnel sessions reach, as a dimension that is brushed."""

from __future__ import annotations

import polars as pl

import explorer
from explorer.crossfilter.bins.binning import AUTOMATIC, Binning
from explorer.crossfilter.bins.funnel_steps import step_bins
from explorer.crossfilter.selections.brushes import Range
from explorer.crossfilter.selections.selection import Selection
from explorer.engine.local.coded.dimensions import dimension
from explorer.engine.local.coded.local_coded import coded_of
from explorer.spec.expression.clause import parse
from tests.engine.local.inside.test_inside import FRAME, VISIT

STEPS = tuple(parse(f"event = '{event}'") for event in ("login", "view", "buy"))


def test_each_number_of_steps_has_a_bin():
    engine = explorer.connect(FRAME, actor="user", time="ts", event="event")
    found = dimension(engine.session_table(VISIT), "funnel", Binning(steps=STEPS))
    assert found.totals.tolist() == [0, 1, 1, 1]
    assert found.bins.labels == (
        "reached no step",
        "stopped after step 1: login",
        "stopped after step 2: view",
        "reached step 3: buy",
    )


def test_it_is_brushed_beside_others():
    engine = explorer.connect(FRAME, actor="user", time="ts", event="event")
    drawn = coded_of(
        engine.session_table(VISIT),
        {"event_count": AUTOMATIC, "funnel": Binning(steps=STEPS), "first event": Binning(top=10)},
    )
    selection = Selection.from_text("funnel:2..")
    assert drawn.rows(selection).to_list() == [0, 2]
    assert drawn.rows(Selection.from_text("funnel:1..2")).to_list() == [1]
    assert drawn.rows(selection.with_("event_count", Range(4, None))).to_list() == [0]
    other = coded_of(engine.session_table(VISIT), {"funnel": Binning(steps=STEPS[1:])})
    assert other.crossfilter.dimensions["funnel"].totals.tolist() == [0, 2, 1]


def test_a_brush_is_said_in_words():
    bins = step_bins("funnel", ("view", "a condition that goes on for much longer than anybody reads"))
    assert bins.text(Range(1, None)) == "reached step 1: view"
    assert bins.text(Range(0, 2)) == "0 to 1 steps"
    assert bins.text(Range(1, 2, negated=True)) == "not stopped after step 1: view"
    assert bins.text(Range(2, None)).endswith("…")
    assert bins.text(Range(9, None)) == "9+ steps"


def test_an_unknown_column_is_the_problem_of_the_funnel_alone():
    engine = explorer.connect(FRAME, actor="user", time="ts", event="event")
    drawn = coded_of(
        engine.session_table(VISIT), {"event_count": AUTOMATIC, "funnel": Binning(steps=(parse("evnt = 'x'"),))}
    )
    assert "Did you mean 'event'?" in str(drawn.problems["funnel"])
    assert drawn.rows(Selection.from_text("funnel:1..")) is None


def test_a_funnel_of_no_session_is_drawn():
    engine = explorer.connect(FRAME, actor="user", time="ts", event="event")
    none = coded_of(engine.session_table(VISIT.replace(keep="event_count > 99")), {"funnel": Binning(steps=STEPS)})
    assert none.crossfilter.totals()["funnel"].tolist() == [0, 0, 0, 0]
    assert pl.Series(none.table["event_count"]).is_empty()

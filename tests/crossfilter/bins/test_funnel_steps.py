"""How many steps of a funnel sessions reach, as a dimension that is brushed."""

from __future__ import annotations

from explorer.crossfilter.bins.binning import AUTOMATIC, Binning
from explorer.crossfilter.bins.funnel_steps import step_bins
from explorer.crossfilter.selections.brushes import Range
from explorer.crossfilter.selections.selection import Selection
from explorer.engine.coded import UNSORTED, Coded
from explorer.spec.charts.sequences.steps import Steps
from explorer.spec.expression.clause import parse
from tests.engine.local.inside.made_up import FRAME, VISIT
from tests.engines.making import Connect

STEPS = Steps.of(parse(f"event = '{event}'") for event in ("login", "view", "buy"))


def test_each_number_of_steps_has_a_bin(engines: Connect):
    engine = engines(FRAME, actor="user", time="ts", event="event")
    found = engine.cut(VISIT).coded({"funnel": Binning(steps=STEPS)})
    assert found.totals()["funnel"].tolist() == [0, 1, 1, 1]
    assert found.dimensions["funnel"].bins.labels == (
        "reached no step",
        "stopped after step 1: login",
        "stopped after step 2: view",
        "reached step 3: buy",
    )


def numbers(drawn: Coded, selection: Selection) -> list[int | None]:
    """Which of all sessions are selected."""
    some = drawn.page(selection, UNSORTED, slice(None)).frame["session_id"]
    return [drawn.place(each, Selection(), UNSORTED) for each in some]


def test_it_is_brushed_beside_others(engines: Connect):
    engine = engines(FRAME, actor="user", time="ts", event="event")
    drawn = engine.cut(VISIT).coded(
        {"event_count": AUTOMATIC, "funnel": Binning(steps=STEPS), "first event": Binning(top=10)},
    )
    selection = Selection.from_text("funnel:2..")
    assert numbers(drawn, selection) == [0, 2]
    assert numbers(drawn, Selection.from_text("funnel:1..2")) == [1]
    assert numbers(drawn, selection.with_("event_count", Range(4, None))) == [0]
    other = engine.cut(VISIT).coded({"funnel": Binning(steps=Steps(STEPS.conditions[1:]))})
    assert other.totals()["funnel"].tolist() == [0, 2, 1]


def test_a_brush_is_said_in_words():
    bins = step_bins("funnel", ("view", "a condition that goes on for much longer than anybody reads"))
    assert bins.text(Range(1, None)) == "reached step 1: view"
    assert bins.text(Range(0, 2)) == "0 to 1 steps"
    assert bins.text(Range(1, 2, negated=True)) == "not stopped after step 1: view"
    assert bins.text(Range(2, None)).endswith("…")
    assert bins.text(Range(9, None)) == "9+ steps"


def test_an_unknown_column_is_the_problem_of_the_funnel_alone(engines: Connect):
    engine = engines(FRAME, actor="user", time="ts", event="event")
    drawn = engine.cut(VISIT).coded(
        {"event_count": AUTOMATIC, "funnel": Binning(steps=Steps.of([parse("evnt = 'x'")]))}
    )
    assert "Did you mean 'event'?" in str(drawn.problems["funnel"])
    assert drawn.n_sessions(Selection.from_text("funnel:1..")) == drawn.total


def test_a_funnel_of_no_session_is_drawn(engines: Connect):
    engine = engines(FRAME, actor="user", time="ts", event="event")
    none = engine.cut(VISIT.replace(keep="event_count > 99")).coded({"funnel": Binning(steps=STEPS)})
    assert none.totals()["funnel"].tolist() == [0, 0, 0, 0]
    assert none.total == 0

"""A funnel as a kind of chart: what it says, and what is refused."""

from __future__ import annotations

import polars as pl
import pytest

from explorer.errors import SpecError
from explorer.plan.check import check
from explorer.spec.analysis import Analysis
from explorer.spec.charts.chart import Chart
from explorer.spec.editing.changes import said
from explorer.spec.expression.clause import parse

VIEW, BUY = "event = 'view'", "event = 'buy'"


def analysis(*charts: dict) -> Analysis:
    return Analysis({"actor": "user", "time": "ts"}, [{"name": "visit", "inactivity": "30m"}], charts)


def test_steps_are_conditions_and_one_needs_no_list():
    assert Chart("funnel", "visit", steps=(VIEW, BUY)).steps == (parse(VIEW), parse(BUY))
    assert Chart("funnel", "visit", steps=VIEW).steps == (parse(VIEW),)


@pytest.mark.parametrize(
    ("fields", "wanted"),
    [
        ({"kind": "funnel"}, r"steps: A funnel has at least one step"),
        ({"kind": "funnel", "steps": [VIEW, ""]}, r"steps\[1\]: A step is a condition on events"),
        ({"kind": "funnel", "steps": ["event = "]}, r"steps\[0\]: `event =` cannot be read"),
        ({"kind": "funnel", "steps": [VIEW] * 13}, r"steps: A funnel has at most 12 steps, these are 13"),
        ({"kind": "funnel", "steps": [VIEW], "of": "duration"}, r"of: This is nothing that a funnel has"),
        ({"kind": "funnel", "steps": [VIEW], "by": ["a", "b"]}, r"by: A funnel stands side by side for one dimension"),
        ({"kind": "funnel", "steps": [VIEW], "top": 3}, r"top: This funnel tells no values apart"),
        (
            {"kind": "funnel", "steps": [VIEW], "by": "a", "top": 21},
            r"top: A funnel stands side by side for at most 20",
        ),
        ({"kind": "funnel", "steps": [VIEW], "measure": "median duration"}, r"measure: A funnel counts sessions"),
        ({"kind": "line", "steps": [VIEW]}, r"steps: A line has no steps. Say kind: funnel."),
        ({"kind": "line", "within": "10m"}, r"within: A line has no steps that this is about. Say kind: funnel."),
        ({"kind": "funnel", "steps": [VIEW], "within": "ten"}, r"within: 'ten' is not a duration"),
        ({"kind": "funnel", "steps": [VIEW], "within": 10}, r"within: '10' has no unit. Write 10s, 10m, 10h or 10d."),
        ({"kind": "funnel", "steps": [VIEW], "within": "0s"}, r"within: Within 0 no step comes after another"),
        ({"kind": "funnel", "steps": [VIEW], "without": "event ="}, r"without: `event =` cannot be read"),
        ({"kind": "funnel", "steps": [VIEW], "order": "random"}, r"order: 'random' is not known"),
        (
            {"kind": "funnel", "steps": [VIEW, BUY], "order": "strict", "without": BUY},
            r"without: In strict order no event lies between two steps at all. Leave without out.",
        ),
    ],
)
def test_what_cannot_be_is_refused_where_it_stands(fields, wanted):
    with pytest.raises(SpecError, match=rf"charts\[0\]\.{wanted}"):
        analysis({"session": "visit"} | fields)


def test_a_step_of_a_column_that_is_not_there_is_found_before_anything_runs():
    asked = analysis({"kind": "funnel", "session": "visit", "steps": [VIEW, "evnt = 'buy'"]})
    schema = {"user": pl.String(), "ts": pl.Datetime(), "event": pl.String()}
    (problem,) = check(asked, schema)
    assert str(problem) == "charts[0].steps[1]: there is no column 'evnt'. Did you mean 'event'?"


def test_what_attempts_keep_to_is_written_and_read_back():
    said = {"kind": "funnel", "session": "visit", "steps": [VIEW, BUY], "within": "10 minutes", "without": "amount > 1"}
    chart = Chart(**said, order="any")
    assert chart.plain() == said | {"within": "10m", "order": "any"}
    assert Chart(**chart.plain()) == chart
    assert Chart(**said, order="given") == Chart(**said)


def test_a_condition_in_between_is_checked_before_anything_runs():
    asked = analysis({"kind": "funnel", "session": "visit", "steps": [VIEW], "without": "evnt = 'buy'"})
    schema = {"user": pl.String(), "ts": pl.Datetime(), "event": pl.String()}
    (problem,) = check(asked, schema)
    assert str(problem) == "charts[0].without: there is no column 'evnt'. Did you mean 'event'?"


def test_an_edit_says_what_it_did():
    one = analysis({"kind": "funnel", "session": "visit", "steps": [VIEW]})
    two = analysis({"kind": "funnel", "session": "visit", "steps": [VIEW, BUY]})
    assert said(one, two) == "chart funnel of 1 step to funnel of 2 steps"
    assert said(two, analysis()) == "chart funnel of 2 steps removed"

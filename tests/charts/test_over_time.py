"""Charts over windows and beside a period before: what they draw, say, list and report."""

from __future__ import annotations

from datetime import datetime, timedelta

import holoviews as hv
import numpy as np
import polars as pl
import pytest
from bokeh.models import CustomJS

import explorer
from explorer.charts.kinds.area import AreaChart, known_parts
from explorer.charts.kinds.line import LineChart
from explorer.charts.titles import asked_title, chart_question
from explorer.crossfilter.cards import cards, dimensions
from explorer.crossfilter.measured import Rows
from explorer.crossfilter.selections.selection import Selection
from explorer.engine.engine import Engine
from explorer.exports.chart_numbers import followed_numbers
from explorer.report.page import html
from explorer.report.static_charts import answered
from explorer.spec.analysis import Analysis
from explorer.spec.charts.chart import Chart
from tests.engines.making import Connect
from widgets.charts.chart_fields import Choices, changed, fields
from widgets.charts.chart_tables import followed_groups

VISIT = explorer.SessionDefinition("visit", "30m")
BESIDE = Chart("line", "visit", every="1d", previous="day")
CHOICES = Choices([("", [("started_by", "Why")])], [("", [("duration", "Duration")])])


@pytest.fixture(scope="module")
def log(engines: Connect) -> Engine:
    """One session on the first day, two on the second, four on the third; half of them on phones."""
    start = datetime(2024, 3, 1, 12)
    rows = [
        (f"{day} {at}", start + timedelta(days=day), "ios" if at % 2 else "web")
        for day, n in enumerate((1, 2, 4))
        for at in range(n)
    ]
    return engines(pl.DataFrame(rows, schema=["user", "ts", "platform"], orient="row"))


def rows_of(log: Engine, chart: Chart, brush: str = "") -> Rows:
    selection = Selection.from_text(brush)
    charts = [chart, Chart("bar", "visit", by="first platform")]
    picture = log.cut(VISIT).coded(dimensions(charts, "user"))
    found = picture.groups(chart, selection)
    assert isinstance(found, Rows)
    return found


def drawn(kind: type, rows: Rows) -> dict[str, dict]:
    """The data behind a chart, by the names of its layers."""
    chart = kind()
    plot = hv.renderer("bokeh").instance(mode="server").get_plot(chart.element())
    chart.attach(plot, CustomJS())
    chart.draw(rows, Selection(), "#2f7de1")
    return {
        name: dict(getattr(chart, f"_{name}").data_source.data)
        for name in ("before", "dots")
        if hasattr(chart, f"_{name}")
    }


def test_a_dashed_line_is_the_period_before(log: Engine):
    layers = drawn(LineChart, rows_of(log, BESIDE))
    assert [np.nan_to_num(each, nan=-1).tolist() for each in layers["before"]["ys"]] == [[-1, 1, 2]]
    assert layers["dots"]["before"] == [
        "; the day before nothing known", "; the day before 1 (+100.0 %)", "; the day before 2 (+100.0 %)",
    ]  # fmt: skip
    under = drawn(LineChart, rows_of(log, BESIDE, "first platform:ios"))
    assert [np.nan_to_num(each, nan=-1).tolist() for each in under["before"]["ys"]] == [[-1, 0, 1]]
    plain = drawn(LineChart, rows_of(log, BESIDE.replace(previous=None, over="2d")))
    assert plain["before"]["ys"] == []


def test_the_legend_says_what_is_dashed(log: Engine):
    assert [text for _, text in LineChart.legend(rows_of(log, BESIDE), "#2f7de1")] == [
        "Sessions",
        "dashed: the day before",
    ]
    split = rows_of(log, BESIDE.replace(by=("first platform",)))
    assert [text for _, text in LineChart.legend(split, "#2f7de1")] == ["web", "ios", "dashed: the day before"]


def test_areas_have_the_whole_of_the_period_before(log: Engine):
    chart = Chart("area", "visit", every="1d", previous="day", by="first platform")
    [line] = drawn(AreaChart, rows_of(log, chart))["before"]["ys"]
    assert np.nan_to_num(line, nan=-1).tolist() == [-1, 1, 2]
    assert known_parts(np.array([[np.nan, 1.0], [np.nan, np.nan]]))[0].tolist() == [1]


def test_titles_and_questions_say_windows_and_periods():
    chart = BESIDE.replace(over="7d", measure="actors")
    assert asked_title(chart) == "Number of actors over 7d, per day, beside the day before"
    said = chart_question(chart, "UTC")
    assert said.endswith("UTC. Each point is of the 7d up to the end of its day. Dashed: the day before")


def test_tables_and_files_have_the_period_before(log: Engine):
    groups = followed_groups(rows_of(log, BESIDE, "first platform:ios"))
    assert groups.headings == (
        "start", "Sessions", "The day before", "Change", "Selected", "The day before, selected", "Change of selected",
    )  # fmt: skip
    assert groups.rows[2] == ("3 Mar 2024", "4", "2", "+100.0 %", "2", "1", "+100.0 %")
    frame = followed_numbers(rows_of(log, BESIDE, "first platform:ios"), log.cut(VISIT).coded(), Selection())
    assert frame.columns == ["start", "value", "sessions", "previous", "selected", "selected previous"]
    assert frame.rows()[2][1:] == (4, 4, 2, 2, 1)


def test_the_report_draws_and_lists_the_period_before(log: Engine):
    found = answered(log, BESIDE, VISIT)
    assert [line.dashed for line in found.drawn.lines] == [False, True]
    assert [line.name for line in found.drawn.lines] == ["Sessions", "the day before"]
    assert found.table is not None
    assert [name for name, _ in found.table.headings] == ["start", "Sessions", "the day before", "change"]
    page = html(
        log, Analysis(log.columns, [VISIT], charts=[BESIDE, Chart("area", "visit", every="1d", over="2d", by="user")])
    )
    assert "stroke-dasharray" in page
    assert "beside the day before" in page


def test_a_chart_over_windows_follows_instead_of_being_brushed():
    assert [card.dimension for card in cards([BESIDE, BESIDE.replace(previous=None)], "user", 10**12)] == ["", "start"]
    assert cards([BESIDE.replace(previous=None, over="2d")], "user", 10**12)[0].dimension == ""


def test_the_form_offers_what_goes_with_the_steps():
    def offered(chart: Chart, name: str) -> list[str]:
        [field] = [each for each in fields(chart, CHOICES) if each["name"] == name]
        return [value for _, values in field["options"] for value, _ in values]

    assert offered(BESIDE, "previous") == ["", "day", "week", "month", "year", "span"]
    assert offered(BESIDE.replace(previous=None, every="1w"), "previous") == ["", "week", "span"]
    assert offered(BESIDE, "over") == ["", "7d", "14d", "28d", "30d", "90d", "3mo", "1y"]
    assert offered(BESIDE.replace(over="5d"), "over")[0] == "5d"
    assert changed(BESIDE, "over", "7d", CHOICES).over == "7d"
    assert changed(BESIDE, "previous", "", CHOICES).previous is None
    assert changed(BESIDE.replace(over="7d"), "kind", "area", CHOICES).plain()["over"] == "7d"
    assert changed(BESIDE, "kind", "bar", CHOICES).previous is None
    assert not [each for each in fields(Chart("table", "visit"), CHOICES) if each["name"] in ("over", "previous")]
    with pytest.raises(explorer.SpecError, match="Steps of 1w do not lie as they did the day before"):
        changed(BESIDE, "every", "1w", CHOICES)

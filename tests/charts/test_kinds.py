"""Every kind of chart says everything that a kind says: a new one that forgets a part fails here by its name."""

from __future__ import annotations

from typing import Any

import pytest

from explorer.charts.kinds.table import drawn_by
from explorer.charts.titles import asked_title, chart_question
from explorer.crossfilter.cards import cards
from explorer.crossfilter.selections.selection import Selection
from explorer.engine.engine import Engine
from explorer.errors import SpecError
from explorer.report.static_charts import DRAWN, answered
from explorer.spec.charts.chart import Chart
from explorer.spec.charts.kind import ChartKind, Offers
from explorer.spec.charts.kinds import ALL, KINDS
from tests.charts.gallery import CHARTS, VISIT, new
from widgets.charts.chart_fields import ROWS, Choices, changed, fields

NAMES = [("", [("started_by", "Why"), ("first platform", "First platform")])]
NUMBERS = [("", [("duration", "Duration"), ("event_count", "Events"), ("spent", "spent")])]
CHOICES = Choices(NAMES, NUMBERS)
IDS = [kind.name for kind in ALL]


@pytest.mark.parametrize("kind", ALL, ids=IDS)
def test_a_kind_has_its_words(kind: ChartKind):
    chart = new(kind)
    assert KINDS[kind.name] is kind
    assert kind.label[0].isupper()
    assert kind.__doc__
    assert asked_title(chart)[0].isupper()
    assert chart_question(chart, "UTC").rstrip()[-1] in "?C"
    assert kind.about(chart).startswith(kind.name)


@pytest.mark.parametrize("kind", ALL, ids=IDS)
def test_a_kind_is_in_the_gallery(kind: ChartKind):
    assert any(chart.get("kind") == kind.name for chart in CHARTS), (
        f"no example in tests/analyses has kind: {kind.name}"
    )


@pytest.mark.parametrize("kind", ALL, ids=IDS)
def test_a_kind_is_answered_drawn_and_reported(kind: ChartKind, log: Engine):
    chart = new(kind)
    assert log.query(chart, VISIT)["value"].len() > 0
    answer = answered(log, chart, VISIT)
    assert answer.kind != "error", answer.note
    assert kind.shown_as != "figure" or not kind.has_card or kind.name in DRAWN or kind.each_session
    (card,) = cards([chart], "user", log.quality.last - log.quality.first)
    if kind.has_card and kind.shown_as == "figure" and not card.dimension:
        assert drawn_by(log.cut(VISIT).coded().groups(chart, Selection())) is not None


@pytest.mark.parametrize("kind", [kind for kind in ALL if kind.has_card], ids=lambda kind: kind.name)
def test_a_kind_has_its_form_and_every_chart_can_become_it(kind: ChartKind):
    assert set(kind.form) <= ROWS.keys()
    assert next(field["name"] for field in fields(new(kind), CHOICES)) == "kind"
    for other in ALL:
        if other.has_card:
            assert changed(new(other), "kind", kind.name, CHOICES).kind == kind.name


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ({}, "by: An area is by one dimension"),
        ({"by": "any platform"}, "by: A session may have several values of 'any platform'"),
        ({"by": "platform", "measure": "median duration"}, "measure: 'median duration' does not add up over groups"),
        ({"by": "platform", "measure": "share bought"}, "measure: 'share bought' does not add up"),
    ],
)
def test_areas_add_up(said: dict[str, Any], problem: str):
    with pytest.raises(SpecError, match=problem):
        Chart("area", "visit", **said)


def test_areas_lose_nothing(log: Engine):
    chart = Chart("area", "visit", by="first platform", every="1d")
    found = log.query(chart, VISIT)
    assert found["value"].sum() == log.sessions(VISIT).height
    heights = answered(log, chart, VISIT).drawn
    assert sorted(area.name for area in heights.areas) == ["ios", "tv", "web"]


def test_a_median_becomes_a_count_where_it_would_not_add_up():
    line = Chart("line", "visit", by="first platform", measure="median duration")
    area = KINDS["area"].becoming(line, Offers(["first platform"], ["duration"]))
    assert area["measure"] == "count"
    assert area["by"] == ("first platform",)

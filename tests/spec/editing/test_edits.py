"""Gestures on a whole analysis: a document in, a document out."""

import pytest

from explorer.errors import SpecError
from explorer.spec.analysis import Analysis
from explorer.spec.charts.chart import Chart
from explorer.spec.cohort import Cohort
from explorer.spec.editing.edits import (
    added,
    cohort_changed,
    free_name,
    metric_changed,
    moved,
    removed,
    renamed,
    split,
)

SHOP = Analysis.read(
    {
        "columns": {"actor": "user", "time": "ts"},
        "sessions": [
            {
                "name": "visit",
                "inactivity": "30m",
                "where": "a = 1",
                "keep": "visit.duration > '1m' OR NOT (pages IN (1, 2) AND visit.pages IS NULL)",
                "metrics": [
                    {"name": "pages", "aggregate": "n_unique", "column": "page"},
                    {"name": "errors", "aggregate": "count", "scope": {"where": "visit.pages BETWEEN 1 AND 2"}},
                    {"name": "rate", "aggregate": "ratio", "column": "visit.errors / pages"},
                ],
            },
            {"name": "web", "inactivity": "20m"},
            {"name": "app", "inactivity": "10m"},
        ],
        "charts": [
            {"kind": "distribution", "session": "visit", "of": "user.time_in_session.visit"},
            {"kind": "bar", "session": "visit", "measure": "median visit.pages", "by": ["first page"]},
            {
                "kind": "number",
                "session": "visit",
                "measure": 'share where "visit.pages" > 2',
                "where": "visit.end > '2024'",
            },
            {"kind": "line", "session": "web"},
        ],
    }
)


def names(analysis: Analysis) -> list[str]:
    return [session.name for session in analysis.sessions]


def test_a_copy_stands_behind_its_model_under_a_free_name():
    copied = added(SHOP, SHOP.session("visit"), after="visit")
    assert names(copied) == ["visit", "visit 2", "web", "app"]
    assert names(added(copied, SHOP.session("visit"))) == ["visit", "visit 2", "web", "app", "visit 3"]
    assert copied.session("visit 2").metrics == SHOP.session("visit").metrics


def test_a_definition_goes_with_its_charts_and_the_last_one_stays():
    left = removed(SHOP, "visit")
    assert names(left) == ["web", "app"]
    assert [chart.session for chart in left.charts] == ["web"]
    with pytest.raises(SpecError, match="at least one"):
        removed(removed(left, "web"), "app")
    with pytest.raises(SpecError, match="Did you mean 'web'"):
        removed(SHOP, "wbe")


@pytest.mark.parametrize(("to", "order"), [(2, "web app visit"), (0, "visit web app"), (9, "web app visit")])
def test_a_definition_moves(to: int, order: str):
    assert names(moved(SHOP, "visit", to)) == order.split()


def test_a_new_name_reaches_conditions_metrics_and_charts():
    found = renamed(SHOP, "visit", "stay")
    stay = found.session("stay")
    assert str(stay.keep) == '"stay.duration" > \'1m\' OR NOT (pages IN (1, 2) AND "stay.pages" IS NULL)'
    assert str(stay.metrics[1].scope.where) == '"stay.pages" BETWEEN 1 AND 2'  # type: ignore[union-attr]
    assert stay.metrics[2].parts == ("stay.errors", "pages")
    assert [chart.session for chart in found.charts] == ["stay", "stay", "stay", "web"]
    assert found.charts[0].of == "user.time_in_session.stay"
    assert found.charts[0].column == "time_in_session"
    assert str(found.charts[1].measure) == "median stay.pages"
    assert str(found.charts[2].measure) == 'share where "stay.pages" > 2'
    assert str(found.charts[2].where) == "\"stay.end\" > '2024'"
    assert renamed(found, "stay", "visit") == SHOP
    assert str(stay.where) == "a = 1"


def test_a_metric_gets_a_new_name_wherever_it_is_asked_for():
    pages = SHOP.session("visit").metrics[0]
    found = metric_changed(SHOP, "visit", 0, pages.replace(name="places"))
    visit = found.session("visit")
    assert [metric.name for metric in visit.metrics] == ["places", "errors", "rate"]
    assert 'NOT (places IN (1, 2) AND "visit.places" IS NULL)' in str(visit.keep)
    assert str(visit.metrics[1].scope.where) == '"visit.places" BETWEEN 1 AND 2'  # type: ignore[union-attr]
    assert visit.metrics[2].parts == ("visit.errors", "places")
    assert str(found.charts[1].measure) == "median visit.places"
    assert metric_changed(found, "visit", 0, pages) == SHOP
    with pytest.raises(SpecError, match="taken already"):
        metric_changed(SHOP, "visit", 0, pages.replace(name="errors"))
    assert (
        metric_changed(SHOP, "visit", 3, pages.replace(name="more")).session("visit").keep == SHOP.session("visit").keep
    )


def test_paths_ask_events_and_keep_a_column_that_is_called_like_a_metric():
    paths = Chart("paths", "visit", of="pages", where="pages > 1", at="pages = 2")
    shop = SHOP.replace(charts=(*SHOP.charts, paths))
    pages = SHOP.session("visit").metrics[0]
    assert metric_changed(shop, "visit", 0, pages.replace(name="places")).charts[-1] == paths
    assert renamed(shop, "visit", "stay").charts[-1] == paths.replace(session="stay")


def test_a_cohort_gets_a_new_name_where_charts_ask_events():
    regulars = Cohort("regulars", "visit", "session_count > 3")
    charts = (
        Chart("paths", "visit", where="regulars", at="NOT regulars"),
        Chart("funnel", "visit", steps=("regulars", "event = 'x'"), without="regulars"),
    )
    shop = SHOP.replace(cohorts=(regulars,), charts=charts)
    paths, funnel = cohort_changed(shop, 0, regulars.replace(name="often")).charts
    assert [str(paths.where), str(paths.at)] == ["often = TRUE", "NOT often = TRUE"]
    assert [str(step) for step in funnel.steps] == ["often = TRUE", "event = 'x'"]
    assert str(funnel.without) == "often = TRUE"


def test_a_taken_or_empty_name_is_refused():
    for name in ("web", "", " x "):
        with pytest.raises(SpecError):
            renamed(SHOP, "visit", name)


def test_one_definition_for_each_value():
    found = split(SHOP, "visit", "platform", ["ios", "it's"])
    assert names(found) == ["visit", "visit ios", "visit it's", "web", "app"]
    assert str(found.session("visit it's").where) == "a = 1 AND platform = 'it''s'"
    assert found.charts == SHOP.charts


def test_a_free_name():
    assert free_name("a", []) == "a"
    assert free_name("a", ["a", "a 2"]) == "a 3"

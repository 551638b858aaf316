"""What an edit changed, in words: never nothing where something did."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.spec.analysis import Analysis
from explorer.spec.charts.chart import Chart
from explorer.spec.columns import Columns
from explorer.spec.editing.changes import said
from explorer.spec.metric import Metric
from explorer.spec.session import SessionDefinition
from tests.examples import examples
from tests.strategies import definitions

VISIT = SessionDefinition(
    name="visit",
    inactivity="30m",
    restart="event = 'login'",
    metrics=[Metric("bought", "count", where="event = 'buy'"), Metric("pages", "n_unique", column="page")],
)
WEB = SessionDefinition(name="web", inactivity="20m")
BASE = Analysis(
    Columns(actor="user", time="ts"), (VISIT, WEB), (Chart("bar", "visit"), Chart("distribution", "web", of="duration"))
)
BOUGHT, PAGES = VISIT.metrics


def visit(**changes: object) -> Analysis:
    return BASE.with_session(VISIT.replace(**changes), instead_of="visit")


WORDS = [
    (visit(inactivity="45m"), "inactivity of visit 30m to 45m"),
    (visit(restart=None), "restart of visit removed"),
    (visit(end="event = 'buy'"), "end of visit set to event = 'buy'"),
    (visit(split_by=["platform", "page"]), "split by of visit set to platform, page"),
    (visit(boundary=">="), "boundary of visit > to >="),
    (visit(name="stay"), "session definition visit renamed to stay"),
    (visit(name="stay", inactivity="1h"), "session definition visit renamed to stay, and 1 more change"),
    (visit(metrics=[BOUGHT]), "metric pages of visit removed"),
    (visit(metrics=[BOUGHT, PAGES, Metric("n", "count")]), "metric n of visit added"),
    (visit(metrics=[PAGES, BOUGHT]), "metrics of visit in another order"),
    (visit(metrics=[BOUGHT.replace(name="buys"), PAGES]), "metric bought of visit renamed to buys"),
    (visit(metrics=[BOUGHT.replace(aggregate="any"), PAGES]), "aggregate of visit.bought count to any"),
    (
        visit(metrics=[BOUGHT, PAGES.replace(scope={"contains": "event = 'x'", "nth": 2})]),
        "scope of visit.pages set to contains event = 'x', nth 2",
    ),
    (visit(inactivity="1h", restart=None, end="event = 'x'"), "inactivity of visit 30m to 1h, and 2 more changes"),
    (visit(description="x" * 99), f"description of visit set to {'x' * 31}…"),
    (BASE.replace(sessions=(WEB, VISIT)), "session definitions in another order"),
    (BASE.replace(sessions=(*BASE.sessions, WEB.replace(name="app"))), "session definition app added"),
    (BASE.replace(sessions=(VISIT,), charts=BASE.charts[:1]), "session definition web removed, and 1 more change"),
    (BASE.replace(columns=Columns(actor="country", time="ts")), "actor of the events user to country"),
    (BASE.replace(source="log.csv"), "source of the analysis set to log.csv"),
    (BASE.replace(charts=BASE.charts[:1]), "chart distribution of duration removed"),
    (BASE.replace(charts=(*BASE.charts, Chart("line", "web"))), "chart line of count added"),
    (BASE.replace(charts=BASE.charts[::-1]), "charts in another order"),
    (
        BASE.replace(charts=(Chart("bar", "visit", measure="median duration"), BASE.charts[1])),
        "chart bar of count to bar of median duration",
    ),
    (
        BASE.replace(charts=(BASE.charts[0].replace(every="1d"), BASE.charts[1])),
        "every of chart bar of count set to 1d",
    ),
]


@pytest.mark.parametrize(("after", "words"), WORDS, ids=[words for _, words in WORDS])
def test_a_change_in_words(after: Analysis, words: str) -> None:
    assert said(BASE, after) == words


@st.composite
def analyses(draw: st.DrawFn) -> Analysis:
    names = draw(st.lists(st.sampled_from(["visit", "web", "app", "stay"]), min_size=1, max_size=3, unique=True))
    sessions = [draw(st.sampled_from([VISIT, WEB, draw(definitions())])).replace(name=name) for name in names]
    charts = st.builds(
        Chart, st.sampled_from(["bar", "line"]), st.sampled_from(names), measure=st.sampled_from(["count", "max start"])
    )
    columns = draw(st.sampled_from([BASE.columns, Columns(actor=("user", "page"), time="ts", order="page")]))
    return Analysis(
        columns, tuple(sessions), tuple(draw(st.lists(charts, max_size=3))), draw(st.sampled_from([None, "a"]))
    )


@examples(15)  # whole documents take long to make
@given(analyses(), analyses())
def test_it_is_empty_only_where_nothing_differs(before: Analysis, after: Analysis) -> None:
    words = said(before, after)
    assert bool(words) == (before != after)
    assert len(words) < 140
    assert "\n" not in words or "\n" in after.to_yaml() + before.to_yaml()


@examples(15)
@given(analyses())
def test_the_same_is_no_change(analysis: Analysis) -> None:
    assert said(analysis, analysis) == ""

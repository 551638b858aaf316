"""The paths of sessions, held to slow loops over the oracle's sessions."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import explorer
from explorer.crossfilter.bins.binning import Binning
from explorer.crossfilter.bins.path_steps import is_other, is_value, path_ends
from explorer.crossfilter.selections.path_names import step_name
from explorer.crossfilter.selections.selection import Selection
from explorer.engine.answers.sequences.paths import Paths
from explorer.engine.local.inside.paths import paths
from explorer.errors import SpecError
from explorer.spec.charts.chart import Chart
from explorer.spec.charts.sequences.route import Route
from explorer.spec.expression.clause import parse
from tests import oracle
from tests.engine.local.inside.beside_oracle import chosen
from tests.engine.local.inside.made_up import FRAME, VISIT
from tests.engines.making import Connect
from tests.examples import examples
from tests.strategies import definitions, logs, routes

OTHER, NONE, END = "(other)", "(none)", "(end)"


def walked(sessions: list[oracle.Session], route: Route) -> list[list[Any] | None]:
    """The whole path of each session, as a loop tells."""
    return [oracle.path(session.events, route.column, route) for session in sessions]


@given(logs(), definitions(), routes(), st.integers(1, 3))
def test_paths_are_what_a_loop_says(log, definition, route, every):
    engine, rows, sessions = chosen(log, definition, every)
    found = paths(engine.session_table(definition), route, None if every == 1 else rows)
    every_path = walked(sessions, route)
    heads = [[*step.values, OTHER, NONE, END] for step in found.steps]
    nodes, links = Counter(), Counter()
    for path in filter(None, every_path):
        its = [NONE if value is None else value for value in path[: route.length]]
        its = [value if value in heads[at] else OTHER for at, value in enumerate(its)]
        its += [END] * (route.length - len(its))
        nodes.update(enumerate(its))
        links.update((at, *pair) for at, pair in enumerate(pairwise(its)) if pair[0] != END)
    assert nodes == Counter(
        {
            (at, name): int(n)
            for at, each in enumerate(found.steps)
            for name, n in zip(heads[at], each.nodes, strict=True)
        }
    )
    assert links == Counter(
        {
            (at, one, other): int(link[i, j])
            for at, link in enumerate(found.links)
            for i, one in enumerate(heads[at])
            for j, other in enumerate(heads[at + 1])
        }
    )
    balanced(found)
    assert (found.sessions, found.absent) == (len(sessions), every_path.count(None))


@given(logs(), definitions(), routes(), st.integers(1, 3), st.integers(1, 4))
def test_whole_paths_are_what_a_loop_says(log, definition, route, every, most):
    engine, rows, sessions = chosen(log, definition, every)
    asked = None if every == 1 else rows
    found = paths(engine.session_table(definition), route, asked, 10_000)
    said: Counter[Any] = Counter(
        (tuple(path[: route.length]), len(path) <= route.length) for path in walked(sessions, route) if path is not None
    )
    assert Counter({(path.values, path.ends): path.sessions for path in found.whole}) == said
    assert found.different == len(said)
    few = paths(engine.session_table(definition), route, asked, most)
    assert [path.sessions for path in few.whole] == sorted(said.values(), reverse=True)[:most]
    frame = few.whole_frame()
    assert frame["sessions"].sum() == few.walking == said.total()
    assert few.frame()["value"].sum() == sum(int(step.nodes[:-1].sum()) for step in few.steps[:-1])


@given(logs(), definitions(), routes(), st.data())
def test_a_brush_holds_exactly_those_that_are_drawn(log, definition, route, data):
    engine, _, sessions = chosen(log, definition, 1)
    found = paths(engine.session_table(definition), route)
    every_path = walked(sessions, route)
    names = [step_name("path", at) for at in range(route.length)]
    dimensions = {name: Binning(route=route, step=at) for at, name in enumerate(names)}
    coded = engine.cut(definition).coded(dimensions)
    at = data.draw(st.integers(0, route.length - 1))
    step = found.steps[at]
    for name, group in zip(["value"] * len(step.values) + ["other", "none"], range(len(step.nodes) - 1), strict=True):
        brush = (
            is_value(step.values[group])
            if name == "value"
            else is_other(step.values)
            if name == "other"
            else is_value(None)
        )
        assert coded.n_sessions(Selection().with_(names[at], brush)) == step.nodes[group]
    ends = sum(path is not None and len(path) == at for path in every_path)
    assert coded.n_sessions(Selection().with_(names[at], path_ends())) == ends
    for path in found.whole[:3]:
        selection = Selection()
        for place, value in enumerate(path.values):
            selection = selection.with_(names[place], is_value(value))
        if len(path.values) < route.length:
            selection = selection.with_(names[len(path.values)], path_ends())
        wanted = sum(its is not None and tuple(its[: route.length]) == path.values for its in every_path)
        assert coded.n_sessions(selection) == wanted


def balanced(found: Paths) -> None:
    """What flows into a node flows out of it, on or to the end; no path is lost."""
    assert all(step.nodes.sum() == found.walking for step in found.steps)
    for at, link in enumerate(found.links):
        assert link.sum(axis=1)[:-1].tolist() == found.steps[at].nodes[:-1].tolist()
        assert link.sum(axis=0)[:-1].tolist() == found.steps[at + 1].nodes[:-1].tolist()
    ended = [int(link[:, -1].sum()) for link in found.links]
    assert [int(step.nodes[-1]) for step in found.steps] == [sum(ended[:at]) for at in range(len(found.steps))]


# ---- known answers


@pytest.fixture
def log(engines: Connect) -> Any:
    return engines(FRAME.drop("note"), actor="user", time="ts", event="event")


@pytest.mark.parametrize(
    ("route", "wanted"),
    [
        ({"repeats": True}, ["login → login → view → (end)", "login → view → view → …", "view → login → (end)"]),
        ({}, ["login → view → (end)", "login → view → buy → …", "view → login → (end)"]),
        ({"at": "event = 'view'"}, ["view → (end)", "view → buy → view → (end)", "view → login → (end)"]),
        ({"at": "event = 'view'", "occurrence": "last"}, ["view → (end)", "view → login → (end)"]),
        ({"backward": True}, ["(start) → login → view", "(start) → view → login", "… → view → buy → view"]),
        ({"at": "event = 'buy'", "backward": True, "length": 2}, ["… → view → buy"]),
        ({"at": "n > 1 AND n < 3", "length": 2}, ["view → (end)", "view → buy → …"]),
        ({"where": "event != 'login'"}, ["view → (end)", "view → buy → view → (end)"]),
        ({"where": "event != 'login'", "repeats": True, "length": 2}, ["view → (end)", "view → view → …"]),
        ({"where": "event != 'view'", "backward": True}, ["(start) → login", "(start) → login → buy"]),
        ({"where": "event != 'view'", "at": "event_number > 1"}, ["buy → (end)", "login → (end)"]),
        ({"where": "event = 'nothing'"}, []),
        ({"of": "n"}, ["0 → 1 → (end)", "0 → 1 → 2 → (end)", "0 → 1 → 2 → …"]),
    ],
)
def test_where_paths_begin_and_how_they_go(log: Any, route: dict[str, Any], wanted: list[str]) -> None:
    found = log.paths(VISIT, **{"length": 3} | route)
    assert sorted(found.path_text(path) for path in found.whole) == sorted(wanted)


def test_what_it_comes_to_is_said(log: Any) -> None:
    assert log.paths(VISIT).sentence == (
        "Of 3 sessions most begin with login (66.7 %). Next comes most often view (66.7 %). "
        "Of 3 different paths the most frequent is login → view → (end) (33.3 %)."
    )
    assert log.paths(VISIT, at="event = 'view'").sentence == (
        "3 of 3 sessions (100.0 %) have an event where event is 'view'. Next comes most often buy (33.3 %); 33.3 % end "
        "there. Of 3 different paths the most frequent is view → (end) (33.3 %)."
    )
    assert log.paths(VISIT, at="event = 'x'").sentence == "None of 3 sessions has an event where event is 'x'."
    assert log.paths(VISIT, at="event = 'buy'", backward=True).sentence.endswith(
        "All take one path: (start) → login → view → buy."
    )
    assert log.paths(VISIT, selection="event_count:5..").sessions == 1
    none = log.paths(VISIT.replace(keep="event_count > 99"))
    assert (none.sessions, none.walking, none.different, none.sentence) == (0, 0, 0, "None of 0 sessions has an event.")


def test_a_chart_has_a_row_for_each_way(log: Any) -> None:
    found = log.query(Chart("paths", "visit", at="event = 'view'", length=2), VISIT)
    assert found.select("step", "from", "to", "to_kind", "value").rows() == [
        (1, "view", "buy", "value", 1),
        (1, "view", "login", "value", 1),
        (1, "view", None, "end", 1),
    ]
    few = log.query(Chart("paths", "visit", of="n", length=2, top=1, repeats=True), VISIT)
    assert few["to"].to_list() == ["1"]


def test_an_expression_tells_events_apart(log: Any) -> None:
    found = log.paths(VISIT, of="upper(event)", length=2)
    assert found.steps[0].values == ("LOGIN", "VIEW")


@pytest.mark.parametrize(
    ("route", "said"),
    [
        ({"of": "ts"}, "of: 'ts' is a time"),
        ({"of": "evnt"}, "of: .*no column 'evnt'. Did you mean 'event'"),
        ({"where": "session_number > 1"}, "where: .*no column 'session_number'"),
        ({"at": "evnt = 'x'"}, "at: there is no column 'evnt'. Did you mean 'event'"),
        ({"length": 99}, "length: Paths have 2 to 10 steps, these have 99"),
        ({"top": 99}, "top: At most 20 values"),
        ({"occurrence": "last"}, "occurrence: Without a condition at"),
        ({"occurrence": "third", "at": "event = 'x'"}, "occurrence: 'third' is not known"),
    ],
)
def test_what_is_no_route_is_refused(log: Any, route: dict[str, Any], said: str) -> None:
    with pytest.raises(SpecError, match=said):
        log.paths(VISIT, **route)


def test_nothing_else_is_a_field_of_paths() -> None:
    with pytest.raises(SpecError, match="by: This is nothing that paths have"):
        Chart("paths", "visit", by="platform")
    for name, value in {"at": "event = 'x'", "backward": True, "length": 3, "repeats": True}.items():
        with pytest.raises(SpecError, match=f"{name}: A line has no paths that this is about"):
            Chart("line", "visit", **{name: value})
    with pytest.raises(SpecError, match="at: A funnel has no paths"):
        Chart("funnel", "visit", steps="event = 'x'", at="event = 'x'")


def test_many_values_in_many_steps_are_told_apart_exactly() -> None:
    """Ten steps of 2,000 values are more different paths than 64 bits number."""
    rng = np.random.default_rng(7)
    pages = rng.integers(0, 2_000, 6_000)
    frame = pl.DataFrame({"user": np.repeat(np.arange(500), 12), "ts": np.arange(6_000), "page": pages})
    frame = frame.with_columns(pl.format("p{}", "page").alias("page"))
    again = frame.with_columns(pl.col("user") + 1_000)
    engine = explorer.connect(pl.concat([frame, again]), actor="user", time="ts", event="page")
    route = Route(length=10, repeats=True)
    found = paths(engine.session_table(VISIT.replace(inactivity="1d")), route, most=5)
    assert (found.different, found.walking) == (500, 1_000)
    assert {path.sessions for path in found.whole} == {2}
    assert [step.others for step in found.steps] == [len({*pages[at::12].tolist()}) - 6 for at in range(10)]


def test_values_that_look_like_our_words_are_brushed_as_what_they_are() -> None:
    names = ["\\ends", "\\ended", "\\absent", "\\\\ends", "none", "~none", "<script>", "a|b;c:d", "ümläut"]
    frame = pl.DataFrame({"user": names, "ts": [1_700_000_000] * len(names), "event": names})
    engine = explorer.connect(frame, actor="user", time="ts", event="event")
    route = Route(length=2)
    coded = engine.cut(VISIT).coded({"path step 1": Binning(route=route), "path step 2": Binning(route=route, step=1)})
    bins = coded.bins("path step 1")
    for name in names:
        selection = Selection().with_("path step 1", is_value(name))
        assert Selection.from_text(selection.to_text()) == selection
        assert coded.page(selection, ("", False), slice(None)).frame["user"].to_list() == [name]
        assert name in bins.text(is_value(name))
    assert coded.n_sessions(Selection().with_("path step 2", path_ends())) == len(names)
    assert coded.n_sessions(Selection().with_("path step 1", is_other(tuple(names[:2])))) == len(names) - 2
    assert bins.text(is_other(tuple(names[:1]))) == "not \\ends"


def test_a_step_that_a_shorter_path_has_no_more_says_so() -> None:
    engine = explorer.connect(FRAME, actor="user", time="ts", event="event")
    coded = engine.cut(VISIT).coded({"path step 4": Binning(route=Route(length=3), step=3)})
    assert "These paths have 3 steps" in str(coded.problems["path step 4"])


@examples(8)
@given(logs(), definitions(), routes())
def test_a_route_reads_back_from_a_document(log, definition, route):
    chart = Chart(
        "paths", "visit", of=route.column, at=route.at, backward=route.backward, length=route.length,
        repeats=route.repeats, top=route.top, where=route.where,
        occurrence=route.occurrence if route.at is not None else None,
    )  # fmt: skip
    again = Chart.read(chart.plain())
    assert again == chart
    assert again.route == replace(route, occurrence=route.occurrence if route.at is not None else "first")
    assert parse(str(chart.at)) == chart.at if chart.at is not None else True

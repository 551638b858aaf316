"""Who belongs to a cohort, and every definition that asks it, is what the slow loop says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import explorer
from explorer.code.languages import code
from explorer.engine.local.engine import LocalEngine
from explorer.errors import EngineError, SpecError
from explorer.spec.analysis import Analysis
from explorer.spec.charts.chart import Chart
from explorer.spec.cohort import Cohort
from explorer.spec.columns import Columns
from explorer.spec.expression.clause import Compare, Not
from explorer.spec.metric import ActorMetric, Metric
from explorer.spec.session import SessionDefinition
from tests import oracle
from tests.code.running import run
from tests.examples import examples
from tests.factories import connect, made
from tests.strategies import Log, actor_metrics, clauses, definitions, logs
from tests.told import plain

GALLERY = Path(__file__).parents[2] / "analyses" / "cohorts.yaml"
ACTOR_KINDS = {"session_count": "place", "time_in_session": "length", "first_start": "time", "last_end": "time"}
VISIT = SessionDefinition("visit", "30m", metrics=[Metric("buys", "count", where="event = 'buy'")])


def assert_as_told(log: LocalEngine, rows: list[Any], definition: SessionDefinition) -> None:
    keys = (*log.columns.actor, "session_number")
    names = ["start", "end", "event_count", *(metric.name for metric in definition.metrics)]

    def said(found: list[dict[str, Any]]) -> dict[tuple[Any, ...], list[Any]]:
        return {tuple(row[key] for key in keys): [plain(row[name]) for name in names] for row in found}

    found = said(log.sessions(definition).to_dicts())
    wanted = said(oracle.sessions(rows, log.columns, definition))
    assert found.keys() == wanted.keys()
    for key, values in wanted.items():
        assert found[key] == pytest.approx(values), key


@given(logs(), definitions(), definitions(), st.data())
@examples(30)
def test_any_cohort_asked_anywhere(log: Log, of: SessionDefinition, other: SessionDefinition, data: st.DataObject):
    of = of.replace(actor_metrics=data.draw(actor_metrics(of)))
    counts = {metric.name: "place" for metric in of.actor_metrics if metric.aggregate == "count"}
    first = Cohort("these", "visit", data.draw(clauses(ACTOR_KINDS | counts)))
    second = Cohort("those", "visit", data.draw(clauses({"session_count": "place", "these": "flag"})))
    role = data.draw(st.sampled_from(["where", "restart", "keep", "split_by", "metric", "passive"]))
    asked = data.draw(st.sampled_from([Compare("these", "=", True), Not(Compare("those", "=", True))]))
    if role == "split_by":
        other = other.replace(split_by=("those",), keep=None)
    elif role == "metric":
        other = other.replace(metrics=(*other.metrics, Metric("theirs", "count", where=asked)))
    else:
        other = other.replace(**{role: asked})
    other = other.replace(name="other")
    analysis = Analysis(log.columns, (of, other), cohorts=(first, second))
    rows = oracle.with_cohorts(log.rows, log.columns, analysis)
    under = connect(log).under(analysis)
    assert_as_told(under, rows, other)
    whole = other.replace(keep=None)
    for name in ("these", "those"):
        source = oracle._source(rows, log.columns)
        assert under.count(Compare(name, "=", True)) == sum(event.row[name] for event in source)
        by = under.query(Chart("bar", "other", by=name), whole)
        wanted = [session.facts[name] for session in oracle._kept(rows, log.columns, whole)]
        assert dict(by.select(name, "value").iter_rows()) == {each: wanted.count(each) for each in set(wanted)}


def test_the_example():
    analysis = Analysis.from_yaml(GALLERY.read_text())
    frame = made()
    log = explorer.connect(frame, **analysis.columns.plain()).under(analysis)
    ordered = analysis.replace(cohorts=analysis.cohorts[::-1])
    rows = oracle.with_cohorts(frame.rows(named=True), analysis.columns, ordered)
    for definition in analysis.sessions:
        assert_as_told(log, rows, definition)
    members = {row["user"] for row in rows if row["early_buyers"]}
    assert 0 < len(members) < 4
    assert set(log.sessions(analysis.session("of early buyers"))["user"]) == members
    assert log.under(analysis.replace(cohorts=())).schema.keys() == explorer.connect(frame).schema.keys()


@pytest.mark.parametrize(
    ("cohorts", "where", "said"),
    [
        ([("c", "vist", "session_count > 1")], "cohorts[0].session", "Did you mean 'visit'?"),
        ([("buys", "visit", "session_count > 1")], "cohorts[0].name", "'buys' is taken already"),
        ([("duration", "visit", "session_count > 1")], "cohorts[0].name", "'duration' is taken already"),
        ([("user", "visit", "session_count > 1")], "cohorts[0].name", "'user' is taken already"),
        ([("event_number", "visit", "session_count > 1")], "cohorts[0].name", "'event_number' is taken already"),
        ([("c", "visit", "session_count > 1"), ("c", "visit", "TRUE")], "cohorts[1].name", "'c' is taken already"),
        ([("c", "visit", "c")], "cohorts[0]", "'c' of visit needs 'c' of visit. Ask it in another"),
        (
            [("c", "visit", "d"), ("d", "other", "session_count > 1")],
            "cohorts[0]",
            "'c' of visit needs 'd' of other needs 'c' of visit",
        ),
        ([("c", "visit", "session_count >")], "cohorts[0].where", ""),
        ([("c", "visit", "")], "cohorts[0].where", "A condition is a text"),
    ],
)
def test_documents_that_cannot_be(cohorts: list[tuple[str, str, str]], where: str, said: str):
    other = VISIT.replace(name="other", where="c", metrics=())
    plain = [{"name": name, "session": session, "where": text} for name, session, text in cohorts]
    with pytest.raises(SpecError) as caught:
        Analysis(Columns("user", "ts"), (VISIT, other), cohorts=plain)
    assert caught.value.where == where
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("name", "text", "where", "said"),
    [
        ("event", "session_count > 1", "cohorts[0].name", "'event' is a column of the events"),
        ("c", "duration > '1h'", "cohorts[0].where", "is one value per session"),
        ("c", "buys > 1", "cohorts[0].where", "Add an actor metric of it to visit"),
        ("c", "sesion_count > 1", "cohorts[0].where", "Did you mean 'session_count'?"),
        ("c", "session_count > 'x'", "cohorts[0].where", ""),
    ],
)
def test_what_does_not_fit_the_events(name: str, text: str, where: str, said: str):
    log = explorer.connect(pl.DataFrame({"user": ["a"], "ts": ["2024-03-01"], "event": ["x"]}), event="event")
    with pytest.raises(SpecError) as caught:
        log.under(Analysis(log.columns, (VISIT,), cohorts=(Cohort(name, "visit", text),)))
    assert caught.value.where.startswith(where)
    assert said in str(caught.value)


def test_it_goes_round_and_the_definition_may_keep_by_it():
    analysis = Analysis.from_yaml(GALLERY.read_text())
    assert Analysis.from_yaml(analysis.to_yaml()) == Analysis.from_query(analysis.to_query()) == analysis
    log = explorer.connect(made(), **analysis.columns.plain())
    kept = analysis.with_session(analysis.session("visit").replace(keep="early_buyers"))
    under = log.under(kept)
    members = set(under.sessions(kept.session("of early buyers"))["user"])
    assert set(under.sessions(kept.session("visit"))["user"]) == members


def test_a_change_of_the_cohort_or_of_its_definition_is_seen():
    analysis = Analysis.from_yaml(GALLERY.read_text())
    log = explorer.connect(made(), **analysis.columns.plain())
    under = log.under(analysis)
    assert under.under(analysis) is under
    assert under.is_under(analysis.replace(charts=()))
    looser = analysis.cohorts[1].replace(where="first_bought IS NOT NULL")
    later = under.under(analysis.replace(cohorts=(analysis.cohorts[0], looser)))
    assert later.count("early_buyers") > under.count("early_buyers")
    other = under.under(analysis.with_session(analysis.session("visit").replace(where="event != 'purchase'")))
    assert other.count("early_buyers") == 0


def test_code_says_them_or_says_that_it_cannot():
    analysis = Analysis.from_yaml(GALLERY.read_text())
    log = explorer.connect(made(), **analysis.columns.plain())
    found = run(code(log, analysis, "python", session="kept"), events=made())
    assert found["sessions"].equals(log.under(analysis).sessions(analysis.session("kept")))
    for language in ("sql", "polars"):
        with pytest.raises(EngineError, match=r"kept asks '(early_buyers|regulars)'. The Python code does"):
            code(log, analysis, language, session="kept")
        assert "early_buyers" not in code(log, analysis, language, session="visit")
    assert "early_buyers" in code(log, analysis, "shell", session="visit")


def test_what_its_definition_cuts_counts():
    log = explorer.connect(made(), actor="user", time="ts", event="event")
    most = VISIT.replace(actor_metrics=[ActorMetric("most", "max", "event_count")])
    cohorts = (Cohort("c", "visit", "most > 20"),)
    both = (Analysis(log.columns, (most.replace(inactivity=each),), cohorts=cohorts) for each in ("5m", "2h"))
    short, long = map(log.under, both)
    assert short.count("c") < long.count("c")

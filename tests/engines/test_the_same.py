"""Every answer of an engine beside that of the local one, over hostile logs: equal, floats but for their last bits."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import astuple, replace
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import explorer
from explorer.crossfilter.bins.binning import AUTOMATIC
from explorer.crossfilter.selections.selection import Selection, Values
from explorer.engine.answers.actors import Ranking
from explorer.engine.answers.compare import SIDES
from explorer.engine.answers.different import Different
from explorer.engine.answers.retention import Retention
from explorer.engine.cut import Cut
from explorer.engine.engine import Engine
from explorer.errors import SpecError
from explorer.events.quality.quality import Quality
from explorer.plan.literal import type_word
from explorer.spec.analysis import Analysis
from explorer.spec.charts.chart import Chart
from explorer.spec.charts.sequences.route import Route
from explorer.spec.charts.sequences.steps import PatternStep, Steps
from explorer.spec.cohort import Cohort
from explorer.spec.duration import Duration
from explorer.spec.expression.clause import Compare, Not
from explorer.spec.metric import Metric
from explorer.spec.pattern import Pattern
from explorer.spec.session import SessionDefinition
from tests.engine.local.returning.made_up import charts, long_logs, visits
from tests.engines.equal import agree, answered, same
from tests.engines.making import ENGINES, Connect
from tests.examples import examples
from tests.strategies import Log, clauses, definitions, funnels, inside_clauses, logs, patterns, routes

OTHERS = {name: connect for name, connect in ENGINES.items() if name != "local"}


@pytest.fixture(scope="module", params=list(OTHERS))
def other(request: pytest.FixtureRequest) -> Connect:
    """What makes an engine that is not the local one."""
    return OTHERS[request.param]


@contextmanager
def both(other: Connect, log: Log) -> Iterator[tuple[Engine, Engine]]:
    """The local engine and another one over the same rows, whose place is the last of what decides their order."""
    order = [*log.columns.order, "row"]
    roles: dict[str, Any] = {"actor": list(log.columns.actor), "time": "ts", "event": "event", "order": order}
    frame = log.frame.with_columns(pl.col("row").cast(pl.Int64))
    remote = other(frame, **roles, time_zone="UTC")
    told = pl.col("ts").dt.replace_time_zone("UTC") if remote.zone and not log.aware else pl.col("ts")
    local = explorer.connect(frame.with_columns(told), **roles, time_zone="UTC")
    yield local, remote
    remote.close()  # type: ignore[attr-defined]
    remote.event_table.database.close()  # type: ignore[attr-defined]


@examples(8)
@given(logs(), definitions(), inside_clauses())
def test_sessions_actors_and_events(other: Connect, log: Log, definition: SessionDefinition, where: Any) -> None:
    with both(other, log) as (local, remote):
        agree(local, remote, lambda engine: engine.sessions(definition))
        agree(local, remote, lambda engine: engine.actors(definition))
        agree(local, remote, lambda engine: engine.events(definition))
        agree(local, remote, lambda engine: engine.events(definition, page=slice(1, 5)))
        if isinstance(shown := answered(lambda: local.sessions(definition)), pl.DataFrame) and shown.height:
            agree(local, remote, lambda engine: engine.as_events(definition).sessions(SessionDefinition("day", "1d")))
        agree(local, remote, lambda engine: engine.events(definition, where, slice(2, 9)))
        agree(local, remote, lambda engine: engine.cut(definition).outside())


@examples(8)
@given(logs(), definitions(), st.lists(clauses(), max_size=3), st.lists(inside_clauses(), max_size=3))
def test_live_counts_and_menus(
    other: Connect, log: Log, definition: SessionDefinition, asked: list[Any], inside: list[Any]
) -> None:
    with both(other, log) as (local, remote):
        agree(local, remote, lambda engine: vars(engine.counts(asked)))
        for clause in [None, *asked]:
            agree(local, remote, lambda engine, clause=clause: engine.sample(clause, 3))
        same(texts_sorted(local.menu()), texts_sorted(remote.menu()))
        for text in ("o", "IN", "", "%"):
            same(*(sorted(map(astuple, engine.search_values(text, 99).values)) for engine in (local, remote)))
        same(*([(each.name, each.kind, each.nulls) for each in engine.described()] for engine in (local, remote)))
        one, its = local.cut(definition), remote.cut(definition)
        agree(one, its, lambda cut: vars(cut.event_counts(inside)))
        agree(one, its, lambda cut: texts_sorted(cut.event_menu()))
        agree(one, its, lambda cut: texts_sorted(cut.session_menu()))
        agree(one, its, lambda cut: texts_sorted(cut.actor_menu()))
        agree(one, its, lambda cut: vars(cut.totals()))
        agree(one, its, lambda cut: {name: tuple(map(vars, pair)) for name, pair in cut.effects().items()})
        agree(one, its, lambda cut: {name: type_word(dtype) for name, dtype in cut.session_schema().items()})
        agree(one, its, lambda cut: cut.sample(None, 4))


def counted(report: Quality) -> dict[str, Any]:
    """What is counted of a source and not how it was read; PostgreSQL and ClickHouse keep no order of rows."""
    names = ("rows", "events", "no_actor", "no_time", "ties", "duplicates", "actors", "one_event_actors")
    return {name: getattr(report, name) for name in (*names, "future", "granularity", "first", "last", "zone")}


def texts_sorted(menu: dict[str, Any]) -> dict[str, Any]:
    """A menu whose equally frequent texts are in one order, and whose examples are left out: any value may be one."""
    return {
        name: {key: value for key, value in told.items() if key != "example"}
        | {"values": sorted(told["values"], key=lambda each: (-each[1], each[0]))}
        for name, told in menu.items()
    }


@examples(8)
@given(logs(), definitions(), funnels(), routes(), st.booleans())
def test_inside_sessions(
    other: Connect, log: Log, definition: SessionDefinition, steps: Steps, asked: Route, across: bool
) -> None:
    steps = replace(steps, across=across)
    with both(other, log) as (local, remote):
        found = [
            answered(lambda engine=engine: engine.cut(definition).coded({"event_count": AUTOMATIC}))
            for engine in (local, remote)
        ]
        if isinstance(found[0], str):
            same(*found)
            return
        one, its = found
        some = next(iter(sorted(set(local.sessions(definition)["event_count"].to_list()))), 1)
        for selection in (Selection(), Selection.from_text(f"event_count:{some}")):
            for column in ("event", "page", "items", "ok"):
                agree(
                    one,
                    its,
                    lambda coded, column=column, selection=selection: vars(coded.following(column, selection, 2)),
                )
                route = replace(asked, column=column)
                agree(one, its, lambda coded, route=route, selection=selection: told(coded.paths(route, selection)))
            agree(one, its, lambda coded, selection=selection: vars(coded.funnel(steps, selection)))
            for by in ("first event", "any page", "event_count", "last ok"):
                chart = funnel_of(steps, by=by, top=2)
                agree(one, its, lambda coded, chart=chart, selection=selection: groups_of(coded, chart, selection))
                agree(one, its, lambda coded, chart=chart, selection=selection: coded.query(chart, selection))
                trend = chart.replace(every="1d")
                agree(one, its, lambda coded, chart=trend, selection=selection: coded.query(chart, selection))
            agree(one, its, lambda coded, selection=selection: list(coded.batches("events", selection)))
            agree(one, its, lambda coded, selection=selection: list(coded.batches("actors", selection)))
            agree(one, its, lambda coded, selection=selection: vars(coded.shares(selection)))
            agree(
                one,
                its,
                lambda coded, selection=selection: [vars(each) for each in coded.by_property("page", selection)],
            )
            agree(one, its, lambda coded, selection=selection: vars(coded.ranking(Ranking(), selection)))


@examples(8)
@given(logs(), definitions(), patterns(), st.sampled_from(["matches", "any", "time_of"]))
def test_patterns(other: Connect, log: Log, definition: SessionDefinition, pattern: Pattern, aggregate: str) -> None:
    definition = definition.replace(metrics=(Metric("m", aggregate, pattern=pattern),), actor_metrics=(), keep=None)
    with both(other, log) as (local, remote):
        one = local.sessions(definition).sort("session_id")
        its = remote.sessions(definition).sort("session_id")
        assert one["m"].to_list() == its["m"].to_list()
        chart = Chart("funnel", "visit", steps=(Compare("event", "=", "view"), PatternStep(pattern)))
        agree(local, remote, lambda engine: engine.query(chart, definition))


def funnel_of(steps: Steps, **fields: Any) -> Chart:
    """A funnel of some steps."""
    limits = {"within": steps.within, "without": steps.without, "order": steps.order, "across": steps.across}
    return Chart("funnel", "visit", steps=steps.conditions, **limits, **fields)


def groups_of(coded: Any, chart: Chart, selection: Selection) -> Any:
    """The funnels of all values as texts and numbers."""
    found = coded.funnel_groups(chart, selection)
    return found.several, [(each.label, each.brush, *vars(each.counts).values()) for each in found.groups]


def told(paths: Any) -> Any:
    return [vars(step) for step in paths.steps], list(paths.links), paths.whole, paths.different, paths.absent


@examples(8)
@given(logs(), definitions(), st.sampled_from(["5m", "10m", "25m", "1h"]))
def test_inactivity(other: Connect, log: Log, definition: SessionDefinition, also: str) -> None:
    with both(other, log) as (local, remote):
        one, its = local.cut(definition), remote.cut(definition)
        if isinstance(answered(one.totals), str):
            agree(one, its, lambda cut: vars(cut.totals()))
            return
        length = Duration.parse(also)
        agree(one, its, lambda cut: vars(cut.gap_curve()))
        agree(one, its, lambda cut: gaps_of(cut, length))
        if definition.max_duration is None:
            agree(one, its, lambda cut: vars(cut.choice(length)))


def gaps_of(cut: Cut, also: Duration) -> dict[str, Any]:
    found = dict(vars(cut.choices(also)))
    evidence = found.pop("evidence")
    its = cut.definition
    cuts = its.passive is not None or its.opens_with is not None or its.max_events is not None or its.restart_on_change
    # By cutting at every step, a database would say what the gaps do not; it says it of the one looked at.
    steps = evidence.steps.select("inactivity", *([] if cuts else ["sessions", "one_event_share"]))
    return found | {
        "steps": steps,
        "suggested": evidence.suggestion,
        "said": evidence.reason,
        "counts": evidence.counts,
    }


@examples(8)
@given(logs(), definitions())
def test_actors_and_properties(other: Connect, log: Log, definition: SessionDefinition) -> None:
    with both(other, log) as (local, remote):
        agree(local, remote, lambda engine: sorted((vars(each) for each in engine.properties()), key=str))
        agree(local, remote, lambda engine: engine.cohort_sizes())
        agree(local, remote, lambda engine: counted(engine.quality_report()))
        if (disorder := remote.quality.disorder) is not None:
            assert disorder == local.quality.disorder
        shown = answered(lambda: local.sessions(definition))
        if isinstance(shown, str) or not shown.height:
            return
        who = shown["session_id"][0].rpartition("/")[0]
        small, its = local.actor(definition, who), remote.actor(definition, who)
        agree(small, its, lambda engine: engine.sessions(definition.replace(keep=None, metrics=(), actor_metrics=())))
        with pytest.raises(SpecError):
            remote.actor(definition, "nobody of this name")


@examples(8)
@given(logs(), definitions(), definitions())
def test_several_definitions(other: Connect, log: Log, first: SessionDefinition, second: SessionDefinition) -> None:
    with both(other, log) as (local, remote):
        agree(local, remote, lambda engine: vars(engine.compared(first)))
        agree(local, remote, lambda engine: {name: vars(each) for name, each in engine.common([first, second]).items()})
        for column in ("page", "items"):
            agree(local, remote, lambda engine, column=column: vars(engine.compared(column)))
        agree(local, remote, lambda engine: engine.diff(first, second).counts)
        agree(local, remote, lambda engine: engine.diff(first, second).sentence)
        agree(local, remote, lambda engine: engine.diff(first, "page").counts)
        agree(local, remote, lambda engine: engine.diff("items", second).one)
        agree(local, remote, lambda engine: engine.diff(first, second).one)
        agree(local, remote, lambda engine: engine.diff(first, second).other)
        agree(local, remote, lambda engine: engine.diff(first, second).event_counts)
        for side, definition in zip(SIDES, (first, second), strict=True):
            shown = answered(lambda definition=definition: local.sessions(definition))
            if isinstance(shown, pl.DataFrame) and shown.height:
                agree(local, remote, lambda engine, side=side: engine.diff(first, second).events_at(0, side))


ACTOR_KINDS = {"session_count": "place", "time_in_session": "length"}


@examples(8)
@given(logs(), definitions(), definitions(), st.data())
def test_cohorts(
    other: Connect, log: Log, of: SessionDefinition, asking: SessionDefinition, data: st.DataObject
) -> None:
    first = Cohort("these", "visit", data.draw(clauses(ACTOR_KINDS)))
    second = Cohort("those", "visit", data.draw(clauses({"session_count": "place", "these": "flag"})))
    role = data.draw(st.sampled_from(["where", "restart", "keep", "passive"]))
    condition = data.draw(st.sampled_from([Compare("these", "=", True), Not(Compare("those", "=", True))]))
    asking = asking.replace(name="other", **{role: condition})
    with both(other, log) as (local, remote):

        def under(engine: Engine) -> Engine:
            return engine.under(Analysis(engine.columns, (of, asking), cohorts=(first, second)))

        agree(local, remote, lambda engine: under(engine).cohort_sizes())
        agree(local, remote, lambda engine: under(engine).count(condition))
        agree(local, remote, lambda engine: under(engine).sessions(asking))
        agree(local, remote, lambda engine: under(engine).query(Chart("bar", "other", by="these"), asking))
        agree(local, remote, lambda engine: vars(under(engine).cut(of).cohort(first, 3)))


def test_a_brush_of_any_value(other: Connect) -> None:
    frame = pl.DataFrame({"user": ["a", "a", "b"], "ts": ["2024-03-01 10:00", "2024-03-01 10:05", "2024-03-01 10:00"]})
    frame = frame.with_columns(pl.col("ts").str.to_datetime(), page=pl.Series(["x", None, "y"]))
    engine = other(frame, actor="user", time="ts")
    coded = engine.cut(SessionDefinition("visit", "30m")).coded({"any page": AUTOMATIC})
    assert coded.n_sessions(Selection().with_("any page", Values(frozenset(["x"])))) == 1


@examples(8)
@given(logs(), definitions(), st.data())
def test_what_is_different(other: Connect, log: Log, definition: SessionDefinition, data: st.DataObject) -> None:
    texts = [
        "event_count:1..2",
        "first page:a|~none",
        "any event:view|buy",
        "weekday of start:Sunday",
        "duration:0s..10m",
    ]
    selection = data.draw(st.sampled_from(texts))
    against = data.draw(st.one_of(st.none(), st.sampled_from(texts)))
    with both(other, log) as (local, remote):
        agree(local, remote, lambda engine: compared(engine.different(definition, selection, against)))


@examples(8)
@given(long_logs(), visits(), charts(), st.sampled_from(["", "session_number:2..", "bought:true"]))
def test_who_comes_back(
    other: Connect, made: tuple[Log, str], definition: SessionDefinition, chart: Chart, text: str
) -> None:
    fields = {name: getattr(chart, name) for name in ("every", "by", "returns", "where", "within")}
    with both(other, made[0]) as (local, remote):
        agree(local, remote, lambda engine: come_back(engine.retention(definition, text, **fields)))


def come_back(found: Retention) -> Any:
    rows = [(row.label, row.actors, row.brush, row.early) for row in found.rows]
    return found.frame(), rows, found.activity.frame(), found.between, found.far, found.sentence, found.caution


def compared(found: Different) -> Any:
    rows = [[vars(row) for row in its] for its in (found.rows, found.means, found.made_of)]
    return vars(found.here), vars(found.there), found.frame(), rows, found.left_out, found.shared, found.sentence

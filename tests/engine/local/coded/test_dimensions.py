"""Dimensions of every kind, from an engine, against the oracle's sessions one by one."""

from __future__ import annotations

import random

import numpy as np
import polars as pl
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from explorer.crossfilter.bins.binning import Binning
from explorer.crossfilter.bins.bins import MOST_BINS
from explorer.crossfilter.bins.categories import Categories
from explorer.crossfilter.cube import Crossfilter
from explorer.crossfilter.selections.conditions import to_clause
from explorer.crossfilter.selections.selection import Range, Selection, Values
from explorer.engine.local.coded.dimensions import actor_starts, dimension
from explorer.engine.local.condition_schemas import session_schema
from explorer.errors import SpecError
from explorer.spec.charts.chart import Chart
from explorer.spec.expression.clause import All, Not
from explorer.spec.session import SessionDefinition
from tests.crossfilter.slow_brush import holds
from tests.engine.local.coded.shop import NAMES, VISIT, brushes, connect, shop, values_of
from tests.engine.local.query.slow_query import actor, kept, keys
from tests.examples import examples
from tests.strategies import ZONES, Log, actor_metrics, definitions, logs

ACTORS_OWN = ("time_in_session", "session_count")


@examples(40)
@given(logs(), definitions(), st.data(), ZONES)
def test_every_session_is_in_the_bin_that_holds_its_value(
    log: Log, definition: SessionDefinition, data: st.DataObject, zone: str
) -> None:
    # The oracle reads a time without a zone as UTC, an engine in the zone that is shown.
    assume(zone == "UTC" or "'2024-" not in str(definition.plain()))
    engine = connect(log, zone)
    sessions = kept(log, definition, Chart("bar", "visit"))
    name = data.draw(st.sampled_from([*NAMES, *(metric.name for metric in definition.metrics)]))
    top = data.draw(st.sampled_from([None, 1, 2]))
    values = values_of(sessions, name, zone)
    found = dimension(engine.session_table(definition), name, Binning(top=top))
    bins = found.bins
    assert len(found.codes) == len(sessions)
    assert len(bins) <= MOST_BINS
    assert len(bins.labels) == len(set(bins.labels)) == len(bins)
    counts = np.bincount(found.codes, minlength=len(bins))
    assert len(counts) == len(bins)
    for i in range(len(bins)):
        brush = bins.range(i, i + 1)
        inside = [True if brush is None else holds(brush, value) for value in values]
        assert sum(inside) == counts[i], (bins.labels[i], values)
        if brush is not None:
            assert bins.touched(brush).nonzero()[0].tolist() == [i]
            assert found.passing(brush).sum() == counts[i]
    assert (bins.labels[-1] == "none") == any(value is None for value in values)


@examples(40)
@given(logs(), definitions(), st.data())
def test_a_value_of_actors_is_in_the_bin_that_holds_it(
    log: Log, definition: SessionDefinition, data: st.DataObject
) -> None:
    definition = definition.replace(actor_metrics=data.draw(actor_metrics(definition)))
    engine, sessions = connect(log), kept(log, definition, Chart("bar", "visit"))
    name = data.draw(st.sampled_from(["first_start", "last_end", *(one.name for one in definition.actor_metrics)]))
    known = {actor(log, session): session.facts[name] for session in sessions}
    found = dimension(engine.session_table(definition), f"{engine.columns.actor_name}.{name}.visit")
    assert found.per_actor
    for i in range(len(found.bins)):
        brush = found.bins.range(i, i + 1)
        held = [session for session in sessions if brush is None or holds(brush, known[actor(log, session)])]
        assert len(held) == (found.codes == i).sum(), (found.bins.labels[i], known)


@examples(40)
@given(logs(), definitions(), st.data())
def test_a_brush_off_the_edges_holds_what_it_says_and_becomes_a_condition(
    log: Log, definition: SessionDefinition, data: st.DataObject
) -> None:
    engine = connect(log)
    sessions = kept(log, definition, Chart("bar", "visit"))
    own = ["duration", "event_count", "session_number", "start", "end", "started_by", "cut_off", "user"]
    names = [*own, *definition.split_by, *(metric.name for metric in definition.metrics)]
    chooser = random.Random(data.draw(st.integers(0, 10**6)))
    selection = Selection()
    for name in data.draw(st.lists(st.sampled_from(names), min_size=1, max_size=3, unique=True)):
        selection = selection.with_(name, brushes(values_of(sessions, name, "UTC"), chooser))
    selection = Selection.from_text(selection.to_text())
    wanted = [
        session
        for session in sessions
        if all(holds(brush, keys(session, name, "UTC")[0]) for name, brush in selection.items())
    ]
    table = engine.table(definition)
    crossfilter = Crossfilter(
        [dimension(engine.session_table(definition), name) for name in selection], actor_starts(table)
    )
    assert crossfilter.holding(selection) == selection
    assert crossfilter.n_sessions(selection) == len(wanted)
    clause = to_clause(selection, session_schema(engine.session_table(definition)))
    selected = engine.session_table(definition).frame(pl.Series(np.flatnonzero(crossfilter.mask(selection))))
    others = engine.session_table(definition).frame(pl.Series(np.flatnonzero(~crossfilter.mask(selection))))
    for its, part in ((selected, clause), (others, Not(clause))):
        keep = part if definition.keep is None else All((definition.keep, part))
        assert (
            engine.sessions(definition.replace(keep=str(keep)))["session_id"].to_list() == its["session_id"].to_list()
        )


# ---- one by one


def test_the_most_frequent_have_a_bin_each_and_nothing_is_lost() -> None:
    engine = shop(2_000)
    found = dimension(engine.session_table(VISIT), "first page")
    counted = engine.query(Chart("bar", "visit", by="first page"), VISIT)
    counts = np.bincount(found.codes)
    assert isinstance(found.bins, Categories)
    assert found.bins.labels[:12] == tuple(counted["first page"][:12])
    assert counts[:12].tolist() == counted["value"][:12].to_list()
    assert found.bins.labels[12] == f"other ({counted.height - 12} values)"
    assert counts.sum() == 2_000


def test_other_goes_on_meaning_the_same_values_under_another_definition() -> None:
    engine = shop(2_000)
    found = dimension(engine.session_table(VISIT), "page", Binning(top=2))
    brush = found.bins.brush([2])
    assert brush == Values(frozenset(found.bins.labels[:2]), negated=True)
    more = dimension(engine.session_table(VISIT.replace(where="page != '/page/0'")), "page", Binning(top=5))
    held = engine.sessions(VISIT.replace(where="page != '/page/0'"))["page"].is_in(found.bins.labels[:2])
    assert more.passing(brush).tolist() == (~held).to_list()
    assert more.bins.touched(brush).tolist() == [label not in brush.values for label in more.bins.labels]


def test_floats_with_holes_have_a_bin_for_none() -> None:
    engine = shop(2_000)
    paid = engine.sessions(VISIT)["paid"].to_numpy()
    found = dimension(engine.session_table(VISIT), "paid")
    assert found.bins.labels[-1] == "none"
    assert np.bincount(found.codes)[-1] == np.isnan(paid).sum()
    assert found.passing(Range(10.25, 31.125, "number")).tolist() == ((paid >= 10.25) & (paid < 31.125)).tolist()
    n = len(found.bins)
    assert found.bins.range(n - 1, n) == Values(none=True)
    assert found.bins.interval(found.bins.range(2, n)) == (2, n)
    assert found.bins.interval(found.bins.range(2, n - 1)) == (2, n - 1)
    gap = Range(found.bins.lows[1], found.bins.lows[3], "number", none=True)
    assert found.bins.interval(gap) is None
    assert found.bins.touched(gap).nonzero()[0].tolist() == [1, 2, n - 1]


@pytest.mark.parametrize("name", ["small", "wait", "day"])
def test_every_bin_is_a_condition(name: str) -> None:
    """Numbers of 32 bits, durations below 0 and dates."""
    engine = shop(500)
    found = dimension(engine.session_table(VISIT), name)
    for i in range(len(found.bins)):
        brush = found.bins.range(i, i + 1)
        selection = Selection().with_(name, brush)
        if name == "wait" and brush.lo < 0:
            with pytest.raises(SpecError, match="below 0s"):
                to_clause(selection, session_schema(engine.session_table(VISIT)))
            continue
        clause = to_clause(selection, session_schema(engine.session_table(VISIT)))
        assert engine.sessions(VISIT.replace(keep=clause)).height == (found.codes == i).sum()
        assert Selection.from_text(selection.to_text()) == selection


def test_what_keep_cannot_use_is_said() -> None:
    schema = session_schema(shop(5).session_table(VISIT))
    with pytest.raises(SpecError, match="'hour of start' cannot be part of the definition"):
        to_clause(Selection.from_text("hour of start:9|10"), schema)
    with pytest.raises(SpecError, match=r"'duration' is a duration, and 2\.\.6 is not"):
        to_clause(Selection.from_text("duration:2..6"), schema)
    with pytest.raises(SpecError, match="'paid' is a number, and 'ios' is not"):
        to_clause(Selection.from_text("paid:ios"), schema)
    with pytest.raises(SpecError, match="Nothing is selected"):
        to_clause(Selection(), schema)


def test_a_brush_of_another_kind_holds_everything() -> None:
    engine = shop(50)
    table = engine.table(VISIT)
    crossfilter = Crossfilter(
        [dimension(engine.session_table(VISIT), name) for name in ("paid", "page")], actor_starts(table)
    )
    odd = Selection.from_text("paid:ios;page:2..6;gone:1..2")
    assert crossfilter.n_sessions(odd) == 50
    assert not crossfilter.holding(odd)


def test_names_that_cannot_be_brushed() -> None:
    engine = shop(5)
    with pytest.raises(SpecError, match="there is no column 'first pagee'"):
        dimension(engine.session_table(VISIT), "first pagee")
    with pytest.raises(SpecError, match="Brush first page or last page"):
        dimension(engine.session_table(VISIT), "any page")
    with pytest.raises(SpecError, match="is a text and has no hour"):
        dimension(engine.session_table(VISIT), "hour of page")


def test_no_sessions_at_all() -> None:
    engine = shop(5)
    nothing = VISIT.replace(where="page = 'nowhere'")
    for name in ("page", "paid", "duration", "start", "vip", "weekday of start", "session_count", "first day"):
        found = dimension(engine.session_table(nothing), name)
        assert len(found.codes) == 0
        assert len(found.bins.labels) == len(found.bins) >= 1


def test_values_that_look_like_ours_are_in_quotes() -> None:
    pages = pl.Series(["none", "", " ", "other (2 values)", "a"])
    bins = Categories("page", pages, shown=5, none=True)
    assert bins.labels == ("'none'", "''", "' '", "'other (2 values)'", "a", "none")
    assert bins.text(Values(frozenset({"", "none"}), none=True)) == "'', 'none' or none"

"""What an engine counts under brushes, held to the oracle's sessions one by one."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from explorer.crossfilter.bins.binning import Binning
from explorer.crossfilter.bins.bins import MOST_BINS
from explorer.crossfilter.selections.selection import Selection
from explorer.engine.coded import UNSORTED
from explorer.engine.engine import Engine
from explorer.spec.charts.chart import Chart
from explorer.spec.session import SessionDefinition
from tests.crossfilter.slow_brush import holds
from tests.engine.local.coded.shop import NAMES, brushes, values_of
from tests.engine.local.query.slow_query import kept, keys
from tests.engines.making import Connect
from tests.examples import examples
from tests.strategies import ZONES, Log, definitions, logs

OWN = ("duration", "event_count", "session_number", "start", "end", "started_by", "cut_off", "user")


def connected(connect: Connect, log: Log, zone: str = "UTC") -> Engine:
    columns = log.columns
    return connect(log.frame, actor=list(columns.actor), time="ts", order=list(columns.order), time_zone=zone)


@examples(40)
@given(logs(), definitions(), st.data(), ZONES)
def test_every_session_is_in_the_bin_that_holds_its_value(
    engines: Connect, log: Log, definition: SessionDefinition, data: st.DataObject, zone: str
) -> None:
    # The oracle reads a time without a zone as UTC, an engine in the zone that is shown.
    assume(zone == "UTC" or "'2024-" not in str(definition.plain()))
    sessions = kept(log, definition, Chart("bar", "visit"))
    name = data.draw(st.sampled_from([*NAMES, *(metric.name for metric in definition.metrics)]))
    binning = Binning(top=data.draw(st.sampled_from([None, 1, 2])))
    engine = connected(engines, log, zone)
    # Times of ClickHouse always have a zone, that of a frame without one is UTC.
    assume(zone == "UTC" or log.aware or engine.zone is None)
    coded = engine.cut(definition).coded({name: binning})
    (drawn,) = coded.dimensions.values()
    bins, values = drawn.bins, values_of(sessions, name, zone)
    assert coded.total == len(sessions)
    assert len(bins) <= MOST_BINS
    assert len(bins.labels) == len(set(bins.labels)) == len(bins)
    (counts,) = coded.totals().values()
    assert drawn.per_actor or counts.sum() == len(sessions)
    for i in range(len(bins)):
        brush = bins.range(i, i + 1)
        inside = [True if brush is None else holds(brush, value) for value in values]
        assert drawn.per_actor or sum(inside) == counts[i], (bins.labels[i], values)
        if brush is not None:
            assert bins.touched(brush).nonzero()[0].tolist() == [i]
            assert coded.n_sessions(Selection().with_(bins.name, brush)) == sum(inside)
    assert (bins.labels[-1] == "none") == any(value is None for value in values)


@examples(40)
@given(logs(), definitions(), st.data())
def test_brushes_hold_what_they_say_whatever_is_asked_of_them(
    engines: Connect, log: Log, definition: SessionDefinition, data: st.DataObject
) -> None:
    engine, sessions = connected(engines, log), kept(log, definition, Chart("bar", "visit"))
    names = [*OWN, *definition.split_by, *(metric.name for metric in definition.metrics)]
    chooser = random.Random(data.draw(st.integers(0, 10**6)))
    selection = Selection()
    for name in data.draw(st.lists(st.sampled_from(names), min_size=1, max_size=3, unique=True)):
        selection = selection.with_(name, brushes(values_of(sessions, name, "UTC"), chooser))
    coded = engine.cut(definition).coded(dict.fromkeys(("duration", *selection), Binning()))
    assert coded.holding(selection) == selection
    wanted = [of(session, selection) for session in sessions]
    assert coded.n_sessions(selection) == coded.numbers(selection).sessions == sum(wanted)
    whole = engine.sessions(definition)
    some = coded.page(selection, UNSORTED, slice(None))
    assert some.total == sum(wanted)
    everything = engine.sessions(definition).filter(whole["session_id"].is_in(some.frame["session_id"].implode()))
    assert_frame_equal(some.frame, everything)
    for at, name in enumerate(some.frame["session_id"]):
        assert coded.place(name, selection, UNSORTED) == at
    assert sum(piece.height for piece in coded.batches("sessions", selection)) == sum(wanted)
    check_counts(coded, selection)


def of(session: Any, selection: Selection) -> bool:
    return all(holds(brush, keys(session, name, "UTC")[0]) for name, brush in selection.items())


def check_counts(coded: Any, selection: Selection) -> None:
    """A drag comes to what brushes of its bins come to, one after the other."""
    bins = coded.dimensions["duration"].bins
    table = coded.running("duration", selection)
    others = selection.with_("duration", None)
    for at in range(len(bins)):
        brushed = others.with_("duration", bins.range(at, at + 1))
        assert table.n_sessions(at, at + 1) == coded.n_sessions(brushed)
        assert table.n_actors(at, at + 1) == coded.n_actors(brushed)
        for name, counts in table.between(at, at + 1).items():
            assert np.array_equal(counts, coded.counts(brushed, [name])[name])

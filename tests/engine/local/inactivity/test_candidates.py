"""What every inactivity would come to is what a cut gives, and the bars hold every gap."""

from datetime import datetime, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import explorer
from explorer.engine.local.engine import LocalEngine
from explorer.engine.local.inactivity.candidates import bar_edges, choice, choices, grain
from explorer.spec.duration import UNITS, Duration
from explorer.spec.session import SessionDefinition
from tests.examples import examples
from tests.strategies import Log, definitions, logs

BEGIN = datetime(2024, 3, 1)
VISIT = SessionDefinition("visit", "30m")


def connected(drawn: Log) -> LocalEngine:
    columns = drawn.columns
    return explorer.connect(drawn.frame, actor=list(columns.actor), time="ts", order=list(columns.order))


def of(*minutes: float) -> LocalEngine:
    times = [BEGIN + timedelta(minutes=at) for at in minutes]
    return explorer.connect(pl.DataFrame({"user": "ann", "ts": times}), actor="user", time="ts")


@examples(40)
@given(logs(), definitions(), st.sampled_from(["1s", "10m", "20m", "29m", "30m", "3h", "1d"]))
def test_one_choice_is_what_a_cut_gives(drawn: Log, definition: SessionDefinition, text: str):
    engine = connected(drawn)
    definition = definition.replace(max_duration=None, keep=None, metrics=())
    length = Duration.parse(text)
    found = choice(engine.session_table(definition), length)
    cut = engine.sessions(definition.replace(inactivity=text))
    assert found.sessions == cut.height
    assert found.one_event_share == ((cut["event_count"] == 1).mean() if cut.height else None)
    median = cut["duration"].dt.total_microseconds().median()
    assert found.median_duration == median
    gaps = engine.gap_curve(definition).gaps.tolist()
    assert found.near == sum(length.us * 0.95 <= gap <= length.us * 1.05 for gap in gaps)


@examples(40)
@given(logs(), definitions())
def test_the_table_and_the_bars_hold_every_gap(drawn: Log, definition: SessionDefinition):
    engine = connected(drawn)
    found = choices(engine.session_table(definition), Duration.parse("17m"))
    curve, gaps = found.evidence.curve, found.evidence.curve.gaps
    assert found.counts.sum() + found.shorter + found.evidence.at_once == len(gaps)
    if curve.exact:
        assert found.firsts + found.forced == curve.always
    else:
        reasons = engine.sessions(definition.replace(keep=None, metrics=()))["started_by"].cast(pl.String).to_list()
        assert (found.firsts, found.forced) == (
            reasons.count("first"),
            sum(reason in ("restart", "end", "calendar") for reason in reasons),
        )
    assert {definition.inactivity.us, Duration.parse("17m").us, *found.steps} <= set(found.lengths.tolist())
    assert found.low <= definition.inactivity.us <= found.high
    for length, sessions in list(zip(found.lengths.tolist(), found.sessions.tolist(), strict=True))[::200]:
        assert sessions == curve.sessions(Duration(length))
    for low, high, count in zip(found.edges[:-1], found.edges[1:-1], found.counts[:-1], strict=False):
        assert count == ((gaps >= low) & (gaps < high)).sum()


@pytest.mark.parametrize("minutes", [(0,), (0, 0, 0), (0, 1e-7), (0, 60_000), (0, 1, 3, 7)])
def test_there_is_an_axis_whatever_the_gaps(minutes: tuple[float, ...]):
    found = choices(of(*minutes).session_table(VISIT))
    assert 0 < found.low < found.high
    assert np.all(np.diff(found.edges) > 0)
    assert Duration.parse("30m").us in found.steps


def test_bars_lie_around_whole_seconds_where_the_times_are_whole_seconds():
    second = UNITS["s"]
    gaps = np.arange(1, 100) * second
    assert grain(gaps) == second
    edges = bar_edges(second, 100 * second, second)
    assert not set(edges.tolist()) & set(gaps.tolist())
    assert np.searchsorted(gaps, edges[:5]).tolist() == [0, 1, 2, 3, 4]


def test_what_begins_a_session_anyway_is_counted_apart():
    found = choices(of(0, 1, 2, 3).session_table(VISIT.replace(restart="user = 'ann'")))
    assert (found.firsts, found.forced, len(found.evidence.curve.gaps)) == (1, 3, 0)

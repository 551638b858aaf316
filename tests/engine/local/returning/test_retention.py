"""Who comes back, held to a loop over the oracle's sessions."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import explorer
from explorer.crossfilter.bins.binning import AUTOMATIC, Binning
from explorer.crossfilter.selections.selection import Range, Selection, Values
from explorer.engine.answers.retention import CHANCE, STATES, chance_alike, wilson
from explorer.engine.local.returning.between import middle
from explorer.errors import SpecError
from explorer.spec.charts.chart import Chart
from explorer.spec.charts.sequences.returns import ACTIVITY, RETURN
from explorer.spec.session import SessionDefinition
from tests import oracle
from tests.engine.local.returning.made_up import charts, connect, long_logs, visits

VISIT = SessionDefinition("visit", "30m")


def told(back: list[bool | None], at: int) -> bool | None:
    return back[at] if at < len(back) else None


def group_of(actor: dict[str, Any], chart: Chart) -> Any:
    if not chart.by:
        return actor["first"]
    facts = actor["session"].facts
    match chart.by[0]:
        case "first event":
            return actor["session"].events[0].row["event"]
        case "bought":
            return str(facts["bought"]).lower()
    return facts[chart.by[0]]


@given(long_logs(), visits(), charts(), st.integers(1, 3))
def test_as_a_loop_says(made, definition, chart, every):
    log, zone = made
    engine = connect(log)
    coded = engine.cut(definition).coded({"session_number": AUTOMATIC})
    selection = Selection() if every == 1 else Selection.from_text(f"session_number:{every}..")
    found = coded.retention(chart, selection)
    whole = oracle.retention(log.rows, log.columns, definition, chart.coming_back, zone)
    held = {
        actor: its
        for actor, its in whole.items()
        if its and any(session.facts["session_number"] >= every for session in its["sessions"])
    }
    assert found.far == sum(its is None for its in whole.values())
    assert found.total.actors == len(held)
    for at in range(max([len(found.names), *(len(its["back"]) for its in held.values())], default=0)):
        seen = [back for its in held.values() if (back := told(its["back"], at)) is not None]
        if at >= len(found.names):
            assert not any(seen)  # nobody could be seen so long, or came back so often
            continue
        assert (found.total.seen[at], found.total.back[at]) == (len(seen), sum(seen))
    wanted: dict[Any, list[Any]] = {}
    for its in held.values():
        wanted.setdefault(group_of(its, chart), []).append(its)
    rows = [row for row in found.rows if row.actors]
    assert sorted(row.actors for row in rows) == sorted(map(len, wanted.values()))
    names = sorted(wanted) if not chart.by or chart.by == ("event_count",) else [row.name for row in rows]
    for row, name in zip(rows, names, strict=True):
        for at in range(len(found.names)):
            seen = [back for its in wanted[name] if (back := told(its["back"], at)) is not None]
            assert (row.seen[at], row.back[at]) == (len(seen), sum(seen))
    states = Counter(state for its in held.values() for state in its["states"].items())
    frame = found.activity.frame()
    counted = {
        (oracle._step(start, found.every, zone), state): row[state]
        for row in frame.to_dicts()
        for start in [row["start"]]
        for state in STATES
    }
    assert {key: n for key, n in counted.items() if n} == dict(states)


@given(long_logs(), visits(), charts())
def test_a_cell_brushes_exactly_its_actors(made, definition, chart):
    log, _ = made
    engine = connect(log)
    asked = Binning(returns=chart.coming_back)
    cut = engine.cut(definition)
    found = cut.retention(chart)
    coded = cut.coded({RETURN: asked, ACTIVITY: asked, found.dimension: Binning(top=chart.top or 10)})
    assert not coded.problems
    for at in range(len(found.names)):
        end = at + 2 if chart.returns is None else None
        column = Selection().with_(RETURN, Range(at + 1, end))
        assert coded.n_actors(column) == found.total.back[at]
        for row in found.rows:
            both = column.with_(found.dimension, row.brush)
            assert coded.n_actors(both) == row.back[at]
            assert Selection.from_text(both.to_text()) == both
    for row in found.rows:
        assert coded.n_actors(Selection().with_(found.dimension, row.brush)) == row.actors or found.far
    activity = found.activity
    for state in STATES:
        for name, n in zip(activity.names, activity.of(state), strict=True):
            brush = Selection().with_(ACTIVITY, Values(frozenset({f"{name} {state}"})))
            assert coded.n_actors(brush) == n
            sessions = coded.n_sessions(brush)
            assert sessions + coded.n_sessions(brush.inverted(ACTIVITY)) == coded.total


@given(long_logs(), visits())
def test_time_between_sessions(made, definition):
    log, zone = made
    chart = Chart("return", "visit", every="1y")
    found = connect(log).cut(definition).retention(chart).between
    since: dict[Any, list[float]] = {}
    for actor, its in oracle.retention(log.rows, log.columns, definition, chart.coming_back, zone).items():
        for session in its["sessions"] if its else ():
            times = since.setdefault(actor, [])
            if session.facts["since_previous"] is not None:
                times.append(session.facts["since_previous"] / oracle.MICROSECOND)
    every = [each for its in since.values() for each in its]
    assert (found.times, found.actors) == (len(every), sum(bool(its) for its in since.values()))
    if every:
        assert found.quartiles == pytest.approx([oracle.percentile(every, at) for at in (25, 50, 75)])
        medians = [oracle.percentile(its, 50) for its in since.values() if its]
        assert found.per_actor == pytest.approx([oracle.percentile(medians, at) for at in (25, 50, 75)])


def test_what_the_source_cannot_hold_yet_is_in_no_share():
    rows = [("early", day) for day in (4, 11, 18)] + [("late", 20), ("late", 27)]
    log = explorer.connect(
        pl.DataFrame([{"user": user, "ts": f"2024-03-{day:02} 10:00"} for user, day in rows]), actor="user", time="ts"
    )
    found = log.retention(VISIT, every="1w")
    assert [row.name for row in found.rows] == ["2024-03-04", "2024-03-11", "2024-03-18", "2024-03-25"]
    # The week of the 25th has not ended: who came first in the week before cannot be seen for a whole week after.
    assert found.rows[2].seen.tolist() == [0, 0]
    assert found.rows[2].share(0) is None
    assert (found.total.seen.tolist(), found.total.back.tolist()) == ([1, 1], [1, 1])
    assert found.rows[0].early
    assert found.activity.whole.tolist() == [False, True, True, False]


def test_a_wrong_clock_is_left_out_and_counted():
    times = [f"2024-03-{day:02} 10:00" for day in range(1, 29)]
    rows = [{"user": f"u{at % 5}", "ts": time} for at, time in enumerate(times)] + [{"user": "x", "ts": "1970-01-01"}]
    found = explorer.connect(pl.DataFrame(rows), actor="user", time="ts").retention(VISIT, every="1w")
    assert (found.far, found.total.actors) == (1, 5)
    assert "1 actor is left out, whose first session lies far from all others." in found.caution


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"every": "1h"}, "every: "),
        ({"by": "any event"}, "by: A session may have several values of 'any event'. Say first event."),
        ({"by": ["a", "b"]}, "by: Who comes back is told by one dimension"),
        ({"by": "start"}, r"by\[0\]: 'start' is a time. Write hour of start"),
        ({"within": "1d"}, "within: Steps of time end by themselves. Say returns: times"),
        ({"returns": "ever"}, "returns: "),
        ({"steps": ["event = 'a'"]}, "not asked by steps"),
        ({"where": "gone > 1"}, "where: "),
    ],
)
def test_what_cannot_be_asked_says_so(fields: dict[str, Any], problem: str):
    log = explorer.connect(pl.DataFrame({"user": ["a"], "ts": ["2024-03-01"], "event": ["a"]}))
    with pytest.raises(SpecError, match=problem):
        log.retention(VISIT, **fields)


def test_too_many_steps_say_what_instead():
    log = explorer.connect(pl.DataFrame({"user": ["a", "a", "b"], "ts": ["2020-03-01", "2024-03-01", "2022-03-01"]}))
    with pytest.raises(SpecError, match=r"every: 1d makes more than 400 steps\. Write 1w"):
        log.retention(VISIT, every="1d")


def test_nothing_is_said_of_nothing():
    one = explorer.connect(pl.DataFrame({"user": ["a"], "ts": ["2024-03-01"]}))
    assert one.retention(VISIT, every="1w").sentence.startswith("No week after the first is over in this source")
    kept = VISIT.replace(keep="event_count > 5")
    assert one.retention(kept).sentence == "There is no actor with a session."
    assert one.retention(VISIT, returns="times").sentence == "No actor comes back."
    assert one.retention(kept).frame().is_empty()


def test_a_single_actor_is_no_share():
    times = ["2024-01-01", "2024-01-09", "2024-01-23", "2024-02-06", "2024-02-20"]
    one = explorer.connect(pl.DataFrame({"user": ["a"] * 5, "ts": times, "event": ["a"] * 5}))
    found = one.retention(VISIT, every="1w")
    assert found.sentence == (
        "The only actor who could be seen so long comes back in the week after their first, "
        "and does not in week 6 after their first."
    )
    once = one.retention(VISIT, returns="times")
    assert once.sentence == "The only actor comes back once or more, and does 4 times or more."
    assert "The only actor who comes back has a median of " in found.between.sentence


def test_a_share_holds_its_true_value_95_times_in_100():
    """Actors with many sessions each, alike within an actor: each counts once in a cell."""
    rng, share, hits, naive = np.random.default_rng(4), 0.3, 0, 0
    for _ in range(1_000):
        chance = rng.beta(0.6, 1.4, 150)  # how likely each of an actor's twelve sessions is followed by another: 0.3
        back = rng.random(150) < chance
        interval = wilson(int(back.sum()), 150)
        hits += interval.low <= share <= interval.high
        followed = rng.binomial(12, chance)
        pooled = wilson(int(followed.sum()), 150 * 12)
        naive += pooled.low <= share <= pooled.high
    assert 930 <= hits <= 970
    assert naive < 800


def test_the_median_of_actors_is_in_its_interval_95_times_in_100():
    rng, hits = np.random.default_rng(7), 0
    for _ in range(1_000):
        medians = np.sort(rng.lognormal(size=90))  # the true median is 1
        its = middle(medians)
        assert its is not None
        hits += its.low <= 1 <= its.high
    assert 930 <= hits <= 975
    assert middle(np.arange(4.0)) is None


def test_rows_that_are_alike_are_told_apart_5_times_in_100():
    rng, told, apart = np.random.default_rng(8), 0, 0
    for _ in range(1_000):
        seen = rng.integers(40, 200, 8)
        told += chance_alike(rng.binomial(seen, 0.3), seen) <= CHANCE
        apart += chance_alike(rng.binomial(seen, np.linspace(0.15, 0.45, 8)), seen) <= CHANCE
    assert 30 <= told <= 70
    assert apart > 950

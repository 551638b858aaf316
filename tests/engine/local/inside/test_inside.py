"""What happens inside sessions, held to slow loops over the oracle's sessions."""

from __future__ import annotations

from collections import Counter
from statistics import median

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import explorer
from explorer.engine.local.inside.funnel import funnel
from explorer.engine.local.inside.transitions import following
from explorer.errors import SpecError
from explorer.spec.charts.chart import Chart
from explorer.spec.charts.sequences.steps import Steps
from explorer.spec.expression.clause import parse
from tests import oracle
from tests.engine.local.inside.beside_oracle import chosen
from tests.engine.local.inside.made_up import FRAME, VISIT
from tests.strategies import definitions, funnels, logs

OTHER, NONE, END = "(other)", "(none)", "(end)"


def values(session: oracle.Session, column: str, once: bool = False) -> list[str]:
    every = [NONE if event.row[column] is None else event.row[column] for event in session.events]
    return [value for at, value in enumerate(every) if not (once and at and every[at - 1] == value)]


# ---- what comes next


@given(logs(), definitions(), st.sampled_from(["event", "page"]), st.integers(1, 3), st.integers(0, 3))
def test_what_comes_next_is_what_a_loop_says(log, definition, column, every, top):
    engine, rows, sessions = chosen(log, definition, every)
    found = following(engine.session_table(definition), column, None if every == 1 else rows, top)
    said: Counter[tuple[str, str]] = Counter()
    for session in sessions:
        its = [value if value in (*found.values, NONE) else OTHER for value in values(session, column)]
        said.update(zip(its, [*its[1:], END], strict=True))
    heads = [*found.values, OTHER, NONE, END]
    ours = {
        (one, other): int(found.counts[i, j])
        for i, one in enumerate(heads[:-1])
        for j, other in enumerate(heads)
        if found.counts[i, j]
    }
    assert ours == dict(said)
    assert found.ends.sum() == len(sessions)
    assert found.counts.sum() == sum(len(session.events) for session in sessions)


def test_those_with_most_events_are_told_apart_whatever_is_selected():
    engine = explorer.connect(FRAME, actor="user", time="ts", event="event")
    assert following(engine.session_table(VISIT), "event", pl.Series([1]), top=1).values == ("view",)
    assert following(engine.session_table(VISIT), "event", pl.Series([], dtype=pl.Int64)).counts.sum() == 0


def test_numbers_and_truth_values_tell_events_apart_and_other_opens():
    frame = FRAME.with_columns(even=pl.col("n") % 2 == 0)
    table = explorer.connect(frame, actor="user", time="ts", event="event").session_table(VISIT)
    assert following(table, "n").values == ("0", "1", "2", "3", "4")
    assert following(table, "even").values == ("yes", "no")
    few = following(table, "n", top=2)
    assert (few.values, few.others, few.rest) == (("0", "1"), 3, (("2", 2), ("3", 1), ("4", 1)))
    assert following(table, "n", top=1_000).rest == ()


def test_sixty_values_are_told_apart_as_a_loop_says():
    frame = pl.DataFrame({"user": ["u"] * 400, "ts": range(400), "page": [f"p{at * at % 73}" for at in range(400)]})
    found = following(
        explorer.connect(frame, actor="user", time="ts", event="page").session_table(VISIT), "page", top=60
    )
    names = [*found.values, OTHER, NONE, END]
    its = [page if page in found.values else OTHER for page in frame["page"]]
    said = Counter(zip(its, [*its[1:], END], strict=True))
    assert len(found.values) > 12
    assert said == {(names[i], names[j]): int(n) for (i, j), n in np.ndenumerate(found.counts) if n}


# ---- the funnel


@given(logs(), definitions(), funnels(), st.integers(1, 3))
def test_a_funnel_is_what_a_loop_says(log, definition, steps, every):
    engine, rows, sessions = chosen(log, definition, every)
    found = funnel(engine.session_table(definition), steps)
    times = [oracle.funnel(session.events, steps) for session in sessions]
    assert found.reached[rows.to_numpy()].tolist() == list(map(len, times))
    counts = found.counts(None if every == 1 else rows)
    assert counts.sessions == len(sessions)
    assert list(counts.reached) == [sum(len(its) > at for its in times) for at in range(len(steps))]
    for at, wait in enumerate(counts.waits):
        waits = [
            its[at] - (its[at - 1] if at else session.events[0].time)
            for its, session in zip(times, sessions, strict=True)
            if len(its) > at
        ]
        assert wait == (median(waits) if waits else None)
        quarters = tuple(oracle.percentile(waits, percent) for percent in (25, 75)) if waits else None
        assert counts.quarters[at] == (pytest.approx(quarters) if quarters else None)


def best(events: list[set[int]], steps: int, at: int = 0, step: int = 0) -> int:
    """The most steps that any choice of events reaches."""
    if step == steps or at == len(events):
        return step
    skipped = best(events, steps, at + 1, step)
    return max(skipped, best(events, steps, at + 1, step + 1)) if step in events[at] else skipped


@given(st.lists(st.sampled_from("abc"), max_size=7), st.lists(st.sampled_from("abc"), min_size=1, max_size=4))
def test_no_other_choice_of_events_gets_further(events, wanted):
    frame = pl.DataFrame(
        {"user": "u", "ts": range(1_700_000_000, 1_700_000_001 + len(events)), "event": ["-", *events]}
    )
    engine = explorer.connect(frame, actor="user", time="ts", event="event")
    steps = Steps.of(parse(f"event = '{value}'") for value in wanted)
    matching = [{at for at, value in enumerate(wanted) if value == event} for event in ["-", *events]]
    assert funnel(engine.session_table(VISIT), steps).reached.tolist() == [best(matching, len(wanted))]


# ---- known answers


def test_a_funnel_chart_has_a_row_for_each_step():
    engine = explorer.connect(FRAME, actor="user", time="ts", event="event")
    chart = Chart("funnel", "visit", steps=("event = 'login'", "event = 'view'", "event = 'buy'"))
    found = engine.query(chart, VISIT)
    assert found.drop("median_wait", "wait_p25", "wait_p75").rows() == [
        ("event = 'login'", 3, 3, 1.0, 1.0),
        ("event = 'view'", 2, 2, 2 / 3, 2 / 3),
        ("event = 'buy'", 1, 1, 0.5, 1 / 3),
    ]
    assert found["median_wait"].dt.total_seconds().to_list() == [0, 90, 120]
    some = engine.query(chart.replace(where="event_count > 3"), VISIT)
    assert some["value"].to_list() == [1, 1, 1]
    shown = engine.query(chart.replace(where="event_count < 5"), VISIT.replace(keep="event_count > 2"))
    assert shown["value"].to_list() == [1, 1, 0]
    assert shown["from_previous"].to_list() == [1.0, 1.0, 0.0]


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        ({}, [3, 2, 1]),
        ({"within": "3m"}, [3, 2, 1]),  # exactly
        ({"within": "179s"}, [3, 2, 0]),
        ({"without": "event = 'view'"}, [3, 2, 0]),  # the second view lies between, a step does not
        ({"order": "strict"}, [3, 2, 0]),
        ({"order": "any"}, [3, 3, 1]),
    ],
)
def test_what_attempts_keep_to(asked, wanted):
    engine = explorer.connect(FRAME, actor="user", time="ts", event="event")
    chart = Chart("funnel", "visit", steps=("event = 'login'", "event = 'view'", "event = 'buy'"), **asked)
    assert engine.query(chart, VISIT)["value"].to_list() == wanted


def test_the_best_attempt_counts_and_not_the_first():
    names = ["view", "view", "buy"]
    frame = pl.DataFrame({"user": "u", "ts": [1_700_000_000, 1_700_000_900, 1_700_001_000], "event": names})
    engine = explorer.connect(frame, actor="user", time="ts", event="event")
    chart = Chart("funnel", "visit", steps=("event = 'view'", "event = 'buy'"), within="2m")
    found = engine.query(chart, VISIT)
    assert found["value"].to_list() == [1, 1]
    assert found["median_wait"].dt.total_seconds().to_list() == [900, 100]


def test_of_no_session_there_is_no_share():
    engine = explorer.connect(FRAME, actor="user", time="ts", event="event")
    chart = Chart("funnel", "visit", steps=("event = 'login'", "event = 'view'"))
    none = engine.query(chart, VISIT.replace(keep="event_count > 99"))
    assert none.rows() == [(f"event = '{step}'", 0, 0, *[None] * 5) for step in ("login", "view")]


def test_a_column_full_of_nulls_is_none():
    engine = explorer.connect(FRAME, actor="user", time="ts", event="event")
    assert following(engine.session_table(VISIT), "note").values == ()


@pytest.mark.parametrize(
    ("column", "said"),
    [("ts", "column: 'ts' is a time"), ("evnt", "column: the events have no column 'evnt'. Did you mean 'event'?")],
)
def test_what_tells_no_events_apart_is_refused(column, said):
    engine = explorer.connect(FRAME, actor="user", time="ts", event="event")
    with pytest.raises(SpecError, match=said):
        following(engine.session_table(VISIT), column)


def test_a_step_of_an_unknown_column_is_refused():
    engine = explorer.connect(FRAME, actor="user", time="ts", event="event")
    chart = Chart("funnel", "visit", steps=("event = 'login'", "evnt = 'view'"))
    with pytest.raises(SpecError, match=r"steps\[1\]: there is no column 'evnt'. Did you mean 'event'\?"):
        engine.query(chart, VISIT)

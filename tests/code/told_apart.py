"""Funnels that are told apart, and what the engine says of them, beside what printed code counts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import polars as pl
from hypothesis import strategies as st

from explorer.crossfilter.selections.selection import Selection
from explorer.spec.charts.chart import Chart
from explorer.spec.charts.sequences.steps import PatternStep, Steps
from explorer.spec.expression.clause import Compare
from explorer.spec.session import SessionDefinition
from tests.strategies import patterns

WHERES = st.sampled_from(
    [None, None, "event_count > 1", "session_number > 1 OR duration < '20m'", "since_previous > '1h'"]
)
STEP = st.one_of(
    st.builds(PatternStep, patterns()), st.sampled_from(["login", "view"]).map(lambda it: Compare("event", "=", it))
)
PATTERNED = st.lists(STEP, min_size=1, max_size=3).map(Steps.of).filter(lambda steps: steps.has_patterns)
BY = ("first event", "last page", "first items", "event_count", "duration", "started_by", "weekday of start", "user")
APART = st.tuples(
    st.sampled_from([None, *BY]), st.sampled_from([None, None, "1d", "1w", "1mo", "1y"]), st.integers(1, 3)
).filter(lambda asked: any(asked[:2]))


def told(frame: pl.DataFrame, steps: int) -> dict[Any, list[int]]:
    """The counts of a printed funnel, by what tells them apart."""
    keys = [name for name in ("value", "start") if name in frame.columns]
    rows = {}
    for row in frame.iter_rows(named=True):
        at = tuple(_wall(row[key]) for key in keys)
        assert at not in rows
        rows[at] = [row["sessions"], *(row[f"step_{step + 1}"] for step in range(steps))]
    return rows


def _wall(value: Any) -> Any:
    return value.replace(tzinfo=None) if isinstance(value, datetime) else value


def expected(engine: Any, chart: Chart, definition: SessionDefinition) -> dict[Any, list[int]]:
    """The same as the engine says: all counts where there is no time, else how many begin and how many get through."""
    coded = engine.cut(definition).coded()
    if not chart.every:
        groups = coded.funnel_groups(chart, Selection()).groups
        return {(group.label,): [group.counts.sessions, *group.counts.reached] for group in groups}
    trend = coded.funnel_trend(chart, Selection())
    found = {}
    for line in trend.lines:
        for at, time in enumerate(trend.times):
            key = ((line.label,) if chart.by else ()) + (_wall(time),)
            found[key] = [int(line.begin[at]), int(line.reach[at])]
    return found


def check_told(found: dict[Any, list[int]], wanted: dict[Any, list[int]], steps: int, every: bool) -> None:
    if not every:
        assert found == wanted
        return
    shown = {at: [counts[min(1, steps - 1)], counts[-1]] for at, counts in found.items()}
    assert {at: counts for at, counts in shown.items() if any(counts)} == {
        at: counts for at, counts in wanted.items() if any(counts)
    }
    assert set(found) <= set(wanted)


def chart_apart(steps: Steps, where: str | None, by: str | None, every: str | None, top: int) -> Chart:
    """The chart of such a funnel."""
    limits = {"within": steps.within, "without": steps.without, "order": steps.order}
    fields = {"by": by or (), "every": every, "top": top if by else None, "where": where}
    return Chart("funnel", "visit", steps=tuple(steps), **limits, **fields)

"""How a funnel goes from step to step of time, by when sessions start."""

from __future__ import annotations

import numpy as np
import polars as pl

from explorer.engine.answers.sequences.inside import FunnelTrend, TrendLine
from explorer.engine.local.inside.funnel import funnel
from explorer.engine.local.query import calendar_steps
from explorer.engine.local.query.funnel_groups import shown_places, sides, some_of
from explorer.engine.local.query.groups import stepped
from explorer.engine.local.session_table import SessionTable
from explorer.spec.charts.chart import Chart


def funnel_trend(sessions: SessionTable, chart: Chart, rows: pl.Series | None = None) -> FunnelTrend:
    """Of all sessions, or of those at these places of the table; the steps of time are those of all.

    Raises SpecError at `every`, `by[0]`, `where` or `steps[0]`.
    """
    whole, last, every = funnel(sessions, chart.funnel), len(chart.steps), chart.every
    places, kept = shown_places(sessions, chart)
    time = stepped(sessions.column("start").gather(kept), every, sessions, fill=True)
    assert every is not None
    assert time.every is not None
    times = time.every.to_series()
    at = np.zeros(sessions.table.height, np.int64)
    at[places.to_numpy()] = times.search_sorted(time.keys).to_numpy()
    named = [("", places)]
    if chart.by:
        found = sides(sessions, chart)
        named = [(label, its) for (label, _), its in zip(found.told(), found.members(), strict=True)]
    lines = []
    for (label, _), its in zip(named, some_of((its for _, its in named), whole, rows), strict=True):
        held = its.to_numpy()
        reached = whole.each[held]
        begin, reach = (
            np.bincount(at[held[reached >= least]], minlength=len(times)) for least in (min(1, last - 1), last)
        )
        lines.append(TrendLine(label, begin, reach))
    ends = calendar_steps.ends(times, every).dt.cast_time_unit("us").to_physical().to_numpy()
    return FunnelTrend(times, ends, tuple(lines))


def trend_frame(sessions: SessionTable, chart: Chart, rows: pl.Series | None = None) -> pl.DataFrame:
    """A row for each step of time, and of each value of the dimension: the share of those that begin which reach the
    last step, how many begin, and how many reach it."""
    found, things = funnel_trend(sessions, chart, rows), chart.funnel.things
    frames = [
        pl.DataFrame(
            {
                "start": found.times,
                "value": pl.Series(line.reach) / pl.Series(line.begin),
                things: pl.Series(line.begin, dtype=pl.UInt32),
                "reached": pl.Series(line.reach, dtype=pl.UInt32),
            }
        ).with_columns(pl.col("value").fill_nan(None))
        for line in found.lines
    ]
    if not chart.by:
        return frames[0]
    values = sides(sessions, chart).frame()
    first, *ends = values.columns
    held = values[np.repeat(np.arange(len(frames)), len(found.times)).tolist()]
    counts = {"value": pl.Float64(), things: pl.UInt32(), "reached": pl.UInt32()}
    like = pl.DataFrame(schema={"start": found.times.dtype, **counts})
    both = pl.concat([pl.concat([*frames, like]), held], how="horizontal").with_row_index("@at")
    return both.sort("start", "@at").select("start", first, "value", things, "reached", *ends)

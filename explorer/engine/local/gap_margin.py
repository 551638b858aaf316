"""How far each session is from being cut otherwise: the distance of its nearest gap to the inactivity."""

from __future__ import annotations

import numpy as np
import polars as pl

from explorer.engine.local.cut.events_view import View
from explorer.engine.local.cut.spans import Spans
from explorer.plan.in_polars.boundary import ACTOR, GAP, TIME
from explorer.spec.session import SessionDefinition


def longest_gaps(view: View, spans: Spans) -> pl.Series:
    """The longest gap inside each session in microseconds, null where it has one event; events that begin before
    another ends have a gap of 0."""
    begins, stops = spans.begins.to_numpy().astype(np.int64), spans.stops.to_numpy().astype(np.int64)
    several = stops - begins > 1
    if not several.any():
        return pl.repeat(None, len(begins), dtype=pl.Int64, eager=True)
    gaps = view.keys[GAP].to_numpy() if view.ends is None else _from_latest_ends(view, begins, stops)
    pairs = np.stack([begins[several] + 1, stops[several]], axis=1).ravel()
    found = np.zeros(len(begins), np.int64)
    found[several] = np.maximum.reduceat(np.append(gaps, 0), pairs)[::2]
    return pl.DataFrame({"gap": found, "there": several}).select(pl.when("there").then("gap")).to_series()


def gap_margin(cut: pl.DataFrame, split: pl.DataFrame, longest: pl.Series, definition: SessionDefinition) -> pl.Series:
    """The distance of each session's nearest gap to the inactivity, of sessions with ACTOR, `session_number`, `start`,
    `end` and `started_by`; null where the inactivity judged none.

    It judges the gaps inside sessions, and the gap before a session that it began, which both its neighbours have. With
    `opens_with` events lie between sessions, and only gaps inside them are looked at.
    """
    limit, inside = definition.inactivity.us, pl.col("longest")
    if definition.opens_with is not None:
        margin = limit - inside
        return pl.DataFrame({"longest": longest}).select(margin.cast(pl.Duration("us")).alias("gap_margin")).to_series()
    names = [f"@split {at}" for at in range(split.width)]
    stream = pl.struct(ACTOR, *names)
    told = cut.select(ACTOR, "session_number", "start", "end", "started_by").with_columns(longest.alias("longest"))
    told = told.with_columns(column.alias(name) for name, column in zip(names, split.get_columns(), strict=True))
    order = told.select(pl.arg_sort_by(ACTOR, *names, "session_number")).to_series()
    there = told[order]
    since = (pl.col("start") - pl.col("end").shift(1)).dt.total_microseconds()
    began = (stream == stream.shift(1)) & (pl.col("started_by") == "inactivity")
    before = pl.when(began).then(since - limit)
    nearest = pl.min_horizontal(limit - inside, before, before.shift(-1))
    found = there.select(nearest.cast(pl.Duration("us")).alias("gap_margin")).to_series()
    return found.gather(order.arg_sort())


def _from_latest_ends(view: View, begins: np.ndarray, stops: np.ndarray) -> np.ndarray:
    """The gap before each event from the latest end so far in its session, at the places of the view."""
    assert view.ends is not None
    opens = np.zeros(view.keys.height + 1, np.int64)
    np.add.at(opens, begins, 1)
    np.add.at(opens, stops, 1)
    told = pl.DataFrame({"time": view.keys[TIME], "end": view.ends, "session": np.cumsum(opens[:-1])})
    latest = pl.col("end").cum_max().over("session").shift(1)
    return told.select(pl.max_horizontal(pl.col("time") - latest, 0).fill_null(0)).to_series().to_numpy()

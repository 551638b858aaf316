"""One dimension of a definition's sessions by its name, whatever its kind, ready to be brushed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from explorer.crossfilter.bins.binning import AUTOMATIC, Binning, chosen_bins
from explorer.crossfilter.bins.bins import MOST_BINS, Bins, Mask
from explorer.crossfilter.bins.categories import TOP, Categories
from explorer.crossfilter.bins.counts import count_bins
from explorer.crossfilter.bins.durations import duration_bins
from explorer.crossfilter.bins.extent import ValuesExtent
from explorer.crossfilter.bins.floats import float_bins
from explorer.crossfilter.bins.funnel_steps import step_bins, step_names
from explorer.crossfilter.bins.times import time_bins
from explorer.crossfilter.cube import Dimension
from explorer.crossfilter.selections.brushes import Kind
from explorer.engine.local import session_values
from explorer.engine.local.actor_values import actor_values
from explorer.engine.local.cut.event_table import EventTable
from explorer.engine.local.cut.frames import actors_of
from explorer.engine.local.inside.funnel import funnel
from explorer.engine.local.inside.paths import path_step
from explorer.engine.local.query.groups import WEEKDAYS, local, named
from explorer.engine.local.session_table import SessionTable
from explorer.errors import SpecError
from explorer.plan.in_polars.boundary import ACTOR
from explorer.plan.literal import type_word
from explorer.spec.charts.dimension import Dimension as Asked
from explorer.spec.charts.sequences.returns import OF_FIRST

# Durations are on a logarithmic scale where nobody asks for another.
LADDER = Binning(scale="log")
UNITS = {"event_count": "events", "session_count": "sessions"}
HOURS = tuple(f"{hour:02}:00" for hour in range(24))


def dimension(sessions: SessionTable, name: str, binning: Binning | None = None) -> Dimension:
    """The sessions that are kept by what `name` says: `duration`, a metric, `first platform`, `hour of start`.

    Raises SpecError for a name that is not known, and for bins that do not fit.
    """
    binning = binning or AUTOMATIC
    if steps := binning.steps:
        bins = step_bins(name, step_names(steps), steps.across)
        return Dimension.of(bins, funnel(sessions, steps).each, per_actor=steps.across)
    if name.endswith(OF_FIRST) and not sessions.has(sessions.plain_name(name)):
        return _of_first(sessions, name, binning)
    if binning.route is not None:
        return path_step(sessions, name, binning.route, binning.step)
    name = sessions.plain_name(name)
    table = sessions.table
    if sessions.is_actors(name):
        starts = actor_starts(table)
        lengths = np.diff(np.append(starts, table.height))
        values = _of_actor(name, sessions, starts, lengths)
        return _repeated(_by_type(name, Asked.parse(name), values, sessions, binning), lengths)
    if (
        name in sessions.events.columns.actor
        and name not in table.columns
        and sessions.events.schema[name] != pl.Boolean
    ):
        named_by = _actors(sessions.events, table, name, binning.top or TOP)
        if named_by is not None:
            return named_by
    asked = Asked.parse(name)
    if sessions.has(name) and name in table.columns:
        values = table[name]
    elif asked.place == "any" and not sessions.has(name):
        raise SpecError(
            f"A session can have many values of '{asked.column}'. Brush first {asked.column} or last {asked.column}."
        )
    else:
        values = session_values.values(sessions, asked)
        if values.len() != table.height or sessions.definition.split_by:
            values = values.gather(sessions.kept)
    return _by_type(name, asked, values, sessions, binning)


def _of_first(sessions: SessionTable, name: str, binning: Binning) -> Dimension:
    """What a dimension says of the first session of each session's actor; raises SpecError for times."""
    asked = Asked.parse(name.removesuffix(OF_FIRST))
    each = dimension(sessions, str(asked), binning)
    if each.bins.kind == "time":
        raise SpecError(f"'{asked}' is a time. Write hour of {asked.column}, or weekday of {asked.column}.")
    starts = actor_starts(sessions.table)
    lengths = np.diff(np.append(starts, sessions.table.height))
    first = Dimension(replace(each.bins, name=name), each.values[starts], each.codes[starts])
    return _repeated(first, lengths)


def actor_starts(table: pl.DataFrame) -> npt.NDArray[np.int64]:
    """The places of each actor's first session."""
    new = table.select((pl.col(ACTOR) != pl.col(ACTOR).shift(1)).fill_null(True).arg_true()).to_series()
    return new.cast(pl.Int64).to_numpy()


def _of_actor(
    name: str, sessions: SessionTable, starts: npt.NDArray[np.int64], lengths: npt.NDArray[np.int64]
) -> pl.Series:
    """One value per actor, over the sessions that `keep` shows."""
    table = sessions.table
    if name == "session_count":
        return pl.Series(lengths)
    if name == "time_in_session":
        duration = table["duration"].to_physical().to_numpy()
        total = np.add.reduceat(duration, starts) if len(starts) else duration
        return pl.Series(total).cast(pl.Duration("us"))
    actors = table.select(pl.col(ACTOR).gather(starts))
    return actors.join(actor_values(sessions, name, shown=True), on=ACTOR, how="left", maintain_order="left")[name]


def _actors(events: EventTable, table: pl.DataFrame, name: str, top: int) -> Dimension | None:
    """The actors, those with most sessions first, named once each; None where they are not called by names."""
    if type_word(events.schema[name]) not in ("text", "number"):
        return None
    starts = actor_starts(table)
    lengths = np.diff(np.append(starts, table.height))
    texts = actors_of(events.data, table[ACTOR].gather(starts)).to_series(events.columns.actor.index(name))
    if len(events.columns.actor) == 1:
        known, own, sessions = texts.cast(pl.String), np.arange(len(starts)), lengths
    else:
        group = named(texts.cast(pl.String), None)
        known = group.names if group.names is not None else pl.Series([], dtype=pl.String)
        own = group.keys.to_numpy()
        sessions = np.bincount(own, weights=lengths, minlength=len(known)).astype(np.int64)
        by_name = known.arg_sort().to_numpy()
        known, sessions = known.gather(by_name), sessions[by_name]
        own = np.argsort(by_name)[own]
    most = np.argsort(-sessions, kind="stable")
    places = np.empty(len(most), dtype=np.uint32)
    places[most] = np.arange(len(most), dtype=np.uint32)
    bins = Categories(name, known.gather(most), min(top, MOST_BINS - 2))
    return Dimension.of(bins, np.repeat(places[own], lengths))


def _repeated(each: Dimension, lengths: npt.NDArray[np.int64]) -> Dimension:
    """One value per actor, at each of the actor's sessions."""
    values: npt.NDArray[Any] = np.repeat(each.values, lengths)
    return Dimension(each.bins, values, np.repeat(each.codes, lengths), per_actor=True)


def _by_type(name: str, asked: Asked, values: pl.Series, sessions: SessionTable, binning: Binning) -> Dimension:
    kind = type_word(values.dtype)
    part = None if sessions.has(name) else asked.part
    if part is not None and kind != "time":
        raise SpecError(f"'{asked.column}' is a {kind} and has no {part}. Write {part} of start.")
    if part == "hour":
        return _listed(name, local(values, sessions).dt.hour(), tuple(map(str, range(24))), HOURS)
    if part == "weekday":
        days = tuple(WEEKDAYS.categories)
        return _listed(name, local(values, sessions).dt.weekday() - 1, days, tuple(day[:3] for day in days))
    if kind == "truth value":
        return _listed(name, values.cast(pl.UInt8), ("false", "true"))
    if kind == "text" or (
        kind == "number" and name in sessions.events.columns.actor and not sessions.definition.metric(name)
    ):
        return _named(name, values if kind == "text" else values.cast(pl.String), binning.top or TOP)
    if kind not in ("number", "duration", "time"):
        raise SpecError(f"'{name}' is of type {kind} and cannot be brushed. Choose another column.")
    zone = (sessions.events.columns.time_zone or "UTC") if getattr(values.dtype, "time_zone", None) else None
    return _ordered(name, values, zone, binning)


def _listed(name: str, places: pl.Series, known: tuple[str, ...], called: tuple[str, ...] = ()) -> Dimension:
    """Values that are all known before, in their own order."""
    missing = places.null_count() > 0
    bins = Categories(name, pl.Series(known), len(known), none=missing, called=called)
    return Dimension.of(bins, places.fill_null(len(known)).to_numpy())


def _named(name: str, values: pl.Series, top: int) -> Dimension:
    """Texts, those with most sessions first."""
    group = named(values, None)
    known = group.names if group.names is not None else pl.Series([], dtype=pl.String)
    bins = Categories(name, known, min(top, MOST_BINS - 2), none=group.keys.null_count() > 0)
    return Dimension.of(bins, group.keys.fill_null(len(known)).to_numpy())


def _ordered(name: str, values: pl.Series, zone: str | None, binning: Binning) -> Dimension:
    """Numbers, durations and times."""
    numbers, missing = _numbers(values)
    known = ValuesExtent(numbers if missing is None else numbers[~missing])
    most = MOST_BINS - (missing is not None)
    unit = UNITS.get(name, "")
    bins: Bins
    kind = type_word(values.dtype)
    if binning.is_chosen and not (kind == "duration" and replace(binning, cuts=()) == LADDER):
        number: Kind = "count" if numbers.dtype == np.int64 else "number"
        said: Kind = "duration" if kind == "duration" else "time" if kind == "time" else number
        bins = chosen_bins(name, known, said, binning, most, unit)
    elif kind == "duration":
        bins = duration_bins(name, known, most)
    elif kind == "time":
        bins = time_bins(name, known, zone, most, binning.every)
    elif numbers.dtype == np.int64:
        bins = count_bins(name, known, unit)
    else:
        bins = float_bins(name, known, unit, single=values.dtype == pl.Float32)
    bins = bins.cut_at(binning.cuts, most)
    return Dimension.of(bins if missing is None else bins.with_none(), numbers, missing=missing)


def _numbers(values: pl.Series) -> tuple[npt.NDArray[Any], Mask | None]:
    """Whole numbers, microseconds or floats, and which are missing; None: none is. NaN is no value."""
    if isinstance(values.dtype, pl.Duration):
        values = values.cast(pl.Duration("us")).to_physical()
    elif isinstance(values.dtype, pl.Datetime | pl.Date):
        values = (
            values.cast(pl.Datetime("us")) if values.dtype == pl.Date else values.dt.cast_time_unit("us")
        ).to_physical()
    elif values.dtype.is_integer() and (values.is_empty() or _fits(values)):
        values = values.cast(pl.Int64)
    else:
        values = values.cast(pl.Float64).fill_nan(None)
    if not values.null_count():
        return values.to_numpy(), None
    return values.fill_null(0).to_numpy(), values.is_null().to_numpy()


def _fits(values: pl.Series) -> bool:
    most: Any = values.max()
    return most is None or most < 2**63

"""Dimensions as keys: which group each session is in."""

from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from explorer.crossfilter.bins.extent import ValuesExtent
from explorer.crossfilter.bins.human_edges import duration_edges, number_edges
from explorer.engine.local import session_values
from explorer.engine.local.query import calendar_steps
from explorer.engine.local.session_table import SessionTable
from explorer.errors import SpecError, located
from explorer.plan.literal import type_word
from explorer.spec.charts.dimension import Dimension

WEEKDAYS = pl.Enum(("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"))
RESULT = ("value", "sessions", "previous")
AT, OTHER = "@at", "other"


@dataclass(frozen=True)
class Group:
    """One dimension, ready to be grouped by.

    `keys` has a value for each session shown; `pairs` instead has AT and the key, any number for each. Keys of names
    are places in `names`, which has the name with most sessions first. `every` holds all keys there may be, in
    order, with the upper ends of bins; `fill` shows the empty ones too.
    """

    name: str
    keys: pl.Series
    pairs: pl.DataFrame | None = None
    every: pl.DataFrame | None = None
    fill: bool = False
    names: pl.Series | None = None


def group(
    sessions: SessionTable,
    shown: pl.Series,
    dimension: Dimension,
    most: int,
    top: int | None = None,
    fill: bool = False,
) -> Group:
    """A dimension over the sessions at the places `shown`; raises SpecError for an unknown column."""
    whole = sessions.plain_name(str(dimension))
    name = f"by {whole}" if whole in RESULT else whole
    if dimension.place == "any" and not sessions.has(whole):
        return _any(sessions, shown, dimension, name, most, top)
    return keyed(
        session_values.values(sessions, dimension).gather(shown).alias(name), sessions, dimension, most, top, fill
    )


def keyed(
    values: pl.Series,
    sessions: SessionTable,
    dimension: Dimension,
    most: int,
    top: int | None = None,
    fill: bool = False,
) -> Group:
    """Keys from values by their type: names as they are, numbers and durations in bins, times on a calendar."""
    kind = type_word(values.dtype)
    if dimension.part is not None and kind != "time":
        raise SpecError(
            f"'{dimension.column}' is a {kind} and has no {dimension.part}. Write {dimension.part} of start."
        )
    match kind:
        case "text":
            return named(values, top)
        case "truth value":
            return named(values, None)
        case "time" if dimension.part == "hour":
            return Group(values.name, local(values, sessions).dt.hour())
        case "time" if dimension.part == "weekday":
            days = local(values, sessions).dt.weekday() - 1
            return Group(values.name, days.cast(pl.UInt8).to_frame().select(pl.all().cat.to(WEEKDAYS)).to_series())
        case "time":
            return stepped(values, None, sessions, fill)
        case "number" if _is_actor(dimension, sessions):
            return named(values.cast(pl.String), top)
        case "number" | "duration":
            return _binned(values, most, fill)
    raise SpecError(f"'{dimension}' is of type {kind} and cannot be grouped by. Choose another column.")


def stepped(values: pl.Series, step: str | None, sessions: SessionTable, fill: bool) -> Group:
    """Times on a calendar step of the analysis zone; the nicest where none is said."""
    times = local(values, sessions)
    floors = calendar_steps.floor(times, step or calendar_steps.nice_step(times)).alias(values.name)
    every = calendar_steps.between(floors, step or calendar_steps.nice_step(times)).to_frame() if fill else None
    return Group(values.name, floors, every=every, fill=fill)


def local(values: pl.Series, sessions: SessionTable) -> pl.Series:
    """Times in the zone of the analysis; without one as they are."""
    times = values.cast(pl.Datetime("us")) if values.dtype == pl.Date else values.dt.cast_time_unit("us")
    if getattr(times.dtype, "time_zone", None) is None:
        return times
    return times.dt.convert_time_zone(sessions.events.columns.time_zone or "UTC")


def _is_actor(dimension: Dimension, sessions: SessionTable) -> bool:
    return str(dimension) in sessions.events.columns.actor and sessions.definition.metric(str(dimension)) is None


# Whole numbers that 64 bits with a sign may not hold.
WIDE = (pl.UInt64, pl.Int128, pl.UInt128)


def _binned(values: pl.Series, most: int, fill: bool) -> Group:
    """The lower edge of each value's bin; durations are microseconds until the end."""
    is_long = values.dtype == pl.Duration
    whole = values.dtype.is_integer() and (values.dtype not in WIDE or bool((values.abs() < 2**63).all()))
    numbers = values.cast(pl.Duration("us") if is_long else pl.Int64 if whole else pl.Float64)
    known = numbers.drop_nulls().to_physical().to_numpy()
    extent = ValuesExtent(known)
    edges = duration_edges(extent, most) if is_long else number_edges(extent, most)
    codes = np.clip(np.searchsorted(edges, known, side="right") - 1, 0, len(edges) - 2)
    lows = pl.Series(values.name, edges).cast(numbers.dtype)
    keys = pl.repeat(None, len(values), dtype=numbers.dtype, eager=True)
    keys = keys.scatter(numbers.is_not_null().arg_true(), lows.gather(codes)).alias(values.name)
    return Group(values.name, keys, every=pl.DataFrame([lows[:-1], lows[1:].alias(f"{values.name}_to")]), fill=fill)


def named(values: pl.Series, top: int | None) -> Group:
    """Names as places in a list of them; beyond the `top` ones all are the last place, called other."""
    if values.dtype == pl.String:
        values = values.cast(pl.Categorical(pl.Categories.random()))
    codes = values.cast(pl.UInt8) if values.dtype == pl.Boolean else values.to_physical()
    known = values.drop_nulls().unique()
    known_codes = (known.cast(pl.UInt8) if values.dtype == pl.Boolean else known.to_physical()).cast(pl.UInt32)
    counts = np.bincount(codes.drop_nulls().to_numpy(), minlength=1)
    listed = pl.DataFrame(
        {
            "name": known if values.dtype == pl.Boolean else known.cast(pl.String),
            "code": known_codes,
            "count": counts[known_codes.to_numpy()],
        }
    ).sort("count", "name", descending=[True, False])
    names, kept = listed["name"], top or listed.height
    if listed.height > kept:
        rest = OTHER if OTHER not in names[:kept] else f"{OTHER} (all)"
        names = pl.concat([names[:kept], pl.Series([rest])])
    places = np.zeros(len(counts), np.uint32)
    places[listed["code"].to_numpy()] = np.minimum(np.arange(listed.height), kept)
    keys = pl.Series(values.name, places, dtype=pl.UInt32).gather(codes)
    return Group(values.name, keys, names=names)


def _any(
    sessions: SessionTable, shown: pl.Series, dimension: Dimension, name: str, most: int, top: int | None
) -> Group:
    if dimension.column not in sessions.inside.schema:
        raise session_values.unknown(sessions, dimension)
    found = sessions.any_of(dimension.column)
    places = pl.repeat(None, sessions.cut.height, dtype=pl.UInt32, eager=True)
    places = places.scatter(shown, pl.int_range(len(shown), dtype=pl.UInt32, eager=True))
    found = found.with_columns(places.gather(found["session"]).alias(AT)).filter(pl.col(AT).is_not_null())
    its = keyed(found["value"].alias(name), sessions, dimension, most, top)
    pairs = pl.DataFrame([found[AT], its.keys])
    if its.names is None:
        pairs = pairs.unique()
    elif top is not None:
        rest = pl.col(name) == top
        pairs = pl.concat([pairs.filter(~rest), pairs.filter(rest).unique()])
    present = pl.repeat(False, len(shown), eager=True).scatter(pairs[AT], True)
    nothing = (~present).arg_true().cast(pl.UInt32)
    none = pl.DataFrame(
        [nothing.alias(AT), pl.repeat(None, len(nothing), dtype=its.keys.dtype, eager=True).alias(name)]
    )
    return replace(its, pairs=pl.concat([pairs, none]))


def named_at(where: str, name: str, taken: list[str]) -> None:
    """Refuse a dimension that is there already."""
    if name in taken:
        with located(where):
            raise SpecError(f"'{name}' is there already. Leave it out here.")

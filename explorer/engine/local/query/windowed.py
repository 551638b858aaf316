"""The measure of a chart over sliding windows: each way by what its aggregate allows, all as a slow loop would."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from explorer.engine.local.query.measured import SESSIONS, VALUE, measured, share_total
from explorer.engine.local.query.over_time import Steps
from explorer.engine.stopping import go_on
from explorer.errors import SpecError, located
from explorer.plan.in_polars.boundary import ACTOR
from explorer.spec.charts.chart import Measure

GROUP = "@group"
ADDED = ("share", "sum", "mean")
MOST_EXACT = 2**53
MOST_ROWS = 200_000
Numbers = npt.NDArray[Any]


@dataclass(frozen=True, eq=False)
class Placed:
    """Sessions in the steps of groups: `code` is for each session the place of its step in a grid of `size`, groups by
    steps; `values` is what is measured of it."""

    frame: pl.DataFrame
    code: npt.NDArray[np.int64]
    size: tuple[int, int]
    steps: Steps

    @property
    def values(self) -> pl.Series:
        """What is measured, durations in microseconds."""
        values = self.frame[VALUE]
        return values.cast(pl.Duration("us")).to_physical() if isinstance(values.dtype, pl.Duration) else values

    def grid(self, weights: Numbers | None = None) -> Numbers:
        """How many sessions there are in every step of every group, or what their weights add up to."""
        cells = self.size[0] * self.size[1]
        return np.bincount(self.code, weights, minlength=cells).reshape(self.size)

    def over_windows(self, grid: Numbers) -> Numbers:
        """Sums over windows. They are added up anew for each: differences of running sums would not be exact."""
        ends = np.arange(1, self.size[1] + 1)
        padded = np.concatenate([grid, np.zeros((self.size[0], 1), dtype=grid.dtype)], axis=1)
        places = np.stack([self.steps.lows, ends], axis=1).ravel()
        return np.add.reduceat(padded, places, axis=1)[:, ::2]


def windowed(frame: pl.DataFrame, names: list[str], steps: Steps, measure: Measure, of_actors: bool) -> pl.DataFrame:
    """One row per step and group whose window holds a session: its keys, `value` and `sessions`.

    The first of the `names` is that of the steps; the frame has what `measured` needs. Raises SpecError at `by`.
    """
    time, *others = names
    like = measured(frame.head(0), names, measure, of_actors, False)
    if frame.is_empty():
        return like
    groups = frame.select(others).unique(maintain_order=True).with_row_index(GROUP) if others else None
    size = (1 if groups is None else groups.height, len(steps.at))
    if size[0] * size[1] > MOST_ROWS:
        with located("by"):
            raise SpecError(f"These are {size[0] * size[1]:,} groups. Say top: 10, or choose longer steps.")
    code = steps.at.search_sorted(frame[time]).to_numpy().astype(np.int64)
    if groups is not None:
        keys = frame.select(others).join(groups, on=others, how="left", nulls_equal=True, maintain_order="left")
        code += keys[GROUP].to_numpy().astype(np.int64) * size[1]
    placed = Placed(frame, code, size, steps)
    sessions = placed.over_windows(placed.grid())
    found = None
    if measure.aggregate == "count":
        found = sessions
    elif measure.aggregate == "actors":
        found = _actors(placed)
    elif measure.aggregate in ADDED and not of_actors:
        found = _added(placed, measure)
    elif not of_actors and (share := _percent(measure)) is not None:
        found = _quantiles(placed, share)
    if found is None:
        return _one_by_one(placed, names, measure, of_actors, like)
    group, at = np.nonzero(sessions)
    value = pl.Series(VALUE, found[group, at])
    value = value.fill_nan(None) if value.dtype.is_float() else value
    dtype = like.schema[VALUE]
    if isinstance(dtype, pl.Duration) and value.dtype.is_float():
        value = value.round().cast(pl.Int64)
    columns = [steps.at.gather(at).alias(time), *(groups[name].gather(group) for name in others if groups is not None)]
    return pl.DataFrame([*columns, value.cast(dtype), pl.Series(SESSIONS, sessions[group, at]).cast(pl.UInt32)])


def _added(placed: Placed, measure: Measure) -> Numbers | None:
    """What adds up, or is a ratio of two sums; None where whole numbers are too large for sums of floats."""
    dtype, values = placed.frame.schema[VALUE], placed.values
    of_true = measure.of is not None and dtype == pl.Boolean
    is_whole = dtype == pl.Boolean or values.dtype.is_integer()
    weights = values.cast(pl.Float64).fill_null(0.0).to_numpy()
    if is_whole and float(np.abs(weights).sum()) >= MOST_EXACT:
        return None
    summed = placed.grid(weights)
    summed = placed.over_windows(summed.astype(np.int64) if is_whole else summed)
    if measure.aggregate == "sum":
        return summed
    if measure.aggregate == "share" and not of_true:
        total = share_total(placed.frame, measure, of_actors=False)
        return summed / float(total) if total else np.full(placed.size, np.nan)
    valued = placed.over_windows(placed.grid(values.is_not_null().cast(pl.Float64).to_numpy()))
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(valued > 0, summed / valued, np.nan)


def _actors(placed: Placed) -> Numbers:
    """Different actors: each counts from a step in which it has sessions to the last window that holds that step, or
    to the next of its steps."""
    groups, steps = placed.size
    group, place = np.divmod(placed.code, steps)
    actor = placed.frame[ACTOR].to_physical().to_numpy().astype(np.int64)
    order = np.lexsort((place, actor, group)) if groups > 1 or (np.diff(actor) < 0).any() else slice(None)
    group, actor, place = group[order], actor[order], place[order]
    if groups == 1 and ((np.diff(place) < 0) & (np.diff(actor) == 0)).any():
        order = np.lexsort((place, actor))
        actor, place = actor[order], place[order]
    same = (group[1:] == group[:-1]) & (actor[1:] == actor[:-1])
    after = np.searchsorted(placed.steps.lows, np.arange(steps), side="right")[place]
    after[:-1] = np.where(same, np.minimum(after[:-1], place[1:]), after[:-1])
    width = steps + 1
    begun = np.bincount(group * width + place, minlength=groups * width)
    over = np.bincount(group * width + after, minlength=groups * width)
    return np.cumsum((begun - over).reshape(groups, width), axis=1)[:, :-1]


def _percent(measure: Measure) -> float | None:
    if measure.aggregate == "median":
        return 0.5
    name = measure.aggregate
    return int(name[1:]) / 100 if name[0] == "p" and name[1:].isdigit() else None


def _quantiles(placed: Placed, share: float) -> Numbers:
    """Percentiles: the values of a window lie side by side, so that each is found without sorting it."""
    values = placed.values.cast(pl.Float64)
    known = values.is_not_null().to_numpy()
    code, numbers = placed.code[known], values.drop_nulls().to_numpy()
    small = np.uint16 if placed.size[0] * placed.size[1] < 2**16 else np.int64
    order = np.argsort(code.astype(small), kind="stable")  # NumPy sorts short numbers by their digits
    code, numbers = code[order], numbers[order]
    found = np.full(placed.size, np.nan)
    steps = placed.size[1]
    for group in range(placed.size[0]):
        begins = np.searchsorted(code, group * steps + placed.steps.lows)
        ends = np.searchsorted(code, group * steps + np.arange(1, steps + 1))
        for at, (begin, end) in enumerate(zip(begins.tolist(), ends.tolist(), strict=True)):
            if begin < end and placed.steps.whole[at]:
                found[group, at] = _quantile(numbers[begin:end], share)
        go_on()
    return found


def _quantile(values: Numbers, share: float) -> float:
    """A percentile, interpolated linearly."""
    place = (len(values) - 1) * share
    low = int(place)
    high = min(low + 1, len(values) - 1)
    parts = np.partition(values, [low, high])
    return float(parts[low] + (parts[high] - parts[low]) * (place - low)) if low != high else float(parts[low])


def _one_by_one(
    placed: Placed, names: list[str], measure: Measure, of_actors: bool, like: pl.DataFrame
) -> pl.DataFrame:
    """Any measure: the sessions of each window are measured by themselves."""
    time, *others = names
    place, steps = placed.code % placed.size[1], placed.steps
    order = np.argsort(place, kind="stable")
    frame, places = placed.frame[order], place[order]
    total = share_total(frame, measure, of_actors)

    def each() -> Iterator[pl.DataFrame]:
        for at in range(len(steps.at)):
            go_on()
            begin, end = np.searchsorted(places, [steps.lows[at], at + 1]).tolist()
            part = frame[begin:end]
            if not part.is_empty():
                found = measured(part, others, measure, of_actors, False, total)
                yield found.with_columns(steps.at[at : at + 1].alias(time).new_from_index(0, found.height))

    return pl.concat([like, *(part.select(like.columns).cast(like.schema) for part in each())])

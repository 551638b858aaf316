"""A stretch of an actor's time: its events one by one where they are few, otherwise counted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from explorer.crossfilter.bins.human_edges import human_steps
from explorer.engine.local.cut.cutting import PLACE
from explorer.engine.local.event_names import KINDS
from explorer.engine.microscope.names import codes_of
from explorer.engine.microscope.session_place import Found
from explorer.plan.in_polars.boundary import GAP, TIME

POINTS, BINS, SPANS, PAUSES = 2_000, 600, 200, 60
BEYOND = 2**62
Whole = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Window:
    """The events of `found.around` from `low` up to and with `high`, in microseconds; `total` of them.

    Where `step` is None, `times`, `places` (in the view) and `codes` have one value per event. Otherwise `times` are
    the beginnings of equal bins of `step` microseconds, and `counts` has a row of KINDS counts by code for each; low
    and high are whole bins then. `spans` are the sessions that reach into the window (session_number, start, end,
    shown), None where they are more than SPANS; `sessions` says how many there are. `pauses` are the longest
    gaps that reach into it, longest first: begin, end, and 1 where a session begins after it.
    """

    low: int
    high: int
    total: int
    step: int | None
    times: Whole
    places: Whole
    codes: npt.NDArray[np.uint8]
    counts: Whole
    sessions: int
    spans: pl.DataFrame | None
    pauses: Whole


def window(found: Found, low: int, high: int) -> Window:
    """What happens from `low` to `high`, microseconds since 1970; a narrower window shows more."""
    times = found.times
    # Beyond all times that there are, and still a number that NumPy can compare with them.
    low, high = max(min(low, high), -BEYOND), min(max(low, high), BEYOND)
    a, b = (int(np.searchsorted(times, edge, side)) for edge, side in ((low, "left"), (high, "right")))  # type: ignore[call-overload]
    if b - a <= POINTS:
        places = range(found.around.start + a, found.around.start + b)
        codes = codes_of(found, places)
        return _with_sessions(
            found,
            low=low,
            high=high,
            total=b - a,
            step=None,
            times=times[a:b],
            places=np.asarray(places, dtype=np.int64),
            codes=np.zeros(b - a, np.uint8) if codes is None else codes,
            counts=np.zeros((0, KINDS), np.int64),
        )
    return _counted(found, low, high)


def step_for(length: int) -> int:
    """The length that people say of each of at most BINS bins, in microseconds.

    >>> step_for(3_600_000_000)
    10000000
    """
    steps = human_steps()
    longest = steps[-1] * (1 + length // (steps[-1] * BINS))
    return next((step for step in steps if step * BINS >= length), longest)


def _counted(found: Found, low: int, high: int) -> Window:
    times = found.times
    # Bins beyond the first and the last event would all be empty.
    low, high = max(low, int(times[0])), min(high, int(times[-1]))
    step = step_for(high - low)
    edges = np.arange(low // step, high // step + 2, dtype=np.int64) * step
    at = np.searchsorted(times, edges)
    a, b = int(at[0]), int(at[-1])
    each = np.diff(at)
    codes = codes_of(found, range(found.around.start + a, found.around.start + b))
    if codes is None:
        counts = np.zeros((len(each), KINDS), np.int64)
        counts[:, 0] = each
    else:
        joint = np.repeat(np.arange(len(each), dtype=np.int32) * KINDS, each)
        joint += codes
        counts = np.bincount(joint, minlength=len(each) * KINDS).reshape(len(each), KINDS)
    none = np.zeros(0, np.int64)
    return _with_sessions(
        found,
        low=int(edges[0]),
        high=int(edges[-1]),
        total=b - a,
        step=step,
        times=edges[:-1],
        places=none,
        codes=none.astype(np.uint8),
        counts=counts,
    )


def _with_sessions(found: Found, **known: object) -> Window:
    low, high = int(known["low"]), int(known["high"])  # type: ignore[call-overload]
    stream = found.cut[found.stream.start : found.stream.stop]
    start, end = (stream[name].to_physical().to_numpy() for name in ("start", "end"))
    a, b = int(np.searchsorted(end, low)), int(np.searchsorted(start, high, "right"))
    spans = None
    if b - a <= SPANS:
        places = pl.int_range(found.stream.start + a, found.stream.start + b, eager=True)
        shown = found.shown(places).alias("shown")
        spans = stream[a:b].select("session_number", pl.col("start", "end").to_physical()).with_columns(shown)
    pauses = _pauses(found, low, high, a, b, known["step"] is None)
    return Window(sessions=max(b - a, 0), spans=spans, pauses=pauses, **known)  # type: ignore[arg-type]


def _pauses(found: Found, low: int, high: int, a: int, b: int, exact: bool) -> Whole:
    """Between any two events of a window that shows each, otherwise between sessions."""
    around, begins = found.around, found.cut[PLACE].to_numpy()
    if exact:
        first, last = int(np.searchsorted(found.times, low)), int(np.searchsorted(found.times, high, "right"))
        places = np.arange(around.start + max(first, 1), min(around.start + last + 1, around.stop))
    else:
        places = begins[found.stream.start + max(a, 1) : min(found.stream.start + b + 1, found.stream.stop)]
        places = places.astype(np.int64)
    gap = found.view.keys[GAP].to_numpy()[places]
    longest = np.argsort(-gap, kind="stable")[:PAUSES]
    longest = longest[gap[longest] > 0]
    places, gap = places[longest], gap[longest]
    after = found.view.keys[TIME].to_numpy()[places]
    opens = begins[np.minimum(np.searchsorted(begins, places.astype(begins.dtype)), len(begins) - 1)] == places
    return np.stack([after - gap, after, opens.astype(np.int64)], axis=1)

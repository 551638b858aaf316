"""Bins as an analyst asks for them: of one width, on a linear or logarithmic scale, or of equally many values each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from math import ceil, floor
from typing import Any

import numpy as np

from explorer.crossfilter.bins.bins import Bins, Ticks, spaced
from explorer.crossfilter.bins.extent import Extent, extent
from explorer.crossfilter.bins.human_edges import human_steps
from explorer.crossfilter.formats import count_short, duration_text
from explorer.crossfilter.selections.brushes import Kind
from explorer.errors import SpecError, located
from explorer.spec.charts.chart import Chart
from explorer.spec.charts.sequences.returns import Returns
from explorer.spec.charts.sequences.route import Route
from explorer.spec.charts.sequences.steps import Steps
from explorer.spec.duration import Duration

QUANTILES = 20
LINEAR = 50
MOST_TICKS = 7
PER_TENFOLD = ((1, 1.5, 2, 3, 5, 7), (1, 2, 5), (1,))


@dataclass(frozen=True)
class Binning:
    """How a dimension is binned: `top` named values, a `scale`, bins of one `width`, or times by steps of `every`; what
    is None is chosen. Bins are cut at `cuts` as well.

    With the `steps` of a funnel it is how many of them a session reaches, with `returns` how its actor comes back, and
    with the `route` of paths what it does at their `step`, from 0; whatever the dimension's name.

    >>> Binning.of(Chart("distribution", "visit", of="duration", bin="5m"))
    Binning(top=None, scale=None, width='5m', steps=None, every=None, cuts=(), returns=None, route=None, step=0)
    """

    top: int | None = None
    scale: str | None = None
    width: str | None = None
    steps: Steps | None = None
    every: str | None = None
    cuts: tuple[float, ...] = ()
    returns: Returns | None = None
    route: Route | None = None
    step: int = 0

    @classmethod
    def of(cls, chart: Chart) -> Binning:
        """What a chart says."""
        if chart.steps:
            return cls(steps=chart.funnel)
        return cls(chart.top, chart.scale, chart.bin, every=chart.every)

    @property
    def is_chosen(self) -> bool:
        """Whether the analyst says how wide bins are."""
        return self.scale is not None or self.width is not None


AUTOMATIC = Binning()
Dimensions = Mapping[str, Binning]
DIMENSIONS: Dimensions = dict.fromkeys(("duration", "event_count", "time_in_session", "start"), AUTOMATIC)


def chosen_bins(name: str, known: Extent, kind: Kind, binning: Binning, most: int, unit: str = "") -> Bins:
    """Bins for values (whole numbers, microseconds or floats) as asked; at most so many, the last takes the rest.

    Raises SpecError at `bin` or `scale` where it does not fit the kind.

    >>> chosen_bins("pages", extent([1, 4, 12]), "count", Binning(width="5"), 64, "pages").labels
    ('0 to 4 pages', '5 to 9 pages', '10 to 14 pages')
    """
    if kind == "time":
        with located("bin" if binning.width else "scale"):
            raise SpecError(f"'{name}' is a time. Leave this out: its bins are steps of the calendar.")
    values = known.nearer_than(np.inf) if kind == "number" else known
    if not values.count:
        values = extent([0, 1])
    if binning.width is not None:
        lows, end = _even(values, _width(name, binning.width, kind), most)
    elif binning.scale == "quantile":
        lows, end = _quantiles(values, kind)
    elif binning.scale == "log":
        lows, end = _tenfold(values, kind, most)
    else:
        lows, end = _even(values, _step(values, kind), most)
    bins = Bins(name, kind, tuple(lows), end, unit=unit)
    return replace(bins, ticks=_ticks(bins))


def _width(name: str, said: str, kind: Kind) -> float:
    with located("bin"):
        if kind == "duration":
            if said.replace(".", "").isdigit():
                raise SpecError(f"'{name}' is a duration, and {said} has no unit. Write {said}m, or {said}s.")
            return Duration.parse(said).us
        try:
            number = float(said)
        except ValueError:
            raise SpecError(f"'{name}' is a number, and {said} is a duration. Write a number.") from None
        if kind == "count" and number != int(number):
            raise SpecError(f"'{name}' is a whole number. Write a whole number as the width of its bins, not {said}.")
        return number


def _even(values: Extent, width: float, most: int) -> tuple[list[float], float | None]:
    """Edges at multiples of the width; a value beyond the most bins is in the last."""
    whole = isinstance(width, int) or float(width).is_integer()
    step: Any = int(width) if whole and values.whole else width
    first = floor(values.low / step)
    last = floor(values.high / step)
    lows = [at * step for at in range(first, min(last, first + most - 1) + 1)]
    return lows, (None if last >= first + most else (last + 1) * step)


def _step(values: Extent, kind: Kind) -> float:
    """A width that people like, so that nearly all values lie in about 50 bins."""
    low, high = values.low, values.usual
    least = max(high - low, 0) / LINEAR
    if kind == "duration":
        return next((step for step in human_steps() if step >= least), human_steps()[-1])
    if least <= 0:
        return 1
    power = 10.0 ** floor(np.log10(least))
    step = next(power * unit for unit in (1, 2, 5, 10) if power * unit >= least * 0.999_999)
    return max(1, ceil(step)) if kind == "count" else float(f"{step:g}")


def _quantiles(values: Extent, kind: Kind) -> tuple[list[float], float | None]:
    edges = sorted(set(values.parts(QUANTILES)))
    most = values.high
    return edges, (float(np.nextafter(most, np.inf)) if kind == "number" else most + 1)


def _tenfold(values: Extent, kind: Kind, most: int) -> tuple[list[float], float | None]:
    """Edges of about equal ratios; what is not above 0 is in the first bin."""
    positive = values.positive
    low, high = (positive.low, positive.high) if positive.count else (1, 1)
    first, last = floor(np.log10(low)), floor(np.log10(high)) + 1
    first -= 10.0**first > low  # the logarithm is rounded
    below = [min(values.low, 0)] if positive.count < values.count else []
    edges: list[float] = []
    for units in PER_TENFOLD:
        fine = sorted({_exact(unit * 10.0**power, kind) for power in range(first, last + 1) for unit in units})
        begin = max((at for at, edge in enumerate(fine) if edge <= low), default=0)
        end = next((at for at, edge in enumerate(fine) if edge > high), len(fine) - 1)
        edges = [*below, *(edge for edge in fine[begin : end + 1] if not below or edge > below[0])]
        if len(edges) - 1 <= most:
            break
    if len(edges) - 1 > most:
        return [values.low, *edges[-most:-1]], edges[-1]
    return edges[:-1], edges[-1]


def _exact(edge: float, kind: Kind) -> float:
    return float(f"{edge:.6g}") if kind == "number" else max(1, round(edge))


def _ticks(bins: Bins) -> Ticks:
    write: Callable[[Any], str] = {"duration": duration_text, "count": _count}.get(bins.kind, "{:.4g}".format)
    ends = [edge for edge in bins.edges if edge is not None]
    beyond = [] if bins.end is not None else [(len(bins) - 0.5, f"{write(bins.lows[-1])}+")]
    step = max(1, round(len(ends) / MOST_TICKS))
    places = [(bins.position(edge), write(edge)) for edge in ends[::step]]
    return spaced([*beyond, *places], apart=max(0.9, len(bins) / 9))


def _count(number: float) -> str:
    return count_short(int(number))

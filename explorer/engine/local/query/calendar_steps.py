"""Times on calendar steps (`1h`, `1d`, `1mo`) of a zone, right when the clocks change."""

from typing import Any

import polars as pl

from explorer.errors import SpecError, located
from explorer.spec.charts.chart import STEPS
from explorer.spec.duration import UNITS

LENGTHS = UNITS | {"mo": 30 * UNITS["d"], "y": 365 * UNITS["d"]}
FEW, MOST = 60, 10_000


def length(step: str) -> int:
    """About how long a step is, in microseconds.

    >>> length("15m")
    900000000
    """
    unit = step.lstrip("0123456789")
    return int(step.removesuffix(unit)) * LENGTHS[unit]


def nice_step(times: pl.Series) -> str:
    """The shortest step that needs at most about 60 of them."""
    spread = _spread(times)
    return next((step for step in STEPS if spread <= FEW * length(step)), STEPS[-1])


def floor(times: pl.Series, step: str) -> pl.Series:
    """The beginning of each time's step, in the zone of the times' type; weeks begin on Monday.

    >>> berlin = pl.Series(["2024-03-31T12:30:00+02:00"]).str.to_datetime().dt.convert_time_zone("Europe/Berlin")
    >>> floor(berlin, "1d").dt.to_string("%c")[0]
    'Sun Mar 31 00:00:00 2024'
    """
    zone = _zone(times)
    if zone is None:
        return times.dt.truncate(step)
    wall = times.dt.replace_time_zone(None)
    begin = wall.dt.truncate(step)
    if length(step) <= UNITS["h"]:
        # An hour that the clocks repeat in autumn is two hours: short steps count elapsed time.
        return (times.to_physical() - (wall - begin).to_physical()).cast(pl.Datetime("us", "UTC")).cast(times.dtype)
    return _moments(begin, zone)


def between(times: pl.Series, step: str) -> pl.Series:
    """Every step from the first to the last of these beginnings; raises SpecError when there are too many."""
    if not times.count():
        return times.drop_nulls()
    count = _spread(times) // length(step) + 1
    if count > MOST:
        longer = next(longer for longer in STEPS if _spread(times) // length(longer) < MOST or longer == STEPS[-1])
        with located("every"):
            raise SpecError(f"{step} makes {count:,} steps. The most are {MOST:,}: write {longer}.")
    zone = _zone(times)
    if zone is None:
        return _range(times, step).alias(times.name)
    if length(step) <= UNITS["h"]:
        found = _range(times.dt.convert_time_zone("UTC"), step).cast(times.dtype)
    else:
        wall = times.dt.replace_time_zone(None).dt.truncate(step)
        found = _moments(_range(wall, step), zone)
    return pl.concat([found, times.drop_nulls()]).unique().sort().alias(times.name)


def _range(times: pl.Series, step: str) -> pl.Series:
    first: Any = times.min()
    last: Any = times.max()
    return pl.datetime_range(first, last, step, time_unit="us", eager=True)


def _spread(times: pl.Series) -> int:
    ends = times.to_physical()
    return int(ends.max() - ends.min()) if ends.count() else 0  # type: ignore[operator,arg-type]


def _zone(times: pl.Series) -> str | None:
    return getattr(times.dtype, "time_zone", None)


def _moments(wall: pl.Series, zone: str) -> pl.Series:
    """Wall clock times as moments; one that the clocks skip becomes the hour after."""
    exact = wall.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
    if exact.null_count() == wall.null_count():
        return exact
    later = wall.dt.offset_by("1h").dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
    return pl.select(pl.coalesce(exact, later).alias(wall.name)).to_series()

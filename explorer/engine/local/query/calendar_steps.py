"""Times on calendar steps (`1h`, `1d`, `1mo`) of a zone, right when the clocks change."""

from typing import Any

import polars as pl

from explorer.errors import SpecError, located
from explorer.events.quality.edges import edges
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


def count(times: pl.Series, step: str) -> int:
    """About how many steps there are from the first time to the last."""
    return _spread(times) // length(step) + 1


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
    if _is_short(step):
        # An hour that the clocks repeat in autumn is two hours: short steps count elapsed time.
        return (times.to_physical() - (wall - begin).to_physical()).cast(pl.Datetime("us", "UTC")).cast(times.dtype)
    return _moments(begin, zone)


def between(times: pl.Series, step: str) -> pl.Series:
    """Every step from the first to the last of these beginnings; raises SpecError when there are too many."""
    if not times.count():
        return times.drop_nulls()
    steps = count(times, step)
    if steps > MOST:
        longer = next(longer for longer in STEPS if _spread(times) // length(longer) < MOST or longer == STEPS[-1])
        with located("every"):
            raise SpecError(f"{step} makes {steps:,} steps. The most are {MOST:,}: write {longer}.{_apart(times)}")
    zone = _zone(times)
    if zone is None:
        return _range(times, step).alias(times.name)
    if _is_short(step):
        found = _range(times.dt.convert_time_zone("UTC"), step).cast(times.dtype)
    else:
        wall = times.dt.replace_time_zone(None).dt.truncate(step)
        found = _moments(_range(wall, step), zone)
    return pl.concat([found, times.drop_nulls()]).unique().sort().alias(times.name)


def _apart(times: pl.Series) -> str:
    """What to leave out where a wrong clock stretches the axis, as a sentence."""
    found = edges(times.drop_nulls().to_physical())
    if not found.outside:
        return ""
    ends = pl.Series([found.first, found.last]).cast(times.dtype).dt.to_string("%Y-%m-%d").to_list()
    one = found.outside == 1
    return (
        f" Or leave out {found.outside:,} that {'lies' if one else 'lie'} far from all others: "
        f"where start BETWEEN '{ends[0]}' AND '{ends[1]} 23:59'."
    )


def earlier(begins: pl.Series, step: str, back: str) -> pl.Series:
    """The beginnings of the steps that lie a length before those that begin here, by the clock of the zone; null where
    there is no such date.

    >>> from datetime import datetime
    >>> earlier(pl.Series([datetime(2024, 3, 29), datetime(2024, 3, 31)]), "1d", "1mo").to_list()
    [datetime.datetime(2024, 2, 29, 0, 0), None]
    """
    wall, zone = _wall(begins, step), _zone(begins)
    found = wall.dt.offset_by(f"-{back}")
    is_there = found.dt.offset_by(back) == wall
    found = pl.select(pl.when(is_there).then(found).alias(begins.name)).to_series()
    if zone is None:
        return found
    if _is_short(step):
        return found.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
    return _moments(found, zone)


def moved(times: pl.Series, by: str) -> pl.Series:
    """Times a length later (`1mo`) or earlier (`-1mo`), by the clock of the zone; in a shorter month its last day."""
    zone = _zone(times)
    if zone is None:
        return times.dt.offset_by(by)
    return _moments(times.dt.replace_time_zone(None).dt.offset_by(by), zone)


def ends(begins: pl.Series, step: str) -> pl.Series:
    """When the steps end that begin here; hours are counted, days and months go by the clock of the zone.

    >>> from datetime import datetime
    >>> ends(pl.Series([datetime(2024, 2, 1)]), "1mo")[0]
    datetime.datetime(2024, 3, 1, 0, 0)
    """
    zone = _zone(begins)
    if zone is not None and _is_short(step):
        return begins.dt.convert_time_zone("UTC").dt.offset_by(step).dt.convert_time_zone(zone)
    found = _wall(begins, step).dt.offset_by(step)
    return found if zone is None else _moments(found, zone)


def windows(begins: pl.Series, step: str, over: str) -> pl.Series:
    """When the windows begin that end with each of these steps: their length before the step's end. Hours are counted,
    days and months go by the clock of the zone.

    >>> from datetime import datetime
    >>> windows(pl.Series([datetime(2024, 3, 7), datetime(2024, 3, 31)]), "1d", "7d").dt.day().to_list()
    [1, 25]
    """
    zone = _zone(begins)
    if zone is None or not _is_short(step):
        ends = _wall(begins, step).dt.offset_by(step).dt.offset_by(f"-{over}")
        return ends if zone is None else _moments(ends, zone)
    ends = begins.dt.convert_time_zone("UTC").dt.offset_by(step)
    if over[-1] in "hm":
        return ends.dt.offset_by(f"-{over}").dt.convert_time_zone(zone)
    return moved(ends.dt.convert_time_zone(zone), f"-{over}")


def _is_short(step: str) -> bool:
    """Whether its steps are of elapsed time, not by the clock."""
    return length(step) <= UNITS["h"]


def _wall(begins: pl.Series, step: str) -> pl.Series:
    """What the clock says where steps begin, also where it skips that."""
    if _zone(begins) is None:
        return begins
    wall = begins.dt.replace_time_zone(None)
    return wall if _is_short(step) else wall.dt.truncate(step)


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

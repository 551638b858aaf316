"""Which columns are the actor, the time and the event, guessed from names and types."""

import re
from typing import Any

import polars as pl

from explorer.errors import SourceError, did_you_mean
from explorer.events.reading import numbers
from explorer.events.reading.decide import form_of, no_day
from explorer.events.reading.layouts import LIKE_DAY, OF_DAY
from explorer.events.reading.units import likely_unit
from explorer.events.role_names import ACTORS, EVENTS, TIMES, folded
from explorer.plan.literal import TEXTS
from explorer.spec.columns import Columns

SAMPLE, FEW = 1_000, 50
TYPED = re.compile(r"(\.\$[a-z0-9]+)+$")


Names = str | list[str] | tuple[str, ...] | None


class NoActorError(SourceError):
    """No column is named like one of actors; `likely` is the first that could be one, empty where none could."""

    likely = ""


def guess(frame: pl.DataFrame, actor: Names = None, time: Names = None, event: str | None = None) -> Columns:
    """The roles, with those that are given; raises SourceError when one cannot be found."""
    for column in [*_names(actor), *_names(time), *_names(event)]:
        if column not in frame.columns:
            raise SourceError(f"There is no column '{column}'. {did_you_mean(column, frame.columns)}")
    found_times = _names(time) or _times(frame)
    if not found_times:
        for values in frame.get_columns():
            if _holds_times_of_day(values):
                raise no_day(values)
        raise SourceError(f"No column holds times. Name the one that says when. {_there_are(frame)}")
    found_time: Any = found_times[0] if len(found_times) == 1 else found_times
    found_actor = actor or _actor(frame, found_times)
    if not found_actor:
        error = NoActorError(f"No column says who. Name the actor's column. {_there_are(frame)}")
        error.likely = next(iter(_who_could_be(frame, found_times)), "")
        raise error
    if event is None:
        taken = {*found_times, *_names(found_actor)}
        texts = [name for name, dtype in frame.schema.items() if isinstance(dtype, TEXTS) and name not in taken]
        event = _named(texts, EVENTS)
    return Columns(actor=found_actor, time=found_time, event=event)


def _names(role: Names) -> list[str]:
    return [role] if isinstance(role, str) else list(role or ())


def _times(frame: pl.DataFrame) -> list[str]:
    """The column that says when; where it holds days only and another times of day, both."""
    typed = [name for name, dtype in frame.schema.items() if isinstance(dtype, pl.Datetime)]
    candidates = typed or [name for name in frame.columns if _holds_times(frame[name])]
    found = _named(candidates, TIMES) or (candidates[0] if candidates else None)
    if found is None:
        return []
    clocks = [name for name in frame.columns if name != found and _holds_times_of_day(frame[name])]
    return [found, clocks[0]] if len(clocks) == 1 and not typed and _holds_days(frame[found]) else [found]


def _holds_times(values: pl.Series) -> bool:
    dtype = values.dtype
    if dtype == pl.Date:
        return True
    sample = values.drop_nulls().head(SAMPLE)
    if not len(sample):
        return False
    if isinstance(dtype, TEXTS):
        texts = sample.cast(pl.String)
        few = texts.gather_every(max(1, len(texts) // FEW))
        if not any(LIKE_DAY.search(text) for text in few):
            return False  # of so many, half would be times
        if not numbers.are_numbers(texts):
            return not _are_times_of_day(texts) and bool(form_of(sample).us(sample).count() * 2 > len(sample))
    elif not dtype.is_numeric():
        return False
    return _own_name(values.name) in TIMES and _are_times(numbers.as_numbers(sample))


def _are_times(sample: pl.Series) -> bool:
    size: Any = sample.cast(pl.Float64).median()
    return size is not None and (size > 1e8 or likely_unit(size) is not None or numbers.are_days(sample))


def _holds_days(values: pl.Series) -> bool:
    if values.dtype == pl.Date or values.dtype.is_integer():
        return True
    return isinstance(values.dtype, TEXTS) and not values.cast(pl.String).str.contains(":", literal=True).any()


def _holds_times_of_day(values: pl.Series) -> bool:
    return values.dtype == pl.Time or (isinstance(values.dtype, TEXTS) and _are_times_of_day(values.cast(pl.String)))


def _are_times_of_day(texts: pl.Series) -> bool:
    sample = texts.drop_nulls().head(SAMPLE)
    return bool(len(sample)) and bool(sample.str.contains(OF_DAY.pattern).all())


def _who_could_be(frame: pl.DataFrame, times: list[str]) -> list[str]:
    def can_be(name: str) -> bool:
        dtype = frame.schema[name]
        return name not in times and (isinstance(dtype, TEXTS) or dtype.is_integer() or _is_id(frame[name]))

    return [name for name in frame.columns if can_be(name)]


def _actor(frame: pl.DataFrame, times: list[str]) -> str | None:
    candidates = _who_could_be(frame, times)
    ids = [name for name in candidates if name.lower().endswith(("_id", "id")) and "session" not in name.lower()]
    return _named(candidates, ACTORS) or (ids[0] if ids else None)


def _is_id(values: pl.Series) -> bool:
    """Whether a column of decimals is named like one of actors: data frames keep ids so where some are missing."""
    return values.dtype.is_float() and _named([values.name], ACTORS) is not None


def _own_name(column: str) -> str:
    """A name without what an export adds for the type of its values, as in `ts.$date`."""
    return folded(TYPED.sub("", column.lower()))


def _named(columns: list[str], names: tuple[str, ...]) -> str | None:
    own = {_own_name(column): column for column in reversed(columns)}
    # A field of a record goes by its own name where no column has it.
    own = {name.rsplit(".", 1)[-1]: column for name, column in own.items() if "." in name} | own
    return next((own[name] for name in names if name in own), None)


def _there_are(frame: pl.DataFrame) -> str:
    return f"There are: {', '.join(frame.columns)}."

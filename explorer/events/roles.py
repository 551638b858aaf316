"""Which columns are the actor, the time and the event, guessed from names and types."""

from typing import Any

import polars as pl

from explorer.errors import SourceError, did_you_mean
from explorer.events.times import read_times
from explorer.plan.literal import TEXTS
from explorer.spec.columns import Columns

ACTORS = (
    *("user_id", "userid", "user", "actor_id", "actor", "visitor_id", "visitorid", "visitor", "customer_id"),
    *("customerid", "customer", "client_id", "clientid", "client", "distinct_id", "anonymous_id", "device_id"),
    *("deviceid", "account_id", "account", "member_id", "person_id", "uid", "subject", "ip", "host", "case_id"),
)
TIMES = (
    *("ts", "timestamp", "time", "event_time", "eventtime", "event_timestamp", "event_ts", "datetime", "date_time"),
    *("occurred_at", "created_at", "created", "time_stamp", "at", "date", "server_time", "received_at"),
)
EVENTS = (
    *("event", "event_name", "eventname", "event_type", "eventtype", "action", "activity", "type"),
    *("name", "page", "url", "path"),
)
SAMPLE = 1_000


def guess(frame: pl.DataFrame, actor: object = None, time: str | None = None, event: str | None = None) -> Columns:
    """The roles, with those that are given; raises SourceError when one cannot be found."""
    for column in [*([actor] if isinstance(actor, str) else list(actor or ())), time, event]:  # type: ignore[call-overload]
        if column is not None and column not in frame.columns:
            raise SourceError(f"There is no column '{column}'. {did_you_mean(column, frame.columns)}")
    found_time = time or _time(frame)
    if not found_time:
        raise SourceError(f"No column holds times. Name the one that says when. {_there_are(frame)}")
    found_actor = actor or _actor(frame, found_time)
    if not found_actor:
        raise SourceError(f"No column says who. Name the actor's column. {_there_are(frame)}")
    if event is None:
        taken = {found_time, *([found_actor] if isinstance(found_actor, str) else found_actor)}  # type: ignore[misc]
        texts = [name for name, dtype in frame.schema.items() if isinstance(dtype, TEXTS) and name not in taken]
        event = _named(texts, EVENTS)
    return Columns(actor=found_actor, time=found_time, event=event)  # type: ignore[arg-type]


def _time(frame: pl.DataFrame) -> str | None:
    typed = [name for name, dtype in frame.schema.items() if isinstance(dtype, pl.Datetime)]
    candidates = typed or [name for name in frame.columns if _holds_times(frame[name])]
    return _named(candidates, TIMES) or (candidates[0] if candidates else None)


def _holds_times(values: pl.Series) -> bool:
    dtype = values.dtype
    if dtype == pl.Date:
        return True
    sample = values.drop_nulls().head(SAMPLE)
    if not len(sample):
        return False
    if dtype.is_numeric():
        size: Any = sample.cast(pl.Float64).abs().median()
        return values.name.lower() in TIMES and size > 1e8
    return isinstance(dtype, TEXTS) and bool(read_times(sample).us.count() * 2 > len(sample))


def _actor(frame: pl.DataFrame, time: str) -> str | None:
    def can_be(name: str) -> bool:
        dtype = frame.schema[name]
        return name != time and (isinstance(dtype, TEXTS) or dtype.is_integer())

    candidates = [name for name in frame.columns if can_be(name)]
    ids = [name for name in candidates if name.lower().endswith(("_id", "id")) and "session" not in name.lower()]
    return _named(candidates, ACTORS) or (ids[0] if ids else None)


def _named(columns: list[str], names: tuple[str, ...]) -> str | None:
    folded = {column.lower().replace(" ", "_").replace("-", "_"): column for column in reversed(columns)}
    return next((folded[name] for name in names if name in folded), None)


def _there_are(frame: pl.DataFrame) -> str:
    return f"There are: {', '.join(frame.columns)}."

"""A log in which it is known what is different, and its sessions as plain rows."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import polars as pl

import explorer
from explorer.spec.metric import Metric
from explorer.spec.session import SessionDefinition
from tests.engines.making import Connect

BEGIN = datetime(2024, 3, 4)
VISIT = SessionDefinition(
    "visit",
    "30m",
    metrics=(
        Metric("bought", "any", where="event = 'buy'"),
        Metric("views", "count", where="event = 'view'"),
        Metric("spent", "mean", "amount", where="event = 'buy'"),
    ),
)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def shop(actors: int, seed: int = 0, connect: Connect = explorer.connect, named: str = "ios") -> Any:
    """Who begins with a search buys twice as often; platforms are the actor's; nothing else makes a difference."""
    chooser = random.Random(seed)
    rows = []
    for actor in range(actors):
        platform = chooser.choice([named, "web", "tv", None])
        for visit in range(chooser.choice([1, 1, 2, 3, 8])):
            time = BEGIN + timedelta(days=chooser.randrange(28), hours=chooser.randrange(24), minutes=visit)
            search = chooser.random() < 0.4
            events = ["search" if search else "look", *chooser.choices(["view", "share"], k=chooser.randrange(4))]
            events += ["buy"] * (chooser.random() < (0.5 if search else 0.25))
            for event in events:
                amount = round(chooser.expovariate(0.1), 2) if event == "buy" else None
                status = chooser.choice([200, 200, 404])
                rows.append((f"u{actor}", time, event, platform, amount, status, chooser.random() < 0.5))
                time += timedelta(seconds=chooser.randrange(1, 300))
    schema = {"user": pl.String, "ts": pl.Datetime("us"), "event": pl.String, "platform": pl.String}
    schema |= {"amount": pl.Float64, "status": pl.Int64, "ok": pl.Boolean}
    return connect(pl.DataFrame(rows, schema=schema, orient="row"), actor="user", time="ts", event="event")


Rows = list[dict[str, Any]]


def plain(log: Any, definition: SessionDefinition = VISIT) -> Rows:
    """The sessions as rows, each with its `events` and the values of its actor."""
    sessions = log.sessions(definition).to_dicts()
    events: dict[str, Rows] = {}
    for event in log.events(definition, page=slice(0, 1_000_000)).to_dicts():
        events.setdefault(event["session_id"], []).append(event)
    of_actor: dict[Any, Rows] = {}
    for session in sessions:
        session["events"] = events[session["session_id"]]
        of_actor.setdefault(session["user"], []).append(session)
    for its in of_actor.values():
        for at, session in enumerate(its):
            session["session_count"] = len(its)
            session["time_in_session"] = sum((each["duration"] for each in its), timedelta())
            before = its[at - 1] if at else None
            after = its[at + 1] if at + 1 < len(its) else None
            session["since_previous"] = session["start"] - before["end"] if before else None
            session["until_next"] = after["start"] - session["end"] if after else None
    return sessions


def values(session: dict[str, Any], name: str) -> list[Any]:
    """What a session has of a dimension: one value, or any number of them."""
    word, _, column = name.partition(" ")
    if word in ("first", "last", "any"):
        found = [event[column] for event in session["events"] if event[column] is not None]
        if word == "any":
            return found
        return [found[0 if word == "first" else -1]] if found else [None]
    if name == "weekday of start":
        return [WEEKDAYS[session["start"].weekday()]]
    return [str(session["start"].hour)] if name == "hour of start" else [session[name]]


def holds(brush: Any) -> Callable[[list[Any]], bool]:
    """Whether a brush holds a session with these values, value by value."""

    def measured(value: Any) -> float:
        if isinstance(value, timedelta):
            return value / timedelta(microseconds=1)
        if isinstance(value, datetime):
            return (value.replace(tzinfo=None) - datetime(1970, 1, 1)) / timedelta(microseconds=1)
        return value

    def held(its: list[Any]) -> bool:
        if hasattr(brush, "values"):
            texts = [
                str(value).lower() if isinstance(value, bool) else str(value) for value in its if value is not None
            ]
            found = any(text in brush.values for text in texts) or (brush.none and not texts)
        else:
            numbers = [measured(value) for value in its if value is not None]
            found = any(brush.lo <= number and (brush.hi is None or number < brush.hi) for number in numbers)
            found = found or (brush.none and not numbers)
        return found != brush.negated

    return held

"""What a chart says, once more: the oracle's sessions grouped and measured one by one."""

import math
import statistics
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

import explorer
from explorer.engine.local.query import calendar_steps
from explorer.spec.charts.chart import Chart, Measure
from explorer.spec.session import SessionDefinition
from tests import oracle
from tests.strategies import Log
from tests.told import plain

WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
Session = oracle.Session


def kept(log: Log, definition: SessionDefinition, chart: Chart) -> list[Session]:
    found = oracle._kept(log.rows, log.columns, definition)
    by_actor = defaultdict(list)
    for session in found:
        by_actor[actor(log, session)].append(session)
    for its in by_actor.values():
        facts = [session.facts for session in its]
        known = {
            "time_in_session": sum((fact["duration"] for fact in facts), timedelta()),
            "session_count": len(facts),
            "first_start": min(fact["start"] for fact in facts),
            "last_end": max(fact["end"] for fact in facts),
        }
        known |= {metric.name: oracle._of_sessions(metric, facts) for metric in definition.actor_metrics}
        for session in its:
            session.facts |= known
    return [session for session in found if oracle._true(chart.where, session.facts)]


def actor(log: Log, session: Session) -> tuple:
    return tuple(session.facts[name] for name in log.columns.actor)


def keys(session: Session, text: str, zone: str) -> list[Any]:
    """The groups of one dimension that a session is in, before any binning."""
    place, _, column = text.partition(" ")
    if text in session.facts:
        return [session.facts[text]]
    if text.endswith(" of start"):
        local = at(session.facts["start"], zone)
        return [local.hour if place == "hour" else WEEKDAYS[local.weekday()]]
    if place not in ("first", "last", "any"):
        place, column = "first", text
    values = [event.known[column] for event in session.events if event.known[column] is not None]
    if place == "any":
        return list(dict.fromkeys(values)) or [None]
    return [(values[0] if place == "first" else values[-1]) if values else None]


def at(time: datetime, zone: str) -> datetime:
    return time.astimezone(ZoneInfo(zone)) if time.tzinfo else time


def floored(time: datetime, step: str, zone: str) -> int:
    """Microseconds of the beginning of a time's step, by the standard library's calendar."""
    wall = at(time, zone).replace(tzinfo=None)
    midnight = wall.replace(hour=0, minute=0, second=0, microsecond=0)
    size = timedelta(microseconds=calendar_steps.length(step))
    match step:
        case "1w":
            begin = midnight - timedelta(days=wall.weekday())
        case "1mo":
            begin = midnight.replace(day=1)
        case "3mo":
            begin = midnight.replace(day=1, month=(wall.month - 1) // 3 * 3 + 1)
        case "1y":
            begin = midnight.replace(day=1, month=1)
        case _:
            begin = midnight + (wall - midnight) // size * size
    if time.tzinfo is None:
        return oracle.microseconds(begin)
    if size <= timedelta(hours=1):
        return oracle.microseconds(time) - (wall - begin) // oracle.MICROSECOND
    return oracle.microseconds(begin.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC))


def measured(log: Log, measure: Measure, sessions: list[Session], every: list[Session]) -> Any:
    if measure.where is not None:
        return mean([oracle.holds(measure.where, session.facts) for session in sessions])
    if measure.aggregate == "actors":
        return len({actor(log, session) for session in sessions})
    if measure.of is None:
        share = len(sessions) / len(every) if every else None
        return len(sessions) if measure.aggregate == "count" else share
    values, all_values = (values_of(log, measure.of, some) for some in (sessions, every))
    match measure.aggregate:
        case "share" if measure.of == "bought":
            return mean(values)
        case "share":
            return sum(values) / sum(all_values) if sum(all_values) else None
        case "sum":
            return sum(values)
        case "mean":
            return mean(values)
        case "std":
            return statistics.stdev(values) if len(values) > 1 else None
        case "min" | "max":
            return {"min": min, "max": max}[measure.aggregate](values, default=None)
    percent = 50 if measure.aggregate == "median" else int(measure.aggregate[1:])
    return oracle.percentile(values, percent) if values else None


def values_of(log: Log, name: str, sessions: list[Session]) -> list[Any]:
    if name in ("time_in_session", "session_count"):
        sessions = list({actor(log, session): session for session in sessions}.values())
    return [plain(session.facts[name]) for session in sessions if session.facts[name] is not None]


def mean(values: list[Any]) -> float | None:
    return sum(values) / len(values) if values else None


def check(log: Log, definition: SessionDefinition, chart: Chart, zone: str = "UTC") -> None:
    columns = log.columns
    engine = explorer.connect(
        log.frame, actor=list(columns.actor), time=columns.time, order=list(columns.order), time_zone=zone
    )
    found = engine.query(chart, definition)
    every = kept(log, definition, chart)
    names = [*(["start"] if chart.every else []), *chart.by]
    assert found.columns[: len(names) + 2] == [*names, "value", "sessions"]
    rows = {tuple(plain(row[name]) for name in names): row for row in found.iter_rows(named=True)}
    assert len(rows) == found.height
    bins = {name: ends(found, name) for name in names if f"{name}_to" in found.columns}
    wanted: dict[tuple, list[Session]] = defaultdict(list)
    for session in every:
        for key in combinations(session, chart, names, bins, zone):
            wanted[key].append(session)
    if not names:
        wanted = {(): every}
    assert {key for key, row in rows.items() if row["sessions"]} | ({()} if not names else set()) == wanted.keys()
    for key, row in rows.items():
        assert row["sessions"] == len(wanted.get(key, ()))
        if row["sessions"] or not names:
            assert_close(row["value"], measured(log, chart.measure, wanted[key], every))
    if not any(name.startswith("any ") for name in names):
        assert found["sessions"].sum() == len(every)


def ends(found: pl.DataFrame, name: str) -> list[tuple[Any, Any]]:
    return [(plain(low), plain(high)) for low, high in found.select(name, f"{name}_to").rows() if low is not None]


def combinations(session: Session, chart: Chart, names: list[str], bins: dict, zone: str) -> list[tuple]:
    found: list[tuple] = [()]
    for at_, name in enumerate(names):
        if at_ == 0 and chart.every:
            its = [floored(session.facts["start"], chart.every, zone)]
        else:
            its = [plain(key) for key in keys(session, name, zone)]
            if name in bins:
                its = [binned(key, bins[name]) for key in its]
        found = [(*before, key) for before in found for key in dict.fromkeys(its)]
    return found


def binned(value: Any, bins: list[tuple[Any, Any]]) -> Any:
    return None if value is None else next(low for low, high in bins if low <= value < high)


def assert_close(found: Any, wanted: Any) -> None:
    if isinstance(found, timedelta):
        assert abs(plain(found) - wanted) <= 0.5
    elif isinstance(found, float) and wanted is not None:
        assert math.isclose(found, wanted, rel_tol=1e-9, abs_tol=1e-9)
    else:
        assert plain(found) == wanted

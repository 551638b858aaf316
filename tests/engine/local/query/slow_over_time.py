"""Sliding windows and periods before, once more: every window is filled with the oracle's sessions one by one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import explorer
from explorer.engine.local.query import calendar_steps
from explorer.spec.charts.chart import Chart, Measure
from explorer.spec.expression import clause as clauses
from explorer.spec.session import SessionDefinition
from tests import oracle
from tests.engine.local.query.slow_query import Session, assert_close, floored, kept, keys, measured
from tests.evaluator import Evaluator
from tests.strategies import Log
from tests.told import plain

US = timedelta(microseconds=1)
EPOCH = datetime(1970, 1, 1)
MONTHS = {"1mo": 1, "3mo": 3, "1y": 12}
HOUR = 3_600_000_000
PERIODS = {"day": "1d", "week": "1w", "month": "1mo", "year": "1y"}


class Clock:
    """Microseconds since 1970 and what a clock says then; without a zone they are the same."""

    def __init__(self, zone: str | None) -> None:
        self.zone = None if zone is None else ZoneInfo(zone)

    def wall(self, us: int) -> datetime:
        moment = EPOCH + us * US
        return moment if self.zone is None else moment.replace(tzinfo=UTC).astimezone(self.zone).replace(tzinfo=None)

    def moment(self, wall: datetime) -> int | None:
        """The first moment of this clock time; None where it is skipped."""
        if self.zone is None:
            return (wall - EPOCH) // US
        moment = wall.replace(tzinfo=self.zone, fold=0).astimezone(UTC).replace(tzinfo=None)
        us = (moment - EPOCH) // US
        return us if self.wall(us) == wall else None

    def near(self, wall: datetime) -> int:
        """The same, and the hour after where it is skipped."""
        found = self.moment(wall)
        return self.near(wall + timedelta(hours=1)) if found is None else found


def later(wall: datetime, length: str, times: int = 1) -> datetime:
    """A length later by the clock; in a shorter month its last day."""
    if length not in MONTHS:
        return wall + times * calendar_steps.length(length) * US
    month = wall.year * 12 + wall.month - 1 + times * MONTHS[length]
    for day in range(wall.day, 0, -1):
        try:
            return wall.replace(year=month // 12, month=month % 12 + 1, day=day)
        except ValueError:
            continue
    raise AssertionError


def window_begin(step_begin: int, every: str, over: str, clock: Clock) -> int:
    """When the window begins that ends with a step."""
    size = calendar_steps.length(every)
    if clock.zone is None or size > HOUR:
        wall = clock.wall(step_begin)
        if clock.zone is not None:  # where the clock skips a beginning the step begins later
            wall = clock_floor(wall, every)
        return clock.near(later(later(wall, every), over, -1))
    if over[-1] in "hm":
        return step_begin + size - calendar_steps.length(over)
    return clock.near(later(clock.wall(step_begin + size), over, -1))


def clock_floor(wall: datetime, every: str) -> datetime:
    return EPOCH + floored(wall, every, "UTC") * US


def before(step_begin: int, every: str, period: str, times: int, clock: Clock) -> int | None:
    """The beginning of the step a period before; None where there is no such date."""
    wall = clock.wall(step_begin)
    if clock.zone is not None and calendar_steps.length(every) > HOUR:
        wall = clock_floor(wall, every)
    found = later(wall, period, -times)
    if later(found, period, times) != wall:
        return None
    return clock.near(found) if calendar_steps.length(every) > HOUR else clock.moment(found)


def check(log: Log, definition: SessionDefinition, chart: Chart, zone: str = "UTC") -> None:
    """Hold every value of a chart with an `every` to the slow loop."""
    columns = log.columns
    engine = explorer.connect(
        log.frame, actor=list(columns.actor), time=columns.time, order=list(columns.order), time_zone=zone
    )
    try:
        found = engine.query(chart, definition)
    except explorer.SpecError as error:
        if error.where != "over" or "no window of" not in str(error):
            raise
        return
    shown = kept(log, definition, chart)
    aware = bool(shown) and shown[0].facts["start"].tzinfo is not None
    clock = Clock(zone if aware else None)
    every, over = str(chart.every), chart.over
    steps = sorted({plain(time) for time in found["start"]})
    period, times = PERIODS.get(chart.previous or "", every), len(steps) if chart.previous == "span" else 1
    earlier, first = shown, steps[0] if steps else 0
    if chart.previous and "start" in clauses.columns(chart.where):
        all_of_them = kept(log, definition, chart.replace(where=None))
        earlier = [
            session for session in all_of_them if oracle._true(chart.where, moved(session, period, times, clock))
        ]
        data = min(floored(session.facts["start"], every, zone) for session in all_of_them)
        begins = [floored(session.facts["start"], every, zone) for session in earlier]
        first = max(data, min([clock.near(later(clock.wall(steps[0]), period, -times)), *begins])) if steps else 0
    own = {id(session): floored(session.facts["start"], every, zone) for session in [*shown, *earlier]}

    def value(begin: int, key: tuple, sessions: list[Session], since: int) -> Any:
        low = begin if over is None else window_begin(begin, every, over, clock)
        if over is not None and low < since:
            return None
        inside = [
            session
            for session in sessions
            if low <= own[id(session)] <= begin
            and all(part in keys(session, name, zone) for name, part in zip(chart.by, key, strict=True))
        ]
        return of_sessions(log, chart.measure, inside, sessions) if inside else nothing(chart)

    for row in found.iter_rows(named=True):
        begin, key = plain(row["start"]), tuple(plain(row[name]) for name in chart.by)
        assert_close(row["value"], value(begin, key, shown, steps[0]))
        if chart.previous:
            then = before(begin, every, period, times, clock)
            wanted = None if then is None or then < first else value(then, key, earlier, first)
            assert_close(row["previous"], wanted)


def moved(session: Session, period: str, times: int, clock: Clock) -> dict[str, Any]:
    """What a session would be if it had started a period later."""
    start = session.facts["start"]
    us = clock.near(later(clock.wall(oracle.microseconds(start)), period, times))
    return session.facts | {"start": EPOCH.replace(tzinfo=start.tzinfo and UTC) + us * US}


def of_sessions(log: Log, measure: Measure, inside: list[Session], sessions: list[Session]) -> Any:
    if measure.formula is None:
        return measured(log, measure, inside, sessions)
    values = [measured(log, part, inside, sessions) for part in measure.parts]
    return Evaluator().value(measure.formula.tree, {f"m{at}": value for at, value in enumerate(values)})


def nothing(chart: Chart) -> int | None:
    if chart.measure.formula is not None:
        return None
    aggregate, of = chart.measure.aggregate, chart.measure.of
    if aggregate in ("count", "actors", "sum") or (aggregate == "share" and (of is None or of != "bought")):
        return None if chart.measure.where is not None else 0
    return None

"""What one click can mend before sessions are believed, and what that changes in the document."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from explorer.engine.answers.mend import Mend as Mend
from explorer.engine.answers.mend import parts
from explorer.engine.answers.mend import with_ as with_
from explorer.engine.answers.mend import without as without
from explorer.engine.local.cut.event_table import EventTable
from explorer.engine.local.editors.automated_actors import automated_actors
from explorer.engine.local.editors.heartbeat_mends import heartbeat_mends
from explorer.engine.local.editors.reading_mends import reading_mends
from explorer.errors import SpecError
from explorer.events.quality.edges import edges
from explorer.events.quality.quality import AHEAD, Quality
from explorer.events.reading.units import UNITS as TOLD
from explorer.events.tie_breaker import breaker
from explorer.plan.in_polars.boundary import TIME
from explorer.plan.literal import EPOCH
from explorer.spec.columns import UNITS, Columns, check_zone
from explorer.spec.expression.clause import Compare
from explorer.spec.session import SessionDefinition

SAME_AS_UTC = ("UTC", "Etc/UTC", "GMT", "Etc/GMT", "Zulu", "Etc/Zulu", "Universal", "Etc/Universal")
# Event logs that begin before this are told in another unit, or count from a beginning of their own.
OLDEST = datetime(1990, 1, 1, tzinfo=UTC)


def mends(
    events: EventTable,
    report: Quality,
    definitions: Iterable[SessionDefinition] = (),
    zone: str | None = None,
) -> tuple[Mend, ...]:
    """What can be mended, and what is. `report` is the engine's quality report, `zone` the analyst's own time zone.

    >>> import explorer, polars as pl
    >>> log = explorer.connect(pl.DataFrame({"user": ["a", "a"], "ts": ["2024-03-01 10:00"] * 2}))
    >>> [mend.action for mend in mends(log.event_table, log.quality_report())]
    ['Leave out 1 repeated event']
    """
    definitions = tuple(definitions)
    clocks = _clocks(events, report, definitions)
    found = (
        *reading_mends(events.columns, report, zone),
        _duplicates(events.columns, report),
        _ties(events, report),
        _unit(events.columns, report),
        None if report.no_offset else _zone(events.columns, report, zone),
        _future(events, report, definitions),
        clocks,
        *heartbeat_mends(events, definitions),
        *automated_actors(events, definitions),
    )
    return tuple(mend for mend in found if mend)


def _duplicates(columns: Columns, report: Quality) -> Mend | None:
    count = report.duplicates or 0
    if columns.drop_duplicates:
        said = f"{_many(count)} {'repeats' if count == 1 else 'repeat'} an earlier one and {_are(count)} left out."
        kept = columns.replace(drop_duplicates=False)
        return Mend("duplicates", said if count else "No event repeats another.", "Keep them", kept, in_force=True)
    if not count:
        return None
    said = f"{_many(count)} {'repeats' if count == 1 else 'repeat'} an earlier one in every column."
    action = f"Leave out {count:,} repeated event{'' if count == 1 else 's'}"
    return Mend("duplicates", said, action, columns.replace(drop_duplicates=True))


def _ties(events: EventTable, report: Quality) -> Mend | None:
    columns, names = events.columns, f"{events.columns.actor_name} and {events.columns.time}"
    said = f"{_many(report.ties)} {'shares' if report.ties == 1 else 'share'} {names} with another"
    if columns.order:
        taken = columns.replace(order=())
        told = f"{said}; {', '.join(columns.order)} tells their order." if report.ties else "No two events are tied."
        return Mend("ties", told, "Keep the order of the source", taken, in_force=True)
    if not report.ties or (found := breaker(events.data, report)) is None:
        return None
    return Mend("ties", f"{said}, out of the order of {found}.", f"Break ties by {found}", columns.replace(order=found))


def _unit(columns: Columns, report: Quality) -> Mend | None:
    if not report.unit:
        return None
    better = None if _likely(report, report.unit) else next((unit for unit in UNITS if _likely(report, unit)), None)
    said = f"Times are numbers, read as {TOLD[report.unit].said}, and so begin in {_year(report.first)}."
    if report.other_unit:
        others = f"{report.other_unit:,} count another unit and are read by their size"
        told = f"Times are numbers, read as {TOLD[report.unit].said}; {others}."
        return Mend("unit", told, f"Read all of them as {report.unit}", columns.replace(unit=report.unit))
    if better:
        return Mend("unit", said, f"Read times as {better}", columns.replace(unit=better))
    if columns.unit:
        return Mend("unit", said, "Guess the unit", columns.replace(unit=None), in_force=True)
    return None


def _zone(columns: Columns, report: Quality, own: str | None) -> Mend | None:
    if report.zone != "UTC":
        return None
    if columns.time_zone:
        plain = columns.replace(time_zone=None)
        return Mend("zone", f"Times are shown in {columns.time_zone}.", "Show times in UTC", plain, in_force=True)
    known = (zone for zone in (report.told_zone, own) if zone and zone not in SAME_AS_UTC and _is_zone(zone))
    told = next(known, None)
    if told is None:
        return None
    said = f"Times are shown in UTC; the source tells them in {told}." if told == report.told_zone else ""
    return Mend("zone", said or "Times are shown in UTC.", f"Show times in {told}", columns.replace(time_zone=told))


def _clocks(events: EventTable, report: Quality, definitions: tuple[SessionDefinition, ...]) -> Mend | None:
    """Leave out events before those of the bulk; what is later than now has a mend of its own."""
    if not report.wrong_clocks:
        return None
    times = events.keys[TIME]
    first: object = edges(times).first
    if first == report.first:
        first = times.filter(times >= _microseconds(OLDEST)).min()
    if not isinstance(first, int) or first == report.first:
        return None
    where = Compare(events.columns.time, ">=", _text(first, events.columns, events.aware))
    count = int((times < first).sum())
    said = f"{_many(count)} {'lies' if count == 1 else 'lie'} before all others, from {_year(report.first)} on"
    said = f"{said}: a wrong clock, which is no edge of the source"
    if definitions and all(where in parts(one.where) for one in definitions):
        return Mend("clocks", f"{said}, and left out.", "Keep them", where=where, in_force=True)
    return Mend("clocks", f"{said}.", f"Leave out {_many(count)} of wrong clocks", where=where)


def _future(events: EventTable, report: Quality, definitions: tuple[SessionDefinition, ...]) -> Mend | None:
    if not report.future:
        return None
    now = _microseconds(datetime.now(UTC) + (timedelta(0) if events.aware else AHEAD))
    times = events.keys[TIME]
    last = times.filter(times <= now).max()
    if not isinstance(last, int):
        return None
    where = Compare(events.columns.time, "<=", _text(last, events.columns, events.aware))
    said = f"{_many(report.future)} {_are(report.future)} later than now"
    if definitions and all(where in parts(one.where) for one in definitions):
        return Mend("future", f"{said}, and left out.", "Keep them", where=where, in_force=True)
    action = f"Leave out {_many(report.future)} later than now"
    return Mend("future", f"{said}.", action, where=where)


# ---- times


def _likely(report: Quality, unit: str) -> bool:
    """Whether the times, read in this unit, are those of a log: after 1990 and not later than tomorrow."""
    read, other = TOLD[report.unit], TOLD[unit]
    first, last = (other.one((us - read.origin) * read.per / read.us) for us in (report.first, report.last))
    soon = _microseconds(datetime.now(UTC) + timedelta(days=1))
    return _microseconds(OLDEST) <= first and last <= soon


def _microseconds(time: datetime) -> int:
    return (time - EPOCH) // timedelta(microseconds=1)


def _year(us: int) -> int:
    return (EPOCH + timedelta(microseconds=us)).year


def _text(us: int, columns: Columns, aware: bool) -> str:
    time = EPOCH + timedelta(microseconds=us)
    shown = time.astimezone(ZoneInfo(columns.time_zone or "UTC")) if aware else time.replace(tzinfo=None)
    return shown.isoformat(sep=" ")


def _is_zone(zone: str) -> bool:
    try:
        check_zone(zone, "time_zone")
    except SpecError:
        return False
    return True


# ---- words


def _many(count: int) -> str:
    return f"{count:,} event{'' if count == 1 else 's'}"


def _are(count: int) -> str:
    return "is" if count == 1 else "are"

"""What a session is, said once more as a slow and obvious loop over dicts: every engine must agree with this.

It is written from the text of the rules, and the numbers below are theirs. It knows no engine and no plan;
clauses, definitions and metrics are read by their field names only. Where the text leaves a choice, the
choice stands beside the word "decided".
"""

import math
import operator
import re
from collections.abc import Iterable
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from explorer.spec.duration import Duration
from explorer.spec.event_columns import name_inside
from explorer.spec.expression.clause import parse_value
from tests.evaluator import Evaluator
from tests.patterns import in_a_row, matches

Row = dict[str, Any]
LEAVES = ("Compare", "Between", "In", "Matches", "IsNull")
NOW: ContextVar[Any] = ContextVar("now", default=None)
COHORTS: ContextVar[tuple[str, ...]] = ContextVar("cohorts", default=())
MICROSECOND = timedelta(microseconds=1)
EVENT_COLUMNS = ("event_number", "since_start", "since_previous", "until_next")
COMPARE = {"=": operator.eq, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}


@dataclass
class Event:
    number: int  # the input row number
    row: Row
    time: int  # microseconds since 1970
    end: int  # the same as the time, but for events that last
    known: Row = field(default_factory=dict)  # what metrics can ask for: the row, and its place in the session


@dataclass
class Session:
    started_by: str
    events: list[Event]
    active: list[Event] = field(default_factory=list)  # those that are not passive
    facts: Row = field(default_factory=dict)  # what scopes and `keep` can ask for
    margin: int | None = None  # from the inactivity to the nearest gap that it judged


# ---- the answers


def sessions(rows: list[Row], columns: Any, definition: Any) -> list[Row]:
    """The kept sessions, actor by actor in order of first appearance; lengths in microseconds."""
    found = []
    for session in _kept(rows, columns, definition):
        answer = {name: _as_us(value) for name, value in session.facts.items() if name not in session.facts["@actor"]}
        for name in ("@actor", "since_previous", "until_next", "gap_margin"):
            del answer[name]
        found.append(answer | {"rows": [event.number for event in session.events]})
    return found


def actors(rows: list[Row], columns: Any, definition: Any) -> list[Row]:
    """One row for every actor that has a session. Decided: over the sessions that `keep` shows."""
    found = []
    every = [session.facts for session in _kept(rows, columns, definition)]
    for actor, facts in _grouped(every, lambda fact: _values(fact, columns.actor)).items():
        answer = dict(zip(columns.actor, actor, strict=True))
        answer["session_count"] = len(facts)
        answer["time_in_session"] = sum(_as_us(fact["duration"]) for fact in facts)
        answer["first_start"] = min(fact["start"] for fact in facts)
        answer["last_end"] = max(fact["end"] for fact in facts)
        for metric in definition.actor_metrics:
            answer[metric.name] = _as_us(_of_sessions(metric, facts))
        found.append(answer)
    return found


def events(rows: list[Row], columns: Any, definition: Any) -> dict[int, Row]:
    """What each event of the kept sessions knows of its session, by input row number."""
    return {
        event.number: {name: _as_us(event.known[name]) for name in EVENT_COLUMNS}
        for session in _kept(rows, columns, definition)
        for event in session.events
    }


def margins(rows: list[Row], columns: Any, definition: Any) -> dict[tuple, int | None]:
    """`gap_margin` of the kept sessions, by actor and number."""
    found = (session.facts for session in _kept(rows, columns, definition))
    return {(*_values(fact, columns.actor), fact["session_number"]): _as_us(fact["gap_margin"]) for fact in found}


def outside(rows: list[Row], columns: Any, definition: Any) -> list[int]:
    """Rule 5: the input rows of the events that exist for a definition and are in none of its sessions."""
    source = _source(rows, columns)
    held = {event.number for session in _all(source, columns, definition) for event in session.events}
    return [event.number for event in source if _true(definition.where, event.row) and event.number not in held]


def left_out(rows: list[Row], columns: Any) -> dict[str, int]:
    """Rule 1: what is left out is counted. Decided: a row that lacks both counts once, as null actor."""
    rows = stitched(rows, columns)
    no_actor = [row for row in rows if None in _values(row, columns.actor)]
    no_time = [row for row in rows if None not in _values(row, columns.actor) and row[columns.time] is None]
    return {"null_actor": len(no_actor), "null_time": len(no_time)}


def _kept(rows: list[Row], columns: Any, definition: Any) -> list[Session]:
    found = _all(_source(rows, columns), columns, definition)
    by_actor = list(_grouped(found, lambda session: _values(session.facts, columns.actor)).values())
    for metric in sorted(definition.metrics, key=lambda metric: metric.aggregate == "ratio"):
        for its in by_actor:
            scope = _in_scope(its, metric.scope)
            for session in its:
                inside = any(session is other for other in scope)
                session.facts[metric.name] = _measure(metric, session, columns.event) if inside else None
    for its in by_actor:
        _tell_actor(its, definition)
    return [session for session in found if _true(definition.keep, session.facts)]


def with_cohorts(rows: list[Row], columns: Any, analysis: Any) -> list[Row]:
    """The rows with a truth value for each cohort: whether their actor meets its condition. Decided: over all sessions
    of its definition, before `keep`; who has none of them does not. The cohorts are in an order in which none asks for
    a later one."""
    names: list[str] = []
    for cohort in analysis.cohorts:
        COHORTS.set(tuple(names))
        definition = analysis.session(cohort.session).replace(keep=None)
        held = {
            _values(session.facts, columns.actor)
            for session in _kept(rows, columns, definition)
            if holds(cohort.where, session.facts)
        }
        its = [_values(row, columns.actor) in held for row in stitched(rows, columns)]
        rows = [row | {cohort.name: inside} for row, inside in zip(rows, its, strict=True)]
        names.append(cohort.name)
    COHORTS.set(tuple(names))
    return rows


def _tell_actor(its: list[Session], definition: Any) -> None:
    """What `keep` can ask of the actor; decided: a metric of the same short name comes first."""
    facts = [session.facts for session in its]
    known = {
        "session_count": len(its),
        "time_in_session": sum((fact["duration"] for fact in facts), timedelta()),
        "first_start": min(fact["start"] for fact in facts),
        "last_end": max(fact["end"] for fact in facts),
    }
    known |= {metric.name: _of_sessions(metric, facts) for metric in definition.actor_metrics}
    first = its[0].events[0].row
    known |= {name: first[name] for name in COHORTS.get() if name in first}
    for session in its:
        new = {name: value for name, value in known.items() if name not in session.facts}
        session.facts |= new
        session.facts["@actor"] = set(new)


def _of_sessions(metric: Any, facts: list[Row]) -> Any:
    """An actor metric: one value from an actor's sessions, which are in order of their number."""
    matching = [fact for fact in facts if _true(metric.where, fact)]
    if metric.aggregate in ("count", "any"):
        return len(matching) if metric.aggregate == "count" else bool(matching)
    values = [fact[metric.column] for fact in matching if not _is_null(fact[metric.column])]
    return _aggregate(metric.aggregate, values)


# ---- cutting


def _source(rows: list[Row], columns: Any) -> list[Event]:
    """Rule 1: a row without an actor or a time is no event."""
    return [
        Event(
            number, dict(zip(row, _values(row, row), strict=True)), microseconds(row[columns.time]), _end(row, columns)
        )
        for number, row in enumerate(stitched(with_derived(rows, columns), columns))
        if None not in _values(row, columns.actor) and row[columns.time] is not None
    ]


def stitched(rows: list[Row], columns: Any) -> list[Row]:
    """Who each row's actor is, where known users and devices are stitched; the rows as they are otherwise.

    Decided: the last in the order of rule 3, of the rows that have a time; what the source has in the actor's column
    is then called `<actor>_in_source`.
    """
    if columns.identity is None:
        return rows
    known, device, (actor,) = columns.identity.known, columns.identity.anonymous, columns.actor
    timed = [(number, row) for number, row in enumerate(rows) if row[columns.time] is not None]
    owners: Row = {}
    for _, row in sorted(timed, key=lambda item: _order(microseconds(item[1][columns.time]), *reversed(item), columns)):
        if not _is_null(row[known]) and not _is_null(row[device]):
            owners[row[device]] = row[known]
    found = []
    for row in rows:
        other = row[device] if _is_null(row[device]) else owners.get(row[device], row[device])
        kept = {f"{actor}_in_source": row[actor]} if actor in row else {}
        found.append(row | kept | {actor: other if _is_null(row[known]) else row[known]})
    return found


def _end(row: Row, columns: Any) -> int:
    """When an event ends: never before its time. Decided: where nothing is told, it takes no time."""
    begin, until = microseconds(row[columns.time]), row[columns.until] if columns.until else None
    if until is None:
        return begin
    return max(begin, begin + until // MICROSECOND if isinstance(until, timedelta) else microseconds(until))


def _order(time: int, row: Row, number: int, columns: Any) -> tuple:
    """Rule 3. Decided: nulls come before values."""
    ties = ((value is not None, value) for value in _values(row, columns.order))
    return time, *ties, number


def _all(source: list[Event], columns: Any, definition: Any) -> list[Session]:
    """All sessions before `keep`, actor by actor in order of first appearance."""
    by_actor = _grouped(source, lambda event: _values(event.row, columns.actor))
    found = [session for its in by_actor.values() for session in _of_actor(its, columns, definition)]
    for session in found:
        session.facts["cut_off"] = _cut_off(session, source, definition.inactivity.us)
    return found


def _of_actor(events: list[Event], columns: Any, definition: Any) -> list[Session]:
    """Rules 2 to 7 for one actor. Decided: a null is a value of `split_by` like any other."""

    def order(event: Event) -> tuple:
        return _order(event.time, event.row, event.number, columns)

    existing = [event for event in events if _true(definition.where, event.row)]  # rule 2
    streams = _grouped(existing, lambda event: _values(event.row, definition.split_by)).values()
    found = [session for its in streams for session in _stream(sorted(its, key=order), columns, definition)]
    found.sort(key=lambda session: order(session.events[0]))
    for number, session in enumerate(found, start=1):  # rule 6
        first, end = session.active[0], _latest_end(session.active)
        session.facts = {
            **{name: first.row[name] for name in (*columns.actor, *definition.split_by)},
            "session_number": number,
            "start": first.row[columns.time],  # rule 7
            "end": first.row[columns.time] + (end - first.time) * MICROSECOND,
            "duration": (end - first.time) * MICROSECOND,
            "event_count": len(session.events),
            "started_by": session.started_by,
            "since_previous": None,
            "until_next": None,
            "gap_margin": None if session.margin is None else session.margin * MICROSECOND,
        }
        _tell_events(session)
    for before, after in pairwise(found):
        between = after.facts["start"] - before.facts["end"]
        before.facts["until_next"] = after.facts["since_previous"] = between
    return found


def _tell_events(session: Session) -> None:
    """What every event of a session knows; decided: a source's own column of that name has another there."""
    for at, event in enumerate(session.events):
        its = {f"{name}_in_source" if name in EVENT_COLUMNS else name: value for name, value in event.row.items()}
        before = session.events[at - 1] if at else None
        after = session.events[at + 1] if at + 1 < len(session.events) else None
        event.known = its | {
            "event_number": at + 1,
            "since_start": (event.time - session.events[0].time) * MICROSECOND,
            "since_previous": None if before is None else (event.time - before.time) * MICROSECOND,
            "until_next": None if after is None else (after.time - event.time) * MICROSECOND,
        }


def _stream(events: list[Event], columns: Any, definition: Any) -> list[Session]:
    """Rule 4 for events that are cut together: all rules see those that are not passive, then these are placed."""
    passive = [definition.passive is not None and holds(definition.passive, event.row) for event in events]
    active = [event for event, its in zip(events, passive, strict=True) if not its]
    found = _cut(active, columns, definition)
    of_event = {id(event): session for session in found for event in session.events}
    for session in found:
        session.active, session.events = session.events, []
    for at, session in enumerate(found):
        session.margin = _margin(session, found[at - 1] if at else None, found[at + 1 : at + 2], definition)
    opened: Session | None = None
    for event, its in zip(events, passive, strict=True):
        if not its:
            opened = of_event.get(id(event))
        if opened is not None and (not its or _joins(event, opened, definition)):
            opened.events.append(event)
    return found


def _margin(session: Session, before: Session | None, after: list[Session], definition: Any) -> int | None:
    """The least distance of the inactivity from a gap that it judged: those inside a session, and the one before a
    session that it began. Decided: an event that begins before another ends has a gap of 0; with `opens_with` only
    gaps inside sessions are looked at, as events outside lie between them."""
    gaps, longest = [], session.active[:1]
    for event in session.active[1:]:
        gaps.append(max(0, event.time - _latest_end(longest)))
        longest.append(event)
    if definition.opens_with is None:
        for one, other in ((before, session), *((session, each) for each in after)):
            if one is not None and other.started_by == "inactivity":
                gaps.append(other.active[0].time - _latest_end(one.active))
    return min((abs(gap - definition.inactivity.us) for gap in gaps), default=None)


def _joins(event: Event, session: Session, definition: Any) -> bool:
    """Whether a passive event joins the session that is open before it. Decided: with events that last, the gap runs
    from the latest end so far of those that are not passive, as that of any other event does."""
    active = [other for other in session.events if any(other is each for each in session.active)]
    ended = definition.end is not None and holds(definition.end, active[-1].row)
    return not ended and not _too_long(event.time - _latest_end(active), definition)


def _cut(events: list[Event], columns: Any, definition: Any) -> list[Session]:
    """Every event goes into the open session, begins one, or is outside while none may begin."""
    found: list[Session] = []
    is_open, closed_by = False, "first"
    for event in events:
        reason = _reason(found[-1].events, event, columns, definition) if is_open else closed_by
        if reason is None:
            found[-1].events.append(event)
            continue
        is_open, closed_by = definition.opens_with is None or holds(definition.opens_with, event.row), reason
        if is_open:
            found.append(Session(reason, [event]))
    return found


def _reason(session: list[Event], event: Event, columns: Any, definition: Any) -> str | None:
    """Rule 4: why this event does not join the open session: the first that holds."""
    if definition.restart is not None and holds(definition.restart, event.row):
        return "restart"
    if any(_changed(session, event, name) for name in definition.restart_on_change):
        return "change"
    before = session[-1]
    if definition.end is not None and holds(definition.end, before.row):
        return "end"
    if _too_long(event.time - _latest_end(session), definition):
        return "inactivity"
    if definition.calendar is not None:
        today, yesterday = (day(other.row[columns.time], definition.calendar) for other in (event, before))
        if today != yesterday:
            return "calendar"
    if definition.max_duration is not None and event.time - session[0].time > definition.max_duration.us:
        return "max_duration"  # decided: `boundary` is about inactivity alone
    if definition.max_events is not None and len(session) == definition.max_events:
        return "max_events"
    return None


def _latest_end(session: list[Event]) -> int:
    return max(event.end for event in session)


def _too_long(gap: int, definition: Any) -> bool:
    longest = definition.inactivity.us
    return gap > longest or (gap == longest and definition.boundary == ">=")


def _changed(session: list[Event], event: Event, name: str) -> bool:
    """Whether a value differs from the last one of the session so far; nulls change nothing."""
    known = [other.row[name] for other in session if not _is_null(other.row[name])]
    return bool(known) and not _is_null(event.row[name]) and event.row[name] != known[-1]


def _cut_off(session: Session, source: list[Event], inactivity: int) -> str | None:
    """Rule 8. Decided: the source is what rule 1 leaves, before `where`; equal is within it."""
    first, last = _edges([event.time for event in source])
    at_start = abs(session.events[0].time - first) <= inactivity
    at_end = abs(last - _latest_end(session.events)) <= inactivity
    return {(True, True): "both", (True, False): "start", (False, True): "end"}.get((at_start, at_end))


def _edges(times: list[int]) -> tuple[int, int]:
    """The first and last time of the bulk of a source. Where the largest gap between neighbours is longer than the
    span of one side, and the other side holds a single event or under 0.1 % of them, that one is a wrong clock.
    Decided: of two sides, the bulk is the one with more events; two largest gaps are tried one after the other."""
    times = sorted(times)
    largest = max((after - before for before, after in pairwise(times)), default=0)
    for at in range(1, len(times)):
        left, right = times[:at], times[at:]
        if right[0] - left[-1] != largest:
            continue
        for wrong, bulk in ((left, right), (right, left)):
            few = len(wrong) == 1 or len(wrong) < len(times) / 1000
            if few and len(wrong) < len(bulk) and largest > bulk[-1] - bulk[0]:
                return bulk[0], bulk[-1]
    return times[0], times[-1]


# ---- measuring


def _in_scope(its: list[Session], scope: Any) -> list[Session]:
    """The sessions of one actor that a metric is computed in."""
    if scope is None:
        return its
    found = [
        session
        for session in its
        if _true(scope.where, session.facts)
        and (scope.contains is None or any(holds(scope.contains, event.known) for event in session.events))
    ]
    if scope.nth is None:
        return found
    place = scope.nth - 1 if scope.nth > 0 else len(found) + scope.nth
    return [found[place]] if 0 <= place < len(found) else []


def _measure(metric: Any, session: Session, event_column: str | None) -> Any:
    """One value; nulls are not values, and of nothing there is 0, false or null."""
    if metric.aggregate == "ratio":
        above, below = (session.facts[name] for name in metric.column.split(" / "))
        return above / below if above is not None and below else None  # decided: null when divided by 0
    matching = [event for event in session.events if _true(metric.where, event.known)]
    if metric.pattern is not None:
        return _of_pattern(metric, matching, event_column)
    if metric.aggregate == "time_to":
        return (matching[0].time - session.events[0].time) * MICROSECOND if matching else None
    if metric.aggregate in ("count", "any"):
        return len(matching) if metric.aggregate == "count" else bool(matching)
    values = [value for event in matching if not _is_null(value := _value(metric.column, event.known))]
    if metric.aggregate == "sum" and not values:
        return _sum_of_nothing(metric, session.events[0])
    return _aggregate(metric.aggregate, values)


def _of_pattern(metric: Any, events: list[Event], event_column: str | None) -> Any:
    """What a pattern comes to. Decided: it sees the events that `where` holds and no others; the session's ends are
    those of these. The first match begins as early as it can; `tests/patterns.py` says which way it takes."""
    found = matches(metric.pattern, _kinds(metric.pattern, events, event_column))
    match metric.aggregate:
        case "matches":
            return len(found)
        case "any":
            return bool(found)
    begin, end = found[0] if found else (0, 0)
    return (events[end - 1].time - events[begin].time) * MICROSECOND if found else None


def _kinds(pattern: Any, events: list[Event], event_column: str | None) -> list[int | None]:
    """Of which of a pattern's elements each event is: the first that it matches."""

    def asks(element: Any, event: Event) -> bool:
        if isinstance(element, str):
            return event.known[name_inside(event_column)] == element
        return holds(element, event.known)

    return [next((at for at, each in enumerate(pattern.elements) if asks(each, event)), None) for event in events]


def _sum_of_nothing(metric: Any, event: Event) -> Any:
    """No time where the values are lengths, which an event says that has one before and after it; 0 elsewhere."""
    amid = event.known | {"since_previous": timedelta(), "until_next": timedelta()}
    return timedelta() if isinstance(_value(metric.column, amid), timedelta) else 0


def _aggregate(aggregate: str, values: list[Any]) -> Any:
    """Of values that are not null, in their order."""
    match aggregate:
        case "n_unique":
            return len(set(values))
        case "sum":
            return sum(values, _nothing(values))
        case "std":  # decided: of a sample, as SQL's STDDEV, so null of a single value
            return _deviation(values) if len(values) > 1 else None
    if not values:
        return None
    match aggregate:
        case "first":
            return values[0]
        case "last":
            return values[-1]
        case "min":
            return min(values)
        case "max":
            return max(values)
        case "mode":  # decided: of several that are as frequent, the one that comes first
            return max(values, key=values.count)
        case "mean":
            return sum(values, _nothing(values)) / len(values)
        case "median":
            return percentile(values, 50)
    return percentile(values, int(aggregate[1:]))


def _nothing(values: list[Any]) -> Any:
    return timedelta() if values and isinstance(values[0], timedelta) else 0


def _deviation(values: list[Any]) -> Any:
    if isinstance(values[0], timedelta):
        return round(_deviation([value // MICROSECOND for value in values])) * MICROSECOND
    mean = math.fsum(values) / len(values)
    return math.sqrt(math.fsum((value - mean) ** 2 for value in values) / (len(values) - 1))


def percentile(values: Iterable[float], percent: int) -> float:
    """Linear interpolation: of n sorted values, what lies at place (n - 1) * percent / 100."""
    ordered = sorted(values)
    place, rest = divmod((len(ordered) - 1) * percent, 100)
    if not rest:
        return ordered[place]
    return ordered[place] + (ordered[place + 1] - ordered[place]) * rest / 100


# ---- funnels


def funnel(events: list[Event], steps: Any) -> list[int]:
    """When each step is reached that the best attempt at a funnel reaches: of the attempts from every event on, the
    first that gets furthest. Decided: in any order a step is reached once it and all before it have happened."""
    best: list[int] = []
    for at in range(len(events)):
        taken = _attempt(events[at:], steps)
        reached = [max(taken[: n + 1]) for n in range(len(taken)) if None not in taken[: n + 1]]
        best = max(best, reached, key=len)
    return best


def path(events: list[Event], column: str, route: Any) -> list[Any] | None:
    """All values of a session's path, from the event of the route to the session's end, or back to its start; None
    where no event is that of the route. Decided: the path begins with the value of that event itself, whatever equal
    ones stand before it on its way."""
    events = [event for event in events if route.where is None or holds(route.where, event.known)]
    met = [at for at, event in enumerate(events) if route.at is None or holds(route.at, event.known)]
    if not met:
        return None
    if route.at is None:
        begin = len(events) - 1 if route.backward else 0
    else:
        begin = met[0] if route.occurrence == "first" else met[-1]
    walked = list(reversed(events[: begin + 1])) if route.backward else events[begin:]
    found: list[Any] = []
    for event in walked:
        value = event.row[column]
        if route.repeats or not found or found[-1] != value:
            found.append(value)
    return found


def funnel_of_patterns(events: list[Event], steps: Any, event_column: str | None) -> list[int]:
    """When each step is reached where some steps are patterns: of the first match of as many steps as can be, one after
    the other with anything between, the last event of each step's part. Decided: every step tells events apart by its
    own elements alone."""
    patterns = steps.patterns
    kinds = [_kinds(pattern, events, event_column) for pattern in patterns]
    for most in range(len(patterns), 0, -1):
        ends = next(in_a_row(patterns[:most], kinds), None)
        if ends is not None:
            return [events[end - 1].time for end in ends]
    return []


def across(rows: list[Row], columns: Any, definition: Any) -> dict[tuple, list[Event]]:
    """The events of all shown sessions of each actor in the order of rule 3: what a funnel across sessions sees.
    Decided: events that lie in no session that is shown are not there for it."""
    found: dict[tuple, list[Event]] = {}
    for session in _kept(rows, columns, definition):
        found.setdefault(_values(session.facts, columns.actor), []).extend(session.events)
    return {
        actor: sorted(events, key=lambda event: _order(event.time, event.row, event.number, columns))
        for actor, events in found.items()
    }


def _attempt(events: list[Event], steps: Any) -> list[int | None]:
    """When each step happens if the first event begins. Decided: exactly `within` is within; an event counts for one
    step, in any order for the first that it matches of those that have not happened; one that counts for a step lies
    not between two, so `without` does not ask it."""
    taken: list[int | None] = [None] * len(steps)
    for event in events:
        if steps.within is not None and event.time - events[0].time > steps.within.us:
            break
        free = [at for at, time in enumerate(taken) if time is None]
        asked = free if steps.order == "any" else free[:1]
        its = next((at for at in asked if holds(steps.conditions[at], event.known)), None)
        if its is not None:
            taken[its] = event.time
        elif event is events[0] or steps.order == "strict" or _stops(steps.without, event):
            break
    return taken


def _stops(without: Any, event: Event) -> bool:
    return without is not None and holds(without, event.known)


# ---- conditions: true or false, never null


def holds(clause: Any, row: Row) -> bool:
    """Whether a condition is true of a row."""
    if type(clause).__name__ in LEAVES and not _is_simple(clause):
        return Evaluator(now=NOW.get()).holds(clause, row)
    match type(clause).__name__:
        case "All":
            return all(holds(part, row) for part in clause.clauses)
        case "Any":
            return any(holds(part, row) for part in clause.clauses)
        case "Not":
            return not holds(clause.clause, row)
        case "IsNull":
            return _is_null(row[clause.column])
        case "Compare" if clause.op == "!=":
            return not _equal(row[clause.column], clause.value)
    cell = row[clause.column]
    if _is_null(cell):
        return False
    match type(clause).__name__:
        case "In":
            return any(_equal(cell, value) for value in clause.values)
        case "Between":
            return _beside(cell, clause.low) <= cell <= _beside(cell, clause.high)
        case "Matches":
            return _matches(cell, clause.op, clause.pattern)
        case "Compare":
            return COMPARE[clause.op](cell, _beside(cell, clause.value))
    raise TypeError(f"{clause!r} is not a clause")


def _matches(cell: str, op: str, pattern: str) -> bool:
    match op:
        case "contains":
            return pattern in cell
        case "starts_with":
            return cell.startswith(pattern)
        case "ends_with":
            return cell.endswith(pattern)
        case "regexp":  # decided: found anywhere, as in Postgres
            return re.search(pattern, cell) is not None
        case "ilike":
            return _matches(cell.lower(), "like", pattern.lower())
    # LIKE is about the whole text: % is any text and _ one character; decided: there is no escape character.
    like = "".join({"%": ".*", "_": "."}.get(character, re.escape(character)) for character in pattern)
    return re.fullmatch(like, cell, re.DOTALL) is not None


def _is_simple(clause: Any) -> bool:
    """Whether a condition asks one column about values that are said."""
    sides = [getattr(clause, name) for name in ("value", "low", "high", "pattern") if hasattr(clause, name)]
    sides += list(getattr(clause, "values", ()))
    return isinstance(clause.column, str) and all(isinstance(side, str | int | float) for side in sides)


def _value(column: str, row: Row) -> Any:
    """A column of a row, or what an expression says of it."""
    return row[column] if column in row else Evaluator(now=NOW.get()).value(parse_value(column), row)


def with_derived(rows: list[Row], columns: Any) -> list[Row]:
    """The rows with the columns that expressions compute; now is the last time."""
    found = []
    NOW.set(max((row[columns.time] for row in rows if row[columns.time] is not None), default=None))
    for row in rows:
        made = dict(row)
        for each in columns.derived:
            made[each.name] = Evaluator(now=NOW.get()).value(each.value, made)
        found.append(made)
    return found


def _true(clause: Any, row: Row) -> bool:
    return clause is None or holds(clause, row)


def _equal(cell: Any, value: Any) -> bool:
    return not _is_null(cell) and cell == _beside(cell, value)


def _is_null(value: Any) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value))  # a NaN is null on loading


def _beside(cell: Any, value: Any) -> Any:
    """What a value means beside this cell: a text beside a time is a time, beside a length a length."""
    if isinstance(cell, timedelta):
        return Duration.parse(value).us * MICROSECOND
    if isinstance(cell, datetime):
        time = datetime.fromisoformat(value) if isinstance(value, str) else value
        if cell.tzinfo and not time.tzinfo:
            return time.replace(tzinfo=UTC)  # decided: a text without a zone is UTC
        return time
    return value


# ---- times and small helpers


def microseconds(time: datetime | int) -> int:
    """Microseconds since 1970. Rule 9: a naive time is taken as it is."""
    if isinstance(time, int):
        return time
    return (time - datetime(1970, 1, 1, tzinfo=UTC if time.tzinfo else None)) // MICROSECOND


def day(time: datetime | int, zone: str) -> date:
    """The calendar day in a zone. Decided: a naive time lies on the day it says, in whatever zone."""
    if isinstance(time, int):
        time = datetime(1970, 1, 1, tzinfo=UTC) + time * MICROSECOND
    return (time.astimezone(ZoneInfo(zone)) if time.tzinfo else time).date()


def _values(row: Row, names: Iterable[str]) -> tuple:
    return tuple(None if _is_null(row[name]) else row[name] for name in names)


def _grouped(things: Iterable[Any], key: Any) -> dict[tuple, list]:
    found: dict[tuple, list] = {}
    for thing in things:
        found.setdefault(key(thing), []).append(thing)
    return found


def _as_us(value: Any) -> Any:
    return value // MICROSECOND if isinstance(value, timedelta) else value


# ---- who comes back


def retention(
    rows: list[Row], columns: Any, definition: Any, asked: Any, zone: str
) -> dict[tuple, dict[str, Any] | None]:
    """For each actor with a shown session: `first` (the step of the calendar of the first one), `back` (for each n
    whether they came back, None or nothing where they cannot be seen that long), and in which steps they were what.
    `zone` is empty for naive times.

    Decided: steps are those of the calendar of the zone, and weeks begin on Monday. The first session is the first of
    those that `keep` shows. A step is over where the source goes on until its end, or ends at most the inactivity
    before. With `times` somebody can be seen long enough where the same holds of `within` after the first session.
    An actor whose first session starts outside of the bulk of the source is left out."""
    source = _source(rows, columns)
    begin, last = _edges([event.time for event in source])
    known = last + definition.inactivity.us
    found: dict[tuple, dict[str, Any] | None] = {}
    by_actor = _grouped(_kept(rows, columns, definition), lambda session: _values(session.facts, columns.actor))
    for actor, its in by_actor.items():
        its = sorted(its, key=lambda session: session.facts["session_number"])
        starts = [microseconds(session.facts["start"]) for session in its]
        steps = [_step(session.facts["start"], asked.every, zone) for session in its]
        if not begin <= starts[0] <= last:
            found[actor] = None
            continue
        counts = [number > 0 and _true(asked.where, session.facts) for number, session in enumerate(its)]
        found[actor] = {
            "first": steps[0],
            "back": _comes_back(steps, starts, counts, asked, zone, known, last),
            "states": _states(steps, asked, zone, known, last),
            "session": its[0],
            "sessions": its,
        }
    return found


def _comes_back(
    steps: list[int], starts: list[int], counts: list[bool], asked: Any, zone: str, known: int, last: int
) -> list[bool | None]:
    back: list[bool | None] = []
    if asked.counted == "times":
        until = math.inf if asked.within is None else starts[0] + asked.within.us
        times = sum(counts and start <= until for counts, start in zip(counts, starts, strict=True))
        seen = asked.within is None or until <= known
        return [times >= n if seen else None for n in range(1, 21)]
    final = _step(last, asked.every, zone)
    for n in range(1, 500):
        if steps[0] + n > final or _ends(steps[0] + n, asked.every, zone) > known:
            break
        there = [step for step, counts in zip(steps, counts, strict=True) if counts and step <= final]
        back.append(any(step == steps[0] + n or (asked.counted == "later" and step > steps[0] + n) for step in there))
    return back


def _states(steps: list[int], asked: Any, zone: str, known: int, last: int) -> dict[int, str]:
    """What an actor is in each step of the calendar from the first session on; nothing where that is not said."""
    found = {}
    final = _step(last, asked.every, zone)
    for step in range(steps[0], final + 1):
        if step == steps[0]:
            found[step] = "new"
        elif step in steps:
            found[step] = "returning" if step - 1 in steps else "resurrected"
        elif step - 1 in steps and _ends(step, asked.every, zone) <= known:
            found[step] = "dormant"
    return found


def _step(time: datetime | int, every: str, zone: str) -> int:
    """The number of a step of the calendar."""
    day_ = day(time, zone or "UTC")
    months = day_.year * 12 + day_.month - 1
    return {
        "1d": day_.toordinal(),
        "1w": (day_.toordinal() - 1) // 7,
        "1mo": months,
        "3mo": months // 3,
        "1y": day_.year,
    }[every]


def _begin_of(step: int, every: str) -> date:
    if every in ("1d", "1w"):
        return date.fromordinal(step if every == "1d" else step * 7 + 1)
    months = {"1mo": step, "3mo": step * 3, "1y": step * 12}[every]
    return date(months // 12, months % 12 + 1, 1)


def _ends(step: int, every: str, zone: str) -> int:
    """When a step ends, in microseconds; `zone` is empty for naive times."""
    begin = _begin_of(step + 1, every)
    moment = datetime(begin.year, begin.month, begin.day)
    return microseconds(moment.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC) if zone else moment)

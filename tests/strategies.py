"""Hostile little logs, and clauses, metrics and definitions that fit them, for hypothesis.

Times lie on a coarse grid, so that ties and gaps of exactly the inactivity are common; rows come in any
order, doubled, and with holes. Every clause is well typed for the columns of the log.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any as Anything

import polars as pl
from hypothesis import strategies as st

from explorer.errors import SpecError
from explorer.spec.charts.sequences.route import Route
from explorer.spec.charts.sequences.steps import Steps
from explorer.spec.columns import Columns
from explorer.spec.duration import Duration
from explorer.spec.expression.clause import All, Any, Between, Clause, Compare, In, IsNull, Matches, Not
from explorer.spec.metric import ActorMetric, Metric, Scope
from explorer.spec.pattern import Pattern
from explorer.spec.session import SessionDefinition

REASONS = ("first", "restart", "change", "end", "inactivity", "calendar", "max_duration", "max_events")

STEP = timedelta(minutes=10)
# Berlin's clocks go forward in this night, and New York's day ends in it: calendars have something to cut.
BEGIN = datetime(2024, 3, 30, 20, 0)
ACTORS = ["ann", "bob", "", None]
EVENTS = ["login", "view", "buy", "logout", None]
TEXTS = ["", "a", "A", " a ", "it's", '"q"', "50%", "50 %", "a_b", "axb", "été", "ÉTÉ", "日本", "a\nb", None]
TEXT_PARTS = ["", "a", "A", "'", '"', "%", "_", "é", "É", "本", "\n", " ", "50%", "a_b"]
LIKES = ["%", "_", "", "a%", "%a", "%a%", "a_b", "50%", "__", "%'%", '%"%', "é%", "É_É", "_本", "%\n%", "A"]
REGEXPS = ["a", "^a", "b$", "^$", "a.b", "[aA]", "a|本", "é+", r"\d\d", "it's", r"\.", "^.$"]
NUMBERS = [-1.5, 0.0, 0.125, 0.25, 1.0, 2.5, 1e12, math.nan, None]  # sums of these are exact in any order
COUNTS = [-3, 0, 1, 2, 3, 2**53 + 1, None]

KINDS = {"event": "text", "page": "text", "amount": "number", "items": "count", "ok": "flag", "ts": "time"}
KNOWN_KINDS = {"event_number": "place", "since_start": "length", "since_previous": "length", "until_next": "length"}
DTYPES = {
    "user": pl.String,
    "event": pl.String,
    "page": pl.String,
    "amount": pl.Float64,
    "items": pl.Int64,
    "ok": pl.Boolean,
}


@dataclass(frozen=True)
class Log:
    rows: list[dict[str, Anything]]
    columns: Columns
    aware: bool = False

    @property
    def frame(self) -> pl.DataFrame:
        """The same rows as a Polars frame, with their input row number as a column `row`."""
        schema = {**DTYPES, "ts": pl.Datetime("us", "UTC" if self.aware else None)}
        return pl.DataFrame(self.rows, schema=schema).with_row_index("row")


# ---- logs


@st.composite
def logs(draw: st.DrawFn, max_rows: int = 25) -> Log:
    """Logs with at least one event: a source without any is an error."""
    aware = draw(st.booleans())
    fields: dict[str, st.SearchStrategy[Anything]] = {
        "user": st.sampled_from(ACTORS),
        "ts": st.one_of(_times(aware), _times(aware), _times(aware), st.none()),
        "event": st.sampled_from(EVENTS),
        "page": st.sampled_from(TEXTS),
        "amount": st.sampled_from(NUMBERS),
        "items": st.sampled_from(COUNTS),
        "ok": st.sampled_from([True, False, None]),
    }
    whole = {"user": st.sampled_from(ACTORS[:-1]), "event": st.sampled_from(EVENTS[:-1]), "ts": _times(aware)}
    rows = draw(st.lists(st.fixed_dictionaries(fields), max_size=max_rows))
    rows.insert(draw(st.integers(0, len(rows))), draw(st.fixed_dictionaries(fields | whole)))
    doubled = draw(st.lists(st.sampled_from(rows), max_size=3))
    columns = draw(
        st.sampled_from(
            [
                Columns(actor="user", time="ts"),
                Columns(actor="user", time="ts", event="event"),
                Columns(actor=("user", "event"), time="ts"),
                Columns(actor="user", time="ts", order="items"),
                Columns(actor="user", time="ts", order=("page", "amount")),
            ]
        )
    )
    return Log([*rows, *(dict(row) for row in doubled)], columns, aware)


@st.composite
def _times(draw: st.DrawFn, aware: bool) -> datetime:
    at = draw(st.one_of(st.integers(0, 12), st.integers(0, 60)))
    off = draw(st.sampled_from([0, 0, 0, 0, 0, -1, 1]))
    time = BEGIN + at * STEP + timedelta(microseconds=off)
    return time.replace(tzinfo=UTC) if aware else time


# ---- clauses


def clauses(kinds: dict[str, str] | None = None) -> st.SearchStrategy[Clause]:
    """Conditions over columns of these kinds; by default those of the events."""
    return _clauses(tuple(sorted((kinds or KINDS).items())))


@cache
def inside_clauses() -> st.SearchStrategy[Clause]:
    """Conditions on the events of sessions, which know their place in them."""
    return st.one_of(clauses(), clauses(KNOWN_KINDS), clauses(KINDS | KNOWN_KINDS))


ELEMENTS = ["login", "view", "buy", "{amount > 0}", "{event_number = 1}", "[view, buy]", "[^view]", "[^login, buy]"]


@cache
def patterns() -> st.SearchStrategy[Pattern]:
    """Patterns of the events, most of which match something."""
    one = st.sampled_from(ELEMENTS)
    whole = st.recursive(
        one,
        lambda inner: st.one_of(
            st.lists(inner, min_size=2, max_size=3).map(lambda parts: f"({' -> '.join(parts)})"),
            st.tuples(inner, inner).map(lambda parts: f"({' .. '.join(parts)})"),
            st.lists(inner, min_size=2, max_size=3).map(lambda parts: f"({' | '.join(parts)})"),
            st.tuples(inner, st.sampled_from(["*", "+", "?", "{2}", "{1,2}", "{0,3}", "{2,}"])).map("".join),
            inner.map(lambda part: f"(^ {part})"),
            inner.map(lambda part: f"({part} $)"),
        ),
        max_leaves=5,
    )
    return whole.map(_pattern).filter(lambda pattern: pattern is not None)


def _pattern(text: str) -> Pattern | None:
    try:
        return Pattern.parse(text)
    except SpecError:  # what may be no event at all
        return None


def funnels(across: bool = False) -> st.SearchStrategy[Steps]:
    """Steps on the events of sessions, with everything that attempts at them can be made to keep to."""
    return _funnels(st.just(across))


def routes() -> st.SearchStrategy[Route]:
    """Routes of paths, with everything that one can say."""
    at = maybe(st.one_of(inside_clauses(), st.sampled_from(["login", "view"]).map(lambda e: Compare("event", "=", e))))
    column, occurrence = st.sampled_from(["event", "page"]), st.sampled_from(["first", "last"])
    return st.builds(
        Route, column, at, occurrence, st.booleans(), st.integers(2, 5), st.booleans(), st.integers(1, 3), where=at
    )


def _funnels(across: st.SearchStrategy[bool]) -> st.SearchStrategy[Steps]:
    plain = st.lists(inside_clauses(), min_size=1, max_size=4).map(tuple)
    events = st.lists(st.sampled_from(["login", "view", "buy"]).map(lambda event: Compare("event", "=", event)))
    steps = st.one_of(plain, events.filter(lambda each: 0 < len(each) < 5).map(tuple))
    within = maybe(st.sampled_from(["1us", "10m", "20m", "40m"]).map(Duration.parse))
    return st.one_of(
        st.builds(Steps, steps, within, maybe(inside_clauses()), st.sampled_from(["given", "any"]), across=across),
        st.builds(Steps, steps, within, order=st.just("strict"), across=across),
    )


@cache  # Hypothesis looks at every new strategy anew, which takes longer than drawing from it
def _clauses(kinds: tuple[tuple[str, str], ...]) -> st.SearchStrategy[Clause]:
    leaf = st.sampled_from(kinds).flatmap(lambda item: _leaf(*item))
    return st.recursive(
        leaf,
        lambda inner: st.one_of(
            st.builds(Not, inner),
            st.builds(All, st.lists(inner, min_size=2, max_size=3).map(tuple)),
            st.builds(Any, st.lists(inner, min_size=2, max_size=3).map(tuple)),
        ),
        max_leaves=4,
    )


@cache
def _leaf(column: str, kind: str) -> st.SearchStrategy[Clause]:
    name, value = st.just(column), VALUES[kind]
    unordered = kind in ("flag", "reason", "edge")
    ops = ["=", "!="] if unordered else ["=", "!=", "<", "<=", ">", ">="]
    found: list[st.SearchStrategy[Clause]] = [
        st.builds(Compare, name, st.sampled_from(ops), value),
        st.builds(In, name, st.lists(value, min_size=1, max_size=3).map(tuple)),
        st.builds(IsNull, name),
    ]
    if not unordered:
        found.append(st.builds(Between, name, value, value))
    if kind == "text":
        parts = st.sampled_from(["contains", "starts_with", "ends_with"])
        found.append(st.builds(Matches, name, parts, st.sampled_from(TEXT_PARTS)))
        found.append(st.builds(Matches, name, st.sampled_from(["like", "ilike"]), st.sampled_from(LIKES)))
        found.append(st.builds(Matches, name, st.just("regexp"), st.sampled_from(REGEXPS)))
    return st.one_of(found)


def _time_text(at: int) -> str:
    return (BEGIN + at * STEP).isoformat(sep=" ")


VALUES: dict[str, st.SearchStrategy[Anything]] = {
    "text": st.sampled_from([text for text in [*EVENTS[:-1], *TEXTS] if text is not None]),
    "number": st.sampled_from([-1.5, 0, 0.125, 0.25, 1, 2.5, 1e12]),
    "count": st.sampled_from([-3, 0, 1, 1.5, 2, 3, 2**53 + 1]),
    "flag": st.booleans(),
    "time": st.one_of(st.integers(0, 60).map(_time_text), st.sampled_from(["2024-03-31", "2024-03-30"])),
    "inexact": st.sampled_from([-0.7001, 0.3331, 1.7003]),  # never near a mean that may end in another bit
    "inexact_length": st.sampled_from(["3m 7s", "13m 1us", "44m 11s"]),
    "length": st.sampled_from(["1us", "10m", "20m", "1h", "2h 30m"]),
    "place": st.integers(1, 4),
    "reason": st.sampled_from(list(REASONS)),
    "edge": st.sampled_from(["start", "end", "both"]),
}
SESSION_KINDS = {
    "session_number": "place",
    "event_count": "place",
    "duration": "length",
    "start": "time",
    "end": "time",
    "started_by": "reason",
    "cut_off": "edge",
    "since_previous": "length",
    "until_next": "length",
    "gap_margin": "length",
}


# ---- definitions

INACTIVITIES = st.sampled_from(["1us", "10m", "20m", "30m", "1h", "1d"])
ZONES = st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu"])


@cache
def maybe(strategy: st.SearchStrategy[Anything]) -> st.SearchStrategy[Anything]:
    return st.one_of(st.none(), strategy)


@cache
def plain_definitions() -> st.SearchStrategy[SessionDefinition]:
    """Inactivity, boundary, restart and where."""
    return st.builds(
        SessionDefinition,
        name=st.just("visit"),
        inactivity=INACTIVITIES,
        boundary=st.sampled_from([">", ">="]),
        restart=maybe(clauses()),
        where=maybe(clauses()),
    )


@st.composite
def definitions(draw: st.DrawFn) -> SessionDefinition:
    """Everything that a definition can say."""
    asked = draw(st.lists(metrics(), max_size=4))
    named = [metric.replace(name=f"m{at}") for at, metric in enumerate(asked)]
    numeric = [metric.name for metric in named if _kind_of(metric) in ("number", "inexact")]
    if numeric:
        pair = st.lists(st.sampled_from(numeric), min_size=2, max_size=2).map(" / ".join)
        named += [Metric("rate", "ratio", column=draw(pair), scope=draw(maybe(scopes())))]
    known = {metric.name: _kind_of(metric) for metric in named}
    return SessionDefinition(
        name="visit",
        inactivity=draw(INACTIVITIES),
        boundary=draw(st.sampled_from([">", ">="])),
        restart=draw(maybe(clauses())),
        end=draw(maybe(clauses())),
        where=draw(maybe(clauses())),
        split_by=draw(st.sampled_from([(), (), ("ok",), ("page",), ("ok", "items")])),
        max_duration=draw(maybe(st.sampled_from(["1us", "10m", "20m", "50m", "2h"]))),
        calendar=draw(maybe(ZONES)),
        metrics=tuple(named),
        keep=draw(maybe(clauses(SESSION_KINDS | known))),
        color=draw(st.sampled_from(["", "", "#2f7de1"])),
        restart_on_change=draw(
            st.sampled_from([(), (), ("page",), ("ok",), ("ok", "page"), ("items", "ok", "amount")])
        ),
        opens_with=draw(maybe(clauses())),
        passive=draw(maybe(clauses())),
        max_events=draw(maybe(st.integers(1, 4))),
    )


@st.composite
def actor_metrics(draw: st.DrawFn, definition: SessionDefinition) -> tuple[ActorMetric, ...]:
    """Some values per actor of a definition's sessions, each of a column or metric that fits."""
    kinds = SESSION_KINDS | {metric.name: _kind_of(metric) for metric in definition.metrics}
    ordered = [name for name, kind in kinds.items() if kind != "flag"]
    numbers = [name for name, kind in kinds.items() if kind in ("place", "number")]
    fitting: dict[str, Sequence[str | None]] = {
        **dict.fromkeys(("count", "any"), (None,)),
        **dict.fromkeys(("first", "last", "n_unique"), tuple(kinds)),
        **dict.fromkeys(("min", "max"), tuple(ordered)),
        **dict.fromkeys(("sum", "mean"), (*numbers, "duration")),
        **dict.fromkeys(("median", "p90"), tuple(numbers)),
    }
    found = []
    for at in range(draw(st.integers(1, 3))):
        aggregate = draw(st.sampled_from(sorted(fitting)))
        where = draw(maybe(clauses(SESSION_KINDS)))
        found.append(ActorMetric(f"a{at}", aggregate, draw(st.sampled_from(fitting[aggregate])), where))
    return tuple(found)


@cache
def scopes() -> st.SearchStrategy[Scope]:
    return st.builds(
        Scope,
        where=maybe(clauses(SESSION_KINDS)),
        contains=maybe(inside_clauses()),
        nth=maybe(st.sampled_from([1, 2, 3, -1, -2])),
    )


@st.composite
def metrics(draw: st.DrawFn) -> Metric:
    """One metric that fits the events; ratios are made of several, by `definitions`."""
    aggregate = draw(st.sampled_from(sorted(FITTING)))
    column = draw(st.sampled_from(FITTING[aggregate])) if FITTING[aggregate] else None
    return Metric("m", aggregate, column, draw(maybe(inside_clauses())), draw(maybe(scopes())))


NUMERIC = ["amount", "items", "event_number", "event_number * 2 - items"]
LONG = ["since_start", "since_previous", "until_next", "least(until_next, '15m')", "until_next + since_start"]
FITTING: dict[str, list[str]] = {
    **{aggregate: [] for aggregate in ("count", "any", "time_to")},
    **{name: [*NUMERIC, *LONG] for name in ("sum", "mean", "median", "std", "p01", "p10", "p50", "p90", "p99")},
    **{aggregate: [*NUMERIC, "event", "ts", *LONG] for aggregate in ("min", "max")},
    **{aggregate: [*KINDS, "event_number", *LONG] for aggregate in ("n_unique", "first", "last", "mode")},
}


def _kind_of(metric: Metric) -> str:
    """The kind of a metric's values, for the clauses of `keep`."""
    match metric.aggregate:
        case "any":
            return "flag"
        case "time_to":
            return "length"
        case "count" | "n_unique":
            return "number"
        case "first" | "last" | "min" | "max" | "mode" | "sum" if _is_long(metric):
            return "length"
        case "sum":
            return "number"
        case "first" | "last" | "min" | "max" | "mode":
            kind = (KINDS | KNOWN_KINDS).get(metric.column or "", "number")
            return "number" if kind in ("count", "place") else kind
    return "inexact_length" if _is_long(metric) else "inexact"


def _is_long(metric: Metric) -> bool:
    return metric.column in LONG

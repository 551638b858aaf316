"""Ready-made metrics, filled in with what the data at hand has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from explorer.engine.answers.columns import Menu
from explorer.errors import shortened
from explorer.events.vocabulary import COLUMNS, EVENTS, ON_THE_WAY, UNDONE, meaning, plural, several_of, singular, words
from explorer.spec.columns import Columns
from explorer.spec.event_columns import EVENT_COLUMNS
from explorer.spec.expression.clause import Clause, Compare, IsNull, Not, parse
from explorer.spec.metric import ActorMetric, Metric, Scope
from explorer.spec.pattern import written
from explorer.spec.session import BUILT_IN, KNOWN_BESIDES

# An event column tells a few kinds of events apart.
FEWEST_KINDS, MOST_KINDS = 2, 1_000
MOST_SAID = 40
# A column of few values is one that people know by heart.
FEW, MOST_FEW = 50, 3
IDS = {"id", "ids", "uuid", "guid", "hash", "token", "key"}
# The most frequent id is in fewer events than there are ids, many times.
RARE = 20
FAILED, SERVER_FAILED = 400, 500
LONG = Compare("duration", ">", "1h")
# What every log can be asked.
OF_ANY = (
    ("Engaged time", Metric("engaged_time", "sum", "least(until_next, '30s')")),
    ("Bounces", Metric("bounced", "any", where=parse("event_number = 1 AND until_next IS NULL"))),
    ("Depth", Metric("depth", "max", "event_number")),
)


@dataclass(frozen=True)
class Recipe:
    """A metric and the question that it answers."""

    title: str
    metric: Metric | ActorMetric


def recipes(columns: Columns, menu: Menu, taken: Iterable[str] = ()) -> tuple[Recipe, ...]:
    """Metrics that this data can answer, the most telling first, under names that are not `taken`.

    `menu` is what the events have. Events are picked by their words; where a word is missing, a frequent value
    stands in its place; only values that occur are used.
    """
    used = {*taken, *BUILT_IN, *KNOWN_BESIDES, *columns.actor}
    found: list[Recipe] = []
    for title, metric in _all(columns, menu):
        name = next(name for name in _numbered(metric.name) if name not in used)
        used.add(name)
        found.append(Recipe(title, metric.replace(name=name)))
    return tuple(found)


def actor_recipes(menu: Menu, taken: Iterable[str] = ()) -> tuple[Recipe, ...]:
    """Metrics of actors that fit any sessions, and the total of every metric that is a number.

    `menu` is what sessions have.

    >>> [recipe.title for recipe in actor_recipes({"revenue": {"type": "number"}})][-1]
    'Total revenue'
    """
    used, found = {*taken, *BUILT_IN, *KNOWN_BESIDES}, []
    numbers = [name for name, told in menu.items() if told["type"] == "number" and name not in BUILT_IN]
    ready = [
        ("Longest session", ActorMetric("longest_session", "max", "duration")),
        ("Median session duration", ActorMetric("median_duration", "median", "duration")),
        ("Events in all sessions", ActorMetric("events", "sum", "event_count")),
        ("Median time between sessions", ActorMetric("time_between", "median", "since_previous")),
        ("Single-event sessions", ActorMetric("single_event_sessions", "count", where=Compare("event_count", "=", 1))),
        *((f"Total {name}", ActorMetric(_name("total", name), "sum", name)) for name in numbers),
    ]
    for title, metric in ready:
        name = next(name for name in _numbered(metric.name) if name not in used)
        used.add(name)
        found.append(Recipe(title, metric.replace(name=name)))
    return tuple(found)


def _all(columns: Columns, menu: Menu) -> Iterator[tuple[str, Metric]]:
    page, amount = _page(columns, menu), _amount(columns, menu)
    event = _event(columns, menu)
    kinds = _Kinds(menu[event]["values"] if event else [])

    def those(value: str) -> Clause:
        return Compare(event or "", "=", value)

    # Nothing stands in for a kind of event that is not there: its question is left out, or asked without it.
    goal, begin = kinds.named("purchase"), kinds.named("login")
    if goal and begin != goal:
        whose = kinds.session_of(begin) if begin else "session"
        name = _name(plural(goal), "in first", singular(begin) if begin else "session")
        title = f"{_capital(kinds.several(goal))} in the first {whose}"
        scope = Scope(contains=those(begin) if begin else None, nth=1)
        yield title, Metric(name, "count", where=those(goal), scope=scope)
    if page:
        title = f"Different {several_of(page)} in sessions of more than an hour"
        yield title, Metric(_name(several_of(page), "in long sessions"), "n_unique", page, scope=Scope(where=LONG))
    trouble, attempt, status = kinds.named("error"), kinds.named("register"), _status(columns, menu)
    if attempt and (trouble or status):
        scope = Scope(contains=those(attempt), nth=2)
        what = kinds.several(trouble) if trouble else "errors"
        title = f"{_capital(what)} in the second {kinds.session_of(attempt)}"
        name = _name(plural(trouble) if trouble else "errors", "in second", singular(attempt))
        where = those(trouble) if trouble else Compare(status or "", ">=", FAILED)
        yield title, Metric(name, "count", where=where, scope=scope)
    for what in ("purchase", "error", "register", "login"):
        if (value := kinds.named(what)) is None:
            continue
        where, said = those(value), kinds.one(value)
        yield f"{_capital(kinds.several(value))} in each session", Metric(_name(plural(value)), "count", where=where)
        if what == "purchase":
            yield f"Sessions with {_a(said)}", Metric(_name("has", singular(value)), "any", where=where)
            yield f"Time to the first {said}", Metric(_name("time to", singular(value)), "time_to", where=where)
    if event and event == columns.event:
        yield from _patterns(kinds)
    yield from _statuses(columns, menu)
    if amount:
        yield f"Sum of {singular(amount)}", Metric(_name("total", singular(amount)), "sum", amount)
    if page:
        yield f"Different {several_of(page)}", Metric(_name(several_of(page)), "n_unique", page)
        most = menu[page]["values"][0][0]
        said, where = shortened(most, MOST_SAID), Compare(page, "=", most)
        yield f"Time on {said}", Metric(_name("time on", said), "sum", "until_next", where=where)
        title = f"Longest time on one {singular(page)}"
        yield title, Metric(_name("longest", singular(page)), "max", "until_next", where=Not(IsNull(page)))
        yield f"First {singular(page)}", Metric(_name("first", singular(page)), "first", page)
        yield f"Last {singular(page)}", Metric(_name("last", singular(page)), "last", page)
    for name in _few(columns, menu, page):
        yield f"First {singular(name)}", Metric(_name("first", singular(name)), "first", name)
    yield from OF_ANY


def _patterns(kinds: _Kinds) -> Iterator[tuple[str, Metric]]:
    """What follows what, where the kinds of events say that one leads to another."""
    goal, cart = kinds.named("purchase"), kinds.named("cart", ON_THE_WAY)
    if goal and cart and goal != cart:
        begin, end, name = written(cart), written(goal), singular(cart)
        title = f"Sessions that leave after {_a(kinds.one(cart))}, without {_a(kinds.one(goal))}"
        yield title, Metric(_name("left after", name), "any", pattern=f"{begin} -> [^{end}]* $")
        title = f"Time from {_a(kinds.one(cart))} to {_a(kinds.one(goal))}"
        yield title, Metric(_name("from", name, "to", singular(goal)), "time_of", pattern=f"{begin} .. {end}")
    if trouble := kinds.named("error"):
        title = f"Sessions that end with {_a(kinds.one(trouble))}"
        yield title, Metric(_name("ends with", singular(trouble)), "any", pattern=f"{written(trouble)} $")
    for value in (trouble, kinds.named("search", ON_THE_WAY)):
        if value:
            title = f"{_capital(kinds.several(value))} in a row: how often two or more"
            yield title, Metric(_name(plural(value), "in a row"), "matches", pattern=f"{written(value)}{{2,}}")


class _Kinds:
    """The kinds of events, the most frequent first; where they are addresses, only what one says by its words."""

    def __init__(self, values: list[tuple[str, int]]) -> None:
        self.texts = [value for value, _ in values if value.strip()]
        self.addresses = bool(self.texts) and sum(map(_is_address, self.texts)) > len(self.texts) / 2

    def several(self, value: str) -> str:
        """Several events of one kind."""
        return f"views of {value}" if self.addresses else plural(value)

    def one(self, value: str) -> str:
        """One of them, after "a" or "the first"."""
        return f"view of {value}" if self.addresses else singular(value)

    def session_of(self, value: str) -> str:
        """A session that has one."""
        return f"session with {value}" if self.addresses else f"{singular(value)} session"

    def named(self, what: str, among: Mapping[str, tuple[str, ...]] = EVENTS) -> str | None:
        """The kind that is a purchase, a login ...; none that says of itself that it failed or was undone."""
        undone = UNDONE if what == "error" else UNDONE + EVENTS["error"]
        return meaning([text for text in self.texts if meaning([text], undone) is None], among[what])


def _event(columns: Columns, menu: Menu) -> str | None:
    """The event column, or else a text column whose values say the most of what is asked for."""
    if columns.event and _is_kinds(menu.get(columns.event, {})):
        return columns.event
    others = [name for name, told in menu.items() if name not in columns.actor and _is_kinds(told)]

    def said(name: str) -> int:
        texts = [value for value, _ in menu[name]["values"]]
        return sum(meaning(texts, wanted) is not None for wanted in EVENTS.values())

    best = max(others, key=said, default=None)
    return best if best and said(best) else None


def _is_kinds(told: dict[str, object]) -> bool:
    distinct = told.get("distinct", 0)
    return told.get("type") == "text" and isinstance(distinct, int) and FEWEST_KINDS <= distinct <= MOST_KINDS


def _page(columns: Columns, menu: Menu) -> str | None:
    """The text column that says where something happened, or the one with most values that repeat; no ids."""
    texts = [
        name
        for name, told in menu.items()
        if told["type"] == "text" and told["distinct"] > 1 and name not in columns.actor and not _is_id(name, told)
    ]
    others = [name for name in texts if name != columns.event]
    named = meaning([*others, *texts], COLUMNS["page"][:-3]) or meaning(others, COLUMNS["page"])
    wide = [name for name in others if menu[name]["values"][0][1] > 1 and menu[name]["distinct"] > FEW]
    event = columns.event if columns.event in texts else None
    return named or max(wide, key=lambda name: menu[name]["distinct"], default=None) or event


def _few(columns: Columns, menu: Menu, page: str | None) -> list[str]:
    """Text columns of a few values, but those that say who, what and where."""
    return [
        name
        for name, told in menu.items()
        if told["type"] == "text"
        and FEWEST_KINDS <= told["distinct"] <= FEW
        and name not in (*columns.actor, columns.event, page, *EVENT_COLUMNS)
        and not _is_id(name, told)
    ][:MOST_FEW]


def _status(columns: Columns, menu: Menu) -> str | None:
    """The column of status codes of HTTP, some of which failed: https://www.rfc-editor.org/rfc/rfc9110#section-15."""
    for name, told in menu.items():
        if told["type"] == "number" and told.get("whole") and name not in columns.actor and "status" in words(name):
            low, high = told.get("low"), told.get("high")
            if low is not None and high is not None and low >= 100 and FAILED <= high < 600:
                return name
    return None


def _statuses(columns: Columns, menu: Menu) -> Iterator[tuple[str, Metric]]:
    """What status codes say."""
    name = _status(columns, menu)
    if name is None:
        return
    failed = Compare(name, ">=", FAILED)
    yield "Errors in each session", Metric("errors", "count", where=failed)
    yield "Sessions with an error", Metric("has_error", "any", where=failed)
    if menu[name]["high"] >= SERVER_FAILED:
        yield (
            "Server errors in each session",
            Metric("server_errors", "count", where=Compare(name, ">=", SERVER_FAILED)),
        )


def _is_id(name: str, told: dict[str, Any]) -> bool:
    """Whether values only tell one thing from another: by the column's name, or as so many that none is frequent.

    >>> _is_id("session_id", {}), _is_id("page", {"distinct": 3605, "values": [("a", 26)]})
    (True, True)
    >>> _is_id("page", {"distinct": 400, "values": [("/", 3000)]})
    False
    """
    if IDS & {*words(name)[-1:]} or name.lower() in ("sid", "sessionid", "userid", "clientid"):
        return True
    values = told.get("values") or [("", 0)]
    return bool(values[0][1] * RARE < told.get("distinct", 0))


def _is_address(text: str) -> bool:
    return text.startswith("/") or "://" in text


def _amount(columns: Columns, menu: Menu) -> str | None:
    numbers = [
        name for name, told in menu.items() if told["type"] == "number" and name not in (*columns.actor, *EVENT_COLUMNS)
    ]
    return meaning(numbers, COLUMNS["amount"])


def _a(text: str) -> str:
    return f"{'an' if text[:1].lower() in 'aeiou' else 'a'} {text}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _name(*parts: str) -> str:
    """A name that needs no quotes in a condition.

    >>> _name("page views", "in first", "log in")
    'page_views_in_first_log_in'
    """
    letters = "".join(char if char.isalnum() else " " for char in " ".join(parts))
    return "_".join(letters.split()) or "metric"


def _numbered(name: str) -> Iterator[str]:
    yield name
    at = 2
    while True:
        yield f"{name}_{at}"
        at += 1

"""The table of session rules: one row each, with its words, and the reasons why sessions begin.

The rules list and its editors, sentences, checks, effects, the command line and the printed code read these rows; the
two tables of the page that tag sessions read the reasons.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from explorer.spec.expression.clause import Any, Clause
from explorer.spec.expression.clause_words import clause_words
from explorer.spec.expression.muted import active
from explorer.spec.session import SessionDefinition

Editor = Literal["events", "sessions", "columns", "boundary", "duration", "number", "zone"]
Stage = Literal["Filter events", "Split into sessions", "Filter sessions"]
Words = Callable[[SessionDefinition], str]
NEVER = Any(())


@dataclass(frozen=True)
class Rule:
    """One rule of a session definition, by its `field`.

    `label` is its word in the list, `title` and `help` head its editor, `none` is said where it is not set, and
    `says` is its part of the definition's sentence, empty where it changes nothing. `editor` is the kind of value:
    a condition on events or sessions, columns, a length, a number, a zone. `flag` and `example` are its line on the
    command line, empty where it has none.
    """

    field: str
    stage: Stage
    editor: Editor
    label: str
    title: str
    help: str
    says: Words
    none: str = "none"
    flag: str = ""
    example: str = "SQL"


@dataclass(frozen=True)
class Reason:
    """Why a session begins, by its `name` in `started_by`.

    `tag` is its short word in tables, `color` that of its tag. `began` and `ended` go on after these words, of the
    session that begins and of the one before; they are given the definition and the gap as a text.
    """

    name: str
    tag: str
    color: str
    began: Callable[[SessionDefinition, str], str]
    ended: Callable[[SessionDefinition, str], str]


def said(clause: Clause | None) -> str:
    """A condition in words without what is muted; empty where nothing is left.

    >>> from explorer.spec.expression.clause import parse
    >>> said(parse("event = 'login'")), said(parse("TRUE OR event = 'login'"))
    ("event is 'login'", '')
    """
    left = None if clause is None else active(clause)
    return "" if left is None else clause_words(left)


def _one(clause: Clause) -> str:
    words = said(clause)
    return f"one where {words}" if words else "every event"


def _matching(field: str, words: Callable[[str], str]) -> Words:
    """The words for a condition on events; a condition that never holds says nothing."""

    def says(definition: SessionDefinition) -> str:
        clause = getattr(definition, field)
        return "" if clause is None or active(clause) == NEVER else words(_one(clause))

    return says


def _all(clause: Clause | None) -> str:
    return said(clause) or "every event"


def _names(names: tuple[str, ...]) -> str:
    return " and ".join(names)


def _limit(definition: SessionDefinition) -> str:
    return f"{'more than' if definition.boundary == '>' else 'at least'} {definition.inactivity}"


def _events(count: int | None) -> str:
    return f"{count:,} event{'' if count == 1 else 's'}"


def _split(definition: SessionDefinition) -> str:
    return f" for its {_names(definition.split_by)}" if definition.split_by else ""


def _nothing(definition: SessionDefinition) -> str:
    return ""


def _passive(definition: SessionDefinition) -> str:
    clause = definition.passive
    if clause is None or active(clause) == NEVER:
        return ""
    return f"{_one(clause)} joins an open session but neither opens, extends nor closes one"


RULES = (
    Rule(
        "where", "Filter events", "events", "Events", "Events considered",
        "Only these events exist for this definition. Others are left out before sessions are cut.",
        _nothing, "all", "the events that exist",
    ),
    Rule(
        "split_by", "Filter events", "columns", "Separate sessions by", "Separate sessions by",
        "An actor's events are cut separately for each value: a session never mixes two of them.", _nothing,
    ),
    Rule(
        "passive", "Filter events", "events", "Passive events", "Passive events",
        "They join the session that is open at their time, but neither open, extend nor close one: heartbeats, push "
        "messages, page pings. Where no session is open they are outside.",
        _passive, flag="events that join an open session and cut nothing",
    ),
    Rule(
        "opens_with", "Split into sessions", "events", "Opens with", "Opening events",
        "A session can only begin at an event that matches. Events before the first of them are outside.",
        _matching("opens_with", lambda one: f"{one} can begin a session, others are outside until then"),
        "any event", "only these events can begin a session",
    ),
    Rule(
        "restart", "Split into sessions", "events", "Start event", "Start event",
        "An event that matches opens a new session and belongs to it.",
        _matching("restart", lambda one: f"{one} begins a new session"), flag="events that begin a new session",
    ),
    Rule(
        "restart_on_change", "Split into sessions", "columns", "New value", "Start on a new value",
        "A new session begins where a value differs from the last one in the session: another campaign, device or "
        "id. Empty values change nothing.",
        lambda its: f"another {_names(its.restart_on_change)} begins a new session" if its.restart_on_change else "",
        flag="a column whose change begins a new session; may be given several times", example="COLUMN",
    ),
    Rule(
        "end", "Split into sessions", "events", "End event", "End event",
        "An event that matches closes its session. The next event opens a new one.",
        _matching("end", lambda one: f"{one} is the last of its session"), flag="events that end a session",
    ),
    Rule(
        "boundary", "Split into sessions", "boundary", "Gap of exactly {inactivity}", "A gap of exactly the inactivity",
        "Whether it still belongs to the session. Tools differ here, and few say how.", _nothing, "same session",
        "whether a gap of exactly the inactivity is too long", ">",
    ),
    Rule(
        "max_duration", "Split into sessions", "duration", "Max duration", "Longest duration",
        "A session that would last longer is cut, and the clock starts anew.",
        lambda its: f"none lasts longer than {its.max_duration}" if its.max_duration else "",
        flag="no session lasts longer", example="12h",
    ),
    Rule(
        "max_events", "Split into sessions", "number", "Max events", "Most events",
        "A session that would have more events is cut, and the count starts anew.",
        lambda its: f"none has more than {_events(its.max_events)}" if its.max_events else "",
        flag="no session has more events", example="2500",
    ),
    Rule(
        "calendar", "Split into sessions", "zone", "Split at midnight", "Split at midnight",
        "A session ends at midnight in this time zone.",
        lambda its: f"none goes on past midnight in {its.calendar}" if its.calendar else "", "off",
        "cut at midnight in this zone", "ZONE",
    ),
    Rule(
        "keep", "Filter sessions", "sessions", "Session filter", "Sessions kept",
        "Whole sessions are shown only if they match. Nothing is cut anew; session numbers stay.",
        lambda its: f"only sessions where {said(its.keep)} are shown" if said(its.keep) else "",
        flag="the sessions that are written",
    ),
)  # fmt: skip
BY_FIELD = {rule.field: rule for rule in RULES}


def fields_of(*editors: Editor) -> tuple[str, ...]:
    """The rules whose value is of these kinds, by their field.

    >>> fields_of("columns"), fields_of("duration", "number")
    (('split_by', 'restart_on_change'), ('max_duration', 'max_events'))
    """
    return tuple(rule.field for rule in RULES if rule.editor in editors)


# In the order in which the first that holds is the reason.
REASONS = (
    Reason(
        "first", "first event", "#2f7de1",
        lambda its, gap: f"with the actor's first event{_split(its)}",
        lambda its, gap: f"with the actor's last event{_split(its)}",
    ),
    Reason(
        "restart", "start event", "#12a07f",
        lambda its, gap: f"with a start event: {_all(its.restart)}",
        lambda its, gap: f"by a start event: {_all(its.restart)}",
    ),
    Reason(
        "change", "new value", "#2aa3b8",
        lambda its, gap: f"with another {_or(its.restart_on_change)}",
        lambda its, gap: f"by another {_or(its.restart_on_change)}",
    ),
    Reason(
        "end", "end event", "#d9822b",
        lambda its, gap: f"after an end event: {_all(its.end)}",
        lambda its, gap: f"with an end event: {_all(its.end)}",
    ),
    Reason(
        "inactivity", "inactivity", "#8492a3",
        lambda its, gap: f"after a gap of {gap}, {_limit(its)}",
        lambda its, gap: f"by a gap of {gap}, {_limit(its)}",
    ),
    Reason(
        "calendar", "new day", "#7a5fd0",
        lambda its, gap: f"as the day changes in {its.calendar}",
        lambda its, gap: f"as the day changes in {its.calendar}",
    ),
    Reason(
        "max_duration", "longest duration", "#c14fa5",
        lambda its, gap: f"because the one before would last longer than {its.max_duration}",
        lambda its, gap: f"because it would last longer than {its.max_duration}",
    ),
    Reason(
        "max_events", "most events", "#b0566b",
        lambda its, gap: f"because the one before would have more than {_events(its.max_events)}",
        lambda its, gap: f"because it would have more than {_events(its.max_events)}",
    ),
)  # fmt: skip
REASON_NAMES = tuple(reason.name for reason in REASONS)
BY_REASON = {reason.name: reason for reason in REASONS}


def _or(names: tuple[str, ...]) -> str:
    return " or ".join(names)


def tags() -> dict[str, tuple[str, str]]:
    """The short word and the colour of each reason, for what the browser draws; `last` is what ends the last session.

    >>> tags()["restart"], tags()["last"]
    (('start event', '#12a07f'), ('last event', '#2f7de1'))
    """
    return {reason.name: (reason.tag, reason.color) for reason in REASONS} | {"last": ("last event", REASONS[0].color)}

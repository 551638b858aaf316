"""What an editor offers for each column: its type, its most frequent values and how far it reaches."""

from __future__ import annotations

from functools import partial
from typing import Any

from explorer.engine import keys
from explorer.engine.answers.columns import Menu
from explorer.engine.local.cut.event_table import EventTable
from explorer.engine.local.editors.column_profile import described
from explorer.engine.local.session_table import SessionTable
from explorer.engine.stopping import go_on
from explorer.errors import SpecError
from explorer.spec.event_columns import EVENT_COLUMNS, name_inside
from explorer.spec.needed import actors_asked, measured_by
from explorer.spec.session import BESIDES, BUILT_IN

SESSION_COLUMNS = ("duration", "event_count", "start", "end", "session_number", "started_by", "cut_off", *BESIDES)


def menu(events: EventTable) -> Menu:
    """Column name -> what there is in it, the event column first; columns of other types are left out.

    Every column has `type` (text, number, time, bool, duration), `values` (the most frequent texts and how many
    events have each), `example` (a text) and `nulls`; a text has `distinct`, of which `values` may be some only; the
    others but truth values have `low` and `high` (numbers, or texts that a condition can say), and `whole`. What
    no source has says what it is `about`.
    """
    found: Menu = {}
    for name in sorted(events.schema, key=lambda name: name != events.columns.event):
        go_on()
        make = partial(described, events.column(name), _zone(events))
        told = events.stages.get("menu", name, make)
        if told is not None:
            found[name] = told
    return found


def inside_menu(sessions: SessionTable) -> Menu:
    """The same for conditions on the events of sessions, with what each knows of its session.

    Raises SpecError where the definition cannot be cut.
    """
    sessions.check()
    found: Menu = {name_inside(name): told for name, told in menu(sessions.events).items()}
    for name, known in EVENT_COLUMNS.items():
        go_on()
        make = partial(_of_events, sessions, name)
        told = sessions.stages.get("inside menu", (*keys.cut_key(sessions.definition), name), make)
        found[name] = told | {"about": known.title}
    return found


def session_menu(sessions: SessionTable) -> Menu:
    """The same for conditions on sessions: what every definition brings, the actor, the split columns, the
    cohorts, the metrics.

    Counted over all sessions, before `keep`. A metric that cannot be computed is left out. Raises SpecError where
    the definition cannot be cut.
    """
    sessions.check()
    metrics = [metric.name for metric in sessions.definition.metrics]
    taken = (*BUILT_IN, *BESIDES, *metrics)
    of_events = (*sessions.events.columns.actor, *sessions.definition.split_by, *sessions.events.cohorts)
    others = [name for name in of_events if name not in taken]
    found: Menu = {}
    for name in dict.fromkeys((*SESSION_COLUMNS, *others, *metrics)):
        go_on()
        try:
            told = _of_sessions(sessions, name)
        except SpecError:
            continue
        if told is not None:
            found[name] = told | ({"about": BESIDES[name]} if name in BESIDES else {})
    return found


def actor_menu(sessions: SessionTable) -> Menu:
    """The same for the values of actors that `keep` can ask for besides, each as often as the actor has sessions."""
    definition, found = sessions.definition, Menu()
    for name in definition.actor_values:
        go_on()
        read = actors_asked(definition, (name,)), measured_by(definition, (name,))
        try:
            make = partial(lambda name: described(sessions.own(name), _zone(sessions.events)), name)
            told = sessions.stages.get("actor menu", (name, *keys.cut_key(definition), *read), make)
        except SpecError:
            continue
        if told is not None and definition.metric(name) is None:
            found[name] = told
    return found


def _of_sessions(sessions: SessionTable, name: str) -> dict[str, Any] | None:
    metric = sessions.definition.metric(name)

    def make() -> dict[str, Any] | None:
        if metric is None and name not in (*BUILT_IN, *BESIDES):
            return described(sessions.coded(name), _zone(sessions.events))
        return described(sessions.column(name), _zone(sessions.events))

    key = (name, *keys.cut_key(sessions.definition)) if metric is None else keys.metric_key(sessions.definition, metric)
    found: dict[str, Any] | None = sessions.stages.get("session menu", key, make)
    return found


def _of_events(sessions: SessionTable, name: str) -> dict[str, Any] | None:
    return described(sessions.inside.column(name), _zone(sessions.events))


def _zone(events: EventTable) -> str:
    return events.columns.time_zone or "UTC"

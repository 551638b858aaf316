"""What an editor offers for each column: its type, its most frequent values and how far it reaches."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from explorer.engine.local.cut import keys
from explorer.engine.local.cut.stages import go_on
from explorer.engine.local.editors.column_profile import described
from explorer.engine.local.session_columns import SessionColumns
from explorer.errors import SpecError
from explorer.spec.session import BUILT_IN, SessionDefinition

if TYPE_CHECKING:
    from explorer.engine.local.engine import LocalEngine

Menu = dict[str, dict[str, Any]]
SESSION_COLUMNS = ("duration", "event_count", "start", "end", "session_number", "started_by", "cut_off")


def menu(engine: LocalEngine) -> Menu:
    """Column name -> what there is in it, the event column first; columns of other types are left out.

    Every column has `type` (text, number, time, bool, duration), `values` (the most frequent texts and how many
    events have each), `example` (a text) and `nulls`; a text has `distinct`, of which `values` may be some only; the
    others but truth values have `low` and `high` (numbers, or texts that a condition can say), and `whole`.
    """
    found: Menu = {}
    for name in sorted(engine.schema, key=lambda name: name != engine.columns.event):
        go_on()
        make = partial(described, engine.column(name), _zone(engine))
        told = engine.stages.get("menu", name, make)
        if told is not None:
            found[name] = told
    return found


def session_menu(engine: LocalEngine, definition: SessionDefinition) -> Menu:
    """The same for conditions on sessions: what every definition brings, the actor, the split columns, the metrics.

    Counted over all sessions, before `keep`. A metric that cannot be computed is left out. Raises SpecError where
    the definition cannot be cut.
    """
    engine._cut(definition)
    metrics = [metric.name for metric in definition.metrics]
    taken = (*BUILT_IN, *metrics)
    others = [name for name in (*engine.columns.actor, *definition.split_by) if name not in taken]
    found: Menu = {}
    for name in dict.fromkeys((*SESSION_COLUMNS, *others, *metrics)):
        go_on()
        try:
            told = _of_sessions(engine, definition, name)
        except SpecError:
            continue
        if told is not None:
            found[name] = told
    return found


def _of_sessions(engine: LocalEngine, definition: SessionDefinition, name: str) -> dict[str, Any] | None:
    metric = definition.metric(name)

    def make() -> dict[str, Any] | None:
        if metric is None and name not in BUILT_IN:
            return described(SessionColumns(engine, definition).coded(name), _zone(engine))
        return described(SessionColumns(engine, definition).column(name), _zone(engine))

    key = (name, *keys.cut_key(definition)) if metric is None else keys.metric_key(definition, metric)
    found: dict[str, Any] | None = engine.stages.get("session menu", key, make)
    return found


def _zone(engine: LocalEngine) -> str:
    return engine.columns.time_zone or "UTC"

"""Actors of a table that look automated: by what they call themselves."""

from __future__ import annotations

from explorer.engine.local.actors.automated import AGENT, Automated, naming_themselves, programs, with_a_session
from explorer.engine.sql.table_coded import prop
from explorer.engine.sql.table_menus import menu
from explorer.engine.sql.table_sessions import TableSessions
from explorer.plan.in_sql.questions import profile
from explorer.plan.literal import TEXTS

MOST = 1_000  # user agents whose order by frequency is told


def automated(sessions: TableSessions) -> tuple[Automated, ...]:
    """The actors with a session that name themselves as programs, in the first column with user agents. Who comes like
    a clock is not looked for."""
    events = sessions.its
    for name, told in menu(events).items():
        if name == events.columns.time or not isinstance(events.schema[name], TEXTS):
            continue
        if any(text.startswith(AGENT) for text, _ in told["values"]):
            rows = events.ask(profile.frequent(events.source, [name], MOST)).rows()
            texts = [str(text) for _, text, _, _ in sorted(rows, key=lambda row: -int(row[2]))]
            theirs = prop(sessions, name)
            rarer = set(theirs.values).difference(texts)
            found = programs(name, [*texts, *sorted(rarer)], theirs, with_a_session(sessions))
            return () if found is None else (naming_themselves(sessions, found),)
    return ()

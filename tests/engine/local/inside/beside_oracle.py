"""Sessions of an engine beside the same ones of the oracle."""

from __future__ import annotations

import polars as pl

from explorer.engine.local.engine import LocalEngine
from explorer.spec.session import SessionDefinition
from tests import oracle
from tests.factories import connect
from tests.strategies import Log


def chosen(log: Log, definition: SessionDefinition, every: int) -> tuple[LocalEngine, pl.Series, list[oracle.Session]]:
    """The engine, the places of every so many sessions in its table, and the same sessions of the oracle."""
    engine = connect(log)
    names = [*log.columns.actor, "session_number"]
    rows = pl.int_range(0, engine.table(definition).height, every, eager=True)
    wanted = engine.session_table(definition).frame(rows).select(names).rows()
    found = {
        tuple(session.facts[name] for name in names): session
        for session in oracle._kept(log.rows, log.columns, definition)
    }
    return engine, rows, [found[key] for key in wanted]

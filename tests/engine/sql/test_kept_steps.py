"""Steps that are kept: made once, shared by definitions, let go of, and done without where nobody may make tables."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import duckdb
import polars as pl
import pytest

from explorer.engine.sql import kept_steps
from explorer.engine.sql.database import Gone
from explorer.engine.sql.databases.duckdb import DuckDB
from explorer.engine.sql.engine import SqlEngine
from explorer.errors import EngineError
from explorer.spec.session import SessionDefinition

VISIT = SessionDefinition("visit", "30m")


class Told(DuckDB):
    """A database that says what it was asked to keep."""

    refuses = ""
    made: list[str]

    def keep(self, name: str, sql: str) -> None:
        """Make a table, and remember that it was asked for."""
        if self.refuses:
            raise EngineError(self.refuses)
        self.made.append(sql)
        super().keep(name, sql)


@pytest.fixture
def database() -> Iterator[Told]:
    connection = duckdb.connect()
    noon = datetime(2024, 5, 1, 12)
    frame = pl.DataFrame(
        {
            "user": ["ann", "bob"] * 20,
            "ts": [noon + timedelta(minutes=17 * at) for at in range(40)],
            "page": ["/a", "/b", "/c", None] * 10,
        }
    )
    connection.register("frame", frame.to_arrow())
    connection.execute("CREATE TABLE events AS SELECT * FROM frame")
    found = Told.of(connection)
    found.made = []
    yield found
    found.close()
    connection.close()


def tables(database: Told) -> int:
    with database._asking() as ask:
        return len(ask("SELECT 1 FROM duckdb_tables() WHERE table_name LIKE 'session_explorer%'").fetchall())


def test_another_inactivity_and_another_metric_make_only_what_is_new(database: Told) -> None:
    engine = SqlEngine.of(database, "events")
    engine.sessions(VISIT)
    first = len(database.made)
    engine.sessions(VISIT)
    assert len(database.made) == first
    engine.sessions(VISIT.replace(inactivity="1h"))
    of_cut = len(database.made) - first
    assert 0 < of_cut < first  # the events in order are there already
    database.made.clear()
    engine.sessions(VISIT.replace(metrics=[{"name": "pages", "aggregate": "n_unique", "column": "page"}]))
    (events,) = database.made  # the events with their sessions, for this and every metric that follows
    engine.sessions(VISIT.replace(metrics=[{"name": "last", "aggregate": "last", "column": "page"}]))
    assert database.made == [events]


def test_what_is_kept_is_bounded_and_goes_with_the_engine(database: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_steps, "MOST", 4)
    engine = SqlEngine.of(database, "events")
    for minutes in range(1, 12):
        engine.sessions(VISIT.replace(inactivity=f"{minutes}m"))
        assert tables(database) <= 4
    engine.close()
    assert tables(database) == 0


def test_without_the_right_to_make_tables_everything_is_one_query(database: Told) -> None:
    wanted = SqlEngine.of(database, "events").sessions(VISIT)
    database.refuses = "permission denied for schema main"
    engine = SqlEngine.of(database, "events")
    assert engine.sessions(VISIT).equals(wanted)
    assert engine.event_table.kept.refused == database.refuses


def test_another_fault_is_not_taken_for_a_missing_right(database: Told) -> None:
    database.refuses = "out of memory"
    with pytest.raises(EngineError, match="out of memory"):
        SqlEngine.of(database, "events").sessions(VISIT)


class Ends(Told):
    """A connection that ends once: what was kept is gone with it."""

    ends = False

    def answer(self, sql: str) -> pl.DataFrame:
        """Answer, or end."""
        if self.ends:
            self.ends = False
            for name in set(self._kept):
                self.drop(name)
            raise Gone("The connection has ended.")
        return super().answer(sql)


def test_a_connection_that_ended_is_asked_again(database: Told) -> None:
    ends = Ends(database._way)
    ends.made = []
    engine = SqlEngine.of(ends, "events")
    wanted = engine.sessions(VISIT)
    name = engine.event_table.kept.hold(pl.DataFrame({"who": ["ann"]}))
    ends.ends = True
    longer = VISIT.replace(inactivity="1h")
    with pytest.raises(Gone):
        engine.sessions(longer)
    assert engine.sessions(longer).height < wanted.height
    assert engine.sessions(VISIT.replace(name="again")).equals(wanted)
    assert ends.answer(f"SELECT * FROM {name}").item() == "ann"

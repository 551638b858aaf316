"""From a connection or an address to the engine of a table in a database."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from explorer.engine.sql.database import Database
from explorer.engine.sql.databases.addresses import Address
from explorer.engine.sql.databases.connections import Connection, add, connections, is_named, named
from explorer.engine.sql.databases.known import is_database, is_relation, opened
from explorer.engine.sql.engine import SqlEngine
from explorer.errors import SourceError, did_you_mean
from explorer.events.files.source_name import OfConnection
from explorer.plan.in_sql.source import free

QUERY = "events"  # what a query is called that has no name


def is_table(source: object) -> bool:
    """Whether something is a connection to a database, the address of one, or the name of a table there."""
    return is_named(source) or is_database(source)


def engine_of(source: Any, table: str | None, query: str | None, **roles: Any) -> SqlEngine:
    """The engine of a table, or of a query that is called `table`; raises SourceError."""
    if isinstance(source, str):
        return _of_address(source, table, query, roles)
    database = opened(source, table or QUERY)
    if table is None and query:
        table = free(QUERY, database.tables())
    elif table is None:
        table = QUERY if is_relation(source) else _only(database.tables(), database.name)
    return _engine(database, table, query, OfConnection(table, database.name), roles)


def named_source(source: str, table: str | None = None, query: str | None = None) -> str:
    """A table by the name of its connection, as documents and links have it: `connection://shop/events`. An address
    gets a name of its own in this process. Raises SourceError."""
    connection, its = _connection(source, table, query)
    if not is_named(source):
        add(connection)
    return connection.source(its)


def _of_address(source: str, table: str | None, query: str | None, roles: dict[str, Any]) -> SqlEngine:
    connection, its = _connection(source, table, query)
    given = {name: value for name, value in roles.items() if value}
    found = _engine(connection.open(), its, None, connection.source(its), {**roles, **connection.columns, **given})
    if not is_named(source):
        add(connection)
    return found


def _connection(source: str, table: str | None, query: str | None) -> tuple[Connection, str]:
    """The connection that an address or a name means, and the table. Of an address nothing else may be opened."""
    if is_named(source):
        if query:
            raise SourceError("A query is asked of an address, or stands among the queries of a connection.")
        return named(source, table)
    if query:
        its = table or QUERY
        return _with_name(source, (), {its: query}), its
    if table is None:
        whole = Connection(_with_name(source, (), {}).name, source)
        table = _only(whole.choices(), whole.name)
    return _with_name(source, (table,), {}), table


def _engine(database: Database, table: str, query: str | None, source: object, roles: dict[str, Any]) -> SqlEngine:
    try:
        if query:
            if table in database.tables():
                raise SourceError(f"There is a table '{table}' in {database.name}: give the query another name.")
            database.view(table, query)
        return SqlEngine.of(database, table, source=source, **roles)
    except BaseException:
        database.close()
        raise


def _only(tables: Any, name: str) -> str:
    if len(tables) != 1:
        raise SourceError(f"Say which table of {name} holds the events. {did_you_mean('', tables)}")
    return str(tables[0])


def _with_name(url: str, tables: tuple[str, ...], queries: dict[str, str]) -> Connection:
    """An address under a name that no other has, with what else of it was opened."""
    address = Address.of(url)
    known, base = connections(), Path(address.database or address.host or address.scheme).name
    for number in range(1, len(known) + 2):
        name = base if number == 1 else f"{base} {number}"
        its = known.get(name, Connection(name, url, ()))
        if its.url == url and all(its.queries.get(called, query) == query for called, query in queries.items()):
            break
    every = its.tables if its.tables is None else tuple(dict.fromkeys([*its.tables, *tables]))
    return replace(its, tables=every, queries={**its.queries, **queries})

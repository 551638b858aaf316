"""Connections by name: an administrator writes them into a file, and nobody who opens a table sees where it lies.

`connection://shop/events` is the table `events` of the connection `shop`: so it stands in documents, links and reports.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import yaml

from explorer.engine.sql.database import Database
from explorer.engine.sql.databases.known import opened
from explorer.errors import SourceError, did_you_mean
from explorer.events.files.source_name import CONNECTION

FOLDER, FILE = "SESSION_EXPLORER_CONFIG", "connections.yaml"
FIELDS = ("url", "tables", "queries", "columns")
VARIABLE = re.compile(r"\$\{(\w+)\}")


@dataclass(frozen=True)
class Connection:
    """A database by a name. `tables` are those that may be opened, None for all; `queries` are asked like tables, and
    `columns` say how the events are read."""

    name: str
    url: str = field(repr=False)
    tables: tuple[str, ...] | None = None
    queries: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, Any] = field(default_factory=dict)

    def open(self) -> Database:
        """Its database, with its queries as tables; raises SourceError."""
        database = opened(self._address(), called=self.name)
        try:
            taken = database.tables() if self.queries else ()
            for name, query in self.queries.items():
                if name in taken:
                    raise SourceError(f"There is a table '{name}' in {self.name}: give the query another name.")
                database.view(name, query)
        except BaseException:
            database.close()
            raise
        return database

    def choices(self) -> list[str]:
        """The tables and queries that may be opened; raises SourceError where the database cannot be reached."""
        found: Sequence[str] | None = self.tables
        if found is None:
            database = self.open()
            found = database.tables()
            database.close()
        return [*self.queries, *(name for name in found if name not in self.queries)]

    def check(self, table: str) -> None:
        """Raises SourceError for a table that may not be opened."""
        known = [*self.queries, *(self.tables or ())]
        if self.tables is not None and table not in known:
            raise SourceError(f"There is no table '{table}' in {self.name}. {did_you_mean(table, known)}")

    def source(self, table: str) -> str:
        """What documents and links call a table."""
        return f"{CONNECTION}://{quote(self.name, safe='')}/{quote(table, safe='')}"

    def _address(self) -> str:
        whole = VARIABLE.fullmatch(self.url)
        return VARIABLE.sub(lambda found: self._variable(found[1], bool(whole)), self.url)

    def _variable(self, name: str, whole: bool) -> str:
        value = os.environ.get(name)
        if value is None:
            raise SourceError(f"The connection {self.name} needs the environment variable {name}.")
        return value if whole else quote(value, safe=":")  # signs such as @ mean something in an address


_added: dict[str, Connection] = {}


def add(connection: Connection) -> None:
    """Make a connection known in this process."""
    _added[connection.name] = connection


def connections() -> dict[str, Connection]:
    """Those of the file, and those that were added; raises SourceError where the file cannot be read."""
    return {**_of_file(config_folder() / FILE), **_added}


def connection(name: str) -> Connection:
    """One of them by its name; raises SourceError."""
    known = connections()
    if name not in known:
        raise SourceError(f"There is no connection '{name}'. {did_you_mean(name, known)}")
    return known[name]


def is_named(source: object) -> bool:
    """Whether something is the table of a connection by its name.

    >>> is_named("connection://shop/events"), is_named("duckdb:///shop.db")
    (True, False)
    """
    return isinstance(source, str) and source.startswith(f"{CONNECTION}://")


def named(source: str, table: str | None = None) -> tuple[Connection, str]:
    """The connection and the table of `connection://shop/events`, where another is not said; raises SourceError for
    what is not there."""
    parts = urlsplit(source)
    name, table = unquote(parts.netloc), table or unquote(parts.path.removeprefix("/"))
    found = connection(name)
    if not table:
        raise SourceError(f"{source} names no table. Write {CONNECTION}://{name}/ and a table behind it.")
    found.check(table)
    return found, table


def config_folder() -> Path:
    """Where the file of connections lies: SESSION_EXPLORER_CONFIG, or the platform's folder for settings."""
    chosen = os.environ.get(FOLDER)
    if chosen:
        return Path(chosen).expanduser()
    home = Path("~").expanduser()
    if sys.platform == "win32":
        base = Path(os.environ.get("APPDATA") or home / "AppData" / "Roaming")
    elif sys.platform == "darwin":
        base = home / "Library" / "Application Support"
    else:
        base = Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config")
    return base / "session-explorer"


def _of_file(path: Path) -> dict[str, Connection]:
    if not path.is_file():
        return {}
    try:
        found = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except (OSError, UnicodeError, yaml.YAMLError):  # which quotes what it reads
        raise SourceError(f"{path.name} cannot be read: it is no YAML.") from None
    if not isinstance(found, dict):
        raise SourceError(f"{path.name} holds names of connections, each with its url.")
    return {str(name): _connection(str(name), said) for name, said in found.items()}


def _connection(name: str, said: Any) -> Connection:
    given = {"url": said} if isinstance(said, str) else said
    if not isinstance(given, dict) or not isinstance(given.get("url"), str):
        raise SourceError(f"The connection {name} says no url.")
    for other in given:
        if other not in FIELDS:
            raise SourceError(f"The connection {name} has no '{other}'. {did_you_mean(str(other), FIELDS)}")
    queries, columns = given.get("queries") or {}, given.get("columns") or {}
    if not isinstance(queries, dict) or not isinstance(columns, dict):
        raise SourceError(f"The queries and columns of the connection {name} are names, each with what it is.")
    tables = tuple(map(str, given["tables"] or ())) if "tables" in given else None
    return Connection(name, given["url"], tables, {str(table): str(sql) for table, sql in queries.items()}, columns)

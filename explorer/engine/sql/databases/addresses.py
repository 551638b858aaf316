"""Addresses of databases, such as `postgresql://me:secret@db.example.org/shop`: only the driver sees what is secret."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from explorer.engine.sql.databases.watching import Said, first_line
from explorer.errors import ExplorerError, SourceError

SECRET = re.compile(r"pass|pwd|secret|token|key|credential", re.IGNORECASE)
HIDDEN = "***"
NUMBERS = re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}\b|(?<![\w:])(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{1,4}\b")
UNREADABLE = (
    "The address of a database is written scheme://user:password@host:port/database, and signs such as / and @ in a "
    "password as %2F and %40."
)


@dataclass(frozen=True, repr=False)
class Address:
    """An address in its parts. One that is `called` something is not shown at all: nobody is told where it lies.

    >>> Address.of("clickhouse://me:my%20secret@db.example.org/shop")
    <shop on db.example.org>
    """

    url: str
    scheme: str
    host: str | None
    port: int | None
    user: str | None
    password: str | None
    path: str
    options: Mapping[str, str] = field(default_factory=dict)
    called: str | None = None

    @classmethod
    def of(cls, url: str, called: str | None = None) -> Address:
        """Raises SourceError where it is none, without quoting it."""
        try:
            parts = urlsplit(url)
            user, password = (unquote(part) if part else None for part in (parts.username, parts.password))
            path, _, more = parts.path.partition(";")  # behind it stands what Spark Connect is told
            options = dict(parse_qsl(f"{parts.query}&{more.replace(';', '&')}", keep_blank_values=True))
            scheme = parts.scheme.lower().partition("+")[0]  # behind it stands a driver, as SQLAlchemy writes it
            return cls(url, scheme, parts.hostname, parts.port, user, password, unquote(path), options, called)
        except ValueError:
            raise SourceError(f"The connection {called}: {UNREADABLE}" if called else UNREADABLE) from None

    @property
    def database(self) -> str | None:
        """The database that is named behind the host."""
        return self.path.strip("/") or None

    @property
    def rest(self) -> str:
        """What stands between the scheme and the options."""
        return unquote(self.url.partition("://")[2].partition("?")[0])

    @property
    def name(self) -> str:
        """What people call it, without what is secret."""
        if self.called:
            return self.called
        host = self.host or "this machine"
        return f"{self.database} on {host}" if self.database else host

    def __repr__(self) -> str:
        return f"<{self.name}>"

    def hides(self, said: Said) -> Said:
        """What is said of an error, without what is secret here."""
        return lambda error: self.hide(said(error))

    def hide(self, text: str) -> str:
        """A text without what is secret here."""
        parts = urlsplit(self.url)
        secrets = [self.url, parts.password, self.password]
        secrets += [value for name, value in self.options.items() if SECRET.search(name)]
        for secret in sorted(filter(None, secrets), key=len, reverse=True):
            text = text.replace(secret, HIDDEN)
        if not self.called:
            return text
        for place in (self.rest, self.path, self.path[1:], self.host, self.user, *self.options.values()):
            if place:
                text = re.sub(rf"(?<!\w){re.escape(place)}(?!\w)", HIDDEN, text)
        return NUMBERS.sub(HIDDEN, text)


@contextmanager
def reaching(address: Address, said: Said = first_line) -> Iterator[None]:
    """Inside, a connection is made; raises SourceError, which holds nothing that is secret."""
    try:
        yield
    except ExplorerError:
        raise
    except Exception as error:
        why = address.hide(said(error)).rstrip(".")
        raise SourceError(f"{address.name} cannot be reached: {why}.") from None  # what is behind it may hold a secret


def driver(module: str, spoken: str, extra: str) -> Any:
    """The module that asks a database; raises SourceError, with what to install, where there is none."""
    try:
        return import_module(module)
    except ImportError:
        raise SourceError(f"{spoken} needs its driver: pip install 'session-explorer[{extra}]'.") from None

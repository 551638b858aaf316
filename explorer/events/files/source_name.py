"""What a source is called where its whole path is too long."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from explorer.events.files.objects import is_address

CONNECTION = "connection"  # the scheme of a table of a connection that has a name
Source = str | Path | Sequence[str | Path]


@dataclass(frozen=True)
class OfConnection:
    """A table of a database whose connection was passed: no address leads there.

    >>> str(OfConnection("events", "shop.db"))
    'events in shop.db'
    """

    table: str
    database: str

    def __str__(self) -> str:
        return f"{self.table} in {self.database}"


def paths_of(source: object) -> list[str]:
    """The paths and addresses of a source as they were written; none for a frame."""
    if isinstance(source, str | Path):
        return [str(source)]
    if isinstance(source, list | tuple) and all(isinstance(one, str | Path) for one in source):
        return [str(one) for one in source]
    return []


def name_or(source: object, otherwise: str) -> str:
    """The name of a source of files or of a table, or what a frame is called."""
    if isinstance(source, OfConnection):
        return str(source)
    paths = paths_of(source)
    return source_name(paths) if paths else otherwise


def source_name(source: Source) -> str:
    """The last part of a path or an address; how many there are of several.

    >>> source_name("logs/a.csv"), source_name("s3://b/a.parquet?x=1"), source_name(["a.csv", "b.csv", "c.csv"])
    ('a.csv', 'a.parquet', 'a.csv and 2 more')
    >>> source_name("connection://the%20shop/events")
    'events in the shop'
    """
    if not isinstance(source, str | Path):
        first = source_name(source[0])
        return first if len(source) == 1 else f"{first} and {len(source) - 1} more"
    if is_address(source):
        parts = urlsplit(str(source))
        if parts.scheme == CONNECTION:
            return f"{unquote(parts.path.removeprefix('/'))} in {unquote(parts.netloc)}"
        return unquote(PurePosixPath(parts.path).name) or parts.netloc
    return Path(source).name

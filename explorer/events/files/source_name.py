"""What a source is called where its whole path is too long."""

from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from explorer.events.files.objects import is_address

Source = str | Path | Sequence[str | Path]


def paths_of(source: object) -> list[str]:
    """The paths and addresses of a source as they were written; none for a frame."""
    if isinstance(source, str | Path):
        return [str(source)]
    if isinstance(source, list | tuple) and all(isinstance(one, str | Path) for one in source):
        return [str(one) for one in source]
    return []


def name_or(source: object, otherwise: str) -> str:
    """The name of a source of files, or what a frame is called."""
    paths = paths_of(source)
    return source_name(paths) if paths else otherwise


def source_name(source: Source) -> str:
    """The last part of a path or an address; how many there are of several.

    >>> source_name("logs/a.csv"), source_name("s3://b/a.parquet?x=1"), source_name(["a.csv", "b.csv", "c.csv"])
    ('a.csv', 'a.parquet', 'a.csv and 2 more')
    """
    if not isinstance(source, str | Path):
        first = source_name(source[0])
        return first if len(source) == 1 else f"{first} and {len(source) - 1} more"
    if is_address(source):
        parts = urlsplit(str(source))
        return unquote(PurePosixPath(parts.path).name) or parts.netloc
    return Path(source).name

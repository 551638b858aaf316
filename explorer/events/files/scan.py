"""Files and foreign frames as lazy Polars frames, with every column as it came."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import polars as pl

from explorer.errors import SourceError
from explorer.events.files.download import fetched, is_web
from explorer.events.files.file import File
from explorer.events.files.frames import polars_frame
from explorer.events.files.objects import is_address, scan_addresses
from explorer.events.files.paths import Files, found
from explorer.events.formats.delimited.delimited import Delimited
from explorer.events.formats.format import Asked, Scanned
from explorer.events.formats.json.records import opened
from explorer.events.formats.names import distinct, plain_names
from explorer.events.machine.workplace import Workplace
from explorer.events.plain_types import plain_lists, plain_types
from explorer.events.quality.assumption import Assumption
from explorer.spec.file_format import FileFormat

FIRST_LOOK = 10_000
ANYHOW = Asked()
BROKEN = (pl.exceptions.PolarsError, pl.exceptions.PanicException)
T = TypeVar("T")
Made = Callable[[Asked], Scanned]


@dataclass(frozen=True)
class Source:
    """What is to be read: `scan` makes a lazy frame; where a first look at the types can err, `again` looks at all."""

    scan: Callable[[], pl.LazyFrame]
    again: Callable[[], pl.LazyFrame] | None = None
    files: Files | None = None
    frame: pl.DataFrame | None = None
    name: str = "The lazy frame"
    made: Made | None = field(default=None, repr=False)
    asked: Asked = ANYHOW
    json: tuple[str, ...] = ()
    read: dict[str, tuple[Assumption, ...]] = field(default_factory=dict, repr=False)

    @property
    def how(self) -> str:
        """How this is read fastest: whole, by column, or streaming."""
        if self.frame is not None:
            return "whole"
        return "by column" if self.files and self.files.is_columnar else "streaming"

    @property
    def how_read(self) -> tuple[Assumption, ...]:
        """What was assumed when this was last read; empty before."""
        return self.read.get("last", ())

    @property
    def is_written(self) -> bool:
        """Whether the values stand in a file as texts."""
        return self.files is not None and self.files.format.written

    def as_text(self, names: Iterable[str]) -> Source:
        """The same, with these columns as the text that stands there; columns of typed formats stay what they are."""
        texts = self.asked.texts | set(names)
        return self if texts == self.asked.texts else self.again_as(replace(self.asked, texts=texts), self.json)

    def with_json(self, names: Iterable[str]) -> Source:
        """The same, with these columns of JSON text opened into a column for each field."""
        wanted = tuple(dict.fromkeys((*self.json, *names)))
        return self if wanted == self.json else self.again_as(self.asked, wanted)

    def written_as(self, told: tuple[tuple[str, str], ...]) -> Source:
        """The same, with what is said of how its files are written."""
        if told == self.asked.said:
            return self
        made, files = self.made, self.files
        if made is None or files is None or not files.format.written:
            what = files.format.name if files else "no file"
            raise SourceError(f"{self.name} is {what}: there is no {told[0][0]} to say. Leave `format` out.")
        if any(name != "encoding" for name, _ in told):
            files = replace(files, format=Delimited())
            made = partial(_of_files, files)
        sure = self.again is None and files is self.files
        return _source(made, files, self.frame, self.name, replace(self.asked, said=told), self.json, sure)

    def again_as(self, asked: Asked, json: tuple[str, ...] = ()) -> Source:
        """The same source, read in another way."""
        if self.made is None:
            return self
        return _source(self.made, self.files, self.frame, self.name, asked, json, self.again is None)

    def run(self, use: Callable[[pl.LazyFrame], T]) -> T:
        """What `use` makes of the lazy frame; raises SourceError for what cannot be read."""
        with _said(self):
            try:
                return use(self.scan())
            except BROKEN:
                if self.again is None:
                    raise
                return use(self.again())


def read(
    source: Any, texts: Iterable[str] = (), json: Iterable[str] = (), format: Mapping[str, str] | None = None
) -> pl.DataFrame:
    """A path or a frame as a Polars frame; raises SourceError that says what is wrong with it.

    A path is a file, a folder or a pattern of files, or a list of these, in any format of `formats.table`, packed or
    not. Frames are Polars (eager or lazy), or anything with an Arrow stream: pandas, pyarrow, DuckDB. `texts` are
    columns that come as the text that stands there, `json` columns of JSON text that become a column for
    each field, `format` how text files are written, such as `{"separator": "tab"}`.
    """
    told = FileFormat.read(dict(format)).told if format else ()
    return scanned(source).written_as(told).with_json(json).as_text(texts).run(lambda lazy: lazy.collect())


def scanned(source: Any) -> Source:
    """A path or a frame, not yet read; raises SourceError."""
    if isinstance(source, pl.LazyFrame):
        return _source(lambda _: Scanned(source), None, None, "The lazy frame", ANYHOW, (), True)
    if is_address(source) or (_is_list(source) and any(is_address(one) for one in source)):
        addresses = [source] if isinstance(source, str) else [str(one) for one in source]
        name = addresses[0].split("?", 1)[0]
        if all(map(is_web, addresses)):
            work = Workplace()
            files = replace(found(fetched(addresses, work)), name=name, keep=work)
            return _source(partial(_of_files, files), files, None, name, ANYHOW, (), False)
        scan = scan_addresses(addresses)
        return _source(lambda asked: Scanned(scan(asked.exact)), None, None, name, ANYHOW, (), False)
    if isinstance(source, str | Path | Files) or _is_list(source):
        files = source if isinstance(source, Files) else found(source)
        sure = files.format.sure and len(files.items) == 1
        return _source(partial(_of_files, files), files, None, files.name, ANYHOW, (), sure)
    frame, said = polars_frame(source)
    kind = f"The {type(source).__module__}.{type(source).__qualname__}"
    return _source(lambda _: Scanned(frame.lazy(), said), None, frame, kind, ANYHOW, (), True)


def _is_list(source: Any) -> bool:
    return isinstance(source, list | tuple) and bool(source) and all(isinstance(one, str | Path) for one in source)


def _source(
    made: Made,
    files: Files | None,
    frame: pl.DataFrame | None,
    name: str,
    asked: Asked,
    json: tuple[str, ...],
    sure: bool,
) -> Source:
    said: dict[str, tuple[Assumption, ...]] = {}

    scans: dict[bool, tuple[pl.LazyFrame, tuple[Assumption, ...]]] = {}

    def scan(exact: bool) -> pl.LazyFrame:
        if exact not in scans:
            one = made(replace(asked, exact=exact))
            lazy, told = comparable(one.lazy, json)
            scans[exact] = lazy, (*one.assumed, *told)
        said["last"] = scans[exact][1]
        return scans[exact][0]

    if frame is not None:
        # What is in memory is opened once, so that its rows are those of the lazy frame.
        lazy, told = comparable(frame.lazy(), json)
        frame = frame if not told and lazy.collect_schema() == frame.schema else lazy.collect()
    again = None if sure else partial(scan, True)
    return Source(partial(scan, False), again, files, frame, name, made, asked, json, said)


def comparable(lazy: pl.LazyFrame, json: tuple[str, ...]) -> tuple[pl.LazyFrame, tuple[Assumption, ...]]:
    """The rows in columns that can be named and compared, and what was done for that."""
    lazy, renamed = plain_names(lazy)
    lazy, told = opened(plain_lists(lazy), json)
    return plain_types(lazy), (*renamed, *told)


def _of_files(files: Files, asked: Asked) -> Scanned:
    parts, said = [], []
    groups = list(files.partitions())
    for values, items in groups:
        one = files.format.scan(items, asked)
        names = one.lazy.collect_schema().names()
        free = {name: value for name, value in values.items() if name not in names}
        for name in values.keys() - free.keys():
            _check_partition(one.lazy, name, values[name], items)
        parts.append(one.lazy.with_columns(pl.lit(value).alias(name) for name, value in free.items()))
        said += [assumption for assumption in one.assumed if assumption not in said]
    same = len({tuple(part.collect_schema().items()) for part in parts}) == 1
    lazy = parts[0] if len(parts) == 1 else pl.concat(parts, how="vertical" if same else "diagonal_relaxed")
    names = lazy.collect_schema().names()
    if not names:
        raise SourceError(f"{files.name} has no columns. There is nothing to read.")
    unique, told = distinct(names)
    return Scanned(lazy.rename(dict(zip(names, unique, strict=True))) if told else lazy, (*said, *told))


def _check_partition(lazy: pl.LazyFrame, name: str, value: Any, items: Sequence[File]) -> None:
    """Folders and files may both tell a column where they tell the same; raises SourceError."""
    dtype = lazy.collect_schema()[name]
    told = pl.lit(value).cast(dtype, strict=False)
    wrong = lazy.select(pl.col(name).filter(pl.col(name).ne_missing(told)).cast(pl.String).head(1)).collect()
    if wrong.height:
        raise SourceError(
            f"Folders and files both say {name}, and not the same: the folder of {items[0].label} says {value}, "
            f"the file {wrong.item()!r}. Rename one of the two."
        )


@contextmanager
def _said(source: Source) -> Iterator[None]:
    name = source.name
    form = f" as {source.files.kind[1:]}" if source.files else ""
    try:
        yield
    except pl.exceptions.NoDataError as error:
        raise SourceError(f"{name} is empty. There is nothing to read.") from error
    except pl.exceptions.PolarsError as error:
        how = "collected" if name == "The lazy frame" else "read" + form
        raise SourceError(f"{name} cannot be {how}: {_first_line(error)}.") from error
    except (OSError, UnicodeError, EOFError) as error:
        why = getattr(error, "strerror", None) or _first_line(error)
        raise SourceError(f"{name} cannot be read{form}: {why}.") from error
    except pl.exceptions.PanicException as error:
        raise SourceError(f"{name} cannot be read{form}: it is broken.") from error


def _first_line(error: BaseException) -> str:
    return str(error).strip().split("\n")[0].rstrip(".")

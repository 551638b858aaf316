"""Files and foreign frames as lazy Polars frames, with every column as it came."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from glob import escape
from pathlib import Path
from typing import Any, TypeVar

import polars as pl

from explorer.errors import SourceError
from explorer.events.files.paths import Files, found

SEPARATORS = {".csv": ",", ".tsv": "\t", ".tab": "\t", ".txt": "\t"}
LINES = (".ndjson", ".jsonl")
PARQUET = (".parquet", ".pq")
ARROW = (".arrow", ".ipc", ".feather")
WRITTEN = (*SEPARATORS, *LINES, ".json")
FIRST_LOOK = 10_000
T = TypeVar("T")


@dataclass(frozen=True)
class Source:
    """What is to be read: `scan` makes a lazy frame; where a first look at the types can err, `again` looks at all."""

    scan: Callable[[], pl.LazyFrame]
    again: Callable[[], pl.LazyFrame] | None = None
    files: Files | None = None
    frame: pl.DataFrame | None = None
    rewritten: Callable[[frozenset[str]], "Source"] | None = None

    @property
    def is_written(self) -> bool:
        """Whether the values stand in a file as texts."""
        return self.files is not None and self.files.kind in WRITTEN

    def as_text(self, names: Iterable[str]) -> "Source":
        """The same with these columns as the texts that stand in the files; data that has types keeps them."""
        wanted = frozenset(names)
        return self.rewritten(wanted) if self.rewritten and wanted else self

    @property
    def how(self) -> str:
        """How this is read fastest: whole, by column, or streaming."""
        if self.frame is not None:
            return "whole"
        return "by column" if self.files and self.files.kind in (*PARQUET, *ARROW) else "streaming"

    def run(self, use: Callable[[pl.LazyFrame], T]) -> T:
        """What `use` makes of the lazy frame; raises SourceError for what cannot be read."""
        if self.frame is not None:
            return use(self.scan())
        with _said(self.files):
            try:
                return use(self.scan())
            except pl.exceptions.PolarsError:
                if self.again is None:
                    raise
                return use(self.again())


def read(source: Any) -> pl.DataFrame:
    """A path or a frame as a Polars frame; raises SourceError that says what is wrong with it.

    Paths end in .csv .tsv .txt .ndjson .jsonl .json .parquet .arrow .ipc or .feather (each also .gz or .zst), or
    are a folder or a pattern of these. Frames are Polars (eager or lazy), or anything with an Arrow stream: pandas,
    pyarrow, DuckDB.
    """
    return scanned(source).run(lambda lazy: lazy.collect())


def scanned(source: Any) -> Source:
    """A path or a frame, not yet read; raises SourceError."""
    if isinstance(source, pl.LazyFrame):
        return Source(lambda: source)
    if isinstance(source, str | Path):
        return _of_files(found(source))
    frame = source if isinstance(source, pl.DataFrame) else _foreign(source)
    return Source(frame.lazy, frame=frame)


def _foreign(source: Any) -> pl.DataFrame:
    kind = f"{type(source).__module__}.{type(source).__qualname__}"
    try:
        if hasattr(source, "__arrow_c_stream__"):
            return pl.DataFrame(source)
        if hasattr(source, "arrow"):
            return pl.DataFrame(source.arrow())
    except (pl.exceptions.PolarsError, ValueError, TypeError) as error:
        said = _first_line(error)
        raise SourceError(f"The {kind} cannot be read: {said}. Give each column values of one type.") from error
    raise SourceError(f"A {kind} cannot be read. Pass a path or a data frame.")


def _of_files(files: Files, texts: frozenset[str] = frozenset()) -> Source:
    def whole(paths: list[Path], exact: bool) -> pl.LazyFrame:
        return _scan_exactly(paths, files, texts) if exact else _scan(paths, files, FIRST_LOOK, texts)

    def scan(exact: bool = False) -> pl.LazyFrame:
        parts = []
        for values, paths in files.partitions():
            taken = set(values) & set(whole(paths[:1], exact).collect_schema())
            parts.append(whole(paths, exact).with_columns(pl.lit(v).alias(n) for n, v in values.items()))
            if taken:
                raise SourceError(f"Folders and files both say {', '.join(sorted(taken))}. Rename one of the two.")
        lazy = parts[0] if len(parts) == 1 else pl.concat(parts, how="diagonal_relaxed" if exact else "vertical")
        if not lazy.collect_schema():
            raise SourceError(f"{files.name} has no columns. There is nothing to read.")
        return lazy

    sure = files.kind in (*PARQUET, ".json") and len(files.paths) == 1
    again = None if sure else lambda: scan(exact=True)
    rewritten = (lambda names: _of_files(files, names)) if files.kind in WRITTEN else None
    return Source(scan, again, files, rewritten=rewritten)


def _scan(paths: list[Path], files: Files, look: int | None, texts: frozenset[str] = frozenset()) -> pl.LazyFrame:
    kind = files.kind
    if kind in SEPARATORS:
        separator, typed = SEPARATORS[kind], dict.fromkeys(texts, pl.String)
        return pl.scan_csv(paths, separator=separator, infer_schema_length=look, glob=False, schema_overrides=typed)
    if kind in LINES:
        # A key that first appears behind what was looked at would be passed over in gap.
        # Polars takes every path of this format for a pattern.
        literal = [escape(str(path)) for path in paths]
        return pl.concat([pl.scan_ndjson(path, infer_schema_length=None) for path in literal], how="diagonal_relaxed")
    if kind == ".json":
        return pl.concat([pl.read_json(files.content(path)).lazy() for path in paths], how="diagonal_relaxed")
    scan = pl.scan_parquet if kind in PARQUET else pl.scan_ipc
    return scan([files.content(path) for path in paths], hive_partitioning=False, glob=False)  # type: ignore[arg-type]


def _scan_exactly(paths: list[Path], files: Files, texts: frozenset[str] = frozenset()) -> pl.LazyFrame:
    """Every file by itself, its types from all of its rows; what files differ in is united."""
    if files.kind in ARROW:
        return pl.concat([_arrow(path, files) for path in paths], how="diagonal_relaxed")
    return pl.concat([_scan([path], files, None, texts) for path in paths], how="diagonal_relaxed")


def _arrow(path: Path, files: Files) -> pl.LazyFrame:
    """A file of Arrow's file form, or of its stream form, which goes by the same names."""
    try:
        lazy = _scan([path], files, None)
        lazy.collect_schema()
    except pl.exceptions.PolarsError as error:
        try:
            return pl.read_ipc_stream(files.content(path)).lazy()
        except pl.exceptions.PolarsError:
            raise error from None
    return lazy


@contextmanager
def _said(files: Files | None) -> Iterator[None]:
    try:
        yield
    except pl.exceptions.NoDataError as error:
        raise SourceError(f"{files.name if files else 'The lazy frame'} is empty. There is nothing to read.") from error
    except (pl.exceptions.PolarsError, OSError, UnicodeError, EOFError) as error:
        if files is None:
            raise SourceError(f"The lazy frame cannot be collected: {_first_line(error)}.") from error
        raise SourceError(f"{files.name} cannot be read as {files.kind[1:]}: {_first_line(error)}.") from error


def _first_line(error: Exception) -> str:
    return str(error).strip().split("\n")[0].rstrip(".")

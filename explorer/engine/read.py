"""Files and foreign frames as Polars frames, with every column as it came."""

from pathlib import Path
from typing import Any

import polars as pl

from explorer.errors import SourceError, did_you_mean

SEPARATORS = {".csv": ",", ".tsv": "\t", ".tab": "\t", ".txt": "\t"}
LINES = (".ndjson", ".jsonl")
PARQUET = (".parquet", ".pq")
ARROW = (".arrow", ".ipc", ".feather")
PACKED = (".gz", ".zst", ".zlib")
FORMATS = (*SEPARATORS, *LINES, ".json", *PARQUET, *ARROW)


def read(source: Any) -> pl.DataFrame:
    """A path or a frame as a Polars frame; raises SourceError that says what is wrong with it.

    Paths end in .csv .tsv .txt .ndjson .jsonl .json (each also .gz or .zst), .parquet, .arrow, .ipc or .feather.
    Frames are Polars (eager or lazy), or anything with an Arrow stream: pandas, pyarrow, DuckDB.
    """
    if isinstance(source, pl.DataFrame):
        return source
    if isinstance(source, pl.LazyFrame):
        return source.collect()
    if isinstance(source, str | Path):
        return _read_path(Path(source).expanduser())
    if hasattr(source, "__arrow_c_stream__"):
        return pl.DataFrame(source)
    if hasattr(source, "arrow"):
        return pl.DataFrame(source.arrow())
    kind = type(source)
    raise SourceError(f"A {kind.__module__}.{kind.__qualname__} cannot be read. Pass a path or a data frame.")


def _read_path(path: Path) -> pl.DataFrame:
    if not path.exists():
        beside = [item.name for item in path.parent.iterdir()] if path.parent.is_dir() else []
        hint = did_you_mean(path.name, beside) if beside else "Check the folder."
        raise SourceError(f"There is no file {path}. {hint if hint.startswith('Did') else 'Check the path.'}")
    if path.is_dir():
        raise SourceError(f"{path} is a folder. Name a file in it.")
    if path.stat().st_size == 0:
        raise SourceError(f"{path.name} is empty (0 bytes). There is nothing to read.")
    kind = _kind(path)
    try:
        frame = _read_kind(path, kind)
    except (pl.exceptions.PolarsError, OSError, UnicodeError) as error:
        said = str(error).strip().split("\n")[0]
        raise SourceError(f"{path.name} cannot be read as {kind[1:]}: {said}.") from error
    if not frame.width:
        raise SourceError(f"{path.name} has no columns. There is nothing to read.")
    return frame


def _kind(path: Path) -> str:
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if suffixes and suffixes[-1] in PACKED:
        suffixes.pop()
    if not suffixes or suffixes[-1] not in FORMATS:
        raise SourceError(
            f"{path.name} is of no format that is known here. Known: {', '.join(FORMATS)}, also .gz and .zst."
        )
    return suffixes[-1]


def _read_kind(path: Path, kind: str) -> pl.DataFrame:
    if kind in SEPARATORS:
        return _read_csv(path, SEPARATORS[kind])
    if kind in PARQUET:
        return pl.read_parquet(path)
    if kind in ARROW:
        return pl.read_ipc(path)
    data = _unpacked(path)
    return pl.read_ndjson(data) if kind in LINES else pl.read_json(data)


def _read_csv(path: Path, separator: str) -> pl.DataFrame:
    # A first look at 10,000 lines decides the types; a later line that does not fit makes Polars look at all.
    try:
        return pl.read_csv(path, separator=separator, infer_schema_length=10_000)
    except pl.exceptions.NoDataError:
        raise SourceError(f"{path.name} is empty. There is nothing to read.") from None
    except pl.exceptions.ComputeError:
        return pl.read_csv(path, separator=separator, infer_schema_length=None)


def _unpacked(path: Path) -> Any:
    if path.suffix.lower() == ".gz":
        import gzip

        with gzip.open(path) as stream:
            return stream.read()
    if path.suffix.lower() == ".zst":
        import pyarrow as pa

        with pa.CompressedInputStream(pa.OSFile(str(path)), "zstd") as stream:
            return stream.read()
    return path

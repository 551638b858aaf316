"""Which files a path means: one file, a folder of files of one format, or a pattern."""

import gzip
import io
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from glob import has_magic
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from explorer.errors import SourceError, did_you_mean

PACKED = (".gz", ".zst", ".zlib")
FORMATS = (
    *(".csv", ".tsv", ".tab", ".txt", ".ndjson", ".jsonl", ".json"),
    *(".parquet", ".pq", ".arrow", ".ipc", ".feather"),
)
NOTHING = "__HIVE_DEFAULT_PARTITION__"


@dataclass(frozen=True)
class Files:
    """Files of one format, in order of their names; `base` is the folder that partitions are told below."""

    name: str
    kind: str
    paths: tuple[Path, ...]
    base: Path

    def content(self, path: Path) -> Path | io.BytesIO:
        """The path, or the unpacked bytes of a packed file."""
        packing = path.suffix.lower()
        if packing == ".gz":
            with gzip.open(path) as stream:
                return io.BytesIO(stream.read())
        if packing == ".zst":
            import pyarrow as pa

            with pa.CompressedInputStream(pa.OSFile(str(path)), "zstd") as stream:
                return io.BytesIO(stream.read())
        return path

    def partitions(self) -> Iterator[tuple[dict[str, Any], list[Path]]]:
        """The values told by folders such as `country=de`, each with its files; numbers and days are typed."""
        groups: dict[tuple[tuple[str, str | None], ...], list[Path]] = {}
        for path in self.paths:
            folders = path.relative_to(self.base).parts[:-1] if path.is_relative_to(self.base) else ()
            told = (folder.split("=", 1) for folder in folders if "=" in folder)
            groups.setdefault(tuple((name, _told(value)) for name, value in told), []).append(path)
        names = list(dict.fromkeys(name for values in groups for name, _ in values))
        if any([name for name, _ in values] != names for values in groups):
            raise SourceError(f"The folders in {self.base} do not all tell {', '.join(names)}. Name one of them.")
        typed = {name: _typed([dict(values)[name] for values in groups]) for name in names}
        for at, paths in enumerate(groups.values()):
            yield {name: typed[name][at] for name in names}, paths


def found(source: str | Path) -> Files:
    """The files that a path, a folder or a pattern (`logs/*.csv`) means; raises SourceError."""
    path = Path(source).expanduser()
    if path.is_dir():
        return _in_folder(path)
    if not path.exists() and has_magic(str(path)):
        fixed = next(at for at, part in enumerate(path.parts) if has_magic(part))
        base, pattern = Path(*path.parts[:fixed]), str(Path(*path.parts[fixed:]))
        matching = sorted(base.glob(pattern))
        files = [file for match in matching for file in (_files(match) if match.is_dir() else [match])]
        if not files:
            raise SourceError(f"No file matches {path}. Check the pattern.")
        return _of_one_format(list(dict.fromkeys(files)), str(path), base)
    if not path.exists():
        beside = [item.name for item in path.parent.iterdir()] if path.parent.is_dir() else []
        hint = did_you_mean(path.name, beside) if beside else "Check the folder."
        raise SourceError(f"There is no file {path}. {hint if hint.startswith('Did') else 'Check the path.'}")
    return _of_one_format([path], path.name, path.parent)


def _in_folder(folder: Path) -> Files:
    files = _files(folder)
    if not files:
        raise SourceError(f"{folder} is a folder without files of a known format. Known: {', '.join(FORMATS)}.")
    return _of_one_format(files, folder.name or str(folder), folder)


def _files(folder: Path) -> list[Path]:
    """What has a known format in a folder and those below; names that begin with . or _ are not data."""
    every = []
    for at, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith((".", "_")))
        every += [Path(at, name) for name in sorted(names) if not name.startswith((".", "_"))]
    return [path for path in every if suffix(path) in FORMATS]


def _of_one_format(paths: list[Path], name: str, base: Path) -> Files:
    kinds = sorted({kind(path) for path in paths})
    if len(kinds) > 1:
        raise SourceError(f"{name} holds files of several formats: {', '.join(kinds)}. Write a pattern such as *.csv.")
    full = [path for path in paths if path.stat().st_size]
    if not full:
        raise SourceError(f"{name} is empty (0 bytes). There is nothing to read.")
    return Files(name, kinds[0], tuple(full), base)


def kind(path: Path) -> str:
    """The suffix that tells the format, such as `.csv` of `events.csv.gz`; raises SourceError."""
    found = suffix(path)
    if found not in FORMATS:
        raise SourceError(
            f"{path.name} is of no format that is known here. Known: {', '.join(FORMATS)}, also .gz and .zst."
        )
    return found


def suffix(path: Path) -> str:
    """The suffix before that of a packing, such as `.csv` of `events.csv.gz`; empty where there is none."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if suffixes and suffixes[-1] in PACKED:
        suffixes.pop()
    return suffixes[-1] if suffixes else ""


def _told(text: str) -> str | None:
    return None if text == NOTHING else unquote(text)


def _typed(values: list[str | None]) -> list[Any]:
    for read in (int, date.fromisoformat):
        try:
            typed = [None if value is None else read(value) for value in values]
        except ValueError:
            continue
        if all(value is None or str(made) == value for made, value in zip(typed, values, strict=True)):
            return typed  # 007 is a text
    return values

"""Which files a path means: one file, a folder of files of one format, or a pattern."""

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from glob import has_magic
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from explorer.errors import SourceError, did_you_mean
from explorer.events.files.file import File, plain_name
from explorer.events.files.packings import members, packing
from explorer.events.formats.delimited.delimited import Delimited
from explorer.events.formats.format import Format
from explorer.events.formats.table import SUFFIXES, format_named, format_of
from explorer.events.machine.workplace import Workplace

NOTHING = "__HIVE_DEFAULT_PARTITION__"
KNOWN = SUFFIXES
# What these hold is for people or programs, even where it reads like rows.
OTHERS = (
    *(".pdf", ".doc", ".docx", ".ppt", ".pptx", ".rtf", ".odt", ".md", ".rst", ".html", ".htm", ".css", ".js", ".py"),
    *(".ipynb", ".yaml", ".yml", ".toml", ".ini", ".cfg", ".png", ".jpg", ".jpeg", ".gif", ".svg", ".exe", ".dll"),
    *(".so", ".sh", ".bat", ".sql", ".db", ".sqlite"),
)
# Files that other programs write without a suffix, a number for each.
NUMBERED = re.compile(r"^(part|data|events|log|chunk|segment|bucket)?[-_.]?\d[\w-]*$", re.IGNORECASE)


@dataclass(frozen=True)
class Files:
    """Files of one format, in order of their names; `keep` holds them where they are gone with this."""

    name: str
    format: Format
    items: tuple[File, ...]
    keep: Workplace | None = field(default=None, repr=False, compare=False)

    @property
    def paths(self) -> tuple[Path, ...]:
        """The files on the disk, each once."""
        return tuple(dict.fromkeys(item.path for item in self.items))

    @property
    def kind(self) -> str:
        """The suffix that tells the format, such as `.csv`."""
        ending = Path(self.items[0].name).suffix.lower()
        return ending if ending in self.format.suffixes else self.format.suffixes[0]

    @property
    def base(self) -> Path:
        """The folder that holds the files."""
        return self.items[0].base

    @property
    def is_columnar(self) -> bool:
        """Whether columns are read one by one faster than together."""
        return self.format.name in ("Parquet", "Arrow")

    def partitions(self) -> Iterator[tuple[dict[str, Any], list[File]]]:
        """The values told by folders such as `country=de`, each with its files; numbers and days are typed."""
        groups: dict[tuple[tuple[str, str | None], ...], list[File]] = {}
        for item in self.items:
            path = item.path
            folders = path.relative_to(item.base).parts[:-1] if path.is_relative_to(item.base) else ()
            told = (folder.split("=", 1) for folder in folders if "=" in folder)
            groups.setdefault(tuple((name, _told(value)) for name, value in told), []).append(item)
        names = list(dict.fromkeys(name for values in groups for name, _ in values))
        if any([name for name, _ in values] != names for values in groups):
            raise SourceError(f"The folders in {self.name} do not all tell {', '.join(names)}. Name one of them.")
        typed = {name: _typed([dict(values)[name] for values in groups]) for name in names}
        for at, items in enumerate(groups.values()):
            yield {name: typed[name][at] for name in names}, items


Place = str | Path


def found(source: Place | Sequence[Place]) -> Files:
    """The files that a path, a folder, a pattern (`logs/*.csv`) or a list of these means; raises SourceError.

    What exists is that file or folder, whatever signs are in its name; only what does not exist is a pattern.
    """
    if not isinstance(source, str | Path):
        if not source:
            raise SourceError("The list of paths is empty. Name at least one file.")
        every = [pair for place in source for pair in _meant(place)]
        many = f"{len(source)} paths" if len(source) > 1 else str(source[0])
        return _of_one_format(list(dict.fromkeys(every)), many)
    path = Path(source).expanduser()
    return _of_one_format(_meant(source), (path.name or str(path)) if path.exists() else str(path))


def paths_meant(source: Place | Sequence[Place]) -> list[Path]:
    """The files that a path, a folder, a pattern or a list of these means, not looked into; raises SourceError."""
    places = [source] if isinstance(source, str | Path) else source
    every = [path for place in places for path, _ in _meant(place)]
    for path in every:
        _check_name(plain_name(path.name), path.name)
    _check_families(every, str(source))
    return every


def is_of_rows(source: Any) -> bool:
    """Whether a source is files of fields between separators, so that there is something to say of how these are
    written."""
    try:
        return isinstance(source, str | Path | list | tuple) and isinstance(found(source).format, Delimited)
    except SourceError:
        return False


def _meant(source: Place) -> list[tuple[Path, Path]]:
    """Paths of files, each with the folder that partitions are told below."""
    path = Path(source).expanduser()
    if path.is_dir():
        files = _files(path)
        if not files:
            raise SourceError(f"{path} is a folder without files of a known format. Known: {', '.join(KNOWN)}.")
        return [(file, path) for file in files]
    if not path.exists() and has_magic(str(path)):
        fixed = next(at for at, part in enumerate(path.parts) if has_magic(part))
        base, pattern = Path(*path.parts[:fixed]), str(Path(*path.parts[fixed:]))
        matching = sorted(base.glob(pattern))
        files = [file for match in matching for file in (_files(match) if match.is_dir() else [match])]
        if not files:
            raise SourceError(f"No file matches {path}. Check the pattern.")
        return [(file, base) for file in dict.fromkeys(files)]
    if not path.exists():
        beside = [item.name for item in path.parent.iterdir()] if path.parent.is_dir() else []
        hint = did_you_mean(path.name, beside) if beside else "Check the folder."
        raise SourceError(f"There is no file {path}. {hint if hint.startswith('Did') else 'Check the path.'}")
    return [(path, path.parent)]


def _files(folder: Path) -> list[Path]:
    """What looks like data in a folder and those below; names that begin with . or _ are not data."""
    every = []
    for at, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith((".", "_")))
        every += [Path(at, name) for name in sorted(names) if not name.startswith((".", "_"))]
    return [path for path in every if is_data(path.name)]


def is_data(name: str) -> bool:
    """Whether a file's name is that of data: a known suffix, packed or rotated, or a number such as part-00000.

    >>> [is_data(name) for name in ("a.csv.gz", "access.log.1", "part-00000", "notes.md", "a.zip")]
    [True, True, True, False, True]
    """
    packed = Path(name).suffix.lower()
    if packed == ".zip" or suffix(Path(name)) in KNOWN:
        return True
    return bool(NUMBERED.match(plain_name(name))) and "." not in plain_name(name)


def _of_one_format(paths: list[tuple[Path, Path]], name: str) -> Files:
    full = [(path, base) for path, base in paths if _size(path)]
    if not full:
        raise SourceError(f"{name} is empty (0 bytes). There is nothing to read.")
    _check_families([path for path, _ in full], name)
    items = [item for path, base in full for item in _items(path, base)]
    # Names tell what need not be looked into: one file of each suffix is.
    kinds = {Path(item.name).suffix.lower(): item for item in reversed(items)}
    formats = {kind: _format(item) for kind, item in sorted(kinds.items())}
    if len({one.name for one in formats.values()}) > 1:
        raise _several(name, [kind or kinds[kind].name for kind in formats])
    return Files(name, next(iter(formats.values())), tuple(items))


def _check_name(name: str, label: str) -> None:
    if Path(name).suffix.lower() in OTHERS:
        raise _refused(label, "of no format that is known here")


def _refused(label: str, told: str) -> SourceError:
    known = f" Known: {', '.join(KNOWN)}, also packed." if told.startswith("of no") else ""
    return SourceError(f"{label} is {told}.{known}")


def _check_families(paths: Sequence[Path], name: str) -> None:
    """Refuse files whose names tell different formats; raises SourceError."""
    endings = {ending: format_named(ending) for path in paths if (ending := suffix(path)) in KNOWN}
    if len({one.name for one in endings.values() if one}) > 1:
        raise _several(name, sorted(endings))


def _several(name: str, endings: Sequence[str]) -> SourceError:
    told = ", ".join(endings)
    return SourceError(f"{name} holds files of several formats: {told}. Write a pattern such as *.csv.")


def _items(path: Path, base: Path) -> list[File]:
    try:
        kind = packing(path)
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror}. Check the path.") from None
    if kind != "zip":
        return [File(path, base, kind)]
    inside = members(path)
    data = [name for name in inside if is_data(Path(name).name)] or inside
    if not data:
        raise SourceError(f"{path.name} is an archive without files. There is nothing to read.")
    return [File(path, base, kind, member) for member in data]


def _format(item: File) -> Format:
    if not item.head:
        raise SourceError(f"{item.label} is empty when unpacked. There is nothing to read.")
    _check_name(item.name, item.label)
    told = format_of(item)
    if isinstance(told, str):
        raise _refused(item.label, told)
    ending = Path(item.name).suffix.lower()
    named = format_named(ending)
    if named is not None and not named.written and named.name != told.name:
        raise SourceError(
            f"{item.label} cannot be read as {ending[1:]}: what is inside is none. Name the file by what it is."
        )
    return told


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror}. Check the path.") from None


def kind(path: Path) -> str:
    """The suffix that tells the format, such as `.csv` of `events.csv.gz`; raises SourceError.

    Empty for a name that tells none but may be data, such as `part-00000` or an archive's.
    """
    ending = suffix(path)
    if ending not in KNOWN and not is_data(path.name):
        raise SourceError(f"{path.name} is of no format that is known here. Known: {', '.join(KNOWN)}, also packed.")
    return ending if ending in KNOWN else ""


def suffix(path: Path) -> str:
    """The suffix before that of a packing or a rotation, such as `.csv` of `events.csv.gz`; empty without one."""
    return Path(plain_name(path.name)).suffix.lower()


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

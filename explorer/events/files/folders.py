"""The folders whose files may be opened, and what is in them."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from glob import has_magic
from pathlib import Path

from explorer.errors import SourceError
from explorer.events.files.objects import is_address
from explorer.events.files.paths import is_data, paths_meant
from explorer.events.files.source_name import Source

MOST = 50
SLASHES = tuple({os.sep, "/"})


@dataclass(frozen=True)
class Suggestion:
    """A file or a folder, as a text that can be opened; `size` in bytes, of files only."""

    text: str
    is_folder: bool = False
    size: int = 0


@dataclass(frozen=True)
class Listing:
    """What a text may become, folders first, and how many more there are."""

    suggestions: tuple[Suggestion, ...] = ()
    more: int = 0


@dataclass(frozen=True)
class Folders:
    """Only what lies in these folders, links followed, is opened.

    Files in the folders of `unlisted` folders are opened by those who know their whole path, and never suggested.
    """

    roots: tuple[Path, ...]
    unlisted: tuple[Path, ...] = ()

    def __post_init__(self) -> None:
        for name in ("roots", "unlisted"):
            given = (Path(root).expanduser().resolve() for root in getattr(self, name))
            object.__setattr__(self, name, tuple(dict.fromkeys(given)))

    def resolve(self, text: str) -> Path:
        """The file, folder or pattern that a text means, relative to a folder or absolute; raises SourceError."""
        try:
            path = self._placed(text)
            for file in paths_meant(path):
                self._check(file.resolve(), text)
        except (OSError, ValueError, RuntimeError) as error:  # too long, NUL, links in a circle, no home
            why = getattr(error, "strerror", None) or str(error)
            raise SourceError(f"{_short(text)!r} cannot be opened: {why}. Check the path.") from None
        return path

    def listing(self, text: str) -> Listing:
        """The files of known formats and the folders that a text may become."""
        try:
            every = list(dict.fromkeys(self._suggested(text)))
        except (OSError, ValueError, RuntimeError):
            return Listing()
        every.sort(key=lambda one: (not one.is_folder, one.text.lower(), one.text))
        return Listing(tuple(every[:MOST]), max(0, len(every) - MOST))

    def short(self, path: Path) -> str:
        """The shortest text that `resolve` reads as this path again."""
        within = next((root for root in self.roots if path.is_relative_to(root)), None)
        text = str(path.relative_to(within)) if within is not None else str(path)
        return text if self._placed(text) == path else str(path)

    def __str__(self) -> str:
        return ", ".join(map(str, self.roots)) or "(none)"

    # ---- where a text leads

    def _placed(self, text: str) -> Path:
        if not text.strip():
            raise SourceError("Write the path of a file, a folder or a pattern such as logs/*.csv.")
        if is_address(text.strip()) and not text.strip().startswith("file:"):
            raise self._outside(text)
        typed = Path(text.strip()).expanduser()
        meant = [typed] if typed.is_absolute() else [root / typed for root in self.roots]
        paths = [_followed(path) for path in meant]
        inside = [path for path in paths if self._holds(path)]
        there = next((path for path in inside if _is_there(path)), None)
        # Of what lies outside it is not even said whether it is there.
        if there is None and (len(inside) < len(paths) or not paths):
            raise self._outside(text)
        return there or inside[0]

    def _holds(self, path: Path) -> bool:
        known = path.parent.parent in self.unlisted and path.is_file()
        return known or (self._lists(path) and ".." not in path.parts)

    def _lists(self, path: Path) -> bool:
        return any(path.is_relative_to(root) for root in self.roots)

    def _check(self, path: Path, text: str) -> None:
        if not self._holds(path):
            raise self._outside(text)

    def _outside(self, text: str) -> SourceError:
        return SourceError(
            f"{_short(text)} lies outside the folders that may be opened: {self}. "
            "Choose a file in them, or start with --folder to allow another."
        )

    # ---- what may follow

    def _suggested(self, text: str) -> Iterator[Suggestion]:
        typed = text.lstrip()
        at = max(typed.rfind(slash) for slash in SLASHES) + 1
        told, begun = typed[:at], typed[at:]
        if Path(typed).expanduser().is_absolute():
            yield from self._roots(typed)
            yield from self._inside(Path(told).expanduser(), told, begun)
            return
        for place, root in enumerate(self.roots):
            known = {name for other in self.roots[:place] for name in _names(other / told)}
            for one in self._inside(root / told, told, begun):
                hidden = one.text[len(told) :].rstrip("/") in known  # an earlier folder has the same name
                yield one if not hidden else Suggestion(str(root / one.text), one.is_folder, one.size)

    def _roots(self, typed: str) -> Iterator[Suggestion]:
        for root in self.roots:
            whole = f"{root}/"
            if whole.lower().startswith(typed.lower()) and whole != typed:
                yield Suggestion(whole, is_folder=True)

    def _inside(self, folder: Path, told: str, begun: str) -> Iterator[Suggestion]:
        if not self._lists(folder.resolve()) or not folder.is_dir():
            return
        with os.scandir(folder) as entries:
            for entry in entries:
                if not entry.name.startswith((".", "_")) and begun.lower() in entry.name.lower():
                    yield from self._entry(entry, told)

    def _entry(self, entry: "os.DirEntry[str]", told: str) -> Iterator[Suggestion]:
        try:
            if entry.is_symlink() and not self._lists(Path(entry.path).resolve()):
                return
            if entry.is_dir():
                yield Suggestion(f"{told}{entry.name}/", is_folder=True)
            elif entry.is_file() and is_data(entry.name):
                yield Suggestion(f"{told}{entry.name}", size=entry.stat().st_size)
        except (OSError, RuntimeError):  # gone meanwhile, or links in a circle
            return


def allowed(data: Source, named: Iterable[str | Path] = (), beside: Path | None = None) -> Folders:
    """The folders that were named, or else those of the data and of a file `beside`; raises SourceError."""
    roots = [Path(folder).expanduser() for folder in named]
    for root in roots:
        if not root.is_dir():
            raise SourceError(f"There is no folder {root} to open files in.")
    if not roots:
        places = [data] if isinstance(data, str | Path) else data
        roots = [_folder_of(Path(place)) for place in places if not is_address(place)]
        roots += [beside.parent] if beside else []
    return Folders(tuple(roots))


def _folder_of(path: Path) -> Path:
    path = _followed(path.expanduser())
    fixed = next(one for one in (path, *path.parents) if one.exists() or not has_magic(str(one)))
    return fixed if fixed.is_dir() else fixed.parent


def _followed(path: Path) -> Path:
    """The path with its links followed, as far as it is no pattern."""
    if not has_magic(str(path)) or path.exists():
        return path.resolve()
    fixed = next(at for at, part in enumerate(path.parts) if has_magic(part))
    return Path(*path.parts[:fixed]).resolve().joinpath(*path.parts[fixed:])


def _is_there(path: Path) -> bool:
    if path.exists() or not has_magic(str(path)):
        return path.exists()
    fixed = next(at for at, part in enumerate(path.parts) if has_magic(part))
    return next(Path(*path.parts[:fixed]).glob(str(Path(*path.parts[fixed:]))), None) is not None


def _names(folder: Path) -> list[str]:
    return [one.name for one in folder.iterdir()] if folder.is_dir() else []


def _short(text: str) -> str:
    shown = text.strip()
    return shown if len(shown) <= 120 else f"{shown[:60]}…{shown[-40:]}"

"""Tables of properties that are joined to the events: users, products, prices."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePath, PurePosixPath, PureWindowsPath
from typing import Any

from explorer.errors import SpecError, located, quoted
from explorer.spec.document import Spec, check_name


@dataclass(frozen=True)
class Lookup(Spec):
    """A file with one row for each value of a column of events: `on` is that column, `key` its name in the file.

    `file` is relative to the folder of the data and stays inside it.

    >>> Lookup("users", file="users.csv", on="user_id").key
    'user_id'
    """

    name: str
    file: str
    on: str
    key: str = ""

    def __post_init__(self) -> None:
        on: Any = self.on
        if isinstance(on, Mapping) and len(on) == 1:
            ((self_on, key),) = on.items()
            self._set("on", self_on)
            self._set("key", key)
        for field in ("name", "file", "on"):
            check_name(getattr(self, field), field)
        if "." in self.name or self.name.isdigit():
            with located("name"):
                raise SpecError(f"'{self.name}' cannot be the name of a lookup: write a word without a dot.")
        self._set("key", self.key or self.on)
        check_name(self.key, "key")
        with located("file"):
            _check_inside(self.file)

    def plain(self) -> dict[str, Any]:
        values = {"file": self.file, "on": self.on}
        return values if self.key == self.on else values | {"key": self.key}


def read_lookups(value: Any) -> tuple[Lookup, ...]:
    """Lookups from a mapping of names, or a list whose names are those of the files; raises SpecError.

    >>> read_lookups([{"file": "users.csv", "on": "user_id"}])[0].name
    'users'
    """
    if not value:
        return ()
    if isinstance(value, Mapping) and set(value) >= {"file", "on"}:
        value = [value]
    if isinstance(value, Mapping):
        pairs: Iterable[tuple[str, Any]] = [(str(name), fields) for name, fields in value.items()]
    elif isinstance(value, list | tuple):
        pairs = [(_name(each), each) for each in value]
    else:
        raise SpecError(f"Expected a name, a file and a key for each lookup, got {quoted(value)}.")
    found: list[Lookup] = []
    for name, fields in pairs:
        with located(name or "[0]"):
            given = fields if isinstance(fields, Lookup) else {"name": name, **fields} if _fits(fields) else fields
            found.append(Lookup.read(given))
            if name in [each.name for each in found[:-1]]:
                raise SpecError(f"'{name}' is taken already. Choose another name.")
    return tuple(found)


def name_of(file: str, taken: Iterable[str] = ()) -> str:
    """A name for the lookup of a file that no other one has.

    >>> name_of("tables/users.2024.csv"), name_of("users.csv", ["users"]), name_of("7.csv")
    ('users', 'users2', 'table7')
    """
    name = PurePosixPath(file).name.partition(".")[0].strip() or "table"
    name = f"table{name}" if name.isdigit() else name
    known = set(taken)
    return next(each for each in (name, *(f"{name}{at}" for at in range(2, len(known) + 3))) if each not in known)


def _fits(fields: Any) -> bool:
    return isinstance(fields, Mapping)


def _name(value: Any) -> str:
    if isinstance(value, Lookup):
        return value.name
    said = value.get("name") or value.get("file") if isinstance(value, Mapping) else None
    return PurePath(str(said)).name.partition(".")[0] if said else ""


def _check_inside(file: str) -> None:
    for kind in (PurePosixPath, PureWindowsPath):
        path = kind(file)
        if path.is_absolute() or path.drive or ".." in path.parts:
            raise SpecError(f"'{file}' leaves the folder of the data. Name a file in it, such as users.csv.")

"""Specs as plain values (dicts, lists, texts, numbers), and back."""

from dataclasses import MISSING, Field, fields
from typing import Any, ClassVar, Self, TypeVar
from urllib.parse import parse_qsl, quote

from explorer.errors import SpecError, as_text, did_you_mean, located, quoted

MOST_STEPS, MOST_DIGITS = 50, 9


class Spec:
    """A frozen dataclass that can be written as plain values and read back."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    @classmethod
    def read(cls, value: Any) -> Self:
        """Accept the spec itself or a mapping; unknown and missing fields are refused by name."""
        if isinstance(value, cls):
            return value
        if not isinstance(value, dict):
            raise SpecError(f"Expected the fields of a {cls.__name__}, got {quoted(value)}.")
        known = [field.name for field in fields(cls)]
        for name in map(as_text, value):
            if name not in known:
                with located(name):
                    raise SpecError(f"{cls.__name__} has no field '{name}'. {did_you_mean(name, known)}")
        for field in fields(cls):
            if field.default is MISSING and field.default_factory is MISSING and field.name not in value:
                raise SpecError(f"{cls.__name__} needs '{field.name}'.")
        return cls(**value)

    def plain(self) -> dict[str, Any]:
        """Plain values of every field that is not its default."""
        values = {}
        for field in fields(self):
            value = getattr(self, field.name)
            default = field.default_factory() if field.default_factory is not MISSING else field.default
            if value != default:
                values[field.name] = _plain(value)
        return values

    def replace(self, **changes: Any) -> Self:
        """The same with other values in some fields."""
        return type(self)(**{field.name: getattr(self, field.name) for field in fields(self)} | changes)

    def _set(self, name: str, value: Any) -> None:
        object.__setattr__(self, name, value)


T = TypeVar("T", bound=Spec)


def read_all(kind: type[T], values: Any, where: str) -> tuple[T, ...]:
    """A list of specs; an error says which one."""
    if not isinstance(values, list | tuple):
        with located(where):
            raise SpecError(f"Expected a list, got {quoted(values)}.")
    found = []
    for at, value in enumerate(values):
        with located(f"{where}[{at}]"):
            found.append(kind.read(value))
    return tuple(found)


def check_choice(value: Any, choices: tuple[str, ...], where: str) -> None:
    """Refuse a word that is not one of the choices."""
    if value not in choices:
        with located(where):
            raise SpecError(f"{quoted(value)} is not known. {did_you_mean(as_text(value), choices)}")


def check_name(value: Any, where: str = "name") -> None:
    """Names are texts with something in them; they stand in lists, columns and files."""
    if not isinstance(value, str) or not value.strip() or value != value.strip():
        with located(where):
            raise SpecError(f"{quoted(value)} is not a name. Write a text without spaces at its ends.")


def _plain(value: Any) -> Any:
    if isinstance(value, Spec):
        return value.plain()
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value if isinstance(value, str | int | float | bool) or value is None else str(value)


# ---- the same, as a readable query string: sessions.0.inactivity=30m


def to_query(plain: Any) -> str:
    """
    >>> to_query({"columns": {"actor": ["user"]}, "sessions": [{"inactivity": "30m"}]})
    'columns.actor.0=user&sessions.0.inactivity=30m'
    """
    return query_text(flat(plain))


def from_query(query: str) -> dict[str, Any]:
    """
    >>> from_query("columns.actor.0=user&sessions.0.inactivity=30m")
    {'columns': {'actor': ['user']}, 'sessions': [{'inactivity': '30m'}]}
    """
    return nested(dict(parse_qsl(query.removeprefix("?"), keep_blank_values=True)))


def query_text(values: dict[str, str]) -> str:
    """Names and values as they stand in a link, with as few signs escaped as may be."""
    return "&".join(f"{_escaped(name)}={_escaped(value)}" for name, value in values.items())


def flat(plain: Any, path: tuple[str, ...] = ()) -> dict[str, str]:
    """Nested dicts and lists as one level: {"sessions.0.inactivity": "30m"}."""
    items = plain.items() if isinstance(plain, dict) else enumerate(plain) if isinstance(plain, list) else None
    if items is None:
        return {".".join(path): str(plain).lower() if isinstance(plain, bool) else str(plain)}
    found: dict[str, str] = {}
    for key, item in items:
        found |= flat(item, (*path, str(key)))
    return found


def nested(values: dict[str, str]) -> dict[str, Any]:
    """What `flat` made flat; an empty value is left out."""
    root: dict[str, Any] = {}
    for key, value in values.items():
        *path, last = key.split(".")
        if len(path) > MOST_STEPS:
            raise SpecError(f"The link says '{key}', which is nested more than {MOST_STEPS} deep.")
        node = root
        for step in path:
            node = node.setdefault(step, {})
            if not isinstance(node, dict):
                raise SpecError(f"The link says '{step}' twice, as a value and as a group.")
        if value:
            node[last] = value
    found = _listed(root)
    return found if isinstance(found, dict) else {}


def _escaped(text: str) -> str:
    return quote(text, safe=":;,()'./").replace("%20", "+")


def _listed(node: Any) -> Any:
    if not isinstance(node, dict):
        return node
    inner = {key: _listed(value) for key, value in node.items()}
    if inner and all(key.isascii() and key.isdigit() and len(key) <= MOST_DIGITS for key in inner):
        return [inner[key] for key in sorted(inner, key=int)]
    return {key: value for key, value in inner.items() if value != {}}

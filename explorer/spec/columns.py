"""Which columns of the events say who, when and what, and how they are read."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from explorer.errors import SpecError, as_text, did_you_mean, located, quoted
from explorer.spec.derived import Derived, of_actor, read_derived
from explorer.spec.document import Spec, check_choice, check_name
from explorer.spec.expression.clause import Expression
from explorer.spec.file_format import FileFormat
from explorer.spec.identity import Identity
from explorer.spec.lookup import Lookup, read_lookups
from explorer.spec.time_format import check_time_format

UNITS = (
    *("seconds", "milliseconds", "microseconds", "nanoseconds"),
    *("days", "excel days", "filetime", "webkit", "dotnet ticks"),
)
LENGTHS = ("hours", "minutes", *UNITS[:4])
TYPES = ("text", "number", "json")
TRUTHS = {"true": True, "false": False}


@dataclass(frozen=True)
class Columns(Spec):
    """The roles of columns. `actor` is one or more columns; `order` breaks ties of time.

    `time` is one column, or that of the day and that of the time of day. `unit` is what numeric times count and
    `time_format` the form of times that are texts (`day first`, `month first`, or parts such as `%d.%m.%Y %H:%M`); each
    is found out where it is left out. `types` says that a column is a text whatever it looks like. `null_values` are
    words for nothing, everywhere or in one column. `unique_by` and `drop_duplicates` leave out, and count, events that
    repeat an earlier one in these columns, or in every column.
    `until` is when an event that lasts ends, or how long it lasts, in `until_unit` where it is a number. With
    `identity`, the actor is who the event counts for. `derived` are columns that expressions compute, such as
    `{"campaign": "url_param(url, 'utm_campaign')"}`. `now` is what `now()` is, the last event where it is left out.
    `format` is how a text file is written, such as `{"separator": "tab", "encoding": "cp1252"}`.
    `lookups` join tables of properties, such as `{"users": {"file": "users.csv", "on": "user_id"}}`.

    >>> columns = Columns(actor="user_id", time=["date", "time"], null_values=["NULL", {"user_id": "anonymous"}])
    >>> columns.actor, columns.day, columns.time
    (('user_id',), 'date', 'time')
    """

    actor: tuple[str, ...]
    time: str
    event: str | None = None
    order: tuple[str, ...] = ()
    time_zone: str | None = None
    unit: str | None = None
    drop_duplicates: bool = False
    until: str | None = None
    until_unit: str | None = None
    identity: Identity | None = None
    time_format: str | None = None
    types: tuple[tuple[str, str], ...] = ()
    null_values: tuple[str | tuple[str, str], ...] = ()
    unique_by: tuple[str, ...] = ()
    day: str | None = None
    derived: tuple[Derived, ...] = ()
    now: str | None = None
    lookups: tuple[Lookup, ...] = ()
    format: FileFormat | None = None

    if TYPE_CHECKING:

        def __init__(
            self,
            actor: str | Sequence[str],
            time: str | Sequence[str],
            event: str | None = None,
            order: str | Sequence[str] = (),
            time_zone: str | None = None,
            unit: str | None = None,
            drop_duplicates: bool = False,
            until: str | None = None,
            until_unit: str | None = None,
            identity: Identity | dict[str, str] | None = None,
            time_format: str | None = None,
            types: Mapping[str, str] | Sequence[tuple[str, str]] = (),
            null_values: str | Sequence[str | tuple[str, str] | dict[str, str]] = (),
            unique_by: str | Sequence[str] = (),
            day: str | None = None,
            derived: Mapping[str, str | Expression] | Sequence[Derived] = (),
            now: str | datetime | None = None,
            lookups: Mapping[str, Any] | Sequence[Lookup | Mapping[str, Any]] = (),
            format: FileFormat | dict[str, Any] | None = None,
        ) -> None: ...

    @classmethod
    def read(cls, value: Any) -> Self:
        """Accept the roles themselves or a mapping; with an identity, the known user's column names the actor."""
        if isinstance(value, dict) and value.get("identity") and not value.get("actor"):
            with located("identity"):
                value = value | {"actor": Identity.read(value["identity"]).known}
        return super().read(value)

    def __post_init__(self) -> None:
        for name in ("actor", "order", "unique_by"):
            value: Any = getattr(self, name)
            names = (value,) if isinstance(value, str) else tuple(value or ())
            for at, column in enumerate(names):
                check_name(column, f"{name}[{at}]")
            self._set(name, names)
        if not self.actor:
            with located("actor"):
                raise SpecError("Say which column tells the actor.")
        if len(set(self.actor)) < len(self.actor):
            with located("actor"):
                raise SpecError(f"A column is named twice: {', '.join(self.actor)}.")
        self._read_time()
        self._set("event", self.event or None)
        self._set("time_zone", self.time_zone or None)
        if self.time_zone:
            check_zone(self.time_zone, "time_zone")
        self._set("unit", self.unit or None)
        if self.unit:
            check_choice(self.unit, UNITS, "unit")
        self._set("drop_duplicates", truth(self.drop_duplicates, "drop_duplicates"))
        self._set("until", self.until or None)
        self._set("until_unit", self.until_unit or None)
        if self.until_unit:
            check_choice(self.until_unit, LENGTHS, "until_unit")
        identity: Any = self.identity
        with located("identity"):
            self._set("identity", Identity.read(identity) if identity else None)
            if identity and len(self.actor) > 1:
                raise SpecError(f"The actor of an identity is one column, not {', '.join(self.actor)}. Name one.")
        self._set("types", _types(self.types))
        self._set("null_values", _null_values(self.null_values))

        with located("format"):
            told: Any = self.format
            self._set("format", (FileFormat.read(told) if told else None) or None)
            if self.format and not self.format.told:
                self._set("format", None)
        with located("derived"):
            self._set("derived", of_actor(self.actor, read_derived(self.derived)))
        with located("now"):
            self._set("now", _time(self.now))
        with located("lookups"):
            self._set("lookups", read_lookups(self.lookups))

    def _read_time(self) -> None:
        time: Any = self.time
        if isinstance(time, list | tuple):
            with located("time"):
                if len(time) != 2 or time[0] == time[1]:
                    raise SpecError("Name one column, or that of the day and that of the time of day: [date, time].")
            self._set("day", time[0])
            self._set("time", time[1])
        self._set("day", self.day or None)
        for name in ("day", "time") if self.day else ("time",):
            check_name(getattr(self, name), "time")
        self._set("time_format", self.time_format or None)
        if self.time_format:
            with located("time_format"):
                check_time_format(self.time_format)

    @property
    def times(self) -> tuple[str, ...]:
        """The columns that say when: of the day, where it has one of its own, and of the time."""
        return (self.day, self.time) if self.day else (self.time,)

    @property
    def actor_name(self) -> str:
        """The actor's name in lists: `user_id`, or `tenant+user` for several columns."""
        return "+".join(self.actor)

    def plain(self) -> dict[str, Any]:
        values = super().plain()
        for name in ("actor", "order", "unique_by"):
            if len(values.get(name, ())) == 1:
                values[name] = values[name][0]
        if values.pop("day", None):
            values["time"] = list(self.times)
        if self.types:
            values["types"] = dict(self.types)
        if self.null_values:
            values["null_values"] = [one if isinstance(one, str) else {one[0]: one[1]} for one in self.null_values]
        values.pop("derived", None)
        if told := {each.name: str(each.value) for each in self.derived if not each.is_of_actor}:
            values["derived"] = told
        if self.lookups:
            values["lookups"] = {each.name: each.plain() for each in self.lookups}
        return values


def _time(value: Any) -> str | None:
    if value is None or value == "":
        return None
    try:
        return str(datetime.fromisoformat(str(value).strip()))
    except ValueError:
        raise SpecError(f"{quoted(value)} is not a time. Write 2024-03-01 or 2024-03-01 12:30:00.") from None


def _types(value: Any) -> tuple[tuple[str, str], ...]:
    pairs = tuple(_flat(value)) if isinstance(value, dict) else tuple(tuple(pair) for pair in value or ())
    for name, kind in pairs:
        check_choice(kind, TYPES, f"types.{name}")
    return pairs


def _flat(value: dict[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    """Names with dots in them come from links as mappings in mappings."""
    for name, inner in value.items():
        if isinstance(inner, dict):
            yield from _flat(inner, f"{before}{name}.")
        else:
            yield f"{before}{name}", inner


def _null_values(value: Any) -> tuple[str | tuple[str, str], ...]:
    parts: list[Any] = [value] if isinstance(value, str | dict) else list(value or ())
    found: list[str | tuple[str, str]] = []
    for at, part in enumerate(parts):
        if isinstance(part, dict):
            pairs = [(name, each) for name, told in part.items() for each in _each(told)]
            found += pairs
        elif isinstance(part, list | tuple) and len(part) == 2:
            found.append((part[0], part[1]))
        else:
            found.append(part)
        last = found[-1] if found else ""
        if not all(isinstance(text, str) for text in (last if isinstance(last, tuple) else (last,))):
            with located(f"null_values[{at}]"):
                raise SpecError(f"{part!r} is not a text. Put it in quotes.")
    return tuple(dict.fromkeys(found))


def _each(told: Any) -> list[Any]:
    return list(told) if isinstance(told, list | tuple) else [told]


def truth(value: Any, where: str) -> bool:
    """True or false, also as the text that a link or a document says it in; raises SpecError.

    >>> truth("True", "drop_duplicates"), truth(False, "drop_duplicates")
    (True, False)
    """
    word = as_text(value or False).strip().lower()
    if word not in TRUTHS:
        with located(where):
            raise SpecError(f"'{value}' is neither true nor false. {did_you_mean(word, TRUTHS)}")
    return TRUTHS[word]


def check_zone(zone: str, where: str) -> None:
    """Refuse a time zone that is not in the IANA list."""
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        with located(where):
            raise SpecError(f"'{zone}' is not a time zone. Write one such as Europe/Berlin or UTC.") from None

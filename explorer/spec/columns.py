"""Which columns of the events say who, when and what, and how they are read."""

from dataclasses import dataclass
from typing import Any, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from explorer.errors import SpecError, as_text, did_you_mean, located
from explorer.spec.document import Spec, check_choice, check_name
from explorer.spec.identity import Identity

UNITS = ("seconds", "milliseconds", "microseconds", "nanoseconds")
LENGTHS = ("hours", "minutes", *UNITS)
TRUTHS = {"true": True, "false": False}


@dataclass(frozen=True)
class Columns(Spec):
    """The roles of columns. `actor` is one or more columns; `order` breaks ties of time.

    `unit` is what numeric times count, guessed where it is left out. `drop_duplicates` leaves out, and counts, events
    that repeat an earlier one in every column. `until` is when an event that lasts ends, or how long it lasts, in
    `until_unit` where it is a number. With `identity`, the actor is who the event counts for.

    >>> Columns(actor="user_id", time="ts").actor
    ('user_id',)
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

    @classmethod
    def read(cls, value: Any) -> Self:
        """Accept the roles themselves or a mapping; with an identity, the known user's column names the actor."""
        if isinstance(value, dict) and value.get("identity") and not value.get("actor"):
            with located("identity"):
                value = value | {"actor": Identity.read(value["identity"]).known}
        return super().read(value)

    def __post_init__(self) -> None:
        for name in ("actor", "order"):
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
        check_name(self.time, "time")
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

    @property
    def actor_name(self) -> str:
        """The actor's name in lists: `user_id`, or `tenant+user` for several columns."""
        return "+".join(self.actor)

    def plain(self) -> dict[str, Any]:
        values = super().plain()
        for name in ("actor", "order"):
            if len(values.get(name, ())) == 1:
                values[name] = values[name][0]
        return values


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

"""Which columns of the events say who, when and what."""

from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from explorer.errors import SpecError, located
from explorer.spec.document import Spec, check_name


@dataclass(frozen=True)
class Columns(Spec):
    """The roles of columns. `actor` is one or more columns; `order` breaks ties of time.

    >>> Columns(actor="user_id", time="ts").actor
    ('user_id',)
    """

    actor: tuple[str, ...]
    time: str
    event: str | None = None
    order: tuple[str, ...] = ()
    time_zone: str | None = None

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


def check_zone(zone: str, where: str) -> None:
    """Refuse a time zone that is not in the IANA list."""
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        with located(where):
            raise SpecError(f"'{zone}' is not a time zone. Write one such as Europe/Berlin or UTC.") from None

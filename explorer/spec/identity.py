"""Who an event counts for where people are known at times and anonymous on a device at others."""

from dataclasses import dataclass

from explorer.errors import SpecError, located
from explorer.spec.document import Spec, check_name


@dataclass(frozen=True)
class Identity(Spec):
    """Two columns of the events: the `known` user, and the `anonymous` device, cookie or address.

    An event counts for its known user, else for the last known user of its device in the source, else for the device.

    >>> Identity(known="user_id", anonymous="device_id").known
    'user_id'
    """

    known: str
    anonymous: str

    def __post_init__(self) -> None:
        for name in ("known", "anonymous"):
            check_name(getattr(self, name), name)
        if self.known == self.anonymous:
            with located("anonymous"):
                raise SpecError(f"'{self.known}' cannot be the user and the device. Name the device's own column.")

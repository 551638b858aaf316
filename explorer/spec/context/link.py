"""Links from sessions to other tools: an address with places for what is known of a session."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, unquote

from explorer.errors import SpecError, located, quoted
from explorer.spec.document import Spec, check_name

EXAMPLE = "https://replay.example.com/{session_id}"
PLACE = re.compile(r"\{([^{}]*)\}")
BEGINS = re.compile(r"https?://", re.IGNORECASE)
# How a time or a duration is written besides as ISO 8601 or in seconds.
FORMS = ("ms", "s")
MOST_CHARACTERS = 2_000


@dataclass(frozen=True)
class Link(Spec):
    """A link of every session: its name, and its address with `{session_id}`, `{actor}`, `{start}`, a metric ... in it.

    Every value is percent-encoded, so that data are only ever a part of the path, the query or the fragment: the
    scheme is http or https, and the host is what the analyst writes. Times are ISO 8601, durations are seconds;
    `{start:ms}` is a time in milliseconds since 1970.

    >>> link = Link("Replay", "https://replay.example.com/{session_id}?from={start:ms}")
    >>> link.places
    (('session_id', ''), ('start', 'ms'))
    >>> link.filled({"session_id": "ann/1", "start:ms": "1700000000000"})
    'https://replay.example.com/ann%2F1?from=1700000000000'
    """

    name: str
    url: str

    def __post_init__(self) -> None:
        check_name(self.name)
        with located("url"):
            self._set("url", _checked(self.url))

    @property
    def places(self) -> tuple[tuple[str, str], ...]:
        """The names in the address, each with the form that its value has; in order, each once."""
        found = (text.partition(":") for text in PLACE.findall(self.url))
        return tuple(dict.fromkeys((name, form) for name, _, form in found))

    def filled(self, values: Mapping[str, str | None]) -> str | None:
        """The address of one session; None where a value is missing, or would lead to another folder of the host.

        >>> Link("Up", "https://a.example/x/{who}/y").filled({"who": ".."}) is None
        True
        """
        if any(values.get(text) in (None, "") for text in PLACE.findall(self.url)):
            return None
        found = PLACE.sub(lambda place: quote(str(values[place[1]]), safe=""), self.url)
        # Browsers read `..` and `%2e%2e` as the folder above, however they are written.
        return None if _steps(found) != _steps(self.url) else found


def _steps(url: str) -> list[str]:
    path = re.split("[?#]", url, maxsplit=1)[0]
    return [step for step in path.split("/") if unquote(step) in (".", "..")]


def _checked(url: object) -> str:
    """The address, when data can choose neither its scheme nor its host."""
    if not isinstance(url, str) or not url.strip():
        raise SpecError(f"A link has an address such as {EXAMPLE}.")
    url = url.strip()
    if not BEGINS.match(url):
        raise SpecError(f"{quoted(url)} does not begin with http:// or https://. Write the likes of {EXAMPLE}.")
    if len(url) > MOST_CHARACTERS:
        raise SpecError(f"It has {len(url):,} characters. An address has at most {MOST_CHARACTERS:,}.")
    if any(letter.isspace() or not letter.isprintable() or letter in '\\"<>`' for letter in url):
        raise SpecError("An address has no spaces, quotes, angle brackets or backslashes. Write them as %20 and so on.")
    host = re.split("[/?#]", BEGINS.sub("", url, count=1), maxsplit=1)[0]
    if "{" in host or "}" in host:
        raise SpecError(f"Data may not choose the host. Write it out, and what is known behind it: {EXAMPLE}.")
    if not host or "@" in host:
        raise SpecError(f"It names no host, or a user of one. Write the likes of {EXAMPLE}.")
    if set("{}") & set(PLACE.sub("", url)):
        raise SpecError("A brace stands alone. Names of columns stand in a pair of them: {session_id}.")
    for text in PLACE.findall(url):
        name, colon, form = text.partition(":")
        if not name.strip() or (colon and form not in FORMS):
            raise SpecError(f"{{{text}}} is no column. Write {{session_id}}, {{start}}, or {{start:ms}}.")
    return url

"""Who a server lets in: requests for one of its own names, and beyond this machine only with the token it gave out."""

from __future__ import annotations

import socket
from collections.abc import Iterable
from dataclasses import dataclass, field
from hmac import compare_digest
from ipaddress import ip_address
from secrets import token_urlsafe
from typing import Any
from urllib.parse import urlencode, urlsplit

from tornado.httputil import HTTPServerRequest
from tornado.routing import Matcher, Rule
from tornado.web import Application, RequestHandler

from widgets.parts.library_internals import ask_bokeh_of_origins, leave_origins_to

LOCAL = ("localhost", "127.0.0.1", "::1")
EVERYWHERE = ("", "0.0.0.0", "::")
TOKEN = "token"


@dataclass(frozen=True)
class Admission:
    """The names that a server answers to, and the token that a browser shows it; empty where none is needed.

    A page of another site whose name is made to mean this machine has that name in its requests, and gets nothing.
    A number can mean nothing else than it says: `numbers` are let in where a server listens everywhere.

    >>> here = Admission.of("localhost")
    >>> here.knows("localhost:5006"), here.knows("[::1]:5006"), here.knows("evil.example:5006"), here.token
    (True, True, False, '')
    """

    names: frozenset[str]
    numbers: bool = False
    token: str = field(default="", repr=False)

    @classmethod
    def of(cls, address: str, allowed: Iterable[str] = (), token: str | None = None) -> Admission:
        """For a server that listens at `address`; a `token` of None is a random one where others can reach it."""
        everywhere = address in EVERYWHERE
        own = (socket.gethostname().lower(),) if everywhere else (name_of(address),)
        names = frozenset((*LOCAL, *own, *(name_of(each) for each in allowed)))
        if token is None:
            token = "" if is_local(address) else token_urlsafe(32)
        return cls(names, everywhere, token)

    def knows(self, host: str) -> bool:
        """Whether a Host header means this server."""
        name = name_of(host)
        return name in self.names or (self.numbers and _is_number(name))

    def guard(self, application: Application, port: int) -> None:
        """Let this stand before everything that an application answers, websockets too."""
        leave_origins_to(application)
        cookie = f"session-explorer-{port}"
        rules = application.default_router.rules
        rules.insert(0, Rule(_Others(self), Stranger))
        if self.token:
            rules.insert(1, Rule(_WithToken(self), Entrance, {"token": self.token, "cookie": cookie}))
            rules.insert(2, Rule(_WithoutCookie(self.token, cookie), NoToken))


def name_of(host: str) -> str:
    """The name in a Host header or in what was typed for one, without its port.

    >>> name_of("Example.com:80"), name_of("[::1]:5006"), name_of("::1"), name_of("https://a.b/c")
    ('example.com', '::1', '::1', 'a.b')
    """
    text = host.strip().lower()
    text = urlsplit(text).netloc if "://" in text else text
    if text.startswith("["):
        return text[1:].partition("]")[0]
    return text if text.count(":") > 1 else text.partition(":")[0]


def is_local(address: str) -> bool:
    """Whether only this machine reaches a server that listens there."""
    name = name_of(address)
    return name == "localhost" or (_is_number(name) and ip_address(name).is_loopback)


def _is_number(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


class _Others(Matcher):
    def __init__(self, admission: Admission) -> None:
        self._admission = admission

    def match(self, request: HTTPServerRequest) -> dict[str, Any] | None:
        if not self._admission.knows(request.host):
            return {}
        if request.host.startswith("["):  # Panel's Location takes every host to have one colon at most
            request.host = "localhost" + request.host.partition("]")[2]
        return None


class _WithToken(Matcher):
    def __init__(self, admission: Admission) -> None:
        self._token = admission.token.encode()

    def match(self, request: HTTPServerRequest) -> dict[str, Any] | None:
        shown = request.query_arguments.get(TOKEN, [b""])[-1]
        return {} if request.method == "GET" and compare_digest(shown, self._token) else None


class _WithoutCookie(Matcher):
    def __init__(self, token: str, cookie: str) -> None:
        self._token, self._cookie = token.encode(), cookie

    def match(self, request: HTTPServerRequest) -> dict[str, Any] | None:
        found = request.cookies.get(self._cookie)
        shown = found.value.encode() if found is not None else b""
        return None if compare_digest(shown, self._token) else {}


class Stranger(RequestHandler):
    """Answers everything that is asked under a name that is not this server's."""

    status = 403
    words = (
        "This server does not answer to that name. Open it as localhost, or start it with "
        "--allow-host NAME to have it answer to another."
    )

    def prepare(self) -> None:
        """Say so, whatever was asked for."""
        self.set_status(self.status)
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.set_header("X-Content-Type-Options", "nosniff")
        self.finish(self.words)


class NoToken(Stranger):
    """Answers a browser that has not shown the token."""

    words = (
        "This page is for those who have its token. Open the address that session-explorer serve has written: it ends "
        "in ?token=…"
    )


class Entrance(RequestHandler):
    """Takes the token out of the address and lets the browser keep it as a cookie that no script reads."""

    def initialize(self, token: str, cookie: str) -> None:
        """The token, and the name of its cookie."""
        self._token, self._cookie = token, cookie

    def get(self, *_: Any) -> None:
        """Go to the same page without the token."""
        self.set_cookie(self._cookie, self._token, httponly=True, samesite="Lax", path="/")
        self.set_header("Referrer-Policy", "no-referrer")
        self.set_header("Cache-Control", "no-store")
        others = [
            (name, value.decode("utf-8", "replace"))
            for name, values in self.request.query_arguments.items()
            for value in values
            if name != TOKEN
        ]
        # A path that begins with two slashes would lead to another server.
        path = "/" + self.request.path.lstrip("/")
        self.redirect(f"{path}?{urlencode(others)}" if others else path)


ask_bokeh_of_origins(lambda origin: name_of(origin) in LOCAL)

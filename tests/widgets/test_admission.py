"""Which requests a server answers: under its own names only, and beyond localhost only with its token."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator

import pytest

from tests.ui.serving import servers
from widgets.page.admission import Admission, is_local, name_of


def served(admission: Admission) -> Iterator[int]:
    import panel as pn

    with servers() as start:
        port = int(start(lambda: pn.pane.Str("secret")).split(":")[2].split("/")[0])
        (server, *_) = next(each for each in pn.state._servers.values() if each[0].port == port)
        admission.guard(server._tornado, port)
        yield port


@pytest.fixture(scope="module")
def local() -> Iterator[int]:
    yield from served(Admission.of("localhost", ["sessions.example.com"]))


@pytest.fixture(scope="module")
def beyond() -> Iterator[int]:
    yield from served(Admission.of("0.0.0.0", token="right"))


@pytest.fixture(scope="module")
def unguarded() -> Iterator[int]:
    """As `panel serve app.py` serves it."""
    import panel as pn

    with servers() as start:
        yield int(start(lambda: pn.pane.Str("secret")).split(":")[2].split("/")[0])


def ask(port: int, host: str | None, path: str = "/app", **headers: str) -> tuple[int, dict[str, str], str]:
    """Status, headers and text of one request, written by hand: no client is in the way of its headers."""
    lines = [f"GET {path} HTTP/1.1", *([] if host is None else [f"Host: {host}"])]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    if "Upgrade" not in headers:
        lines.append("Connection: close")
    with socket.create_connection(("localhost", port), timeout=20) as connection:
        connection.sendall(("\r\n".join([*lines, "", ""])).encode())
        answer = b""
        while piece := connection.recv(65536):
            answer += piece
            if b"HTTP/1.1 101" in answer or (b"\r\n\r\n" in answer and "Upgrade" in headers):
                break
    head, _, body = answer.decode("utf-8", "replace").partition("\r\n\r\n")
    first, *rest = head.split("\r\n")
    return int(first.split()[1]), dict(line.split(": ", 1) for line in rest), body


UPGRADE = {
    "Upgrade": "websocket",
    "Connection": "Upgrade",
    "Sec_WebSocket_Version": "13",
    "Sec_WebSocket_Key": "dGhlIHNhbXBsZSBub25jZQ==",
    "Sec_WebSocket_Protocol": "bokeh, none",
}
OURS = [
    "localhost:{}",
    "LOCALHOST:{}",
    "127.0.0.1:{}",
    "[::1]:{}",
    "[::1]",
    "localhost",
    "localhost:9999",
    "sessions.example.com",
]
THEIRS = ["evil.example:{}", "evil.example", "localhost.evil.example:{}", "127.0.0.1.evil.example", "10.0.0.1:{}"]
THEIRS += ["notlocalhost:{}", "localhost@evil.example", "[::2]:{}", "0.0.0.0:{}", "evil.example#localhost"]


@pytest.mark.parametrize("host", OURS)
def test_pages_are_given_under_the_servers_own_names(local: int, host: str) -> None:
    assert ask(local, host.format(local))[0] == 200


@pytest.mark.parametrize("host", THEIRS)
@pytest.mark.parametrize(
    "path", ["/app", "/app/ws", "/static/js/bokeh.min.js", "/fetch/x", "/app/autoload.js", "/nothing"]
)
def test_nothing_is_given_under_another_name(local: int, host: str, path: str) -> None:
    status, _, body = ask(local, host.format(local), path)
    assert (status, "secret" in body) in ((403, False), (400, False))


@pytest.mark.parametrize("host", THEIRS)
def test_no_websocket_is_opened_under_another_name(local: int, host: str) -> None:
    named = host.format(local)
    assert ask(local, named, "/app/ws", Origin=f"http://{named}", **UPGRADE)[0] in (400, 403)
    assert ask(local, named, "/app/ws", Sec_Fetch_Site="same-origin", **UPGRADE)[0] in (400, 403)


def test_a_websocket_of_another_page_is_refused_under_the_right_name(local: int) -> None:
    assert ask(local, f"localhost:{local}", "/app/ws", Origin="http://evil.example", **UPGRADE)[0] == 403


@pytest.mark.parametrize("name", ["evil.example:{}", "localhost.evil.example", "10.0.0.1:{}"])
def test_panels_own_server_opens_no_websocket_to_another_name_either(unguarded: int, name: str) -> None:
    host = name.format(unguarded)
    assert ask(unguarded, host, "/app/ws", Origin=f"http://{host}", **UPGRADE)[0] == 403
    assert ask(unguarded, host, "/app/ws", Origin=f"http://{host}", Sec_Fetch_Site="same-origin", **UPGRADE)[0] == 403


@pytest.mark.parametrize("name", ["localhost:{}", "127.0.0.1:{}", "[::1]:{}"])
def test_panels_own_server_opens_websockets_to_this_machine(unguarded: int, name: str) -> None:
    host = name.format(unguarded)
    assert ask(unguarded, host, "/app/ws", Origin=f"http://{host}", **UPGRADE)[0] == 101


def test_beyond_localhost_nothing_is_given_without_the_token(beyond: int) -> None:
    for path in ("/app", "/app?token=wrong", "/app?token=", "/static/js/bokeh.min.js", "/app?token=rightly"):
        status, _, body = ask(beyond, "10.0.0.1", path)
        assert (status, "secret" in body) == (403, False)
    assert ask(beyond, "10.0.0.1", "/app/ws", Origin="http://10.0.0.1", **UPGRADE)[0] == 403
    assert ask(beyond, "10.0.0.1", "/app", Cookie=f"session-explorer-{beyond}=wrong")[0] == 403


def test_the_token_becomes_a_cookie_that_no_script_reads(beyond: int) -> None:
    status, headers, _ = ask(beyond, "10.0.0.1", "/app?token=right&data=a%26b.csv")
    assert (status, headers["Location"]) == (302, "/app?data=a%26b.csv")
    cookie = headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert ask(beyond, "10.0.0.1", "/app", Cookie=cookie.split(";")[0])[0] == 200
    status, headers, _ = ask(beyond, "10.0.0.1", "//evil.example?token=right")
    assert (status, headers["Location"]) == (302, "/evil.example")


def test_a_server_for_all_answers_to_numbers_and_to_no_name(beyond: int) -> None:
    cookie = f"session-explorer-{beyond}=right"
    assert ask(beyond, "192.168.1.7:5006", Cookie=cookie)[0] == 200
    assert ask(beyond, socket.gethostname(), Cookie=cookie)[0] == 200
    assert ask(beyond, "evil.example", Cookie=cookie)[0] == 403


def test_a_token_is_made_where_others_can_reach_the_server() -> None:
    assert Admission.of("localhost").token == Admission.of("127.0.0.1").token == Admission.of("::1").token == ""
    one, other = (Admission.of("0.0.0.0").token for _ in range(2))
    assert len(one) > 40
    assert one != other
    assert Admission.of("10.0.0.1").token
    assert Admission.of("0.0.0.0", token="").token == ""
    assert Admission.of("localhost", token="mine").token == "mine"
    assert one not in repr(Admission.of("0.0.0.0", token=one))
    assert is_local("127.1.2.3")
    assert not is_local("")
    assert name_of("LOCALHOST:80") == "localhost"


def test_the_loop_is_left_as_it_was() -> None:
    asyncio.run(asyncio.sleep(0))

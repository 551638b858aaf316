"""ClickHouse in this process behind the HTTP interface of a server: sessions, settings, errors and inserts as there."""

from __future__ import annotations

import re
import tempfile
from base64 import b64decode
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock, Thread
from typing import Any
from urllib.parse import parse_qsl, urlsplit

OF_HTTP = {
    *("database", "query", "query_id", "session_id", "session_timeout", "session_check", "compress", "decompress"),
    *("enable_http_compression", "wait_end_of_query", "buffer_size", "client_protocol_version", "role", "quota_key"),
    *("default_format", "user", "password", "send_progress_in_http_headers", "http_headers_progress_interval_ms"),
}


class Refused(Exception):
    """An error with ClickHouse's code and name."""

    def __init__(self, code: int, name: str, said: str) -> None:
        super().__init__(f"Code: {code}. DB::Exception: {said} ({name}) (version 26.9.2.1 (official build))")
        self.code = code


class Session:
    """The state between requests: one at a time."""

    def __init__(self) -> None:
        import chdb

        self.handle, self.lock = chdb.connect(":memory:"), Lock()


class ClickHouseServer:
    """Listens on a port of this machine, for one user with a password."""

    def __init__(self, user: str = "default", password: str = "") -> None:
        self.user, self.password = user, password
        self.sessions: dict[str, Session] = {}
        self.queries: list[str] = []
        self.closed = False
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = Thread(target=self._http.serve_forever, daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        return int(self._http.server_address[1])

    def forget(self) -> None:
        """As after a restart: no session is known any more."""
        self.sessions.clear()

    def close(self) -> None:
        self.closed = True
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def answer(self, asked: dict[str, str], body: bytes, who: tuple[str | None, str | None]) -> bytes:
        if who != (self.user, self.password):
            raise Refused(516, "AUTHENTICATION_FAILED", f"{who[0]}: Authentication failed: password is incorrect")
        name = asked.get("session_id")
        if name and name not in self.sessions and asked.get("session_check") == "1":
            raise Refused(372, "SESSION_NOT_FOUND", f"Session {name} not found")
        session = self.sessions.setdefault(name, Session()) if name else Session()
        if not session.lock.acquire(blocking=False):
            raise Refused(373, "SESSION_IS_LOCKED", f"Session {name} is locked by a concurrent client")
        try:
            return self._run(session.handle, asked, body)
        finally:
            session.lock.release()

    def _run(self, handle: Any, asked: dict[str, str], body: bytes) -> bytes:
        if "database" in asked:
            handle.query(f"USE `{asked['database']}`")
        for setting, value in asked.items():
            if setting not in OF_HTTP:
                handle.query(f"SET {setting} = '{value}'")
        text, rows = (asked["query"], body) if "query" in asked else _parted(body)
        self.queries.append(text)
        kind = re.search(r"\bFORMAT\s+(\w+)\s*$", text)
        if not rows:
            return bytes(handle.query(text, kind[1] if kind else "TabSeparated").bytes())
        with tempfile.NamedTemporaryFile() as file:
            Path(file.name).write_bytes(rows)
            assert kind
            return bytes(handle.query(f"{text[: kind.start()]} FROM INFILE '{file.name}' FORMAT {kind[1]}").bytes())

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                if server.closed:  # what is still connected is cut off
                    self.close_connection = True
                    self.connection.close()
                    return
                asked = dict(parse_qsl(urlsplit(self.path).query, keep_blank_values=True))
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                status, code, found = 200, 0, b""
                try:
                    found = server.answer(asked, body, self._who())
                except Exception as error:
                    number = re.search(r"Code: (\d+)", str(error))
                    status, code, found = 500, int(number[1]) if number else 1, str(error).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(found)))
                self.send_header("X-ClickHouse-Query-Id", asked.get("query_id", ""))
                self.send_header("X-ClickHouse-Timezone", "UTC")
                if code:
                    self.send_header("X-ClickHouse-Exception-Code", str(code))
                self.end_headers()
                self.wfile.write(found)

            def do_GET(self) -> None:
                self.do_POST()

            def _who(self) -> tuple[str | None, str | None]:
                kind, _, value = self.headers.get("Authorization", "").partition(" ")
                if kind != "Basic":
                    return "default", ""
                user, _, password = b64decode(value).decode().partition(":")
                return user, password

            def log_message(self, *_: object) -> None:
                pass

        return Handler


def _parted(body: bytes) -> tuple[str, bytes]:
    """A statement, and the rows that come with it."""
    found = re.match(rb"\s*INSERT\b.*?\bFORMAT\s+\w+[ \t]*\n", body, re.DOTALL | re.IGNORECASE)
    return (found[0].decode().strip(), body[found.end() :]) if found else (body.decode(), b"")

"""The app on this machine: one page per browser session around data that is read once."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import panel as pn
from bokeh.util.browser import view
from panel.io.server import Server, get_server

from explorer.engine.databases import is_named, named
from explorer.engine.engine import Engine
from explorer.errors import ExplorerError, SourceError
from explorer.events.files.folders import Folders, allowed
from explorer.events.files.source_name import Source, source_name
from explorer.events.store import apart
from explorer.sample import SAMPLE
from explorer.spec.analysis import Analysis, first_analysis
from explorer.state import first_coded
from widgets.data.open_source import is_slow, opened_somehow
from widgets.data.upload import remove_left, safe_name
from widgets.document.url import DATA, UPLOAD
from widgets.page import collecting
from widgets.page.admission import EVERYWHERE, TOKEN, Admission, name_of
from widgets.page.filling import Parts
from widgets.page.loading import Loading
from widgets.page.page import page, page_later
from widgets.page.turns import take_turns
from widgets.parts.library_internals import tornado_of
from widgets.parts.tab_title import TITLE
from widgets.session_explorer import SessionExplorer


def app(
    data: Source,
    analysis: Path | None = None,
    roles: Mapping[str, Any] | None = None,
    folders: Folders | None = None,
) -> Any:
    """A new page on a file of events, or a page that says why there is none.

    Its reader may open others in `folders`; without these, beside the data and the sample.
    """
    apart.begin()
    pn.state.on_session_destroyed(collecting.PROCESS.page_ended)
    inside = folders or allowed(data, beside=SAMPLE)
    refused, asked = None, asked_for()
    if asked:
        try:
            data, analysis, roles = found(asked, inside), None, None
        except ExplorerError as error:
            refused, asked = error, ""
    if is_slow(data):
        loading = Loading(file=source_name(data), sizing_mode="stretch_width")
        pn.state.onload(lambda: loading.run(lambda: opened_somehow(data, analysis, roles or {})))
        return page(loading, title=source_name(data))

    def build(read: tuple[Engine, Analysis | None, ExplorerError | None]) -> Parts:
        engine, document, doubt = read
        explorer = SessionExplorer(
            engine,
            document,
            guessed=not (roles or document),
            linked_to_url=True,
            folders=inside,
            data=asked,
            refused=refused,
            doubt=doubt,
        )
        return Parts(explorer.main, explorer.sidebar, explorer.header)

    return page_later(lambda: opened_somehow(data, analysis, roles or {}), build, title=source_name(data))


def found(asked: str, folders: Folders) -> str | Path:
    """The file or the table that an address names; raises SourceError for one that may not be opened or has gone with
    its page."""
    if is_named(asked):
        named(asked)
        return asked
    if asked.startswith(UPLOAD):
        name = safe_name(asked.removeprefix(UPLOAD))
        raise SourceError(f"{name} was uploaded, and was removed when its page was closed. Upload it again.")
    return folders.resolve(asked)


def asked_for() -> str:
    """The data that the address asks for in the place of those that are served; empty for none."""
    return ((pn.state.session_args or {}).get(DATA) or [b""])[0].decode("utf-8", "replace")


def serve(
    data: Source,
    analysis: Path | None,
    roles: Mapping[str, Any],
    *,
    folders: Iterable[str | Path] = (),
    port: int = 5006,
    show: bool = True,
    address: str = "localhost",
    hosts: Sequence[str] = (),
    token: str | None = None,
) -> None:
    """Listen until interrupted; raises ExplorerError before that when the data cannot be read.

    Others than this machine reach it at another `address` than localhost, with a `token`, which is a random one where
    none is given. `hosts` are more names that it answers to.
    """
    admission = Admission.of(address, hosts, token)
    remove_left()
    inside = allowed(data, folders, beside=SAMPLE)
    engine, document, _ = opened_somehow(data, analysis, roles)
    first_coded(engine, document or first_analysis(engine.columns))
    sys.stdout.write(f"{source_name(data)}: {engine.quality.events:,} events, actor {engine.columns.actor_name}\n")
    sys.stdout.flush()
    try:
        server = get_server(
            {"/": lambda: app(data, analysis, roles, inside)},
            port=port,
            address=address or None,
            websocket_origin=[name_of(host) for host in hosts] or None,
            title=TITLE,
        )
    except OSError as error:
        why = error.strerror or error
        raise SourceError(f"{address}:{port} cannot be listened on: {why}. Take another --port.") from None
    admission.guard(tornado_of(server), server.port)
    take_turns(tornado_of(server))
    url = _url(address, server.port, admission.token)
    sys.stdout.write(f"Launching server at {url}\n")
    sys.stdout.flush()
    if show:
        server.io_loop.add_callback(view, url)
    _listen(server)


def _listen(server: Server) -> None:
    """Until Ctrl+C or SIGTERM; uploads and what is offered to be fetched are gone afterwards."""
    with suppress(ValueError):  # only the main thread may
        signal.signal(signal.SIGTERM, lambda *_: server.io_loop.add_callback_from_signal(server.io_loop.stop))
    server.start()
    server.io_loop.add_callback(collecting.begin)
    server.io_loop.start()
    server.stop()


def _url(address: str, port: int, token: str) -> str:
    name = "localhost" if address in EVERYWHERE else f"[{address}]" if ":" in address else address
    return f"http://{name}:{port}" + (f"/?{urlencode({TOKEN: token})}" if token else "")

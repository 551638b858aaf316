"""The app on this machine: one page per browser session around data that is read once."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import panel as pn

from explorer.errors import ExplorerError
from explorer.events.files.folders import Folders, allowed
from explorer.events.store import apart
from explorer.sample import SAMPLE
from explorer.spec.analysis import first_analysis
from explorer.state import first_picture
from widgets.data.open_source import is_slow, opened
from widgets.data.upload import with_uploads
from widgets.page.loading import Loading
from widgets.page.page import Parts, page, page_later
from widgets.parts.notice import Message, Notice
from widgets.session_explorer import SessionExplorer
from widgets.sessions.redraw import DATA


def app(
    data: str | Path,
    analysis: Path | None = None,
    roles: Mapping[str, Any] | None = None,
    folders: Folders | None = None,
) -> Any:
    """A new page on a file of events, or a page that says why there is none.

    Its reader may open others in `folders`; without these, beside the data and the sample.
    """
    apart.begin()
    folders = with_uploads(folders or allowed(data, beside=SAMPLE))
    problem, asked = None, asked_for()
    if asked:
        try:
            data, analysis, roles = folders.resolve(asked), None, None
        except ExplorerError as error:
            problem, asked = error, ""
    if is_slow(data):
        loading = Loading(file=Path(data).name, sizing_mode="stretch_width")
        pn.state.onload(lambda: loading.run(lambda: opened(data, analysis, roles or {})))
        return page(loading, title=Path(data).name)

    def build() -> Parts:
        try:
            engine, document = opened(data, analysis, roles or {})
            explorer = SessionExplorer(
                engine, document, guessed=not (roles or document), linked_to_url=True, folders=folders, data=asked
            )
        except ExplorerError as error:
            notice = Notice(value=Message("error", str(error)), dismissible=False)
            return Parts(pn.Column(notice, margin=16, sizing_mode="stretch_width"))
        if problem:
            pn.state.onload(lambda: explorer.say(problem))
        return Parts(explorer.main, explorer.sidebar, explorer.header)

    return page_later(build, title=Path(data).name)


def asked_for() -> str:
    """The data that the address asks for in the place of those that are served; empty for none."""
    return ((pn.state.session_args or {}).get(DATA) or [b""])[0].decode("utf-8", "replace")


def serve(
    data: str | Path,
    analysis: Path | None,
    roles: Mapping[str, Any],
    *,
    folders: Iterable[str | Path] = (),
    port: int = 5006,
    show: bool = True,
) -> None:
    """Listen on localhost until interrupted; raises ExplorerError before that when the data cannot be read."""
    inside = allowed(data, folders, beside=SAMPLE)
    engine, document = opened(data, analysis, roles)
    first_picture(engine, document or first_analysis(engine.columns))
    sys.stdout.write(f"{Path(data).name}: {engine.quality.events:,} events, actor {engine.columns.actor_name}\n")
    sys.stdout.flush()
    pn.serve(
        {"/": lambda: app(data, analysis, roles, inside)},
        port=port,
        address="localhost",
        show=show,
        title="Session Explorer",
    )

"""The app on this machine: one page per browser session around data that is read once."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import panel as pn

from explorer.cli import SAMPLE, read_analysis
from explorer.crossfilter.drawn import draw
from explorer.engine.folders import Folders, allowed
from explorer.engine.local import LocalEngine
from explorer.engine.once import connect_once, is_known
from explorer.errors import ExplorerError
from explorer.spec.analysis import Analysis
from explorer.state import first_analysis
from widgets.loading import Loading
from widgets.notice import Message, Notice
from widgets.page import page
from widgets.session_explorer import SessionExplorer
from widgets.upload import with_uploads

AT_ONCE = 20_000_000  # bytes that are read while the page is made


def app(
    data: str | Path,
    analysis: Path | None = None,
    roles: Mapping[str, Any] | None = None,
    folders: Folders | None = None,
) -> Any:
    """A new page on a file of events, or a page that says why there is none.

    Its reader may open others in `folders`; without these, beside the data and the sample.
    """
    folders = with_uploads(folders or allowed(data, beside=SAMPLE))

    if is_slow(data):
        loading = Loading(file=Path(data).name, sizing_mode="stretch_width")
        pn.state.onload(lambda: loading.run(lambda: opened(data, analysis, roles or {})))
        return page(loading, title=Path(data).name)
    try:
        engine, document = opened(data, analysis, roles or {})
        given = roles or document
        explorer = SessionExplorer(engine, document, guessed=not given, linked_to_url=True)
    except ExplorerError as error:
        notice = Notice(value=Message("error", str(error)), dismissible=False)
        return page(pn.Column(notice, margin=16, sizing_mode="stretch_width"))
    return page(explorer.main, sidebar=explorer.sidebar, header=explorer.header, title=Path(data).name)


def is_slow(data: str | Path) -> bool:
    """Whether reading a file would keep the page waiting: it is large and has not been read."""
    path = Path(data)
    return path.is_file() and path.stat().st_size > AT_ONCE and not is_known(path)


def opened(data: str | Path, analysis: Path | None, roles: Mapping[str, Any]) -> tuple[LocalEngine, Analysis | None]:
    """The engine of a file, and its analysis: the one named, or the one beside it (shop.csv.gz, shop.yaml), if any."""
    beside = Path(data).with_name(Path(data).name.split(".")[0] + ".yaml")
    path = analysis or (beside if beside.is_file() else None)
    document = read_analysis(path) if path else None
    engine = connect_once(data, **((document.columns.plain() if document else {}) | dict(roles)))
    return engine, document.replace(columns=engine.columns) if document else None


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
    draw(engine, (document or first_analysis(engine.columns)).sessions[0])
    sys.stdout.write(f"{Path(data).name}: {engine.quality.events:,} events, actor {engine.columns.actor_name}\n")
    sys.stdout.flush()
    pn.serve(
        {"/": lambda: app(data, analysis, roles, inside)},
        port=port,
        address="localhost",
        show=show,
        title="Session Explorer",
    )

"""From a file to its engine and the analysis that lies beside it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from explorer.engine.engine import Engine
from explorer.engine.shared import connect_once, is_known
from explorer.errors import ExplorerError, SourceError
from explorer.events.files.folders import Folders, allowed
from explorer.events.files.source_name import Source, paths_of
from explorer.events.roles import NoActorError
from explorer.sample import SAMPLE
from explorer.spec.analysis import Analysis
from explorer.spec.analysis_file import beside, read_analysis

CHOOSE = "If it was another, choose the actor at the left."
AT_ONCE = 20_000_000  # bytes that are read while the page is made


def is_slow(data: Source) -> bool:
    """Whether reading files would keep the page waiting: they are large and have not been read."""
    paths = [Path(one) for one in paths_of(data)]
    size = sum(path.stat().st_size for path in paths if path.is_file())
    return size > AT_ONCE and not is_known(data)


def opened(
    data: Source, analysis: Path | None = None, roles: Mapping[str, Any] | None = None
) -> tuple[Engine, Analysis | None]:
    """The engine of a file, and its analysis: the one named, or the one beside it (shop.csv.gz, shop.yaml), if any."""
    path = analysis or beside(data)
    document = read_analysis(path) if path else None
    engine = connect_once(data, **((document.columns.plain() if document else {}) | dict(roles or {})))
    return engine, document.replace(columns=engine.columns) if document else None


def opened_somehow(
    data: Source, analysis: Path | None = None, roles: Mapping[str, Any] | None = None
) -> tuple[Engine, Analysis | None, ExplorerError | None]:
    """The same for a page, on which another actor can be chosen: where no column says who, the first that could is
    taken, and the error says so."""
    try:
        return *opened(data, analysis, roles), None
    except NoActorError as error:
        if not error.likely:
            raise
        engine, document = opened(data, analysis, {**(roles or {}), "actor": error.likely})
        return engine, document, SourceError(f"No column says who: '{error.likely}' is taken. {CHOOSE}")


def folders_of(engine: Engine) -> Folders:
    """Where else files may be opened, if nobody says: beside the engine's source, or else in the working folder."""
    return allowed(paths_of(engine.source) or Path.cwd(), beside=SAMPLE)

"""Sessions, actors, or events with the ids of their sessions, as one file of any size."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from explorer.crossfilter.bins.binning import DIMENSIONS, Dimensions
from explorer.crossfilter.selections.selection import Selection
from explorer.engine.answers.batches import What
from explorer.engine.engine import Engine
from explorer.errors import SourceError, SpecError, did_you_mean
from explorer.events.files.source_name import paths_of
from explorer.exports import whole_file
from explorer.exports.formats import FORMATS
from explorer.plan.check import checked
from explorer.spec.analysis import Analysis
from explorer.spec.session import SessionDefinition

ANALYSIS, SESSION = "session_explorer.analysis", "session_explorer.session"
NOTHING = Selection()
Progress = Callable[[int, int], Any]


@dataclass(frozen=True)
class Export:
    """What was written: so many rows in a file."""

    path: Path
    rows: int


def export(
    engine: Engine,
    asked: Analysis | SessionDefinition,
    path: str | Path,
    what: What = "sessions",
    *,
    session: str = "",
    selection: Selection = NOTHING,
    dimensions: Dimensions = DIMENSIONS,
    spreadsheet: bool = False,
    zone: str | None = None,
    progress: Progress = lambda done, total: None,
) -> Export:
    """Write the sessions of a definition, their actors, or their events with session ids; the suffix says the format.

    Formats: .parquet (the analysis is in its metadata: `read_back`), .arrow or .ipc (so too), .csv (durations in
    seconds). `session` is the definition of the analysis, the first where none is named; with a `selection` only
    what its brushes hold, each of which is on one of the `dimensions`. Times that know their zone are written in UTC,
    or with the wall clock of `zone`. `progress` is told the rows that are written and that there are. With
    `spreadsheet` a CSV is safe to open in a spreadsheet, which runs texts that begin with = + - or @ as formulas: an
    apostrophe is put before these. The file is written in pieces, and is there when it is whole. Raises SourceError
    where it cannot be written, SpecError for what does not fit the columns.

    >>> import tempfile
    >>> from explorer import SessionDefinition, connect
    >>> log = connect(pl.DataFrame({"user": ["a", "a"], "ts": ["2024-03-01 10:00", "2024-03-01 10:05"]}))
    >>> path = Path(tempfile.mkdtemp()) / "events.parquet"
    >>> export(log, SessionDefinition(name="visit", inactivity="30m"), path, "events").rows
    2
    >>> read_back(path).sessions[0].name
    'visit'
    """
    path = Path(path)
    check_path(path)
    writer = FORMATS[path.suffix.lower()]
    if spreadsheet and path.suffix.lower() != ".csv":
        raise SpecError(f"{path.name} is no CSV file. Only these are opened in a spreadsheet: leave `spreadsheet` out.")
    as_shown = whole_file.without_formulas if spreadsheet else _as_it_is
    if what not in get_args(What):
        raise SpecError(f"'{what}' cannot be exported. {did_you_mean(what, get_args(What))}")
    if path.exists() and any(_same(Path(one), path) for one in paths_of(engine.source)):
        raise SourceError(f"{path.name} holds the events themselves. Write to another file.")
    analysis, definition = _asked(engine, asked, session)
    engine = engine.under(analysis)
    checked(definition, engine.columns, engine.schema, engine.cohorts)
    found = engine.cut(definition).coded(dimensions if selection else {}).batches(what, selection)
    facts = {ANALYSIS: analysis.to_yaml(), SESSION: definition.name}
    with whole_file.whole(path) as part:
        pieces = (whole_file.in_zone(piece, zone) for piece in found)
        first = as_shown(next(pieces))
        done = first.height
        with writer(part, first, facts) as write:
            write(first)
            progress(done, found.height)
            del first
            for piece in pieces:
                write(as_shown(piece))
                done += piece.height
                progress(done, found.height)
    return Export(path, found.height)


def check_path(path: Path) -> None:
    """Raises SourceError where no export can go, before anything takes time."""
    if path.suffix.lower() not in FORMATS:
        raise SourceError(f"{path.name} is of no format that is known here. Known: {', '.join(FORMATS)}.")
    whole_file.check_folder(path)


def read_back(path: str | Path) -> Analysis:
    """The analysis that an exported Parquet or Arrow file was made by; raises SourceError or SpecError."""
    path = Path(path)
    try:
        if path.suffix.lower() == ".parquet":
            facts = pq.read_metadata(path).metadata
        else:
            with pa.memory_map(str(path)) as file:
                facts = pa.ipc.open_file(file).schema.metadata
    except (OSError, pa.ArrowInvalid) as error:
        said = error.strerror if isinstance(error, OSError) and error.strerror else "it is neither Parquet nor Arrow"
        raise SourceError(f"{path} cannot be read: {said}.") from None
    text = (facts or {}).get(ANALYSIS.encode())
    if text is None:
        raise SpecError(f"{path.name} was not exported by Session Explorer: it holds no analysis.")
    return Analysis.from_yaml(text.decode("utf-8"))


def _asked(engine: Engine, asked: Analysis | SessionDefinition, session: str) -> tuple[Analysis, SessionDefinition]:
    if isinstance(asked, SessionDefinition):
        source = str(engine.source) if isinstance(engine.source, str | Path) else None
        return Analysis(engine.columns, (asked,), source=source), asked
    return asked, asked.session(session) if session else asked.sessions[0]


def _as_it_is(frame: pl.DataFrame) -> pl.DataFrame:
    return frame


def _same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return False

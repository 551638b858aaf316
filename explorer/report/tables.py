"""Rows of text for the page, each cell with what it is sorted by."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import polars as pl

from explorer.charts.contrast_texts import Places, compared_text, contrast_text, counted_text, places_of
from explorer.charts.figure.cells import column_texts
from explorer.charts.robustness_texts import holds_text, title_of, value_text
from explorer.crossfilter.formats import NOTHING, count_text
from explorer.crossfilter.selections.selection import Selection
from explorer.engine.answers.different import Different
from explorer.engine.answers.robustness import Robustness
from explorer.engine.coded import Coded
from explorer.engine.engine import Engine
from explorer.plan.links import row_links
from explorer.spec.context.link import Link

TOP = 50
CALLED = {
    "session_id": "Session",
    "session_number": "Number",
    "start": "Start",
    "end": "End",
    "duration": "Duration",
    "event_count": "Events",
    "started_by": "Started by",
    "cut_off": "Cut off",
    "session_count": "Sessions",
    "time_in_session": "Time in session",
    "first_start": "First start",
    "last_end": "Last end",
}


@dataclass(frozen=True)
class Cell:
    """What is read, and the number that it is sorted by (None: by its text); `links` are names and addresses, `places`
    those of a difference and its interval, which are drawn."""

    text: str
    order: float | None = None
    links: tuple[tuple[str, str], ...] = ()
    places: Places | None = None


@dataclass(frozen=True)
class Table:
    """A table whose headings sort it; `codes` are the bins of each row where brushes filter it."""

    name: str
    headings: list[tuple[str, bool]]
    rows: list[list[Cell]]
    note: str = ""
    codes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Answer:
    """A chart on the page: `kind` names how `drawn` is drawn; `table` is what stands behind it."""

    title: str
    kind: str
    table: Table | None = None
    drawn: Any = None
    note: str = ""


def table_of(name: str, frame: pl.DataFrame, zone: str | None, note: str = "", codes: Iterable[str] = ()) -> Table:
    """A frame as a table whose headings are words for people where the columns are ours."""
    columns = [_cells(frame[column], zone) for column in frame.columns]
    headings = [(CALLED.get(column, column), _is_number(frame[column])) for column in frame.columns]
    return Table(name, headings, [list(row) for row in zip(*columns, strict=True)], note, list(codes))


def top_sessions(engine: Engine, coded: Coded, selection: Selection, links: Sequence[Link] = ()) -> Table:
    """The longest sessions and those with most events, of all and of the selection, with their links."""
    found = coded.foremost(TOP, selection)
    actor = list(engine.columns.actor) if len(engine.columns.actor) > 1 else []
    metrics = [metric.name for metric in coded.definition.metrics]
    frame = found.select("session_id", *actor, "start", "duration", "event_count", "started_by", *metrics)
    codes = found.select(f"@{name}" for name in coded.dimensions).rows()
    note = f"The {TOP} longest sessions and the {TOP} with most events" if coded.total > found.height else "All"
    note += ", of all and of what was selected," if selection and note != "All" else ""
    said = f"{note.rstrip(',')}, {_of(found.height, coded.total, 'session')}."
    table = table_of("Sessions", frame, engine.zone, said, [" ".join(map(str, row)) for row in codes])
    if not links:
        return table
    addresses = row_links(links, found, engine.columns)
    rows = [
        [*row, Cell(" ".join(name for name, _ in its), links=tuple(its))]
        for row, its in zip(table.rows, addresses, strict=True)
    ]
    return replace(table, headings=[*table.headings, ("Links", False)], rows=rows)


def top_actors(engine: Engine, coded: Coded) -> Table:
    """The actors with most time in session."""
    actors = engine.actors(coded.definition)
    frame = actors.top_k(2 * TOP, by=["time_in_session", "session_count"])
    few = actors.height > frame.height
    note = f"The {2 * TOP} actors with most time in session" if few else "All"
    return table_of("Actors", frame, engine.zone, f"{note}, {_of(frame.height, actors.height, 'actor')}.")


def differences(found: Different, against: str = "") -> Table:
    """What the selected sessions have more or less often than the others, those told from chance first;
    `against` is the other selection in words."""
    others = "Compared with" if found.against else "Others"
    headings = [("What", False), ("Value", False), ("Selected", True), (others, True), ("Difference", True)]
    headings += [("Interval", False), ("Times as much", True), ("Its interval", False), ("Told", False)]
    rows = []
    every = (*found.rows, *found.means)
    for row, places in zip(every, places_of(every), strict=True):
        text = contrast_text(row)
        rows.append(
            [
                Cell(text.what), Cell(text.value), Cell(text.here, row.here), Cell(text.there, row.there),
                Cell(text.difference, row.more, places=places), Cell(text.between or NOTHING),
                Cell(text.times, -1 if row.times is None else row.times), Cell(text.times_between or NOTHING),
                Cell("yes" if row.told else "no"),
            ]
        )  # fmt: skip
    note = " ".join(filter(None, (compared_text(found, against), counted_text(found))))
    return Table("What is different about the selected sessions", headings, rows, note)


def inactivity_table(found: Robustness, zone: str | None, note: str = "") -> Table:
    """What the page says at other inactivities: what, now, at the shortest and the longest, and where it holds."""
    least, most = found.lengths[0], found.lengths[-1]
    headings = [("What", False), (f"At {found.now}", True), (f"At {least}", True), (f"At {most}", True)]
    rows = []
    for row in found.rows:
        low, high = row.holds(found.now)
        texts = [value_text(row, each.us, zone) for each in (found.now, least, most)]
        holds = Cell(holds_text(row, found), high.us / max(1, low.us))
        rows.append([Cell(title_of(row)), *map(Cell, texts), holds])
    return Table("How much does the inactivity matter?", [*headings, ("Holds from – to", False)], rows, note)


def _of(shown: int, all: int, what: str) -> str:
    plural = "" if all == 1 else "s"
    return f"{count_text(all)} {what}{plural}" if shown == all else f"of {count_text(all)} {what}{plural}"


def _cells(values: pl.Series, zone: str | None) -> list[Cell]:
    texts = column_texts(values, zone)
    if not _is_number(values) and values.dtype != pl.Boolean:
        return [Cell(text) for text in texts]
    orders: list[Any] = values.to_physical().to_list()
    return [Cell(text, order) for text, order in zip(texts, orders, strict=True)]


def _is_number(values: pl.Series) -> bool:
    return values.dtype.is_numeric() or values.dtype.is_temporal()

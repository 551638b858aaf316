"""What became of the sessions, in words; pure functions over a diff."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from explorer.charts.figure.cells import column_texts
from explorer.charts.theme import KIND_COLORS, text_on
from explorer.crossfilter.formats import count_text, percent_text
from explorer.engine.answers.compare import Diff, Of
from explorer.plan.links import ACTOR, Addresses, row_links
from explorer.spec.columns import Columns
from explorer.spec.context.link import Link
from explorer.spec.expression import clause as clauses
from explorer.spec.session import SessionDefinition
from widgets.sessions.formats import OF_LINKS
from widgets.sessions.sessions_table import Column
from widgets.views.compare.compare_sides import Way
from widgets.views.compare.diff_kinds import KindRow, KindsShown, SideTotal

KINDS = {
    "unchanged": ("Same", "One session in each, with the same events."),
    "trimmed": ("Trimmed", "One session in each, but some events are in only one of them."),
    "split": ("Split", "One session of '{one}' is several of '{other}'."),
    "merged": ("Merged", "Several sessions of '{one}' are one of '{other}'."),
    "moved": ("Moved", "Several overlap several: a boundary of each side lies inside a session of the other."),
    "only_in_one": ("Only in {one}", "None of their events is in a session of '{other}'."),
    "only_in_other": ("Only in {other}", "None of their events is in a session of '{one}'."),
}
MOST_IDS = 12
# What is known of the sessions of both sides, that of a column, too.
KNOWN = ("session_id", "session_number", "start", "end", "duration", "event_count")


def kinds_shown(diff: Diff, base: Way, other: Way, others: list[Way]) -> KindsShown:
    """The bars and the table of a diff."""
    names = {"one": base.name, "other": other.name}
    colors = KIND_COLORS | {"only_in_one": base.color, "only_in_other": other.color}
    counts = diff.counts.join(diff.event_counts, on="kind", maintain_order="left")
    totals = [int(counts[f"sessions_in_{side}"].sum()) for side in names]
    found = []
    for row in counts.iter_rows(named=True):
        title, meaning = KINDS[row["kind"]]
        sessions = row["sessions_in_one"], row["sessions_in_other"]
        told = [part for side, total in zip(names, totals, strict=True) for part in (
            with_share(row[f"sessions_in_{side}"], total), count_text(row[f"events_in_{side}"])
        )]  # fmt: skip
        one, two, three, four = told
        color = colors[row["kind"]]
        found.append(
            KindRow(
                row["kind"], title.format(**names), meaning.format(**names), color, text_on(color), sessions,
                (one, two, three, four),
            )
        )  # fmt: skip
    sides = tuple(
        SideTotal(way.key, way.name, way.color, total) for way, total in zip((base, other), totals, strict=True)
    )
    return KindsShown(diff.sentence, sides, tuple(found), tuple((way.key, way.name) for way in others))


def with_share(count: int, total: int) -> str:
    """A count, and what part of the whole it is.

    >>> with_share(12, 48), with_share(0, 48)
    ('12 · 25.0 %', '0')
    """
    return f"{count_text(count)} · {percent_text(count / total)}" if count else "0"


def first_side(kind: str) -> Of:
    """The side whose sessions are shown first: the one that has fewer."""
    return "other" if kind in ("merged", "only_in_other") else "one"


def session_columns(theirs: str, linked: bool = False) -> list[Column]:
    """The columns of the table of sessions of a kind, with `linked` one of links to other tools; `theirs` is the name
    of the side that they are held against."""
    return [
        Column(name="session_id", title="Session", kind="id", sortable=False),
        Column(name="start", title="Start", kind="text", sortable=False),
        Column(name="duration", title="Duration", kind="number", sortable=False),
        Column(name="event_count", title="Events", kind="number", sortable=False),
        Column(name="counterparts", title=f"In {theirs}", kind="text", sortable=False),
        *([OF_LINKS] if linked else []),
    ]


def session_rows(frame: pl.DataFrame, zone: str | None) -> list[list[Any]]:
    """The rows of some of a diff's sessions."""
    texts = [
        frame["session_id"].to_list(),
        column_texts(frame["start"], zone),
        column_texts((frame["end"] - frame["start"]).cast(pl.Duration("us")), zone),
        column_texts(frame["event_count"], zone),
        [ids_text(ids) for ids in frame["counterparts"].to_list()],
    ]
    return [["" if text is None else text for text in row] for row in zip(*texts, strict=True)]


def session_links(links: Sequence[Link], frame: pl.DataFrame, columns: Columns) -> list[Addresses]:
    """Of each of these sessions the names and addresses of its links; those of metrics are not known here."""
    return row_links(links, frame.with_columns((pl.col("end") - pl.col("start")).alias("duration")), columns)


def unknown_links(links: Sequence[Link], columns: Columns) -> str:
    """Which links lead from no session of a comparison, as a sentence; empty where all do.

    >>> unknown_links([Link("Basket", "https://a.example/{items}")], Columns("user", "ts"))
    'Basket leads from no session here: what is compared has no items.'
    """
    known = {*KNOWN, ACTOR, *columns.actor}
    missing = {link.name: [name for name, _ in link.places if name not in known] for link in links}
    said = [
        f"{name} leads from no session here: what is compared has no {' and no '.join(its)}."
        for name, its in missing.items()
        if its
    ]
    return " ".join(said)


def ids_text(ids: list[str]) -> str:
    """Some session ids, and how many there are.

    >>> ids_text([]), ids_text(["u1/3"]), ids_text(["u1/3", "u1/4"])
    ('none', 'u1/3', '2: u1/3, u1/4')
    """
    if len(ids) < 2:
        return ids[0] if ids else "none"
    more = f" and {count_text(len(ids) - MOST_IDS)} more" if len(ids) > MOST_IDS else ""
    return f"{count_text(len(ids))}: {', '.join(ids[:MOST_IDS])}{more}"


def event_columns(ways: tuple[Way, Way], columns: Columns) -> tuple[str, ...]:
    """What is shown of each event: the event itself, and what the two sides cut by."""
    names = [columns.event] if columns.event else []
    for way in ways:
        match way.asked:
            case SessionDefinition() as definition:
                for clause in (definition.where, definition.restart, definition.end):
                    names += clauses.columns(clause)
                names += definition.split_by
            case column:
                names.append(column)
    return tuple(dict.fromkeys(name for name in names if name not in (*columns.actor, columns.time)))


def events_title(session_id: str, frame: pl.DataFrame, names: tuple[str, str]) -> str:
    """What the events of a session and of its counterparts are."""
    parts = [
        f"{count_text(count)} of '{name}'"
        for name, count in zip(
            names, (frame[f"session_in_{side}"].drop_nulls().n_unique() for side in ("one", "other")), strict=True
        )
    ]
    events = f"{count_text(frame.height)} event{'' if frame.height == 1 else 's'}"
    return f"{session_id}: {events}, in sessions: {' and '.join(parts)}"

"""What is worth knowing about a source before its sessions are believed, one finding each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from explorer.crossfilter.formats import count_text, percent_text, time_text
from explorer.engine.answers.mend import Mend
from explorer.events.quality.quality import Quality, share_text, too_fine
from explorer.spec.columns import Columns
from explorer.spec.session import SessionDefinition

Tone = Literal["good", "info", "warning"]
MOSTLY = 0.9
# The mends that change how a value is read, which the first rows show.
OF_VALUES = ("form", "offsets", "nobody", "unit", "zone")


@dataclass(frozen=True)
class Finding:
    """A sentence; with an `action`, a click on it asks for the mend of that `key`, or for its end if `in_force`.
    What it does to the first rows can be looked at before where `is_shown_first`."""

    sentence: str
    tone: Tone = "info"
    key: str = ""
    action: str = ""
    in_force: bool = False
    is_shown_first: bool = False


def findings(
    report: Quality, columns: Columns, mends: Iterable[Mend] = (), definitions: Iterable[SessionDefinition] = ()
) -> tuple[Finding, ...]:
    """The load doctor's list: what was read, what was left out and why, what is odd, and what would mend it.

    >>> found = findings(Quality(rows=2, events=2, no_actor=0, no_time=0, duplicates=0), Columns("user", "ts"))
    >>> [one.sentence for one in found][:2]
    ['All 2 rows are events.', 'No event repeats another.']
    """
    mended = {mend.key: _mend(mend) for mend in mends}
    found = (
        *_rows(report, columns),
        *_read(report, mended),
        *_or(mended, "ids", _ids(report)),
        *_or(mended, "duplicates", _duplicates(report)),
        *_or(mended, "ties", _ties(report, columns)),
        *_or(mended, "unit", _unit(report, mended)),
        *_or(mended, "zone", _zone(report)),
        *_or(mended, "future", None),
        *_or(mended, "clocks", _clocks(report)),
        *(Finding(sentence) for sentence in report.remarked),
        *_times(report, columns, definitions),
        *_actors(report),
        *_crowded(report, columns, mended),
        *(finding for key, finding in mended.items() if key.startswith(("heartbeat ", "automated "))),
        *(Finding(sentence, "warning") for sentence in report.doubts(columns)),
    )
    return tuple(found)


def _mend(mend: Mend) -> Finding:
    tone: Tone = "good" if mend.in_force else "info" if mend.key == "zone" else "warning"
    reads = mend.columns is not None and mend.key.partition(" ")[0] in OF_VALUES
    return Finding(mend.sentence, tone, mend.key, mend.action, mend.in_force, reads)


def _or(mended: dict[str, Finding], key: str, otherwise: Finding | None) -> Iterator[Finding]:
    found = mended.get(key, otherwise)
    if found:
        yield found


def _rows(report: Quality, columns: Columns) -> Iterator[Finding]:
    lost = replace(report, duplicates_dropped=False).sentence(columns)  # dropped duplicates have their own finding
    if report.events < report.rows:
        told = f"{count_text(report.events)} of {count_text(report.rows)} rows are events."
        yield Finding(f"{told} {lost}".strip(), "warning" if lost else "info")
    elif report.rows == 1:
        yield Finding("The only row is an event.", "good")
    else:
        yield Finding(f"All {count_text(report.rows)} rows are events.", "good")


def _read(report: Quality, mended: dict[str, Finding]) -> Iterator[Finding]:
    """What was assumed of the values: each with what changes it, where that is one click."""
    yield from _or(mended, "form", None)
    for one in report.how_read:
        if one.what != "unit of times" and not (one.what == "time format" and "form" in mended):
            such = f" (such as {one.example})" if one.example else ""
            yield Finding(f"{one.what[:1].upper()}{one.what[1:]}: {one.value}{such}.", "good")
    yield from _or(mended, "offsets", None)
    yield from (finding for key, finding in mended.items() if key.startswith("nobody "))


def _ids(report: Quality) -> Finding | None:
    if report.id_column and report.repeated_ids == 0:
        return Finding(f"No {report.id_column} is there twice.", "good")
    return None


def _clocks(report: Quality) -> Finding | None:
    if not report.wrong_clocks or report.future:
        return None
    many = "1 event lies" if report.wrong_clocks == 1 else f"{count_text(report.wrong_clocks)} events lie"
    return Finding(f"{many} far from all others in time: a wrong clock, which is no edge of the source.", "warning")


def _crowded(report: Quality, columns: Columns, mended: dict[str, Finding]) -> Iterator[Finding]:
    for name, count in report.crowded:
        if f"nobody {name}" not in mended:
            share = share_text(count, report.events)
            yield Finding(f"{share} of events have the {columns.actor_name} '{name}'. Is it a person?", "warning")


def _duplicates(report: Quality) -> Finding | None:
    if report.duplicates is None:
        return Finding("Repeated events have not been counted.")
    return None if report.duplicates else Finding("No event repeats another.", "good")


def _ties(report: Quality, columns: Columns) -> Finding:
    names = f"{columns.actor_name} and {columns.time}"
    if not report.ties:
        return Finding(f"No two events share {names}: their order is certain.", "good")
    share = "1 event shares" if report.ties == 1 else f"{count_text(report.ties)} events share"
    if columns.order and report.disorder is None:
        return Finding(f"{share} {names} with another. Their order is that of {', '.join(columns.order)}.")
    return Finding(f"{share} {names} with another. Such events stay in the order of the source.")


def _unit(report: Quality, mended: dict[str, Finding]) -> Finding | None:
    said = [one for one in report.said if not ("form" in mended and one.startswith("read as"))]
    return Finding(f"The times are {'; '.join(said)}.") if said else None


def _zone(report: Quality) -> Finding:
    if report.zone == "UTC":
        return Finding("Times are shown in UTC.", "good")
    return Finding("Times carry no time zone and are taken as they are.")


def _times(report: Quality, columns: Columns, definitions: Iterable[SessionDefinition]) -> Iterator[Finding]:
    zone = (columns.time_zone or "UTC") if report.zone == "UTC" else None
    first, last = (time_text(us, zone) for us in (report.first, report.last))
    grain = f", precision: one {report.granularity}" if report.granularity else ""
    yield Finding(f"From {first} to {last}{grain}.", "good")
    for said in too_fine(report, definitions):
        yield Finding(said, "warning")
    if report.disorder:
        one = report.disorder == 1
        yield Finding(
            f"{count_text(report.disorder)} event{' comes' if one else 's come'} earlier than the one before in the "
            f"source. {'It is' if one else 'They are'} sorted by time."
        )
    elif report.disorder is not None:
        yield Finding("The source is in order of time.", "good")


def _actors(report: Quality) -> Iterator[Finding]:
    count = report.one_event_actors
    share = count / max(1, report.actors)
    if not count:
        yield Finding("Every actor has several events.", "good")
        return
    said = f"{count_text(count)} actor{' has' if count == 1 else 's have'} one event only ({percent_text(share)})."
    if share > MOSTLY:
        yield Finding(f"{said} Is the actor the right column?", "warning")
    else:
        yield Finding(said)

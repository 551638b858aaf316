"""What was assumed when values were read, and what one click would assume instead."""

from collections.abc import Iterator

from explorer.engine.answers.mend import Mend
from explorer.events.oddities import is_nobody
from explorer.events.quality.quality import Quality, share_text
from explorer.events.reading.layouts import LAYOUTS
from explorer.spec.columns import Columns

ORDERED = {layout.order: layout.said for layout in LAYOUTS if layout.order}
DECIDED = {"rows": "the rows are in order then", "habit": "nothing in them decides it"}


def reading_mends(columns: Columns, report: Quality, zone: str | None) -> Iterator[Mend]:
    """The order of the parts of times, the zone of those without an offset, words for nobody, repeated ids."""
    yield from _form(columns, report)
    yield from _offsets(columns, report, zone)
    yield from _nobody(columns, report)
    yield from _ids(columns, report)


def _form(columns: Columns, report: Quality) -> Iterator[Mend]:
    if columns.time_format:
        said = f"Times are read as {ORDERED.get(columns.time_format, columns.time_format)}, as was said."
        yield Mend("form", said, "Find out the form", columns.replace(time_format=None), in_force=True)
    elif report.time_order and report.decided_by in DECIDED:
        other = "month first" if report.time_order != "month first" else "day first"
        said = f"Times are read as {ORDERED[report.time_order]}{_such(report)}: {DECIDED[report.decided_by]}."
        yield Mend("form", said, f"Read them as {ORDERED[other]}", columns.replace(time_format=other))


def _such(report: Quality) -> str:
    """One of the times as it stands there and as it is read."""
    example = next((one.example for one in report.how_read if one.what == "time format"), "")
    return f" ({example})" if example else ""


def _offsets(columns: Columns, report: Quality, zone: str | None) -> Iterator[Mend]:
    if not report.no_offset:
        return
    verb = "time carries" if report.no_offset == 1 else "times carry"
    said = f"{report.no_offset:,} {verb} no offset where others do, taken to be in {columns.time_zone or 'UTC'}."
    if columns.time_zone:
        yield Mend("offsets", said, "Take them to be in UTC", columns.replace(time_zone=None), in_force=True)
    elif zone and zone != "UTC":
        yield Mend("offsets", said, f"Take them to be in {zone}", columns.replace(time_zone=zone))


def _nobody(columns: Columns, report: Quality) -> Iterator[Mend]:
    for word in columns.null_values:
        text, where = (word, "") if isinstance(word, str) else (word[1], f" in {word[0]}")
        kept = columns.replace(null_values=tuple(one for one in columns.null_values if one != word))
        key = f"nobody {text}"
        yield Mend(key, f"'{text}' is read as nothing{where}.", "Read it as a value", kept, in_force=True)
    for text, count in report.crowded:
        said = f"{share_text(count, report.events)} of events have the {columns.actor_name} '{text}'."
        if len(columns.actor) == 1 and (is_nobody(text) or text in ("0", "-1")):
            # Elsewhere the same text may be a value.
            words = (*columns.null_values, (columns.actor[0], text))
            yield Mend(f"nobody {text}", said, f"Read '{text}' as nobody", columns.replace(null_values=words))


def _ids(columns: Columns, report: Quality) -> Iterator[Mend]:
    count = report.repeated_ids or 0
    many = f"{count:,} event{'' if count == 1 else 's'}"
    verb = "repeats" if count == 1 else "repeat"
    if columns.unique_by:
        said = f"{many} {verb} an earlier {', '.join(columns.unique_by)} and {'is' if count == 1 else 'are'} left out."
        yield Mend("ids", said, "Keep them", columns.replace(unique_by=()), in_force=True)
    elif report.id_column and count:
        said = f"{many} {verb} the {report.id_column} of an earlier one, as retries do."
        yield Mend("ids", said, f"Leave out {many}", columns.replace(unique_by=report.id_column))

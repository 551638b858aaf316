"""Who comes back, as texts: what stands around the grid on the page and in the report."""

from __future__ import annotations

from explorer.charts.theme import PALETTE
from explorer.crossfilter.formats import NOTHING, count_text, many, percent_text
from explorer.engine.answers.retention import Activity, Retention, Row

METHOD = (
    "Steps of time are those of the calendar. A share is of the actors who could be seen that long: a step counts when "
    "it is over in the source, or ends at most one inactivity after it. Actors count once, so that intervals are those "
    "of a share (Wilson 1927) at 95 %, each by itself; whether rows differ by more than chance is told by Pearson's "
    "chi-square at 5 %. The first session is the first that is shown."
)
NOT_YET = "not yet"
# What actors are in a step of time: its words, and its colour.
STATE_WORDS = {
    "new": ("New", "came for the first time", PALETTE[2]),
    "returning": ("Returning", "came in the {step} before, too", PALETTE[0]),
    "resurrected": ("Resurrected", "came before, but not in the {step} before", PALETTE[4]),
    "dormant": ("Dormant", "came in the {step} before, and not in this", PALETTE[5]),
}


def heads_of(found: Retention) -> list[str]:
    """What stands above the columns of the grid."""
    if found.counted == "times":
        return [f"{at + 1}×" for at in range(len(found.names))]
    return [f"{found.step.capitalize()} {at + 1}" for at in range(len(found.names))]


def rows_title(found: Retention) -> str:
    """What stands above the rows."""
    return f"First {found.by.removeprefix('first ')}" if found.by else f"First {found.step}"


def nobody_first(found: Retention) -> str:
    """In how many steps of time nobody came first, which have no row in the grid, as a sentence; empty where there are
    none."""
    none = 0 if found.by else sum(not row.actors for row in found.rows)
    return f"In {many(none, found.step)} nobody came for the first time: {_have(none)} no row." if none else ""


def _have(count: int) -> str:
    return "it has" if count == 1 else "they have"


def cell_text(row: Row, at: int) -> str:
    """A share as it stands in a cell."""
    share = row.share(at)
    return NOTHING if share is None else f"{100 * share:.0f} %"


def cell_words(row: Row, at: int, name: str) -> str:
    """A cell in a sentence: the share with its interval, of how many."""
    interval = row.interval(at)
    if interval is None:
        return f"{row.label}: {NOT_YET}. Nobody could be seen so long." if row.actors else f"{row.label}: no actor."
    ends = f"{100 * interval.low:.1f} to {100 * interval.high:.1f}"
    of = f"{count_text(int(row.back[at]))} of {many(int(row.seen[at]), 'actor')}"
    left = row.actors - int(row.seen[at])
    later = f" {count_text(left)} more could not be seen so long." if left else ""
    return f"{row.label}: {percent_text(row.share(at))} ({ends}) come back {name}: {of}.{later}"


def activity_sentence(found: Activity, step: str) -> str:
    """The last step of time that the source holds all of, in a sentence; nothing where there is none."""
    whole = [at for at, its in enumerate(found.whole) if its]
    if not whole:
        return f"The source holds no {step} as a whole."
    at = whole[-1]
    new, returning, resurrected, dormant = (
        int(counts[at]) for counts in (found.new, found.returning, found.resurrected, found.dormant)
    )
    here = new + returning + resurrected
    return (
        f"In the last whole {step} ({found.labels[at]}) {many(here, 'actor')} came: {count_text(new)} new, "
        f"{count_text(returning)} returning, {count_text(resurrected)} resurrected; {count_text(dormant)} of the "
        f"{step} before stayed away."
    )


def parts_note(found: Activity, step: str) -> str:
    """Which steps of time the source holds in parts only, and where it begins, in sentences; nothing where neither is
    to be said."""
    parts = [found.labels[at] for at, whole in enumerate(found.whole) if not whole]
    said = ""
    if parts:
        named = " and ".join(f"the {step} of {label}" for label in parts)
        said = f"The source holds {named if len(parts) < 3 else f'{len(parts)} {step}s'} in parts only. "
    return f"{said}{f'It begins in the first {step}, where everybody is new.' if found.early else ''}".strip()

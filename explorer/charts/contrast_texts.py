"""What is different, as texts: the rows of the table on the page and in the report."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from explorer.charts.titles import OTHERS, brush_name, brush_words
from explorer.crossfilter.counting import Axis
from explorer.crossfilter.differences import points_text
from explorer.crossfilter.formats import NOTHING, count_text, duration_text, many, number_text, percent_text
from explorer.crossfilter.selections.brushes import Values
from explorer.crossfilter.selections.selection import Selection
from explorer.engine.answers.different import FEWEST_WITH, Contrast, Different, Interval, times_text

METHOD = (
    "An actor's sessions are not independent, so intervals are by actor: leaving out one actor at a time (the "
    "jackknife) says how uncertain a difference is. Of all rows that are told from chance, at most one in twenty is "
    "chance on average (Benjamini and Hochberg)."
)
ASIDE = "These say what the selection is made of, and nothing new."


@dataclass(frozen=True)
class ContrastText:
    """One row: what, which value, both numbers, their difference and ratio with the intervals, as texts."""

    what: str
    value: str
    here: str
    there: str
    difference: str
    between: str
    times: str
    times_between: str
    told: bool


def contrast_text(row: Contrast) -> ContrastText:
    """A row as texts; a dash where there is nothing to say."""
    say = _say(row)
    signed = f"{'+' if row.more > 0 else '−'}{_points(row)(abs(row.more))}"
    ratio = row.ratio
    return ContrastText(
        what=what_text(row.name),
        value="mean" if row.is_mean else value_text(row),
        here=say(row.here),
        there=say(row.there),
        difference=signed,
        between=_ends(row, row.difference),
        times=NOTHING if row.times is None else times_text(row.times),
        times_between="" if ratio is None else f"{times_text(ratio.low)} to {times_text(ratio.high)}",
        told=row.told,
    )


def what_text(name: str) -> str:
    """The dimension of a row as it is called; a column of the data is called as it is.

    >>> what_text("started_by"), what_text("weekday of start"), what_text("purchases")
    ('Why sessions begin', 'Weekday of start', 'purchases')
    """
    said = OTHERS.get(name) or brush_name(name)
    return f"{said[:1].upper()}{said[1:]}" if " of start" in name else said


def value_text(row: Contrast) -> str:
    """The value of a row: a truth value that holds says so by its name alone.

    >>> value_text(Contrast("bought", Values(frozenset({"true"})), "true", "have bought", 0, 0, 0, 0, 0, 0))
    'yes'
    """
    if isinstance(row.brush, Values):
        return "yes" if row.brush.values == {"true"} and row.text == "true" else row.text
    return f"{row.text}, where there is a value" if row.partly else row.text


def selection_words(selection: Selection, dimensions: Mapping[str, Axis]) -> str:
    """A selection as it is said within a sentence; what no dimension is of is left out."""
    known = ((name, brush) for name, brush in selection.items() if name in dimensions)
    return " and ".join(brush_words(name, dimensions[name].bins, brush) for name, brush in known)


@dataclass(frozen=True)
class Places:
    """Where a difference is drawn, and the ends of its interval, from -1 to 1 around no difference."""

    at: float
    low: float | None = None
    high: float | None = None


def places_of(rows: Sequence[Contrast]) -> list[Places]:
    """Differences on one scale, that of the farthest; means, which have units of their own, each on its own."""
    far = max((_far(row) for row in rows if not row.is_mean), default=0.0)
    return [_places(row, (_far(row) if row.is_mean else far) or 1.0) for row in rows]


def _far(row: Contrast) -> float:
    ends = (row.difference.low, row.difference.high) if row.difference else ()
    return max(abs(each) for each in (row.more, *ends))


def _places(row: Contrast, far: float) -> Places:
    its, at = row.difference, round(row.more / far, 4)
    return Places(at) if its is None else Places(at, round(its.low / far, 4), round(its.high / far, 4))


def compared_text(found: Different, against: str = "") -> str:
    """Which sessions are compared: `against` is the other selection in words."""
    if found.problem:
        return ""
    here, there = found.here, found.there
    others = f"{many(there.sessions, 'other')}" if not found.against else many(there.sessions, "session")
    which = f" ({against})" if against else ""
    said = (
        f"{many(here.sessions, 'selected session')} of {many(here.actors, 'actor')}, compared with {others}{which} of "
        f"{many(there.actors, 'actor')}."
    )
    if found.shared:
        both = "is in both and counts" if found.shared == 1 else "are in both and count"
        said += f" {count_text(found.shared)} {both} as selected."
    return said


def counted_text(found: Different) -> str:
    """How many differences there are, how many are told, and what is left out."""
    if found.problem:
        return ""
    all_ = len(found.rows) + len(found.means)
    said = ""
    if found.told and not found.caution:
        said = (
            f"{count_text(found.told)} of {many(all_, 'difference')} are told from chance; the largest for sure first."
        )
    if found.left_out:
        values = many(found.left_out, "value")
        are = "is" if found.left_out == 1 else "are"
        said += f" {values} that fewer than {FEWEST_WITH} actors have, or have not, {are} left out."
    if found.unseen and not found.caution:
        are = "is not listed but counts" if found.unseen == 1 else "are not listed but count"
        said += f" {many(found.unseen, 'rarer value')} {are} as looked at."
    return said.strip()


def _say(row: Contrast) -> Callable[[float], str]:
    if not row.is_mean:
        return percent_text
    return duration_text if row.kind == "duration" else number_text


def _points(row: Contrast) -> Callable[[float], str]:
    return _say(row) if row.is_mean else points_text


def _ends(row: Contrast, ends: Interval | None) -> str:
    """Where the true difference is: both ends with their signs, in the unit of the difference."""
    if ends is None:
        return ""
    say = _say(row) if row.is_mean else (lambda share: points_text(share).removesuffix(" points"))

    def signed(end: float) -> str:
        return f"{'−' if end < 0 else '+' if end > 0 else ''}{say(abs(end))}"

    return f"{signed(ends.low)} to {signed(ends.high)}"

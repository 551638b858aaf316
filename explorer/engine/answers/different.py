"""What is different about some sessions: the table of traits that they have more or less often than others."""

from __future__ import annotations

from calendar import day_name
from dataclasses import dataclass

import polars as pl

from explorer.crossfilter.formats import count_text, many, percent_text
from explorer.crossfilter.selections.brushes import Brush, Range, Values
from explorer.spec.charts.dimension import Dimension

# With fewer actors in a group nothing is told from chance.
FEWEST_ACTORS = 20
# And no value that fewer actors have, or have not.
FEWEST_WITH = 10
# What stands first in words.
LEADING = 3


@dataclass(frozen=True)
class Group:
    """Some sessions: how many, of how many actors, and how many actors they are worth, with equally many each."""

    sessions: int
    actors: int
    effective: float

    @property
    def few(self) -> bool:
        """Whether there are too few actors to tell anything from chance."""
        return self.effective < FEWEST_ACTORS


@dataclass(frozen=True)
class Interval:
    """From where to where the true number is, at the level of the table."""

    low: float
    high: float


@dataclass(frozen=True)
class Contrast:
    """One trait in both groups: `brush` of the dimension `name` holds the sessions that have it, `text` is the brush
    and `words` what these sessions do; nothing is brushed where it is the mean of a number, `is_mean`.

    `here` and `there` are shares of the sessions, or means (of durations in microseconds); `count_here` and
    `count_there` the sessions that have it, of `of_here` and `of_there` with a value. The intervals are None where
    there are too few actors, that of the ratio also where there is none. `told` says that the difference is told from
    chance, `least` how large it is at least (Cohen's h of shares, in standard deviations of means): 0 where it is not.
    `partly` says that only sessions with a value are counted. `kind` is `share`, or that of the numbers that a mean is
    of: `duration` (in microseconds), `count` or `number`.
    """

    name: str
    brush: Brush | None
    text: str
    words: str
    here: float
    there: float
    count_here: int
    count_there: int
    of_here: int
    of_there: int
    difference: Interval | None = None
    ratio: Interval | None = None
    chance: float | None = None
    told: bool = False
    least: float = 0.0
    kind: str = "share"
    partly: bool = False

    @property
    def is_mean(self) -> bool:
        """Whether it is a mean rather than a share."""
        return self.kind != "share"

    @property
    def more(self) -> float:
        """How much more it is here than there."""
        return self.here - self.there

    @property
    def times(self) -> float | None:
        """How many times as much it is here; None where it is nothing there, or has a sign."""
        return self.here / self.there if self.there > 0 and self.here >= 0 else None


@dataclass(frozen=True)
class Different:
    """What is different about the sessions of one group, `here`, beside those of another, `there`.

    `rows` are shares and `means` the means of numbers, those that are told from chance first, the largest difference
    before the others. `made_of` are rows that the groups themselves are made of, and those that hold exactly one of
    them: they say nothing new. `left_out` is how many values fewer than FEWEST_WITH actors have, or have not; `shared`
    how many sessions are in both groups, which are counted here only. `unseen` values are not listed because others
    of their dimension are more frequent: they count as looked at. `level` is how often an interval misses the true
    number. `against` says whether the other group was asked for, and is not simply the rest.

    How it is told from chance: an actor's sessions are not independent, so that what is uncertain is which actors there
    are. Variances are those of the jackknife that leaves out one actor at a time (Efron and Stein 1981; of clusters
    MacKinnon, Nielsen and Webb 2023), intervals those of Student's t with as many degrees of freedom as the smaller
    group has actors, weighed by their sessions (Kish 1965), less one; of ratios on the scale of their logarithm. What
    few sessions have is at least as uncertain as if both shares were the same (Rao and Scott 1992). Of
    all that is told at most one in twenty is chance on average (Benjamini and Hochberg 1995), and intervals are widened
    for it (Benjamini and Yekutieli 2005): one leaves out no difference exactly where the row is told. Rows are in order
    of the end of the interval that is nearest to no difference, on a scale on which 1 % beside 5 % is further apart
    than 50 % beside 54 % (Cohen's h, 1988).
    """

    here: Group
    there: Group
    rows: tuple[Contrast, ...] = ()
    means: tuple[Contrast, ...] = ()
    made_of: tuple[Contrast, ...] = ()
    level: float = 0.05
    left_out: int = 0
    shared: int = 0
    unseen: int = 0
    against: bool = False

    @property
    def others(self) -> str:
        """What the sessions of the second group are called."""
        return "those compared with" if self.against else "the others"

    @property
    def told(self) -> int:
        """How many differences are told from chance."""
        return sum(row.told for row in (*self.rows, *self.means))

    @property
    def problem(self) -> str:
        """Why nothing is compared, as a sentence; empty where something is."""
        if not self.here.sessions and not self.there.sessions:
            return "There is no session."
        if not self.here.sessions:
            return "No session is selected: the brushes hold none. Clear one to compare."
        if not self.there.sessions and self.against:
            return "No session is left to compare with: the selection holds all of them."
        if not self.there.sessions:
            return "All sessions are selected, so there is no other to compare with. Brush a part of them."
        return ""

    @property
    def caution(self) -> str:
        """What makes that nothing, or less, is told from chance, as a sentence; empty where there is nothing."""
        if self.problem:
            return ""
        for group, which in ((self.here, "selected sessions"), (self.there, f"sessions of {self.others}")):
            if group.few and group.actors >= FEWEST_ACTORS:
                return (
                    f"Nothing is told from chance: of the {count_text(group.actors)} actors of the {which} a few have "
                    f"most, so that they are worth {group.effective:.0f} actors. It takes {FEWEST_ACTORS}."
                )
            if group.few:
                which = (
                    f"{count_text(group.sessions)} {which}"
                    if group.sessions > 1
                    else which.replace("sessions", "session")
                )
                return (
                    f"Nothing is told from chance: the {which} {'are' if group.sessions > 1 else 'is'} of "
                    f"{many(group.actors, 'actor')}, and it takes {FEWEST_ACTORS}."
                )
        return ""

    @property
    def sentences(self) -> list[str]:
        """The leading results in words, of different dimensions; what is wrong where nothing can be told."""
        if self.problem:
            return [self.problem]
        if self.caution:
            return [self.caution]
        leading: dict[str, Contrast] = {}
        for row in self.rows:
            if row.told:
                leading.setdefault(row.name, row)
        if not leading:
            tried = len(self.rows) + len(self.means)
            return [f"None of {many(tried, 'difference')} is told from chance."]
        return [self.said(row) for row in list(leading.values())[:LEADING]]

    @property
    def sentence(self) -> str:
        """The same as one text."""
        return " ".join(self.sentences)

    def said(self, row: Contrast) -> str:
        """One row as a sentence."""
        here, there = percent_text(row.here), percent_text(row.there)
        some = f" with a value of {row.name}" if row.partly else ""
        if not row.count_here:
            return f"None of the selected sessions{some} {row.words}, of {self.others} {there}."
        said = f"Of the selected sessions{some} {here} {row.words}, "
        if not row.count_there:
            return f"{said}none of {self.others}."
        said += f"of {self.others} {there}"
        if row.times is None or row.ratio is None:
            return f"{said}."
        ends = f"{times_text(row.ratio.low)} to {times_text(row.ratio.high)}"
        return f"{said}: {times_text(row.times)} times as often ({ends})."

    def frame(self) -> pl.DataFrame:
        """A row for each difference, shares before means (of durations in seconds): dimension, brush (as a selection
        says it), measure, both numbers, the difference and the ratio with their intervals, the chance, whether it is
        told."""
        rows = [*self.rows, *self.means]
        schema = {
            "dimension": pl.String, "value": pl.String, "measure": pl.String, "here": pl.Float64, "there": pl.Float64,
            "sessions_here": pl.Int64, "sessions_there": pl.Int64, "difference": pl.Float64,
            "difference_low": pl.Float64, "difference_high": pl.Float64, "ratio": pl.Float64, "ratio_low": pl.Float64,
            "ratio_high": pl.Float64, "chance": pl.Float64, "told": pl.Boolean,
        }  # fmt: skip
        return pl.DataFrame([_flat(row) for row in rows], schema=schema, orient="row")


def _flat(row: Contrast) -> tuple[object, ...]:
    size = 1e6 if row.kind == "duration" else 1.0
    measure = "share" if not row.is_mean else "mean seconds" if row.kind == "duration" else "mean"
    ends = (None, None) if row.difference is None else (row.difference.low / size, row.difference.high / size)
    ratios = (None, None) if row.ratio is None else (row.ratio.low, row.ratio.high)
    value = row.brush.to_text() if row.brush is not None else None
    return (
        row.name, value, measure, row.here / size, row.there / size, row.count_here, row.count_there,
        row.more / size, *ends, row.times, *ratios, row.chance, row.told,
    )  # fmt: skip


def times_text(times: float) -> str:
    """How many times as much, in two digits.

    >>> times_text(3.456), times_text(0.7), times_text(0.0312), times_text(35.2), times_text(0.998), times_text(0)
    ('3.5', '0.70', '0.031', '35', '1.0', '0')
    """
    if times >= 9.95:
        return count_text(round(times))
    return f"{times:.1f}" if times >= 0.995 else f"{times:.2f}" if times >= 0.0995 else f"{times:.2g}"


def trait_words(name: str, text: str, brush: Brush | None, event: str | None, *, cohort: bool = False) -> str:
    """What sessions with a trait do or are, as it stands after "of the sessions 42 %": `text` is the brush in words.

    >>> trait_words("first event", "search", Values(frozenset({"search"})), "event")
    'begin with search'
    >>> trait_words("first platform", "ios", Values(frozenset({"ios"})), "event")
    'have ios as first platform'
    >>> trait_words("weekday of start", "Sat", Values(frozenset({"Saturday"})), None)
    'start on a Saturday'
    >>> trait_words("revenue", "2+", Range(2, None, "number"), None), trait_words("buys", "2+", Range(2, None), None)
    ('have revenue of 2 or more', 'have 2 or more buys')
    """
    asked = Dimension.parse(name)
    nothing = isinstance(brush, Values) and brush.none
    if nothing and isinstance(brush, Values) and brush.negated:
        return f"have a value of {name}"
    if asked.place:
        verb = {"first": "begin with", "last": "end with", "any": "contain"}[asked.place]
        if asked.column == event:
            return f"{verb} {'no event' if nothing else text}"
        if nothing or asked.place == "any":
            return f"have no {asked.column}" if nothing else f"contain {asked.column} {text}"
        return f"have {text} as {asked.place} {asked.column}"
    if asked.part == "weekday" and isinstance(brush, Values):
        return f"start on a {' or '.join(day for day in day_name if day in brush.values)}"
    if asked.part == "hour":
        return f"start from {text} to {text[:2]}:59"
    if cohort:
        return f"are of the cohort {name}"
    text = _in_words(text)
    if nothing:
        return "are not cut off" if name == "cut_off" else f"have no {name}"
    match name:
        case "start":
            return f"start {text} on"
        case "duration":
            return f"last {text}"
        case "event_count":
            return f"have {text}"
        case "started_by":
            return "are the first of their actor" if text == "first" else f"begin because of {text}"
        case "cut_off":
            return f"are cut off at {'both ends' if text == 'both' else f'the {text}'}"
        case "session_count":
            return f"are of actors with {text}"
        case "time_in_session":
            return f"are of actors with {text} in session"
        case "since_previous":
            return f"come {text} after the session before"
        case "until_next":
            return f"are followed by another after {text}"
        case "session_number":
            return f"have the number {text} of their actor"
    if isinstance(brush, Values) and brush.values == {"true"}:
        return f"have {name}"
    if not isinstance(brush, Range):
        return f"have {name} {text}"
    return f"have {text} {name}" if brush.kind == "count" else f"have {name} of {text}"


def _in_words(text: str) -> str:
    """An end of a range in words.

    >>> _in_words("≥ 14m 30s"), _in_words("under 5"), _in_words("8+ events"), _in_words("2.5+")
    ('14m 30s or more', 'less than 5', '8 or more events', '2.5 or more')
    """
    number, plus, unit = f"{text} ".partition("+ ")
    if plus and number[:1] != "+":
        return f"{number} or more {unit}".rstrip()
    text = text.replace("under ", "less than ", 1) if text.startswith("under ") else text
    if text.startswith("≥ "):
        return f"{text[2:]} or more"
    return f"less than {text[2:]}" if text.startswith("< ") else text

"""The table of aggregates: one row each, read by metrics, actor metrics and the measures of charts.

Menus, sentences, checks, both plans and the printed code read these rows; to add an aggregate is to add a row.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import polars as pl
from sqlglot import exp

Needs = Literal["events", "column", "metrics", "sessions", "pattern"]
Nothing = int | bool | None
NUMBERS, ORDERED = ("number", "duration"), ("number", "duration", "time")
# A truth value counts as 1 or 0.
COUNTED = (*NUMBERS, "truth value")
ANY: tuple[str, ...] = ()


@dataclass(frozen=True)
class Aggregate:
    """One way of making one value of many.

    `needs` is what it is asked of: matching `events`, a `column`, two other `metrics`, a `pattern` of events, or
    `sessions` (then it is a measure of charts only). `takes` are the kinds of a column that it can be of (all where
    empty), `counts` whether it gives a whole number, `nothing` its value of no values. `label` and `measure_label` are
    its entries in the menus of metrics and of charts, empty where it is not offered there; `sentence` has {} for the
    column or the pattern.

    `of_actors` says whether it makes one value of an actor's sessions; `actor_label` and `actor_sentence` are its words
    there, where they are others. `polars` makes it of a column without nulls inside a group, `code` says the same as
    text. `sql` makes it of a column; what `keeps_order` gets the column that orders events too. With `skips_nulls`
    Polars leaves nulls out by itself. What lies `between` values is a whole number of microseconds again where these
    are durations. `only_in` are the databases that have it, all where empty.
    """

    name: str
    label: str
    sentence: str
    needs: Needs = "column"
    takes: tuple[str, ...] = ANY
    nothing: Nothing = None
    measure_label: str = ""
    metric: bool = True
    measure: bool = False
    of_actors: bool = True
    actor_label: str = ""
    actor_sentence: str = ""
    polars: Callable[[pl.Expr], pl.Expr] | None = None
    code: str = ""
    sql: Callable[..., exp.Expr] | None = None
    skips_nulls: bool = False
    keeps_order: bool = False
    between: bool = False
    only_in: tuple[str, ...] = ()

    def of(self, column: str | None) -> str:
        """The words for this aggregate of a column.

        >>> AGGREGATES["p90"].of("amount"), AGGREGATES["count"].of(None)
        ('90th percentile of amount', 'events')
        """
        return self.sentence.format(column)


def ordinal(number: int) -> str:
    """A number as a place.

    >>> ordinal(1), ordinal(12), ordinal(93)
    ('1st', '12th', '93rd')
    """
    ending = "th" if 10 < number % 100 < 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def _of_column(kind: type[exp.Expr]) -> Callable[..., exp.Expr]:
    return lambda value: kind(this=value)


def _of_place(kind: type[exp.Expr]) -> Callable[..., exp.Expr]:
    return lambda value, place: kind(this=value, expression=place)


def _unique(value: exp.Expr) -> exp.Expr:
    return exp.Count(this=exp.Distinct(expressions=[value]))


def _most_frequent(value: exp.Expr, place: exp.Expr) -> exp.Expr:
    # DuckDB takes of several that are as frequent the one that it sees first.
    return exp.Mode(this=exp.Order(this=value, expressions=[exp.Ordered(this=place, nulls_first=False)]))


def _percentile(number: int) -> Aggregate:
    share = number / 100
    some = number in (10, 25, 75, 90, 95, 99)
    return Aggregate(
        f"p{number:02}",
        f"{ordinal(number)} percentile of" if some else "",
        f"{ordinal(number)} percentile of {{}}",
        takes=NUMBERS,
        measure=True,
        measure_label=f"{ordinal(number)} percentile" if some else "",
        polars=lambda value: value.quantile(share, "linear"),
        code=f'quantile({share}, "linear")',
        skips_nulls=True,
        between=True,
    )


_ROWS = (
    Aggregate("count", "Number of events", "events", "events", nothing=0, measure=True,
              measure_label="Number of sessions", actor_label="Number of sessions", actor_sentence="sessions"),
    Aggregate("any", "Whether an event happened", "whether an event", "events", nothing=False,
              actor_label="Whether there is a session", actor_sentence="whether there is a session"),
    Aggregate("time_to", "Time to the first event", "time from the session's start to the first event", "events",
              of_actors=False),
    Aggregate("matches", "Number of matches of a pattern", "matches of {}", "pattern", nothing=0, of_actors=False),
    Aggregate("time_of", "Time of the first match of a pattern",
              "time from the first to the last event of the first match of {}", "pattern", of_actors=False),
    Aggregate("n_unique", "Unique values of", "unique values of {}", nothing=0, measure=True,
              measure_label="Unique values", polars=lambda value: value.n_unique(), code="n_unique()", sql=_unique),
    Aggregate("sum", "Sum of", "sum of {}", takes=COUNTED, nothing=0, measure=True, measure_label="Sum",
              polars=lambda value: value.sum(), code="sum()", skips_nulls=True, sql=_of_column(exp.Sum)),
    Aggregate("mean", "Mean of", "mean of {}", takes=COUNTED, measure=True, measure_label="Mean",
              polars=lambda value: value.mean(), code="mean()", skips_nulls=True, between=True,
              sql=_of_column(exp.Avg)),
    Aggregate("median", "Median of", "median of {}", takes=NUMBERS, measure=True, measure_label="Median",
              polars=lambda value: value.median(), code="median()", skips_nulls=True, between=True),
    Aggregate("std", "Standard deviation of", "standard deviation of {}", takes=NUMBERS, measure=True,
              measure_label="Standard deviation", polars=lambda value: value.std(), code="std()", skips_nulls=True,
              between=True, sql=_of_column(exp.StddevSamp)),
    Aggregate("min", "Min of", "min of {}", measure=True, measure_label="Min",
              polars=lambda value: value.min(), code="min()", skips_nulls=True, sql=_of_column(exp.Min)),
    Aggregate("max", "Max of", "max of {}", measure=True, measure_label="Max",
              polars=lambda value: value.max(), code="max()", skips_nulls=True, sql=_of_column(exp.Max)),
    Aggregate("first", "First", "first {}", polars=lambda value: value.first(), code="first()",
              sql=_of_place(exp.ArgMin), keeps_order=True),
    Aggregate("last", "Last", "last {}", polars=lambda value: value.last(), code="last()",
              sql=_of_place(exp.ArgMax), keeps_order=True),
    Aggregate("mode", "Most frequent", "most frequent {}", measure=True, measure_label="Most frequent",
              polars=lambda value: value.mode(maintain_order=True).first(), code="mode(maintain_order=True).first()",
              sql=_most_frequent, keeps_order=True, only_in=("duckdb",)),
    Aggregate("ratio", "Ratio of two metrics", "{}", "metrics", of_actors=False),
    Aggregate("actors", "", "number of actors", "sessions", nothing=0, metric=False, measure=True,
              measure_label="Number of actors"),
    Aggregate("share", "", "share of {}", "sessions", nothing=0, metric=False, measure=True, measure_label="Share"),
    *map(_percentile, range(1, 100)),
)  # fmt: skip
AGGREGATES = {row.name: row for row in _ROWS}
METRICS = tuple(row.name for row in _ROWS if row.metric)
MEASURES = tuple(row.name for row in _ROWS if row.measure)
OF_ACTORS = tuple(row.name for row in _ROWS if row.metric and row.of_actors)
PERCENTILE = re.compile(r"p(\d\d)")

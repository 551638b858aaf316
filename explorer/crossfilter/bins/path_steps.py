"""What a session does at one step of its path, as bins."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from explorer.crossfilter.bins.bins import MOST_BINS
from explorer.crossfilter.bins.categories import Categories
from explorer.crossfilter.selections.brushes import Brush, Range, Values
from explorer.crossfilter.selections.range_text import value_label, values_text

ENDS, ENDED, ABSENT = r"\ends", r"\ended", r"\absent"
CALLED = {ENDS: "path ends here", ENDED: "path has ended before", ABSENT: "no such event"}
APART = (ENDS, ENDED, ABSENT)


def written(value: str) -> str:
    r"""A value as a brush names it: one that begins with a backslash has one more.

    >>> written("search"), written("\\ends")
    ('search', '\\\\ends')
    """
    return f"\\{value}" if value.startswith("\\") else value


@dataclass(frozen=True, eq=False)
class PathBins(Categories):
    r"""The values of one step; before them stand that the path ends right before it, that it has ended earlier, and
    that the session has none.

    >>> bins = path_bins("path step 2", ["search", "\\odd", "cart"], shown=1, none=False)
    >>> bins.text(Values(frozenset({ENDS}))), bins.text(Values(frozenset({"cart", "\\\\odd"})))
    ('path ends here', '\\odd or cart')
    """

    def text(self, brush: Brush) -> str:
        """A brush as people say it."""
        if isinstance(brush, Range):
            return super().text(brush)
        apart = [CALLED[each] for each in APART if each in brush.values]
        if brush.negated and len(apart) == len(APART):
            apart = []  # what is no value at all is not among the others
        none = brush.none and not (brush.negated and not apart)
        values = sorted(
            each.removeprefix("\\") if each.startswith("\\\\") else each for each in brush.values - {*APART}
        )
        said = values_text(values, none) if values or none else ""
        text = " or ".join(filter(None, [said, *apart]))
        return f"not {text}" if brush.negated else text


def path_bins(name: str, values: list[str], shown: int, none: bool) -> PathBins:
    """Bins for a step whose values are these, those that most sessions have first, so many of them told apart."""
    many = min(shown, len(values), MOST_BINS - 2 - len(APART))
    called = (*CALLED.values(), *map(value_label, values[:many]))
    known = pl.Series([*APART, *map(written, values)], dtype=pl.String)
    return PathBins(name, known, len(APART) + many, none, called=called)


def is_value(value: str | None) -> Values:
    """The brush of one value of a step; None: of events without one."""
    return Values(none=True) if value is None else Values(frozenset({written(value)}))


def is_other(values: tuple[str, ...]) -> Values:
    """The brush of all values but these."""
    return Values(frozenset([*APART, *map(written, values)]), none=True, negated=True)


def path_ends() -> Values:
    """The brush of paths that end right before a step."""
    return Values(frozenset({ENDS}))

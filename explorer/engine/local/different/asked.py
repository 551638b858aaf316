"""The question as a script asks it: brushes as texts, their dimensions drawn for it."""

from __future__ import annotations

from explorer.crossfilter.bins.binning import AUTOMATIC
from explorer.crossfilter.selections.selection import Selection
from explorer.engine.answers.different import Different
from explorer.engine.coded import Coded
from explorer.engine.cut import Cut
from explorer.errors import SpecError


def asked(cut: Cut, selection: str | Selection, against: str | Selection | None) -> Different:
    """The answer; raises SpecError for a brush that does not fit the sessions."""
    one, other = read(selection), None if against is None else read(against)
    both = [each for each in (one, other) if each is not None]
    coded = brushed(cut, *both)
    return coded.different(one, other)


def brushed(cut: Cut, *both: Selection) -> Coded:
    """The sessions in the bins of what is brushed; raises SpecError for a brush that does not fit them."""
    coded = cut.coded({name: AUTOMATIC for each in both for name in each})
    for each in both:
        for name in each:
            if name in coded.problems:
                raise coded.problems[name]
            if name not in coded.holding(each):
                raise SpecError(f"'{name}' cannot be brushed by {each[name].to_text()}: it has other values.")
    return coded


def read(selection: str | Selection) -> Selection:
    """A selection, also as a text."""
    return Selection.from_text(selection) if isinstance(selection, str) else selection

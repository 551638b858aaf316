"""Who comes back, as a script asks: the fields of a chart, and a selection as a text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from explorer.crossfilter.bins.binning import AUTOMATIC
from explorer.crossfilter.selections.selection import Selection
from explorer.engine.answers.retention import Retention
from explorer.engine.cut import Cut
from explorer.errors import SpecError
from explorer.spec.charts.chart import RETURN, Chart


def asked_retention(cut: Cut, selection: str | Selection, fields: Mapping[str, Any]) -> Retention:
    """The answer; raises SpecError for fields that a chart of who comes back has not, and for a brush that does not fit
    the sessions."""
    unknown = sorted(set(fields) - {"every", "by", "top", "returns", "where", "within"})
    if unknown:
        raise SpecError(f"Who comes back is not asked by {', '.join(unknown)}. Leave it out.")
    chart = Chart(RETURN, cut.definition.name, **fields)
    held = Selection.from_text(selection) if isinstance(selection, str) else selection
    if not held:
        return cut.retention(chart)
    coded = cut.coded(dict.fromkeys(held, AUTOMATIC))
    for name in held:
        if name in coded.problems:
            raise coded.problems[name]
        if name not in coded.holding(held):
            raise SpecError(f"'{name}' cannot be brushed by {held[name].to_text()}: it has other values.")
    return coded.retention(chart, held)

"""What groups of sessions are made of: rows that would only say so again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from explorer.crossfilter.selections.selection import Brush, Selection, Values
from explorer.spec.charts.dimension import Dimension


def is_made_of(
    name: str, brush: Brush | None, selections: Sequence[Selection], columns: Mapping[str, set[str]]
) -> bool:
    """Whether a row says what a group is made of: its dimension is brushed, or follows from what is. `columns` are
    those that each brushed dimension asks for.

    >>> selection = Selection.from_text("first event:view")
    >>> rows = ("first event", "last event", "any event")
    >>> [is_made_of(row, Values(frozenset({"view"})), (selection,), {}) for row in rows]
    [True, False, True]
    >>> selection = Selection.from_text("any event:view")
    >>> [is_made_of(row, Values(frozenset({"view"})), (selection,), {}) for row in rows]
    [True, True, True]
    >>> is_made_of("any event", Values(frozenset({"buy"})), (selection,), {})
    False
    >>> selection = Selection.from_text("platform:web")
    >>> is_made_of("first platform", Values(frozenset({"ios"})), (selection,), {})
    True
    """
    row = Dimension.parse(name)
    for selection in selections:
        for brushed, its in selection.items():
            other = Dimension.parse(brushed)
            if row.column in columns.get(brushed, ()):
                return True
            if not other.place and not other.part and other.column == row.column:
                return True
            if "any" in (row.place, other.place):
                # What is first, or last, is anywhere.
                same = row.place and other.place and other.column == row.column
                if same and isinstance(brush, Values) and isinstance(its, Values) and brush.values & its.values:
                    return True
            elif brushed == name:
                return True
    return False

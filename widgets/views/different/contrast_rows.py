"""What the view of differences shows and says, ready for the browser."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from explorer.charts.contrast_texts import ASIDE, Places, compared_text, contrast_text, counted_text, places_of
from explorer.crossfilter.selections.selection import Brush, Selection, Values
from explorer.engine.answers.different import Contrast, Different

UNSELECTED = (
    "Select sessions first: brush a chart, click a bar or a row of a table. Here stands what they have more or less "
    "often than all other sessions, and whether that can be told from chance."
)
NEXT = "Now select the sessions to compare with {against}: brush a chart, or click a bar or a row of a table."
PICK = (
    "Click a row to select only sessions that have it as well, once more to take that away. Ctrl+click takes one more "
    "value."
)
CHANCE = "not told from chance"
ORDERS = {
    "here": lambda row: row.here,
    "there": lambda row: row.there,
    "difference": lambda row: row.more,
    "times": lambda row: -1.0 if row.times is None else row.times,
}


def key(row: Contrast) -> str:
    """What a row is known by in the browser: its brush; empty where it is none."""
    return "" if row.brush is None else Selection().with_(row.name, row.brush).to_text()


def is_held(row: Contrast, selection: Selection) -> bool:
    """Whether the selection brushes what a row says, or one of several values that it says."""
    brush = selection.get(row.name)
    if isinstance(brush, Values) and isinstance(row.brush, Values) and not brush.negated and not row.brush.negated:
        return row.brush.values <= brush.values and (brush.none or not row.brush.none)
    return brush is not None and brush == row.brush


def rows_of(rows: Sequence[Contrast], selection: Selection, few: bool) -> list[dict[str, Any]]:
    """Rows for the browser; dots and spans are places from -1 to 1 around no difference."""
    return [_row(row, places, selection, few) for row, places in zip(rows, places_of(rows), strict=True)]


def _row(row: Contrast, places: Places, selection: Selection, few: bool) -> dict[str, Any]:
    share = {} if row.is_mean else {"share_here": round(row.here, 4), "share_there": round(row.there, 4)}
    note = "" if few or row.told or row.difference is not None else CHANCE
    rest = {"key": key(row), "held": is_held(row, selection), "told": row.told, "note": note}
    return vars(contrast_text(row)) | share | vars(places) | rest


def matching(rows: Sequence[Contrast], query: str, sort: tuple[str, bool]) -> list[Contrast]:
    """The rows that have a text in what they say, in an order; that of the answer where it is by rank."""
    asked = query.strip().lower()
    found = [row for row in rows if asked in " ".join((row.name, row.text, row.words)).lower()] if asked else list(rows)
    name, descending = sort
    if name in ORDERS:
        return sorted(found, key=ORDERS[name], reverse=descending)
    return found[::-1] if descending else found


def said(found: Different, selection: Selection, against: str) -> dict[str, Any]:
    """The texts around the table."""
    if not selection:
        return {"nothing": NEXT.format(against=against) if against else UNSELECTED}
    if found.problem:
        return {"nothing": found.problem}
    return {
        "sentences": found.sentences,
        "compared": compared_text(found, against),
        "counted": counted_text(found),
        "others": "Compared with" if found.against else "Others",
        "apart": ASIDE,
        "hint": PICK,
    }


def apart(found: Different, selection: Selection) -> list[Contrast]:
    """Of what the selection is made of the values that it holds: those brushed, and what all of it has by itself."""
    rows = [row for row in found.made_of if not row.is_mean]
    return [row for row in rows if is_held(row, selection) or row.count_here == row.of_here]


def toggled(selection: Selection, name: str, brush: Brush, more: bool) -> Selection:
    """The selection with one brush, without it where it stands, or with one value more or less."""
    standing = selection.get(name)
    if standing == brush:
        return selection.with_(name, None)
    both = isinstance(standing, Values) and isinstance(brush, Values)
    if both and not standing.negated and not brush.negated:  # type: ignore[union-attr]
        held = brush.values <= standing.values and (standing.none or not brush.none)  # type: ignore[union-attr]
        if more or held:
            values = standing.values ^ brush.values  # type: ignore[union-attr]
            none = standing.none != brush.none  # type: ignore[union-attr]
            return selection.with_(name, Values(values, none=none) if values or none else None)
    return selection.with_(name, brush)

"""Actors that are picked from a list, as brushes of the actor's columns."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from explorer.crossfilter.selections.selection import Brush, Range, Selection, Values
from explorer.engine.answers.actors import Property, Value
from explorer.plan.literal import type_word
from explorer.state import Explorer

NAMED = ("text", "number", "truth value")
ONE = (
    "Click a row to select the sessions of this actor, once more to take it away. An actor of several columns is "
    "picked alone."
)
MANY = "Click a row to select the sessions of this actor. Ctrl+click takes one more, Shift+click all between."


class Picks:
    """A click picks one actor, Ctrl one more, Shift all from the last one on; a second click takes it away."""

    def __init__(self, state: Explorer) -> None:
        self.state = state
        self._last: tuple[str, ...] | None = None

    @property
    def _actor(self) -> tuple[str, ...]:
        return self.state.engine.columns.actor

    @property
    def possible(self) -> bool:
        """Whether actors can be brushed: they must be told by names or numbers."""
        return all(type_word(self.state.engine.schema[name]) in NAMED for name in self._actor)

    @property
    def hint(self) -> str:
        """How to pick actors, or why not."""
        if not self.possible:
            odd = next(name for name in self._actor if type_word(self.state.engine.schema[name]) not in NAMED)
            kind = type_word(self.state.engine.schema[odd])
            return f"Rows cannot be picked here: {odd} is a {kind}, and only texts and numbers can."
        return MANY if len(self._actor) == 1 else ONE

    def chosen(self, names: pl.DataFrame) -> list[int]:
        """The places of the actors on a page that the brushes hold; none where no column of theirs is brushed."""
        selection = self.state.selection
        brushes = {name: selection.get(name) for name in self._actor}
        if not any(isinstance(brush, Values) for brush in brushes.values()):
            return []
        held = []
        for at, row in enumerate(names.rows()):
            both = zip(brushes.values(), row, strict=True)
            if all((text in brush.values) != brush.negated for brush, text in both if isinstance(brush, Values)):
                held.append(at)
        return held

    def pick(self, names: pl.DataFrame, place: int, more: bool, between: bool) -> None:
        """Take a click on a row of a page."""
        rows = names.rows()
        if not self.possible or not 0 <= place < len(rows):
            return
        row = rows[place]
        if len(self._actor) > 1:
            there = all(self.state.selection.get(name) == Values(frozenset({text})) for name, text in self._pairs(row))
            self._brush({name: frozenset() if there else frozenset({text}) for name, text in self._pairs(row)})
            return
        standing = self.state.selection.get(self._actor[0])
        held = standing.values if isinstance(standing, Values) and not standing.negated else frozenset()
        picked = frozenset({row[0]})
        if between and self._last in rows:
            first, last = sorted((rows.index(self._last), place))
            picked = frozenset(each[0] for each in rows[first : last + 1]) | (held if more else frozenset())
        elif more:
            picked = held ^ picked
        elif held == picked:
            picked = frozenset()
        if not between:
            self._last = row
        self._brush({self._actor[0]: picked})

    def _pairs(self, row: tuple[str, ...]) -> list[tuple[str, str]]:
        return list(zip(self._actor, row, strict=True))

    def _brush(self, picked: dict[str, frozenset[str]]) -> None:
        selection: Selection = self.state.selection
        for name, values in picked.items():
            selection = selection.with_(name, Values(values) if values else None)
        self.state.selection = selection


class PropertyPicks:
    """A click on a row of a property selects the sessions that begin with its value, Ctrl one more value."""

    def __init__(self, state: Explorer) -> None:
        self.state = state

    def dimension(self, column: str) -> str:
        """What is brushed."""
        return column if column in self.state.engine.columns.actor else f"first {column}"

    def possible(self, found: Property) -> bool:
        """Whether its values can be brushed one by one."""
        return self._kind(found) in ("text", "truth value") or self._is_whole(found)

    def hint(self, found: Property) -> str:
        """How to pick rows, or why not."""
        if not self.possible(found):
            return f"Rows cannot be picked here: {found.name} is a {self._kind(found)}. Brush a chart of it instead."
        what = "the sessions of these actors" if not found.mixed else "the sessions that begin with this value"
        return f"Click a row to select {what}, once more to take it away." + (
            "" if self._is_whole(found) else " Ctrl+click takes one more."
        )

    def chosen(self, found: Property, values: Sequence[Value]) -> list[int]:
        """The places of the rows that the brush holds."""
        brush = self.state.selection.get(self.dimension(found.name))
        if brush is None:
            return []
        if not isinstance(brush, Values):
            return [at for at in range(len(values)) if self._brush(found, values, at) == brush]
        held = [
            brush.none != brush.negated if each.none
            else brush.negated and not brush.values - {one.value for one in values} if each.others
            else (each.value in brush.values) != brush.negated
            for each in values
        ]  # fmt: skip
        return [at for at, its in enumerate(held) if its]

    def pick(self, found: Property, values: Sequence[Value], place: int, more: bool) -> None:
        """Take a click on a row."""
        if not 0 <= place < len(values) or not self.possible(found):
            return
        name, picked = self.dimension(found.name), self._brush(found, values, place)
        standing = self.state.selection.get(name)
        if isinstance(standing, Values) and isinstance(picked, Values) and more:
            picked = _joined(standing, picked)
        elif standing == picked:
            picked = None
        self.state.selection = self.state.selection.with_(name, picked)

    def _brush(self, found: Property, values: Sequence[Value], place: int) -> Brush | None:
        value = values[place]
        if value.none:
            return Values(none=True)
        if value.others:
            named = frozenset(each.value for each in values if not each.none and not each.others)
            return Values(named, none=True, negated=True)
        if self._is_whole(found):
            return Range(int(value.value), int(value.value) + 1, "count")
        return Values(frozenset({value.value}))

    def _kind(self, found: Property) -> str:
        return type_word(self.state.engine.schema[found.name])

    def _is_whole(self, found: Property) -> bool:
        return self.state.engine.schema[found.name].is_integer() and found.name not in self.state.engine.columns.actor


def _joined(standing: Values, picked: Values) -> Values | None:
    """One value more, or one less; what is said by what it is not cannot be joined with others."""
    if standing.negated or picked.negated:
        return picked
    values, none = standing.values ^ picked.values, standing.none != picked.none
    return Values(values, none=none) if values or none else None

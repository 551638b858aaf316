"""Actors that are picked from a list, as brushes of the actor's columns."""

from __future__ import annotations

import polars as pl

from explorer.crossfilter.selections.selection import Selection, Values
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

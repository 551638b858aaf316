"""The events that sessions hold, with the columns of the source and what each knows of its session."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import polars as pl

from explorer.engine import keys
from explorer.engine.local.cut import masks
from explorer.engine.local.cut.cutting import PLACE
from explorer.engine.local.cut.event_table import EventTable
from explorer.engine.local.cut.events_view import View
from explorer.engine.local.cut.known import KNOWN, known_of
from explorer.engine.local.cut.session_cut import SessionCut
from explorer.errors import located
from explorer.events.added.derived import computed
from explorer.plan.column_text import columns_of, in_polars
from explorer.plan.in_polars.boundary import TIME
from explorer.plan.in_polars.predicate import predicate
from explorer.plan.meaning import inside, of_sessions
from explorer.spec.event_columns import name_inside
from explorer.spec.expression import clause as clauses
from explorer.spec.expression.clause import All, Any, Clause, Not


@dataclass(frozen=True)
class HeldEvents:
    """Columns and conditions of the events of a cut, in the order of its `held`.

    What reads the source only is asked of all events, once for every definition; what an event knows of its session
    is remembered by the cut.
    """

    cut: SessionCut

    @property
    def events(self) -> EventTable:
        """All events of the source."""
        return self.cut.events

    @property
    def view(self) -> View:
        """Which of them the sessions hold."""
        return self.cut.held

    @property
    def schema(self) -> Mapping[str, pl.DataType]:
        """The columns and their types."""
        return inside(self.events.schema)

    def column(self, text: str) -> pl.Series:
        """A column, or an expression of columns; raises SpecError."""
        with located("column"):
            value = in_polars(text, self._coded, self.events.columns.time_zone, self.events.now)
        its = columns_of(text, self._coded)
        if not of_sessions(its, self.events.schema):
            return self.view.take(self.events.column(text))
        if text in KNOWN:
            return self._remembered("known", text, lambda: KNOWN[text](self.view.keys[TIME], self.cut.cut[PLACE]))
        if text in self.schema:
            return self.view.take(self.events.column(self._source_name(text)))
        return self._remembered("known value", text, lambda: computed(self._frame(its), value, its, text))

    def mask(self, clause: Clause) -> pl.Series:
        """Which of the events match a condition; raises SpecError."""
        names = clauses.columns(clause)
        self.check(clause)
        if not of_sessions(names, self.events.schema):
            return self.view.take(self.events.mask(clause))

        def make() -> pl.Series:
            # A group is put together from the masks of its parts.
            frame = pl.DataFrame() if isinstance(clause, All | Any | Not) else self._frame(names)
            return masks.mask(self.events.settled(clause), frame, self.events.columns.time_zone, self.mask)

        return self._remembered("known mask", clause, make)

    def check(self, clause: Clause) -> None:
        """Raises SpecError for a condition that these events cannot be asked."""
        predicate(self.events.settled(clause), self._coded, self.events.columns.time_zone)

    def reads_source(self, column: str | None, where: Clause | None) -> bool:
        """Whether a column or expression, and a condition, are the same whatever the sessions."""
        names = clauses.columns(where)
        return not of_sessions((*names, *columns_of(column or "", self._coded)), self.events.schema)

    def known(self, places: pl.Series, session: pl.Series) -> pl.DataFrame:
        """What the events at these places know of their session, whose place in the cut is said for each."""
        begins = self.cut.cut[PLACE]
        ends = begins.shift(-1, fill_value=self.view.keys.height)
        return known_of(self.view.keys[TIME], places, begins.gather(session), ends.gather(session))

    def _frame(self, names: Iterable[str]) -> pl.DataFrame:
        """The columns that are read; a field of a record is read with all of it."""
        read = dict.fromkeys(name for said in names for name in columns_of(said, self._coded))
        return pl.DataFrame([self.column(name).alias(name) for name in read])

    @property
    def _coded(self) -> Mapping[str, pl.DataType]:
        """The columns as they are held, texts as categories."""
        return inside(self.events.frame.schema)

    def _source_name(self, name: str) -> str:
        return next(own for own in self.events.schema if name_inside(own) == name)

    def _remembered(self, stage: str, what: object, make: Callable[[], pl.Series]) -> pl.Series:
        key = (*keys.cut_key(self.cut.definition), what)
        return self.cut.stages.get(stage, key, make)

"""The sessions of one definition over a table."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import cast

import polars as pl

from explorer.crossfilter.bins.binning import DIMENSIONS, Dimensions
from explorer.engine import keys
from explorer.engine.answers.columns import Menu
from explorer.engine.answers.heartbeat import Heartbeat
from explorer.engine.answers.inactivity import Choice, Choices, Evidence, Suggestion
from explorer.engine.answers.trial import Counted
from explorer.engine.local.coded.coded_cache import coded
from explorer.engine.local.editors import live_counts
from explorer.engine.local.local_cut import LocalCut
from explorer.engine.sql import table_inactivity
from explorer.engine.sql.table_coded import TableCoded
from explorer.engine.sql.table_menus import event_menu
from explorer.engine.sql.table_pages import page_of
from explorer.engine.sql.table_sessions import TableSessions
from explorer.spec.duration import Duration
from explorer.spec.expression import clause as clauses
from explorer.spec.expression.clause import Clause


class TableCut(LocalCut):
    """The sessions of one definition, which a database cuts; what it answers is remembered here."""

    @property
    def its(self) -> TableSessions:
        """The sessions."""
        return cast(TableSessions, self.table)

    def events(self, where: str | Clause | None = None, page: slice | None = None) -> pl.DataFrame:
        """The events of the sessions, or a page of them, by actor and time; without a page all come home."""
        return page_of(self.its, clauses.optional(where), page)

    def coded(self, dimensions: Dimensions = DIMENSIONS) -> TableCoded:
        """The sessions in the bins of these dimensions, remembered."""
        return cast(TableCoded, coded(self.its, dimensions, TableCoded))

    # ---- inactivity

    def suggested(self) -> Suggestion:
        """The inactivity that the gaps between events suggest, and why."""
        return table_inactivity.suggested(self.its)

    def evidence(self) -> Evidence:
        """What the gaps between events say about the choice of inactivity."""
        return table_inactivity.gathered(self.its)

    def choices(self, also: Duration | None = None) -> Choices:
        """Every inactivity that makes a difference, the definition's own, and exactly one more."""
        return table_inactivity.choices(self.its, also)

    def choice(self, inactivity: Duration) -> Choice:
        """What one inactivity comes to, exactly."""
        return table_inactivity.choice(self.its, inactivity)

    def heartbeats(self) -> tuple[Heartbeat, ...]:
        """None: they are looked for where the events are in memory."""
        return ()

    # ---- conditions

    def event_menu(self) -> Menu:
        """What conditions on the events of sessions can ask."""
        return event_menu(self.its)

    def event_counts(self, asked: Iterable[Clause]) -> Counted:
        """The events of sessions that meet each condition."""
        sessions = self.its
        many = int(sessions.cut["event_count"].cast(pl.Int64).sum())
        return Counted(many, *live_counts.each(asked, partial(_count, sessions)))

    def inexact(self) -> tuple[str, ...]:
        """None: a database refuses a sum of whole numbers that does not fit."""
        return ()

    def remarks(self) -> list[str]:
        """None."""
        return []


def _count(sessions: TableSessions, clause: Clause) -> int:
    sessions.inside.check(clause)
    key = (*keys.cut_key(sessions.definition), clause)
    return int(
        sessions.stages.get("events that match", key, lambda: sessions.ask(sessions.queries.count(clause)).item())
    )

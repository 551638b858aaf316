"""What happens inside the sessions of a table: which events follow which, and the first steps."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import polars as pl

from explorer.engine.answers.sequences.inside import MOST_FOLLOWING, Following
from explorer.engine.local.cut.cutting import PLACE
from explorer.engine.local.cut.sequences.event_codes import Groups, grouped, shown_by
from explorer.engine.sql.table_sessions import TableSessions
from explorer.plan.literal import type_word


@contextmanager
def chosen(sessions: TableSessions, rows: pl.Series | None) -> Iterator[str | None]:
    """The name of a table with the places of the sessions at these rows of `table`; None for all that are cut."""
    if rows is None and sessions.definition.keep is None:
        yield None
        return
    places = sessions.table[PLACE] if rows is None else sessions.table[PLACE].gather(rows)
    with sessions.its.kept.rows(places.alias("0").to_frame()) as name:
        yield name


def following(sessions: TableSessions, column: str, rows: pl.Series | None, top: int) -> Following:
    """Which value of a column comes right after which in the shown sessions, or those at these rows."""
    top = min(top, MOST_FOLLOWING)
    key = shown_by(sessions.definition, column, top)
    groups: Groups = sessions.stages.get("groups of events", key, lambda: _groups(sessions, column, top))
    if rows is None:
        counts = sessions.stages.get("following", key, lambda: _pairs(sessions, column, groups, None))
    else:
        counts = _pairs(sessions, column, groups, rows)
    return Following(groups.values, groups.others, counts, groups.rest)


def _values(sessions: TableSessions, column: str, names: tuple[str, ...]) -> list[Any]:
    """The values that are written so."""
    like = sessions.like.inside.column(column).dtype
    kind = type_word(like)
    if kind == "truth value":
        return [name == "yes" for name in names]
    return pl.Series(names, dtype=pl.String).cast(like).to_list() if kind == "number" else list(names)


def _groups(sessions: TableSessions, column: str, top: int) -> Groups:
    sessions.labels(column)
    with chosen(sessions, None) as name:
        found = sessions.ask(sessions.queries.frequencies(column, name))
    names = sessions.labels(column, found.to_series(0))
    counts = found.to_series(1).cast(pl.Int64)
    there = names.is_not_null()
    many = np.append(counts.filter(there).to_numpy(), int(counts.filter(~there).sum()))
    return grouped(names.filter(there), many, top)


def _pairs(sessions: TableSessions, column: str, groups: Groups, rows: pl.Series | None) -> np.ndarray:
    with chosen(sessions, rows) as name:
        found = sessions.ask(sessions.queries.following(column, _values(sessions, column, groups.values), name)).cast(
            pl.Int64
        )
    width = len(groups.values) + 3
    counts = np.zeros((width - 1, width), np.int64)
    one, other, many = (column.to_numpy() for column in found.get_columns())
    counts[one, np.where(other < 0, width - 1, other)] = many
    return counts

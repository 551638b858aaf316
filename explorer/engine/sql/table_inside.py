"""What happens inside the sessions of a table: which events follow which, and the first steps."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import polars as pl

from explorer.engine.answers.inside import FEWEST_STEPS, LABELS, MOST_FOLLOWING, MOST_STEPS, Following, Paths
from explorer.engine.local.cut.cutting import PLACE
from explorer.engine.local.inside.event_codes import Groups, grouped, shown_by
from explorer.engine.local.inside.paths import Walked, counted
from explorer.engine.sql.table_sessions import TableSessions
from explorer.engine.stopping import go_on
from explorer.errors import SpecError, located
from explorer.plan.literal import type_word

TOP = 6


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


def paths(sessions: TableSessions, column: str, rows: pl.Series | None, steps: int, once: bool) -> Paths:
    """The first steps of the shown sessions, or of those at these rows."""
    steps = min(max(steps, FEWEST_STEPS), MOST_STEPS)
    key = shown_by(sessions.definition, column, steps, TOP, once)
    walked: Walked = sessions.stages.get("walked", key, lambda: _walked(sessions, column, steps, once))
    go_on()
    return counted(walked.groups, walked.codes if rows is None else walked.codes[:, rows.to_numpy()])


def texts(sessions: TableSessions, column: str, values: pl.Series) -> pl.Series:
    """Values as they are written; raises SpecError at `column` for times and what has parts."""
    like = sessions.like.inside.column(column).dtype
    kind = type_word(like)
    if kind not in LABELS:
        with located("column"):
            raise SpecError(
                f"'{column}' is a {kind}, by which events are not told apart. Choose a column of texts, numbers or "
                "truth values."
            )
    if kind == "truth value":
        return values.replace_strict({True: "yes", False: "no"}, default=None, return_dtype=pl.String)
    return values.cast(like).cast(pl.String) if kind == "number" else values.cast(pl.String)


def _values(sessions: TableSessions, column: str, names: tuple[str, ...]) -> list[Any]:
    """The values that are written so."""
    like = sessions.like.inside.column(column).dtype
    kind = type_word(like)
    if kind == "truth value":
        return [name == "yes" for name in names]
    return pl.Series(names, dtype=pl.String).cast(like).to_list() if kind == "number" else list(names)


def _groups(sessions: TableSessions, column: str, top: int) -> Groups:
    texts(sessions, column, pl.Series([], dtype=pl.String).cast(pl.Boolean, strict=False))
    with chosen(sessions, None) as name:
        found = sessions.ask(sessions.queries.frequencies(column, name))
    names = texts(sessions, column, found.to_series(0))
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


def _walked(sessions: TableSessions, column: str, steps: int, once: bool) -> Walked:
    texts(sessions, column, pl.Series([], dtype=pl.String).cast(pl.Boolean, strict=False))
    found = sessions.ask(sessions.queries.steps_of(column, steps, once))
    places, numbers = (found.to_series(at).cast(pl.Int64).to_numpy() for at in (0, 1))
    values = texts(sessions, column, found.to_series(2)).cast(pl.Categorical(pl.Categories.random()))
    names = values.dtype.categories.to_series()  # type: ignore[attr-defined]
    codes = values.to_physical().cast(pl.UInt32).fill_null(len(names)).to_numpy()
    row = np.full(sessions.cut.height, -1, np.int64)
    row[sessions.table[PLACE].to_numpy()] = np.arange(sessions.table.height)
    groups, walked = [], np.empty((steps, sessions.table.height), np.uint8)
    for step in range(steps):
        go_on()
        here = (numbers == step + 1) & (row[places] >= 0)
        its = grouped(names, np.bincount(codes[here], minlength=len(names) + 1), TOP)
        walked[step] = len(its.values) + 2
        walked[step, row[places[here]]] = its.of[codes[here]]
        groups.append(its)
    return Walked(tuple(groups), walked)

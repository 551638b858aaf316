"""Next event inside sessions: from the value of each event to that of the next one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from explorer.engine.answers.sequences.inside import MOST_FOLLOWING, Following
from explorer.engine.local.cut.cutting import PLACE
from explorer.engine.local.cut.sequences.event_codes import (
    Codes,
    Counts,
    Groups,
    coded,
    counted,
    grouped,
    inside,
    looked_up,
    shown_by,
    spans,
)
from explorer.engine.local.session_table import SessionTable
from explorer.engine.stopping import go_on


@dataclass(frozen=True)
class _Pairs:
    """For every event of the view its group and the group of the next as one number."""

    groups: Groups
    joint: Codes


def following(sessions: SessionTable, column: str, rows: pl.Series | None = None, top: int = 8) -> Following:
    """Transitions inside the shown sessions, or those at these places of the table; raises SpecError at `column`.

    The `top` values (at most MOST_FOLLOWING) with most events in all shown sessions are told apart, whatever `rows`.
    """
    top = min(top, MOST_FOLLOWING)
    key = shown_by(sessions.definition, column, top)
    pairs: _Pairs = sessions.stages.get("pairs", key, lambda: _paired(sessions, column, top))
    if rows is None:
        found: Counts = sessions.stages.get("following", key, lambda: _counted(sessions, pairs, None))
    else:
        found = _counted(sessions, pairs, rows)
    return Following(pairs.groups.values, pairs.groups.others, found, pairs.groups.rest)


def _paired(sessions: SessionTable, column: str, top: int) -> _Pairs:
    found = coded(sessions, column)
    go_on()
    table, n = sessions.table, len(found.codes)
    mask = None if sessions.definition.keep is None else inside(n, *spans(table, None))
    groups = grouped(found.names, counted(found.codes, len(found.names) + 1, mask), top)
    go_on()
    width = len(groups.values) + 3
    small = np.uint8 if (width - 1) * width <= 256 else np.uint16
    joint: Codes = looked_up(groups.of.astype(small), found.codes)
    after: Codes = np.empty(n, small)
    after[:-1] = joint[1:]
    starts = sessions.cut[PLACE].to_numpy()
    after[starts[1:] - 1] = width - 1
    after[-1:] = width - 1
    joint *= small(width)
    joint += after
    return _Pairs(groups, joint)


def _counted(sessions: SessionTable, pairs: _Pairs, rows: pl.Series | None) -> Counts:
    go_on()
    shape = (len(pairs.groups.values) + 2, len(pairs.groups.values) + 3)
    all_events = rows is None and sessions.definition.keep is None
    mask = None if all_events else inside(len(pairs.joint), *spans(sessions.table, rows))
    return counted(pairs.joint, shape[0] * shape[1], mask).reshape(shape)

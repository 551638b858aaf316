"""The first steps of sessions: which value comes first, second, third ..., and how many sessions go which way."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import polars as pl

from explorer.engine.answers.inside import FEWEST_STEPS, MOST_STEPS, Paths, Step
from explorer.engine.local.cut.cutting import PLACE
from explorer.engine.local.inside.event_codes import Coded, Groups, coded, grouped, pieces, shown_by, spans
from explorer.engine.local.session_table import SessionTable
from explorer.engine.stopping import go_on


@dataclass(frozen=True)
class Walked:
    """The group of every shown session at every step."""

    groups: tuple[Groups, ...]
    codes: npt.NDArray[np.uint8]


def paths(
    sessions: SessionTable,
    column: str,
    rows: pl.Series | None = None,
    *,
    steps: int = 4,
    top: int = 6,
    once: bool = False,
) -> Paths:
    """The first steps (2 to 6) of the shown sessions, or of those at these places of the table.

    At each step the `top` values with most sessions are told apart, whatever `rows` are. With `once`, equal values
    one after the other are one step. Raises SpecError at `column`.
    """
    steps = min(max(steps, FEWEST_STEPS), MOST_STEPS)
    key = shown_by(sessions.definition, column, steps, top, once)
    walked: Walked = sessions.stages.get("walked", key, lambda: _walked(sessions, column, steps, top, once))
    go_on()
    codes = walked.codes if rows is None else walked.codes[:, rows.to_numpy()]
    return counted(walked.groups, codes)


def counted(groups: tuple[Groups, ...], codes: npt.NDArray[np.uint8]) -> Paths:
    """How many sessions go which way, by the group of each at every step."""
    sizes = [len(each.values) + 3 for each in groups]
    links = []
    for at, (size, after) in enumerate(pairwise(sizes)):
        joint = codes[at].astype(np.uint16) * np.uint16(after) + codes[at + 1]
        found = np.bincount(joint, minlength=size * after).reshape(size, after)
        found[-1] = 0  # what has ended does not go on
        links.append(found)
    steps = [
        Step(each.values, each.others, np.bincount(code, minlength=size))
        for each, code, size in zip(groups, codes, sizes, strict=True)
    ]
    return Paths(tuple(steps), tuple(links))


def _walked(sessions: SessionTable, column: str, steps: int, top: int, once: bool) -> Walked:
    found = coded(sessions, column)
    go_on()
    begin, end = spans(sessions.table, None)
    runs = _runs(found, sessions.cut[PLACE].to_numpy()) if once else None
    if runs is not None:  # sessions as spans of runs
        begin, end = np.searchsorted(runs, begin), np.searchsorted(runs, end)
    groups, codes = [], np.empty((steps, len(begin)), np.uint8)
    for step in range(steps):
        go_on()
        there = begin + step < end
        at = begin[there] + step
        values = found.codes[at if runs is None else runs[at]]
        its = grouped(found.names, np.bincount(values, minlength=len(found.names) + 1), top)
        codes[step] = len(its.values) + 2
        codes[step, there] = its.of[values]
        groups.append(its)
    return Walked(tuple(groups), codes)


def _runs(found: Coded, starts: npt.NDArray[np.unsignedinteger]) -> npt.NDArray[np.int64]:
    """The places of the events that begin a session or have another value than the event before."""
    codes, new = found.codes, np.zeros(len(found.codes), np.bool_)
    new[1:] = codes[1:] != codes[:-1]
    new[starts] = True
    return np.concatenate([np.flatnonzero(new[part]) + part.start for part in pieces(len(new))] or [starts[:0]])

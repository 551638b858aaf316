"""Who comes back, of all actors or of those that have a selected session."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import polars as pl

from explorer.crossfilter.bins.bins import Bins
from explorer.crossfilter.bins.returns import return_words
from explorer.crossfilter.cube import Dimension
from explorer.crossfilter.selections.brushes import Brush, Range
from explorer.engine import keys
from explorer.engine.answers.retention import ALL, Between, Retention, Row
from explorer.engine.local.returning.activity import activity, states
from explorer.engine.local.returning.actors_in_time import InTime, Mask, in_time
from explorer.engine.local.returning.between import between
from explorer.engine.local.returning.grid import Counts, grid
from explorer.engine.local.session_table import SessionTable
from explorer.engine.stopping import go_on
from explorer.errors import located
from explorer.spec.charts.chart import Chart
from explorer.spec.charts.sequences.returns import OF_FIRST

FIRST_START = "first_start"
Holding = Callable[[str], Dimension]


@dataclass(frozen=True, eq=False)
class Groups:
    """The rows: the group of each actor, and what each is called and brushed by."""

    dimension: str
    codes: Counts
    names: Sequence[str]
    labels: Sequence[str]
    brushes: Sequence[Brush | None]
    early: bool = False


def retention(sessions: SessionTable, chart: Chart, holding: Holding, rows: pl.Series | None = None) -> Retention:
    """The actors with one of the sessions at these places of the table, with all of their sessions.

    `holding` gives the dimension of a name. Raises SpecError at `every`, `where` or `by[0]`.
    """
    asked = chart.coming_back
    actors = in_time(sessions, asked)
    go_on()
    groups = _groups(actors, chart, holding)
    everybody = actors.chosen(None)
    chosen = everybody if rows is None else actors.chosen(rows.to_numpy().astype(np.int64))
    found = grid(actors, asked.counted, groups.codes, len(groups.labels), chosen)
    each = tuple(
        Row(name, label, int(found.actors[at]), found.seen[at], found.back[at], brush, groups.early and at == 0)
        for at, (name, label, brush) in enumerate(zip(groups.names, groups.labels, groups.brushes, strict=True))
    )
    whole = Row(ALL, ALL, int(found.actors.sum()), found.seen.sum(axis=0), found.back.sum(axis=0))
    go_on()
    return Retention(
        groups.dimension,
        actors.periods.every,
        asked.counted,
        tuple(return_words(actors.periods.every, asked.counted, at + 1) for at in range(found.seen.shape[1])),
        each,
        whole,
        activity(actors, states(actors), chosen),
        _between(sessions, actors, chosen, rows is None),
        far=int(np.count_nonzero(~actors.known)),
        open_ended=asked.counted == "later" or (asked.counted == "times" and asked.within is None),
        by=chart.by[0] if chart.by else "",
    )


def _between(sessions: SessionTable, actors: InTime, chosen: Mask, everybody: bool) -> Between:
    if not everybody:
        return between(sessions, actors, chosen)
    key = (actors.periods.every, *keys.values_key(sessions.definition))
    found: Between = sessions.stages.get("between", key, lambda: between(sessions, actors, chosen))
    return found


def _groups(actors: InTime, chart: Chart, holding: Holding) -> Groups:
    if not chart.by:
        edges = actors.periods.edges.tolist()
        spans = [Range(low, high, "time") for low, high in pairwise(edges)]
        codes = np.where(actors.known, actors.first, 0)
        return Groups(FIRST_START, codes, actors.periods.names, actors.periods.labels, spans, actors.periods.early)
    with located("by[0]"):
        name = chart.by[0] + OF_FIRST
        found = holding(name)
    bins = found.bins
    brushes = [bins.range(at, at + 1) if isinstance(bins, Bins) else bins.brush([at]) for at in range(len(bins))]
    return Groups(name, found.codes[actors.starts].astype(np.int64), bins.labels, bins.labels, brushes)

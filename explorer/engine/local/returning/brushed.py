"""Brushes of how actors come back: they hold all sessions of these actors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from explorer.crossfilter.bins.categories import Categories
from explorer.crossfilter.bins.returns import ReturnBins, activity_bins, return_bins
from explorer.crossfilter.selections.brushes import Brush, Range, Values
from explorer.engine.answers.retention import STATES
from explorer.engine.local.returning.activity import States, states
from explorer.engine.local.returning.actors_in_time import InTime, Mask, in_time
from explorer.engine.local.session_table import SessionTable
from explorer.spec.charts.sequences.returns import ACTIVITY, Counted, Returns


@dataclass(frozen=True, eq=False)
class CameBack:
    """The sessions by the returns of their actors, as the cells of the grid count them."""

    bins: ReturnBins
    actors: InTime
    counted: Counted

    def passing(self, brush: Brush) -> Mask:
        """Which sessions are of an actor with one of these returns."""
        assert isinstance(brush, Range)
        its = self.actors
        held = self._held(max(1, int(brush.lo)), None if brush.hi is None else int(brush.hi)) & its.known
        found = its.repeated(held)
        return ~found if brush.negated else found

    def _held(self, low: int, end: int | None) -> Mask:
        its, over = self.actors, self.actors.periods.over
        if self.counted == "times":
            enough: Mask = (its.times >= low) & its.seen
            return enough
        held = np.zeros(len(its), np.bool_)
        who, at = its.returns.who, its.returns.at
        after = at - its.first[who]
        if self.counted == "later":
            held[who[(after >= low) & (its.first[who] + low < over)]] = True
        else:
            some = (after >= low) & (at < over)
            held[who[some if end is None else some & (after < end)]] = True
        return held


@dataclass(frozen=True, eq=False)
class Active:
    """The sessions by what their actors are in steps of time."""

    bins: Categories
    actors: InTime
    states: States

    def passing(self, brush: Brush) -> Mask:
        """Which sessions are of an actor who is one of these at the time."""
        assert isinstance(brush, Values)
        wanted = self.bins.known.is_in(list(brush.values)).to_numpy()
        held = np.zeros(len(self.actors), np.bool_)
        its = self.states
        held[its.who[wanted[its.at * len(STATES) + its.state]]] = True
        found = self.actors.repeated(held & self.actors.known)
        return ~found if brush.negated else found


def brushed(sessions: SessionTable, name: str, asked: Returns) -> CameBack | Active:
    """What a brush of RETURN or ACTIVITY is on; raises SpecError at `every` or `where`."""
    actors = in_time(sessions, asked)
    every = actors.periods.every
    if name == ACTIVITY:
        return Active(activity_bins(every, actors.periods.names, STATES), actors, states(actors))
    return CameBack(return_bins(every, asked.counted), actors, asked.counted)

"""Who is new, returning, resurrected or dormant in each step of time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from explorer.engine.answers.retention import STATES, Activity
from explorer.engine.local.returning.actors_in_time import InTime, Mask
from explorer.engine.local.returning.periods import Whole


@dataclass(frozen=True, eq=False)
class States:
    """What actors are in steps of time: `who` is a place among actors, `at` one of a step, `state` one of STATES."""

    who: Whole
    at: Whole
    state: Whole


def states(actors: InTime) -> States:
    """All of them. The step in which an actor is dormant is the first without a session after one with some; the last
    is not told where the source ends within it."""
    who, at = actors.visits.who, actors.visits.at
    begins = np.append(True, who[1:] != who[:-1])[: len(who)]
    before = np.append(0, at[:-1])[: len(at)]
    state = np.where(begins, 0, np.where(before == at - 1, 1, 2))
    after = np.append(at[1:], 0)[: len(at)]
    ends = np.append(who[1:] != who[:-1], True)[: len(who)]
    gone = (ends | (after > at + 1)) & (at + 1 < actors.periods.over)
    return States(
        np.concatenate([who, who[gone]]),
        np.concatenate([at, at[gone] + 1]),
        np.concatenate([state, np.full(int(gone.sum()), 3)]),
    )


def activity(actors: InTime, found: States, chosen: Mask) -> Activity:
    """How many of the chosen actors are what in each step."""
    periods, many = actors.periods, len(STATES)
    some = chosen[found.who]
    counts = np.bincount(found.at[some] * many + found.state[some], minlength=len(periods) * many)
    each = counts.reshape(len(periods), many).T
    whole = np.arange(len(periods)) < periods.over
    if len(whole) and periods.cut:
        whole[0] = False
    return Activity(periods.at, periods.names, periods.labels, whole, periods.early, *each)

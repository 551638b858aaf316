"""The events of all sessions of each actor in one row, for what goes from session to session."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Whole = npt.NDArray[np.int64]
Places = npt.NDArray[np.integer[Any]]


@dataclass(frozen=True, eq=False)
class Across:
    """The sessions of a table by their actors, which stand together; `starts` is where those of each actor begin."""

    starts: Whole
    sessions: int

    @classmethod
    def of(cls, actors: npt.NDArray[Any]) -> Across:
        """From the actor of each session."""
        new = np.ones(len(actors), np.bool_)
        new[1:] = actors[1:] != actors[:-1]
        return cls(np.flatnonzero(new), len(actors))

    @property
    def actors(self) -> Whole:
        """The place of each session's actor among the actors."""
        return np.repeat(np.arange(len(self.starts)), np.diff(np.append(self.starts, self.sessions)))

    def events(self, begin: Whole, count: Whole, held: int, rows: Places | None) -> tuple[Places | None, Whole, Whole]:
        """The places of the sessions' events, actor by actor, None where they are all of the `held` events as they
        stand; and where those of each actor begin and end among these.

        Of each session is said where its events begin among those held, and how many it has. `rows` is what to order
        the held events of an actor by where sessions overlap.
        """
        whole = np.append(0, np.cumsum(count))
        first, last = whole[self.starts], whole[np.append(self.starts, self.sessions)][1:]
        if rows is None and whole[-1] == held:
            return None, first, last
        places = np.repeat(begin - whole[:-1], count) + np.arange(whole[-1])
        if rows is not None:
            by = rows[places]
            actor = np.repeat(self.actors, count)
            places = places[np.lexsort((by, actor))]
        return places, first, last

"""A long list of picked actors, said shortly: by a property that only they have, or as a cohort with a name."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import polars as pl

from explorer.crossfilter.selections.conditions import brush_clause
from explorer.crossfilter.selections.selection import Selection, Values
from explorer.engine.answers.actors import Short
from explorer.engine.local.actors.properties import Placed, candidates, prop
from explorer.engine.local.cut.event_table import EventTable
from explorer.engine.local.cut.frames import actors_of
from explorer.engine.stopping import go_on
from explorer.plan.literal import TEXTS
from explorer.spec.cohort import Cohort
from explorer.spec.editing.edits import free_name

# So many values are read at a glance; more are a list.
FEW = 5
NAME = "selected actors"


def in_short(events: EventTable, selection: Selection, session: str, taken: Iterable[str]) -> Short:
    """The same selection, with few values in the place of many actors; `taken` are names that no cohort can have.

    Where a column of events has one value for each actor, and exactly the picked ones have these, the sessions that
    begin with such a value are asked for. Otherwise the actors become a cohort of the definition `session`.
    """
    names, made = list(taken), list[Cohort]()
    for name, brush in selection.items():
        if name not in events.columns.actor or not isinstance(brush, Values) or len(brush.values) <= FEW:
            continue
        selection = selection.with_(name, None)
        found = _property(events, name, brush) if not brush.none else None
        if found is not None:
            column, values = found
            selection = selection.with_(f"first {column}", Values(values, negated=brush.negated))
            continue
        where = brush_clause(name, events.schema[name], Values(brush.values, none=brush.none))
        cohort = Cohort(free_name(NAME, names), session, where)
        names.append(cohort.name)
        made.append(cohort)
        selection = selection.with_(cohort.name, Values(frozenset({"true"}), negated=brush.negated))
    return Short(selection, tuple(made))


def _property(events: EventTable, name: str, brush: Values) -> tuple[str, frozenset[str]] | None:
    """The column, and the few values of it, that exactly these actors have; the fewest values first."""
    texts = actors_of(events.data).to_series(events.columns.actor.index(name)).cast(pl.String)
    picked = texts.is_in(list(brush.values)).fill_null(False).to_numpy()
    best: tuple[str, frozenset[str]] | None = None
    for column in candidates(events):
        go_on()
        if column in events.columns.actor or not isinstance(events.schema[column], TEXTS):
            continue
        values = _only_theirs(prop(events, column), picked)
        if values is not None and (best is None or len(values) < len(best[1])):
            best = column, values
    return best


def _only_theirs(found: Placed, picked: np.ndarray) -> frozenset[str] | None:
    if found.face.mixed:
        return None
    theirs, others = np.unique(found.places[picked]), np.unique(found.places[~picked])
    if len(theirs) > FEW or len(found.values) in theirs or np.intersect1d(theirs, others).size:
        return None
    return frozenset(found.values.gather(theirs.tolist()))

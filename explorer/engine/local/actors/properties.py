"""Actors by a column of events: each has its first value, and it is said how many have others too."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from explorer.engine.answers.actors import Property, Value
from explorer.engine.local.actors.ranking import Actors, Part
from explorer.engine.local.cut.event_table import EventTable
from explorer.engine.local.query.groups import named
from explorer.engine.stopping import go_on
from explorer.plan.in_polars.boundary import ACTOR

Whole = npt.NDArray[np.int64]
TOP = 10


def candidates(events: EventTable) -> tuple[str, ...]:
    """The columns of events that could be a property: neither time nor all that actors are, and of one value each."""
    columns = events.columns
    return tuple(
        name
        for name, dtype in events.schema.items()
        if name != columns.time and columns.actor != (name,) and not dtype.is_nested() and dtype != pl.Binary
    )


@dataclass(frozen=True, eq=False)
class Placed:
    """A property with its values: `places[code]` is where the value of an actor stands in `values`, len(values) for
    none."""

    face: Property
    values: pl.Series
    places: npt.NDArray[np.uint32]


def prop(events: EventTable, name: str) -> Placed:
    """The property that a column is; raises SpecError where there is no such column."""
    return events.stages.get("property", name, lambda: _read(events, name))


def by_property(found: Placed, actors: Actors, part: Part, top: int = TOP) -> list[Value]:
    """What the actors with each value come to: the values with most time over all sessions, others, none."""
    own = found.places[actors.codes.to_numpy()].astype(np.int64)
    n = len(found.values)
    total = np.bincount(own, weights=actors.all.time, minlength=n + 1)[:n]
    people = np.bincount(own, minlength=n + 1)
    present = np.flatnonzero(people[:n])
    shown = present[np.lexsort((present, -people[present], -total[present]))][:top]
    # Groups: the shown values, all others, none.
    group = np.full(n + 1, len(shown), dtype=np.int64)
    group[shown] = np.arange(len(shown))
    group[n] = len(shown) + 1
    all_group = group[own]
    chosen = all_group[part.who]
    go_on()
    many = len(shown) + 2
    everyone, everything = np.bincount(all_group, minlength=many), _sums(all_group, actors.all.time, many)
    count, time, sessions = (
        np.bincount(chosen, minlength=many),
        _sums(chosen, part.time, many),
        _sums(chosen, part.sessions, many),
    )
    whole, values = int(time.sum()), []
    for at in range(many):
        if not everyone[at]:
            continue
        here, some = int(count[at]), part.time[chosen == at]
        others = len(present) - len(shown) if at == len(shown) else 0
        values.append(
            Value(
                value=str(found.values[int(shown[at])]) if at < len(shown) else "",
                others=others,
                none=at == many - 1,
                actors=here,
                time=int(time[at]),
                share=int(time[at]) / whole if whole else None,
                median=float(np.median(some)) if here else None,
                mean=int(time[at]) / here if here else None,
                sessions=int(sessions[at]) / here if here else None,
                all_actors=int(everyone[at]),
                all_time=int(everything[at]),
            )
        )
    return values


def _sums(group: Whole, values: Whole, many: int) -> Whole:
    """Exact sums by group: as floats, microseconds of many years would be rounded."""
    found = np.zeros(many, dtype=np.int64)
    for at in range(many):
        found[at] = values[group == at].sum()
    return found


def _read(events: EventTable, name: str) -> Placed:
    column, actor = events.column(name), events.keys[ACTOR]
    many = len(events.data.firsts)
    go_on()
    if column.null_count():
        places = column.is_not_null().arg_true()
        column, actor = column.gather(places), actor.gather(places)
    if isinstance(column.dtype, pl.Float32 | pl.Float64):
        column = column + 0.0
    codes = actor.to_numpy()
    same = codes[1:] == codes[:-1]
    go_on()
    text = isinstance(column.dtype, pl.Categorical | pl.Enum)
    compared = column.to_physical() if text else column
    changed = compared[1:].ne_missing(compared[:-1]).to_numpy() & same
    mixed = len(np.unique(codes[1:][changed]))
    go_on()
    firsts = np.flatnonzero(np.append(True, ~same)) if len(codes) else np.zeros(0, dtype=np.int64)
    values = column.gather(firsts)
    group = named(values.cast(pl.String), None)
    known = group.names if group.names is not None else pl.Series([], dtype=pl.String)
    found = np.full(many, len(known), dtype=np.uint32)
    found[codes[firsts]] = group.keys.fill_null(len(known)).to_numpy()
    return Placed(Property(name, len(known), len(firsts), mixed), known, found)


def properties(events: EventTable) -> list[Property]:
    """All that there are, those first that tell groups of actors apart."""
    found = []
    for name in candidates(events):
        go_on()
        found.append(prop(events, name).face)
    return sorted(found, key=lambda each: each.rank)

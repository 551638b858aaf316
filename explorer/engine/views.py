"""The events that exist for a definition, and which of them are forced to begin a session."""

from collections.abc import Callable

import polars as pl

from explorer.engine.cut import View
from explorer.engine.load import Events
from explorer.errors import SpecError, did_you_mean, located
from explorer.plan.in_polars import boundary
from explorer.plan.in_polars.boundary import ACTOR, SILENCE, TIME
from explorer.spec.clause import Clause
from explorer.spec.session import SessionDefinition

Mask = Callable[[Clause], pl.Series]


def where_view(events: Events, definition: SessionDefinition, mask: Mask) -> View:
    """What `where` leaves, by actor and time, or by actor, split values and time."""
    if definition.where is None and not definition.split_by:
        return View(events.keys)
    with located("where"):
        rows = (
            pl.int_range(len(events), dtype=pl.UInt32, eager=True)
            if definition.where is None
            else mask(definition.where).arg_true()
        )
    keys = events.keys.select(ACTOR, TIME)[rows]
    group = (pl.col(ACTOR) != pl.col(ACTOR).shift(1)).fill_null(True)
    if definition.split_by:
        codes = _split_codes(events, definition)[rows]
        order = keys.select(ACTOR).hstack(codes).select(pl.arg_sort_by(ACTOR, *codes.columns, pl.int_range(pl.len())))
        places = order.to_series()
        rows, keys, codes = rows.gather(places), keys[places], codes[places]
        changed = codes.select(pl.any_horizontal(pl.all().ne_missing(pl.all().shift(1)))).to_series()
        group = group | pl.lit(changed)
    return View(keys.with_columns(boundary.silence(group).alias(SILENCE)), rows)


def forced_view(events: Events, view: View, definition: SessionDefinition, mask: Mask) -> View:
    """The view with the events that restart, end or calendar make begin a session."""
    if definition.restart is None and definition.end is None and definition.calendar is None:
        return view
    flags: dict[str, pl.Series] = {}
    for role, clause in (("restart", definition.restart), ("end", definition.end)):
        if clause is not None:
            with located(role):
                flags[role] = view.take(mask(clause))
    restart, end = (pl.col(role) if role in flags else None for role in ("restart", "end"))
    day = boundary.day(definition.calendar, events.aware) if definition.calendar else None
    forced = view.keys.with_columns(**flags).select(boundary.forced(restart, end, day).alias("forced"))
    return View(view.keys, view.rows, forced.to_series())


def _split_codes(events: Events, definition: SessionDefinition) -> pl.DataFrame:
    for name in definition.split_by:
        if name not in events.schema:
            with located("split_by"):
                raise SpecError(f"there is no column '{name}'. {did_you_mean(name, events.schema)}")
    found = events.frame.select(definition.split_by)
    coded = [pl.col(name).to_physical() for name, kind in found.schema.items() if isinstance(kind, pl.Categorical)]
    return found.with_columns(coded)

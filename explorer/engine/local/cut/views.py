"""The events that exist for a definition, and which of them are forced to begin a session."""

from collections.abc import Callable, Collection
from dataclasses import replace

import numpy as np
import polars as pl

from explorer.engine.local.cut import lasting
from explorer.engine.local.cut.dividing import Pairs, Places
from explorer.engine.local.cut.events_view import View
from explorer.errors import located
from explorer.events.events import Events
from explorer.events.sorting.order import digit, permutation
from explorer.plan.check import check_split
from explorer.plan.in_polars import boundary
from explorer.plan.in_polars.boundary import ACTOR, GAP, NEVER, TIME
from explorer.spec.expression.clause import Clause
from explorer.spec.session import SessionDefinition

Mask = Callable[[Clause], pl.Series]
# As many events as fit into the cache of a processor.
PIECE = 1 << 15


def whole_view(events: Events, split_by: tuple[str, ...]) -> View:
    """All events, by actor and time, or by actor, split values and time."""
    if not split_by:
        keys = events.keys if events.ends is None else _with_gap(events.keys.drop(GAP), new_actor(), events.ends)
        return View(keys, ends=events.ends)
    codes = _split_codes(events, split_by)
    order = permutation([digit(events.keys[ACTOR]), *map(digit, codes.get_columns())])
    places = pl.int_range(len(events), dtype=pl.UInt32, eager=True) if order is None else pl.Series(order)
    keys, codes = events.keys.select(ACTOR, TIME)[places], codes[places]
    changed = codes.select(pl.any_horizontal(pl.all().ne_missing(pl.all().shift(1)))).to_series()
    ends = None if events.ends is None else events.ends.gather(places)
    return View(_with_gap(keys, new_actor() | pl.lit(changed), ends), places=places, ends=ends)


def where_view(whole: View, kept: pl.Series) -> View:
    """The events of a view of all events that `where` keeps."""
    if whole.places is not None:
        kept = whole.take(kept)
    ends = None if whole.ends is None else whole.ends.filter(kept)
    if whole.places is None:
        keys = whole.keys.select(ACTOR, TIME).filter(kept)
        keys = keys.with_columns(gaps_before(keys[ACTOR], keys[TIME]))
        return View(keys if ends is None else keys.with_columns(lasting.gap(keys, ends)), kept, ends=ends)
    stream = (pl.col(GAP) == NEVER).cum_sum().alias("stream")
    keys = whole.keys.select(ACTOR, TIME, stream).filter(kept)
    keys = _with_gap(keys, (pl.col("stream") != pl.col("stream").shift(1)).fill_null(True), ends)
    return View(keys.drop("stream"), places=whole.places.filter(kept), ends=ends)


def gaps_before(actor: pl.Series, time: pl.Series) -> pl.Series:
    """Microseconds since the event before, NEVER at an actor's first event; as `boundary.gap` says it.

    A piece at a time, so that nothing but the gaps is written to memory.
    """
    who, when = actor.to_numpy(), time.to_numpy()
    found = np.empty(len(when), dtype=np.int64)
    found[:1] = NEVER
    for at in range(1, len(when), PIECE):
        part, before = slice(at, at + PIECE), slice(at - 1, min(at + PIECE, len(when)) - 1)
        np.subtract(when[part], when[before], out=found[part])
        found[part][who[part] != who[before]] = NEVER
    return pl.Series(GAP, found)


def new_actor() -> pl.Expr:
    """Whether an event is its actor's first."""
    return (pl.col(ACTOR) != pl.col(ACTOR).shift(1)).fill_null(True)


def _with_gap(keys: pl.DataFrame, group: pl.Expr, ends: pl.Series | None) -> pl.DataFrame:
    keys = keys.with_columns(boundary.gap(group).alias(GAP))
    return keys if ends is None else keys.with_columns(lasting.gap(keys, ends))


def forcing(definition: SessionDefinition, mask: Mask, day: Callable[[str], pl.Series]) -> dict[str, pl.Series]:
    """What of all events the rules read that make an event begin a session, by rule."""
    found: dict[str, pl.Series] = {}
    for rule, clause in (("restart", definition.restart), ("end", definition.end)):
        if clause is not None:
            with located(rule):
                found[rule] = mask(clause)
    if definition.calendar:
        found["calendar"] = day(definition.calendar)
    return found


def forced(rules: Collection[str]) -> pl.Expr:
    """The reason other than gap why an event begins a session, from the columns of `forcing`."""
    names = ("restart", "change", "end", "calendar")
    return boundary.forced(*(pl.col(rule) if rule in rules else None for rule in names))


def forced_view(view: View, read: dict[str, pl.Series], changing: Collection[pl.Series] = ()) -> View:
    """The view with the events that restart, end, calendar or a change of these columns make begin a session."""
    if not read and not changing:
        return view
    found = {rule: view.take(values) for rule, values in read.items()}
    changes: tuple[Pairs, ...] = ()
    if changing:
        pairs = [_changes(view, values) for values in changing]
        # A change from one event to the next is one whatever came before.
        at = np.concatenate([after[after - before == 1] for before, after in pairs])
        here = np.zeros(view.keys.height, dtype=bool)
        here[at] = True
        found["change"] = pl.Series(here)
        apart = [(before, after) for before, after in ((b[a - b > 1], a[a - b > 1]) for b, a in pairs) if len(after)]
        changes = tuple(Pairs(before, np.append(after, np.uint32(view.keys.height))) for before, after in apart)
    reasons = pl.DataFrame(found).select(forced(found).alias("forced")).to_series()
    view = replace(view, forced=reasons, changes=changes)
    if view.ends is None:
        return view
    return replace(view, keys=view.keys.with_columns(lasting.gap(view.keys, view.ends, reasons)))


def _changes(view: View, values: pl.Series) -> tuple[Places, Places]:
    """Neighbouring values that are not null and differ, in one stream: the places of both events."""
    seen = view.take(values)
    known = None
    if seen.null_count():
        known = seen.is_not_null().arg_true().to_numpy()
        seen = seen.drop_nulls()
    other = pl.select((pl.lit(seen) != pl.lit(seen).shift(1)).fill_null(False).arg_true()).to_series()
    at = other.to_numpy()
    before, after = (at - 1, at) if known is None else (known[at - 1], known[at])
    if known is None:
        inside = (view.keys[GAP].gather(other) != NEVER).to_numpy()
    else:
        firsts = (view.keys[GAP] == NEVER).arg_true().to_numpy()
        inside = np.searchsorted(firsts, before, "right") == np.searchsorted(firsts, after, "right")
    return before[inside], after[inside]


def _split_codes(events: Events, split_by: tuple[str, ...]) -> pl.DataFrame:
    with located("split_by"):
        check_split(split_by, events.columns, events.schema)
    found = events.frame.select(split_by)
    coded = [pl.col(name).to_physical() for name, kind in found.schema.items() if isinstance(kind, pl.Categorical)]
    return found.with_columns(coded)

"""Kinds of events that keep sessions open while nobody does anything: heartbeats, polls, pings."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from explorer.engine import keys
from explorer.engine.answers.heartbeat import Heartbeat, passive_with
from explorer.engine.local.session_table import SessionTable
from explorer.engine.stopping import go_on
from explorer.events.quality.quality import GRAINS
from explorer.plan.in_polars.boundary import ACTOR, TIME
from explorer.plan.literal import TEXTS
from explorer.spec.duration import UNITS
from explorer.spec.expression.clause import Compare

Whole = npt.NDArray[np.int64]
# A kind of a smaller share, with fewer gaps, of fewer actors, or that is nearly all events, says nothing.
FEWEST, FEWEST_GAPS, FEWEST_ACTORS, MOST_OF_EVENTS = 0.01, 100, 3, 0.9
# Gaps of one period: within 3 % of it, more than half of those of a kind, for most of the actors that repeat it, and
# many times as many as lie beside it.
STEP, WIDTH, REGULAR, BESIDE = 1.01, 6, 0.5, 4
# A session is long beyond so many times the inactivity; of these a kind makes most, and of others far less.
LONG, FEWEST_LONG, MOST_OF_LONG, OFTENER = 2, 20, 0.5, 2
# What does not lengthen the time in session by this share does no harm.
HARM = 0.05


def heartbeats(sessions: SessionTable) -> tuple[Heartbeat, ...]:
    """The kinds of events that stretch the sessions of a definition by themselves, the most frequent first.

    Such a kind comes at an exact period for most of the actors who send it, or makes most of the events of long
    sessions and far less of others; and without it there is less time in session. What is passive or left out is not
    looked at. Raises SpecError where the definition cannot be cut.
    """

    def make() -> tuple[Heartbeat, ...]:
        events = sessions.events
        name = events.columns.event
        if name is None or not isinstance(events.schema[name], TEXTS) or not sessions.view.keys.height:
            return ()
        return tuple(_found(sessions, name))

    key = (*keys.cut_key(sessions.definition), sessions.events.columns.event)
    found: tuple[Heartbeat, ...] = sessions.stages.get("heartbeats", key, make)
    return found


def _found(sessions: SessionTable, name: str) -> list[Heartbeat]:
    view = sessions.view
    kinds = view.take(sessions.events.frame[name]).cast(pl.Categorical)
    codes = kinds.to_physical()
    counts = codes.drop_nulls().value_counts(name="count").sort("count", descending=True)
    own = {code: count for code, count in counts.rows() if FEWEST_GAPS <= count <= MOST_OF_EVENTS * len(codes)}
    nothing = int(codes.max() or 0) + 1  # type: ignore[arg-type]
    held = codes.fill_null(nothing).to_numpy()
    period, long, found = _Periods(sessions, held), _Long(sessions, held, nothing + 1), list[Heartbeat]()
    for code, count in own.items():
        go_on()
        if count < FEWEST * len(codes):
            break
        every, regular = period.of(code)
        share = long.share(code)
        if every is None and not long.is_made_of(code):
            continue
        kind = str(kinds[int(np.argmax(held == code))])
        after = sessions.of(passive_with(sessions.definition, Compare(name, "=", kind))).cut
        time, time_after = (int(_lengths(cut).sum()) for cut in (sessions.cut, after))
        if time_after <= (1 - HARM) * time:
            before, later = (int((_lengths(cut) > long.least).sum()) for cut in (sessions.cut, after))
            found.append(
                Heartbeat(name, kind, count, every, regular, long.least, share, before, later, time, time_after)
            )
    return found


def _lengths(cut: pl.DataFrame) -> Whole:
    return cut["duration"].to_physical().to_numpy()


class _Periods:
    """The gaps between an actor's events of one kind."""

    def __init__(self, sessions: SessionTable, codes: npt.NDArray[np.uint32]) -> None:
        self.codes = codes
        self.actor = sessions.view.keys[ACTOR].to_numpy()
        self.time = sessions.view.keys[TIME].to_numpy()
        self.longest = sessions.definition.inactivity.us
        grain = dict(GRAINS).get(sessions.events.data.quality.granularity, 0)
        self.shortest = max(UNITS["s"], 2 * grain)

    def of(self, code: int) -> tuple[int | None, float]:
        """The period at which a kind comes, None where there is none, and the share of its gaps that is so long."""
        places = np.flatnonzero(self.codes == code)
        actor, time = self.actor[places], self.time[places]
        gaps = np.diff(time)
        held = (actor[1:] == actor[:-1]) & (gaps >= self.shortest) & (gaps <= self.longest)
        gaps, actor = gaps[held], actor[1:][held]
        if len(gaps) < FEWEST_GAPS:
            return None, 0.0
        bins = (np.log(gaps / self.shortest) / np.log(STEP)).astype(np.int64)
        counts = np.bincount(bins)
        windows = np.convolve(counts, np.ones(WIDTH, dtype=np.int64))
        last = int(windows.argmax())
        inside = (bins > last - WIDTH) & (bins <= last)
        regular, period = float(inside.mean()), int(np.median(gaps[inside]))
        around = (gaps > period / 1.5) & (gaps < period * 1.5) & ~inside
        if regular < REGULAR or BESIDE * int(around.sum()) > int(inside.sum()) or not _is_of_most(actor, inside):
            return None, regular
        return period, regular


def _is_of_most(actor: Whole, inside: npt.NDArray[np.bool_]) -> bool:
    """Whether most of the actors with several gaps have mostly regular ones: not a few robots."""
    each, regular = np.bincount(actor), np.bincount(actor, weights=inside)
    several = each >= 3
    mostly = regular[several] >= each[several] / 2
    return int(mostly.sum()) >= FEWEST_ACTORS and bool(mostly.mean() >= REGULAR)


class _Long:
    """How much of long sessions, and of the others, is of each kind."""

    def __init__(self, sessions: SessionTable, codes: npt.NDArray[np.uint32], kinds: int) -> None:
        self.least = LONG * sessions.definition.inactivity.us
        spans, view = sessions.spans, sessions.view
        begins, stops = spans.begins.to_numpy(), spans.stops.to_numpy()
        time = view.keys[TIME].to_numpy()
        long = time[stops - 1] - time[begins] > self.least
        self.sessions = int(long.sum())
        edges = np.zeros(len(time) + 1, dtype=np.int8)
        np.add.at(edges, begins[long], 1)
        np.add.at(edges, stops[long], -1)
        inside = np.cumsum(edges[:-1]).astype(bool)
        self.inside = np.bincount(codes[inside], minlength=kinds)
        self.outside = np.bincount(codes, minlength=kinds) - self.inside

    def share(self, code: int) -> float:
        """The share of the events in long sessions that are of this kind."""
        return float(self.inside[code] / max(1, self.inside.sum()))

    def is_made_of(self, code: int) -> bool:
        """Whether most of long sessions is of this kind, and far less of others."""
        if self.sessions < FEWEST_LONG:
            return False
        other = float(self.outside[code] / max(1, self.outside.sum()))
        return self.share(code) >= max(MOST_OF_LONG, OFTENER * other)

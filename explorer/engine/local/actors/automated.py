"""Actors that look automated: by what they call themselves, or because they come like a clock."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import polars as pl

from explorer.crossfilter.selections.selection import Selection, Values
from explorer.engine.local.actors.properties import Placed, prop
from explorer.engine.local.cut.event_table import EventTable
from explorer.engine.local.cut.frames import actors_of
from explorer.engine.local.inactivity.heartbeats import heartbeats
from explorer.engine.local.session_table import SessionTable
from explorer.engine.stopping import go_on
from explorer.plan.in_polars.boundary import ACTOR, TIME
from explorer.plan.literal import TEXTS

# https://www.rfc-editor.org/rfc/rfc9110#section-10.1.5: browsers begin with Mozilla/5.0, programs name themselves.
BROWSER = re.compile(r"^(Mozilla|Opera)/")
PROGRAM = re.compile(r"bot\b|crawl|spider|slurp|monitor|uptime|headless|\(\+?https?://", re.IGNORECASE)
NOBODY, AGENT = ("-", ""), "Mozilla/"
# With fewer gaps a clock is chance; nearly all gaps lie within 2 % or 2 s of their median.
FEWEST_GAPS, REGULAR, WIDTH, AT_LEAST = 50, 0.9, 0.02, 2_000_000


@dataclass(frozen=True)
class Automated:
    """Some `actors` with a session who look automated, their events, and a selection of them where one can be said.

    `column` is where they name themselves, and `values` what they say, the most frequent first; without it they come
    like a clock.
    """

    actors: int
    events: int
    column: str = ""
    values: tuple[str, ...] = ()
    selection: Selection | None = None


# A column, what programs call themselves in it, and which actors do.
Named = tuple[str, tuple[str, ...], np.ndarray]


def automated(sessions: SessionTable) -> tuple[Automated, ...]:
    """The actors of a definition's sessions that name themselves as programs, then those that come like a clock."""
    there = with_a_session(sessions)
    named = _named(sessions.events, there)
    found = () if named is None else (naming_themselves(sessions, named),)
    known = np.zeros(len(there), dtype=bool) if named is None else named[2]
    clocks = _clocks(sessions) & there & ~known
    if not clocks.any():
        return found
    events = int(_events(sessions)[clocks].sum())
    return *found, Automated(int(clocks.sum()), events, selection=_of_actors(sessions.events, clocks))


def with_a_session(sessions: SessionTable) -> np.ndarray:
    """Which actors have a session, by code."""
    there = np.zeros(len(sessions.events.data.firsts), dtype=bool)
    there[sessions.table[ACTOR].unique().to_numpy()] = True
    return there


def naming_themselves(sessions: SessionTable, named: Named) -> Automated:
    """The actors with a session that name themselves as programs."""
    column, values, theirs = named
    theirs = theirs & with_a_session(sessions)
    name = column if column in sessions.events.columns.actor else f"first {column}"
    selection = Selection().with_(name, Values(frozenset(values)))
    return Automated(int(theirs.sum()), int(_events(sessions)[theirs].sum()), column, values, selection)


def _events(sessions: SessionTable) -> np.ndarray:
    table, many = sessions.table, len(sessions.events.data.firsts)
    return np.bincount(table[ACTOR].to_numpy(), table["event_count"].to_numpy(), many)


def is_program(text: str) -> bool:
    """Whether a user agent is that of a program.

    >>> is_program("uptime-watch/3"), is_program("Mozilla/5.0 (compatible; AcornBot/1.0)"), is_program("-")
    (True, True, False)
    >>> is_program("Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0")
    False
    """
    if text.strip() in NOBODY:
        return False
    return not BROWSER.match(text) or PROGRAM.search(text) is not None


def _named(events: EventTable, there: np.ndarray) -> Named | None:
    """The column of user agents with those that are programs, and which actors have one; None without such a column."""
    for name, dtype in events.schema.items():
        if name == events.columns.time or not isinstance(dtype, TEXTS):
            continue
        go_on()
        counts = events.frame[name].drop_nulls().value_counts(sort=True, name="count")
        texts = counts[name].cast(pl.String)
        if texts.str.starts_with(AGENT).any():
            return programs(name, texts, prop(events, name), there)
    return None


def programs(name: str, texts: Iterable[str], found: Placed, there: np.ndarray) -> Named | None:
    """The programs among the texts of a column, of which each actor has one as a property; None where nobody has."""
    known = [text for text in texts if is_program(text)]
    place = {text: at for at, text in enumerate(found.values)}
    theirs = np.isin(found.places, [place[text] for text in known if text in place])
    held = {found.values[int(at)] for at in np.unique(found.places[theirs & there])}
    values = tuple(text for text in known if text in held)
    return (name, values, theirs) if values else None


def _clocks(sessions: SessionTable) -> np.ndarray:
    """Which actors' events come at one exact period; heartbeats, which come by themselves for anybody, do not count."""
    events, view = sessions.events, sessions.view
    beats = heartbeats(sessions)
    table = view.keys.select(ACTOR, TIME)
    if beats:
        kinds = view.take(events.frame[beats[0].column]).cast(pl.String)
        table = table.filter(~kinds.is_in([one.kind for one in beats]).fill_null(False))
    gap = pl.col(TIME).diff().over(ACTOR)
    middle = pl.col("gap").median().over(ACTOR)
    near = (pl.col("gap") - middle).abs() <= pl.max_horizontal(middle * WIDTH, pl.lit(AT_LEAST, pl.Float64))
    gaps = table.lazy().select(ACTOR, gap=gap).filter(pl.col("gap").is_not_null())
    regular = (
        gaps.with_columns(near=near & (middle > 0))
        .group_by(ACTOR)
        .agg(pl.len().alias("gaps"), pl.col("near").mean())
        .filter((pl.col("gaps") >= FEWEST_GAPS) & (pl.col("near") >= REGULAR))
        .collect()
    )
    found = np.zeros(len(events.data.firsts), dtype=bool)
    found[regular[ACTOR].to_numpy()] = True
    return found


def _of_actors(events: EventTable, held: np.ndarray) -> Selection | None:
    """Exactly these actors; None where columns of their own do not say them."""
    names = actors_of(events.data)
    selection = Selection()
    both = np.ones(len(held), dtype=bool)
    for name, column in zip(events.columns.actor, names.iter_columns(), strict=True):
        texts = column.cast(pl.String)
        values = frozenset(texts.filter(pl.Series(held)).drop_nulls())
        if not values or (not isinstance(events.schema[name], TEXTS) and not events.schema[name].is_integer()):
            return None
        both &= texts.is_in(list(values)).fill_null(False).to_numpy()
        selection = selection.with_(name, Values(values))
    return selection if (both == held).all() else None

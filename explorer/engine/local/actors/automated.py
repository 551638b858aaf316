"""Actors that look automated: by what they call themselves, or because they come like a clock."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import polars as pl

from explorer.crossfilter.selections.selection import Selection, Values
from explorer.engine.local.actors.properties import prop
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
NOBODY = ("-", "")
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


def automated(sessions: SessionTable) -> tuple[Automated, ...]:
    """The actors of a definition's sessions that name themselves as programs, then those that come like a clock."""
    events = sessions.events
    table = sessions.table
    there = np.zeros(len(events.data.firsts), dtype=bool)
    there[table[ACTOR].unique().to_numpy()] = True
    many = np.bincount(table[ACTOR].to_numpy(), weights=table["event_count"].to_numpy(), minlength=len(there))
    found, known = [], np.zeros(len(there), dtype=bool)
    named = _named(events, there)
    if named is not None:
        column, values, known = named
        name = column if column in events.columns.actor else f"first {column}"
        known = known & there
        selection = Selection().with_(name, Values(frozenset(values)))
        found.append(Automated(int(known.sum()), int(many[known].sum()), column, values, selection))
    clocks = _clocks(sessions) & there & ~known
    if clocks.any():
        found.append(Automated(int(clocks.sum()), int(many[clocks].sum()), selection=_of_actors(events, clocks)))
    return tuple(found)


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


def _named(events: EventTable, there: np.ndarray) -> tuple[str, tuple[str, ...], np.ndarray] | None:
    """The column of user agents with those that are programs, and which actors have one; None without such a column."""
    for name, dtype in events.schema.items():
        if name == events.columns.time or not isinstance(dtype, TEXTS):
            continue
        go_on()
        counts = events.frame[name].drop_nulls().value_counts(sort=True, name="count")
        texts = counts[name].cast(pl.String)
        if not texts.str.starts_with("Mozilla/").any():
            continue
        programs = [text for text in texts if is_program(text)]
        found = prop(events, name)
        place = {text: at for at, text in enumerate(found.values)}
        theirs = np.isin(found.places, [place[text] for text in programs if text in place])
        said = np.unique(found.places[theirs & there])
        held = {found.values[int(at)] for at in said}
        values = tuple(text for text in programs if text in held)
        return (name, values, theirs) if values else None
    return None


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

"""Time in session per actor: what all sessions and the selected ones come to, how it is shared, and a ranking."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import polars as pl

from explorer.engine import keys
from explorer.engine.answers.actors import Concentration, RankedPage, Ranking
from explorer.engine.answers.actors import concentration as concentration
from explorer.engine.local.actor_values import with_metrics
from explorer.engine.local.cut import frames
from explorer.engine.local.cut.event_table import EventTable
from explorer.engine.local.session_table import SessionTable
from explorer.engine.stopping import go_on
from explorer.plan.in_polars.boundary import ACTOR
from explorer.spec.session import SessionDefinition

Whole = npt.NDArray[np.int64]
SORTS = ("time", "sessions", "events", "median", "last", "all_time")
AT = "@at"


@dataclass(frozen=True, eq=False)
class Part:
    """Some sessions by actor, one entry for each actor who has one of them; times in microseconds.

    `who` is the actor's place among all that have a session, `last` when the last of these sessions ended, and `rows`
    the places of the sessions in the engine's table, None for all.
    """

    who: Whole
    sessions: Whole
    time: Whole
    events: Whole
    last: Whole
    rows: pl.Series | None = None

    def __len__(self) -> int:
        return len(self.who)


@dataclass(frozen=True, eq=False)
class Actors:
    """All actors that have a session, in order of code: `codes`, where their sessions begin, and their numbers."""

    definition: SessionDefinition
    table: pl.DataFrame
    codes: pl.Series
    starts: Whole
    all: Part

    def part(self, rows: pl.Series | None) -> Part:
        """The same of the sessions at these places of the table; None: of all."""
        if rows is None:
            return self.all
        mask = np.zeros(self.table.height, dtype=bool)
        mask[rows.to_numpy()] = True
        return _summed(self.table, self.starts, mask, rows)

    def medians_of(self, part: Part, places: Whole) -> list[float]:
        """The same for some entries of a part, one by one."""
        duration = self.table["duration"].to_physical().to_numpy()
        ends = np.append(self.starts[1:], self.table.height)
        rows = None if part.rows is None else part.rows.to_numpy()
        found = []
        for who in part.who[places].tolist():
            span = slice(self.starts[who], ends[who])
            if rows is not None:
                span = rows[slice(*np.searchsorted(rows, (span.start, span.stop)))]  # type: ignore[assignment]
            found.append(float(np.median(duration[span])))
        return found

    def medians(self, part: Part) -> npt.NDArray[np.float64]:
        """The median duration of each actor's sessions in a part, in microseconds."""
        duration = self.table["duration"].to_physical()
        at = np.repeat(np.arange(len(self.starts)), np.diff(np.append(self.starts, self.table.height)))
        rows = part.rows
        chosen = pl.DataFrame({AT: at, "duration": duration})
        if rows is not None:
            chosen = chosen[rows]
        go_on()
        found = chosen.group_by(AT, maintain_order=True).agg(pl.col("duration").median())
        return found["duration"].to_numpy()


def everyone(sessions: SessionTable) -> Actors:
    """All actors of a definition's sessions that are kept."""
    definition = sessions.definition

    def make() -> Actors:
        table = sessions.table
        actor = table[ACTOR].to_numpy()
        new = np.flatnonzero(np.append(True, actor[1:] != actor[:-1])) if len(actor) else np.zeros(0, dtype=np.int64)
        starts = new.astype(np.int64)
        return Actors(definition, table, table[ACTOR].gather(starts), starts, _summed(table, starts, None, None))

    found: Actors = sessions.stages.get("everyone", keys.shown_key(definition), make)
    return replace(found, definition=definition)


def measured(sessions: SessionTable, actors: Actors) -> pl.DataFrame:
    """The actor metrics of the definition, a row for each of the actors; raises SpecError."""

    def make() -> pl.DataFrame:
        return with_metrics(sessions, actors.codes.alias(ACTOR).to_frame()).drop(ACTOR)

    key = keys.values_key(sessions.definition)
    return sessions.stages.get("actors measured", key, make)


def shared(events: EventTable, actors: Actors) -> Concentration:
    """How the time of all sessions is shared out, remembered."""
    key = keys.shown_key(actors.definition)
    return events.stages.get("shared", key, lambda: concentration(actors.all.time))


def names(events: EventTable, actors: Actors, places: Whole | None = None) -> pl.DataFrame:
    """The actor columns as texts, one row for each of these actors; without places of all, remembered."""

    def texts(codes: pl.Series) -> pl.DataFrame:
        return frames.actors_of(events.data, codes).select(pl.all().cast(pl.String))

    if places is not None:
        return texts(actors.codes.gather(places))
    key = keys.shown_key(actors.definition)
    return events.stages.get("actor names", key, lambda: texts(actors.codes))


def found_by(events: EventTable, actors: Actors, part: Part, query: str) -> npt.NDArray[np.bool_] | None:
    """Which entries of a part have a text in the name of their actor, upper and lower case alike; None: all."""
    if not query.strip():
        return None
    folded = query.strip().lower()
    held = pl.any_horizontal(pl.all().str.to_lowercase().str.contains(folded, literal=True)).fill_null(False)
    return names(events, actors).select(held=held)["held"].to_numpy()[part.who]


def ranked(
    actors: Actors,
    part: Part,
    sort: str = "time",
    descending: bool = True,
    held: npt.NDArray[np.bool_] | None = None,
    metrics: pl.DataFrame | None = None,
) -> Whole:
    """The entries of a part in order of one of SORTS or of an actor metric; where equal, by actor, and last where it is
    null. `held` leaves the others out."""
    values: npt.NDArray[np.int64] | npt.NDArray[np.float64]
    if metrics is not None and sort in metrics.columns:
        places = np.arange(len(part)) if held is None else np.flatnonzero(held)
        found = pl.DataFrame({"value": metrics[sort].gather(part.who[places]), "at": places})
        return found.sort("value", "at", descending=[descending, False], nulls_last=True)["at"].to_numpy()
    if sort == "median":
        values = actors.medians(part)
    elif sort == "all_time":
        values = actors.all.time[part.who]
    else:
        values = getattr(part, sort if sort in SORTS else "time")
    places = np.arange(len(part)) if held is None else np.flatnonzero(held)
    chosen = values[places]
    go_on()
    return places[np.argsort(-chosen if descending else chosen, kind="stable")]


def _summed(table: pl.DataFrame, starts: Whole, mask: npt.NDArray[np.bool_] | None, rows: pl.Series | None) -> Part:
    if not len(starts):
        nothing = np.zeros(0, dtype=np.int64)
        return Part(nothing, nothing, nothing, nothing, nothing, rows)
    duration = table["duration"].to_physical().to_numpy()
    events = table["event_count"].to_numpy().astype(np.int64)
    end = table["end"].dt.timestamp("us").to_numpy()
    if mask is None:
        counts = np.diff(np.append(starts, table.height))
        who = np.arange(len(starts))
    else:
        counts = np.add.reduceat(mask, starts, dtype=np.int64)
        who = np.flatnonzero(counts)
        duration, events = duration * mask, events * mask
        end = np.where(mask, end, np.iinfo(np.int64).min)
    go_on()
    time, total = np.add.reduceat(duration, starts), np.add.reduceat(events, starts)
    last = np.maximum.reduceat(end, starts)
    return Part(who, counts[who], time[who], total[who], last[who], rows)


def ranked_page(sessions: SessionTable, actors: Actors, part: Part, asked: Ranking) -> RankedPage:
    """A page of the actors of a part, in an order; the last page where there are fewer. Raises SpecError."""
    go_on()
    events, whole = sessions.events, actors.all
    matching = found_by(events, actors, part, asked.query)
    metrics = measured(sessions, actors)
    order = ranked(actors, part, asked.sort, asked.descending, matching, metrics)
    at = min(asked.page, max(0, len(order) - 1) // asked.size)
    places = order[at * asked.size : (at + 1) * asked.size]
    who = part.who[places]
    return RankedPage(
        names=names(events, actors, who),
        sessions=part.sessions[places],
        time=part.time[places],
        events=part.events[places],
        median=actors.medians_of(part, places),
        last=part.last[places],
        all_sessions=whole.sessions[who],
        all_time=whole.time[who],
        metrics=metrics[who],
        page=at,
        matching=len(order),
        actors=len(part),
        selected=None if part.rows is None else len(part.rows),
        whole=int(part.time.sum()),
        most=int(part.time.max()) if len(part) else 0,
    )

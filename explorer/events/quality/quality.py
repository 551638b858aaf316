"""What was read, what was left out, and what is odd about the times, in rows and events."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import polars as pl

from explorer.events.quality.assumption import Assumption as Assumption
from explorer.plan.in_polars.boundary import ACTOR, GAP, NEVER, TIME
from explorer.plan.literal import EPOCH
from explorer.spec.columns import Columns
from explorer.spec.session import SessionDefinition

EXAMPLES = 5
GRAINS = (
    *(("day", 86_400_000_000), ("hour", 3_600_000_000), ("minute", 60_000_000)),
    *(("second", 1_000_000), ("millisecond", 1_000), ("microsecond", 1)),
)
# Event logs do not begin before.
OLDEST = (datetime(1990, 1, 1, tzinfo=UTC) - EPOCH) // timedelta(microseconds=1)
# The earliest clock on Earth is this far ahead of UTC: a time without a zone may be that of any clock.
AHEAD = timedelta(hours=14)
ZONES = {True: "UTC", False: "no time zone"}


@dataclass(frozen=True)
class Quality:
    """What was read and what was left out, in rows; the rest, in events, of those that are kept.

    `ties` share actor and time with another event. `duplicates` repeat an earlier event in every column; None means
    not counted. `disorder` are earlier than the event before them in the source, None where it has no order;
    `future` are later than now.
    `granularity` is the coarsest unit that all times are whole numbers of. `first` and `last` are microseconds
    since 1970. `unit` is what times that are numbers count; `told_zone` is the zone that the source gave its times.
    `remarked` is what else was found and assumed, one sentence each.
    `time_order` says which part of an ambiguous time comes first, and `decided_by` what told that: "values", "rows"
    or "habit". `no_offset` times have no offset where others have one, `other_unit` count another unit than the rest.
    `repeated_ids` repeat the id of an earlier event; None means not counted. `id_column` is named and filled like
    one of events' own ids. `crowded` are actors with an outrageous share of the events, or named like nobody, each
    with its number of events. `wrong_clocks` are so far from all other events that they are no edge of the source;
    `usual` are the first and the last time without them.
    `how_read` is what was assumed. `zone_column` tells a zone for each time that is not used. `blanks` are actors that
    differ from another only in blanks. `coarse_ids` are ids that were decimals of a size where these are not exact.
    """

    rows: int
    events: int
    no_actor: int
    no_time: int
    unreadable: tuple[str, ...] = ()
    said: tuple[str, ...] = ()
    ties: int = 0
    duplicates: int | None = None
    duplicates_dropped: bool = False
    disorder: int | None = 0
    future: int = 0
    granularity: str = ""
    actors: int = 0
    one_event_actors: int = 0
    first: int = 0
    last: int = 0
    zone: str = ZONES[False]
    unit: str = ""
    told_zone: str = ""
    remarked: tuple[str, ...] = ()
    time_order: str = ""
    decided_by: str = ""
    no_offset: int = 0
    other_unit: int = 0
    repeated_ids: int | None = None
    id_column: str = ""
    crowded: tuple[tuple[str, int], ...] = ()
    wrong_clocks: int = 0
    usual: tuple[int, int] | None = None
    how_read: tuple[Assumption, ...] = ()
    zone_column: str = ""
    blanks: int = 0
    coarse_ids: bool = False

    @property
    def dropped(self) -> int:
        """Duplicates that were left out because that was asked for."""
        return (self.duplicates or 0) if self.duplicates_dropped else 0

    @property
    def ids_dropped(self) -> int:
        """Events that were left out because they repeat an id: these have no column to be offered."""
        return 0 if self.id_column else self.repeated_ids or 0

    @property
    def left_out(self) -> int:
        """Rows without an actor or without a readable time, and duplicates where these are dropped."""
        return self.no_actor + self.no_time + self.dropped + self.ids_dropped

    def sentence(self, columns: Columns) -> str:
        """What was left out and why; empty when nothing was."""
        parts = []
        if self.no_actor:
            parts.append(f"{_rows(self.no_actor)} no {columns.actor_name}")
        if self.no_time:
            examples = f" (such as {', '.join(map(repr, self.unreadable))})" if self.unreadable else ""
            parts.append(f"{_rows(self.no_time)} no readable {columns.time}{examples}")
        if self.dropped:
            verb = "1 row repeats" if self.dropped == 1 else f"{self.dropped:,} rows repeat"
            parts.append(f"{verb} an earlier one in every column")
        if self.ids_dropped:
            verb = "1 row repeats" if self.ids_dropped == 1 else f"{self.ids_dropped:,} rows repeat"
            parts.append(f"{verb} an earlier {', '.join(columns.unique_by)}")
        verb = "It is" if self.left_out == 1 else "They are"
        return f"{' and '.join(parts)}. {verb} left out." if parts else ""

    def remarks(self, columns: Columns) -> list[str]:
        """What is worth knowing before sessions are believed, one sentence each."""
        said = [*self.remarked]
        if self.granularity:
            said.append(f"Times have a precision of one {self.granularity}, {self.zone}.")
        if self.ties:
            said.append(f"{_events(self.ties)} {columns.actor_name} and {columns.time} with another.")
        if self.duplicates and not self.duplicates_dropped:
            said.append(f"{_repeats(self.duplicates)} an earlier one in every column.")
        if self.disorder:
            said.append(f"{_are(self.disorder, 'event')} earlier than the one before in the source.")
        if self.future:
            said.append(f"{_are(self.future, 'event')} later than now.")
        if self.one_event_actors:
            verb = "1 actor has" if self.one_event_actors == 1 else f"{self.one_event_actors:,} actors have"
            said.append(f"{verb} one event only.")
        return [*said, *self.oddities(columns)]

    def oddities(self, columns: Columns) -> list[str]:
        """What is likely to be wrong in what was read, one sentence each."""
        said = []
        if self.no_offset:
            taken = f"taken to be in {columns.time_zone or 'UTC'}"
            verb = "time carries" if self.no_offset == 1 else "times carry"
            said.append(f"{self.no_offset:,} {verb} no offset where others do, {taken}.")
        if self.other_unit:
            verb = "time counts" if self.other_unit == 1 else "times count"
            said.append(f"{self.other_unit:,} {verb} another unit than {self.unit}: read by the size.")
        for name, count in self.crowded:
            said.append(f"{share_text(count, self.events)} of events have the {columns.actor_name} '{name}'.")
        if self.id_column and self.repeated_ids:
            verb = "event repeats" if self.repeated_ids == 1 else "events repeat"
            said.append(f"{self.repeated_ids:,} {verb} the {self.id_column} of an earlier one.")
        if self.wrong_clocks:
            verb = "event lies" if self.wrong_clocks == 1 else "events lie"
            said.append(f"{self.wrong_clocks:,} {verb} far from all others in time: the clock was wrong.")
        return [*said, *self.doubts(columns)]

    def doubts(self, columns: Columns) -> list[str]:
        """What may be meant otherwise and can only be asked, one sentence each."""
        said = []
        if (self.first or self.last) and self.last < OLDEST:
            year = (EPOCH + timedelta(microseconds=self.last)).year
            said.append(f"All times lie before {year + 1}. Is another column, unit or calendar meant?")
        if self.zone_column:
            said.append(f"{self.zone_column} tells a zone for each time and is not used: times are taken as they are.")
        if self.blanks:
            verb = "actor differs" if self.blanks == 1 else "actors differ"
            said.append(f"{self.blanks:,} {verb} from another only in blanks around the {columns.actor_name}.")
        if self.coarse_ids:
            said.append(
                f"The {columns.actor_name} came as decimals that are not exact at this size: different ids may have "
                "become the same. Write ids as whole numbers or texts."
            )
        return said


def share_text(count: int, of: int) -> str:
    """A share of events in percent, as finely as it must be told.

    >>> share_text(94, 100), share_text(1, 100_000)
    ('94 %', '< 0.1 %')
    """
    percent = 100 * count / max(1, of)
    return f"{percent:.0f} %" if percent >= 10 else f"{percent:.1f} %" if percent >= 0.1 else "< 0.1 %"


def too_fine(quality: Quality, definitions: Iterable[SessionDefinition]) -> list[str]:
    """Which inactivities are shorter than what the times can tell, one sentence each."""
    grain = dict(GRAINS).get(quality.granularity, 0)
    return [
        f"Times have a precision of one {quality.granularity}: they cannot show the inactivity of {one.inactivity} "
        f"of '{one.name}'."
        for one in definitions
        if one.inactivity.us < grain
    ]


def of_times(keys: pl.DataFrame, aware: bool) -> dict[str, object]:
    """The fields that sorted events tell by themselves: keys are ACTOR, TIME and GAP."""
    same, new = pl.col(GAP) == 0, pl.col(GAP) == NEVER
    facts = keys.select(
        ties=(same | same.shift(-1, fill_value=False)).sum(),
        actors=new.sum(),
        one_event_actors=(new & new.shift(-1, fill_value=True)).sum(),
        first=pl.col(TIME).min(),
        last=pl.col(TIME).max(),
    ).row(0, named=True)
    times = keys[TIME]
    future = future_events(times, facts["last"], aware)
    return facts | {"granularity": granularity(times), "future": future, "zone": ZONES[aware]}


def future_events(times: pl.Series, last: int, aware: bool) -> int:
    """How many times (microseconds) are later than now; without a zone, than now on any clock on Earth."""
    now = latest(aware)
    return int((times > now).sum()) if last > now else 0


def latest(aware: bool) -> int:
    """Now in microseconds; without a zone, on the clock on Earth that is furthest ahead."""
    return (datetime.now(UTC) + (timedelta(0) if aware else AHEAD) - EPOCH) // timedelta(microseconds=1)


def granularity(times: pl.Series) -> str:
    """The coarsest unit that all times (microseconds) are whole numbers of."""
    sample = times.head(1_000)
    whole = (name for name, us in GRAINS if all(bool((some % us == 0).all()) for some in (sample, times)))
    return next(whole, "")


def repeated(frame: pl.DataFrame, keys: pl.DataFrame) -> pl.Series:
    """Which events, sorted, repeat an earlier one in every column."""
    tied = keys.select((pl.col(GAP) == 0) | (pl.col(GAP) == 0).shift(-1, fill_value=False)).to_series()
    places = tied.arg_true()
    some = pl.concat([keys.select(ACTOR, TIME), frame], how="horizontal")[places]
    again = ~some.select(pl.struct(pl.all()).is_first_distinct()).to_series()
    return pl.repeat(False, keys.height, eager=True).scatter(places.filter(again), True)


def _rows(count: int) -> str:
    return "1 row has" if count == 1 else f"{count:,} rows have"


def _events(count: int) -> str:
    return "1 event shares" if count == 1 else f"{count:,} events share"


def _repeats(count: int) -> str:
    return "1 event repeats" if count == 1 else f"{count:,} events repeat"


def _are(count: int, what: str) -> str:
    return f"1 {what} is" if count == 1 else f"{count:,} {what}s are"

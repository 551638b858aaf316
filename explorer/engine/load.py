"""From a source to events: roles, times, what is left out, and everything sorted once."""

from dataclasses import dataclass, field
from typing import Any

import polars as pl

from explorer.engine.guess import guess
from explorer.engine.read import read
from explorer.engine.times import read_times
from explorer.errors import SourceError, did_you_mean, located
from explorer.plan.in_polars.boundary import ACTOR, SILENCE, TIME, silence
from explorer.spec.columns import Columns

EXAMPLES = 5
# A text column with more different values than this share of a sample is not worth encoding.
WORTH_ENCODING, SAMPLE = 0.5, 10_000


@dataclass(frozen=True)
class Quality:
    """What was read and what was left out, in rows."""

    rows: int
    events: int
    no_actor: int
    no_time: int
    unreadable: tuple[str, ...] = ()
    said: tuple[str, ...] = ()

    @property
    def left_out(self) -> int:
        """Rows without an actor or without a readable time."""
        return self.no_actor + self.no_time

    def sentence(self, columns: Columns) -> str:
        """What was left out and why; empty when nothing was."""
        parts = []
        if self.no_actor:
            parts.append(f"{_rows(self.no_actor)} no {columns.actor_name}")
        if self.no_time:
            examples = f" (such as {', '.join(map(repr, self.unreadable))})" if self.unreadable else ""
            parts.append(f"{_rows(self.no_time)} no readable {columns.time}{examples}")
        verb = "It is" if self.left_out == 1 else "They are"
        return f"{' and '.join(parts)}. {verb} left out." if parts else ""


@dataclass(frozen=True)
class Events:
    """All events, sorted by actor and time, with actor codes, microseconds and silences beside them."""

    frame: pl.DataFrame
    keys: pl.DataFrame = field(repr=False)
    columns: Columns
    quality: Quality
    schema: dict[str, pl.DataType]

    @property
    def aware(self) -> bool:
        """Whether the times know their zone (they are kept in UTC)."""
        dtype = self.frame.schema[self.columns.time]
        return isinstance(dtype, pl.Datetime) and dtype.time_zone is not None

    def __len__(self) -> int:
        return self.frame.height


def load(
    source: Any,
    actor: str | list[str] | tuple[str, ...] | None = None,
    time: str | None = None,
    event: str | None = None,
    order: str | list[str] | tuple[str, ...] = (),
    time_zone: str | None = None,
    unit: str | None = None,
) -> Events:
    """Read a path or frame; raises SourceError. `unit` overrides the guessed unit of numeric times."""
    raw = read(source)
    if not raw.height:
        raise SourceError("There are column names but no rows. There is nothing to cut.")
    columns = guess(raw, actor, time, event).replace(order=order, time_zone=time_zone)
    return arrange(raw, columns, unit)


def arrange(raw: pl.DataFrame, columns: Columns, unit: str | None = None) -> Events:
    """Sort the rows of a frame into events under these columns."""
    _check_columns(raw, columns)
    raw = raw.with_columns(pl.col(pl.Float32, pl.Float64).fill_nan(None))
    times = read_times(raw[columns.time], unit)
    has_actor = raw.select(pl.all_horizontal(pl.col(name).is_not_null() for name in columns.actor)).to_series()
    has_time = times.us.is_not_null()
    if not has_time.any():
        example = raw[columns.time].drop_nulls().head(1).to_list()
        raise SourceError(
            f"Column '{columns.time}' holds no time that can be read"
            + (f" (the first value is {example[0]!r})" if example else "")
            + ". Name the column that says when."
        )
    if not has_actor.any():
        raise SourceError(f"Column '{columns.actor_name}' is empty in every row. Name the column that says who.")
    kept = has_actor & has_time
    quality = _quality(raw, columns, has_actor, has_time, (times.said,) if times.said else ())
    if not quality.events:
        raise SourceError(f"No row has both '{columns.actor_name}' and '{columns.time}'. There is nothing to cut.")
    dtype = pl.Datetime("us", "UTC" if times.aware else None)
    frame = _encoded(raw.with_columns(times.us.cast(dtype).alias(columns.time)), columns)
    frame = frame.with_columns(_actor_rank(frame, columns), times.us.alias(TIME))
    if quality.events < raw.height:
        frame = frame.filter(kept)
    frame = _sorted(frame, columns)
    new_actor = (pl.col(ACTOR) != pl.col(ACTOR).shift(1)).fill_null(True)
    keys = frame.select((new_actor.cum_sum() - 1).cast(pl.UInt32).alias(ACTOR), TIME, silence(new_actor).alias(SILENCE))
    keys = keys.with_columns(pl.col(ACTOR).set_sorted())
    schema = dict(raw.schema) | {columns.time: dtype}
    return Events(frame.drop(ACTOR, TIME).rechunk(), keys.rechunk(), columns, quality, schema)


def _check_columns(raw: pl.DataFrame, columns: Columns) -> None:
    named = {"actor": columns.actor, "time": (columns.time,), "order": columns.order}
    named["event"] = (columns.event,) if columns.event else ()
    for role, names in named.items():
        for name in names:
            if name not in raw.columns:
                with located(f"columns.{role}"):
                    raise SourceError(f"There is no column '{name}'. {did_you_mean(name, raw.columns)}")


def _quality(
    raw: pl.DataFrame, columns: Columns, has_actor: pl.Series, has_time: pl.Series, said: tuple[str, ...]
) -> Quality:
    unreadable = raw[columns.time].filter(~has_time).drop_nulls()
    return Quality(
        rows=raw.height,
        events=int((has_actor & has_time).sum()),
        no_actor=int((~has_actor).sum()),
        no_time=int((has_actor & ~has_time).sum()),
        unreadable=tuple(str(value) for value in unreadable.unique(maintain_order=True).head(EXAMPLES)),
        said=said,
    )


def _encoded(frame: pl.DataFrame, columns: Columns) -> pl.DataFrame:
    """Repeating texts as categories."""
    changes: list[pl.Expr] = []
    for name, dtype in frame.schema.items():
        if dtype == pl.String:
            sample = frame[name].head(SAMPLE)
            if name in columns.actor or sample.n_unique() <= max(WORTH_ENCODING * len(sample), 2):
                changes.append(pl.col(name).cast(pl.Categorical(pl.Categories.random())))
    return frame.with_columns(changes)


def _actor_rank(frame: pl.DataFrame, columns: Columns) -> pl.Series:
    """Numbers in the order of the actors' values, so that the order of sessions never depends on the run."""
    if len(columns.actor) == 1:
        values = frame[columns.actor[0]]
        if values.dtype.is_integer():
            return values.alias(ACTOR)
        if isinstance(values.dtype, pl.Categorical | pl.Enum):
            known = values.unique().drop_nulls()
            ranks = known.cast(pl.String).rank("ordinal").cast(pl.UInt32)
            codes = known.to_physical()
            by_code = pl.Series([0], dtype=pl.UInt32).new_from_index(0, max(codes, default=0) + 1)
            return by_code.scatter(codes, ranks).gather(values.to_physical()).alias(ACTOR)
    who = frame.select(columns.actor)
    ranked = who.unique().sort(columns.actor).with_row_index(ACTOR)
    return who.join(ranked, on=columns.actor, how="left", nulls_equal=True, maintain_order="left")[ACTOR]


def _sorted(frame: pl.DataFrame, columns: Columns) -> pl.DataFrame:
    # Two stable sorts, by time and then by actor, take half as long as one sort by both.
    for key in (*reversed(columns.order), TIME, ACTOR):
        if not frame[key].is_sorted(nulls_last=False):
            frame = frame.sort(key, maintain_order=True, nulls_last=False)
    return frame


def _rows(count: int) -> str:
    return "1 row has" if count == 1 else f"{count:,} rows have"

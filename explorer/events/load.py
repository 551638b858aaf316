"""From a source to events: roles, times, what is left out, and everything sorted once."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from explorer.errors import SourceError, did_you_mean, located
from explorer.events.added.derived import named_by_roles, with_events, with_rows
from explorer.events.added.identity import stitched
from explorer.events.added.lookups import joined
from explorer.events.events import Events
from explorer.events.files.scan import Source, scanned
from explorer.events.formats.json.records import json_columns
from explorer.events.machine.capacity import available
from explorer.events.memory import needed
from explorer.events.quality import row_counts
from explorer.events.quality.assumption import Assumption
from explorer.events.quality.quality import Quality, of_times, repeated
from explorer.events.quality.repeated_ids import repeated_ids
from explorer.events.reading.decide import asked_of, form_of, reconsidered, settled_if_open
from explorer.events.reading.form import Form
from explorer.events.reading.values import Steps, numbers_left, texts_wanted, whole_ids
from explorer.events.roles import guess
from explorer.events.sorting import rows
from explorer.events.sorting.encode import to_encode
from explorer.events.store import apart, cache, out_of_core
from explorer.events.until import ends_of
from explorer.events.until import remarks as remarks_of_ends
from explorer.plan.in_polars.boundary import ACTOR, GAP, TIME
from explorer.plan.literal import type_word
from explorer.spec.columns import Columns
from explorer.spec.derived import early, of_actor, read_derived
from explorer.spec.document import Spec
from explorer.spec.event_columns import name_inside
from explorer.spec.file_format import FileFormat
from explorer.spec.identity import Identity
from explorer.spec.lookup import read_lookups

SAMPLE = 10_000
KEYS = (ACTOR, TIME, GAP)
NESTED = (pl.List, pl.Array, pl.Struct)
# What no role can be: a list has no order that anybody knows, and a duration is nobody.
UNFIT = {"actor": (*NESTED, pl.Duration), "event": NESTED, "order": NESTED}
JSON = "json"


def load(
    source: Any,
    actor: str | list[str] | tuple[str, ...] | None = None,
    time: str | list[str] | tuple[str, ...] | None = None,
    event: str | None = None,
    order: str | list[str] | tuple[str, ...] = (),
    **how: Any,
) -> Events:
    """Read a path or frame; raises SourceError. `how` are other fields of Columns, by their names."""
    with located("columns.derived"):
        said = (actor,) if isinstance(actor, str) else actor or ()
        every = of_actor(said, read_derived(how.pop("derived", None)))
    with located("columns.lookups"):
        lookups = read_lookups(how.pop("lookups", None))
    roles = {"actor": actor, "time": time, "event": event, "order": order} | how | {"lookups": lookups}
    first = early(every, named_by_roles(roles))
    told = {"derived": {each.name: str(each.value) for each in first}} if first else {}
    found = load_sorted(source, actor, time, event, order, **how | told)
    found = joined(found, lookups, source)
    return with_events(found, found.columns.replace(derived=every, lookups=lookups))


def load_sorted(source: Any, actor: Any, time: Any, event: Any, order: Any = (), **how: Any) -> Events:
    """The events with those derived columns only that are said here: roles name them."""
    opened = scanned(source)
    asked = {"actor": actor, "time": time, "event": event, "order": order} | how
    plain = {name: value.plain() if isinstance(value, Spec) else value for name, value in asked.items() if value}
    place = cache.place(opened.files, plain)
    if place is not None and (stored := cache.recall(place)) is not None:
        return stored
    if apart.is_wanted(opened.files):
        return apart.load(source, asked, opened.files.name if opened.files else "", place)
    opened, columns = roled(opened, actor, time, event, order, **how)

    def use(lazy: pl.LazyFrame) -> Events:
        read = interpreted(opened, lazy, columns)
        lazy, sample, remarks = prepared(read.lazy, read.sample, columns, read.form)
        told = _Told(opened, sample, columns, remarks)
        if opened.files is not None and not columns.drop_duplicates:
            need, memory = needed(lazy, sample, to_encode(sample, columns), opened.files), available()
            if need > memory:
                said = _too_large(need, memory)
                large: Events = out_of_core.load(
                    lazy, sample, columns, read.form, said, memory, need, place, told.added
                )
                return large
        how = opened.how if columns.identity is None or opened.how == "whole" else "streaming"
        found = _events(lazy, sample, columns, read.form, how)
        if columns.unique_by:
            found = without_repeated_ids(found)
        found = replace(found, quality=told.added(found.quality, found.frame, found.keys[TIME]))
        if columns.drop_duplicates:
            found = without_duplicates(found)
        if place is not None:
            cache.keep(place, found)
        return found

    return opened.run(use)


def roled(source: Source, actor: Any, time: Any, event: Any, order: Any = (), **how: Any) -> tuple[Source, Columns]:
    """The source with its ids as the texts that stand in it, and the columns' roles; raises SourceError."""

    source = source.written_as(told_of(how.get("format"))).with_json(json_texts(how.get("types")))

    def look(lazy: pl.LazyFrame) -> Columns:
        computed = read_derived(how.get("derived"))
        sample = with_rows(first_rows(lazy, source.frame).lazy(), computed, how.get("time_zone")).collect()
        identity = Identity.read(how["identity"]) if how.get("identity") else None
        columns = guess(sample, identity.known if identity else actor, time, event).replace(order=order, **how)
        columns = columns.replace(actor=actor) if identity and actor else columns
        check_columns(sample.schema, columns)
        return columns

    columns = source.run(look)
    return source.as_text(texts_wanted(source.run(lambda lazy: lazy.collect_schema().names()), columns)), columns


def told_of(format: Any) -> tuple[tuple[str, str], ...]:
    """What is said of how the files are written."""
    with located("columns.format"):
        return FileFormat.read(format).told if format else ()


def json_texts(types: Any) -> tuple[str, ...]:
    """The columns of JSON text that are opened into a column for each field."""
    pairs = types.items() if isinstance(types, Mapping) else types or ()
    return tuple(name for name, kind in pairs if kind == JSON)


@dataclass(frozen=True)
class Interpreted:
    """Rows after their steps, the first of them, and the form of their times."""

    lazy: pl.LazyFrame
    sample: pl.DataFrame
    form: Form
    steps: Steps


def interpreted(opened: Source, lazy: pl.LazyFrame, columns: Columns) -> Interpreted:
    """The rows as they are to be read; raises SourceError."""
    numbers = numbers_left(lazy, columns) if opened.is_written and columns.null_values else ()
    steps = Steps(columns, opened.is_written, whole_ids(lazy, columns), numbers)
    lazy = steps.of(lazy)
    frame = opened.frame
    if frame is not None and (exprs := steps.exprs(frame.schema)):
        frame = frame.with_columns(exprs)
        lazy = frame.lazy()
    if columns.derived:
        lazy = with_rows(lazy, columns.derived, columns.time_zone)
        frame = None if frame is None else lazy.collect()
    sample = first_rows(lazy, frame)
    asked = asked_of(columns)
    form = form_of(sample[columns.time], asked)
    return Interpreted(lazy, sample, settled_if_open(form, lazy, columns.time, asked), steps)


@dataclass(frozen=True)
class _Told:
    """Everything that was assumed about a source, beside what its rows say themselves."""

    opened: Source
    sample: pl.DataFrame
    columns: Columns
    remarks: tuple[str, ...]

    def added(self, quality: Quality, frame: pl.DataFrame, times: pl.Series) -> Quality:
        """The quality with it; `frame` are the events, `times` their microseconds."""
        texts = [
            Assumption(f"column {name}", f"JSON text, can be opened with the type json ({name}: json)", repr(example))
            for name, example in json_columns(self.sample)
        ]
        texts += [
            Assumption(f"column {name}", f"called {name_inside(name)} in sessions, whose events know another {name}")
            for name in frame.columns
            if name_inside(name) != name
        ]
        ends = remarks_of_ends(frame, times, self.columns)
        how_read = (*self.opened.how_read, *quality.how_read, *texts)
        return replace(quality, how_read=how_read, remarked=(*self.remarks, *ends))


def arrange(raw: pl.DataFrame, columns: Columns) -> Events:
    """Sort the rows of a frame into events under these columns; raises SourceError."""
    check_columns(raw.schema, columns)
    return _events(raw.lazy(), raw, columns, form_of(raw[columns.time], asked_of(columns)), "whole")


def prepared(
    lazy: pl.LazyFrame, sample: pl.DataFrame, columns: Columns, form: Form
) -> tuple[pl.LazyFrame, pl.DataFrame, tuple[str, ...]]:
    """The rows with the columns that are made of others, their sample, and what there is to say about these."""
    actors = stitched(lazy, sample, columns, form)
    told = ends_of(actors.sample, columns, form)
    return told.read(actors.lazy), told.read(actors.sample.lazy()).collect(), (*actors.remarks, *told.remarks)


def _events(lazy: pl.LazyFrame, sample: pl.DataFrame, columns: Columns, form: Form, how: str) -> Events:
    found = rows.collect(lazy, sample, columns, form, how)
    if form.layout and found.frame[TIME].null_count() and (other := reconsidered(form, lazy, columns)) != form:
        form = other
        found = rows.collect(lazy, sample, columns, form, how)
    counts = found.frame.select(row_counts.counts(columns)).row(0, named=True)
    quality = row_counts.quality(counts, lazy, sample, columns, form)
    if quality.events < quality.rows:
        found = replace(found, frame=found.frame.filter(row_counts.is_event(columns)))
    disorder = rows.disorder(found)
    found = rows.in_order(found, in_time_order=not disorder)
    schema = dict(lazy.collect_schema()) | {columns.time: form.kept_as}
    frame, keys = rows.events(found, schema)
    facts = of_times(keys, form.aware)
    quality = replace(quality, disorder=disorder, **facts)  # type: ignore[arg-type]
    return Events(frame, keys, columns, quality, schema)


def _too_large(need: int, memory: int) -> str:
    # Read as "The times are ...": what is said is said of them.
    return (
        f"kept on disk with everything else: loading needs about {need / 1e9:,.1f} GB of memory, "
        f"and there are {memory / 1e9:,.1f} GB"
    )


def without_duplicates(events: Events) -> Events:
    """The events without those that repeat an earlier one in every column; these count as left out."""
    again = repeated(events.frame, events.keys)
    count = int(again.sum())
    quality = replace(events.quality, duplicates=count, duplicates_dropped=True, events=len(events) - count)
    if not count:
        return replace(events, quality=quality)
    # What is dropped has another event of its actor at its time before it: codes and gaps stay true.
    frame, keys = (part.filter(~again).rechunk() for part in (events.frame, events.keys))
    keys = keys.with_columns(pl.col(ACTOR).set_sorted())
    facts = of_times(keys, events.aware)
    return replace(events, frame=frame, keys=keys, quality=replace(quality, **facts))  # type: ignore[arg-type]


def without_repeated_ids(events: Events) -> Events:
    """The events without those that repeat the id of an earlier one; these count as left out."""
    again = repeated_ids(events.frame, events.keys[TIME], events.columns.unique_by)
    count = int(again.sum())
    quality = replace(events.quality, repeated_ids=count, events=len(events) - count)
    if not count:
        return replace(events, quality=quality)
    kept = arrange(events.frame.filter(~again), events.columns)
    facts = of_times(kept.keys, events.aware)
    return replace(kept, quality=replace(quality, **facts), schema=events.schema)  # type: ignore[arg-type]


def first_rows(lazy: pl.LazyFrame, frame: pl.DataFrame | None) -> pl.DataFrame:
    """The first rows, with the first values of columns that begin without any."""
    sample = lazy.head(SAMPLE).collect() if frame is None else frame
    if not sample.height:
        raise SourceError("There are column names but no rows. There is nothing to cut.")
    empty = [name for name in sample.columns if sample[name].null_count() == SAMPLE]
    if frame is None and sample.height == SAMPLE and empty:
        later = [lazy.select(pl.col(name).drop_nulls().head(SAMPLE // 2)).collect() for name in empty]
        sample = pl.concat([sample.drop(empty), *later], how="horizontal_extend").select(sample.columns)
    return sample


def check_columns(schema: Mapping[str, pl.DataType], columns: Columns) -> None:
    """Refuse roles for columns that there are not; raises SourceError."""
    if taken := [name for name in KEYS if name in schema]:
        raise SourceError(f"The column name {taken[0]} has a meaning of its own here. Rename the column.")
    named = {"actor": columns.actor, "time": columns.times, "order": columns.order, "unique_by": columns.unique_by}
    named |= {"types": tuple(name for name, kind in columns.types if kind != JSON)}
    named["event"] = (columns.event,) if columns.event else ()
    named["until"] = (columns.until,) if columns.until else ()
    if columns.identity:
        named["identity"] = (columns.identity.known, columns.identity.anonymous)
        named["actor"] = ()
    for role, names in named.items():
        for name in names:
            with located(f"columns.{role}"):
                if name not in schema:
                    raise SourceError(f"There is no column '{name}'. {did_you_mean(name, schema)}")
                if role in UNFIT and isinstance(schema[name], UNFIT[role]):
                    what = f"'{name}' is a {type_word(schema[name])} and cannot be the {role}"
                    raise SourceError(f"{what}. Name a column of texts or numbers.")

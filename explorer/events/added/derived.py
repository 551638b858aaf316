"""Derived columns of rows and of events, computed once."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from math import prod
from typing import Any

import numpy as np
import polars as pl

from explorer.errors import SourceError, SpecError, located
from explorer.events.events import Events
from explorer.events.sorting.encode import decorated, encoded, width
from explorer.plan.in_polars.boundary import TIME
from explorer.plan.in_polars.predicate import expression
from explorer.plan.literal import microseconds
from explorer.spec.columns import Columns
from explorer.spec.derived import Derived, early

# So many combinations of texts are computed in a few milliseconds.
COMBINATIONS = 100_000


def named_by_roles(columns: Mapping[str, object]) -> tuple[str, ...]:
    """The columns that have a role in how rows become sorted events."""
    found: list[str] = []
    for role in ("actor", "time", "event", "order", "until", "day", "unique_by"):
        value = columns.get(role)
        found += [value] if isinstance(value, str) else list(value) if isinstance(value, tuple | list) else []
    identity = columns.get("identity")
    if identity is not None:
        plain = identity if isinstance(identity, Mapping) else vars(identity)
        found += [str(plain.get("known")), str(plain.get("anonymous"))]
    lookups: Any = columns.get("lookups") or ()
    found += [each.on for each in lookups]
    return tuple(found)


def early_of(columns: Columns) -> tuple[Derived, ...]:
    """The derived columns without which these roles cannot be read."""
    return early(columns.derived, named_by_roles(vars(columns)))


def with_rows(lazy: pl.LazyFrame, derived: Iterable[Derived], zone: str | None) -> pl.LazyFrame:
    """Rows as they were read, with derived columns; raises SourceError at `columns.derived.NAME`."""
    for each in derived:
        schema = dict(lazy.collect_schema())
        if each.is_of_actor and each.name in schema:
            continue  # the source has a column of this very name
        value = _checked(each, schema, zone, None)
        lazy = lazy.with_columns(value.alias(each.name))
    return lazy


def with_events(events: Events, columns: Columns) -> Events:
    """The events with all derived columns that they do not have yet; raises SourceError at `columns.derived.NAME`."""
    frame, schema = events.frame, dict(events.schema)
    there = {each.name for each in events.columns.derived}
    for each in columns.derived:
        if each.name in there or (each.is_of_actor and each.name in schema):
            continue
        series = _series(frame, each, columns.time_zone, events)
        frame = frame.with_columns(series)
        schema[each.name] = pl.String() if isinstance(series.dtype, pl.Categorical) else series.dtype
    return replace(events, frame=frame, schema=schema, columns=columns)


def rederived(events: Events, columns: Columns) -> Events:
    """The same events with the derived columns of other roles; what did not change is not computed again."""
    same = (columns.time_zone, columns.now) == (events.columns.time_zone, events.columns.now)
    wanted = columns.derived if same else early_of(columns)
    kept: list[Derived] = []
    for each in events.columns.derived:
        stays = all(name in {k.name for k in kept} for name in each.needs if name in _names(events.columns.derived))
        if each in wanted and stays:
            kept.append(each)
    gone = [each.name for each in events.columns.derived if each not in kept]
    schema = {name: dtype for name, dtype in events.schema.items() if name not in gone}
    frame = events.frame.drop(gone) if gone else events.frame
    bare = replace(events, frame=frame, schema=schema, columns=columns.replace(derived=tuple(kept)))
    return with_events(bare, columns)


def _names(derived: Iterable[Derived]) -> set[str]:
    return {each.name for each in derived}


def _series(frame: pl.DataFrame, derived: Derived, zone: str | None, events: Events) -> pl.Series:
    value = _checked(derived, frame.schema, zone, _now(events))
    return computed(frame, value, derived.needs, derived.name)


def computed(frame: pl.DataFrame, value: pl.Expr, needs: Iterable[str], name: str) -> pl.Series:
    """A value for every row; of columns of repeating texts, each combination of different ones is computed once."""
    read = list(dict.fromkeys(each for each in needs if each in frame.columns))
    if read and all(isinstance(frame.schema[each], pl.Categorical) for each in read):
        texts = {each: frame[each].dtype.categories.to_series() for each in read}  # type: ignore[attr-defined]
        if len(read) == 1 or prod(len(each) + 1 for each in texts.values()) <= COMBINATIONS:
            return _by_code(frame.select(read), texts, value, name)
    found = frame.lazy().with_columns(value.alias(name)).select(name)
    return encoded(found.collect(engine="streaming" if read else "in-memory").to_series().rechunk())


def _now(events: Events) -> int:
    said = events.columns.now
    return microseconds(said, events.columns.time_zone) if said else int(events.keys[TIME].max() or 0)  # type: ignore[arg-type]


def _by_code(frame: pl.DataFrame, texts: dict[str, pl.Series], value: pl.Expr, name: str) -> pl.Series:
    places, known = _combined(frame, texts)
    answers = known.with_columns(value.alias(name))[name]
    if answers.dtype != pl.String:
        return answers.gather(places).alias(name)
    different = answers.drop_nulls().unique(maintain_order=True)
    codes = pl.DataFrame({"text": answers}).join(
        pl.DataFrame({"text": different}).with_row_index("code"), on="text", how="left", maintain_order="left"
    )["code"]
    coded = codes.cast(width(different)).gather(places)
    return decorated(pl.DataFrame({name: coded}), {name: different})[name]


def _combined(frame: pl.DataFrame, texts: dict[str, pl.Series]) -> tuple[pl.Series, pl.DataFrame]:
    """For every row its place among the combinations of texts that there are, and these combinations."""
    sizes = [len(each) + 1 for each in texts.values()]  # one more for null
    code = pl.lit(0, pl.UInt32)
    for (name, known), size in zip(texts.items(), sizes, strict=True):
        code = code * size + pl.col(name).to_physical().cast(pl.UInt32).fill_null(len(known))
    places = frame.select(code.alias("places")).to_series()
    there = np.ones(prod(sizes), bool)
    if len(texts) > 1:
        there[:] = False
        there[places.to_numpy()] = True
        places = pl.Series((np.cumsum(there) - 1).astype(np.uint32)).gather(places)
    codes = np.unravel_index(np.flatnonzero(there), sizes)
    columns = {
        name: pl.concat([known, pl.Series([None], dtype=pl.String)]).gather(pl.Series(its))
        for (name, known), its in zip(texts.items(), codes, strict=True)
    }
    return places, pl.DataFrame(columns)


def _checked(derived: Derived, schema: Mapping[str, pl.DataType], zone: str | None, now: int | None) -> pl.Expr:
    with located(f"columns.derived.{derived.name}"):
        if derived.name in schema:
            raise SourceError(f"The source has a column '{derived.name}' already. Choose another name.")
        try:
            return expression(derived.value, schema, zone, now)
        except SpecError as error:
            raise SourceError(str(error)) from None

"""A chart's numbers: one measure over groups of sessions, as a small frame."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from explorer.engine import keys
from explorer.engine.facts import Facts
from explorer.engine.groups import AT, Group, group, named_at, stepped
from explorer.errors import SpecError, located
from explorer.plan.in_polars.boundary import ACTOR
from explorer.plan.literal import type_word
from explorer.spec.chart import Chart, Measure
from explorer.spec.clause import Clause
from explorer.spec.dimension import Dimension
from explorer.spec.session import SessionDefinition

if TYPE_CHECKING:
    from explorer.engine.local import LocalEngine

BINS, FINE_BINS, MOST_ROWS = 20, 60, 200_000
VALUE, SESSIONS = "value", "sessions"
FITTING = {"min": ("number", "duration", "time"), "max": ("number", "duration", "time")}


def answer(engine: LocalEngine, chart: Chart, definition: SessionDefinition) -> pl.DataFrame:
    """One row per group of the sessions that `keep` and the chart's `where` show.

    Columns: the dimensions by their texts, `value`, `sessions` (in the group), then `<dimension>_to`, the upper edge
    of each bin, itself outside the bin. A session is in one group, with `any` in one for each value; null is a group.
    A distribution of an actor metric counts actors. Raises SpecError at `by[0]`, `of`, `measure`, `where`, `every`.
    """
    key = (chart, definition.name, *keys.table_key(definition))
    return engine.stages.get("query", key, lambda: _made(Facts(engine, definition), chart))  # type: ignore[no-any-return]


def _made(facts: Facts, chart: Chart) -> pl.DataFrame:
    shown = _shown(facts, chart.where)
    groups = _groups(facts, chart, shown)
    frame = facts.table.select(ACTOR)[shown].with_row_index(AT)
    with located("measure"):
        frame = frame.with_columns(_values(facts, chart.measure, shown).alias(VALUE))
    for its in groups:
        if its.pairs is None:
            frame = frame.with_columns(its.keys.gather(frame[AT]).alias(its.name))
        else:
            frame = frame.join(its.pairs, on=AT, how="left", maintain_order="left")
    of_actors = _is_actors(facts, chart.measure)
    counts_actors = chart.kind == "distribution" and _is_of_actors(facts, chart) and chart.measure.aggregate == "count"
    found = _measured(frame, [its.name for its in groups], chart.measure, of_actors, counts_actors)
    found = _filled(found, groups, _of_nothing(chart.measure, frame.schema[VALUE]))
    return _arranged(found, groups)


def _shown(facts: Facts, where: Clause | None) -> pl.Series:
    """The places of the sessions that are shown."""
    mask = pl.repeat(True, facts.table.height, eager=True)
    for role, clause in (("keep", facts.definition.keep), ("where", where)):
        if clause is not None:
            with located(role):
                mask = mask & facts.session.mask(clause)
    return mask.arg_true()


def _groups(facts: Facts, chart: Chart, shown: pl.Series) -> list[Group]:
    found: list[Group] = []
    if chart.kind == "distribution":
        with located("of"):
            found.append(group(facts, shown, Dimension.parse(chart.of), FINE_BINS, chart.top, fill=True))
    if chart.every is not None or chart.kind == "line":
        found.append(stepped(facts.column("start").gather(shown), chart.every, facts, fill=True))
    for at, dimension in enumerate(chart.dimensions):
        named_at(f"by[{at}]", facts.plain_name(str(dimension)), [its.name for its in found])
        with located(f"by[{at}]"):
            found.append(group(facts, shown, dimension, BINS, chart.top))
    return found


def _is_of_actors(facts: Facts, chart: Chart) -> bool:
    return facts.is_actors(facts.plain_name(chart.of or ""))


# ---- the value of each session


def _is_actors(facts: Facts, measure: Measure) -> bool:
    return bool(measure.of) and measure.where is None and facts.is_actors(facts.plain_name(measure.of or ""))


def _values(facts: Facts, measure: Measure, shown: pl.Series) -> pl.Series:
    if measure.where is not None:
        return facts.session.mask(measure.where).gather(shown)
    if measure.of is None:
        return pl.repeat(True, len(shown), eager=True)
    values = facts.column(facts.plain_name(measure.of)).gather(shown)
    kind, aggregate = type_word(values.dtype), measure.aggregate
    fitting = FITTING.get(aggregate, ("number", "duration", *(["truth value"] if aggregate == "share" else [])))
    if kind not in fitting:
        instead = "Use share" if kind == "truth value" else "Use count, and it as a dimension"
        raise SpecError(f"'{aggregate}' needs numbers or durations, and '{measure.of}' is a {kind}. {instead}.")
    return values


# ---- over groups


def _measured(
    frame: pl.DataFrame, keys: list[str], measure: Measure, of_actors: bool, counts_actors: bool
) -> pl.DataFrame:
    dtype = frame.schema[VALUE]
    if dtype == pl.Duration:
        frame = frame.with_columns(pl.col(VALUE).cast(pl.Duration("us")).to_physical())
    elif dtype.is_integer():
        frame = frame.with_columns(pl.col(VALUE).cast(pl.Int64))  # Polars adds up 32 bits in 32 bits
    once = pl.col(ACTOR if of_actors else AT).is_first_distinct()
    total = frame.filter(once)[VALUE].sum() if measure.aggregate == "share" else 0
    if of_actors:
        # An actor counts once in each group, however many sessions it has there.
        frame = frame.with_columns(pl.when(pl.struct(ACTOR, *keys).is_first_distinct()).then(VALUE).alias(VALUE))
    value = pl.col(ACTOR).n_unique() if counts_actors else _aggregate(measure, dtype, total)
    aggregates = value.alias(VALUE), pl.len().alias(SESSIONS)
    found = frame.group_by(keys).agg(*aggregates) if keys else frame.select(*aggregates)
    if dtype == pl.Duration and measure.aggregate != "share":
        found = found.with_columns(pl.col(VALUE).round().cast(pl.Int64).cast(pl.Duration("us")))
    return found


def _aggregate(measure: Measure, dtype: pl.DataType, total: Any) -> pl.Expr:
    value = pl.col(VALUE)
    match measure.aggregate:
        case "count":
            return pl.len()
        case "share" if measure.of is not None and dtype == pl.Boolean:
            return value.mean()
        case "share":
            return value.sum() / (total or None)
        case "sum" | "mean" | "median" | "min" | "max":
            return getattr(value, measure.aggregate)()  # type: ignore[no-any-return]
    return value.quantile(int(measure.aggregate[1:]) / 100, "linear")


def _of_nothing(measure: Measure, dtype: pl.DataType) -> int | None:
    """The value of a group without sessions."""
    parts = measure.aggregate == "share" and (measure.of is None or dtype != pl.Boolean)
    return 0 if parts or measure.aggregate in ("count", "sum") else None


# ---- empty groups and order


def _filled(found: pl.DataFrame, groups: list[Group], nothing: int | None) -> pl.DataFrame:
    """Empty bins and steps are groups of no session."""
    filled = [its for its in groups if its.fill and its.every is not None]
    if not filled:
        return found
    keys = [its.name for its in groups]
    others = [name for name in keys if name not in [its.name for its in filled]]
    full = found.select(others).unique() if others else None
    for its in filled:
        every = its.every.select(its.name)  # type: ignore[union-attr]
        full = every if full is None else full.join(every, how="cross")
        if full.height > MOST_ROWS:
            with located("by"):
                raise SpecError(f"These are {full.height:,} groups. Say top: 10, or choose longer steps.")
    if full is None or not full.height:
        return found
    found = found.join(full, on=keys, how="full", coalesce=True, nulls_equal=True)
    value = pl.when(pl.col(SESSIONS).is_null()).then(pl.lit(nothing).cast(found.schema[VALUE])).otherwise(VALUE)
    return found.with_columns(value.alias(VALUE), pl.col(SESSIONS).fill_null(0))


def _arranged(found: pl.DataFrame, groups: list[Group]) -> pl.DataFrame:
    """Numbers and times in order, names by sessions, "other" and then null last; columns as promised."""
    if groups:
        found = found.sort([its.name for its in groups], nulls_last=True)
    found = found.with_columns(
        its.names.gather(found[its.name]).alias(its.name) for its in groups if its.names is not None
    )
    binned = [its.every for its in groups if its.every is not None and its.every.width == 2]
    for every in binned:
        found = found.join(every, on=every.columns[0], how="left", maintain_order="left")
    return found.select(*(its.name for its in groups), VALUE, SESSIONS, *(every.columns[1] for every in binned))

"""A metric of sessions or of actors tried out before it is in the document: what an editor shows of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import Any

import polars as pl

from explorer.crossfilter.formats import count_text, duration_text, number_text, percent_text, time_text
from explorer.engine import keys
from explorer.engine.answers.trial import Trial
from explorer.engine.local.actor_values import actor_values
from explorer.engine.local.cut import frames
from explorer.engine.local.editors.bars import bars
from explorer.engine.local.editors.column_profile import WORDS
from explorer.engine.local.editors.live_counts import spread
from explorer.engine.local.session_table import SessionTable
from explorer.errors import ExplorerError
from explorer.events.events import decoded
from explorer.plan.check import check
from explorer.plan.in_polars.boundary import ACTOR
from explorer.plan.literal import type_word
from explorer.spec.analysis import Analysis
from explorer.spec.editing.edits import list_of
from explorer.spec.metric import ActorMetric, Metric
from explorer.spec.needed import measured_by, needed, reads

EXAMPLES = 5


def trial(sessions: SessionTable, metric: Metric | ActorMetric) -> Trial:
    """Try a metric, of sessions or of actors, in the place of the one of its name, or as the last one.

    Raises SpecError with a place within the metric: `where`, `column`, `scope.contains` ...
    """
    definition, schema, field = sessions.definition, sessions.events.schema, list_of(metric)
    its = getattr(definition, field)
    at = next((at for at, other in enumerate(its) if other.name == metric.name), len(its))
    place = f"{field}[{at}]"
    with _within(place):
        tried = definition.replace(**{field: (*its[:at], metric, *its[at + 1 :])})
        for problem in check(Analysis(sessions.events.columns, (tried,)), schema, sessions.events.cohorts):
            problem.where = problem.where.removeprefix("sessions[0].")
            if problem.where.startswith(place):
                raise problem
        found: Trial
        if isinstance(metric, ActorMetric):
            read = metric, measured_by(tried, (metric.name,))
            key: keys.Key = (*read, *keys.shown_key(tried))
            found = sessions.stages.get("trial", key, lambda: _of_actors(sessions.of(tried), metric))
        else:
            key = (metric.name, *keys.metric_key(tried, metric), *keys.shown_key(tried))
            found = sessions.stages.get("trial", key, lambda: _tried(sessions.of(tried), metric))
    return found


@contextmanager
def _within(place: str) -> Iterator[None]:
    """Places as the metric's own editor has them."""
    try:
        yield
    except ExplorerError as error:
        error.where = error.where.removeprefix(place).removeprefix(".")
        raise


def _of_actors(sessions: SessionTable, metric: ActorMetric) -> Trial:
    begun = perf_counter()
    every = actor_values(sessions, metric.name, shown=True)
    milliseconds = 1_000 * (perf_counter() - begun)
    values = every[metric.name]
    values = values.fill_nan(None) if values.dtype.is_float() else values
    present, kind, zone = values.drop_nulls(), *told(sessions, values)
    rows = spread(values.is_not_null(), EXAMPLES)
    some = every.select(ACTOR)[rows].join(frames.per_actor(sessions.table), on=ACTOR, maintain_order="left")
    examples = frames.actor_frame(sessions.events.data, some.select(ACTOR, "session_count", "time_in_session"))
    value, actor = decoded(values.gather(rows).alias("value").to_frame(), {}), examples.columns[:-2]
    return Trial(
        kind=kind,
        total=len(values),
        with_value=len(present),
        bars=bars(present, zone),
        summary=summary(present, kind, zone, "actors"),
        examples=examples.select(actor).hstack(value).hstack(examples.select("session_count", "time_in_session")),
        milliseconds=milliseconds,
    )


def told(sessions: SessionTable, values: pl.Series) -> tuple[str, str | None]:
    """The kind of values, and the zone that their times are told in."""
    zone = sessions.events.columns.time_zone or "UTC" if getattr(values.dtype, "time_zone", None) else None
    return WORDS.get(type_word(values.dtype), "other"), zone


def _tried(sessions: SessionTable, metric: Metric) -> Trial:
    table, definition = sessions.cut, sessions.definition
    for other in needed(definition, reads(definition, metric)):
        sessions.metric(other.name)
    values = sessions.metric(metric.name)
    values = values.fill_nan(None) if values.dtype.is_float() else values
    seconds = sessions.stages.seconds("metric", keys.metric_key(definition, metric))
    shown = sessions.shown
    places = values.is_not_null() if shown is None else values.is_not_null() & shown
    present = values.filter(places)
    kind, zone = told(sessions, values)
    return Trial(
        kind=kind,
        total=table.height if shown is None else int(shown.sum()),
        with_value=len(present),
        bars=bars(present, zone),
        summary=summary(present, kind, zone, "sessions"),
        examples=_examples(sessions, values, spread(places, EXAMPLES)),
        milliseconds=1_000 * seconds,
    )


def summary(values: pl.Series, kind: str, zone: str | None, what: str) -> tuple[tuple[str, str], ...]:
    """What known values come to, as labels and texts; what depends on their kind."""
    if not len(values):
        return ()
    if kind == "text":
        (text, count), *_ = bars(values)
        return ("most frequent", text), (f"{what} with it", count_text(count))
    if kind == "bool":
        return (("true", percent_text(values.mean())),)  # type: ignore[arg-type]
    if kind == "other":
        return ()
    say: Any = {"number": number_text, "duration": duration_text, "time": lambda us: time_text(us, zone)}[kind]
    if kind != "number":
        values = values.cast(pl.Duration("us") if kind == "duration" else pl.Datetime("us")).to_physical()
    whole = values.cast(pl.Int128) if values.dtype.is_integer() else values
    median: Any = values.median()
    middle = round(median) if kind == "time" else median
    spread_out = ("min", say(values.min())), ("median", say(middle)), ("max", say(values.max()))
    if kind == "time":
        return spread_out
    return ("total", say(whole.sum())), ("mean", say(values.mean())), *spread_out


def _examples(sessions: SessionTable, values: pl.Series, rows: pl.Series) -> pl.DataFrame:
    found = sessions.framed(sessions.cut[rows])
    actor = found.columns[1 : 1 + len(sessions.events.columns.actor)]
    value = decoded(values.gather(rows).alias("value").to_frame(), {})
    return found.select("session_id").hstack(value).hstack(found.select(*actor, "start", "duration"))

"""No cliffs: logs of other shapes than the even one, of as many events, in the same questions.

`test_inactivity[even]` and its sisters are what the others are held against.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import polars as pl
import pytest

import explorer
from explorer.crossfilter.selections.selection import Range, Selection
from explorer.engine.local.coded.coding import coded_of
from explorer.engine.local.engine import LocalEngine
from tests.bench.conftest import EVENTS, made_up
from tests.bench.measuring import NOTHING_KEPT, Measured, define, fresh

FEW = 200
# A log of 200 columns is made of a tenth of the events: what is measured reads few of them.
WIDE = max(1, EVENTS // 10)


def even() -> pl.DataFrame:
    """Sessions of about ten events, five sessions of each actor."""
    return made_up(EVENTS)


def one_has_half() -> pl.DataFrame:
    """One actor has every second event."""
    who = pl.when(pl.int_range(pl.len()) % 2 == 0).then(pl.lit("u0")).otherwise("user")
    return made_up(EVENTS).with_columns(who.alias("user"))


def one_event_each() -> pl.DataFrame:
    """As many actors as there are events."""
    return made_up(EVENTS).with_columns(pl.format("u{}", pl.int_range(pl.len())).alias("user"))


def two_thousand_events() -> pl.DataFrame:
    """2,000 distinct events, a few of them frequent."""
    kinds = np.random.default_rng(1).zipf(1.3, EVENTS * 2) % 2_000
    events = made_up(EVENTS)
    return events.with_columns(pl.format("event {}", pl.Series(kinds[: events.height])).alias("event"))


def columns(frame: pl.DataFrame, many: int) -> pl.DataFrame:
    """With so many more columns, every second of them texts."""
    numbers = [(pl.col("amount") + at).alias(f"n{at}") for at in range(many // 2)]
    return frame.with_columns(*numbers, *(pl.col("page").alias(f"t{at}") for at in range(many // 2)))


SHAPES: dict[str, Callable[[], pl.DataFrame]] = {
    "even": even,
    "one actor has half": one_has_half,
    "one event each": one_event_each,
    "2,000 distinct events": two_thousand_events,
    "a tenth of the events": partial(made_up, WIDE),
    "a tenth, 200 columns": lambda: columns(made_up(WIDE), FEW),
}


@pytest.fixture(scope="module", params=list(SHAPES))
def log(request: pytest.FixtureRequest) -> LocalEngine:
    return explorer.connect(SHAPES[request.param](), actor="user", time="ts", event="event")


@pytest.mark.benchmark(group="shapes: new inactivity")
def test_shape_inactivity(measured: Measured, log: LocalEngine):
    assert measured(lambda: log.table(define()), "cut").height


@pytest.mark.benchmark(group="shapes: all that charts need")
def test_shape_picture(measured: Measured, log: LocalEngine):
    assert measured(lambda: coded_of(log.session_table(define())), "cut")


@pytest.mark.benchmark(group="shapes: filter and cut again")
def test_shape_filter(measured: Measured, log: LocalEngine):
    assert measured(lambda: log.table(define(where=f"platform != 'ios' AND amount > {next(fresh)}e-6")), "where").height


@pytest.mark.benchmark(group="shapes: one more metric")
def test_shape_metric(measured: Measured, log: LocalEngine):
    definition = define()
    log.table(definition)

    def work() -> pl.DataFrame:
        asked = explorer.Metric("m", "n_unique", column="event", where=f"amount > {next(fresh)}e-6")
        return log.table(definition.replace(metrics=(asked,)))

    assert measured(work, "metric").height


@pytest.mark.benchmark(group="shapes: a brush comes to rest")
def test_shape_brush(measured: Measured, log: LocalEngine):
    drawn = coded_of(log.session_table(define()))

    def work() -> object:
        selection = Selection().with_("duration", Range(next(fresh), 600_000_000, "duration"))
        return drawn.crossfilter.counts(selection), drawn.numbers(selection)

    assert measured(work, NOTHING_KEPT)


@pytest.mark.benchmark(group="shapes: events inside")
def test_shape_following(measured: Measured, log: LocalEngine):
    definition = define()
    drawn = coded_of(log.session_table(definition))

    def work() -> object:
        selection = Selection().with_("duration", Range(next(fresh), 600_000_000, "duration"))
        return drawn.following("event", selection)

    assert measured(work, NOTHING_KEPT)

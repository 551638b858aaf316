"""What the view of what happens inside sessions shows, as numbers: for a worker thread."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

import numpy as np

from explorer.crossfilter.bins.bins import Mask
from explorer.crossfilter.bins.categories import Categories
from explorer.crossfilter.bins.funnel_steps import StepBins
from explorer.crossfilter.cards import time_brushed
from explorer.crossfilter.cube import Counts
from explorer.crossfilter.selections.path_names import is_path_step
from explorer.crossfilter.selections.selection import Brush, Selection
from explorer.engine.answers.sequences.inside import (
    FEW_FOLLOWING,
    LABELS,
    Following,
    FunnelCounts,
    FunnelGroups,
    FunnelTrend,
)
from explorer.engine.answers.sequences.paths import Paths
from explorer.engine.coded import Coded
from explorer.engine.engine import Engine
from explorer.errors import SpecError
from explorer.plan.literal import type_word
from explorer.spec.charts.chart import Chart
from explorer.spec.charts.sequences.steps import Steps

T = TypeVar("T")
NOTHING = Selection()


@dataclass(frozen=True)
class Options:
    """What is asked: the column of events, and how many values are told apart in what comes next."""

    column: str = ""
    top: int = FEW_FOLLOWING


@dataclass(frozen=True)
class Counted:
    """Of how many sessions numbers are, of how many all in all, and whether a brush of their own is left out; across
    sessions they are of `actors`."""

    sessions: int
    all: int
    own: bool = False
    actors: bool = False

    @property
    def noun(self) -> str:
        """One of them."""
        return "actor" if self.actors else "session"


@dataclass(frozen=True)
class Ends:
    """How sessions begin or end: sessions per bin, of those counted and of all, and which bins are brushed.

    `others` are the values in the bin of the others.
    """

    name: str
    labels: tuple[str, ...]
    counts: Counts
    totals: Counts
    brushed: Mask
    of: Counted
    problem: str = ""
    others: int = 0


@dataclass(frozen=True)
class Passed:
    """A funnel of the sessions counted, and of all; `brush` are the first and last number of steps held, if any."""

    chart: Chart
    now: FunnelCounts
    all: FunnelCounts
    of: Counted
    brush: tuple[int, int] | None
    can_brush: bool
    sides: Sides | None = None
    trend: Trend | None = None

    @property
    def steps(self) -> Steps:
        """The steps, with what attempts at them keep to."""
        return self.chart.funnel


@dataclass(frozen=True)
class Sides:
    """The funnel of each value of a dimension, of the sessions counted and of all; `brush` is what is held of it."""

    now: FunnelGroups
    all: FunnelGroups
    of: Counted
    brush: Brush | None
    can_brush: bool


@dataclass(frozen=True)
class Trend:
    """The funnel over time, of the sessions counted and of all; `brush` is what is held of when they start."""

    now: FunnelTrend
    all: FunnelTrend
    of: Counted
    brush: Brush | None
    can_brush: bool


@dataclass(frozen=True)
class Walks:
    """The paths of the sessions counted, of those among them that their own brushes hold, if any, and of all."""

    chart: Chart
    now: Paths
    held: Paths | None
    all: Paths
    of: Counted


@dataclass(frozen=True)
class Found:
    """All that is shown. Pairs are of the selected sessions and of all; of each chart of paths and each funnel by its
    name what was found, or why there is nothing. `kinds` are the values of the column, and `events` those of the
    event column, with the number of events of each."""

    options: Options
    of: Counted
    first: Ends | None = None
    last: Ends | None = None
    after: tuple[Following, Following] | None = None
    paths: Mapping[str, Walks | str] = field(default_factory=dict)
    funnels: Mapping[str, Passed | str] = field(default_factory=dict)
    kinds: tuple[tuple[str, int], ...] = ()
    events: tuple[tuple[str, int], ...] = ()


def find(
    coded: Coded, selection: Selection, options: Options, asked: Mapping[str, Chart], paths: Mapping[str, Chart]
) -> Found:
    """Everything, of the sessions that a selection holds; raises SpecError at `column`."""
    selection = coded.holding(selection)
    funnels = {name: _or_why(partial(_passed, coded, selection, name, chart)) for name, chart in asked.items()}
    walks = {name: _or_why(partial(_walks, coded, selection, name, chart)) for name, chart in paths.items()}
    of = _counted(coded, selection)
    if not options.column:
        return Found(options, of, paths=walks, funnels=funnels)
    column = options.column
    every = coded.following(column, NOTHING, options.top)
    after = every, every
    if selection:
        after = coded.following(column, selection, options.top), every
    return Found(
        options,
        of,
        _ends(coded, selection, f"first {column}"),
        _ends(coded, selection, f"last {column}"),
        after,
        walks,
        funnels,
    )


def _or_why(ask: Callable[[], T]) -> T | str:
    """What is found, or why there is nothing."""
    try:
        return ask()
    except SpecError as error:
        return str(error)


def without_path(selection: Selection, name: str) -> Selection:
    """The brushes of all but the steps of some paths."""
    for each in own_steps(selection, name):
        selection = selection.with_(each, None)
    return selection


def own_steps(selection: Selection, name: str) -> list[str]:
    """The steps of some paths that are brushed."""
    return [each for each in selection if is_path_step(each) and each.rpartition(" step ")[0] == name]


def _walks(coded: Coded, selection: Selection, name: str, chart: Chart) -> Walks:
    others = without_path(selection, name)
    every = coded.paths(chart.route, NOTHING)
    now = coded.paths(chart.route, others) if others else every
    own = others != selection
    held = coded.paths(chart.route, selection) if own else None
    return Walks(chart, now, held, every, _counted(coded, others, own))


def label_columns(engine: Engine) -> list[str]:
    """The columns of events that these can be told apart by: of texts, then of numbers and truth values."""
    roles = (*engine.columns.actor, engine.columns.time)
    kinds = {name: type_word(dtype) for name, dtype in engine.schema.items() if name not in roles}
    return sorted((name for name, kind in kinds.items() if kind in LABELS), key=lambda name: kinds[name] != LABELS[0])


def _counted(coded: Coded, selection: Selection, own: bool = False, actors: bool = False) -> Counted:
    if actors:
        return Counted(coded.n_actors(selection), coded.n_actors(NOTHING), own, actors)
    return Counted(coded.n_sessions(selection), coded.total, own)


def _ends(coded: Coded, selection: Selection, name: str) -> Ends | None:
    """None while the dimension is not drawn yet."""
    dimension = coded.dimensions.get(name)
    if dimension is None:
        return None
    if coded.definition.metric(name) is not None:
        none, why = np.zeros(0, np.int64), f"A metric is called '{name}'. Give it another name to see this."
        return Ends(name, (), none, none, none.astype(bool), _counted(coded, NOTHING), why)
    bins, brush, totals = dimension.bins, selection.get(name), coded.totals()[name]
    brushed = bins.touched(brush) if brush else np.zeros(len(bins), dtype=bool)
    of = _counted(coded, selection.with_(name, None), brush is not None)
    others = bins.others if isinstance(bins, Categories) else 0
    return Ends(name, bins.labels, coded.counts(selection, [name])[name], totals, brushed, of, others=others)


def without_own(selection: Selection, name: str, dimension: str, part: str, time: str = "start") -> Selection:
    """The brushes under which a part of a funnel is counted: those of others. Parts are `steps`, `sides` and `trend`;
    `dimension` is what the funnel stands side by side for, `time` what its steps of time brush."""
    own = {"steps": (name,), "sides": (name, dimension), "trend": (name, dimension, time)}[part]
    for each in own:
        selection = selection.with_(each, None)
    return selection


def _passed(coded: Coded, selection: Selection, name: str, chart: Chart) -> Passed:
    steps = chart.funnel
    drawn = coded.dimensions.get(name)
    can_brush = drawn is not None and isinstance(drawn.bins, StepBins) and len(drawn.bins) == len(steps) + 1
    brush, span = selection.get(name) if can_brush else None, None
    if brush is not None and drawn is not None:
        held = np.flatnonzero(drawn.bins.touched(brush))
        if len(held) and len(held) == held[-1] - held[0] + 1:  # in one piece
            span = int(held[0]), int(held[-1])
    others = selection.with_(name, None) if can_brush else selection
    every = coded.funnel(steps, NOTHING)
    now = coded.funnel(steps, others) if others else every
    sides = _sides(coded, others, chart) if chart.by else None
    trend = _trend(coded, others, chart, sides) if chart.every else None
    return Passed(
        chart, now, every, _counted(coded, others, brush is not None, chart.across), span, can_brush, sides, trend
    )


def _trend(coded: Coded, selection: Selection, chart: Chart, sides: Sides | None) -> Trend:
    """Whatever is brushed of the time, and of the values that have a line each, all of it is counted."""
    time = time_brushed(chart)
    brush = selection.get(time)
    others = selection.with_(time, None)
    others = others if sides is None else others.with_(sides.now.dimension, None)
    every = coded.funnel_trend(chart, NOTHING)
    now = coded.funnel_trend(chart, others) if others else every
    return Trend(now, every, _counted(coded, others, brush is not None, chart.across), brush, time in coded.dimensions)


def _sides(coded: Coded, selection: Selection, chart: Chart) -> Sides:
    """Whatever is brushed of the dimension itself, all of its values are counted."""
    every = coded.funnel_groups(chart, NOTHING)
    brush = selection.get(every.dimension)
    others = selection.with_(every.dimension, None)
    now = coded.funnel_groups(chart, others) if others else every
    can_brush = coded.bins(every.dimension) is not None
    return Sides(now, every, _counted(coded, others, brush is not None, chart.across), brush, can_brush)

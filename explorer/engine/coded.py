"""Coded: the sessions of one definition in bins, asked under a selection."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

import polars as pl

from explorer.crossfilter.counting import Counting
from explorer.crossfilter.cube import Counts
from explorer.crossfilter.measured import Followed
from explorer.crossfilter.numbers import Numbers, TablePage
from explorer.crossfilter.selections.selection import Selection
from explorer.engine.answers.actors import Concentration, RankedPage, Ranking, Value
from explorer.engine.answers.batches import Batches, What
from explorer.engine.answers.codes import Codes
from explorer.engine.answers.different import Different
from explorer.engine.answers.retention import Retention
from explorer.engine.answers.sequences.inside import FEW_FOLLOWING, Following, FunnelCounts, FunnelGroups, FunnelTrend
from explorer.engine.answers.sequences.paths import FEW_WHOLE, Paths
from explorer.engine.answers.trial import MetricNumbers
from explorer.errors import SpecError
from explorer.spec.charts.chart import Chart
from explorer.spec.charts.sequences.route import Route
from explorer.spec.charts.sequences.steps import Steps
from explorer.spec.session import SessionDefinition

# The column that sessions are sorted by, and whether the greatest come first; "" is by actor and start.
Order = tuple[str, bool]
UNSORTED: Order = ("", False)


class Coded(Counting, Protocol):
    """The sessions that a definition shows, in the bins of some dimensions; whatever is asked of some of them names
    these by a selection. Every question may take a while and raise SpecError or EngineError; what is a property, and
    the totals, was found when the sessions were coded and is there at once."""

    @property
    def definition(self) -> SessionDefinition:
        """What the sessions are cut by."""
        ...

    @property
    def problems(self) -> Mapping[str, SpecError]:
        """Why dimensions that were asked for are not there."""
        ...

    @property
    def schema(self) -> Mapping[str, pl.DataType]:
        """The columns of the sessions and their types: what every definition brings, and the metrics."""
        ...

    @property
    def total(self) -> int:
        """How many sessions there are."""
        ...

    @property
    def valued(self) -> Mapping[str, int]:
        """In how many sessions each metric has a value."""
        ...

    @property
    def truncated(self) -> int:
        """How many sessions the source may not hold all of."""
        ...

    def numbers(self, selection: Selection) -> Numbers:
        """The key numbers of the selected sessions; time in session is over all sessions of their actors."""
        ...

    def through_time(self) -> Mapping[str, Sequence[float | None]]:
        """Fields of `Numbers` for all sessions that start in each bin of time, in order; nothing where starts are in no
        bins."""
        ...

    def metric(self, name: str, selection: Selection) -> MetricNumbers:
        """What a metric of the definition comes to in the selected sessions."""
        ...

    def page(self, selection: Selection, order: Order, part: slice, beside: Sequence[str] = ()) -> TablePage:
        """Some of the selected sessions in an order; a column that is not known sorts by actor and start. What sessions
        know `beside` their columns, such as gap_margin, stands behind these."""
        ...

    def place(self, session_id: str, selection: Selection, order: Order) -> int | None:
        """Where a session is among the selected ones in an order; None where it is none of them."""
        ...

    def foremost(self, n: int, selection: Selection) -> pl.DataFrame:
        """The `n` longest sessions and the `n` with most events, and those of a selection first, each once, as
        `sessions` gives them, with a column for the bin of each dimension, "@" and its name."""
        ...

    def batches(self, what: What, selection: Selection) -> Batches:
        """The selected sessions, their events, or the actors that have one of them (with the numbers of all their
        sessions), piece by piece."""
        ...

    def codes(self, most: int) -> Codes:
        """The bins of all sessions, of whole actors where they are more than `most`: what a report takes along."""
        ...

    def cells(self, across: str, down: str) -> Counts:
        """The sessions in each pair of bins of two dimensions, a row for each bin of `down`."""
        ...

    # ---- charts

    def groups(self, chart: Chart, selection: Selection) -> Followed:
        """The numbers of a chart over all sessions and over the selected ones."""
        ...

    def query(self, chart: Chart, selection: Selection) -> pl.DataFrame:
        """The numbers of a chart over the selected sessions, as `Engine.query` gives those of all."""
        ...

    def points(self, chart: Chart, selection: Selection) -> pl.DataFrame:
        """Each session that a chart shows as a point: session_id, its values, and whether it is selected."""
        ...

    def different(self, selection: Selection, against: Selection | None = None) -> Different:
        """What the selected sessions have more or less often than all others, or than those of another selection;
        what is in both counts as selected."""
        ...

    def retention(self, chart: Chart, selection: Selection) -> Retention:
        """Which share of the actors who have a selected session comes back, with all of their sessions."""
        ...

    # ---- inside sessions

    def following(self, column: str, selection: Selection, top: int = FEW_FOLLOWING) -> Following:
        """Which value of a column of events comes right after which in the selected sessions; the `top` values with
        most events in all sessions are told apart, at most MOST_FOLLOWING."""
        ...

    def paths(self, route: Route, selection: Selection, most: int = FEW_WHOLE) -> Paths:
        """The steps of the selected sessions on a route; at each the values are told apart that most of all sessions
        have. So many of the most frequent whole paths are named."""
        ...

    def funnel(self, steps: Steps, selection: Selection) -> FunnelCounts:
        """How far the selected sessions get through some steps."""
        ...

    def funnel_groups(self, chart: Chart, selection: Selection) -> FunnelGroups:
        """The same for each value of the dimension of a funnel, of which the values are those of all sessions."""
        ...

    def funnel_trend(self, chart: Chart, selection: Selection) -> FunnelTrend:
        """How a funnel over time goes for the selected sessions; its steps of time are those of all."""
        ...

    # ---- actors

    def shares(self, selection: Selection) -> Concentration:
        """How the time in the selected sessions is shared out among their actors."""
        ...

    def ranking(self, asked: Ranking, selection: Selection) -> RankedPage:
        """A page of the actors of the selected sessions, in an order."""
        ...

    def by_property(self, name: str, selection: Selection) -> Sequence[Value]:
        """The actors of the selected sessions by a property of theirs, a column of events."""
        ...

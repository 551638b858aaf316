"""The sessions of one definition, binned and ready to be brushed, and the numbers that describe a selection."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial

import numpy as np
import numpy.typing as npt
import polars as pl

from explorer.crossfilter.bins.binning import DIMENSIONS, Binning, Dimensions
from explorer.crossfilter.bins.bins import Mask
from explorer.crossfilter.cube import Crossfilter
from explorer.crossfilter.measured import Held
from explorer.crossfilter.numbers import Numbers, numbers_of
from explorer.crossfilter.selections.selection import Range, Selection
from explorer.engine.local.coded.dimensions import actor_starts, dimension
from explorer.engine.local.coded.multivalued import is_of_several, several
from explorer.engine.local.cut import keys
from explorer.engine.local.session_table import SessionTable
from explorer.errors import SpecError
from explorer.spec.charts.dimension import Dimension
from explorer.spec.expression.clause import columns, parse_value
from explorer.spec.needed import actors_asked, measured_by
from explorer.spec.session import SessionDefinition


@dataclass(frozen=True, eq=False)
class Picture:
    """One definition's sessions as columns of numbers; rows are those of the engine's table.

    `problems` says why a dimension that was asked for is not there.
    """

    definition: SessionDefinition
    table: pl.DataFrame
    crossfilter: Crossfilter
    actor_starts: npt.NDArray[np.int64]
    time_in_session: npt.NDArray[np.int64]
    problems: Mapping[str, SpecError] = field(default_factory=dict)

    def rows(self, selection: Selection) -> pl.Series | None:
        """The places of the selected sessions in the table; None when all are."""
        mask = self.crossfilter.mask(selection)
        return None if mask is None else pl.Series(np.flatnonzero(mask))

    def held(self, selection: Selection) -> Held:
        """The same for charts that look at other times too."""
        start = self.crossfilter.holding(selection).get("start")
        brush = start if isinstance(start, Range) else None
        return Held(brush, lambda other: self.rows(selection.with_("start", other)))

    def ordered(self, selection: Selection, sort: str = "", descending: bool = False) -> pl.Series:
        """The same places, also when all are, sorted by a column of the table; an unknown one sorts by actor and
        start."""
        rows = self.rows(selection)
        rows = pl.int_range(self.table.height, eager=True) if rows is None else rows
        if sort in self.table.columns:
            keys = self.table[sort] if len(rows) == self.table.height else self.table[sort].gather(rows)
            return rows.gather(keys.arg_sort(descending=descending, nulls_last=True))
        return rows.reverse() if descending else rows

    def numbers(self, selection: Selection) -> Numbers:
        """The key numbers of the selected sessions; time in session is over all sessions of their actors."""
        mask = self.crossfilter.mask(selection)
        duration = _chosen(self.table["duration"].to_physical().to_numpy(), mask)
        events = _chosen(self.table["event_count"].to_numpy(), mask)
        total = self.time_in_session
        if mask is not None and len(total):
            total = total[np.logical_or.reduceat(mask, self.actor_starts)]
        return numbers_of(duration, events, total)


def picture(sessions: SessionTable, dimensions: Dimensions = DIMENSIONS) -> Picture:
    """Bin an engine's sessions by these dimensions, each as it is asked for.

    Each is remembered by what it reads, so that one more dimension, or another metric, bins only what is new.
    """
    table, definition = sessions.table, sessions.definition
    starts = actor_starts(table)
    duration = table["duration"].to_physical().to_numpy()
    total = np.add.reduceat(duration, starts) if len(starts) else duration
    found, others, problems = [], {}, {}
    for name, binning in dimensions.items():
        key = dimension_key(definition, name, binning)
        try:
            if is_of_several(sessions, name):
                make = partial(several, sessions, name, binning)
                others[name] = sessions.stages.get("several", key, make)
                continue
            found.append(sessions.stages.get("dimension", key, partial(dimension, sessions, name, binning)))
        except SpecError as problem:
            problems[name] = problem
    return Picture(definition, table, Crossfilter(found, starts, table.height, others), starts, total, problems)


def picture_key(definition: SessionDefinition, dimensions: Dimensions) -> keys.Key:
    """What a picture reads of a definition."""
    read = tuple(dimension_key(definition, name, binning) for name, binning in dimensions.items())
    return read or keys.shown_key(definition)


def dimension_key(definition: SessionDefinition, name: str, binning: Binning) -> keys.Key:
    """What one dimension reads of a definition: the sessions that are shown, and its own metrics.

    >>> visit = SessionDefinition("visit", "30m")
    >>> more = visit.replace(metrics=[{"name": "pages", "aggregate": "n_unique", "column": "page"}])
    >>> one, other = (dimension_key(each, "duration", Binning()) for each in (visit, more))
    >>> one == other
    True
    """
    names = [each.removeprefix(f"{definition.name}.") for each in (name, *_columns(Dimension.parse(name).column))]
    read = actors_asked(definition, names), measured_by(definition, names)
    return (*keys.shown_key(definition), names[0], *read, binning)


def _columns(text: str) -> tuple[str, ...]:
    """A column by its name, or those that an expression asks."""
    try:
        return (text, *columns(parse_value(text)))
    except SpecError:
        return (text,)


def _chosen(values: npt.NDArray[np.int64], mask: Mask | None) -> npt.NDArray[np.int64]:
    return values if mask is None else values[mask]

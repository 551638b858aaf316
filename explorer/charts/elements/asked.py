"""What a script asks: of which events, of which sessions, and the numbers of a chart of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import polars as pl

from explorer.crossfilter.bins.binning import AUTOMATIC
from explorer.crossfilter.measured import Followed
from explorer.crossfilter.selections.selection import Selection
from explorer.engine.coded import Coded
from explorer.engine.engine import Engine
from explorer.errors import SpecError, quoted
from explorer.spec.analysis import Analysis
from explorer.spec.charts.chart import Chart
from explorer.spec.duration import Duration
from explorer.spec.session import SessionDefinition


class Explored(Protocol):
    """What knows its events and its analysis, as the state of an explorer does."""

    @property
    def engine(self) -> Engine:
        """The events."""
        ...

    @property
    def analysis(self) -> Analysis:
        """The definitions, by their names."""
        ...


class Shown(Protocol):
    """What shows such a state: an explorer in a notebook."""

    state: Any


Log = Engine | Explored | Shown
Visit = SessionDefinition | str


@dataclass(frozen=True, eq=False)
class Asked:
    """A chart of the sessions that a selection holds; all of them where it holds nothing back."""

    engine: Engine
    chart: Chart
    coded: Coded
    selection: Selection

    @classmethod
    def of(cls, log: Log, visit: Visit, selection: str | Selection, kind: str, fields: Mapping[str, Any]) -> Asked:
        """Raises SpecError for what does not fit, EngineError for what the engine does not answer."""
        engine, definition = events_and_sessions(log, visit)
        held = Selection.from_text(selection) if isinstance(selection, str) else selection
        chart = Chart(kind, definition.name, **fields)
        coded = engine.cut(definition).coded(dict.fromkeys(held, AUTOMATIC))
        for name in held:
            if name in coded.problems:
                raise coded.problems[name]
            if name not in coded.holding(held):
                raise SpecError(f"'{name}' cannot be brushed by {held[name].to_text()}: it has other values.")
        return cls(engine, chart, coded, held)

    @property
    def followed(self) -> Followed:
        """Its numbers as a chart has them that follows the brushes."""
        return self.coded.groups(self.chart, self.selection)

    @property
    def frame(self) -> pl.DataFrame:
        """Its numbers as the engine answers a chart of that kind."""
        return self.coded.query(self.chart, self.selection)


def events_and_sessions(log: Log, visit: Visit) -> tuple[Engine, SessionDefinition]:
    """The events, and the definition of that name, or with only that inactivity; raises SpecError where there is none.

    >>> import polars as pl
    >>> from explorer import connect
    >>> log = connect(pl.DataFrame({"user": ["a", "a"], "ts": ["2024-03-01 10:00", "2024-03-01 10:05"]}))
    >>> events_and_sessions(log, "30m")[1].name
    'session'
    """
    explored: Any = getattr(log, "state", log)
    analysis: Analysis | None = getattr(explored, "analysis", None)
    engine: Engine = log if analysis is None else explored.engine.under(analysis)  # type: ignore[assignment]
    if isinstance(visit, SessionDefinition):
        return engine, visit
    known = {each.name: each for each in analysis.sessions} if analysis is not None else {}
    if visit in known:
        return engine, known[visit]
    try:
        inactivity = Duration.parse(visit)
    except SpecError:
        named = f"There is {' and '.join(map(quoted, known))}." if known else "Only an explorer knows them by name."
        raise SpecError(
            f"{quoted(visit)} is no session definition. {named} Give a SessionDefinition, or an inactivity such as 30m."
        ) from None
    return engine, SessionDefinition("session", inactivity)

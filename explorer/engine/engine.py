"""What the rest of the house may ask of an engine."""

from collections.abc import Mapping
from typing import Protocol

import polars as pl

from explorer.engine.local.cut.gaps import GapCurve
from explorer.events.quality import Quality
from explorer.spec.charts.chart import Chart
from explorer.spec.columns import Columns
from explorer.spec.expression.clause import Clause
from explorer.spec.session import SessionDefinition


class Engine(Protocol):
    """Plan and data in, Polars frames of one fixed schema out."""

    @property
    def columns(self) -> Columns: ...
    @property
    def schema(self) -> Mapping[str, pl.DataType]: ...
    @property
    def quality(self) -> Quality: ...
    def count(self, where: str | Clause | None = None) -> int: ...
    def sessions(self, definition: SessionDefinition) -> pl.DataFrame: ...
    def actors(self, definition: SessionDefinition) -> pl.DataFrame: ...
    def events(
        self, definition: SessionDefinition, where: str | Clause | None = None, page: slice | None = None
    ) -> pl.DataFrame: ...
    def query(self, chart: Chart, definition: SessionDefinition) -> pl.DataFrame: ...
    def gap_curve(self, definition: SessionDefinition) -> GapCurve: ...

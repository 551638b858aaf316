"""What is read of an engine in order to read its source once more."""

from collections.abc import Mapping
from typing import Any, Protocol

import polars as pl

from explorer.engine.local.cut.stages import Stages
from explorer.events.quality.quality import Quality
from explorer.spec.columns import Columns


class SourceReader(Protocol):
    """A source, how it was read, and where results are remembered."""

    source: Any

    @property
    def columns(self) -> Columns: ...
    @property
    def schema(self) -> Mapping[str, pl.DataType]: ...
    @property
    def quality(self) -> Quality: ...
    @property
    def stages(self) -> Stages: ...

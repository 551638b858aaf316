"""The documents of the gallery on every engine: their sessions, actors and charts are those of the local one."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import polars as pl
import pytest

from explorer.crossfilter.cards import dimensions
from explorer.engine.engine import Engine
from explorer.errors import located
from explorer.spec.analysis import Analysis
from tests.engines.equal import answered, same
from tests.engines.making import ENGINES, Connect
from tests.factories import GALLERY, made


@pytest.fixture(scope="module", params=[name for name in ENGINES if name != "local"])
def other(request: pytest.FixtureRequest) -> Connect:
    """What makes an engine that is not the local one."""
    return ENGINES[request.param]


@pytest.fixture(scope="module")
def frame() -> pl.DataFrame:
    """Events that say their order, for databases that keep none, at times that know their zone."""
    found = made().with_row_index("row").with_columns(pl.col("row").cast(pl.Int64))
    return found.with_columns(pl.col("ts").dt.replace_time_zone("UTC"))


def of(connect: Connect, frame: pl.DataFrame, analysis: Analysis) -> Engine:
    """The events as a document reads them, but for how a file is read: a table has types and says its order."""
    its = analysis.columns
    derived = its.plain().get("derived")
    roles = {"actor": list(its.actor), "time": its.time, "event": its.event, "order": [*its.order, "row"]}
    engine = connect(frame, **roles, time_zone=its.time_zone, derived=derived)
    return engine.under(analysis.replace(columns=engine.columns))


@pytest.mark.parametrize("path", GALLERY, ids=lambda path: path.stem)
def test_a_document(other: Connect, frame: pl.DataFrame, path: Path) -> None:
    analysis = Analysis.from_yaml(path.read_text(encoding="utf-8"))
    local, remote = (of(connect, frame, analysis) for connect in (ENGINES["local"], other))
    for definition in analysis.sessions:
        with located(definition.name):
            assert local.sessions(definition).height > 3
            same(local.sessions(definition), remote.sessions(definition))
            same(local.actors(definition), remote.actors(definition))
        charts = [chart for chart in analysis.charts if chart.session == definition.name]
        for chart in charts:
            same(*(answered(partial(engine.query, chart, definition)) for engine in (local, remote)))
        one, its = (engine.cut(definition).coded(dimensions(charts, "user")) for engine in (local, remote))
        same(dict(one.totals()), dict(its.totals()))
        assert {name: str(why) for name, why in one.problems.items()} == {k: str(w) for k, w in its.problems.items()}

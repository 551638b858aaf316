"""Session Explorer: cut any event log into sessions when it is read, and measure them."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from explorer.engine.connect import connect
from explorer.errors import EngineError, ExplorerError, SourceError, SpecError
from explorer.exports.files import export
from explorer.frames import register
from explorer.spec.analysis import Analysis
from explorer.spec.charts.chart import Chart, Measure
from explorer.spec.cohort import Cohort
from explorer.spec.columns import Columns
from explorer.spec.duration import Duration
from explorer.spec.metric import ActorMetric, Metric, Scope
from explorer.spec.session import SessionDefinition

if TYPE_CHECKING:
    from explorer import charts as charts

register()

__all__ = [
    "ActorMetric",
    "Analysis",
    "Chart",
    "Cohort",
    "Columns",
    "Duration",
    "EngineError",
    "ExplorerError",
    "Measure",
    "Metric",
    "Scope",
    "SessionDefinition",
    "SourceError",
    "SpecError",
    "connect",
    "export",
]


def __getattr__(name: str) -> Any:
    """`explorer.charts` is imported when somebody asks for it: what draws takes a while."""
    if name == "charts":
        return import_module("explorer.charts")
    raise AttributeError(f"module 'explorer' has no attribute {name!r}")

"""Session Explorer: cut any event log into sessions when it is read, and measure them."""

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

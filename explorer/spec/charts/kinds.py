"""All kinds of charts, in the order of the form's "Show as"."""

from explorer.spec.charts.area import Area
from explorer.spec.charts.bar import Bar
from explorer.spec.charts.distribution import Distribution
from explorer.spec.charts.fields import ChartFields
from explorer.spec.charts.funnel import Funnel
from explorer.spec.charts.heatmap import Heatmap
from explorer.spec.charts.kind import ChartKind
from explorer.spec.charts.line import Line
from explorer.spec.charts.number import Number
from explorer.spec.charts.paths import Paths
from explorer.spec.charts.scatter import Scatter
from explorer.spec.charts.table import Table
from explorer.spec.charts.views.returning import Return

ALL: tuple[ChartKind, ...] = (
    Distribution(), Bar(), Line(), Area(), Heatmap(), Scatter(), Number(), Table(), Funnel(), Return(), Paths()
)  # fmt: skip
KINDS: dict[str, ChartKind] = {kind.name: kind for kind in ALL}


def kind_of(chart: ChartFields) -> ChartKind:
    """The kind of a chart.

    >>> from explorer.spec.charts.chart import Chart
    >>> kind_of(Chart("line", "visit")).label
    'Line over time'
    """
    return KINDS[chart.kind]

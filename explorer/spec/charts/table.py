"""Groups as rows."""

from explorer.spec.charts.fields import ChartFields
from explorer.spec.charts.kind import Changes, ChartKind, Offers, grouped


class Table(ChartKind):
    """A measure for each group, as a table."""

    name, label, offer = "table", "Table", "A table"
    begins = {"by": ("started_by",)}
    form = ("measure", "every or none", "over", "previous", "split", "and split")
    shown_as = "table"

    def goes_over_time(self, chart: ChartFields) -> bool:
        """Where it has steps."""
        return bool(chart.every)

    def becoming(self, chart: ChartFields, offers: Offers) -> Changes:
        """Its rows are the groups that there were."""
        return super().becoming(chart, offers) | {"by": grouped(chart)}

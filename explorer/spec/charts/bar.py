"""A measure for each value of a dimension."""

from explorer.spec.charts.fields import ChartFields
from explorer.spec.charts.kind import Changes, ChartKind, Offers, grouped


class Bar(ChartKind):
    """Bars, one for each group."""

    name, label, offer = "bar", "Bars", "Bars"
    begins = {"by": ("started_by",)}
    form = ("measure", "by")

    def counted(self, chart: ChartFields) -> str:
        """Bars that count sessions are brushed."""
        return chart.by[0] if len(chart.by) == 1 else ""

    def axes(self, chart: ChartFields) -> tuple[str, ...]:
        """Its groups."""
        return chart.by

    def takes_many(self, chart: ChartFields) -> bool:
        """A session stands in the bar of each of its values."""
        return len(chart.by) == 1

    def becoming(self, chart: ChartFields, offers: Offers) -> Changes:
        """Its bars are the first groups that there were."""
        return super().becoming(chart, offers) | {"by": grouped(chart)[:1] or (offers.dimensions[0],)}

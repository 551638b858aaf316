"""A measure for each pair of values."""

from explorer.spec.charts.fields import ChartFields
from explorer.spec.charts.kind import Changes, ChartKind, Offers


class Heatmap(ChartKind):
    """Cells of two dimensions, the stronger their colour the higher their value."""

    name, label, offer = "heatmap", "Heat map", "A heat map"
    begins = {"by": ("hour of start", "weekday of start")}
    form = ("measure", "by", "and by")
    counts_pairs = True

    def axes(self, chart: ChartFields) -> tuple[str, ...]:
        """Across and down."""
        return chart.by

    def becoming(self, chart: ChartFields, offers: Offers) -> Changes:
        """Of two groups, or of the hours of the week."""
        by = chart.by if len(chart.by) == 2 else self.begins["by"]
        return super().becoming(chart, offers) | {"by": by}

"""One number."""

from explorer.spec.charts.fields import ChartFields
from explorer.spec.charts.kind import Changes, ChartKind, Offers


class Number(ChartKind):
    """A measure over all sessions."""

    name, label, offer = "number", "Number", "A number"
    begins = {"measure": "median duration"}
    shown_as = "number"

    def becoming(self, chart: ChartFields, offers: Offers) -> Changes:
        """It has no groups."""
        return super().becoming(chart, offers) | {"by": ()}

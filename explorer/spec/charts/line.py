"""A measure from step to step of time."""

from explorer.spec.charts.fields import ChartFields
from explorer.spec.charts.kind import Changes, ChartKind, Offers, Words, through_time


class Line(ChartKind):
    """Lines over time, one for each value of a dimension."""

    name, label, offer = "line", "Line over time", "A line over time"
    begins = {"every": "1d"}
    form = ("measure", "every", "over", "previous", "split")
    over_time = True

    def counted(self, chart: ChartFields) -> str:
        """One line of sessions is brushed step by step."""
        return "" if chart.by else "start"

    def question(self, chart: ChartFields, say: Words) -> str:
        """How it goes from step to step."""
        said = f"How does the {say.what} go from {say.step} to {say.step}{f', for each {say.by}' if say.by else ''}?"
        return f"{said} By session start, {say.zone}"

    def becoming(self, chart: ChartFields, offers: Offers) -> Changes:
        """What named groups there were become lines."""
        by = chart.by[:1] if chart.kind in ("bar", "heatmap", "table", "area") else ()
        return super().becoming(chart, offers) | {"by": by, "every": chart.every or "1d"} | through_time(chart)

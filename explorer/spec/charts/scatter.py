"""How two values of sessions go together."""

from explorer.spec.charts.fields import ChartFields
from explorer.spec.charts.kind import Changes, ChartKind, Offers, Words, grouped


class Scatter(ChartKind):
    """Each session as a point; where they are too many, counted in cells."""

    name, label, offer = "scatter", "Scatter", "A scatter of two columns"
    begins = {"by": ("duration", "event_count")}
    form = ("across", "up")
    each_session = True
    counts_pairs = True

    def axes(self, chart: ChartFields) -> tuple[str, ...]:
        """Across and up."""
        return chart.by

    def question(self, chart: ChartFields, say: Words) -> str:
        """How both go together."""
        if len(chart.by) != 2:
            return super().question(chart, say)
        return f"How do {chart.by[0]} and {chart.by[1]} of sessions{say.where} go together?"

    def becoming(self, chart: ChartFields, offers: Offers) -> Changes:
        """Of two numbers, those first that were there."""
        chosen = [name for name in (*grouped(chart), chart.measure.of) if name in offers.numbers]
        return {"by": tuple([*dict.fromkeys([*chosen, *offers.numbers])][:2])}

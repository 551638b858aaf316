"""How often which values are."""

from explorer.errors import SpecError, located
from explorer.spec.charts.fields import ChartFields
from explorer.spec.charts.kind import Changes, ChartKind, Offers, Words, grouped


class Distribution(ChartKind):
    """A histogram of a column of sessions, or of a value of actors."""

    name, label = "distribution", "Distribution"
    form = ("of", "scale", "bin", "cumulative")
    along = "of"

    def check(self, chart: ChartFields) -> None:
        """It says of what."""
        super().check(chart)
        with located("of"):
            if not chart.of:
                raise SpecError("A distribution says of what, such as duration.")

    def counted(self, chart: ChartFields) -> str:
        """Its bins are brushed."""
        return "" if chart.by else chart.of or ""

    def axes(self, chart: ChartFields) -> tuple[str, ...]:
        """What it is of."""
        return (chart.of or "",)

    def about(self, chart: ChartFields) -> str:
        """What it is of."""
        return f"{self.name} of {chart.of}"

    def question(self, chart: ChartFields, say: Words) -> str:
        """How many have which value."""
        return f"How many sessions{say.where} have which {chart.of}?"

    def becoming(self, chart: ChartFields, offers: Offers) -> Changes:
        """Of what was measured, or grouped by."""
        return {"of": chart.of or chart.measure.of or next(iter(grouped(chart)), offers.dimensions[0])}

"""How named groups add up, from step to step of time."""

from explorer.errors import SpecError, located
from explorer.spec.charts.fields import ChartFields
from explorer.spec.charts.kind import Changes, ChartKind, Offers, Words, grouped, through_time

ADDS_UP = ("count", "sum", "share")


class Area(ChartKind):
    """Areas on top of each other over time, one for each value of a dimension."""

    name, label, offer = "area", "Stacked areas", "Stacked areas over time"
    begins = {"every": "1d", "by": ("started_by",)}
    form = ("measure", "every", "over", "previous", "by")
    over_time = True

    def check(self, chart: ChartFields) -> None:
        """Areas have one dimension, and what they show adds up to the whole."""
        super().check(chart)
        with located("by"):
            if len(chart.by) != 1:
                raise SpecError("An area is by one dimension, such as by: platform. For no dimension say kind: line.")
            if chart.dimensions[0].place == "any":
                raise SpecError(
                    f"A session may have several values of '{chart.by[0]}', so its areas would not add up. "
                    f"Say first {chart.dimensions[0].column}, or kind: line."
                )
        with located("measure"):
            measure = chart.measure
            if measure.aggregate not in ADDS_UP or (measure.aggregate == "share" and measure.of):
                raise SpecError(f"'{measure}' does not add up over groups. Say count or a sum, or kind: line.")

    def question(self, chart: ChartFields, say: Words) -> str:
        """What each step is made of."""
        return f"What is the {say.what} made of by {say.by}, {say.step} by {say.step}? By session start, {say.zone}"

    def becoming(self, chart: ChartFields, offers: Offers) -> Changes:
        """What adds up stays; anything else becomes a count."""
        named = [name for name in grouped(chart) if name in offers.dimensions and name not in offers.numbers]
        by = named[:1] or ["started_by"]
        adds_up = chart.measure.aggregate in ("count", "sum")
        measure = chart.measure if adds_up else "count"
        found = {"measure": measure, "by": tuple(by), "top": chart.top, "every": chart.every or "1d"}
        return found | through_time(chart)

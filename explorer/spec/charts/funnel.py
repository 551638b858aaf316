"""How far sessions get through a list of steps."""

from explorer.errors import SpecError, located
from explorer.spec.charts.fields import ChartFields
from explorer.spec.charts.kind import ChartKind
from explorer.spec.charts.measure import COUNT

MOST_STEPS = 12
OTHERS = ("of", "by", "every", "top", "scale", "bin", "cumulative", "over", "previous")


class Funnel(ChartKind):
    """The sessions that have events matching `steps`, in this order; it stands in the view of what happens inside."""

    name, label = "funnel", "Funnel"
    has_card = False

    def check(self, chart: ChartFields) -> None:
        """It has steps, and what an attempt at them must keep to."""
        with located("steps"):
            if not chart.steps:
                raise SpecError("A funnel has at least one step, such as event = 'view'.")
            if len(chart.steps) > MOST_STEPS:
                raise SpecError(f"A funnel has at most {MOST_STEPS} steps, these are {len(chart.steps)}.")
        for name in OTHERS:
            if getattr(chart, name):
                with located(name):
                    raise SpecError("A funnel counts sessions by its steps alone. Leave it out.")
        with located("measure"):
            if chart.measure != COUNT:
                raise SpecError("A funnel counts sessions. Leave the measure out.")
        with located("without"):
            if chart.without is not None and chart.order == "strict":
                raise SpecError("In strict order no event lies between two steps at all. Leave without out.")

    def about(self, chart: ChartFields) -> str:
        """How many steps it has."""
        said = f"{self.name} of {len(chart.steps)} step{'s' if len(chart.steps) > 1 else ''}"
        order = {"strict": "in strict order", "any": "in any order"}.get(chart.order or "", "")
        within = f"within {chart.within}" if chart.within is not None else ""
        without = f"without {chart.without}" if chart.without is not None else ""
        return " ".join(part for part in (said, order, within, without) if part)

"""How far sessions get through a list of steps."""

from explorer.errors import SpecError, located
from explorer.spec.charts.fields import ChartFields
from explorer.spec.charts.kind import ChartKind
from explorer.spec.charts.measure import COUNT

MOST_STEPS = 12
OTHERS = ("of", "scale", "bin", "cumulative", "over", "previous")
# Of how many values a funnel stands side by side where nobody says so, and at most.
FEW_SIDES, MOST_SIDES = 5, 20


class Funnel(ChartKind):
    """The sessions with events matching `steps`, in this order, for each value of `by`; in the view Inside."""

    name, label = "funnel", "Funnel"
    has_card = False

    def check(self, chart: ChartFields) -> None:
        """It has steps, and what an attempt at them must keep to."""
        self.check_returns(chart)
        with located("steps"):
            if not chart.steps:
                raise SpecError("A funnel has at least one step, such as event = 'view'.")
            if len(chart.steps) > MOST_STEPS:
                raise SpecError(f"A funnel has at most {MOST_STEPS} steps, these are {len(chart.steps)}.")
        self.check_paths(chart)
        for name in OTHERS:
            if getattr(chart, name):
                with located(name):
                    raise SpecError("This is nothing that a funnel has. Leave it out.")
        with located("by"):
            if len(chart.by) > 1:
                raise SpecError("A funnel stands side by side for one dimension. Leave the others out.")
        with located("top"):
            if chart.top and not chart.by:
                raise SpecError("This funnel tells no values apart. Say by: first platform, or leave top out.")
            if (chart.top or 0) > MOST_SIDES:
                raise SpecError(f"A funnel stands side by side for at most {MOST_SIDES} values. Say a smaller number.")
        for name in ("within", "without", "order", "across"):
            with located(name):
                if chart.funnel.has_patterns and getattr(chart, name):
                    raise SpecError("With a pattern among its steps a funnel has none. Leave it out.")
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
        by = f"by {chart.by[0]}" if chart.by else ""
        across = "across sessions" if chart.across else ""
        every = f"every {chart.every}" if chart.every else ""
        return " ".join(part for part in (said, order, within, without, across, by, every) if part)

"""Which share of actors comes back."""

from explorer.errors import SpecError, located
from explorer.spec.charts.fields import ChartFields
from explorer.spec.charts.kind import ChartKind, Words
from explorer.spec.charts.measure import COUNT
from explorer.spec.charts.sequences.returns import RETURN_STEPS
from explorer.spec.document import check_choice

OTHERS = ("of", "scale", "bin", "cumulative", "over", "previous", "steps", "without", "order", "across")
# How many values of a dimension have a row each where nobody says so, and at most.
FEW_ROWS, MOST_ROWS = 10, 50
COUNTS = {"in": "exactly then", "later": "then or later", "times": "so many times"}


class Return(ChartKind):
    """The share of actors who come back, by when or how they came first; in the view Return."""

    name, label = "return", "Return"
    has_card = False

    def check(self, chart: ChartFields) -> None:
        """It has steps of the calendar, and at most one dimension."""
        for name in OTHERS:
            if getattr(chart, name):
                with located(name):
                    raise SpecError("This is nothing that a chart of who comes back has. Leave it out.")
        if chart.every is not None:
            check_choice(chart.every, RETURN_STEPS, "every")
        with located("by"):
            if len(chart.by) > 1:
                raise SpecError("Who comes back is told by one dimension of first sessions. Leave the others out.")
            if chart.by and chart.dimensions[0].place == "any":
                column = chart.dimensions[0].column
                raise SpecError(f"A session may have several values of '{chart.by[0]}'. Say first {column}.")
        with located("top"):
            if chart.top and not chart.by:
                raise SpecError("No values are told apart here. Say by: first platform, or leave top out.")
            if (chart.top or 0) > MOST_ROWS:
                raise SpecError(f"At most {MOST_ROWS} values have a row each. Say a smaller number.")
        with located("within"):
            if chart.within is not None and chart.returns != "times":
                raise SpecError("Steps of time end by themselves. Say returns: times, or leave within out.")
        with located("measure"):
            if chart.measure != COUNT:
                raise SpecError("It is actors that come back. Leave the measure out.")

    def about(self, chart: ChartFields) -> str:
        """How it counts."""
        by = f"by {chart.by[0]}" if chart.by else ""
        every = f"every {chart.every}" if chart.every else ""
        within = f"within {chart.within}" if chart.within is not None else ""
        counted = COUNTS[chart.returns] if chart.returns else ""
        return " ".join(part for part in (self.name, counted, every, within, by) if part)

    def question(self, chart: ChartFields, say: Words) -> str:
        """What it asks, as a sentence."""
        of = f" by {say.by} of their first session" if say.by else ""
        return f"Which share of actors comes back{of}?"

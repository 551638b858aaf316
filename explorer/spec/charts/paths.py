"""The ways that sessions take from an event on, or up to it."""

from explorer.errors import SpecError, located
from explorer.spec.charts.fields import ChartFields
from explorer.spec.charts.kind import OF_STEPS, ChartKind
from explorer.spec.charts.measure import COUNT
from explorer.spec.charts.sequences.route import FEWEST_STEPS, MOST_STEPS, MOST_VALUES

OTHERS = ("by", "every", "scale", "bin", "cumulative", "blanks", "over", "previous", "steps", *OF_STEPS)


class Paths(ChartKind):
    """The steps of sessions from an event on or back from it, told apart by a column of events; in the view Inside."""

    name, label = "paths", "Paths"
    has_card = False

    def check(self, chart: ChartFields) -> None:
        """Steps that can be drawn, and nothing that paths do not have."""
        for name in OTHERS:
            if getattr(chart, name):
                with located(name):
                    raise SpecError("This is nothing that paths have. Leave it out.")
        with located("measure"):
            if chart.measure != COUNT:
                raise SpecError("Paths count sessions. Leave the measure out.")
        with located("length"):
            if chart.length is not None and not FEWEST_STEPS <= chart.length <= MOST_STEPS:
                raise SpecError(f"Paths have {FEWEST_STEPS} to {MOST_STEPS} steps, these have {chart.length}.")
        with located("top"):
            if (chart.top or 0) > MOST_VALUES:
                raise SpecError(f"At most {MOST_VALUES} values are told apart at a step. Say a smaller number.")
        with located("occurrence"):
            if chart.occurrence and chart.at is None:
                raise SpecError("Without a condition at, paths begin at the end of the session. Leave occurrence out.")

    def about(self, chart: ChartFields) -> str:
        """Where they begin and how far they go."""
        way = "back from" if chart.backward else "from"
        of = f" of events where {chart.where}" if chart.where is not None else ""
        return f"{self.name} {way} {chart.route.begins}, {chart.route.length} steps{of}"

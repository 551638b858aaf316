"""A kind of chart: everything that tells it from the others, but how it is drawn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from explorer.errors import SpecError, located
from explorer.spec.charts.fields import ChartFields

Changes = dict[str, Any]
# What only the steps of a funnel keep to.
OF_STEPS = ("within", "without", "order", "across")
# And what only paths say of where they go.
OF_PATHS = ("at", "occurrence", "backward", "length", "repeats")


@dataclass(frozen=True)
class Words:
    """The parts of a chart's question: its measure as people say it, its dimensions, its step and condition."""

    measure: str
    counts: bool
    by: str
    step: str
    where: str
    zone: str

    @property
    def what(self) -> str:
        """What is measured, of which sessions."""
        return f"number of sessions{self.where}" if self.counts else f"{self.measure} of sessions{self.where}"


@dataclass(frozen=True)
class Offers:
    """What a chart can be of: the names of dimensions, and of what can be measured."""

    dimensions: Sequence[str]
    numbers: Sequence[str]


class ChartKind:
    """One way of drawing sessions; a subclass says what is particular to it.

    A new kind is a file here, its row in `kinds.py`, and what draws it in `explorer/charts` and `explorer/report`.
    """

    name: ClassVar[str]
    """The word in documents."""
    label: ClassVar[str]
    """What the form calls it under "Show as"."""
    offer: ClassVar[str] = ""
    """How the menu "Add chart" offers a new one; empty where it does not."""
    begins: ClassVar[Mapping[str, Any]] = {}
    """The fields of a new one."""
    form: ClassVar[tuple[str, ...]] = ("measure",)
    """The rows of its form, after "Show as", by their names in `widgets/charts/chart_fields.py`."""
    shown_as: ClassVar[Literal["figure", "table", "number"]] = "figure"
    """Whether its card holds a figure, a table, or one number."""
    has_card: ClassVar[bool] = True
    """Whether it stands in the grid of charts."""
    over_time: ClassVar[bool] = False
    """Whether steps of time go across, also where the document names none."""
    along: ClassVar[Literal["of", "by"]] = "by"
    """The field that names what goes along its axes."""
    each_session: ClassVar[bool] = False
    """Whether every session is a mark of its own, as long as they are few."""
    counts_pairs: ClassVar[bool] = False
    """Whether the report counts its cells under the brushes."""

    def check(self, chart: ChartFields) -> None:
        """Refuse fields that do not fit; raises SpecError with the place."""
        with located("steps"):
            if chart.steps:
                raise SpecError(f"A {self.name} has no steps. Say kind: funnel.")
        for name in OF_STEPS:
            if getattr(chart, name) not in (None, False):
                with located(name):
                    raise SpecError(f"A {self.name} has no steps that this is about. Say kind: funnel.")
        self.check_returns(chart)
        self.check_paths(chart)
        self.check_time(chart)

    def check_returns(self, chart: ChartFields) -> None:
        """How actors come back is said of one kind alone; raises SpecError with the place."""
        with located("returns"):
            if chart.returns is not None:
                raise SpecError(f"A {self.name} does not say who comes back. Say kind: return.")

    def check_paths(self, chart: ChartFields) -> None:
        """Refuse what only paths have; raises SpecError with the place."""
        for name in OF_PATHS:
            if getattr(chart, name):
                with located(name):
                    raise SpecError(f"A {self.name} has no paths that this is about. Say kind: paths.")

    def check_time(self, chart: ChartFields) -> None:
        """Windows and a period before need steps of time; raises SpecError with the place."""
        for name, what in (("over", "no window slides over it"), ("previous", "nothing lies before it")):
            if getattr(chart, name) and not self.goes_over_time(chart):
                instead = "Say every: 1d" if "every or none" in self.form else "Say kind: line"
                with located(name):
                    raise SpecError(f"This {self.name} is not over time, so {what}. {instead}, or leave {name} out.")

    def goes_over_time(self, chart: ChartFields) -> bool:
        """Whether its groups are steps of time."""
        del chart
        return self.over_time

    def counted(self, chart: ChartFields) -> str:
        """The dimension whose sessions it counts in bins that are brushed; nothing where it follows the brushes."""
        del chart
        return ""

    def axes(self, chart: ChartFields) -> tuple[str, ...]:
        """The dimensions along its axes that can be brushed where it follows."""
        del chart
        return ()

    def takes_many(self, chart: ChartFields) -> bool:
        """Whether a session may be in several of its groups, as with `any page`."""
        del chart
        return False

    def about(self, chart: ChartFields) -> str:
        """What it shows, in a few words for the list of changes."""
        return f"{self.name} of {chart.measure}"

    def question(self, chart: ChartFields, say: Words) -> str:
        """What it asks, as a sentence."""
        by = " and per ".join(part for part in (say.by, say.step if chart.every else "") if part)
        if say.counts:
            return f"How many sessions{say.where} {f'have which {by}' if by else 'are there'}?"
        return f"What is the {say.measure} of sessions{say.where}{f' for each {by}' if by else ''}?"

    def becoming(self, chart: ChartFields, offers: Offers) -> Changes:
        """The fields that make a chart of this kind of about the same as `chart`, which is of another one."""
        del offers
        return {"measure": chart.measure, "by": chart.by, "top": chart.top}


def grouped(chart: ChartFields) -> tuple[str, ...]:
    """What another chart is grouped by, or of."""
    return chart.by or ((chart.of,) if chart.of else ())


def through_time(chart: ChartFields) -> Changes:
    """The window and the period before of another chart."""
    return {"over": chart.over, "previous": chart.previous}

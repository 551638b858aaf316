"""What a chart says in a document, before its kind has a word."""

from dataclasses import dataclass

from explorer.spec.charts.dimension import Dimension
from explorer.spec.charts.measure import COUNT, Measure
from explorer.spec.charts.sequences.returns import Counted, Returns
from explorer.spec.charts.sequences.route import FEW_STEPS, FEW_VALUES, Occurrence, Route
from explorer.spec.charts.sequences.steps import Order, Step, Steps
from explorer.spec.document import Spec
from explorer.spec.duration import Duration
from explorer.spec.expression.clause import Clause


@dataclass(frozen=True)
class ChartFields(Spec):
    """The fields of a chart of any kind; `Chart` reads and checks them."""

    kind: str
    session: str
    of: str | None = None
    measure: Measure = COUNT
    by: tuple[str, ...] = ()
    every: str | None = None
    where: Clause | None = None
    top: int | None = None
    scale: str | None = None
    bin: str | None = None
    cumulative: bool = False
    title: str | None = None
    size: str | None = None
    steps: tuple[Step, ...] = ()
    blanks: bool = False
    over: str | None = None
    previous: str | None = None
    within: Duration | None = None
    without: Clause | None = None
    order: Order | None = None
    across: bool = False
    returns: Counted | None = None
    at: Clause | None = None
    occurrence: Occurrence | None = None
    backward: bool = False
    length: int | None = None
    repeats: bool = False

    @property
    def dimensions(self) -> tuple[Dimension, ...]:
        """What `by` says."""
        return tuple(map(Dimension.parse, self.by))

    @property
    def funnel(self) -> Steps:
        """The steps of a funnel, with what its attempts must keep to."""
        return Steps(self.steps, self.within, self.without, self.order or "given", self.across)

    @property
    def coming_back(self) -> Returns:
        """How a chart of who comes back counts."""
        return Returns(self.every, self.returns or "in", self.where, self.within)

    @property
    def route(self) -> Route:
        """Where paths begin, and how they go on."""
        return Route(
            self.of or "",
            self.at,
            self.occurrence or "first",
            self.backward,
            self.length or FEW_STEPS,
            self.repeats,
            self.top or FEW_VALUES,
            self.where,
        )

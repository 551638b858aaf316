"""What is drawn: a measure over sessions, by something, as a picture."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING, Any

from explorer.errors import SpecError, as_text, located, quoted
from explorer.spec.charts.dimension import Dimension
from explorer.spec.charts.fields import ChartFields
from explorer.spec.charts.kinds import KINDS
from explorer.spec.charts.measure import Measure
from explorer.spec.charts.periods import STEPS, read_previous, read_window
from explorer.spec.charts.sequences.returns import COUNTED
from explorer.spec.charts.sequences.route import OCCURRENCES
from explorer.spec.charts.sequences.steps import ORDERS, PatternStep, Step, is_pattern
from explorer.spec.document import check_choice, check_name
from explorer.spec.duration import Duration, DurationLike
from explorer.spec.expression import clause as clauses
from explorer.spec.expression.clause import ClauseLike

__all__ = ["MOST_DIMENSIONS", "SCALES", "SIZES", "STEPS", "Chart", "Measure", "standard"]

SCALES = ("linear", "log", "quantile")
SIZES = ("wide", "tall", "large")
MOST_DIMENSIONS = 2
RETURN = "return"


@dataclass(frozen=True)
class Chart(ChartFields):
    """A picture of one session definition's sessions.

    A `distribution` says `of` what; the other kinds have a `measure`, a `scatter` of two columns has them in `by`.
    `every` is a step of time (`1d`). Of named values the `top` with most sessions are told apart, the rest is
    "other". Bins are as wide as `bin` says (`5m`, `10`), or as `scale` says; a `cumulative` distribution counts all
    up to a bin. `title` and `size` are how its card looks. A `funnel` has `steps`, conditions on events: it counts the
    sessions that have matching events in this order, whatever lies between them. Sessions without a
    value are drawn only with `blanks`.

    A session counts in a funnel by its best attempt: the first event to begin with that gets furthest. An attempt
    happens `within` a time (`10m`), and `without` an event between two of its steps. Its `order` is the `given` one,
    `strict`, where no other event lies between two steps, or `any`. With `across` an attempt goes over all sessions of
    an actor, and actors are counted. A step may be a pattern of events as well: `pattern: search -> view`.

    A `return` says which share of actors comes back, by the step of time of their first session (`every`), or by a
    dimension of it (`by`): `in` each step after that one, in it or `later`, or so many `times`, then `within` a time.

    Over time, each value may be that of a window `over` which slides from step to step (`7d`), and `previous` puts the
    same measure of the period before beside it: of a `day`, `week`, `month` or `year` before, or of the `span` before.

    `paths` tell events apart by `of`, a column of events, and go `length` steps on from the `occurrence` (the `first`
    or the `last`) of an event `at` which a condition holds, or `backward` from it; without one, from the ends of
    sessions.
    Equal values one after the other are one step, unless `repeats` count.

    >>> Chart("distribution", "visit", of="duration", bin="5m").plain()
    {'kind': 'distribution', 'session': 'visit', 'of': 'duration', 'bin': '5m'}
    """

    if TYPE_CHECKING:

        def __init__(
            self,
            kind: str,
            session: str,
            of: str | None = None,
            measure: Measure | str = ...,
            by: str | Sequence[str | Dimension] = (),
            every: str | None = None,
            where: ClauseLike | None = None,
            top: int | None = None,
            scale: str | None = None,
            bin: str | float | None = None,
            cumulative: bool = False,
            title: str | None = None,
            size: str | None = None,
            steps: Sequence[ClauseLike | PatternStep] = (),
            blanks: bool = False,
            over: str | None = None,
            previous: str | None = None,
            within: DurationLike | None = None,
            without: ClauseLike | None = None,
            order: str | None = None,
            across: bool = False,
            returns: str | None = None,
            at: ClauseLike | None = None,
            occurrence: str | None = None,
            backward: bool = False,
            length: int | None = None,
            repeats: bool = False,
        ) -> None: ...

    def __post_init__(self) -> None:
        check_choice(self.kind, tuple(KINDS), "kind")
        check_name(self.session, "session")
        self._set("measure", Measure.parse(self.measure))
        by: Any = self.by
        self._set(
            "by", tuple(str(_dimension(text, at)) for at, text in enumerate([by] if isinstance(by, str) else by or ()))
        )
        if self.every is not None:
            check_choice(self.every, STEPS, "every")
        with located("where"):
            self._set("where", clauses.optional(self.where))
        for name, what in (("top", "values"), ("length", "steps")):
            self._set(name, _number(getattr(self, name), name, what))
        for name, choices in (("scale", SCALES), ("size", SIZES)):
            if getattr(self, name) is not None:
                check_choice(getattr(self, name), choices, name)
        self._set("bin", _width(self.bin))
        for name in ("cumulative", "blanks", "across", "backward", "repeats"):
            self._set(name, _truth(getattr(self, name), name))
        if self.title is not None:
            check_name(self.title, "title")
        self._set("steps", _steps(self.steps))
        self._set("over", read_window(self.over, self.every))
        self._set("previous", read_previous(self.previous, self.every))
        self._set("within", _within(self.within))
        for name in ("without", "at"):
            with located(name):
                self._set(name, clauses.optional(getattr(self, name)))
        if self.order is not None:
            check_choice(self.order, ORDERS, "order")
            self._set("order", None if self.order == "given" else self.order)
        if self.returns is not None:
            check_choice(self.returns, COUNTED, "returns")
            self._set("returns", None if self.returns == "in" else self.returns)
        if self.occurrence is not None:
            check_choice(self.occurrence, OCCURRENCES, "occurrence")
            self._set("occurrence", None if self.occurrence == "first" else self.occurrence)
        KINDS[self.kind].check(self)

    @property
    def column(self) -> str:
        """The session column along the horizontal axis."""
        if KINDS[self.kind].over_time or not self.of:
            return "start"
        if self.of.endswith(f".time_in_session.{self.session}"):
            return "time_in_session"
        return self.of.removeprefix(f"{self.session}.")


def _dimension(text: Any, at: int) -> Dimension:
    with located(f"by[{at}]"):
        if at >= MOST_DIMENSIONS:
            raise SpecError(f"A chart has at most {MOST_DIMENSIONS} dimensions. Leave '{text}' out.")
        return Dimension.parse(text)


def _steps(said: Any) -> tuple[Step, ...]:
    """The steps of a funnel, read."""
    texts = list(said) if isinstance(said, list | tuple) else [said] if said else []
    return tuple(_step(text, at) for at, text in enumerate(texts))


def _step(text: Any, at: int) -> Step:
    with located(f"steps[{at}]"):
        if isinstance(text, PatternStep):
            return text
        if is_pattern(text):
            return PatternStep.parse(text)
        clause = clauses.optional(text.strip() if isinstance(text, str) else text)
        if clause is None:
            raise SpecError("A step is a condition on events, such as event = 'view'. This one is empty.")
        return clause


def _within(said: Any) -> Duration | None:
    """The longest time that an attempt takes."""
    if said is None or said == "":
        return None
    with located("within"):
        length = Duration.parse(said)
        if not length.us:
            raise SpecError("Within 0 no step comes after another. Write a length of time such as 10m.")
        return length


def _number(said: Any, name: str, what: str) -> int | None:
    if said in (None, ""):
        return None
    if as_text(said).isdigit() and int(said) > 0:
        return int(said)
    with located(name):
        raise SpecError(f"{quoted(said)} is not a number of {what}. Write 1 or more.")


def _width(said: Any) -> str | None:
    """A length of time or a number above 0, as a text."""
    if said is None or said == "":
        return None
    text = as_text(said).strip()
    with located("bin"):
        try:
            number = float(text)
        except ValueError:
            length = Duration.parse(text)
            number, text = length.us, str(length).replace(" ", "")
        if not 0 < number < inf:
            raise SpecError(
                f"{quoted(said)} is not a width of bins. Write a number above 0, or a length of time such as 5m."
            )
    return text


def _truth(said: Any, name: str) -> bool:
    """A link says true and false as texts."""
    if as_text(said).lower() in ("true", "false"):
        return as_text(said).lower() == "true"
    with located(name):
        raise SpecError(f"{quoted(said)} is neither true nor false.")


def standard(session: str, actor: str) -> tuple[Chart, ...]:
    """The charts that every definition begins with."""
    return (
        Chart("distribution", session, of="duration"),
        Chart("distribution", session, of="event_count"),
        Chart("distribution", session, of=f"{actor}.time_in_session.{session}"),
        Chart("line", session),
    )

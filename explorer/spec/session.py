"""The named rules that cut an actor's events into sessions."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from explorer.errors import SpecError, as_text, located
from explorer.spec.columns import check_zone
from explorer.spec.document import Spec, check_choice, check_name, read_all
from explorer.spec.duration import Duration, DurationLike
from explorer.spec.expression import clause as clauses
from explorer.spec.expression.clause import Clause, ClauseLike
from explorer.spec.metric import ActorMetric, Metric

COLOR = re.compile(r"#[0-9a-f]{6}")
BUILT_IN = (
    "session_id",
    "session_number",
    "start",
    "end",
    "duration",
    "event_count",
    "started_by",
    "cut_off",
)
# What is known of a session or an actor besides: a metric of such a name would be taken for it.
BESIDES = {
    "since_previous": "Time since the end of the actor's session before",
    "until_next": "Time until the start of the actor's next session",
    "gap_margin": "How far the inactivity could move before this session is cut otherwise",
}
ACTOR_VALUES = ("session_count", "time_in_session", "first_start", "last_end")
KNOWN_BESIDES = (*BESIDES, *ACTOR_VALUES)


@dataclass(frozen=True)
class SessionDefinition(Spec):
    """How events become sessions: everything but `name` and `inactivity` is optional.

    `description` and `color` (`#2f7de1`) are for people and cut nothing.

    >>> visit = SessionDefinition(name="visit", inactivity="30m", restart="event = 'login'")
    >>> str(visit.inactivity), str(visit.restart)
    ('30m', "event = 'login'")
    """

    name: str
    inactivity: Duration
    restart: Clause | None = None
    end: Clause | None = None
    where: Clause | None = None
    split_by: tuple[str, ...] = ()
    max_duration: Duration | None = None
    calendar: str | None = None
    boundary: str = ">"
    metrics: tuple[Metric, ...] = ()
    keep: Clause | None = None
    description: str = ""
    color: str = ""
    restart_on_change: tuple[str, ...] = ()
    opens_with: Clause | None = None
    passive: Clause | None = None
    max_events: int | None = None
    actor_metrics: tuple[ActorMetric, ...] = ()

    if TYPE_CHECKING:

        def __init__(
            self,
            name: str,
            inactivity: DurationLike,
            restart: ClauseLike | None = None,
            end: ClauseLike | None = None,
            where: ClauseLike | None = None,
            split_by: str | Sequence[str] = (),
            max_duration: DurationLike | None = None,
            calendar: str | None = None,
            boundary: str = ...,
            metrics: Sequence[Metric | dict[str, Any]] = (),
            keep: ClauseLike | None = None,
            description: str = "",
            color: str = "",
            restart_on_change: str | Sequence[str] = (),
            opens_with: ClauseLike | None = None,
            passive: ClauseLike | None = None,
            max_events: int | None = None,
            actor_metrics: Sequence[ActorMetric | dict[str, Any]] = (),
        ) -> None: ...

    def __post_init__(self) -> None:
        check_name(self.name)
        with located("inactivity"):
            self._set("inactivity", _positive(Duration.parse(self.inactivity)))
        if self.max_duration is not None:
            with located("max_duration"):
                self._set("max_duration", _positive(Duration.parse(self.max_duration)))
        for name in ("restart", "end", "where", "keep", "opens_with", "passive"):
            with located(name):
                self._set(name, clauses.optional(getattr(self, name)))
        for name in ("split_by", "restart_on_change"):
            said: Any = getattr(self, name)
            self._set(name, (said,) if isinstance(said, str) and said else tuple(said or ()))
        self._set("max_events", _whole(self.max_events))
        self._set("calendar", self.calendar or None)
        if self.calendar:
            check_zone(self.calendar, "calendar")
        check_choice(self.boundary, (">", ">="), "boundary")
        self._set("metrics", read_all(Metric, self.metrics, "metrics"))
        self._set("actor_metrics", read_all(ActorMetric, self.actor_metrics, "actor_metrics"))
        self._check_metric_names()
        with located("color"):
            self._set("color", _color(self.color))

    def _check_metric_names(self) -> None:
        taken = {*BUILT_IN, *KNOWN_BESIDES}
        for at, metric in enumerate(self.metrics):
            if metric.name in taken or metric.name.removeprefix(f"{self.name}.") in taken:
                with located(f"metrics[{at}].name"):
                    raise SpecError(f"'{metric.name}' is taken already. Choose another name.")
            taken.add(metric.name)
        for at, actor_metric in enumerate(self.actor_metrics):
            if actor_metric.name in taken:
                with located(f"actor_metrics[{at}].name"):
                    raise SpecError(f"'{actor_metric.name}' is taken already. Choose another name.")
            taken.add(actor_metric.name)

    @property
    def clauses(self) -> tuple[Clause, ...]:
        """Every condition of the definition and of its metrics."""
        found = [self.restart, self.end, self.where, self.keep, self.opens_with, self.passive]
        found += [metric.where for metric in self.actor_metrics]
        for metric in self.metrics:
            found += metric.pattern.conditions if metric.pattern else ()
            found += [metric.where, *((metric.scope.where, metric.scope.contains) if metric.scope else ())]
        return tuple(clause for clause in found if clause is not None)

    @property
    def actor_values(self) -> tuple[str, ...]:
        """What is known of each actor: what every definition brings, and the actor metrics."""
        return (*ACTOR_VALUES, *(metric.name for metric in self.actor_metrics))

    def actor_metric(self, name: str) -> ActorMetric | None:
        """The actor metric of that name, or None."""
        return next((metric for metric in self.actor_metrics if metric.name == name), None)

    def metric(self, name: str) -> Metric | None:
        """The metric of that name, or None."""
        return next((metric for metric in self.metrics if metric.name == name), None)


def _whole(said: Any) -> int | None:
    if said is None or said == "":
        return None
    if not isinstance(said, bool) and str(said).strip().isdigit() and int(said) > 0:
        return int(said)
    with located("max_events"):
        raise SpecError(f"{said!r} is not a number of events. Write 1 or more, such as 2500.")


def _positive(duration: Duration) -> Duration:
    if duration.us == 0:
        raise SpecError("It has to be longer than 0s.")
    return duration


def _color(said: Any) -> str:
    text = as_text(said or "").strip().lower()
    if not text or COLOR.fullmatch(text):
        return text
    digits = text.removeprefix("#")
    long = digits if len(digits) == 6 else "".join(2 * digit for digit in digits)
    hint = f"Did you mean '#{long}'?" if COLOR.fullmatch(f"#{long}") else "Write # and six digits, such as #2f7de1."
    raise SpecError(f"'{said}' is not a color. {hint}")

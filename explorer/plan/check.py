"""Problems of an analysis over given columns, found before anything runs."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager

import polars as pl

from explorer.errors import ExplorerError, SpecError, did_you_mean, located
from explorer.plan.column_text import type_of
from explorer.plan.in_polars.measure import aggregate
from explorer.plan.in_polars.predicate import predicate
from explorer.plan.links import check_link
from explorer.plan.literal import type_word
from explorer.plan.meaning import Schema, inside, no_column
from explorer.plan.pattern_elements import conditions
from explorer.spec.analysis import Analysis
from explorer.spec.charts.sequences.steps import PatternStep
from explorer.spec.columns import Columns
from explorer.spec.expression import clause as clauses
from explorer.spec.expression.clause import Clause
from explorer.spec.metric import Metric
from explorer.spec.rules import RULES
from explorer.spec.session import BESIDES, BUILT_IN, SessionDefinition

# The aggregates whose value is one of the column's own.
TAKEN_OVER = ("first", "last", "mode")


def check(analysis: Analysis, schema: Schema, cohorts: Collection[str] = ()) -> list[ExplorerError]:
    """Every problem of the analysis's clauses and columns, each with where, what and what instead.

    `cohorts` are the names of those that the events know besides the analysis's own.

    >>> import polars as pl
    >>> shop = {"user": pl.String(), "ts": pl.Datetime(), "amount": pl.Float64()}
    >>> visit = SessionDefinition(name="visit", inactivity="30m", where="amout > 1")
    >>> print(*check(Analysis({"actor": "user", "time": "ts"}, [visit]), shop))
    sessions[0].where: there is no column 'amout'. Did you mean 'amount'?
    """
    problems: list[ExplorerError] = []
    columns = analysis.columns
    named = (*columns.actor, columns.time, *([columns.event] if columns.event else []), *columns.order)
    for name in named:
        with _noted(problems, "columns"):
            _known(name, schema)
    for at, cohort in enumerate(analysis.cohorts):
        with _noted(problems, f"cohorts[{at}]"):
            if schema.get(cohort.name, pl.Boolean()) != pl.Boolean():
                with located("name"):
                    raise SpecError(f"'{cohort.name}' is a column of the events. Choose another name.")
            others = [other.name for other in analysis.cohorts if other != cohort]
            with located("where"):
                check_cohort(cohort.where, analysis.session(cohort.session), columns, others)
    cohorts = (*cohorts, *(cohort.name for cohort in analysis.cohorts))
    schema = {**schema, **dict.fromkeys(cohorts, pl.Boolean())}
    for at, definition in enumerate(analysis.sessions):
        _check_definition(problems, f"sessions[{at}]", definition, columns, schema, cohorts)
    for at, chart in enumerate(analysis.charts):
        for place, step in enumerate(chart.steps):
            with _noted(problems, f"charts[{at}].steps[{place}]"):
                if isinstance(step, PatternStep):
                    conditions(step.pattern, columns.event, inside(schema))
                else:
                    _events_have(step, inside(schema))
        with _noted(problems, f"charts[{at}].without"):
            _events_have(chart.without, inside(schema))
        with _noted(problems, f"charts[{at}].at"):
            _events_have(chart.at, inside(schema))
        if chart.kind == "paths":
            with _noted(problems, f"charts[{at}].where"):
                _events_have(chart.where, inside(schema))
    for at, link in enumerate(analysis.links):
        with _noted(problems, f"links[{at}].url"):
            check_link(link, analysis)
    return problems


def checked(
    definition: SessionDefinition, columns: Columns, schema: Schema, cohorts: Collection[str] = ()
) -> SessionDefinition:
    """The definition; raises its first problem, with the place inside the definition. `cohorts` are their names.

    >>> import polars as pl
    >>> visit = SessionDefinition(name="visit", inactivity="30m", restart="evnt = 'login'")
    >>> shop = {"user": pl.String(), "ts": pl.Datetime(), "event": pl.String()}
    >>> checked(visit, Columns(actor="user", time="ts"), shop)
    Traceback (most recent call last):
        ...
    explorer.errors.SpecError: restart: there is no column 'evnt'. Did you mean 'event'?
    """
    for problem in check(Analysis(columns, (definition,)), schema, cohorts):
        problem.where = problem.where.removeprefix("sessions[0].")
        raise problem
    return definition


def check_cohort(where: Clause, definition: SessionDefinition, columns: Columns, others: Collection[str] = ()) -> None:
    """Raise SpecError for a condition that asks more of actors than what a definition knows of them; `others` are the
    names of other cohorts.

    >>> visit = SessionDefinition("visit", "30m")
    >>> check_cohort(clauses.parse("duration > '1h'"), visit, Columns(actor="user", time="ts"))
    Traceback (most recent call last):
        ...
    explorer.errors.SpecError: 'duration' is one value per session, and a cohort asks values of actors. Add an actor \
metric of it to visit.
    """
    known, actor = (*definition.actor_values, *columns.actor, *others), f"{columns.actor_name}."
    for name in clauses.columns(where):
        long = name.startswith(actor) and name.endswith(f".{definition.name}")
        plain = (name.removeprefix(actor) if long else name).removesuffix(f".{definition.name}")
        if plain in known:
            continue
        of_session = plain.removeprefix(f"{definition.name}.")
        if of_session in (*BUILT_IN, *BESIDES, *(metric.name for metric in definition.metrics)):
            raise SpecError(
                f"'{name}' is one value per session, and a cohort asks values of actors. Add an actor metric of it to "
                f"{definition.name}."
            )
        raise SpecError(f"actors have no value '{name}'. {did_you_mean(name, known)}")


def check_split(split_by: Sequence[str], columns: Columns, schema: Schema) -> None:
    """Raise SpecError for what sessions cannot be split by.

    >>> import polars as pl
    >>> check_split(["user"], Columns(actor="user", time="ts"), {"user": pl.String(), "ts": pl.Datetime()})
    Traceback (most recent call last):
        ...
    explorer.errors.SpecError: 'user' is the actor, whose sessions are separate anyway. Leave it out.
    """
    for name in _once(split_by, schema):
        if schema[name].is_nested():
            raise SpecError(f"{name!r} is a {type_word(schema[name])} and tells no sessions apart. Use another column.")
        if name in columns.actor:
            raise SpecError(f"{name!r} is the actor, whose sessions are separate anyway. Leave it out.")


def check_changing(names: Sequence[str], columns: Columns, schema: Schema) -> None:
    """Raise SpecError for columns whose change cannot begin a session.

    >>> import polars as pl
    >>> check_changing(["user"], Columns(actor="user", time="ts"), {"user": pl.String(), "ts": pl.Datetime()})
    Traceback (most recent call last):
        ...
    explorer.errors.SpecError: 'user' is the actor, which is the same in all of a session. Leave it out.
    """
    for name in _once(names, schema):
        if name in columns.actor:
            raise SpecError(f"{name!r} is the actor, which is the same in all of a session. Leave it out.")
        if schema[name].is_nested():
            raise SpecError(f"{name!r} is a {type_word(schema[name])}, which cannot be compared. Name a field of it.")


def _once(names: Sequence[str], schema: Schema) -> Sequence[str]:
    for at, name in enumerate(names):
        _known(name, schema)
        if name in names[:at]:
            raise SpecError(f"{name!r} is named twice. Name it once.")
    return names


def check_metric_names(definition: SessionDefinition, columns: Columns, schema: Schema) -> None:
    """Raise SpecError for the first metric that is named like a column of the source, with its place.

    What a session takes over from its events as it is may keep the column's name: the first platform, as platform.

    >>> import polars as pl
    >>> visit = SessionDefinition("visit", "30m", metrics=[Metric("user", "count")])
    >>> check_metric_names(visit, Columns(actor="user", time="ts"), {"user": pl.String(), "ts": pl.Datetime()})
    Traceback (most recent call last):
        ...
    explorer.errors.SpecError: metrics[0].name: 'user' is the actor. Choose another name.
    """
    for at, metric in enumerate(definition.metrics):
        with located(f"metrics[{at}].name"):
            _check_name(metric, columns, schema)


def _check_name(metric: Metric, columns: Columns, schema: Schema) -> None:
    name = metric.name
    if name in (*columns.actor, columns.actor_name):
        raise SpecError(f"'{name}' is the actor. Choose another name.")
    if name in schema and not (metric.column == name and metric.aggregate in TAKEN_OVER):
        raise SpecError(f"'{name}' is a column of the events. Choose another name.")


def _check_definition(
    problems: list[ExplorerError],
    where: str,
    definition: SessionDefinition,
    columns: Columns,
    schema: Schema,
    cohorts: Collection[str],
) -> None:
    for role in (rule.field for rule in RULES if rule.editor == "events"):
        with _noted(problems, f"{where}.{role}"):
            _events_have(getattr(definition, role), schema)
    with _noted(problems, f"{where}.split_by"):
        check_split(definition.split_by, columns, schema)
    with _noted(problems, f"{where}.restart_on_change"):
        check_changing(definition.restart_on_change, columns, schema)
    metrics = [metric.name for metric in definition.metrics]
    known = (*metrics, *BUILT_IN, *BESIDES, *columns.actor, *definition.split_by, *cohorts)
    of_actor = definition.actor_values
    long = [f"{columns.actor_name}.{name}.{definition.name}" for name in of_actor]
    with _noted(problems, f"{where}.keep"):
        _sessions_have(definition, clauses.columns(definition.keep), (*known, *of_actor, *long))
    for at, actor_metric in enumerate(definition.actor_metrics):
        with _noted(problems, f"{where}.actor_metrics[{at}]"):
            _sessions_have(definition, (actor_metric.column,) if actor_metric.column else (), known)
            _sessions_have(definition, clauses.columns(actor_metric.where), known)
    for at, metric in enumerate(definition.metrics):
        with _noted(problems, f"{where}.metrics[{at}].name"):
            _check_name(metric, columns, schema)
        _check_metric(problems, f"{where}.metrics[{at}]", definition, metric, known, schema, columns.event)


def _check_metric(
    problems: list[ExplorerError],
    where: str,
    definition: SessionDefinition,
    metric: Metric,
    known: tuple[str, ...],
    schema: Schema,
    event: str | None,
) -> None:
    schema = inside(schema)
    with _noted(problems, f"{where}.where"):
        _events_have(metric.where, schema)
    if metric.pattern is not None:
        with _noted(problems, where):
            conditions(metric.pattern, event, schema)
    with _noted(problems, f"{where}.column"):
        if metric.aggregate == "ratio":
            _sessions_have(definition, metric.parts, known)
        elif metric.column is not None:
            aggregate(metric, type_of(metric.column, schema))
    if metric.scope:
        with _noted(problems, f"{where}.scope.contains"):
            _events_have(metric.scope.contains, schema)
        with _noted(problems, f"{where}.scope.where"):
            _sessions_have(definition, clauses.columns(metric.scope.where), known)


@contextmanager
def _noted(problems: list[ExplorerError], where: str) -> Iterator[None]:
    try:
        with located(where):
            yield
    except ExplorerError as problem:
        problems.append(problem)


def _events_have(clause: Clause | None, schema: Schema) -> None:
    if clause is not None:
        predicate(clause, schema)


def _sessions_have(definition: SessionDefinition, names: tuple[str, ...], known: tuple[str, ...]) -> None:
    for name in names:
        if name.removeprefix(f"{definition.name}.") not in known:
            raise SpecError(f"sessions have no column '{name}'. {did_you_mean(name, known)}")


def _known(name: str, schema: Schema) -> None:
    if name not in schema:
        raise no_column(name, schema, "the events")

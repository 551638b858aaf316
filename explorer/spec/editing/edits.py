"""Changes of a whole analysis, one function a gesture: a document in, a document out."""

from collections.abc import Callable, Sequence
from typing import Any

from explorer.spec.analysis import Analysis
from explorer.spec.charts.chart import Chart, Measure
from explorer.spec.charts.sequences.steps import PatternStep
from explorer.spec.cohort import Cohort
from explorer.spec.expression.clause import All, Clause, Column, Compare, Value
from explorer.spec.expression.tree import mapped
from explorer.spec.metric import ActorMetric, Metric
from explorer.spec.rules import fields_of
from explorer.spec.session import SessionDefinition

Rename = Callable[[str], str]


def added(analysis: Analysis, definition: SessionDefinition, after: str = "") -> Analysis:
    """The analysis with one more definition, behind the one named `after` or at the end; its name is made free.

    >>> visit = SessionDefinition("visit", "30m")
    >>> two = added(Analysis({"actor": "user", "time": "ts"}, [visit]), visit)
    >>> [session.name for session in two.sessions]
    ['visit', 'visit 2']
    """
    names = [session.name for session in analysis.sessions]
    at = names.index(after) + 1 if after in names else len(names)
    new = definition.replace(name=free_name(definition.name, names))
    return analysis.replace(sessions=(*analysis.sessions[:at], new, *analysis.sessions[at:]))


def removed(analysis: Analysis, name: str) -> Analysis:
    """The analysis without a definition and its charts; the last definition cannot go (SpecError)."""
    analysis.session(name)
    return analysis.replace(
        sessions=tuple(session for session in analysis.sessions if session.name != name),
        charts=tuple(chart for chart in analysis.charts if chart.session != name),
    )


def moved(analysis: Analysis, name: str, to: int) -> Analysis:
    """The analysis with a definition at another place, counted from 0."""
    session = analysis.session(name)
    others = [other for other in analysis.sessions if other.name != name]
    others.insert(max(0, min(to, len(others))), session)
    return analysis.replace(sessions=tuple(others))


def renamed(analysis: Analysis, name: str, new: str) -> Analysis:
    """The analysis with a definition under another name, in its conditions and charts too; raises SpecError."""
    definition = analysis.session(name)

    def rename(column: str) -> str:
        if column.startswith(f"{name}."):
            return f"{new}.{column.removeprefix(f'{name}.')}"
        for part in definition.actor_values:
            if column == f"{analysis.columns.actor_name}.{part}.{name}":
                return f"{analysis.columns.actor_name}.{part}.{new}"
        return column

    changed = _with_names(definition, rename).replace(name=new)
    return analysis.replace(
        cohorts=tuple(_cohort(one, rename, new) if one.session == name else one for one in analysis.cohorts),
        sessions=tuple(changed if session.name == name else session for session in analysis.sessions),
        charts=_charts(analysis, name, new, rename),
    )


def with_metric(definition: SessionDefinition, place: int, metric: Metric | ActorMetric) -> SessionDefinition:
    """The definition with a metric, of sessions or of actors, at a place of its list, or behind the last; what asks for
    the one before asks for this one.

    >>> visit = SessionDefinition("visit", "30m", metrics=[Metric("n", "count")], keep="n > 2 AND visit.n < 9")
    >>> str(with_metric(visit, 0, Metric("events", "count")).keep)
    'events > 2 AND "visit.events" < 9'
    """
    others = _with_names(definition, _rename_metric(definition, place, metric))
    field = list_of(metric)
    its = getattr(others, field)
    return others.replace(**{field: (*its[:place], metric, *its[place + 1 :])})


def cohort_changed(analysis: Analysis, place: int, cohort: Cohort) -> Analysis:
    """The analysis with a cohort at a place, or behind the last; what asks for the one before asks for this one. Raises
    SpecError.

    >>> visit = SessionDefinition("visit", "30m", where="regulars AND page = '/'")
    >>> regulars = Cohort("regulars", "other", "session_count > 3")
    >>> one = Analysis({"actor": "u", "time": "t"}, [visit, SessionDefinition("other", "1h")], cohorts=[regulars])
    >>> str(cohort_changed(one, 0, regulars.replace(name="often")).sessions[0].where)
    "often = TRUE AND page = '/'"
    """
    others, sessions, charts = list(analysis.cohorts), analysis.sessions, analysis.charts
    if place < len(others) and others[place].name != cohort.name:
        old = others[place].name

        def rename(column: str) -> str:
            return f"{column.removesuffix(old)}{cohort.name}" if _is_cohort(column, old, analysis) else column

        sessions = tuple(_with_event_names(_with_names(one, rename), rename) for one in sessions)
        charts = tuple(_of_events(_chart(chart, chart.session, rename), rename) for chart in charts)
        others = [_cohort(one, rename, one.session) for one in others]
    return analysis.replace(sessions=sessions, charts=charts, cohorts=(*others[:place], cohort, *others[place + 1 :]))


def _is_cohort(column: str, name: str, analysis: Analysis) -> bool:
    return column == name or column in [f"{session.name}.{name}" for session in analysis.sessions]


def _of_events(chart: Chart, rename: Rename) -> Chart:
    """The chart with other names of columns of events in what it asks of them."""
    steps = tuple(each if isinstance(each, PatternStep) else with_columns(each, rename) for each in chart.steps)
    where = _optional(chart.where, rename) if chart.kind == "paths" else chart.where
    at, without = (_optional(each, rename) for each in (chart.at, chart.without))
    return chart.replace(steps=steps, where=where, at=at, without=without)


def _with_event_names(definition: SessionDefinition, rename: Rename) -> SessionDefinition:
    """The definition with other names of columns of its events."""
    changes: dict[str, Any] = {name: _optional(getattr(definition, name), rename) for name in fields_of("events")}
    for name in fields_of("columns"):
        changes[name] = tuple(rename(column) for column in getattr(definition, name))
    metrics = []
    for metric in definition.metrics:
        scope = metric.scope
        if scope is not None:
            scope = scope.replace(contains=_optional(scope.contains, rename))
        column = metric.column if metric.aggregate == "ratio" or not metric.column else rename(metric.column)
        metrics.append(metric.replace(where=_optional(metric.where, rename), column=column, scope=scope))
    return definition.replace(**changes, metrics=tuple(metrics))


def _cohort(cohort: Cohort, rename: Rename, session: str) -> Cohort:
    return cohort.replace(session=session, where=with_columns(cohort.where, rename))


def list_of(metric: Metric | ActorMetric) -> str:
    """The field of a definition that holds such metrics.

    >>> list_of(ActorMetric("longest", "max", "duration"))
    'actor_metrics'
    """
    return "actor_metrics" if isinstance(metric, ActorMetric) else "metrics"


def metric_changed(analysis: Analysis, session: str, place: int, metric: Metric | ActorMetric) -> Analysis:
    """The same in the analysis, in its charts too; raises SpecError."""
    definition = analysis.session(session)
    changed = with_metric(definition, place, metric)
    rename = _rename_metric(definition, place, metric)
    return analysis.replace(
        cohorts=tuple(_cohort(one, rename, session) if one.session == session else one for one in analysis.cohorts),
        sessions=tuple(changed if one.name == session else one for one in analysis.sessions),
        charts=_charts(analysis, session, session, rename),
    )


def _rename_metric(definition: SessionDefinition, place: int, metric: Metric | ActorMetric) -> Rename:
    its, session = getattr(definition, list_of(metric)), definition.name
    if place >= len(its):
        return lambda column: column
    old, new = its[place].name, metric.name
    names = {old: new, f"{session}.{old}": f"{session}.{new}"}

    def rename(column: str) -> str:
        # The actor's name stands before it: user_id.longest.visit.
        if isinstance(metric, ActorMetric) and column.endswith(f".{old}.{session}"):
            return f"{column.removesuffix(f'{old}.{session}')}{new}.{session}"
        return names.get(column, column)

    return rename


def split(analysis: Analysis, name: str, column: str, values: Sequence[Value]) -> Analysis:
    """The analysis with one more definition for each value of a column of events, behind the one they are made of.

    >>> one = Analysis({"actor": "user", "time": "ts"}, [SessionDefinition("visit", "30m")])
    >>> [(s.name, str(s.where)) for s in split(one, "visit", "platform", ["ios"]).sessions[1:]]
    [('visit ios', "platform = 'ios'")]
    """
    definition, found = analysis.session(name), analysis
    for value in reversed(values):
        only = Compare(column, "=", value)
        changes = {"name": f"{name} {value}", "where": both(definition.where, only), "description": "", "color": ""}
        found = added(found, definition.replace(**changes), after=name)
    return found


def with_sides(
    analysis: Analysis, name: str, sides: Sequence[tuple[str, SessionDefinition]]
) -> tuple[Analysis, tuple[str, ...]]:
    """The analysis with other forms of a definition behind it, each under a name of its own, and these names. What is
    there already under its name is not made again.

    >>> visit = SessionDefinition("visit", "30m")
    >>> one = Analysis({"actor": "user", "time": "ts"}, [visit])
    >>> two, names = with_sides(one, "visit", [("long visit", visit.replace(keep='"visit.duration" > 9'))])
    >>> names, str(two.session("long visit").keep), with_sides(two, "visit", [("long visit", visit)])[1]
    (('long visit',), '"long visit.duration" > 9', ('long visit 2',))
    """
    found, names, after = analysis, [], name

    def under(new: str, definition: SessionDefinition) -> SessionDefinition:
        alone = analysis.replace(sessions=[definition.replace(description="", color="")], charts=(), cohorts=())
        return renamed(alone, name, new).session(new)

    for wanted, definition in sides:
        known = [session.name for session in found.sessions]
        if wanted in known and found.session(wanted) == under(wanted, definition):
            after = wanted
        else:
            after, before = free_name(wanted, known), after
            found = added(found, under(after, definition), after=before)
        names.append(after)
    return found, tuple(names)


def both(one: Clause | None, other: Clause) -> Clause:
    """Both conditions.

    >>> both(All((Compare("a", "=", 1), Compare("b", "=", 2))), Compare("c", "=", 3))
    parse('a = 1 AND b = 2 AND c = 3')
    """
    if one is None:
        return other
    return All((*one.clauses, other)) if isinstance(one, All) and one.clauses else All((one, other))


def free_name(name: str, taken: Sequence[str]) -> str:
    """The name, or the first `name 2`, `name 3` ... that is not taken."""
    if name not in taken:
        return name
    return next(f"{name} {at}" for at in range(2, len(taken) + 3) if f"{name} {at}" not in taken)


def with_columns(clause: Clause, rename: Rename) -> Clause:
    """The clause with its columns under other names.

    >>> from explorer.spec.expression.clause import parse
    >>> with_columns(parse('NOT "visit.pages" IS NULL'), lambda name: name.removeprefix("visit."))
    parse('NOT pages IS NULL')
    """
    return mapped(clause, lambda node: Column(rename(node.name)) if isinstance(node, Column) else None)


def _with_names(definition: SessionDefinition, rename: Rename) -> SessionDefinition:
    """The definition with other names of columns of its sessions."""
    return definition.replace(
        keep=_optional(definition.keep, rename),
        metrics=tuple(_metric(metric, rename) for metric in definition.metrics),
        actor_metrics=tuple(
            metric.replace(column=metric.column and rename(metric.column), where=_optional(metric.where, rename))
            for metric in definition.actor_metrics
        ),
    )


def _optional(clause: Clause | None, rename: Rename) -> Clause | None:
    return None if clause is None else with_columns(clause, rename)


def _metric(metric: Metric, rename: Rename) -> Metric:
    if metric.aggregate == "ratio":
        metric = metric.replace(column=" / ".join(map(rename, metric.parts)))
    if metric.scope is None or metric.scope.where is None:
        return metric
    return metric.replace(scope=metric.scope.replace(where=with_columns(metric.scope.where, rename)))


def _charts(analysis: Analysis, session: str, new: str, rename: Rename) -> tuple[Chart, ...]:
    return tuple(_chart(chart, new, rename) if chart.session == session else chart for chart in analysis.charts)


def _chart(chart: Chart, session: str, rename: Rename) -> Chart:
    measure, of = chart.measure, chart.of
    if measure.where is not None:
        measure = Measure(measure.aggregate, f"where {with_columns(measure.where, rename)}")
    elif measure.of:
        measure = measure.renamed(rename)
    by = tuple(str(type(one)(rename(one.column), one.place, one.part)) for one in chart.dimensions)
    if chart.kind == "paths":  # they ask events
        return chart.replace(session=session)
    where = _optional(chart.where, rename)
    return chart.replace(session=session, of=of and rename(of), measure=measure, by=by, where=where)

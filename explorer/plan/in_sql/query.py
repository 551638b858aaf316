"""A definition as one readable query: events, ordered, flagged, numbered, sessions, measured, and what is kept."""

from sqlglot import exp

from explorer.errors import located
from explorer.plan.in_sql.actors import of_actors
from explorer.plan.in_sql.cutting import Cutting, with_steps
from explorer.plan.in_sql.dialect import Dialect
from explorer.plan.in_sql.inside import Inside
from explorer.plan.in_sql.measure import count
from explorer.plan.in_sql.measuring import Measuring
from explorer.plan.in_sql.sessions import Sessions
from explorer.plan.in_sql.source import Source, from_step, step_table
from explorer.plan.meaning import Schema, outer_name
from explorer.spec.charts.sequences.told_apart import ToldApart
from explorer.spec.columns import Columns
from explorer.spec.event_columns import EVENT_COLUMNS
from explorer.spec.expression import clause as clauses
from explorer.spec.expression.clause import Clause
from explorer.spec.session import SessionDefinition


def definition_sql(
    definition: SessionDefinition,
    columns: Columns,
    schema: Schema,
    table: str,
    dialect: str = "duckdb",
    zone: str | None = None,
    now: int | None = None,
    events: exp.Select | None = None,
) -> str:
    """One row per session as SQL; durations are whole microseconds, times without an offset are read in `zone`.

    Dialects: duckdb, clickhouse, spark, postgres, bigquery, snowflake. Raises SpecError for what does not fit the
    columns, EngineError for what the dialect cannot do. `events` makes the table, as the first step.
    """
    source = Source(table, columns, schema, Dialect(dialect), zone, now)
    return source.dialect.text(with_events(sessions_query(definition, source), source, events))


def with_events(query: exp.Select, source: Source, events: exp.Select | None) -> exp.Select:
    """A query whose first step makes the table, where it is said how."""
    if events is None:
        return query
    query = query.with_(exp.to_identifier(source.table), as_=events, copy=False)
    steps = query.ctes
    steps.insert(0, steps.pop())
    query.args["with_"].set("expressions", steps)
    return query


def sessions_query(definition: SessionDefinition, source: Source) -> exp.Select:
    """One row per session, by actor and number: session_id, then the columns of `Sessions`."""
    cutting = Cutting(source, definition)
    found = Measuring(cutting)
    chosen = [source.named(found.session_id(), "session_id")]
    for column in found.columns.values():
        inner = found.column(column.name)
        chosen.append(inner if column.inner == column.name else source.named(inner, column.name))
    query = from_step(exp.select(*chosen), found.last)
    # A name in ORDER BY is first that of a column of the answer, in capitals or not.
    step = found.last if any(column.inner != column.name for column in found.columns.values()) else None
    by = [*(outer_name(name) for name in source.columns.actor), "session_number"]
    keys = [source.dialect.ordered(found.column(name, step)) for name in by]
    return with_steps(_kept(query, found).order_by(*keys), [*cutting.steps(), *found.steps])


def told_query(definition: SessionDefinition, source: Source, apart: ToldApart, value: str, start: str) -> exp.Select:
    """The sessions that are kept, by actor and session_number: which side each is on, and when its step of time
    begins, under these names."""
    cutting = Cutting(source, definition)
    found = Measuring(cutting)
    names = [*(outer_name(name) for name in source.columns.actor), "session_number"]
    chosen = [source.named(found.column(name), name) for name in names]
    if apart.sides:
        side = exp.Case()
        for each in apart.sides:
            side = side.when(found.condition(each.clause), exp.Literal.string(each.label))
        chosen.append(source.named(side, value))
    if apart.every:
        chosen.append(source.named(found.expression(apart.start), start))
    query = _kept(from_step(exp.select(*chosen), found.last), found)
    return with_steps(query, [*cutting.steps(), *found.steps])


def actors_query(definition: SessionDefinition, source: Source) -> exp.Select:
    """One row per actor with a session: the actor, session_count, time_in_session, first_start, last_end, then the
    actor metrics over the sessions that are kept."""
    cutting = Cutting(source, definition)
    found = Measuring(cutting)
    actor: list[exp.Expr] = [found.column(outer_name(name)) for name in source.columns.actor]
    query = exp.select(
        *actor,
        *(source.named(value, name) for name, value, _ in of_actors(found)),
    )
    query = _kept(from_step(query, found.last), found)
    query = query.group_by(*(key.copy() for key in actor))
    query = query.order_by(*(source.dialect.ordered(key.copy()) for key in actor))
    return with_steps(query, [*cutting.steps(), *found.steps])


def events_query(
    definition: SessionDefinition, source: Source, where: Clause | None, offset: int, limit: int
) -> exp.Select:
    """A page of the events of the kept sessions, by actor and time: session_number, what each knows of its session,
    then the events' columns."""
    cutting = Cutting(source, definition, whole=True, telling=True)
    events = cutting.last
    steps = cutting.steps()
    number: exp.Expr = source.column(cutting.number)
    joins = bool(definition.keep is not None or definition.split_by)
    if joins:
        found = Measuring(cutting)
        kept = source.step("kept")
        names = [*source.columns.actor, *definition.split_by]
        inner = [source.named(found.column(outer_name(name)), name) for name in names]
        session = source.own("number_of_session")
        chosen = [*inner, source.column(cutting.number), source.named(found.column("session_number"), session)]
        picked = from_step(exp.select(*chosen), found.last)
        steps += [*found.steps, (kept, _kept(picked, found))]
        number = source.dialect.column(session, kept)
    columns = [source.dialect.column(name, events) for name in (*map(source.own, EVENT_COLUMNS), *source.schema)]
    query = from_step(exp.select(source.named(number, "session_number"), *columns), events)
    if joins:
        query = query.join(step_table(kept), on=cutting.same([*names, cutting.number], events, kept))
    if where is not None:
        query = query.where(Inside(source).condition(where, events))
    keys = [source.dialect.column(name, events) for name in (*source.columns.actor, source.own("place"))]
    query = query.order_by(*map(source.dialect.ordered, keys)).limit(limit).offset(offset)
    return with_steps(query, steps)


def count_query(source: Source, where: Clause | None) -> exp.Select:
    """The number of events that match."""
    events = source.step("events")
    needed = source.events(clauses.columns(where), numbered=False)
    query = from_step(exp.select(source.named(exp.Count(this=exp.Star()), "events")), events)
    return with_steps(query if where is None else query.where(source.condition(where)), [(events, needed)])


def quality_query(source: Source) -> exp.Select:
    """How many rows there are, how many have no actor, and how many of the others no time."""
    lacks = [source.read(name).is_(exp.null()) for name in source.columns.actor]
    no_actor, no_time = exp.or_(*lacks), source.read(source.columns.time).is_(exp.null())
    return exp.select(
        source.named(exp.Count(this=exp.Star()), "all_rows"),
        source.named(count(no_actor, source.dialect), "no_actor"),
        source.named(count(exp.and_(exp.not_(no_actor.copy()), no_time), source.dialect), "no_time"),
    ).from_(source.from_table())


def actors_of_events(source: Source) -> exp.Select:
    """Every actor of the events once, by actor."""
    events = source.step("events")
    names = [source.column(name) for name in source.columns.actor]
    query = from_step(exp.select(*names), events).group_by(*(name.copy() for name in names))
    query = query.order_by(*(source.dialect.ordered(name.copy()) for name in names))
    return with_steps(query, [(events, source.events((), numbered=False))])


def edges_query(source: Source) -> exp.Select:
    """The first and the last time of the bulk of the events, in microseconds."""
    steps = Sessions(Cutting(source, SessionDefinition("all", "1h"))).edges()
    query = from_step(exp.select(source.ours("first_us"), source.ours("last_us")), source.step("edges"))
    return with_steps(query, [(source.step("events"), source.events((), numbered=False)), *steps])


def _kept(query: exp.Select, found: Measuring) -> exp.Select:
    if found.definition.keep is None:
        return query
    with located("keep"):
        return query.where(found.condition(found.definition.keep))

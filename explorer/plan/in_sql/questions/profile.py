"""What there is in a column of events, as queries."""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from explorer.plan.in_sql.cutting import with_steps
from explorer.plan.in_sql.looking_back import STAR, Step
from explorer.plan.in_sql.source import Source, from_step, step_table


def of_times(source: Source, latest: int, grains: Sequence[int]) -> exp.Select:
    """Events that share actor and time with another, actors, those with one event, the first and the last time, events
    that are later than `latest`; for each of some units (microseconds) the times that are no whole number of it; and
    where rows have numbers, the events that are earlier than the one before them."""
    names = [source.step(name) for name in ("events", "at_one_time", "actors", "tied", "counted", "whole")]
    events, at_one_time, actors, tied, counted, whole = names
    time, many = source.ours("time_us"), source.ours("many")
    who: list[exp.Expr] = [source.column(name) for name in source.columns.actor]

    def numbered(value: exp.Expr, name: str) -> exp.Expr:
        return source.named(value, source.own(name))

    def where(condition: exp.Expr, name: str) -> exp.Expr:
        return numbered(_sum(condition, _one()), name)

    alone = exp.EQ(this=many.copy(), expression=_one())
    count = numbered(exp.Count(this=STAR), "many")
    pairs = from_step(exp.select(*who, count), events).group_by(*(each.copy() for each in who), time.copy())
    each = from_step(exp.select(numbered(exp.Sum(this=many.copy()), "many")), at_one_time)
    shared = exp.select(numbered(_sum(exp.not_(alone.copy()), many.copy()), "ties"))
    people = exp.select(numbered(exp.Count(this=STAR), "actor_count"), where(alone.copy(), "lone_actors"))
    facts = [numbered(exp.Min(this=time.copy()), "least"), numbered(exp.Max(this=time.copy()), "greatest")]
    facts.append(where(exp.GT(this=time.copy(), expression=exp.Literal.number(latest)), "future_events"))
    for at, grain in enumerate(grains):
        rest = exp.Mod(this=time.copy(), expression=exp.Literal.number(grain))
        facts.append(where(exp.NEQ(this=rest, expression=exp.Literal.number(0)), f"uneven_{at}"))
    steps: list[Step] = [
        (events, source.events((), source.dialect.has_row_numbers)),
        (at_one_time, pairs),
        (actors, each.group_by(*(name.copy() for name in who))),
        (tied, from_step(shared, at_one_time)),
        (counted, from_step(people, actors)),
    ]
    if source.dialect.has_row_numbers:
        order = exp.Order(expressions=[source.dialect.ordered(source.ours("input_row"))])
        before = exp.Window(this=exp.Lag(this=time.copy()), order=order)
        names.append(source.step("before"))
        told = from_step(exp.select(time.copy(), numbered(before, "time_before")), events)
        steps.append((names[-1], told))
        facts.append(where(exp.LT(this=time.copy(), expression=source.ours("time_before")), "disorder"))
    steps.append((whole, from_step(exp.select(*facts), names[-1] if len(names) > 6 else events)))
    columns = [source.ours(name) for name in ("ties", "actor_count", "lone_actors")]
    columns += [source.column(fact.alias) for fact in facts]
    query = from_step(exp.select(*columns), tied)
    for other in (counted, whole):
        query = query.join(step_table(other), join_type="cross")
    return with_steps(query, steps)


def different_rows(source: Source, names: Sequence[str]) -> exp.Select:
    """How many events there are of which no two are the same in these columns."""
    inner, once = source.events(names, numbered=False), source.step("once")
    events = source.step("events")
    rows = from_step(exp.select(*(source.column(name) for name in names)).distinct(), events)
    query = from_step(exp.select(source.named(exp.Count(this=STAR), source.own("many"))), once)
    return with_steps(query, [(events, inner), (once, rows)])


def frequent(source: Source, names: Sequence[str], most: int, part: str = "") -> exp.Select:
    """The most frequent texts of some columns: the place of the column among them, the text, how many events have it,
    and how many different ones there are; only those that contain a part, in capitals or not."""
    at, text, many = source.own("at_column"), source.own("value_of_it"), source.own("events_with_it")
    different, rank = source.own("different"), source.own("rank_of_it")
    steps: list[Step] = [(source.step("events"), source.events(names, numbered=False))]
    every: list[exp.Select] = []
    for place, name in enumerate(names):
        counted, ranked = source.step(f"counted_{place}"), source.step(f"ranked_{place}")
        by = [source.dialect.ordered(source.column(many), descending=True)]
        by.append(source.dialect.ordered(source.column(text)))
        among = exp.Window(this=exp.RowNumber(), order=exp.Order(expressions=by))
        count = exp.Window(this=exp.Count(this=STAR))
        steps.append((counted, from_step(_counted(source, name, part), source.step("events"))))
        told = exp.select(STAR, source.named(count, different), source.named(among, rank))
        steps.append((ranked, from_step(told, counted)))
        chosen = [source.column(each) for each in (text, many, different)]
        query = from_step(exp.select(source.named(exp.Literal.number(place), at), *chosen), ranked)
        every.append(query.where(exp.LTE(this=source.column(rank), expression=exp.Literal.number(most))))
    union: exp.Query = every[0]
    for query in every[1:]:
        union = exp.union(union, query, distinct=False)
    steps.append((source.step("frequent"), union))
    columns = [source.column(name) for name in (at, text, many, different)]
    return with_steps(from_step(exp.select(*columns), source.step("frequent")), steps)


def _counted(source: Source, name: str, part: str) -> exp.Select:
    """The values of a column that contain a part, and how many events have each."""
    column = source.column(name)
    chosen = [source.named(column, source.own("value_of_it"))]
    chosen.append(source.named(exp.Count(this=STAR), source.own("events_with_it")))
    query = exp.select(*chosen).where(exp.not_(column.copy().is_(exp.null()))).group_by(column.copy())
    if not part:
        return query
    inside = exp.StrPosition(this=exp.Lower(this=column.copy()), substr=exp.Literal.string(part.lower()))
    return query.where(exp.GT(this=inside, expression=exp.Literal.number(0)))


def nulls(source: Source, names: Sequence[str]) -> exp.Select:
    """How many events have no value in each of some columns."""
    chosen = [source.named(_nulls(source.column(name)), f"missing_{at}") for at, name in enumerate(names)]
    return _over(source, exp.select(*chosen), *names)


def ends(source: Source, names: Sequence[str]) -> exp.Select:
    """What `ends_of` says of each of some columns of events."""
    facts: list[exp.Expr] = []
    for at, name in enumerate(names):
        facts += _facts(source, at, source.column(name), source.schema[name].is_numeric())
    return _over(source, exp.select(*facts), *names)


def ends_of(source: Source, values: Sequence[exp.Expr]) -> exp.Select:
    """Of each of some values the least and the greatest, how many are missing, and how many are no whole numbers."""
    return exp.select(*(fact for at, value in enumerate(values) for fact in _facts(source, at, value, True)))


def _facts(source: Source, at: int, value: exp.Expr, number: bool) -> list[exp.Expr]:
    if source.dialect.name == "clickhouse":  # the least of nothing is 0 there, and null of what can be null
        value = exp.func("toNullable", value)
    odd = _sum(exp.not_(_is_whole(value)), _one()) if number else exp.Literal.number(0)
    found = {
        "least": exp.Min(this=value),
        "greatest": exp.Max(this=value.copy()),
        "missing": _nulls(value),
        "odd": odd,
    }
    return [source.named(each, source.own(f"{name}_{at}")) for name, each in found.items()]


def first_rows(source: Source, most: int) -> exp.Select:
    """Some of the events, with all columns."""
    query = exp.select(*(source.column(name) for name in source.schema))
    return _over(source, query, *source.schema).limit(most)


def sample(source: Source, places: list[int], where: exp.Expr | None) -> exp.Select:
    """The events at these places, from 0, of those that match, by actor and time."""
    numbered = source.step("placed_events")
    order = exp.Order(expressions=_in_order(source, *source.columns.actor))
    place = exp.Window(this=exp.RowNumber(), order=order)
    query = exp.select(STAR, source.named(place, source.own("place_of_event")))
    inner = _over(source, query, *source.schema, numbered=source.dialect.has_row_numbers)
    inner = inner if where is None else inner.where(where)
    steps = [(each.alias, each.this) for each in inner.ctes]
    inner.set("with_", None)
    columns = exp.select(*(source.column(name) for name in source.schema))
    at = exp.In(this=source.ours("place_of_event"), expressions=[exp.Literal.number(each + 1) for each in places])
    found = from_step(columns, numbered).where(at).order_by(source.dialect.ordered(source.ours("place_of_event")))
    return with_steps(found, [*steps, (numbered, inner)])


def _in_order(source: Source, *before: str) -> list[exp.Expr]:
    """The keys by which the events of an actor are ordered, behind others."""
    keys = [source.dialect.ordered(source.column(name)) for name in before]
    keys.append(source.dialect.ordered(source.ours("time_us")))
    keys += [exp.Ordered(this=source.column(name), nulls_first=True) for name in source.columns.order]
    return [*keys, *([source.dialect.ordered(source.ours("input_row"))] if source.dialect.has_row_numbers else [])]


def of_actor(source: Source, actor: str) -> exp.Select:
    """All events of one actor, in their order; a table has the actor's one row, its columns called by their place."""
    names = source.columns.actor
    query = exp.select(*(source.column(name) for name in source.schema))
    query = _over(source, query, *source.schema, numbered=source.dialect.has_row_numbers)
    for at, name in enumerate(names):
        one = exp.select(source.dialect.column(str(at))).from_(exp.table_(exp.to_identifier(actor)))
        query = query.where(exp.EQ(this=source.column(name), expression=exp.Subquery(this=one)))
    return query.order_by(*_in_order(source))


def of_actors(source: Source, actors: str, most: int) -> exp.Select:
    """The events of some actors, at most so many, one actor after the other; a table has a row for each actor, its
    columns called by their place."""
    names = source.columns.actor
    whose = [source.column(name) for name in names]
    query = exp.select(*(source.column(name) for name in source.schema))
    query = _over(source, query, *source.schema, numbered=source.dialect.has_row_numbers)
    chosen = exp.select(*(source.dialect.column(str(at)) for at in range(len(names))))
    among = exp.Subquery(this=chosen.from_(exp.table_(exp.to_identifier(actors))))
    query = query.where(exp.In(this=exp.Tuple(expressions=whose) if len(whose) > 1 else whose[0], query=among))
    return query.order_by(*(each.copy() for each in whose), *_in_order(source)).limit(most)


def _over(source: Source, query: exp.Select, *names: str, numbered: bool = False) -> exp.Select:
    events = source.step("events")
    return with_steps(from_step(query, events), [(events, source.events(names, numbered))])


def _nulls(value: exp.Expr) -> exp.Expr:
    return exp.Sub(this=exp.Count(this=STAR), expression=exp.Count(this=value.copy()))


def _is_whole(value: exp.Expr) -> exp.Expr:
    number = exp.cast(value.copy(), "double")
    return exp.or_(value.copy().is_(exp.null()), exp.EQ(this=number, expression=exp.Floor(this=number.copy())))


def _sum(condition: exp.Expr, value: exp.Expr) -> exp.Expr:
    """A sum of whole numbers where a condition holds, 0 of none."""
    chosen = exp.Case().when(condition, value).else_(exp.Literal.number(0))
    return exp.Coalesce(this=exp.Sum(this=chosen), expressions=[exp.Literal.number(0)])


def _one() -> exp.Expr:
    return exp.Literal.number(1)

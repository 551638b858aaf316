"""What there is in a column of events, as queries."""

from __future__ import annotations

from sqlglot import exp

from explorer.plan.in_sql.cutting import with_steps
from explorer.plan.in_sql.looking_back import STAR
from explorer.plan.in_sql.source import Source, from_step


def frequent(source: Source, name: str, most: int) -> exp.Select:
    """The most frequent values and how many events have each."""
    column, many = source.column(name), source.own("events_with_it")
    query = exp.select(column, source.named(exp.Count(this=STAR), many)).where(exp.not_(column.copy().is_(exp.null())))
    query = query.group_by(column.copy())
    by = [source.dialect.ordered(source.column(many), descending=True), source.dialect.ordered(column.copy())]
    return _over(source, query, name).order_by(*by).limit(most)


def containing(source: Source, name: str, text: str, most: int) -> exp.Select:
    """The most frequent values that contain a text, in capitals or not."""
    query = frequent(source, name, most)
    inside = exp.StrPosition(this=exp.Lower(this=source.column(name)), substr=exp.Literal.string(text.lower()))
    return query.where(exp.GT(this=inside, expression=exp.Literal.number(0)))


def distinct(source: Source, name: str) -> exp.Select:
    """How many different values there are, and how many events have none."""
    column = source.column(name)
    query = exp.select(
        source.named(exp.Count(this=exp.Distinct(expressions=[column])), source.own("different")),
        source.named(_nulls(column), source.own("missing")),
    )
    return _over(source, query, name)


def nulls(source: Source, name: str) -> exp.Select:
    """How many events have no value."""
    return _over(source, exp.select(source.named(_nulls(source.column(name)), source.own("missing"))), name)


def ends(source: Source, name: str) -> exp.Select:
    """What `ends_of` says of a column of events."""
    return _over(source, ends_of(source, source.column(name), source.schema[name].is_numeric()), name)


def ends_of(source: Source, value: exp.Expr, number: bool) -> exp.Select:
    """The least, the greatest and any value, how many are missing, and whether all are whole numbers."""
    if source.dialect.name == "clickhouse":  # the least of nothing is 0 there, and null of what can be null
        value = exp.func("toNullable", value)
    of_numbers = exp.Case().when(_is_whole(value), _one()).else_(exp.Literal.number(0))
    whole = exp.Min(this=of_numbers) if number else exp.Max(this=_one())
    found = {
        "least": exp.Min(this=value),
        "greatest": exp.Max(this=value.copy()),
        "any_of_them": exp.AnyValue(this=value.copy()),
        "missing": _nulls(value),
        "whole": exp.EQ(this=exp.Coalesce(this=whole, expressions=[exp.Literal.number(1)]), expression=_one()),
    }
    return exp.select(*(source.named(each, source.own(name)) for name, each in found.items()))


def first_rows(source: Source, most: int) -> exp.Select:
    """Some of the events, with all columns."""
    query = exp.select(*(source.column(name) for name in source.schema))
    return _over(source, query, *source.schema).limit(most)


def sample(source: Source, places: list[int], where: exp.Expr | None) -> exp.Select:
    """The events at these places, from 0, of those that match, by actor and time."""
    numbered = source.step("placed_events")
    keys = [source.column(name) for name in source.columns.actor]
    order = exp.Order(expressions=[*map(source.dialect.ordered, [*keys, source.ours("time_us")])])
    place = exp.Window(this=exp.RowNumber(), order=order)
    query = exp.select(STAR, source.named(place, source.own("place_of_event")))
    inner = _over(source, query if where is None else query.where(where), *source.schema)
    steps = [(each.alias, each.this) for each in inner.ctes]
    inner.set("with_", None)
    columns = exp.select(*(source.column(name) for name in source.schema))
    at = exp.In(this=source.ours("place_of_event"), expressions=[exp.Literal.number(each + 1) for each in places])
    found = from_step(columns, numbered).where(at).order_by(source.dialect.ordered(source.ours("place_of_event")))
    return with_steps(found, [*steps, (numbered, inner)])


def of_actor(source: Source, actor: str) -> exp.Select:
    """All events of one actor, in their order; a table has the actor's one row, its columns called by their place."""
    names = source.columns.actor
    query = exp.select(*(source.column(name) for name in source.schema))
    query = _over(source, query, *source.schema, numbered=source.dialect.has_row_numbers)
    for at, name in enumerate(names):
        one = exp.select(source.dialect.column(str(at))).from_(exp.table_(exp.to_identifier(actor)))
        query = query.where(exp.EQ(this=source.column(name), expression=exp.Subquery(this=one)))
    keys = [source.ours("time_us"), *(source.column(name) for name in source.columns.order)]
    if source.dialect.has_row_numbers:
        keys.append(source.ours("input_row"))
    return query.order_by(*(exp.Ordered(this=key, nulls_first=True) for key in keys))


def _over(source: Source, query: exp.Select, *names: str, numbered: bool = False) -> exp.Select:
    events = source.step("events")
    return with_steps(from_step(query, events), [(events, source.events(names, numbered))])


def _nulls(value: exp.Expr) -> exp.Expr:
    return exp.Sub(this=exp.Count(this=STAR), expression=exp.Count(this=value.copy()))


def _is_whole(value: exp.Expr) -> exp.Expr:
    number = exp.cast(value.copy(), "double")
    return exp.or_(value.copy().is_(exp.null()), exp.EQ(this=number, expression=exp.Floor(this=number.copy())))


def _one() -> exp.Expr:
    return exp.Literal.number(1)

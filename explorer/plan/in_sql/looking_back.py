"""The rules that look back at the session so far, as SQL: each event knows where a session that began at it would be
closed, and the sessions are the chain from one such place to the next."""

from dataclasses import dataclass

from sqlglot import exp

from explorer.errors import located
from explorer.plan.in_sql import walk
from explorer.plan.in_sql.source import Source, from_step, step_table
from explorer.spec.session import SessionDefinition

Step = tuple[str, exp.Query]
STAR = exp.Star()
NOWHERE = 2**53  # no stream has so many events


@dataclass(frozen=True)
class LookingBack:
    """Steps over events that know their `position` in their stream and, as `known`, why a session is closed there
    whatever it holds."""

    source: Source
    definition: SessionDefinition
    stream: list[exp.Expr]
    position: exp.Column
    known: str

    @property
    def looks_back(self) -> bool:
        """Whether any rule depends on where a session begins."""
        its = self.definition
        return its.max_duration is not None or its.max_events is not None or bool(its.restart_on_change)

    def steps(self, before: str) -> list[Step]:
        """From events with `known` to events with `closed_by`; with `opens_with` also `started_by` and `outside`."""
        found: list[Step] = []
        if self.looks_back:
            found += self._chained(before)
        if self.definition.opens_with is not None:
            found += self._opened(found[-1][0] if found else before)
        return found

    # ---- the chain

    def _chained(self, before: str) -> list[Step]:
        source = self.source
        steps: list[Step] = []
        if self.definition.restart_on_change:
            steps.append((source.step("valued"), from_step(exp.select(STAR, self._change()), before)))
        if self.definition.max_duration is not None and not source.dialect.has_far_frames:
            steps += self._overdue(steps[-1][0] if steps else before)
        ahead, chain = source.step("ahead"), source.step("chain")
        steps.append((ahead, self._ahead(steps[-1][0] if steps else before)))
        if source.dialect.walks:
            return [*steps, *self._walked(ahead, chain), (source.step("closed"), self._closed(ahead, chain))]
        anchor = self._link(ahead, exp.not_(self._of("closer", self.known).is_(exp.null())))
        followed = self._link(ahead, self._of("closer", self.known).is_(exp.null()), chain)
        steps.append((chain, exp.union(anchor, followed, distinct=False)))
        steps.append((source.step("closed"), self._closed(ahead, chain)))
        return steps

    def _walked(self, ahead: str, chain: str) -> list[Step]:
        """The same chain by a walk over the list of the events between two places where a session is closed whatever it
        holds, where a query that reads itself is asked anew for each session."""
        source = self.source
        stretched, walked, begun = (source.step(name) for name in ("stretched", "walked", "begun"))
        known = exp.not_(source.column(self.known).is_(exp.null()))
        order = exp.Order(expressions=[source.dialect.ordered(self.position.copy())])
        count = exp.Window(
            this=exp.Count(this=source.column(self.known)),
            partition_by=[key.copy() for key in self.stream],
            order=order,
        )
        keys = [*self.stream, source.ours("stretch")]
        opening = source.ours("opening_at") if self.definition.opens_with is not None else self.position
        begins = walk.begins(self.position, source.ours("closed_at"), known, opening)
        lists = from_step(exp.select(*keys, source.named(begins, source.own("begins"))), stretched)
        each = source.named(exp.Anonymous(this="EXPLODE", expressions=[source.ours("begins")]), source.own("begins_at"))
        chosen = [source.named(self._of(ahead, name), name) for name in self._names]
        chosen += [source.column_of(name, ahead) for name in ("closed_at", *self._told)]
        there = exp.EQ(this=self._position(ahead), expression=source.column_of("begins_at", begun))
        links = from_step(exp.select(*chosen, source.column_of("begins_at", begun)), ahead)
        return [
            (stretched, from_step(exp.select(STAR, source.named(count, source.own("stretch"))), ahead)),
            (walked, lists.group_by(*(key.copy() for key in keys))),
            (begun, from_step(exp.select(*(key.copy() for key in self.stream), each), walked)),
            (chain, links.join(step_table(begun), on=exp.and_(self._same(ahead, begun), there))),
        ]

    def _change(self) -> exp.Expr:
        """The position of the next event with another value, of the nearest of the columns that change."""
        found = []
        for name in self.definition.restart_on_change:
            value = self.source.column(name)
            missing = value.is_(exp.null())
            # Among the events that have a value, the next one is that of the next row: no window need ignore nulls.
            differs = exp.NEQ(this=self._next(value.copy(), missing), expression=value.copy())
            there = exp.Nullif(this=self._next(self.position.copy(), missing), expression=exp.Literal.number(0))
            at = exp.Case().when(exp.and_(exp.not_(missing.copy()), differs), there)
            found.append(_or_nowhere(at))
        return self.source.named(_least(found), self.source.own("change"))

    def _next(self, value: exp.Expr, among: exp.Expr) -> exp.Window:
        order = exp.Order(expressions=[self.source.dialect.ordered(self.position.copy())])
        stream = [key.copy() for key in self.stream]
        return exp.Window(this=exp.Lead(this=value), partition_by=[*stream, among.copy()], order=order)

    def _ahead(self, before: str) -> exp.Select:
        """Where a session that begins at an event is closed: `closed_at`, of which the parts are told too."""
        source, its = self.source, self.definition
        known = exp.Case().when(exp.not_(source.column(self.known).is_(exp.null())), self.position.copy())
        parts = {"known_at": _or_nowhere(self._following(exp.Min(this=known)))}
        if its.max_duration is not None:
            parts["beyond_at"] = _or_nowhere(self._over(its.max_duration.us + 1))
        if its.max_events is not None:
            parts["full_at"] = exp.Add(this=self.position.copy(), expression=exp.Literal.number(its.max_events))
        if its.restart_on_change:
            parts["change_at"] = self._following(exp.Min(this=source.ours("change")), 0)
        chosen = [source.named(value, source.own(name)) for name, value in parts.items()]
        least = _least([value.copy() for value in parts.values()])
        chosen.append(source.named(least, source.own("closed_at")))
        if its.opens_with is not None:
            with located("opens_with"):
                matching = exp.Case().when(source.condition(its.opens_with), self.position.copy())
            opening = _or_nowhere(self._following(exp.Min(this=matching), 0))
            chosen.append(source.named(opening, source.own("opening_at")))
        return from_step(exp.select(STAR, *chosen), before)

    def _over(self, us: int) -> exp.Expr:
        """The position of the first event of the stream that comes so much later."""
        if not self.source.dialect.has_far_frames:
            return self.source.ours("overdue")
        return self._following(exp.Min(this=self.position.copy()), us, self.source.ours("time_us"))

    def _overdue(self, before: str) -> list[Step]:
        """The same by a join to the nearest later time, where a frame does not reach so far."""
        source, its = self.source, self.definition
        assert its.max_duration is not None
        times, overdue = source.step("times"), source.step("late")
        place, time_us = source.own("at_time"), source.own("time_us")
        streams = [key.copy() for key in self.stream]
        first = source.named(exp.Min(this=self.position.copy()), place)
        step = from_step(exp.select(*streams, source.ours("time_us"), first), before)
        step = step.group_by(*(key.copy() for key in streams), source.ours("time_us"))
        limit = exp.Literal.number(its.max_duration.us)
        far = exp.Add(this=source.dialect.column(time_us, before), expression=limit)
        later = exp.GT(this=source.dialect.column(time_us, times), expression=far)
        pairs = []
        for name in self._names:
            one: exp.Expr = self._of(before, name)
            other: exp.Expr = self._of(times, name)
            if name in its.split_by:  # a null is the same as a null
                one, other = _written(one), _written(other)
            pairs.append(exp.EQ(this=one, expression=other))
        # Where nothing is joined, ClickHouse says 0 in the place of null.
        found = exp.Nullif(this=self._of(times, place), expression=exp.Literal.number(0))
        columns = exp.Column(this=exp.Star(), table=exp.to_identifier(before))
        query = from_step(exp.select(columns, source.named(found, source.own("overdue"))), before)
        on = exp.and_(*pairs, later)
        joined = exp.Join(this=step_table(times), side="LEFT", kind="ASOF", on=on)
        query.append("joins", joined)
        return [(times, step), (overdue, query)]

    def _link(self, ahead: str, closer: exp.Expr, chain: str | None = None) -> exp.Select:
        """Sessions that begin where one is closed: anywhere, or at the end of the last link of the chain."""
        source = self.source
        its = "session" if self.definition.opens_with is not None else "closer"
        # Where tables are joined, ClickHouse calls a column by its table too unless it is named.
        kept = [*self._names, *(source.own(name) for name in ("closed_at", *self._told))]
        chosen = [source.named(self._of(its, name), name) for name in kept]
        chosen.append(source.named(self._position(its), source.own("begins_at")))
        table = step_table(chain or ahead)
        query = exp.select(*chosen).from_(table if chain else exp.alias_(table, "closer", table=True))
        if chain:
            there = exp.EQ(this=self._position("closer"), expression=source.column_of("closed_at", chain))
            on = exp.and_(self._same(chain, "closer"), there)
            query = query.join(exp.alias_(step_table(ahead), "closer", table=True), on=on)
        if its == "session":
            opening = exp.EQ(this=self._position("session"), expression=source.column_of("opening_at", "closer"))
            on = exp.and_(self._same("closer", "session"), opening)
            query = query.join(exp.alias_(step_table(ahead), "session", table=True), on=on)
            inside = exp.LT(this=self._position("session"), expression=source.column_of("known_at", "closer"))
            closer = exp.and_(closer, inside)
        return query.where(closer)

    def _closed(self, ahead: str, chain: str) -> exp.Select:
        """Why a session is closed at an event, or the stream begins: `closed_by`."""
        source, its = self.source, self.definition
        known = source.dialect.column(self.known, ahead)
        # Where nothing is joined, ClickHouse says 0 in the place of null.
        there = source.column_of("closed_at", chain)
        closed = exp.Nullif(this=there.copy(), expression=exp.Literal.number(0))
        reason = exp.Case()
        first = exp.In(this=known.copy(), expressions=[exp.Literal.string(name) for name in ("first", "restart")])
        reason = reason.when(first, known.copy())
        if its.restart_on_change:
            same = exp.EQ(this=source.column_of("change_at", chain), expression=closed.copy())
            reason = reason.when(same, exp.Literal.string("change"))
        reason = reason.when(exp.not_(known.copy().is_(exp.null())), known.copy())
        if its.max_duration is not None:
            over = exp.LTE(this=source.column_of("beyond_at", chain), expression=closed.copy())
            reason = reason.when(over, exp.Literal.string("max_duration"))
        if its.max_events is not None:
            reason = reason.when(exp.not_(closed.copy().is_(exp.null())), exp.Literal.string("max_events"))
        columns = exp.Column(this=exp.Star(), table=exp.to_identifier(ahead))
        at = exp.EQ(this=source.dialect.column(self.position.name, ahead), expression=there)
        query = from_step(exp.select(columns, source.named(reason, source.own("closed_by"))), ahead)
        return query.join(step_table(chain), on=exp.and_(self._same(ahead, chain), at), join_type="left")

    # ---- opening events

    def _opened(self, before: str) -> list[Step]:
        """Sessions begin at the first opening event since one was closed; until then events are outside."""
        source, its = self.source, self.definition
        assert its.opens_with is not None
        with located("opens_with"):
            opens = source.condition(its.opens_with, definite=True)
        order = exp.Order(expressions=[source.dialect.ordered(self.position.copy())])
        one = exp.Case().when(opens, exp.Literal.number(1)).else_(exp.Literal.number(0))
        count = exp.Window(this=exp.Sum(this=one), partition_by=self.stream, order=order)
        since = exp.Sub(this=count, expression=one.copy())
        matched = exp.select(
            STAR, source.named(opens.copy(), source.own("opens")), source.named(since, source.own("openings"))
        )
        closed_by = source.own("closed_by") if self.looks_back else self.known
        group = [*self.stream, source.ours("openings")]
        has = exp.not_(source.column(closed_by).is_(exp.null()))
        place = exp.Min(this=exp.Case().when(has, self.position.copy()))
        placed = exp.Window(this=place, partition_by=group, order=order.copy())
        there = exp.EQ(this=self.position.copy(), expression=source.ours("closed_since"))
        reason = exp.Max(this=exp.Case().when(there, source.column(closed_by)))
        first = exp.Window(this=reason, partition_by=[key.copy() for key in group], order=order.copy())
        started = exp.Case().when(source.ours("opens"), source.ours("since_closed"))
        outside = exp.and_(exp.not_(source.ours("opens")), exp.not_(source.ours("since_closed").is_(exp.null())))
        last = exp.select(
            STAR, source.named(started, source.own("started_by")), source.named(outside, source.own("outside"))
        )
        names = [source.step(name) for name in ("matched", "looked", "told", "opened")]
        return [
            (names[0], from_step(matched, before)),
            (names[1], from_step(exp.select(STAR, source.named(placed, source.own("closed_since"))), names[0])),
            (names[2], from_step(exp.select(STAR, source.named(first, source.own("since_closed"))), names[1])),
            (names[3], from_step(last, names[2])),
        ]

    # ---- pieces

    @property
    def _names(self) -> list[str]:
        return [column.name for column in self.stream]

    @property
    def _told(self) -> list[str]:
        its = self.definition
        found = ["change_at"] if its.restart_on_change else []
        return [*found, "beyond_at"] if its.max_duration is not None else found

    def _of(self, table: str, name: str) -> exp.Column:
        return self.source.dialect.column(name, table)

    def _position(self, table: str) -> exp.Column:
        return self._of(table, self.position.name)

    def _same(self, one: str, other: str) -> exp.Expr:
        parts = []
        for name in self._names:
            pair = self._of(one, name), self._of(other, name)
            nullable = name in self.definition.split_by
            parts.append(self.source.dialect.same(*pair) if nullable else exp.EQ(this=pair[0], expression=pair[1]))
        return exp.and_(*parts)

    def _following(self, function: exp.Expr, rows: int = 1, by: exp.Column | None = None) -> exp.Window:
        """A function over the events of the stream that follow: so many places or, in order of `by`, so far later.

        They are taken from the last one on: most databases count a frame that only grows as they go.
        """
        end: dict[str, object] = {"end": exp.Literal.number(rows), "end_side": "PRECEDING"}
        if not rows:
            end = {"end": "CURRENT ROW"}
        kind = "RANGE" if by is not None else "ROWS"
        spec = exp.WindowSpec(kind=kind, start="UNBOUNDED", start_side="PRECEDING", **end)
        order = exp.Order(expressions=[self.source.dialect.ordered(by or self.position.copy(), descending=True)])
        return exp.Window(this=function, partition_by=[key.copy() for key in self.stream], order=order, spec=spec)


def _or_nowhere(place: exp.Expr) -> exp.Expr:
    return exp.Coalesce(this=place, expressions=[exp.Literal.number(NOWHERE)])


def _written(value: exp.Expr) -> exp.Expr:
    """A value as a text that is never null, and another one for every value."""
    text = exp.DPipe(this=exp.Literal.string("="), expression=exp.cast(value, "text"), safe=True)
    return exp.Coalesce(this=text, expressions=[exp.Literal.string("")])


def _least(places: list[exp.Expr]) -> exp.Expr:
    return places[0] if len(places) == 1 else exp.Least(this=places[0], expressions=places[1:])

"""The rules that look back at the session so far, as SQL: each event knows where a session that began at it would be
closed, and the sessions are the chain from one such place to the next."""

from dataclasses import dataclass

from sqlglot import exp

from explorer.errors import EngineError, located
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

    def __post_init__(self) -> None:
        its, dialect = self.definition, self.source.dialect
        for rule in ("restart_on_change", "opens_with"):
            if getattr(its, rule) and dialect.name == "postgres":
                raise EngineError(
                    f"{rule} is not written for {dialect.spoken}, whose windows cannot ignore nulls. "
                    "Run it on DuckDB or on a file."
                )

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
        ahead, chain = source.step("ahead"), source.step("chain")
        steps.append((ahead, self._ahead(steps[-1][0] if steps else before)))
        anchor = self._link(ahead, exp.not_(self._of("closer", self.known).is_(exp.null())))
        followed = self._link(ahead, self._of("closer", self.known).is_(exp.null()), chain)
        steps.append((chain, exp.union(anchor, followed, distinct=False)))
        steps.append((source.step("closed"), self._closed(ahead, chain)))
        return steps

    def _change(self) -> exp.Expr:
        """The position of the next event with another value, of the nearest of the columns that change."""
        found = []
        for name in self.definition.restart_on_change:
            value = self.source.column(name)
            has = exp.not_(value.is_(exp.null()))
            place = exp.Case().when(has, self.position.copy())
            other = exp.IgnoreNulls(this=exp.FirstValue(this=value.copy()))
            differs = exp.NEQ(this=self._following(other), expression=value.copy())
            at = exp.Case().when(exp.and_(has.copy(), differs), self._following(exp.Min(this=place)))
            found.append(_or_nowhere(at))
        return self.source.named(_least(found), self.source.own("change"))

    def _ahead(self, before: str) -> exp.Select:
        """Where a session that begins at an event is closed: `closed_at`, of which the parts are told too."""
        source, its = self.source, self.definition
        known = exp.Case().when(exp.not_(source.column(self.known).is_(exp.null())), self.position.copy())
        parts = {"known_at": _or_nowhere(self._following(exp.Min(this=known)))}
        if its.max_duration is not None:
            over = self._following(exp.Min(this=self.position.copy()), its.max_duration.us + 1, source.ours("time_us"))
            parts["beyond_at"] = _or_nowhere(over)
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

    def _link(self, ahead: str, closer: exp.Expr, chain: str | None = None) -> exp.Select:
        """Sessions that begin where one is closed: anywhere, or at the end of the last link of the chain."""
        source = self.source
        its = "session" if self.definition.opens_with is not None else "closer"
        chosen: list[exp.Expr] = [self._of(its, name) for name in self._names]
        chosen += [source.named(self._position(its), source.own("begins_at")), self._of(its, source.own("closed_at"))]
        chosen += [self._of(its, source.own(name)) for name in self._told]
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
        closed = source.column_of("closed_at", chain)
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
        at = exp.EQ(this=source.dialect.column(self.position.name, ahead), expression=closed.copy())
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
        first = exp.Window(
            this=exp.IgnoreNulls(this=exp.FirstValue(this=source.column(closed_by))),
            partition_by=[*self.stream, source.ours("openings")],
            order=order.copy(),
        )
        told = exp.select(STAR, source.named(first, source.own("since_closed")))
        started = exp.Case().when(source.ours("opens"), source.ours("since_closed"))
        outside = exp.and_(exp.not_(source.ours("opens")), exp.not_(source.ours("since_closed").is_(exp.null())))
        last = exp.select(
            STAR, source.named(started, source.own("started_by")), source.named(outside, source.own("outside"))
        )
        names = [source.step(name) for name in ("matched", "told", "opened")]
        return [
            (names[0], from_step(matched, before)),
            (names[1], from_step(told, names[0])),
            (names[2], from_step(last, names[1])),
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
        """A function over the events of the stream that follow: so many places or, in order of `by`, so far later."""
        start: dict[str, object] = {"start": exp.Literal.number(rows), "start_side": "FOLLOWING"}
        if not rows:
            start = {"start": "CURRENT ROW"}
        kind = "RANGE" if by is not None else "ROWS"
        spec = exp.WindowSpec(kind=kind, end="UNBOUNDED", end_side="FOLLOWING", **start)
        order = exp.Order(expressions=[self.source.dialect.ordered(by or self.position.copy())])
        return exp.Window(this=function, partition_by=[key.copy() for key in self.stream], order=order, spec=spec)


def _or_nowhere(place: exp.Expr) -> exp.Expr:
    return exp.Coalesce(this=place, expressions=[exp.Literal.number(NOWHERE)])


def _least(places: list[exp.Expr]) -> exp.Expr:
    return places[0] if len(places) == 1 else exp.Least(this=places[0], expressions=places[1:])

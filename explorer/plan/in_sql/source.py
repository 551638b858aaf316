"""The events as a table: their columns, and names that clash with none of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import polars as pl
from sqlglot import exp

from explorer.errors import EngineError, located
from explorer.plan.column_text import type_of
from explorer.plan.in_sql.dialect import Dialect
from explorer.plan.in_sql.predicate import expression, predicate
from explorer.plan.literal import TEXTS, type_word
from explorer.plan.meaning import Schema, dtype_of
from explorer.spec.columns import Columns
from explorer.spec.derived import Derived
from explorer.spec.expression.clause import Clause

NOT_IN_SQL = {"identity": "stitch users and devices", "until": "let events last"}


@dataclass(frozen=True)
class Source:
    """A table of events. Times without an offset are read in `zone`, else in the zone of the columns.

    `members` are columns that say whether an event's actor is in a cohort: each has a table of its actors, whose
    columns are called by their place. `counted` is for databases whose rows have no number: events are counted within
    their actor, and the number stays theirs where the step that counts them is kept. Events later than `latest`, in
    microseconds, came to the table after it was opened, and are left out.
    """

    table: str
    columns: Columns
    schema: Schema
    dialect: Dialect
    zone: str | None = None
    now: int | None = None
    members: Mapping[str, str] = field(default_factory=dict)
    counted: bool = False
    latest: int | None = None

    def __post_init__(self) -> None:
        for role, what in NOT_IN_SQL.items():
            if getattr(self.columns, role) is not None:
                with located(f"columns.{role}"):
                    raise EngineError(f"SQL does not {what} yet. Read the source as a file, or leave it out.")
        known = dict(self.schema)
        for each in self.columns.derived:
            if each.name not in known:
                with located(f"columns.derived.{each.name}"):
                    known[each.name] = type_of(str(each.value), known, self.said_in, self.now)
        object.__setattr__(self, "schema", known)
        for name in (*self.columns.actor, self.columns.time, *self.columns.order):
            dtype_of(name, self.schema)
        kind = self.schema[self.columns.time]
        if not isinstance(kind, pl.Datetime | pl.Date):
            raise EngineError(
                f"'{self.columns.time}' is a {type_word(kind)}; SQL cuts sessions by a timestamp. "
                "Make it one where the table is made, or read the table as a file or a frame."
            )

    @property
    def aware(self) -> bool:
        """Whether the times know their zone."""
        return getattr(self.schema[self.columns.time], "time_zone", None) is not None

    @property
    def has_row_numbers(self) -> bool:
        """Whether events have numbers that tell those of one actor apart."""
        return self.counted or self.dialect.has_row_numbers

    @property
    def said_in(self) -> str | None:
        """The zone of times that are said without an offset."""
        return self.zone or self.columns.time_zone

    # ---- names

    def own(self, name: str) -> str:
        """A name of ours that no column of the events has."""
        return free(name, self.schema)

    def step(self, name: str) -> str:
        """The name of a step of the query, other than the table's."""
        return free(name, [self.table, *self.schema])

    def column(self, name: str) -> exp.Column:
        """A column by its name."""
        return self.dialect.column(name)

    def ours(self, name: str) -> exp.Column:
        """A column of ours, such as place."""
        return self.column(self.own(name))

    def named(self, value: exp.Expr, name: str) -> exp.Expr:
        """A value under a name."""
        return exp.alias_(value, self.dialect.identifier(name))

    # ---- what is read

    def column_of(self, name: str, step: str) -> exp.Column:
        """A column of ours of a step."""
        return self.dialect.column(self.own(name), step)

    def condition(self, clause: Clause, table: str | None = None, definite: bool = False) -> exp.Expr:
        """A clause on events, whose columns are those of a table when it is said."""
        columns = {name: self.dialect.column(name, table) for name in self.schema} if table else None
        return predicate(clause, self.schema, self.dialect, self.said_in, columns, definite, now=self.now)

    def events(self, needed: Iterable[str], numbered: bool) -> exp.Select:
        """The rows with an actor and a time; with `numbered`, each with its place in the table."""
        names = dict.fromkeys([*self.columns.actor, self.columns.time, *needed])
        time = self.read(self.columns.time)
        chosen: list[exp.Expr] = []
        for name in names:
            value = self.read(name)
            chosen.append(value if isinstance(value, exp.Column) else self.named(value, name))
        chosen.append(self.named(self.dialect.microseconds(time, self.aware), self.own("time_us")))
        if numbered:
            chosen.append(self.named(self._number(time), self.own("input_row")))
        present: list[exp.Expr] = [
            exp.not_(self._read(name).is_(exp.null())) for name in (*self.columns.actor, self.columns.time)
        ]
        if self.latest is not None:
            last = exp.Literal.number(self.latest)
            present.append(exp.LTE(this=self.dialect.microseconds(time.copy(), self.aware), expression=last))
        return exp.select(*chosen).from_(self.from_table()).where(*present)

    def _number(self, time: exp.Expr) -> exp.Expr:
        """The number of an event: the place of its row, or where rows have none the place among those of its actor."""
        if self.dialect.has_row_numbers:
            return exp.Window(this=exp.RowNumber())
        keys = [self.dialect.ordered(time.copy())]
        keys += [exp.Ordered(this=self.read(name), nulls_first=True) for name in self.columns.order]
        actor = [self.read(name) for name in self.columns.actor]
        return exp.Window(this=exp.RowNumber(), partition_by=actor, order=exp.Order(expressions=keys))

    def from_table(self) -> exp.Table:
        """The table; a name with dots in it names its schema too."""
        return self.dialect.table(self.table)

    def read(self, name: str) -> exp.Expr:
        """A column as it is loaded: no NaN, times in microseconds, texts as texts that are ordered by their letters'
        codes, durations as microseconds."""
        found = self._read(name)
        return self.dialect.by_code(found) if isinstance(self.schema[name], TEXTS) else found

    def _read(self, name: str) -> exp.Expr:
        if name in self.members:
            return self._belongs(self.members[name])
        derived = next((each for each in self.columns.derived if each.name == name), None)
        if derived is not None:
            return self._derived(derived)
        dtype, found = dtype_of(name, self.schema), self.column(name)
        if dtype.is_float():
            return self._without_nan(found)
        if isinstance(dtype, pl.Categorical | pl.Enum):
            return exp.cast(found, "text")
        if isinstance(dtype, pl.Duration):
            if self.dialect.name != "duckdb":
                raise EngineError(f"'{name}' is a duration, and {self.dialect.spoken} has none. Keep microseconds.")
            return exp.func("EPOCH_US", found)
        if dtype == pl.Datetime("ns") and self.dialect.name == "duckdb" and name == self.columns.time:
            # A cast would round to the next microsecond.
            whole = exp.IntDiv(this=exp.func("EPOCH_NS", found), expression=exp.Literal.number(1000))
            return exp.func("MAKE_TIMESTAMP", whole)
        if name == self.columns.time and dtype != pl.Datetime("us", getattr(dtype, "time_zone", None)):
            return exp.cast(found, "timestamptz" if self.aware else "timestamp")
        return found

    def _belongs(self, table: str) -> exp.Expr:
        """Whether the actor is one of those in a table."""
        actor = [self.read(name) for name in self.columns.actor]
        places = [self.dialect.column(str(at)) for at in range(len(actor))]
        listed = exp.select(*places).from_(exp.table_(self.dialect.identifier(table)))
        one = actor[0] if len(actor) == 1 else exp.Tuple(expressions=actor)
        return exp.In(this=one, query=exp.Subquery(this=listed))

    def _derived(self, derived: Derived) -> exp.Expr:
        """A derived column from those of the table."""
        known = {name: self.read(name) for name in derived.needs if name in self.schema}
        with located(f"columns.derived.{derived.name}"):
            return expression(derived.value, self.schema, self.dialect, self.said_in, known, self.now)

    def _without_nan(self, number: exp.Column) -> exp.Expr:
        if self.dialect.name in ("postgres", "snowflake"):
            return exp.Nullif(this=number, expression=exp.cast(exp.Literal.string("NaN"), "double"))
        return exp.Case().when(exp.not_(exp.IsNan(this=number)), number.copy())


def from_step(query: exp.Select, step: str) -> exp.Select:
    """A query over an earlier step."""
    return query.from_(step_table(step), copy=False)


def step_table(step: str) -> exp.Table:
    """An earlier step of the query as a table."""
    return exp.table_(exp.to_identifier(step))


def free(name: str, taken: Iterable[str]) -> str:
    """The name, with as many underscores behind it as it needs to be no other's.

    >>> free("start", ["Start", "start_"])
    'start__'
    """
    known = {other.casefold() for other in taken}
    while name.casefold() in known:
        name += "_"
    return name

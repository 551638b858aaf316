"""The tree of everything that is written: conditions, which are true or false, and values, which may be null.

A plain text on the left of a condition is the name of a column; on the right it is a value. What a text means beside a
time or a duration (`'2024-03-01'`, `'1h'`) is decided where the types of columns are known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from typing import Any as Anything
from typing import Literal, TypeVar

Value = str | int | float | bool
CompareOp = Literal["=", "!=", "<", "<=", ">", ">="]
MatchOp = Literal["like", "ilike", "contains", "starts_with", "ends_with", "regexp"]


class Clause:
    """A condition; its text is `str(clause)`."""

    def __str__(self) -> str:
        from explorer.spec.expression.text import text

        return text(self)

    def __repr__(self) -> str:
        return f"parse({str(self)!r})"


class Expression:
    """A value for every row; its text is `str(expression)`."""

    def __str__(self) -> str:
        from explorer.spec.expression.text import expression_text

        return expression_text(self)

    def __repr__(self) -> str:
        return f"parse_value({str(self)!r})"


# ---- values


@dataclass(frozen=True, repr=False)
class Column(Expression):
    """A column, or the field of a record as `device.category`."""

    name: str


@dataclass(frozen=True, repr=False)
class Constant(Expression):
    """What is said: a text, a number, a truth value or null."""

    value: Value | None

    def __eq__(self, other: object) -> bool:  # 1, 1.0 and TRUE are different things to say
        return isinstance(other, Constant) and (type(self.value), self.value) == (type(other.value), other.value)

    def __hash__(self) -> int:
        return hash((type(self.value), self.value))


@dataclass(frozen=True, repr=False)
class Call(Expression):
    """A function or a sign of arithmetic, by its name in the table of functions."""

    function: str
    arguments: tuple[Expression, ...] = ()


@dataclass(frozen=True, repr=False)
class Cast(Expression):
    """A value as one of another kind: `kind` is a word of `CASTS`."""

    value: Expression
    kind: str


@dataclass(frozen=True, repr=False)
class Case(Expression):
    """The value of the first branch whose condition holds, else `otherwise`, else null."""

    branches: tuple[tuple[Clause, Expression], ...]
    otherwise: Expression | None = None


@dataclass(frozen=True, repr=False)
class Truth(Expression):
    """A condition as a value: true or false, never null."""

    clause: Clause


# ---- conditions

Left = str | Expression
Right = Value | Expression


class _Leaf(Clause):
    """A condition on values; a bare column is kept by its name and a constant as what it says."""

    def __post_init__(self) -> None:
        for field in fields(self):  # type: ignore[arg-type]
            value = getattr(self, field.name)
            plain = tuple(map(_plain, value)) if isinstance(value, tuple) else _plain(value)
            if field.name == "column" and isinstance(value, Column):
                plain = value.name
            elif field.name == "column" and isinstance(value, Constant):
                plain = value
            object.__setattr__(self, field.name, plain)


@dataclass(frozen=True, repr=False)
class Compare(_Leaf):
    column: Left
    op: CompareOp
    value: Right


@dataclass(frozen=True, repr=False)
class Between(_Leaf):
    """Both ends belong to it."""

    column: Left
    low: Right
    high: Right


@dataclass(frozen=True, repr=False)
class In(_Leaf):
    column: Left
    values: tuple[Right, ...]


@dataclass(frozen=True, repr=False)
class Matches(_Leaf):
    column: Left
    op: MatchOp
    pattern: str | Expression


@dataclass(frozen=True, repr=False)
class IsNull(_Leaf):
    column: Left


@dataclass(frozen=True, repr=False)
class All(Clause):
    """True when every clause is; `All(())` is true."""

    clauses: tuple[Clause, ...]


@dataclass(frozen=True, repr=False)
class Any(Clause):
    """True when one clause is; `Any(())` is false."""

    clauses: tuple[Clause, ...]


@dataclass(frozen=True, repr=False)
class Not(Clause):
    clause: Clause


Leaf = Compare | Between | In | Matches | IsNull
Node = Clause | Expression
N = TypeVar("N", bound=Node)


def _plain(value: Anything) -> Anything:
    return value.value if isinstance(value, Constant) and value.value is not None else value


def left(operand: Left) -> Expression:
    """The left side of a condition as an expression."""
    return Column(operand) if isinstance(operand, str) else operand


def right(operand: Right) -> Expression:
    """The right side of a condition as an expression."""
    return operand if isinstance(operand, Expression) else Constant(operand)


def said(operand: Right) -> Value:
    """What stands on the right side of a simple condition; raises TypeError for what is computed."""
    if isinstance(operand, Expression):
        raise TypeError(f"{operand} is computed, not said")
    return operand


def operands(leaf: Leaf) -> tuple[Expression, ...]:
    """The values that a condition is about, the left one first.

    >>> [str(side) for side in operands(Compare("a", ">", Column("b")))]
    ['a', 'b']
    """
    match leaf:
        case Compare(column, _, value):
            return left(column), right(value)
        case Between(column, low, high):
            return left(column), right(low), right(high)
        case In(column, values):
            return left(column), *map(right, values)
        case Matches(column, _, pattern):
            return left(column), right(pattern)
    return (left(leaf.column),)


def sides(leaf: Leaf) -> tuple[Right, ...]:
    """What stands on the right side of a condition, as it is kept.

    >>> sides(Between("a", 1, Column("b")))
    (1, parse_value('b'))
    """
    match leaf:
        case Compare(_, _, value) | Matches(_, _, value):
            return (value,)
        case Between(_, low, high):
            return low, high
        case In(_, values):
            return values
    return ()


def is_simple(leaf: Leaf) -> bool:
    """Whether a condition asks one column about values that are said: what a row of a form can always show.

    >>> is_simple(Compare("a", "=", 1)), is_simple(Compare("a", "=", Column("b")))
    (True, False)
    """
    return isinstance(leaf.column, str) and all(isinstance(side, Constant) for side in operands(leaf)[1:])


def leaves(clause: Clause | None) -> Iterator[Leaf]:
    """The conditions that AND, OR and NOT join, from left to right."""
    match clause:
        case All(inner) | Any(inner):
            for part in inner:
                yield from leaves(part)
        case Not(part):
            yield from leaves(part)
        case Compare() | Between() | In() | Matches() | IsNull():
            yield clause


def parts(node: Node) -> Iterator[Node]:
    """A node and everything in it, from the outside in."""
    yield node
    match node:
        case Call(_, inner):
            for value in inner:
                yield from parts(value)
        case Cast(value):
            yield from parts(value)
        case Truth(clause):
            yield from parts(clause)
        case Case(branches, otherwise):
            for condition, value in branches:
                yield from parts(condition)
                yield from parts(value)
            if otherwise is not None:
                yield from parts(otherwise)
        case All(clauses) | Any(clauses):
            for clause in clauses:
                yield from parts(clause)
        case Not(clause):
            yield from parts(clause)
        case Compare() | Between() | In() | Matches() | IsNull():
            for side in operands(node):
                yield from parts(side)


def columns(node: Node | None) -> tuple[str, ...]:
    """The columns that a condition or a value reads, each once, in order.

    >>> from explorer.spec.expression.clause import parse
    >>> columns(parse("a > 1 AND (b IS NULL OR lower(c) = a)"))
    ('a', 'b', 'c')
    """
    if node is None:
        return ()
    return tuple(dict.fromkeys(part.name for part in parts(node) if isinstance(part, Column)))


def mapped(node: N, change: Callable[[Expression], Expression | None]) -> N:
    """The same tree with other values in it: what `change` answers with None is looked into.

    >>> from explorer.spec.expression.clause import parse
    >>> mapped(parse("a > b"), lambda node: Column("c") if node == Column("b") else None)
    parse('a > c')
    """
    return _Mapping(change).node(node)  # type: ignore[return-value]


@dataclass(frozen=True)
class _Mapping:
    change: Callable[[Expression], Expression | None]

    def node(self, node: Node) -> Node:
        if isinstance(node, Clause):
            return self.clause(node)
        found = self.change(node)
        return self.inside(node) if found is None else found

    def value(self, node: Expression) -> Expression:
        found = self.change(node)
        return self.inside(node) if found is None else found

    def inside(self, node: Expression) -> Expression:
        match node:
            case Call(function, arguments):
                return Call(function, tuple(map(self.value, arguments)))
            case Cast(value, kind):
                return Cast(self.value(value), kind)
            case Truth(clause):
                return Truth(self.clause(clause))
            case Case(branches, otherwise):
                inner = tuple((self.clause(condition), self.value(value)) for condition, value in branches)
                return Case(inner, None if otherwise is None else self.value(otherwise))
        return node

    def clause(self, node: Clause) -> Clause:
        match node:
            case All(inner):
                return All(tuple(map(self.clause, inner)))
            case Any(inner):
                return Any(tuple(map(self.clause, inner)))
            case Not(inner):
                return Not(self.clause(inner))
            case Compare() | Between() | In() | Matches() | IsNull():
                first, *others = map(self.value, operands(node))
                changes: dict[str, Anything] = {"column": first}
                names = [field.name for field in fields(node) if field.name not in ("column", "op")]
                changes |= {names[0]: tuple(others)} if isinstance(node, In) else dict(zip(names, others, strict=True))
                return replace(node, **changes)
        return node

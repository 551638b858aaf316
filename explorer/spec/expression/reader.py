"""SQL text in, the tree out; what is not in the language is refused by name and place."""

from __future__ import annotations

from collections.abc import Iterator
from math import isfinite
from typing import Any as Anything

from sqlglot import exp

from explorer.errors import SpecError, outside
from explorer.spec.expression.functions import ALIASES, rows_of
from explorer.spec.expression.grammar import (
    AGGREGATES,
    ARITHMETIC,
    COMPARISONS,
    FORMS,
    MATCHES,
    MIRRORED,
    NEAR,
    SIGNS,
    cast_to,
    parsed,
    short,
    type_name,
)
from explorer.spec.expression.nesting import deep_enough
from explorer.spec.expression.text import DIALECT, READ_BESIDE, is_plain_name
from explorer.spec.expression.tree import (
    All,
    Any,
    Between,
    Call,
    Case,
    Cast,
    Clause,
    Column,
    Compare,
    CompareOp,
    Constant,
    Expression,
    In,
    IsNull,
    Matches,
    MatchOp,
    Not,
    Truth,
)

DEEPEST_VALUE = 60


def read_clause(source: str) -> Clause:
    """A condition from its text; raises SpecError that says what cannot be read and where."""
    return _guarded(source, lambda tree, reader: reader.clause(tree))


def read_expression(source: str) -> Expression:
    """A value from its text; raises SpecError that says what cannot be read and where."""
    return _guarded(source, lambda tree, reader: reader.value(tree))


def _guarded(source: str, read: Anything) -> Anything:
    with outside("This condition"), deep_enough(source):
        try:
            return read(parsed(source), _Reader(source))
        except RecursionError:
            raise SpecError(
                f"`{short(source)}` is nested too deeply to be read. Name its parts as derived columns."
            ) from None


class _Reader:
    def __init__(self, source: str) -> None:
        self.source, self.depth = source, 0

    def refuse(self, node: exp.Expr, why: str) -> SpecError:
        piece = short(node.sql(dialect=DIALECT))
        return SpecError(f"`{short(self.source)}`: `{piece}` {why}" if piece != self.source else f"`{piece}` {why}")

    # ---- conditions

    def clause(self, node: Anything) -> Clause:
        match node:
            case exp.Paren():
                return self.clause(node.this)
            case exp.And():
                return All(tuple(self.clause(part) for part in _chain(node)))
            case exp.Or():
                return Any(tuple(self.clause(part) for part in _chain(node)))
            case exp.Not():
                return Not(self.clause(node.this))
            case exp.Boolean():
                return All(()) if node.this else Any(())
        found = self.leaf(node)
        if found is None:
            return Compare(self.truth(node), "=", True)
        return Not(found) if node.args.get("negate") else found

    def truth(self, node: Anything) -> Expression:
        """A value that stands alone where a condition should."""
        if not isinstance(node, exp.Column | exp.Anonymous | exp.Case | exp.Cast | exp.TryCast):
            raise self.refuse(node, f"is not a condition that is known here. {FORMS}")
        return self.value(node)

    def leaf(self, node: Anything) -> Clause | None:
        """A condition that compares; None for what is none."""
        kind = type(node)
        if kind in COMPARISONS:
            return self.compare(node, COMPARISONS[kind])
        if kind in SIGNS:
            return self.matches(node, node.this, SIGNS[kind], node.expression)
        if kind is exp.Anonymous and str(node.this).lower() in MATCHES and len(node.expressions) == 2:
            return self.matches(node, node.expressions[0], MATCHES[str(node.this).lower()], node.expressions[1])
        if kind is exp.Between and not node.args.get("symmetric"):
            return Between(self.value(node.this), self.operand(node.args["low"]), self.operand(node.args["high"]))
        if kind is exp.In and node.expressions:
            return In(self.value(node.this), tuple(map(self.operand, node.expressions)))
        if kind is exp.Is and isinstance(node.expression, exp.Null):
            return IsNull(self.value(node.this))
        if kind is exp.Is and isinstance(node.expression, exp.Boolean):
            return Compare(self.value(node.this), "=", node.expression.this)
        return None

    def compare(self, node: Anything, op: CompareOp) -> Clause:
        left, right = node.this, node.expression
        if isinstance(left, exp.Null) or isinstance(right, exp.Null):
            raise self.refuse(node, "is never asked with a comparison: write IS NULL or IS NOT NULL.")
        if _is_said(left) and not _is_said(right):
            left, right, op = right, left, MIRRORED.get(op, op)
        if _in_quotes(right) and isinstance(left, exp.Column) and not _in_quotes(left):
            name = right.name
            raise self.refuse(
                node, f"compares two columns. Texts go in single quotes: '{name}'; columns in none: {name}."
            )
        return Compare(self.value(left), op, self.operand(right))

    def matches(self, node: Anything, text: Anything, op: MatchOp, pattern: Anything) -> Clause:
        found = self.operand(pattern)
        if not isinstance(found, Constant) or found.value is None:
            if op in ("like", "ilike", "regexp"):
                raise self.refuse(node, "matches a pattern that is said: write it in single quotes.")
            return Matches(self.value(text), op, found)
        if not isinstance(found.value, str):
            raise self.refuse(node, f"matches a text: write '{found.value}' in single quotes.")
        return Matches(self.value(text), op, found.value)

    def operand(self, node: Anything) -> Expression:
        """A value beside a column: a time that is said is kept as a text, whose meaning the column decides.

        What stands in brackets is read as it stands, which is how `text` writes what would be read as something else.
        """
        match node:
            case exp.Cast() if _is_text(node.this) and cast_to(node) in READ_BESIDE:
                return Constant(str(node.this.this))
            case exp.Interval():
                return self.interval(node)
            case exp.Null():
                raise self.refuse(node, "cannot be a value here: write IS NULL or IS NOT NULL.")
        return self.value(node)

    # ---- values

    def value(self, node: Anything) -> Expression:
        self.depth += 1
        if self.depth > DEEPEST_VALUE:
            raise RecursionError
        found = self.read(node)
        self.depth -= 1
        return found

    def read(self, node: Anything) -> Expression:
        kind = type(node)
        if kind in ARITHMETIC:
            return Call(ARITHMETIC[kind], (self.value(node.this), self.value(node.expression)))
        match node:
            case exp.Paren():
                return self.value(node.this)
            case exp.Column():
                return Column(".".join(part.name for part in node.parts))
            case exp.Literal() if node.is_string:
                return Constant(str(node.this))
            case exp.Literal():
                return Constant(self.number(node, str(node.this)))
            case exp.Neg() if isinstance(node.this, exp.Literal) and not node.this.is_string:
                return Constant(-self.number(node, str(node.this.this)))
            case exp.Neg():
                return Call("negate", (self.value(node.this),))
            case exp.Boolean():
                return Constant(bool(node.this))
            case exp.Null():
                return Constant(None)
            case exp.Interval():
                return Cast(self.interval(node), "duration")
            case exp.Cast() | exp.TryCast():
                return self.cast(node)
            case exp.Case():
                return self.case(node)
            case exp.Extract() if isinstance(node.this, exp.Var):
                return self.call(node, node.this.name.lower(), [node.expression])
            case exp.Anonymous():
                return self.function(node)
            case exp.And() | exp.Or() | exp.Not():
                return Truth(self.clause(node))
        clause = self.leaf(node)
        if clause is None:
            raise self.refuse(
                node, "is not in this language. " + NEAR.get(kind, "Write columns, values and functions.")
            )
        return Truth(Not(clause) if node.args.get("negate") else clause)

    def function(self, node: Anything) -> Expression:
        name, arguments = str(node.this).lower(), node.expressions
        if name in MATCHES and len(arguments) == 2:
            found = self.leaf(node)
            assert found is not None
            return Truth(found)
        if name == "if" and len(arguments) == 3:
            return Case(((self.clause(arguments[0]), self.value(arguments[1])),), self.value(arguments[2]))
        if name == "now":
            if arguments:
                raise self.refuse(node, "takes no values: write now().")
            return Call("now")
        return self.call(node, name, arguments)

    def call(self, node: Anything, name: str, arguments: list[Anything]) -> Expression:
        name = ALIASES.get(name, name)
        if name in AGGREGATES:
            raise self.refuse(
                node, f"is about many rows, and here is one at a time. Make a metric with aggregate {name}."
            )
        try:
            rows = rows_of(name)
        except SpecError as error:
            raise self.refuse(node, f"cannot be computed: {error}") from None
        if not any(row.fits(len(arguments)) for row in rows):
            raise self.refuse(node, f"is called with {len(arguments)}, and {name} takes {rows[0].counts()}.")
        values = tuple(self.value(argument) for argument in arguments)
        for row in rows:
            for at in row.fixed:
                if at < len(values) and not isinstance(values[at], Constant):
                    raise self.refuse(
                        node, f"computes value {at + 1} of {name}, which is said: write a text or a number."
                    )
        said = [value.value for at, value in enumerate(values) if isinstance(value, Constant) and at in rows[0].fixed]
        if rows[0].check is not None and len(said) == len([at for at in rows[0].fixed if at < len(values)]):
            self.check(node, rows[0], said)
        return Call(name, values)

    def check(self, node: Anything, row: Anything, said: list[Anything]) -> None:
        kinds = {"T": str, "W": int}
        for at, value in zip(row.fixed, said, strict=False):
            kind = str if row.forms[-1].takes[at].value == "text" else int
            if type(value) is not kind:
                wanted = "a text in single quotes" if kind is kinds["T"] else "a whole number"
                raise self.refuse(node, f"needs {wanted} as value {at + 1} of {row.name}.")
        try:
            row.check(*said)
        except SpecError as error:
            raise self.refuse(node, f"cannot be computed: {error}") from None

    def cast(self, node: Anything) -> Expression:
        kind = cast_to(node)
        if kind is None:
            name = type_name(node)
            known = "VARCHAR, BIGINT, DOUBLE, BOOLEAN, TIMESTAMP, TIMESTAMPTZ, DATE, INTERVAL"
            raise self.refuse(node, f"makes a {name}, which is not known here. There are: {known}.")
        return Cast(self.value(node.this), kind)

    def case(self, node: Anything) -> Expression:
        branches = []
        for branch in node.args["ifs"]:
            if node.this is None:
                condition = self.clause(branch.this)
            else:
                condition = self.compare(exp.EQ(this=node.this.copy(), expression=branch.this), "=")
            branches.append((condition, self.value(branch.args["true"])))
        default = node.args.get("default")
        return Case(tuple(branches), None if default is None else self.value(default))

    def interval(self, node: Anything) -> Constant:
        if not isinstance(node.this, exp.Literal):
            raise self.refuse(node, "is computed; multiply a length instead: 2 * INTERVAL '1h'.")
        unit = node.args.get("unit")
        return Constant(f"{node.this.this} {unit.name.lower()}" if unit else str(node.this.this))

    def number(self, node: exp.Expr, digits: str) -> int | float:
        if digits.isdigit():
            return int(digits)
        if not isfinite(float(digits)):
            raise self.refuse(node, "is too large for a number.")
        return float(digits)


def _in_quotes(node: Anything) -> bool:
    """Whether it is a name in double quotes that needs none: most often a text that was meant."""
    return isinstance(node, exp.Column) and bool(node.this.args.get("quoted")) and is_plain_name(node.name)


def _is_text(node: Anything) -> bool:
    return isinstance(node, exp.Literal) and node.is_string


def _is_said(node: Anything) -> bool:
    """Whether a value is said, not read or computed, and not in brackets."""
    if isinstance(node, exp.Neg | exp.Cast):
        node = node.this
    return isinstance(node, exp.Literal | exp.Boolean | exp.Interval)


def _chain(node: Anything) -> Iterator[Anything]:
    """The parts of `a AND b AND c`; a group in brackets stays a group."""
    found = []
    kind = type(node)
    while type(node) is kind:
        found.append(node.expression)
        node = node.this
    yield node
    yield from reversed(found)

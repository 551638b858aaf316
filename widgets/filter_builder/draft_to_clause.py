"""A draft to the clause that it says, and what is missing or wrong in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any as Anything

import polars as pl

from explorer.errors import SpecError
from explorer.plan.in_polars.predicate import predicate
from explorer.spec.expression.clause import All, Any, Clause, Expression, Not, optional
from explorer.spec.expression.muted import Join, active, mute
from explorer.spec.expression.tree import Right
from widgets.filter_builder.draft import ALWAYS, NEVER, TEXT, Group, Kept, Node, Rule, value_of
from widgets.filter_builder.operators import BY_KEY, DTYPES, problems

Columns = Mapping[str, Mapping[str, Anything]]
COMPUTED = {"column": "choose the other column", "expression": "write an expression"}
MISSING = {"one": "choose a value", "two": "fill in both ends", "many": "choose at least one value"}


@dataclass(frozen=True)
class Said:
    """What one rule or group says by itself, muted or not; `place` is that of the wrong value."""

    clause: Clause | None = None
    missing: str = ""
    wrong: str = ""
    place: int = 0


@dataclass
class Sayings:
    """What a draft says: the whole, and every node by its id."""

    value: Clause | None = None
    nodes: dict[str, Said] = field(default_factory=dict)

    @property
    def wrong(self) -> str:
        """Why the first rule that is wrong is wrong; empty where none is."""
        return next((said.wrong for said in self.nodes.values() if said.wrong), "")


def say(draft: Group, columns: Columns) -> Sayings:
    """The clause of the complete rules. A group of which nothing is active changes nothing, as if muted."""
    sayings = Sayings()
    sayings.value, _ = _in_place(draft, "and", columns, sayings.nodes)
    return sayings


def kind_of(rule: Rule, columns: Columns) -> str:
    """The type of a rule's column."""
    found = columns.get(rule.column or "")
    return found["type"] if found else rule.kind or "text"


def _in_place(node: Node, inside: Join, columns: Columns, nodes: dict[str, Said]) -> tuple[Clause | None, bool]:
    """What a node adds to the group that it stands in, and whether anything of that is active."""
    if isinstance(node, Group):
        clause, lively = _group(node, columns, nodes)
        nodes[node.id] = Said(clause)
    else:
        nodes[node.id] = said = _rule(node, columns)
        clause, lively = said.clause, True
    if clause is None:
        return None, False
    if node.muted:
        return mute(clause, inside), False
    if not lively and (active(clause) is None) != (inside == "and"):
        return mute(clause, inside), False
    return clause, lively


def _group(group: Group, columns: Columns, nodes: dict[str, Said]) -> tuple[Clause | None, bool]:
    found = [_in_place(item, group.join, columns, nodes) for item in group.items]
    parts = tuple(clause for clause, _ in found if clause is not None)
    if not parts:
        return None, False
    joined = parts[0] if len(parts) == 1 else All(parts) if group.join == "and" else Any(parts)
    return (Not(joined) if group.negated else joined), any(lively for _, lively in found)


def _rule(rule: Rule, columns: Columns) -> Said:
    if rule.op in (ALWAYS, NEVER):
        clause: Clause = All(()) if rule.op == ALWAYS else Any(())
        return Said(Not(clause) if rule.negated else clause)
    if rule.op == TEXT:
        return _written(rule, columns)
    if rule.column is None:
        return Said(missing="choose a column")
    operator = BY_KEY[rule.op]
    values: list[Right] = []
    wanted = rule.values[: {"nothing": 0, "one": 1, "two": 2}.get(operator.takes, len(rule.values))]
    for place, text in enumerate(wanted):
        if text is None or text == "":
            return Said(missing=MISSING[operator.takes])
        if isinstance(text, Kept) and not text.is_value and not text.text.strip():
            return Said(missing=COMPUTED[text.kind])
        try:
            values.append(value_of(text, "text" if operator.pattern else kind_of(rule, columns)))
        except SpecError as error:
            return Said(wrong=str(error), place=place)
    if len(values) < {"nothing": 0, "two": 2}.get(operator.takes, 1):
        return Said(missing=MISSING[operator.takes])
    clause = operator.make(rule.column, *values)
    place, wrong = 0, ""
    if any(isinstance(value, Expression) for value in values):
        wrong = misfit(clause, columns)
    elif rule.column in columns:
        place, wrong = next(problems(clause, kind_of(rule, columns)), (0, ""))
    return Said(Not(clause) if rule.negated else clause, wrong=wrong, place=place)


def _written(rule: Rule, columns: Columns) -> Said:
    """A condition that is written as text, because rows cannot show it."""
    text = rule.values[0] if rule.values else ""
    try:
        clause = optional(text.strip() if isinstance(text, str) else "")
    except SpecError as error:
        return Said(wrong=str(error))
    if clause is None:
        return Said(missing="write a condition")
    if wrong := misfit(clause, columns):
        return Said(wrong=wrong)
    return Said(Not(clause) if rule.negated else clause)


def misfit(clause: Clause, columns: Columns) -> str:
    """Why a condition does not fit columns of these types; empty where it does, or where no types are known."""
    if not columns:
        return ""
    try:
        predicate(clause, {name: DTYPES.get(column["type"], pl.String()) for name, column in columns.items()})
    except SpecError as error:
        return str(error)
    return ""

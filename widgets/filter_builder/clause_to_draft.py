"""A clause to the draft that says it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from explorer.spec.expression.clause import All, Any, Clause, In, Not
from explorer.spec.expression.muted import Join, mute, unmuted
from explorer.spec.expression.tree import Right
from widgets.filter_builder.draft import ALWAYS, NEVER, TEXT, Group, Kept, Node, Rule, shown
from widgets.filter_builder.draft_to_clause import Columns, Said, say
from widgets.filter_builder.operators import BY_KEY, taken_apart

NewId = Callable[[], str]


def read(clause: Clause | None, columns: Columns, new_id: NewId) -> Group:
    """The draft of a clause: `say` gives the clause again, but for groups of one, which are their part."""
    if clause is None:
        return Group(new_id())
    wanted = _without_single(clause)
    reader = _Reader(columns, new_id)
    draft = reader.root(wanted, literal=False)
    return draft if say(draft, columns).value == wanted else reader.root(wanted, literal=True)


def refitted(node: Node, said: Mapping[str, Said], columns: Columns) -> Node:
    """The same draft beside other columns: what its complete rules said, they still say."""
    if isinstance(node, Group):
        return replace(node, items=tuple(refitted(item, said, columns) for item in node.items))
    clause = said[node.id].clause
    found = taken_apart(clause.clause if node.negated and isinstance(clause, Not) else clause) if clause else None
    if found is None:
        return node
    kind, values = _beside(*found, columns)
    return replace(node, kind=kind, values=values)


class _Reader:
    """Reads muted parts as muted, or, where that would say something else, `literal`ly as TRUE and FALSE."""

    def __init__(self, columns: Columns, new_id: NewId) -> None:
        self.columns, self.new_id = columns, new_id

    def root(self, clause: Clause, literal: bool) -> Group:
        node = self.node(clause, "and", literal)
        return node if isinstance(node, Group) and not node.muted else self.around(node)

    def around(self, node: Node, *, negated: bool = False, muted: bool = False) -> Group:
        return Group(self.new_id(), "and", (node,), negated, muted)

    def node(self, clause: Clause, inside: Join, literal: bool) -> Node:
        inner = None if literal else unmuted(clause)
        if inner is not None and mute(inner, inside) == clause:
            return self.muted(self.node(inner, inside, literal), inside)
        found = taken_apart(clause)
        if found:
            return self.rule(*found)
        match clause:
            case All(()) | Any(()):
                return Rule(self.new_id(), op=ALWAYS if clause == All(()) else NEVER)
            case All(parts):
                return Group(self.new_id(), "and", tuple(self.node(part, "and", literal) for part in parts))
            case Any(parts):
                return Group(self.new_id(), "or", tuple(self.node(part, "or", literal) for part in parts))
            case Not(part):
                node = self.node(part, "and", literal)
                return self.around(node, negated=True) if node.muted or node.negated else replace(node, negated=True)
        return Rule(self.new_id(), op=TEXT, values=(str(clause),))

    def muted(self, node: Node, inside: Join) -> Node:
        if node.muted:
            return self.around(node, muted=True)
        changes_nothing = isinstance(node, Group) and ((node.join == "and") != node.negated) == (inside == "and")
        return node if not _lively(node) and not changes_nothing else replace(node, muted=True)

    def rule(self, op: str, column: str, values: tuple[Right, ...]) -> Rule:
        kind, beside = _beside(op, column, values, self.columns)
        return Rule(self.new_id(), column, op, beside, kind=kind)


def _beside(op: str, column: str, values: tuple[Right, ...], columns: Columns) -> tuple[str, tuple[str | Kept, ...]]:
    """The values as they are shown, and the type of a column that the menu does not have, guessed from them."""
    guess = next(("bool" if isinstance(it, bool) else "text" if isinstance(it, str) else "number" for it in values), "")
    kind = "" if column in columns else guess
    known = columns[column]["type"] if column in columns else kind or "text"
    return kind, tuple(shown(value, "text" if BY_KEY[op].pattern else known) for value in values)


def _lively(node: Node) -> bool:
    if isinstance(node, Group):
        return not node.muted and any(map(_lively, node.items))
    return not node.muted


def _without_single(clause: Clause) -> Clause:
    """The same clause without groups of one, and without an IN of nothing, which no SQL can say."""
    match clause:
        case All((part,)) | Any((part,)):
            return _without_single(part)
        case All(parts):
            return All(tuple(map(_without_single, parts)))
        case Any(parts):
            return Any(tuple(map(_without_single, parts)))
        case Not(part):
            return Not(_without_single(part))
        case In(_, ()):
            return Any(())
    return clause

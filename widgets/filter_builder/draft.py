"""A filter while it is edited: groups and rules, complete or not, each with an id that stays."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal

from explorer.errors import SpecError
from explorer.spec.expression.clause import Column, Expression, parse_value, value_text
from explorer.spec.expression.muted import Join
from explorer.spec.expression.tree import Right

ALWAYS, NEVER, TEXT = "always", "never", "text"  # the operators of rules without a column


@dataclass(frozen=True)
class Kept:
    """A value that its text alone would not bring back beside its column: a text beside a number, another column or
    an expression."""

    text: str
    kind: Literal["text", "number", "bool", "column", "expression"]

    @property
    def is_value(self) -> bool:
        """Whether it is said, not read or computed."""
        return self.kind not in ("column", "expression")

    def value(self) -> Right:
        if self.kind == "column":
            return Column(self.text)
        if self.kind == "expression":
            return parse_value(self.text)
        if self.kind == "number":
            return int(self.text) if re.fullmatch(r"-?\d+", self.text) else float(self.text)
        return self.text == "TRUE" if self.kind == "bool" else self.text


@dataclass(frozen=True)
class Rule:
    """One condition; `kind` is the type of a column that the menu does not have."""

    id: str
    column: str | None = None
    op: str = "="
    values: tuple[str | Kept | None, ...] = ()
    negated: bool = False
    muted: bool = False
    kind: str = ""


@dataclass(frozen=True)
class Group:
    """Conditions of which all or any hold."""

    id: str
    join: Join = "and"
    items: tuple[Node, ...] = ()
    negated: bool = False
    muted: bool = False


Node = Rule | Group


def plain(node: Node) -> dict[str, Any]:
    """A node as the browser gets it."""
    found = {name: getattr(node, name) for name in ("id", "negated", "muted")}
    if isinstance(node, Group):
        return found | {"join": node.join, "items": [plain(item) for item in node.items]}
    values = [{"text": value.text, "kept": value.kind} if isinstance(value, Kept) else value for value in node.values]
    return found | {"column": node.column, "op": node.op, "values": values, "kind": node.kind}


def node_of(found: dict[str, Any]) -> Node:
    """A node as the browser sent it."""
    flags: dict[str, Any] = {name: bool(found.get(name)) for name in ("negated", "muted")}
    if "items" in found:
        items = tuple(node_of(item) for item in found["items"])
        return Group(str(found["id"]), "or" if found["join"] == "or" else "and", items, **flags)
    values = tuple(
        Kept(value["text"], value["kept"]) if isinstance(value, dict) else value for value in found["values"]
    )
    return Rule(str(found["id"]), found["column"], found["op"], values, kind=found.get("kind", ""), **flags)


def value_of(text: str | Kept, kind: str) -> Right:
    """What was typed as a value for a column of that type; raises SpecError."""
    if isinstance(text, Kept):
        return text.value()
    if kind == "number":
        return _number(text)
    if kind == "bool" and text.upper() in ("TRUE", "FALSE"):
        return text.upper() == "TRUE"
    return text


def shown(value: Right, kind: str) -> str | Kept:
    """The text of a value, such that `value_of` gives the same value again."""
    if isinstance(value, Column):
        return Kept(value.name, "column")
    if isinstance(value, Expression):
        return Kept(str(value), "expression")
    written = value if isinstance(value, str) else value_text(value)
    try:
        again = value_of(written, kind)
    except SpecError:
        again = None
    if written and (type(again), repr(again)) == (type(value), repr(value)):
        return written
    return Kept(written, "bool" if isinstance(value, bool) else "text" if isinstance(value, str) else "number")


def same_ids(new: Node, old: Node) -> Node:
    """The new tree with the ids of the old one where a node stands for the same, so that focus stays."""
    if not isinstance(new, Group) or not isinstance(old, Group):
        return replace(new, id=old.id)
    left = list(old.items)
    pairs: dict[int, Node] = {}
    for alike in (_equal, _kin):
        for place, item in enumerate(new.items):
            twin = next((other for other in left if place not in pairs and alike(item, other)), None)
            if twin is not None:
                left.remove(twin)
                pairs[place] = twin
    items = (same_ids(item, pairs[place]) if place in pairs else item for place, item in enumerate(new.items))
    return replace(new, id=old.id, items=tuple(items))


def walk(node: Node) -> Iterator[Node]:
    """A node and all below it, as they are read."""
    yield node
    if isinstance(node, Group):
        for item in node.items:
            yield from walk(item)


def _equal(one: Node, other: Node) -> bool:
    return _nameless(one) == _nameless(other)


def _kin(one: Node, other: Node) -> bool:
    return type(one) is type(other)


def _nameless(node: Node) -> Node:
    if isinstance(node, Group):
        return replace(node, id="", items=tuple(map(_nameless, node.items)))
    return replace(node, id="")


def _number(text: str) -> int | float:
    digits = text.strip().replace(",", "")
    if re.fullmatch(r"[+-]?\d+", digits):
        return int(digits)
    if re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,2})?", digits, re.IGNORECASE):
        return float(digits)
    raise SpecError(f"'{text}' is not a number. Write it like 10 or 2.5.")

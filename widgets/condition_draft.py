"""What stands in the row of a condition editor, to a clause and back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from explorer.errors import SpecError
from explorer.spec.clause import Clause, Compare, IsNull, Matches, Not, Value

ORDERED = ("number", "time")
EVERY = ("text", "number", "time", "bool")


@dataclass(frozen=True)
class Operator:
    """A row of the operator menu: its key, its words, the types it fits, whether a value follows."""

    key: str
    title: str
    types: tuple[str, ...] = EVERY
    takes_value: bool = True

    def plain(self) -> dict[str, Any]:
        return asdict(self) | {"types": list(self.types)}


OPERATORS = (
    Operator("=", "="),
    Operator("!=", "≠"),
    Operator("<", "<", ORDERED),
    Operator("<=", "≤", ORDERED),
    Operator(">", ">", ORDERED),
    Operator(">=", "≥", ORDERED),
    Operator("contains", "contains", ("text",)),
    Operator("starts_with", "starts with", ("text",)),
    Operator("null", "is null", takes_value=False),
    Operator("not_null", "is not null", takes_value=False),
)
_BY_KEY = {operator.key: operator for operator in OPERATORS}


@dataclass(frozen=True)
class Draft:
    """The row as it stands, complete or not."""

    column: str
    op: str = "="
    value: str = ""

    def plain(self) -> dict[str, str]:
        return asdict(self)


def complete(draft: Draft, columns: Mapping[str, Mapping[str, Any]]) -> Clause | None:
    """The clause that a row says; None while something is missing."""
    if draft.column not in columns or draft.op not in _BY_KEY:
        return None
    match draft.op:
        case "null":
            return IsNull(draft.column)
        case "not_null":
            return Not(IsNull(draft.column))
    if not draft.value:
        return None
    if draft.op in ("contains", "starts_with"):
        return Matches(draft.column, draft.op, draft.value)  # type: ignore[arg-type]
    return Compare(draft.column, draft.op, _typed(draft.value, columns[draft.column]["type"]))  # type: ignore[arg-type]


def read(made: Clause, columns: Mapping[str, Mapping[str, Any]]) -> Draft | None:
    """The row that says a clause; None when no row can."""
    match made:
        case Compare(column, op, value):
            text = str(value).lower() if isinstance(value, bool) else str(value)
            draft = Draft(column, op, text)
        case Matches(column, op, pattern):
            draft = Draft(column, op, pattern)
        case IsNull(column):
            draft = Draft(column, "null")
        case Not(IsNull(column)):
            draft = Draft(column, "not_null")
        case _:
            return None
    fits = draft.op in _BY_KEY and columns.get(draft.column, {}).get("type") in _BY_KEY[draft.op].types
    try:
        return draft if fits and complete(draft, columns) == made else None
    except SpecError:
        return None


def _typed(text: str, kind: str) -> Value:
    match kind:
        case "number":
            return _number(text)
        case "bool":
            return text.lower() == "true"
        case "time":
            try:
                datetime.fromisoformat(text)
            except ValueError:
                raise SpecError(f"'{text}' is not a time. Write it like 2024-03-01 12:30.") from None
    return text


def _number(text: str) -> int | float:
    plain = text.strip().replace(",", "")
    if re.fullmatch(r"[+-]?\d+", plain):
        return int(plain)
    if re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,2})?", plain, re.IGNORECASE):
        return float(plain)
    raise SpecError(f"'{text}' is not a number. Write it like 10 or 2.5.")

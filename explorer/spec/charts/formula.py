"""Formulas of measures: `sum revenue / count`, `(sum a - sum b) / actors`, also as `sum(revenue) / count()`."""

import re
from dataclasses import dataclass
from functools import cache

from explorer.errors import SpecError
from explorer.spec.aggregates import MEASURES
from explorer.spec.expression.clause import Expression, parse_value

NUMBER = re.compile(r"\d+(\.\d+)?|\.\d+")
SIGN = re.compile(r"\s*([-+*/%])\s+|\s+([-+*/%])\s*")
WORD = re.compile(r"[A-Za-z_]\w*")
MOST_PARTS = 12


@dataclass(frozen=True)
class Formula:
    """Arithmetic over measures: `tree` names them m0, m1 ... in the order of `parts`, their texts."""

    template: str
    parts: tuple[str, ...]

    @property
    def tree(self) -> Expression:
        """The arithmetic."""
        return parse_value(self.template.format(*(f"m{at}" for at in range(len(self.parts)))))

    def text(self, parts: tuple[str, ...]) -> str:
        """The formula with other texts for its measures."""
        return self.template.format(*parts)


@cache
def formula_of(text: str) -> Formula | None:
    """The formula that a text is; None where it is one measure, or no formula at all.

    >>> formula_of("sum revenue / count").parts
    ('sum revenue', 'count')
    >>> formula_of("sum(revenue) / count()").text(("sum revenue", "actors"))
    'sum revenue / actors'
    >>> formula_of("median duration") is None, formula_of("mean add / view") is None
    (True, True)
    """
    pieces: list[str] = []
    parts: list[str] = []
    at = 0
    while at < len(text):
        sign = text[at]
        if sign.isspace() or sign in "()+-*/%{}":
            if sign in "{}":
                return None
            pieces.append(" " if sign.isspace() else sign)
            at += 1
            continue
        if number := NUMBER.match(text, at):
            pieces.append(number[0])
            at = number.end()
            continue
        found = _measure(text, at)
        if found is None:
            return None
        part, at = found
        if part not in parts:
            parts.append(part)
        pieces.append(f"{{{parts.index(part)}}}")
    template = re.sub(r" +", " ", "".join(pieces)).strip()
    if not parts or template == "{0}" or len(parts) > MOST_PARTS:
        return None
    found_formula = Formula(template, tuple(parts))
    try:
        assert found_formula.tree is not None
    except SpecError:
        return None
    return found_formula


def _measure(text: str, at: int) -> tuple[str, int] | None:
    """A measure that begins at a place, and where it ends."""
    word = WORD.match(text, at)
    if word is None or word[0] not in MEASURES:
        return None
    at = word.end()
    if text[at : at + 1] == "(":
        depth, end = 0, at
        for end in range(at, len(text)):
            depth += {"(": 1, ")": -1}.get(text[end], 0)
            if not depth:
                break
        inner = text[at + 1 : end].strip()
        return f"{word[0]} {'' if inner == '*' else inner}".strip(), end + 1
    end = at
    while end < len(text) and text[end] not in "()" and not SIGN.match(text, end):
        end += 1
    return f"{word[0]} {text[at:end].strip()}".strip(), end

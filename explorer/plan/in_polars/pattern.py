"""A pattern of events as a regular expression: every event is a letter, a session is a word."""

from __future__ import annotations

from string import ascii_letters, digits

from explorer.spec.pattern import Choice, Edge, Gap, Node, One, Pattern, Repeat, Row

OTHER = digits[0]
LETTERS = ascii_letters + digits[1:]


def regular_expression(pattern: Pattern) -> str:
    """The same for a linear engine that takes the leftmost match, and of its ways the first.

    >>> regular_expression(Pattern.parse("view -> [^buy, view]{2,5} .. (buy | leave)+ $"))
    'a[^ba]{2,5}[\\\\s\\\\S]*?(?:b|c)+$'
    """
    return _said(pattern.tree)


def _said(node: Node) -> str:
    match node:
        case One(elements, negated):
            letters = "".join(LETTERS[at] for at in elements)
            return f"[^{letters}]" if negated else letters if len(letters) == 1 else f"[{letters}]"
        case Gap():
            return r"[\s\S]*?"
        case Edge(last):
            return "$" if last else "^"
        case Row(parts):
            return "".join(f"(?:{_said(part)})" if isinstance(part, Choice) else _said(part) for part in parts)
        case Choice(parts):
            return "|".join(map(_said, parts))
        case Repeat(part, least, most):
            inner = _said(part) if isinstance(part, One) else f"(?:{_said(part)})"
            return f"{inner}{_times(least, most)}"


def _times(least: int, most: int | None) -> str:
    known = {(0, None): "*", (1, None): "+", (0, 1): "?"}.get((least, most))
    return known or f"{{{least}}}" if least == most else known or f"{{{least},{'' if most is None else most}}}"

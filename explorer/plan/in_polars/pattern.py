"""A pattern of events as a regular expression: every event is a letter, a session is a word."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from string import ascii_letters, digits

from explorer.spec.pattern import Choice, Edge, Gap, Node, One, Pattern, Repeat, Row

OTHER = digits[0]
LETTERS = ascii_letters + digits[1:]


def regular_expression(pattern: Pattern) -> str:
    """The same for a linear engine that takes the leftmost match, and of its ways the first.

    >>> regular_expression(Pattern.parse("view -> [^buy, view]{2,5} .. (buy | leave)+ $"))
    'a[^ba]{2,5}[\\\\s\\\\S]*?(?:b|c)+$'
    """
    return _said(pattern.tree, _letter)


def joined_expression(trees: Sequence[Node], letters: Sequence[Callable[[One], str]]) -> str:
    """The same for patterns one after the other with anything between, each a group of its own; `letters` says for each
    pattern which letters one of its events can be."""

    def one(of: Callable[[One], str], node: One) -> str:
        found = of(node)
        return found if len(found) == 1 else f"[{found}]" if found else r"[^\s\S]"

    return r"[\s\S]*?".join(f"({_said(tree, partial(one, of))})" for tree, of in zip(trees, letters, strict=True))


def reaching_expression(trees: Sequence[Node], width: int) -> str:
    """That a word holds these patterns one after the other with anything between, where an event has `width` letters:
    one for each pattern, those of these first.

    >>> trees = [Pattern.parse(text).tree for text in ("view -> buy", "leave $")]
    >>> reaching_expression(trees[:1], 1), reaching_expression(trees, 2)
    ('^(?:.{1})*?(?:ab)', '^(?:.{2})*?(?:(?:a.{1})(?:b.{1}))(?:.{2})*?(?:(?:.{1}a)$)')
    """
    gap = f"(?:.{{{width}}})*?"

    def one(at: int, node: One) -> str:
        before, after = (f".{{{n}}}" if n else "" for n in (at, width - at - 1))
        return f"(?:{before}{_letter(node)}{after})" if width > 1 else _letter(node)

    parts = (_said(tree, partial(one, at), gap) for at, tree in enumerate(trees))
    return f"^{gap}" + gap.join(f"(?:{part})" for part in parts)


def _letter(node: One) -> str:
    letters = "".join(LETTERS[at] for at in node.elements)
    return f"[^{letters}]" if node.negated else letters if len(letters) == 1 else f"[{letters}]"


def _said(node: Node, one: Callable[[One], str], gap: str = r"[\s\S]*?") -> str:
    match node:
        case One():
            return one(node)
        case Gap():
            return gap
        case Edge(last):
            return "$" if last else "^"
        case Row(parts):
            return "".join(
                f"(?:{_said(part, one, gap)})" if isinstance(part, Choice) else _said(part, one, gap) for part in parts
            )
        case Choice(parts):
            return "|".join(_said(part, one, gap) for part in parts)
        case Repeat(part, least, most):
            said = _said(part, one, gap)
            inner = said if isinstance(part, One) else f"(?:{said})"
            return f"{inner}{_times(least, most)}"


def _times(least: int, most: int | None) -> str:
    known = {(0, None): "*", (1, None): "+", (0, 1): "?"}.get((least, most))
    return known or f"{{{least}}}" if least == most else known or f"{{{least},{'' if most is None else most}}}"

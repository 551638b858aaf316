"""Clauses that are kept in the text and left out of the meaning: `TRUE OR x`, or `FALSE AND x` inside an OR."""

from __future__ import annotations

from typing import Literal

from explorer.spec.expression.clause import All, Any, Clause, Not

Join = Literal["and", "or"]


def mute(clause: Clause, inside: Join = "and") -> Clause:
    """The clause, made to change nothing in a group of that kind; the top counts as AND.

    >>> from explorer.spec.expression.clause import parse
    >>> mute(parse("a = 1")), mute(parse("a = 1"), inside="or")
    (parse('TRUE OR a = 1'), parse('FALSE AND a = 1'))
    """
    return Any((All(()), clause)) if inside == "and" else All((Any(()), clause))


def unmuted(clause: Clause) -> Clause | None:
    """What is muted inside a clause of one of the two forms; None where the clause is of neither.

    >>> from explorer.spec.expression.clause import parse
    >>> unmuted(parse("TRUE OR a = 1")), unmuted(parse("a = 1"))
    (parse('a = 1'), None)
    """
    match clause:
        case Any((All(()), inner)) | All((Any(()), inner)):
            return inner
    return None


def active(clause: Clause) -> Clause | None:
    """The part of a clause that decides, true for the same rows; None where every row is kept.

    >>> from explorer.spec.expression.clause import parse
    >>> active(parse("(TRUE OR a = 1) AND (b = 2 OR (FALSE AND c = 3))"))
    parse('b = 2')
    >>> active(parse("TRUE OR a = 1")) is None
    True
    """
    left = _without_constants(clause)
    return None if left == All(()) else left


def _without_constants(clause: Clause) -> Clause:
    match clause:
        case All(inner):
            parts = [part for part in map(_without_constants, inner) if part != All(())]
            return Any(()) if Any(()) in parts else parts[0] if len(parts) == 1 else All(tuple(parts))
        case Any(inner):
            parts = [part for part in map(_without_constants, inner) if part != Any(())]
            return All(()) if All(()) in parts else parts[0] if len(parts) == 1 else Any(tuple(parts))
        case Not(inner):
            left = _without_constants(inner)
            return Any(()) if left == All(()) else All(()) if left == Any(()) else Not(left)
    return clause

"""Regular expressions for RE2, whose \\d, \\w and \\s know ASCII only."""

import re

LETTERS = r"\p{L}\p{M}\p{Nd}\p{Nl}\p{Pc}"
SPACES = r"\s\x0b\x{85}\p{Z}"
INSIDE = {r"\d": r"\p{Nd}", r"\D": r"\P{Nd}", r"\w": LETTERS, r"\s": SPACES}
OUTSIDE = INSIDE | {r"\w": f"[{LETTERS}]", r"\W": f"[^{LETTERS}]", r"\s": f"[{SPACES}]", r"\S": f"[^{SPACES}]"}
PIECE = re.compile(r"\\.|\[\^?\]?|\]|[^\\\[\]]+", re.DOTALL)


def for_re2(pattern: str) -> str:
    """The same pattern for RE2; `\\b`, and `\\W` and `\\S` in square brackets, stay about ASCII.

    >>> print(for_re2(r"^\\w+ [\\d.]$"))
    ^[\\p{L}\\p{M}\\p{Nd}\\p{Nl}\\p{Pc}]+ [\\p{Nd}.]$
    """
    depth, found = 0, []
    for piece in PIECE.findall(pattern):
        if piece.startswith("["):
            depth += 1
        elif piece == "]":
            depth = max(depth - 1, 0)
        found.append((INSIDE if depth else OUTSIDE).get(piece, piece))
    return "".join(found)

"""A pattern from a stretch of events, and looser ones that it is a case of."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

MOST_MARKED = 20


def loosened(elements: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """From the very stretch to what only its ends say: what each leaves open, and the pattern. Whatever matches one of
    them matches all behind it.

    >>> for said, pattern in loosened(["search", "view", "view", "buy"]):
    ...     print(f"{said}: {pattern}")
    Exactly these events: search -> view -> view -> buy
    Each any number of times in a row: search+ -> view+ -> buy+
    With others in between: search .. view .. buy
    Only the first and the last: search .. buy
    """
    runs = [element for element, _ in groupby(elements)]
    found = [("Exactly these events", " -> ".join(elements))]
    if len(elements) > 1:
        found.append(("Each any number of times in a row", " -> ".join(f"{element}+" for element in runs)))
    if len(runs) > 1:
        found.append(("With others in between", " .. ".join(runs)))
        found.append(("Only the first and the last", f"{runs[0]} .. {runs[-1]}"))
    kept: dict[str, str] = {}
    for said, pattern in found:
        kept.setdefault(pattern, said)
    return tuple((said, pattern) for pattern, said in kept.items())

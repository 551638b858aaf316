"""How deep the brackets of a text may stand in each other, and room enough to read that deep."""

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from explorer.errors import SpecError

MOST_NESTED = 150
# Below this depth Python's usual 1,000 frames are enough: sqlglot takes about 22 for a pair of brackets.
SHALLOW = 20
FRAMES = 5_000
_QUOTED = re.compile(r"'(?:[^']|'')*'|\"[^\"]*\"")
_STEP = re.compile(r"[(\[{]|[)\]}]|\b(?:NOT|CASE)\b|[-~]", re.IGNORECASE)


@contextmanager
def deep_enough(source: str) -> Iterator[None]:
    """Around whatever reads an expression; raises SpecError for one that is nested too deeply to be read.

    >>> with deep_enough("(" * 10_000 + "a = 1" + ")" * 10_000):
    ...     pass
    Traceback (most recent call last):
    explorer.errors.SpecError: This is nested more than 150 deep. Write it flatter.
    """
    deepest = _depth(source)
    if deepest > MOST_NESTED:
        raise SpecError(f"This is nested more than {MOST_NESTED} deep. Write it flatter.")
    if deepest > SHALLOW and sys.getrecursionlimit() < FRAMES:
        sys.setrecursionlimit(FRAMES)
    yield


def _depth(source: str) -> int:
    """How many brackets are open at once at most; words and signs one after the other are as good as brackets."""
    bare = _QUOTED.sub("''", source)
    depth = deepest = run = before = 0
    for step in _STEP.finditer(bare):
        if step[0] in "([{)]}":
            depth += 1 if step[0] in "([{" else -1
            run = 0
        else:
            run = run + 1 if not bare[before : step.start()].strip() else 1
        before = step.end()
        deepest = max(deepest, depth + run)
    return deepest

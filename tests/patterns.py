"""What a pattern matches, said once more as a slow search that tries one way after the other and goes back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Kinds = list[int | None]  # the element of each event, by its place in the pattern; None is of no element


def matches(pattern: Any, kinds: Kinds) -> list[tuple[int, int]]:
    """The matches from left to right, none of which overlaps another: the first event and one past the last."""
    found, at = [], 0
    while at < len(kinds):
        end = next(_ends(pattern.tree, kinds, at), None)
        if end is None:
            at += 1
        else:
            found.append((at, end))
            at = end
    return found


def _ends(node: Any, kinds: Kinds, at: int) -> Iterator[int]:
    """Where a match that begins here may end, those that are taken rather first."""
    match type(node).__name__:
        case "One":
            if at < len(kinds) and (kinds[at] in node.elements) != node.negated:
                yield at + 1
        case "Gap":
            yield from range(at, len(kinds) + 1)
        case "Edge":
            if at == (len(kinds) if node.last else 0):
                yield at
        case "Choice":
            for part in node.parts:
                yield from _ends(part, kinds, at)
        case "Row":
            yield from _row(node.parts, kinds, at)
        case "Repeat":
            yield from _repeat(node, kinds, at, 0)


def _row(parts: Any, kinds: Kinds, at: int) -> Iterator[int]:
    if not parts:
        yield at
        return
    for end in _ends(parts[0], kinds, at):
        yield from _row(parts[1:], kinds, end)


def _repeat(node: Any, kinds: Kinds, at: int, done: int) -> Iterator[int]:
    if node.most is None or done < node.most:
        for end in _ends(node.part, kinds, at):
            yield from _repeat(node, kinds, end, done + 1)
    if done >= node.least:
        yield at


def in_a_row(patterns: Any, kinds: list[Kinds]) -> Iterator[list[int]]:
    """Where each of some patterns ends that match one after the other with anything between, the ways that are taken
    rather first; `kinds` has the events for each pattern."""

    def go(step: int, at: int) -> Iterator[list[int]]:
        if step == len(patterns):
            yield []
            return
        for begin in range(at, len(kinds[0]) + 1):
            for end in _ends(patterns[step].tree, kinds[step], begin):
                yield from ([end, *rest] for rest in go(step + 1, end))

    yield from go(0, 0)

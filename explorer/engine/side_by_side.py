"""Pieces of work on all processors: NumPy and Polars let other threads of Python run while they count."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import TypeVar

T = TypeVar("T")


def side_by_side(works: Sequence[Callable[[], T]]) -> list[T]:
    """The results of all, in their order; the error of the first that has one. Whoever stops this stops them all.

    >>> side_by_side([lambda: 1, lambda: 2])
    [1, 2]
    """
    threads = min(len(works), os.cpu_count() or 1)
    if threads < 2:
        return [work() for work in works]
    with ThreadPoolExecutor(threads) as pool:
        # A context can be entered once at a time: each piece has its own, with what stops this work in it.
        under_way = [pool.submit(copy_context().run, work) for work in works]
        return [each.result() for each in under_way]

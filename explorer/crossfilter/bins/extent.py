"""All that any rule of bins needs to know of values: how many there are, their ends, a few quantiles, their grain."""

from __future__ import annotations

from functools import cached_property
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from explorer.crossfilter.bins.bins import whole

Number = int | float
Values = npt.NDArray[Any]
FINER_SHARE = 0.01


class Extent(Protocol):
    """Of some values without nulls: numbers, or microseconds. Where there is none, all but `count` mean nothing.

    Whoever has the values answers: here they are in memory, an engine may ask a database.
    """

    @property
    def count(self) -> int:
        """How many values there are."""
        ...

    @property
    def whole(self) -> bool:
        """Whether they are whole numbers, and not floats."""
        ...

    @property
    def low(self) -> Number:
        """The least one."""
        ...

    @property
    def high(self) -> Number:
        """The greatest one."""
        ...

    @property
    def usual(self) -> Number:
        """The 99th percentile: the least value that so many do not exceed."""
        ...

    @property
    def median(self) -> float:
        """The value in the middle."""
        ...

    @property
    def grain(self) -> int:
        """The coarsest of second, millisecond and microsecond of which nearly all are multiples, in microseconds."""
        ...

    def parts(self, many: int) -> list[Number]:
        """The least values of so many parts of about equally many values, in order."""
        ...

    @property
    def positive(self) -> Extent:
        """The same of those above 0."""
        ...

    def up_to(self, most: Number) -> Extent:
        """The same of those that are not above a value."""
        ...

    def nearer_than(self, farthest: Number) -> Extent:
        """The same of those between a value and its opposite, both left out."""
        ...


class ValuesExtent:
    """The extent of values in memory; each answer is found when it is first asked."""

    def __init__(self, values: Values) -> None:
        self._values = values

    @property
    def count(self) -> int:
        """How many values there are."""
        return len(self._values)

    @property
    def whole(self) -> bool:
        """Whether they are whole numbers, and not floats."""
        return bool(np.issubdtype(self._values.dtype, np.integer))

    @cached_property
    def low(self) -> Number:
        """The least one."""
        return _number(self._values.min())

    @cached_property
    def high(self) -> Number:
        """The greatest one."""
        return _number(self._values.max())

    @cached_property
    def usual(self) -> Number:
        """The 99th percentile: the least value that so many do not exceed."""
        at = min(self.count - 1, int(0.99 * self.count))
        return _number(np.partition(self._values, at)[at])

    @cached_property
    def median(self) -> float:
        """The value in the middle."""
        return float(np.median(self._values))

    @cached_property
    def grain(self) -> int:
        """The coarsest of second, millisecond and microsecond of which nearly all are multiples, in microseconds."""
        for unit in (1_000_000, 1_000):
            if np.count_nonzero(self._values % unit) <= FINER_SHARE * self.count:
                return unit
        return 1

    def parts(self, many: int) -> list[Number]:
        """The least values of so many parts of about equally many values, in order."""
        ordered = np.sort(self._values)
        return [_number(ordered[self.count * part // many]) for part in range(many)]

    @cached_property
    def positive(self) -> ValuesExtent:
        """The same of those above 0."""
        return ValuesExtent(self._values[self._values > 0])

    def up_to(self, most: Number) -> ValuesExtent:
        """The same of those that are not above a value."""
        return ValuesExtent(self._values[self._values <= most])

    def nearer_than(self, farthest: Number) -> ValuesExtent:
        """The same of those between a value and its opposite, both left out."""
        return ValuesExtent(self._values[np.abs(self._values) < farthest])


def extent(values: npt.ArrayLike) -> ValuesExtent:
    """The extent of numbers; of times and durations in microseconds.

    >>> some = extent([0, 3, 9])
    >>> some.count, some.low, some.high, some.positive.low
    (3, 0, 9, 3)
    """
    array = np.asarray(values)
    return ValuesExtent(array if array.dtype.kind == "f" and len(array) else whole(array))


def floats(values: npt.ArrayLike) -> ValuesExtent:
    """The same of numbers that have a fraction, or could."""
    return ValuesExtent(np.asarray(values, dtype=np.float64))


def _number(value: Any) -> Number:
    found: Number = value.item()
    return found

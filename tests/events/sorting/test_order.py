"""The order of events against Python's own stable sort."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.events.sorting.order import Digit, digit, permutation

BITS = st.lists(st.integers(0, 61), min_size=1, max_size=4)


@given(st.data(), BITS)
def test_the_order_is_stable(data: st.DataObject, bits: list[int]):
    size = data.draw(st.integers(1, 40))
    wide = [st.one_of(st.integers(0, 3), st.integers(0, 2**some - 1)).map(lambda n, b=some: n % 2**b) for some in bits]
    columns = [data.draw(st.lists(values, min_size=size, max_size=size)) for values in wide]
    found = permutation([Digit(np.array(c, np.int64), b) for c, b in zip(columns, bits, strict=True)])
    wanted = sorted(range(size), key=lambda row: [column[row] for column in columns])
    assert wanted == (list(range(size)) if found is None else found.tolist())


COLUMNS = [
    pl.Series([3, 1, None, -(2**63), 2**63 - 1]),
    pl.Series([2**64 - 1, None, 0], dtype=pl.UInt64),
    pl.Series([2**63 + 1, 2**63], dtype=pl.UInt64),
    pl.Series([5, 7, 6], dtype=pl.UInt8),
    pl.Series([0.5, -1.0, None, -0.0, 0.0, float("inf")]),
    pl.Series(["b", None, "a", "", "é"]),
    pl.Series([True, None, False]),
    pl.Series([1, None, -5]).cast(pl.Datetime("us")),
    pl.Series([None, None], dtype=pl.Int64),
    pl.Series([10**30, 1], dtype=pl.Int128),
]


@pytest.mark.parametrize("values", COLUMNS, ids=lambda values: str(values.dtype))
def test_a_digit_has_the_order_of_its_column(values: pl.Series):
    found = digit(values)
    assert found.values.min() >= 0
    assert int(found.values.max()) < 2**found.bits
    places = permutation([found])
    wanted = values.to_frame("x").with_row_index().sort("x", maintain_order=True, nulls_last=False)["index"].to_list()
    assert (list(range(len(values))) if places is None else places.tolist()) == wanted

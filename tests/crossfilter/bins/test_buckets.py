"""The table finds the bin that a binary search finds, whatever the numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.crossfilter.bins.buckets import FEW, bins_of, table_of
from tests.examples import examples

WHOLE = st.one_of(st.integers(-(2**63), 2**63 - 1), st.integers(-1_000, 1_000), st.integers(2**50, 2**50 + 2**34))
REAL = st.one_of(st.floats(width=64), st.floats(-10, 10), st.integers(-50, 50).map(float))


def searched(edges: np.ndarray[Any, Any], values: np.ndarray[Any, Any]) -> list[int]:
    found: list[int] = np.searchsorted(edges, values, "right").tolist()
    return found


@examples(300)
@given(
    st.one_of(
        st.tuples(
            st.just(np.int64), st.lists(WHOLE, min_size=2, max_size=255, unique=True), st.lists(WHOLE, min_size=1)
        ),
        st.tuples(
            st.just(np.float64),
            st.lists(REAL.filter(np.isfinite), min_size=2, max_size=255, unique=True),
            st.lists(REAL, min_size=1),
        ),
    )
)
def test_a_table_finds_what_a_search_finds(drawn: tuple[Any, list[Any], list[Any]]):
    dtype, cuts, numbers = drawn
    edges = np.unique(np.array(cuts, dtype=dtype))
    values = np.array([*numbers, *cuts], dtype=dtype)
    with np.errstate(over="ignore", invalid="ignore"):
        beside = np.concatenate(
            [values, values + 1, values - 1, np.nextafter(values.astype(float), np.inf).astype(dtype)]
        )
    table = table_of(edges, beside)  # asked of fewer values than it is made for
    if table is not None:
        found = np.empty(len(beside), dtype=np.uint8)
        table.look_up(beside, found)
        assert found.tolist() == searched(edges, beside)


@pytest.mark.parametrize("dtype", [np.int64, np.float64])
@pytest.mark.parametrize("edges", [np.arange(200) * 7, np.array([0, 1, 5, 25, 125, 10**9]), np.arange(100) + 10**6])
def test_many_values(dtype: Any, edges: np.ndarray[Any, Any]):
    values = np.random.default_rng(0).integers(-100, int(edges[-1]) + 100, FEW + 11).astype(dtype)
    its = edges.astype(dtype)
    assert table_of(its, values) is not None
    assert bins_of(its, values).tolist() == searched(its, values)


def test_nothing_said_and_nothing_finite():
    edges = np.linspace(0.0, 10.0, 20)
    values = np.resize(np.array([np.nan, -np.nan, 0.0, -0.0, 5.0, 10.0, -1.0, 11.0]), FEW)
    assert table_of(edges, values) is not None
    assert bins_of(edges, values).tolist() == searched(edges, values)
    values[7] = np.inf
    assert table_of(edges, values) is None
    assert bins_of(edges, values).tolist() == searched(edges, values)


def test_edges_too_near_for_a_table_are_searched():
    edges = 10**15 + np.arange(200)
    values = np.resize(edges - 1, FEW)
    values[0] = 0
    assert table_of(np.array([0, *edges]), values) is None
    assert bins_of(np.array([0, *edges]), values).tolist() == searched(np.array([0, *edges]), values)

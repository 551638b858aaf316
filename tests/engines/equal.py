"""Whether two engines say the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import assume
from polars.testing import assert_frame_equal, assert_series_equal

from explorer.errors import EngineError, SpecError


def same(one: Any, other: Any) -> None:
    """The same value, whatever holds it."""
    if isinstance(one, pl.DataFrame):
        assert_frame_equal(one, other, rel_tol=1e-12, abs_tol=1e-12, categorical_as_str=True)
    elif isinstance(one, pl.Series):
        assert_series_equal(one, other, rel_tol=1e-12, abs_tol=1e-12, categorical_as_str=True)
    elif isinstance(one, np.ndarray):
        np.testing.assert_allclose(one, other, rtol=1e-12)
    elif isinstance(one, dict):
        assert one.keys() == other.keys()
        for name in one:
            same(one[name], other[name])
    elif isinstance(one, list | tuple):
        assert len(one) == len(other), (one, other)
        for left, right in zip(one, other, strict=True):
            same(left, right)
    elif isinstance(one, float):
        assert one == pytest.approx(other, rel=1e-12, nan_ok=True)
    else:
        assert one == other


def answered(ask: Callable[[], Any]) -> Any:
    """An answer, or the error in its place."""
    try:
        return ask()
    except SpecError as error:
        return str(error)
    except EngineError as error:
        assume("is not written for" not in str(error))  # what a database has not, it says
        raise


def agree(local: Any, remote: Any, ask: Callable[[Any], Any]) -> None:
    same(answered(lambda: ask(local)), answered(lambda: ask(remote)))

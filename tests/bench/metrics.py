"""The metrics that benchmarks ask for."""

import pytest

METRICS = [
    ("count", None, "event = 'purchase'"),
    ("sum", "amount", None),
    ("n_unique", "page", None),
    ("median", "amount", None),
    ("first", "page", None),
    ("time_to", None, "event = 'purchase'"),
]
OF_METRICS = pytest.mark.parametrize(("aggregate", "column", "where"), METRICS, ids=[name for name, _, _ in METRICS])

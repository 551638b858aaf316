"""A measure at every step of time, for each group."""

from __future__ import annotations

import numpy as np
import polars as pl

from explorer.charts.figure.cells import key_texts
from explorer.charts.figure.plane import Floats
from explorer.charts.figure.time_axis import step_times
from explorer.crossfilter.measured import Rows


def all_series(rows: Rows, values: pl.Series) -> dict[str, Floats]:
    """For each group its value at every step, NaN where there is none; those with most sessions first."""
    time, *others = rows.names
    steps = step_times(rows.frame[time])
    place = {step: at for at, step in enumerate(steps)}
    keys = [key_texts(rows.frame, name) for name in others]
    numbers = values.to_physical().cast(pl.Float64).fill_null(float("nan")).to_list()
    found: dict[str, Floats] = {}
    size: dict[str, int] = {}
    for at, (step, sessions) in enumerate(zip(rows.frame[time], rows.frame["sessions"], strict=True)):
        if step is None:
            continue
        name = " · ".join(key[at] for key in keys)
        line = found.setdefault(name, np.full(len(steps), np.nan))
        line[place[step]] = numbers[at]
        size[name] = size.get(name, 0) + sessions
    return {name: found[name] for name in sorted(found, key=lambda name: -size[name])}

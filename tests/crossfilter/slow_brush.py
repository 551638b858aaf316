"""What a brush holds, once more: one value after the other."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, timedelta
from typing import Any

from explorer.crossfilter.selections.selection import Brush, Range


def holds(brush: Brush, value: Any) -> bool:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        inside = brush.none
    elif isinstance(brush, Range):
        number = measured(value)
        inside = brush.lo <= number and (brush.hi is None or number < brush.hi)
    else:
        inside = said(value) in brush.values
    return inside != brush.negated


def said(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def measured(value: Any) -> Any:
    if isinstance(value, timedelta):
        return value // timedelta(microseconds=1)
    if isinstance(value, datetime):
        return (value.replace(tzinfo=value.tzinfo or UTC) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(
            microseconds=1
        )
    if isinstance(value, date):
        return measured(datetime(value.year, value.month, value.day))
    return value

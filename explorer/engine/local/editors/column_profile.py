"""What there is in one column: its type, its most frequent texts, its lowest and highest value."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from math import isfinite
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import polars as pl

from explorer.plan.literal import EPOCH, type_word
from explorer.spec.duration import Duration
from explorer.spec.expression.clause import value_text

MOST_VALUES = 200
AT_ONCE = 1 << 18
WORDS = {"text": "text", "number": "number", "time": "time", "duration": "duration", "truth value": "bool"}
# Where Python's datetime ends, with a day to spare for any zone.
EARLIEST, LATEST = datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC)


def described(values: pl.Series, zone: str) -> dict[str, Any] | None:
    """What an editor offers for a column; None for a type that cannot be compared. Times are told in `zone`.

    >>> described(pl.Series([3, None, 1]), "UTC")
    {'type': 'number', 'values': [], 'example': '3', 'nulls': 1, 'low': 1, 'high': 3, 'whole': True}
    """
    kind = WORDS.get(type_word(values.dtype))
    if kind is None:
        return None
    told: dict[str, Any] = {"type": kind, "values": [], "example": "", "nulls": values.null_count()}
    if kind == "text":
        told["values"], told["distinct"] = frequent(values)
        return told | {"example": told["values"][0][0] if told["values"] else ""}
    first = values.drop_nulls().head(1) if told["nulls"] else values.head(1)
    if kind == "bool":
        return told | {"example": value_text(first.item()) if len(first) else ""}
    told |= {"low": None, "high": None}
    if len(first):
        say = {"number": _number, "time": _time(values.dtype, zone), "duration": _duration}[kind]
        low, high = _ends(values)
        told |= {"example": str(say(first)), "low": say(low), "high": say(high)}
    return told | ({"whole": _is_whole(values)} if kind == "number" else {})


# ---- texts


def frequent(values: pl.Series, most: int = MOST_VALUES) -> tuple[list[tuple[str, int]], int]:
    """The most frequent texts and how many rows have each, and how many different texts there are.

    >>> frequent(pl.Series(["a", "b", "b", None]))
    ([('b', 2), ('a', 1)], 2)
    """
    if not isinstance(values.dtype, pl.Categorical | pl.Enum):
        return _of_texts(values.drop_nulls().rename("value"), most)
    known = values.dtype.categories
    texts = known if isinstance(known, pl.Series) else known.to_series()
    counts = count_codes(values.to_physical(), len(texts))
    top = np.argsort(-counts, kind="stable")[:most]
    found = zip(texts.gather(pl.Series(top)).to_list(), counts[top].tolist(), strict=True)
    return [(text, count) for text, count in found if count], int(np.count_nonzero(counts))


def count_codes(codes: pl.Series, size: int) -> npt.NDArray[np.int64]:
    """How many rows have each code; piece by piece, so that no wide copy of all codes is made."""
    array = codes.drop_nulls().to_numpy()
    counts = np.zeros(size, np.int64)
    for at in range(0, len(array), AT_ONCE):
        counts += np.bincount(array[at : at + AT_ONCE], minlength=size)
    return counts


def _of_texts(texts: pl.Series, most: int) -> tuple[list[tuple[str, int]], int]:
    """Texts are told apart by 64 bits of each, sorted: a third of the time of a hash table of texts."""
    hashes = texts.hash()
    ordered = np.sort(hashes.to_numpy())
    begins = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1])[: len(ordered)])
    counts = np.diff(np.append(begins, len(ordered)))
    top = pl.Series(ordered[begins[np.argsort(-counts, kind="stable")[:most]]])
    some = texts.filter(hashes.is_in(top.implode())).value_counts().sort(["count", "value"], descending=[True, False])
    return [(str(value), int(count)) for value, count in some.head(most).iter_rows()], len(begins)


# ---- numbers, times, durations


def _ends(values: pl.Series) -> tuple[pl.Series, pl.Series]:
    ends = values.to_frame("x").select(pl.col("x").min().alias("low"), pl.col("x").max().alias("high"))
    if values.dtype.is_float() and not all(map(isfinite, ends.row(0))):
        finite = values.filter(values.is_finite())
        ends = ends.with_columns(low=finite.min(), high=finite.max())
    return ends["low"], ends["high"]


def _is_whole(values: pl.Series) -> bool:
    if values.dtype.is_integer():
        return True
    x = pl.col("x").cast(pl.Float64)
    return bool(values.to_frame("x").select((x == x.floor()).all()).item())


def _number(value: pl.Series) -> int | float | None:
    found = value.item()
    return found if found is None or isinstance(found, int) else float(found)


def _duration(value: pl.Series) -> str:
    us = value.cast(pl.Duration("us")).to_physical().item()
    return f"{'-' if us < 0 else ''}{Duration(abs(us))}"


def _time(dtype: pl.DataType, zone: str) -> Any:
    def say(value: pl.Series) -> str:
        if dtype == pl.Date:
            return str(value.item())
        aware = getattr(dtype, "time_zone", None) is not None
        us = value.cast(pl.Datetime("us", "UTC" if aware else None)).to_physical().item()
        first, last = ((end - EPOCH) // timedelta(microseconds=1) for end in (EARLIEST, LATEST))
        moment = EPOCH + timedelta(microseconds=min(max(us, first), last))
        return moment.astimezone(ZoneInfo(zone if aware else "UTC")).replace(tzinfo=None).isoformat()

    return say

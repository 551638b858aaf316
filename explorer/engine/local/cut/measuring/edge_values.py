"""The first, last and all values of a column of events in each session."""

import numpy as np
import numpy.typing as npt
import polars as pl

from explorer.engine.local.cut.measuring.metrics import repeated

AT_ONCE = 1 << 13


def at(values: pl.Series, begin: pl.Series, end: pl.Series, place: str) -> pl.Series:
    """The first or last value that is not null from each place on, up to the end.

    >>> at(pl.Series(["a", None, "b"]), pl.Series([0, 1]), pl.Series([1, 3]), "first").to_list()
    ['a', 'b']
    """
    if not values.null_count():
        return values.gather(begin if place == "first" else end - 1)
    places = values.is_not_null().arg_true().cast(pl.Int64)
    found = pl.concat([pl.Series([None], dtype=pl.Int64), places, pl.Series([None], dtype=pl.Int64)])
    if place == "first":
        near = found.gather(places.search_sorted(begin, side="left") + 1)
    else:
        near = found.gather(places.search_sorted(end, side="left"))
    inside = pl.select(pl.when((near >= begin) & (near < end)).then(near)).to_series()
    return values.gather(inside)


def every(values: pl.Series, cut: pl.DataFrame) -> pl.DataFrame:
    """The different values in each session of a cut, nulls left out: `session` and `value`.

    >>> cut = pl.DataFrame({"event_count": pl.Series([2, 1], dtype=pl.UInt32)})
    >>> every(pl.Series(["b", "b", "a"], dtype=pl.Categorical), cut).rows()
    [(0, 'b'), (1, 'a')]
    """
    sizes = cut["event_count"].to_numpy()
    if isinstance(values.dtype, pl.Categorical):
        return _every_code(values, sizes)
    found = pl.DataFrame({"session": repeated(cut["event_count"]), "value": values})
    return found.filter(pl.col("value").is_not_null()).unique()


def _every_code(values: pl.Series, sizes: npt.NDArray[np.uint32]) -> pl.DataFrame:
    """The same of categories. Session and code are one number: some sessions at once stay in memory that is near."""
    codes, known = values.to_physical(), None if not values.null_count() else values.is_not_null().to_numpy()
    numbers = codes.fill_null(0).to_numpy()
    edges = np.append(0, np.cumsum(sizes, dtype=np.int64))
    found = [np.zeros(0, np.uint64)]
    for at in range(0, len(sizes), AT_ONCE):
        some = sizes[at : at + AT_ONCE]
        part = slice(edges[at], edges[at + len(some)])
        pairs = np.repeat(np.arange(at, at + len(some), dtype=np.uint64) << np.uint64(32), some)
        pairs |= numbers[part]
        pairs = pairs if known is None else pairs[known[part]]
        pairs.sort()
        found.append(pairs[np.append(True, pairs[1:] != pairs[:-1])] if len(pairs) else pairs)
    whole = np.concatenate(found)
    each = pl.DataFrame([pl.Series("session", (whole >> np.uint64(32)).astype(np.uint32))])
    return each.with_columns(
        _from_codes(pl.Series(whole.astype(np.uint32)), values.drop_nulls().unique()).alias("value")
    )


def _from_codes(codes: pl.Series, known: pl.Series) -> pl.Series:
    """Categories again, by the codes of all that there are."""
    at = np.zeros(int(codes.max() or 0) + 1, np.uint32)  # type: ignore[arg-type]
    at[known.to_physical().to_numpy()] = np.arange(len(known))
    return known.gather(pl.Series(at).gather(codes))

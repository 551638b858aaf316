"""Events that repeat the id of an earlier one, as retries do; found a part at a time, however many there are."""

import numpy as np
import polars as pl

# Ids are looked at in chunks, and compared in parts of about this many.
AT_ONCE = 4_000_000


def repeated_ids(frame: pl.DataFrame, times: pl.Series, names: tuple[str, ...], at_once: int = AT_ONCE) -> pl.Series:
    """Which events, sorted, repeat the values that an earlier one has in these columns; without a value, none.

    Of events with the same id the first is the earliest; at the same time, the one that stands first.
    """
    again = np.zeros(frame.height, dtype=bool)
    hashes = _hashes(frame, names, at_once)
    parts = -(-frame.height // at_once)
    for part in range(parts):
        found = [
            at + np.flatnonzero((hashes[at : at + at_once] % parts == part) & (hashes[at : at + at_once] != 0))
            for at in range(0, frame.height, at_once)
        ]
        places = np.concatenate(found)
        its = hashes[places]
        order = np.argsort(its, kind="stable")
        same = its[order][1:] == its[order][:-1]
        twice = np.zeros(len(places), dtype=bool)
        twice[order[1:][same]] = True
        twice[order[:-1][same]] = True
        places = places[twice]
        if not len(places):
            continue
        some = frame.select(names)[places].with_columns(
            times.gather(pl.Series(places)).alias("@time"), pl.Series("@place", places)
        )
        some = some.sort("@time", "@place")
        first = some.select(pl.struct(names).is_first_distinct().alias("first"))["first"]
        again[some["@place"].filter(~first).to_numpy()] = True
    return pl.Series(again)


def _hashes(frame: pl.DataFrame, names: tuple[str, ...], at_once: int) -> "np.ndarray[tuple[int], np.dtype[np.uint64]]":
    """A number for each id, 0 where a part of it is missing."""
    found = np.zeros(frame.height, dtype=np.uint64)
    for at in range(0, frame.height, at_once):
        part = frame.select(names)[at : at + at_once]
        its = part.select(pl.struct(pl.all()).hash().alias("hash"), pl.any_horizontal(pl.all().is_null()).alias("none"))
        numbers = its["hash"].to_numpy() | np.uint64(1)
        found[at : at + len(numbers)] = np.where(its["none"].to_numpy(), np.uint64(0), numbers)
    return found

"""What every event knows of its session, from the times of events whose sessions are neighbouring runs."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import polars as pl

Places = npt.NDArray[np.int64]


def event_number(times: pl.Series, begins: pl.Series) -> pl.Series:
    """The place of each event in its session, from 1; `begins` are the places of the sessions' first events."""
    at = np.arange(1, len(times) + 1, dtype=np.uint32)
    return pl.Series(at - np.repeat(begins.to_numpy().astype(np.uint32), _lengths(times, begins)))


def since_start(times: pl.Series, begins: pl.Series) -> pl.Series:
    """The time from the session's first event to each."""
    first = np.repeat(times.gather(begins).to_numpy(), _lengths(times, begins))
    return _lasting(times.to_numpy() - first)


def since_previous(times: pl.Series, begins: pl.Series) -> pl.Series:
    """The time from the event before; null for a session's first."""
    return _known(times.diff(), begins)


def until_next(times: pl.Series, begins: pl.Series) -> pl.Series:
    """The time until the next event; null for a session's last."""
    return _known(times.shift(-1) - times, begins.shift(-1, fill_value=len(times)) - 1)


KNOWN: dict[str, Callable[[pl.Series, pl.Series], pl.Series]] = {
    each.__name__: each for each in (event_number, since_start, since_previous, until_next)
}


def known_of(times: pl.Series, places: pl.Series, begins: pl.Series, ends: pl.Series) -> pl.DataFrame:
    """The same for some events by their places; `begins` and `ends` are those of the session of each, where `ends` are
    one past the last.

    >>> at = known_of(pl.Series([0, 5, 7]), pl.Series([1]), pl.Series([0]), pl.Series([3]))
    >>> [str(value) for value in at.row(0)]
    ['2', '0:00:00.000005', '0:00:00.000005', '0:00:00.000002']
    """
    frame = pl.DataFrame({"at": places.cast(pl.Int64), "begin": begins.cast(pl.Int64), "end": ends.cast(pl.Int64)})
    at, begin, end = pl.col("at"), pl.col("begin"), pl.col("end")

    def time(place: pl.Expr) -> pl.Expr:
        return pl.lit(times).gather(place)

    return frame.select(
        event_number=(at - begin + 1).cast(pl.UInt32),
        since_start=(time(at) - time(begin)).cast(pl.Duration("us")),
        since_previous=(time(at) - time(pl.when(at > begin).then(at - 1))).cast(pl.Duration("us")),
        until_next=(time(pl.when(at + 1 < end).then(at + 1)) - time(at)).cast(pl.Duration("us")),
    )


def _lengths(times: pl.Series, begins: pl.Series) -> Places:
    ends: Places = np.append(begins.to_numpy(), len(times)).astype(np.int64)
    return ends[1:] - ends[:-1]


def _lasting(microseconds: npt.NDArray[np.int64]) -> pl.Series:
    return pl.Series(microseconds).cast(pl.Duration("us"))


def _known(values: pl.Series, without: pl.Series) -> pl.Series:
    """Durations; null at these places."""
    return values.scatter(without, None).cast(pl.Duration("us"))

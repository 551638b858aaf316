"""Which rows match: a group from the masks of its parts, a text condition from the few texts that there are."""

from collections.abc import Callable, Iterable
from functools import reduce
from operator import and_, or_

import numpy as np
import polars as pl

from explorer.plan.in_polars.predicate import predicate
from explorer.spec.expression.clause import All, Any, Clause, Compare, IsNull, Matches, Not, columns, is_simple

Mask = Callable[[Clause], pl.Series]
AT_ONCE = 1 << 18


def mask(clause: Clause, frame: pl.DataFrame, zone: str | None, part: Mask) -> pl.Series:
    """The rows of a frame that match, true or false; `part` answers for the parts of a group; raises SpecError."""
    match clause:
        case All(inner) if inner:
            return _joined(and_, map(part, inner))
        case Any(inner) if inner:
            return _joined(or_, map(part, inner))
        case Not(inner):
            return ~part(inner)
        case All() | Any():
            return _plain(clause, frame, zone)
        case IsNull() | Compare(_, "=" | "!=") if is_simple(clause):
            return _plain(clause, frame, zone)
    names = columns(clause)
    if len(names) == 1 and isinstance(frame.schema.get(names[0]), pl.Categorical):
        return _by_code(clause, frame[names[0]], zone)
    return _plain(clause, frame, zone, streamed=isinstance(clause, Matches))


def _joined(how: Callable[[pl.Series, pl.Series], pl.Series], masks: Iterable[pl.Series]) -> pl.Series:
    return reduce(how, masks)


def _plain(clause: Clause, frame: pl.DataFrame, zone: str | None, streamed: bool = False) -> pl.Series:
    lazy = frame.lazy().select(predicate(clause, frame.schema, zone).alias("mask"))
    # In pieces, Polars matches texts on all cores.
    return lazy.collect(engine="streaming" if streamed else "in-memory").to_series().rechunk()


def _by_code(clause: Clause, values: pl.Series, zone: str | None) -> pl.Series:
    """Each different text is asked once; the rows look their answer up by their code."""
    texts = values.dtype.categories.to_series()  # type: ignore[attr-defined]
    known = pl.DataFrame({values.name: pl.concat([texts, pl.Series([None], dtype=pl.String)])})
    answers = known.select(predicate(clause, known.schema, zone)).to_series().to_numpy()
    codes = values.to_physical()
    if codes.null_count():
        codes = codes.cast(pl.UInt32).fill_null(len(texts))
    places, found = codes.to_numpy(), np.empty(len(codes), np.bool_)
    for at in range(0, len(codes), AT_ONCE):  # NumPy makes wide numbers of the codes that it looks up at once
        found[at : at + AT_ONCE] = answers[places[at : at + AT_ONCE]]
    return pl.Series("mask", found)

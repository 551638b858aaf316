"""How far sessions get through patterns of events one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
import numpy.typing as npt
import polars as pl

from explorer.engine.local.cut.sequences.reach import NEVER, Reach
from explorer.engine.local.cut.sequences.words import Words, written
from explorer.engine.stopping import go_on
from explorer.errors import SpecError
from explorer.plan.in_polars.pattern import LETTERS, joined_expression
from explorer.spec.pattern import One, Pattern

Whole = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int64]


def reach_of_patterns(words: Sequence[Words], patterns: Sequence[Pattern]) -> Reach:
    """Each session, whose word for each of the patterns is told, by the first match of as many patterns as can be.

    A step happens with the last event of its part of that match. Events are told apart by what they are in every one of
    the patterns; raises SpecError where these are too many kinds.
    """
    first = words[0]
    each = [np.frombuffer(its.words.str.join("")[0].encode(), np.uint8) for its in words]
    kinds, codes = np.unique(
        np.stack(each) if len(each[0]) else np.zeros((len(each), 0), np.uint8), axis=1, return_inverse=True
    )
    if kinds.shape[1] > len(LETTERS):
        raise SpecError(
            f"These steps tell {kinds.shape[1]} kinds of events apart, and {len(LETTERS)} is the most. Leave some out."
        )
    alphabet = np.frombuffer(LETTERS.encode(), np.uint8)
    texts = written(alphabet[codes.ravel()], first.offsets)
    letters = [partial(_letters, kinds[at]) for at in range(len(patterns))]
    happened = [np.full(len(texts), NEVER) for _ in patterns]
    left = np.arange(len(texts))
    for most in range(len(patterns), 0, -1):
        go_on()
        regex = joined_expression([each.tree for each in patterns[:most]], letters[:most])
        some = texts.gather(left)
        begin = some.str.find(regex).cast(pl.Int64)
        held = begin.is_not_null().to_numpy()
        if held.any():
            _tell(happened, first, left[held], some.filter(pl.Series(held)), regex, most)
        left = left[~held]
    start = first.times[first.offsets[:-1]] if len(first.times) else np.zeros(0, np.int64)
    return Reach.of(start, happened)


def _tell(happened: list[Whole], words: Words, rows: Whole, texts: pl.Series, regex: str, most: int) -> None:
    """When each step of a match happens: the groups are its parts, and what lies between two of them a group too."""
    parts = regex.split(r")[\s\S]*?(")
    whole = r")([\s\S]*?)(".join(parts)
    groups = texts.str.extract_groups(whole).struct.unnest()
    lengths = np.stack([groups.to_series(at).str.len_bytes().to_numpy() for at in range(2 * most - 1)])
    ends = texts.str.find(regex).to_numpy() + np.cumsum(lengths, axis=0)
    for at in range(most):
        happened[at][rows] = words.times[words.offsets[rows] + ends[2 * at].astype(np.int64) - 1]


def _letters(kinds: npt.NDArray[np.uint8], one: One) -> str:
    """The letters of the kinds of events that one event of a pattern may be of."""
    asked = np.frombuffer("".join(LETTERS[at] for at in one.elements).encode(), np.uint8)
    inside = np.isin(kinds, asked) != one.negated
    return "".join(LETTERS[at] for at in np.flatnonzero(inside))

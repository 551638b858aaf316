"""Two groups of sessions by actor: shares and means in both, and how uncertain their difference is."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from explorer.engine.stopping import go_on

Whole = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Sums = Whole | Floats
Codes = npt.NDArray[np.uint8]
# So many numbers at once fit into the processor's own memory. OpenBLAS gives products of more than 9,216 to several
# threads, which then wait for the next one at full speed.
AT_ONCE = 1 << 13
# With fewer sessions that have a trait, or have it not, the variance of its share is not trusted; with fewer than the
# second nothing is learned from it.
STEADY, FEWEST_KNOWN = 50, 10
# The largest relative variance of a share that a ratio is told of.
WORST = 0.25


@dataclass(frozen=True, eq=False)
class Compared:
    """What some traits come to in both groups, an entry for each trait.

    `here` and `there` are shares or means, `n_here` and `n_there` the sessions with the trait (with a value, of means).
    `spread_here`, `spread_there` and `joint` are the variances of both and their covariance, by actor. `actors` is
    how many actors have the rarer of both: a session with the trait, where at most half have it, else one without.
    """

    here: Floats
    there: Floats
    n_here: Whole
    n_there: Whole
    spread_here: Floats
    spread_there: Floats
    joint: Floats
    actors: Whole

    @property
    def error(self) -> Floats:
        """The standard error of the differences."""
        return np.sqrt(np.maximum(self.spread_here + self.spread_there - 2 * self.joint, 0))

    def steadied(self, of_here: int, of_there: int) -> Compared:
        """The same with variances that do not vanish with what is rare: of shares of so many sessions.

        The variance of a share of which few sessions tell is known badly, and is 0 of none. Where they are fewer than
        STEADY (weighed by how much alike an actor's sessions are), it is at least what it would be if both shares were
        the same: p (1 - p) / n, as in the score test, times how much larger than that it is where it is known well
        (the design effect; Rao and Scott 1992, *A simple method for the analysis of clustered binary data*).
        """
        whole = (self.n_here + self.n_there) / (of_here + of_there)
        sides = (
            (self.here, self.n_here, of_here, self.spread_here),
            (self.there, self.n_there, of_there, self.spread_there),
        )
        alike = np.ones(len(whole))
        for share, count, n, spread in sides:
            known = np.minimum(count, n - count) >= FEWEST_KNOWN
            plain = np.where(known, share * (1 - share) / n, 1.0)
            alike = np.maximum(alike, np.where(known, spread / plain, 1.0))
        found = []
        for _, count, n, spread in sides:
            rare = np.minimum(count, n - count) / alike < STEADY
            found.append(np.where(rare, np.maximum(spread, whole * (1 - whole) / n * alike), spread))
        return replace(self, spread_here=found[0], spread_there=found[1])

    @property
    def relative_error(self) -> Floats:
        """The standard error of the logarithm of the ratios; nan where one of both is not above 0, or is known no
        better than to its half."""
        with np.errstate(divide="ignore", invalid="ignore"):
            one, other = self.spread_here / self.here**2, self.spread_there / self.there**2
            square = one + other - 2 * self.joint / (self.here * self.there)
            found = np.sqrt(np.maximum(square, 0))
        known = (self.here > 0) & (self.there > 0) & (one <= WORST) & (other <= WORST)
        return np.where(known, found, np.nan)


@dataclass(frozen=True, eq=False)
class TwoGroups:
    """Sessions in two groups, by actor: `who` is the place of every session's actor among `many`, in order; `here` and
    `there` hold the sessions of one group each, none in both.

    An actor's sessions are not independent, and some may lie in one group, some in the other: what is by chance is
    which actors there are. Variances are those of the jackknife that leaves out one actor at a time, in closed form:
    with e = h - p n of an actor (of whose n sessions h have the trait, which the share p of all N have), leaving it out
    moves the share by -e / (N - n). Efron and Stein (1981), *The jackknife estimate of variance*; of clusters
    MacKinnon, Nielsen and Webb (2023), *Cluster-robust inference: a guide to empirical practice* (CV3).
    """

    who: Whole
    many: int
    here: Mask
    there: Mask
    _among: dict[str, Any] = field(default_factory=dict, repr=False)

    # ---- sessions by actor

    @cached_property
    def sizes(self) -> tuple[Floats, Floats]:
        """How many sessions of each group every actor has."""
        one, other = (np.bincount(who, minlength=self.many).astype(np.float64) for who in self._whose)
        return one, other

    @cached_property
    def _whose(self) -> tuple[Whole, Whole]:
        """The actor of each session of both groups."""
        return self.who[self.here], self.who[self.there]

    @property
    def _groups(self) -> tuple[Mask, Mask]:
        return self.here, self.there

    @cached_property
    def sessions(self) -> tuple[int, int]:
        """How many sessions there are in each."""
        one, other = (int(n.sum()) for n in self.sizes)
        return one, other

    @cached_property
    def actors(self) -> tuple[int, int]:
        """How many actors have a session in each."""
        one, other = (int(np.count_nonzero(n)) for n in self.sizes)
        return one, other

    @cached_property
    def effective(self) -> tuple[float, float]:
        """How many actors each group is worth: as many as if all had equally many sessions.

        Kish (1965), *Survey sampling*: an actor with most of the sessions tells hardly more than one with a few.
        """
        found = [float(n.sum() ** 2 / square) if (square := _dot(n, n)) else 0.0 for n in self.sizes]
        return found[0], found[1]

    @cached_property
    def _moves(self) -> tuple[Floats, Floats]:
        """What leaving out an actor divides by: 1 / (N - n), 0 where it is the only one."""
        rests = [n.sum() - n for n in self.sizes]
        one, other = (np.divide(1, rest, out=np.zeros_like(rest), where=rest > 0) for rest in rests)
        return one, other

    @cached_property
    def _factor(self) -> float:
        actors = np.count_nonzero(self.sizes[0] + self.sizes[1])
        return float((actors - 1) / actors) if actors else 0.0

    @cached_property
    def _all(self) -> bool:
        return bool(np.all(self.here | self.there))

    def among(self, some: Mask) -> TwoGroups:
        """The same of some of the sessions; those of the mask that was asked for last are remembered."""
        if self._among.get("mask") is not some:
            groups = TwoGroups(self.who, self.many, self.here & some, self.there & some)
            self._among.update(mask=some, groups=groups)
        found: TwoGroups = self._among["groups"]
        return found

    # ---- traits

    def of_codes(self, codes: Codes, size: int, sessions: Whole | None = None) -> Compared:
        """Each of `size` codes as a trait. Every session has one; or `sessions`, in order, have the codes beside them,
        each pair once."""
        who, here, chosen = self.who, self.here, None if self._all else self.here | self.there
        if sessions is not None:
            who, here = who[sessions], here[sessions]
            chosen = None if chosen is None else chosen[sessions]
        if chosen is not None:
            who, here, codes = who[chosen], here[chosen], codes[chosen]
        (n, m), (a, b) = self.sizes, self._moves
        few = max(1, AT_ONCE // size)
        pairs, side = who * size + codes, here.astype(np.int64) * (few * size)
        kinds = np.bincount(codes, minlength=size)
        mostly = np.flatnonzero(2 * kinds > sum(self.sessions))
        weights = np.stack([a * a * n, a * b * m, np.ones(self.many)]), np.stack([b * b * m, a * b * n])
        aa, bb, ab, both = a * a, b * b, a * b, n + m
        one, other = np.zeros((3, size)), np.zeros((2, size))
        squares, actors = np.zeros((3, size)), np.zeros(size)
        edges = np.arange(0, self.many + few, few)
        at = np.searchsorted(who, edges)
        for place, first in enumerate(edges[:-1]):
            if place % 16 == 0:
                go_on()
            some, last = slice(at[place], at[place + 1]), min(first + few, self.many)
            its = pairs[some] - first * size
            its += side[some]
            found = np.bincount(its, minlength=2 * few * size).reshape(2, few, size)[:, : last - first]
            k, h = found.astype(np.float64)
            part = slice(first, last)
            one += weights[0][:, part] @ h
            other += weights[1][:, part] @ k
            squares[2] += ab[part] @ (h * k)
            each = h + k
            tells = each > 0
            for code in mostly:
                tells[:, code] = each[:, code] < both[part]
            actors += weights[0][2, part] @ tells
            h *= h
            k *= k
            squares[0] += aa[part] @ h
            squares[1] += bb[part] @ k
        h, k = one[2], kinds - one[2]
        here_, there_ = self._shares(h, k)
        spread_here = squares[0] - 2 * here_ * one[0] + here_**2 * _dot(a * n, a * n)
        spread_there = squares[1] - 2 * there_ * other[0] + there_**2 * _dot(b * m, b * m)
        joint = squares[2] - there_ * one[1] - here_ * other[1] + here_ * there_ * _dot(a * n, b * m)
        # Of none and of all nothing varies: what is left of the sums there is what rounding left.
        sure, also = (here_ <= 0) | (here_ >= 1), (there_ <= 0) | (there_ >= 1)
        return Compared(
            here_,
            there_,
            h.astype(np.int64),
            k.astype(np.int64),
            np.where(sure, 0.0, np.maximum(spread_here, 0) * self._factor),
            np.where(also, 0.0, np.maximum(spread_there, 0) * self._factor),
            np.where(sure | also, 0.0, joint * self._factor),
            actors.astype(np.int64),
        )

    def of_flags(self, has: Mask) -> Compared:
        """One trait: the sessions that have it."""
        one, other = (np.bincount(self.who[group & has], minlength=self.many) for group in self._groups)
        h, k = np.array([one.sum()]), np.array([other.sum()])
        here, there = self._shares(h, k)
        each, both = one + other, self.sizes[0] + self.sizes[1]
        tells = each < both if 2 * int(h[0] + k[0]) > sum(self.sessions) else each > 0
        return self._spread(one, other, here, there, h, k, int(np.count_nonzero(tells)))

    def of_values(self, values: Floats) -> Compared:
        """One mean: of the values of all sessions."""
        both = zip(self._whose, self._groups, strict=True)
        one, other = (np.bincount(who, weights=values[group], minlength=self.many) for who, group in both)
        counts = [np.array([each]) for each in self.sessions]
        actors = int(np.count_nonzero(self.sizes[0] + self.sizes[1]))
        here, there = self._shares(one.sum(keepdims=True), other.sum(keepdims=True))
        return self._spread(one, other, here, there, counts[0], counts[1], actors)

    def steadied(self, values: Floats, means: Compared) -> Compared:
        """The same means with variances that do not vanish where few sessions have a value of their own.

        Where the squares of deviations in a group are those of fewer than FEWEST_KNOWN sessions (its kurtosis says how
        many), its variance is at least that of the values of both groups together, as `Compared.steadied` says of
        shares.
        """
        known, alike, sides = 0.0, 1.0, []
        for group, mean, n, spread in zip(
            self._groups, (means.here, means.there), self.sessions, (means.spread_here, means.spread_there), strict=True
        ):
            squares = (values[group] - mean) ** 2
            whole, fourth = float(squares.sum()), _dot(squares, squares)
            telling = whole**2 / fourth if fourth > 0 else 0.0
            if telling >= max(known, FEWEST_KNOWN):
                known, alike = telling, max(1.0, float(spread[0]) * n**2 / whole)
            sides.append((telling, n, spread))
        every = float(np.var(values[self.here | self.there]))
        one, other = (
            np.maximum(spread, every / n * alike) if telling < FEWEST_KNOWN else spread for telling, n, spread in sides
        )
        return replace(means, spread_here=one, spread_there=other)

    def _spread(self, one: Sums, other: Sums, here: Floats, there: Floats, h: Whole, k: Whole, actors: int) -> Compared:
        """The variances of shares or means, from the sums of every actor."""
        (n, m), (a, b) = self.sizes, self._moves
        u, v = (one - here * n) * a, (other - there * m) * b
        spreads = [np.array([self._factor * _dot(x, y)]) for x, y in ((u, u), (v, v), (u, v))]
        return Compared(here, there, h, k, spreads[0], spreads[1], spreads[2], np.array([actors]))

    def _shares(self, h: Sums, k: Sums) -> tuple[Floats, Floats]:
        n, m = self.sessions
        return np.asarray(h / n if n else h * np.nan), np.asarray(k / m if m else k * np.nan)


def _dot(one: Floats, other: Floats) -> float:
    """A sum of products, by one processor: the library of `@` keeps the others busy with waiting."""
    return float(np.einsum("i,i", one, other))

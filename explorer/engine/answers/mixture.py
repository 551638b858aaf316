"""Two log-normal components fitted to a histogram, and where they cross."""

from dataclasses import dataclass
from math import log, sqrt

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
ROUNDS, ENOUGH = 500, 1e-9
# Times are often whole seconds or minutes: a component may not shrink to one of them. In natural logarithms.
NARROWEST = 0.15
STARTS = (0.5, 0.65, 0.8, 0.9, 0.95, 0.98)


@dataclass(frozen=True)
class Mixture:
    """Weights, means and standard deviations of the shorter and the longer component, in natural logarithms."""

    weights: tuple[float, float]
    means: tuple[float, float]
    deviations: tuple[float, float]

    @property
    def separation(self) -> float:
        """The distance of the means in units of the spread (Ashman's D); two humps need more than 2."""
        spread = sqrt((self.deviations[0] ** 2 + self.deviations[1] ** 2) / 2)
        return (self.means[1] - self.means[0]) / spread

    @property
    def crossing(self) -> float | None:
        """Where between the means both components are equally likely; None when nowhere.

        >>> Mixture((0.5, 0.5), (0.0, 4.0), (1.0, 1.0)).crossing
        2.0
        """
        (w1, w2), (m1, m2), (s1, s2) = self.weights, self.means, self.deviations
        # log(w1 / s1) - (x - m1)² / 2 s1² = log(w2 / s2) - (x - m2)² / 2 s2², as a x² + b x + c = 0
        a = 1 / (2 * s2**2) - 1 / (2 * s1**2)
        b = m1 / s1**2 - m2 / s2**2
        c = m2**2 / (2 * s2**2) - m1**2 / (2 * s1**2) + log(w1 / s1) - log(w2 / s2)
        if abs(a) < 1e-12:
            roots = [-c / b] if b else []
        else:
            under = b**2 - 4 * a * c
            roots = [(-b + sign * sqrt(under)) / (2 * a) for sign in (-1, 1)] if under >= 0 else []
        return next((root for root in sorted(roots) if m1 < root < m2), None)


def fit(at: Floats, weight: Floats) -> Mixture:
    """Expectation maximisation from several fixed starts, the likeliest end; `weight` is the histogram over `at`."""
    share = weight / weight.sum()
    below = np.cumsum(share)
    ends = [_improved(at, share, _start(at, share, below, part)) for part in STARTS]
    best = max(ends, key=lambda end: end[0])[1]
    order = np.argsort(best[1])
    weights, means, deviations = (tuple(map(float, part[order])) for part in best)
    return Mixture(weights, means, deviations)  # type: ignore[arg-type]


def _start(at: Floats, share: Floats, below: Floats, part: float) -> tuple[Floats, Floats, Floats]:
    """Two components: what lies below a quantile and what lies above."""
    low = below <= part
    low[0], low[-1] = True, False
    halves = np.stack([np.where(low, share, 0), np.where(low, 0, share)])
    return _moments(at, halves)


def _moments(at: Floats, parts: Floats) -> tuple[Floats, Floats, Floats]:
    weights = np.maximum(parts.sum(axis=1), 1e-12)
    means = parts @ at / weights
    deviations = np.sqrt((parts * (at - means[:, None]) ** 2).sum(axis=1) / weights)
    return weights / weights.sum(), means, np.maximum(deviations, NARROWEST)


def _improved(
    at: Floats, share: Floats, start: tuple[Floats, Floats, Floats]
) -> tuple[float, tuple[Floats, Floats, Floats]]:
    now, likely = start, -np.inf
    for _ in range(ROUNDS):
        weights, means, deviations = (part[:, None] for part in now)
        density = np.maximum(weights / deviations * np.exp(-(((at - means) / deviations) ** 2) / 2), 1e-300)
        total = density.sum(axis=0)
        before, likely = likely, float(share @ np.log(total))
        now = _moments(at, density / total * share)
        if likely - before < ENOUGH:
            break
    return likely, now

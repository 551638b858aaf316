"""Intervals and chances: Student's t without tables, and how many of many differences are told from chance."""

from __future__ import annotations

from math import erfc, exp, sqrt
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
# How often what is told may be chance, over all that is told together.
FALSE_ONES = 0.05


def chance(t: float, freedom: float) -> float:
    """How likely a value of Student's t this far from 0, on either side, is by chance.

    t is made a normal deviate as Wallace (1959), *Bounds on normal approximations to Student's and the chi-square
    distributions*, does: off by less than a thousandth from 19 degrees of freedom on.

    >>> round(chance(2.093, 19), 3), round(chance(1.96, 1e6), 3)
    (0.05, 0.05)
    """
    z = (8 * freedom + 1) / (8 * freedom + 3) * sqrt(freedom * np.log1p(t * t / freedom))
    return erfc(z / sqrt(2))


def reach(level: float, freedom: float) -> float:
    """The value of Student's t that is exceeded, on either side, with this chance: the inverse of `chance`.

    >>> round(reach(0.05, 19), 2), round(chance(reach(0.003, 40), 40), 6)
    (2.09, 0.003)
    """
    z = -NormalDist().inv_cdf(max(level / 2, 1e-300))
    w = (z * (8 * freedom + 3) / (8 * freedom + 1)) ** 2 / freedom
    return sqrt(freedom * (exp(min(w, 700.0)) - 1))


def told_at(chances: Floats, unseen: int = 0) -> float:
    """The chance up to which differences are told, so that on average at most FALSE_ONES of those told are none.

    Benjamini and Hochberg (1995), *Controlling the false discovery rate*. Intervals of one minus this level hold the
    true difference in at least one minus FALSE_ONES of those that are told: Benjamini and Yekutieli (2005), *False
    discovery rate-adjusted multiple confidence intervals for selected parameters*. Where nothing is told it is
    FALSE_ONES shared out among all, so that an interval leaves 0 out exactly where its difference is told. `unseen`
    differences were passed over for others that looked larger: they count as looked at, and as none.

    >>> told_at(np.array([0.001, 0.02, 0.03, 0.9])), told_at(np.array([0.5, 0.4]))
    (0.037500000000000006, 0.025)
    """
    many = len(chances) + unseen
    if not many:
        return FALSE_ONES
    steps = np.arange(1, len(chances) + 1) * FALSE_ONES / many
    passed = np.flatnonzero(np.sort(chances) <= steps)
    return float(steps[passed[-1]]) if len(passed) else FALSE_ONES / many

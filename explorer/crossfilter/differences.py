"""How far a number is from another one, as people say it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from explorer.crossfilter.formats import NOTHING

SAME = "same"


@dataclass(frozen=True)
class Difference:
    """The difference and what share of the base it is, as texts with their signs; `tone` is 'more', 'less' or ''."""

    text: str
    share: str = ""
    tone: str = ""


def difference(value: float | None, base: float | None, say: Callable[[float], str]) -> Difference:
    """How far a value is from a base, in the words of `say`; equal ones are the same.

    >>> difference(150, 100, lambda n: f"{n:.0f}")
    Difference(text='+50', share='+50.0 %', tone='more')
    >>> difference(3, 3, str), difference(1, None, str)
    (Difference(text='same', share='', tone=''), Difference(text='–', share='', tone=''))
    """
    if value == base:
        return Difference(SAME)
    if value is None or base is None:
        return Difference(NOTHING)
    sign, tone = ("+", "more") if value > base else ("−", "less")
    share = f"{sign}{small_percent(abs(value - base) / abs(base))}" if base else ""
    return Difference(f"{sign}{say(abs(value - base))}", share, tone)


def small_percent(share: float) -> str:
    """A share in percent, with as many digits as it takes not to be 0.

    >>> small_percent(0.034), small_percent(0.000123), small_percent(12.5)
    ('3.4 %', '0.012 %', '1,250 %')
    """
    percent = 100 * share
    return f"{percent:,.0f} %" if percent >= 1_000 else f"{percent:.1f} %" if percent >= 0.05 else f"{percent:.2g} %"


def points_text(share: float) -> str:
    """A difference of shares, in percentage points.

    >>> points_text(0.021)
    '2.1 points'
    """
    return small_percent(share).replace(" %", " points")

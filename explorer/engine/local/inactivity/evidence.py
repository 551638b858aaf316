"""Evidence for choosing inactivity: the histogram of gaps, what follows from each choice, and a suggestion."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from math import exp, log
from typing import Literal

import numpy as np
import numpy.typing as npt
import polars as pl

from explorer.crossfilter.bins.human_edges import human_steps
from explorer.engine import keys
from explorer.engine.answers.inactivity import Evidence, GapCurve, Suggestion, near_in
from explorer.engine.answers.mixture import Mixture, fit
from explorer.engine.local.cut import cutting
from explorer.engine.local.cut.gaps import opening_gaps
from explorer.engine.local.cut.spans import latest_ends
from explorer.engine.local.session_table import SessionTable
from explorer.engine.stopping import go_on
from explorer.plan.in_polars.boundary import NEVER, TIME
from explorer.spec.duration import UNITS, Duration
from explorer.spec.session import SessionDefinition

Whole = npt.NDArray[np.int64]
PER_TENFOLD = 24
FEWEST, FEWEST_LONG, TINY, HUMPS, DEPTH = 100, 20, 0.002, 2.0, 0.8


def suggested(sessions: SessionTable) -> Suggestion:
    """Count, fit and suggest; nothing is cut."""

    def make() -> Suggestion:
        return suggestion_of(sessions.gap_curve)

    definition = sessions.definition
    key = (*keys.view_key(definition), definition.boundary, not keys.looks_back(definition))
    return sessions.stages.get("suggestion", key, make)


def gathered(sessions: SessionTable) -> Evidence:
    """The same, and what each human step comes to."""

    def make() -> Evidence:
        curve, view = sessions.gap_curve, sessions.view
        if cut_at(definition):
            steps = _cut_steps(sessions)
        else:
            ends = None if view.ends is None else view.ends.to_numpy()
            steps = _steps(opening_gaps(view).to_numpy(), view.keys[TIME].to_numpy(), curve, ends)
        return with_steps(suggested(sessions), steps)

    definition = sessions.definition
    exact = not keys.looks_back(definition)
    rest = (definition.max_events, definition.max_duration) if cut_at(definition) else ()
    return sessions.stages.get("evidence", (*keys.view_key(definition), definition.boundary, exact, rest), make)


def with_steps(suggestion: Suggestion, steps: pl.DataFrame) -> Evidence:
    """A suggestion beside what each human step comes to."""
    return Evidence(**{each.name: getattr(suggestion, each.name) for each in fields(suggestion)}, steps=steps)


def suggestion_of(curve: GapCurve) -> Suggestion:
    """What sorted gaps say."""
    at_once = int(np.searchsorted(curve.gaps, 0, "right"))
    edges, counts = histogram(curve.gaps[at_once:])
    suggestion, crossing, mixture, reason = _suggested(edges, counts, curve)
    return Suggestion(edges, counts, at_once, curve, suggestion, reason, crossing, mixture)


def histogram(gaps: Whole) -> tuple[Whole, Whole]:
    """Edges of equal ratios, 24 to a tenfold, and counts, of sorted gaps that are all above 0."""
    if not len(gaps):
        return np.array([1, 2], dtype=np.int64), np.zeros(1, dtype=np.int64)
    low = int(np.floor(np.log10(gaps[0]) * PER_TENFOLD))
    high = int(np.ceil(np.log10(gaps[-1] + 1) * PER_TENFOLD)) + 1
    # Below some microseconds neighbouring edges are the same whole number.
    edges = np.unique(np.rint(10 ** (np.arange(low, high + 1) / PER_TENFOLD)).astype(np.int64))
    edges[0] = min(edges[0], gaps[0])
    return edges, np.diff(np.searchsorted(gaps, edges))


# ---- what follows from each choice


def cut_at(definition: SessionDefinition) -> bool:
    """Whether sessions at another inactivity are known by cutting them only."""
    return keys.leaves_out(definition) or definition.max_events is not None or bool(definition.restart_on_change)


def measured_at(sessions: SessionTable) -> tuple[int, float | None, float | None]:
    """The sessions before `keep`, the share of those with one event, and the median duration, by cutting them."""
    view, definition = sessions.view, sessions.definition
    found = cutting.spans(view, cutting.candidates(view, definition.inactivity), definition)
    if not len(found):
        return 0, None, None
    joined = None if definition.passive is None else sessions.join(found)
    sizes = (found.stops - found.begins) if joined is None else (joined.stops - joined.begins)
    time = view.keys[TIME]
    last = time.gather(found.stops - 1)
    if view.ends is not None:
        last = pl.Series(latest_ends(view.ends.to_numpy(), found.begins.to_numpy(), found.stops.to_numpy()))
    lasts = last - time.gather(found.begins)
    return len(found), float((sizes == 1).mean()), float(lasts.median())  # type: ignore[arg-type]


def _cut_steps(sessions: SessionTable) -> pl.DataFrame:
    steps = human_steps(least=UNITS["s"])
    found = []
    for step in steps:
        go_on()
        found.append(measured_at(sessions.of(sessions.definition.replace(inactivity=Duration(step)))))
    medians = [None if median is None else int(median) for _, _, median in found]
    return steps_frame(steps, [count for count, _, _ in found], [share for _, share, _ in found], medians)


def _steps(gap: Whole, time: Whole, curve: GapCurve, ends: Whole | None) -> pl.DataFrame:
    """Sessions nest: those of a longer inactivity begin where some of a shorter one do.

    Durations are looked at only from where half of the sessions have more than one event: before, the median is 0,
    but for events that last.
    """
    after = np.append(gap[1:], NEVER)[: len(gap)]
    alone = np.minimum(gap, after, out=after)
    alone.sort()
    side: Literal["left", "right"] = "right" if curve.boundary == ">" else "left"
    steps = human_steps(least=UNITS["s"])
    sessions = [curve.sessions(Duration(step)) for step in steps]
    singles = [len(alone) - int(np.searchsorted(alone, step, side)) for step in steps]
    del alone
    medians: list[int | None] = []
    begin: Whole | None = None
    for step, count, single in zip(steps, sessions, singles, strict=True):
        go_on()
        if not count or (ends is None and 2 * single > count):
            medians.append(0 if count else None)
            continue
        beyond = gap if begin is None else gap[begin]
        opens = np.flatnonzero(beyond > step if curve.boundary == ">" else beyond >= step)
        begin = opens if begin is None else begin[opens]
        stop = np.append(begin[1:], len(time))
        last = time[stop - 1] if ends is None else latest_ends(ends, begin, stop)
        medians.append(int(pl.Series(last - time[begin]).median()))  # type: ignore[arg-type]
    share = [single / count if count else None for single, count in zip(singles, sessions, strict=True)]
    return steps_frame(steps, sessions, share, medians)


def steps_frame(
    steps: list[int], sessions: Sequence[int | None], share: list[float | None], medians: list[int | None]
) -> pl.DataFrame:
    """What each human step comes to, before `keep`: one row for each."""
    return pl.DataFrame(
        {"inactivity": steps, "sessions": sessions, "one_event_share": share, "median_duration": medians},
        schema={
            "inactivity": pl.Int64,
            "sessions": pl.Int64,
            "one_event_share": pl.Float64,
            "median_duration": pl.Int64,
        },
    ).with_columns(pl.col("inactivity", "median_duration").cast(pl.Duration("us")))


# ---- the suggestion


def _suggested(
    edges: Whole, counts: Whole, curve: GapCurve
) -> tuple[Duration | None, Duration | None, Mixture | None, str]:
    """The crossing of two log-normal components as a human step (Halfaker et al. 2015), or why there is none."""
    total = int(counts.sum())
    if total < FEWEST:
        return None, None, None, f"There {_count(total, 'gap')}: too few to suggest an inactivity."
    at = (np.log(edges[:-1]) + np.log(edges[1:])) / 2
    mixture = fit(at, counts.astype(np.float64))
    crossing, rarer = mixture.crossing, min(mixture.weights)
    if mixture.separation <= HUMPS or crossing is None:
        return None, None, mixture, f"{NO_VALLEY}: short and long ones run into each other. {INSTEAD}"
    if rarer < TINY or rarer * total < FEWEST_LONG:
        which = "longer" if mixture.weights[1] == rarer else "shorter"
        return None, None, mixture, f"{NO_VALLEY}: hardly any ({100 * rarer:.2f} %) are of the {which} kind. {INSTEAD}"
    if valley_depth(at, edges, counts, crossing) > DEPTH:
        return None, None, mixture, f"{NO_VALLEY}: those about {_said(crossing)} are as frequent as others. {INSTEAD}"
    steps = human_steps(least=UNITS["s"])
    step = min(steps, key=lambda step: abs(log(step) - crossing))
    near = share_said(near_in(curve.gaps, step, 0.05) / total)
    pauses, absences = (f"{100 * weight:.0f} %" for weight in mixture.weights)
    reason = (
        f"{pauses} of gaps are short pauses (about {_said(mixture.means[0])}), "
        f"{absences} are absences (about {_said(mixture.means[1])}). "
        f"{Duration(step)} separates them; {near} within ±5 % of it."
    )
    return Duration(step), Duration(round(exp(crossing))), mixture, reason


def share_said(share: float) -> str:
    """The middle of a sentence about some of the gaps.

    >>> share_said(0), share_said(0.0002), share_said(0.012)
    ('no gap is', 'almost no gap is', '1.2 % of gaps are')
    """
    if share == 0:
        return "no gap is"
    return f"{100 * share:.1f} % of gaps are" if share >= 0.0005 else "almost no gap is"


NO_VALLEY = "The gaps have no clear cutoff"
INSTEAD = "Choose the inactivity by what a session means to you."


def valley_depth(at: npt.NDArray[np.float64], edges: Whole, counts: Whole, crossing: float) -> float:
    """How frequent gaps are at their rarest near the crossing, beside the lower of the humps on both sides.

    Frequencies are per ratio, over a window of about a factor of 1.6.
    """
    window = np.ones(5)
    density = np.convolve(counts, window, "same") / np.convolve(np.diff(np.log(edges)), window, "same")
    left, right = at < crossing, at >= crossing
    if not left.any() or not right.any():
        return 1.0
    one, other = int(np.argmax(np.where(left, density, -1))), int(np.argmax(np.where(right, density, -1)))
    hump = min(density[one], density[other])
    return float(density[one : other + 1].min() / hump) if hump else 1.0


def _said(logarithm: float) -> str:
    """A length of time to two parts: 42s, 1h 20m.

    >>> _said(log(4_830_000_000))
    '1h 20m'
    """
    us = round(exp(logarithm))
    whole = us if us < 10 * UNITS["s"] else round(us / UNITS["s"]) * UNITS["s"]
    return " ".join(str(Duration(whole)).split()[:2])


def _count(number: int, word: str) -> str:
    return f"is {number:,} {word}" if number == 1 else f"are {number:,} {word}s"

"""How many steps of a funnel sessions reach, as bins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from explorer.crossfilter.bins.bins import Bins
from explorer.crossfilter.formats import count_text, many, percent_text
from explorer.crossfilter.selections.brushes import Brush, Range
from explorer.crossfilter.selections.range_text import NAMED
from explorer.spec.charts.sequences.steps import PatternStep, Steps
from explorer.spec.expression.clause import Compare
from explorer.spec.expression.clause_words import clause_words

LONGEST = 40
# Shares of fewer sessions are not compared: one more session would move them by several percent.
FEWEST = 30


@dataclass(frozen=True)
class StepBins(Bins):
    """One bin for each number of steps, from none to all of them; `called` are the steps' names. With `across` it is
    the sessions' actors that reach them.

    >>> bins = step_bins("funnel", ("view", "purchase"))
    >>> bins.text(bins.range(1, 3)), bins.text(bins.range(1, 2)), bins.text(bins.range(0, 1))
    ('reached step 1: view', 'stopped after step 1: view', 'reached no step')
    """

    called: tuple[str, ...] = field(default=(), kw_only=True)
    across: bool = field(default=False, kw_only=True)

    def text(self, brush: Brush) -> str:
        """A brush as people say it."""
        if not isinstance(brush, Range) or not 0 <= brush.lo <= len(self.called):
            return super().text(brush)
        lo, hi = int(brush.lo), len(self.called) + 1 if brush.hi is None else int(brush.hi)
        said = f"step {lo}: {_short(self.called[lo - 1])}" if lo else ""
        if hi > len(self.called) and lo:
            text = f"reached {said}"
        elif hi <= lo + 1:
            text = f"stopped after {said}" if lo else "reached no step"
        else:
            text = super().text(Range(brush.lo, brush.hi))
        text = f"by actors: {text}" if self.across else text
        return f"not {text}" if brush.negated else text


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1].rstrip()}…"


def step_bins(name: str, called: tuple[str, ...], across: bool = False) -> StepBins:
    """The bins of a funnel with steps of these names; `across` the sessions of actors."""
    n = len(called) + 1
    ticks = tuple((at + 0.5, str(at)) for at in range(n))
    return StepBins(name, "count", tuple(range(n)), n, ticks, "steps", called=called, across=across)


def steps_way(steps: Steps) -> str:
    """In which way the steps of a funnel are reached.

    >>> from explorer.spec.duration import Duration
    >>> from explorer.spec.expression.clause import parse
    >>> steps_way(Steps((parse("event = 'view'"),), Duration.parse("10m"), parse("event = 'logout'")))
    "in this order within 10m, without an event where event is 'logout' in between"
    """
    said = {"given": "in this order", "strict": "one right after the other", "any": "in any order"}[steps.order]
    within = "" if steps.within is None else f" within {steps.within}"
    without = "" if steps.without is None else f", without an event where {clause_words(steps.without)} in between"
    across = " across sessions" if steps.across else ""
    return f"{said}{within}{across}{without}"


def steps_meaning(steps: Steps) -> str:
    """When a step is reached, in sentences.

    >>> from explorer.spec.duration import Duration
    >>> steps_meaning(Steps(within=Duration.parse("10m")))
    'In this order; other events may lie between. Each event counts for one step. All within 10m, in the best attempt.'
    """
    said = {
        "given": "In this order; other events may lie between.",
        "strict": "One right after the other; no event lies between.",
        "any": "In any order: a step is reached once it and all above it have happened.",
    }[steps.order]
    said += " Each event counts for one step."
    if steps.within is not None:
        said += f" All within {steps.within}, in the best attempt."
    if steps.without is not None:
        said += f" Without an event between two steps where {clause_words(steps.without)}."
    if steps.across:
        said += " Over all sessions of an actor; a click selects all sessions of these actors."
    return said


def funnel_sentence(steps: Steps, reached: Sequence[int]) -> str:
    """What a funnel comes to, of how many sessions reach each step, in a sentence; nothing where none begins it.

    >>> from explorer.spec.expression.clause import parse
    >>> steps = Steps.of([parse("event = 'view'"), parse("event = 'buy'")])
    >>> funnel_sentence(steps, (200, 50))
    'Of 200 sessions that reach view, 25.0 % reach buy in this order.'
    """
    if len(steps) < 2 or not reached[0]:
        return ""
    names, share = step_names(steps), percent_text(reached[-1] / reached[0])
    begun = f"{many(reached[0], steps.things.removesuffix('s'))} that {'reaches' if reached[0] == 1 else 'reach'}"
    return f"Of {begun} {names[0]}, {share} reach {names[-1]} {steps_way(steps)}."


def sides_sentence(dimension: str, reached: Sequence[tuple[str, int, int]]) -> str:
    """Between which values the share differs most that gets to the last step, in a sentence; nothing where fewer
    than two have FEWEST sessions. Of each value are said its name, how many begin, and how many get there.

    >>> sides_sentence("first platform", [("web", 200, 50), ("ios", 100, 40), ("tv", 3, 3)])
    'By first platform from 25.0 % (web, of 200) to 40.0 % (ios, of 100). Left out of this: tv, with fewer than 30.'
    """
    enough = sorted((last / first, name, first) for name, first, last in reached if first >= FEWEST)
    few = [name for name, first, _ in reached if first < FEWEST]
    if len(enough) < 2:
        return ""
    ends = (f"{percent_text(share)} ({name}, of {count_text(first)})" for share, name, first in (enough[0], enough[-1]))
    named = ", ".join([*few[:NAMED], *([f"{len(few) - NAMED} more"] if len(few) > NAMED else [])])
    left = f" Left out of this: {named}, with fewer than {FEWEST}." if few else ""
    return f"By {dimension} from {' to '.join(ends)}.{left}"


def trend_sentence(every: str, points: Sequence[tuple[str, int, int]], things: str = "sessions") -> str:
    """Between which steps of time the share is least and greatest that gets to the last step, in a sentence: of each
    step its name, how many begin, and how many get there. Where fewer than two have FEWEST sessions it says so.

    >>> trend_sentence("week", [("1 Mar", 200, 50), ("8 Mar", 100, 40), ("15 Mar", 3, 3)])
    'Per week from 25.0 % (1 Mar, of 200) to 40.0 % (8 Mar, of 100). Left out of this: 1 with fewer than 30 sessions.'
    """
    enough = sorted((last / first, first, name) for name, first, last in points if first >= FEWEST)
    if len(enough) < 2:
        return f"Too few {things} begin per {every} to compare them: fewer than {FEWEST}."
    (low, least, one), (high, most, other) = enough[0], enough[-1]
    ends = (
        f"{percent_text(low)} ({one}, of {count_text(least)}) to {percent_text(high)} ({other}, of {count_text(most)})"
    )
    few = len(points) - len(enough)
    left = f" Left out of this: {count_text(few)} with fewer than {FEWEST} {things}." if few else ""
    return f"Per {every} from {ends}.{left}"


def step_names(steps: Steps) -> tuple[str, ...]:
    """What to call the steps of a funnel: a value alone where all ask whether one column is something.

    >>> from explorer.spec.expression.clause import parse
    >>> step_names(Steps.of([parse("event = 'view'"), parse("event = 'buy'")]))
    ('view', 'buy')
    >>> step_names(Steps.of([parse("event = 'view'"), parse("amount > 10")]))
    ("event is 'view'", 'amount > 10')
    """
    plain = [step for step in steps if isinstance(step, Compare) and step.op == "=" and isinstance(step.value, str)]
    if len(plain) == len(steps) and len({step.column for step in plain}) == 1:
        return tuple(str(step.value).strip() or repr(step.value) for step in plain)
    return tuple(str(step.pattern) if isinstance(step, PatternStep) else clause_words(step) for step in steps)

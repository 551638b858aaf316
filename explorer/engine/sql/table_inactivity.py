"""What an inactivity comes to, of events that stay in a database: their gaps come home, counted by length."""

from __future__ import annotations

from typing import Literal

import numpy as np
import polars as pl

from explorer.crossfilter.bins.human_edges import human_steps
from explorer.engine import keys
from explorer.engine.answers.inactivity import FORCING, Choice, Choices, Evidence, GapCurve, Suggestion
from explorer.engine.local.inactivity.candidates import NEAR, choices_of, grain
from explorer.engine.local.inactivity.evidence import cut_at, steps_frame, suggestion_of, with_steps
from explorer.engine.sql.frames import counted_lengths
from explorer.engine.sql.table_sessions import TableSessions
from explorer.engine.stopping import go_on
from explorer.spec.duration import UNITS, Duration


def suggested(sessions: TableSessions) -> Suggestion:
    """The inactivity that the gaps suggest."""
    definition = sessions.definition
    key = (*keys.view_key(definition), definition.boundary, not keys.looks_back(definition))
    found: Suggestion = sessions.stages.get("suggestion", key, lambda: suggestion_of(sessions.gap_curve))
    return found


def gathered(sessions: TableSessions) -> Evidence:
    """The gaps and a suggestion. What a step comes to is counted where gaps alone say it: where most sessions have
    several events, the median duration is that of `choice`, which cuts; where a rule looks at what the inactivity
    leaves, nothing is said of a step."""
    definition = sessions.definition
    key = (*keys.view_key(definition), definition.boundary, keys.looks_back(definition))

    def make() -> Evidence:
        curve = sessions.gap_curve
        steps = human_steps(least=UNITS["s"])
        if cut_at(definition):
            nothing: list[None] = [None] * len(steps)
            return with_steps(suggested(sessions), steps_frame(steps, list(nothing), list(nothing), list(nothing)))
        counted = [curve.sessions(Duration(step)) for step in steps]
        shorter, always = counted_lengths(sessions.its.ask(sessions.queries.gap_queries.alone(), sessions.queries.kept))
        side: Literal["left", "right"] = "right" if curve.boundary == ">" else "left"
        alone = [always + len(shorter) - int(np.searchsorted(shorter, step, side)) for step in steps]
        share = [one / many if many else None for one, many in zip(alone, counted, strict=True)]
        # Where more than half of the sessions have one event, half of them last for nothing.
        median = [0 if many and 2 * one > many else None for one, many in zip(alone, counted, strict=True)]
        return with_steps(suggested(sessions), steps_frame(steps, counted, share, median))

    found: Evidence = sessions.stages.get("evidence", key, make)
    return found


def choices(sessions: TableSessions, also: Duration | None) -> Choices:
    """Every inactivity that makes a difference, the definition's own, and exactly one more."""
    evidence, definition = gathered(sessions), sessions.definition
    positive = evidence.curve.gaps[evidence.at_once :]
    coarse = sessions.stages.get("grain", keys.view_key(definition), lambda: grain(positive))
    firsts = int((sessions.cut["started_by"].cast(pl.String) == "first").sum())
    return choices_of(
        evidence, definition.inactivity, also, coarse, (firsts, _forced(sessions, evidence.curve, firsts))
    )


def choice(sessions: TableSessions, inactivity: Duration) -> Choice:
    """What one inactivity comes to, exactly: the sessions are cut."""
    evidence = gathered(sessions)
    go_on()
    cut = sessions.of(sessions.definition.replace(inactivity=inactivity)).cut
    if not cut.height:
        return Choice(inactivity, 0, evidence.near(inactivity, NEAR), None, None)
    alone = float(np.mean(cut["event_count"].to_numpy() == 1))
    median = float(np.median(cut["duration"].to_physical().to_numpy()))
    return Choice(inactivity, cut.height, evidence.near(inactivity, NEAR), alone, median)


def _forced(sessions: TableSessions, curve: GapCurve, firsts: int) -> int:
    if keys.looks_back(sessions.definition):
        reasons = sessions.cut["started_by"].cast(pl.String)
        return int(reasons.is_in(FORCING).sum())
    return curve.always - firsts

"""What a definition comes to, and what each of its rules does: the numbers beside an editor while it is used."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace

import polars as pl

from explorer.engine import keys
from explorer.engine.answers.trial import Totals
from explorer.engine.local.cut.views import forced, new_actor
from explorer.engine.local.session_table import SessionTable
from explorer.engine.stopping import go_on
from explorer.errors import SpecError, located
from explorer.plan.in_polars import boundary
from explorer.plan.in_polars.boundary import ACTOR, FORCED, GAP, NEVER
from explorer.spec import rules
from explorer.spec.session import SessionDefinition

RULES = tuple(rule.field for rule in rules.RULES)
DEFAULTS = {field.name: field.default for field in fields(SessionDefinition) if field.name in RULES}
KEPT = "@kept"


def totals(sessions: SessionTable) -> Totals:
    """Counted without building the sessions wherever they need not be looked at; raises SpecError."""
    made: Totals = sessions.stages.get("totals", keys.shown_key(sessions.definition), lambda: _totals(sessions))
    return made


def without(definition: SessionDefinition, rule: str) -> SessionDefinition:
    """The definition with one rule as it is where nobody says anything.

    >>> str(without(SessionDefinition("visit", "1h", restart="event = 'login'"), "restart").restart)
    'None'
    """
    return definition.replace(**{rule: DEFAULTS[rule]})


def is_set(definition: SessionDefinition, rule: str) -> bool:
    """Whether a rule says something.

    >>> is_set(SessionDefinition("visit", "1h", boundary=">="), "boundary")
    True
    """
    return bool(getattr(definition, rule) != DEFAULTS[rule])


def effects(sessions: SessionTable) -> dict[str, tuple[Totals, Totals]]:
    """For each rule that is set, the totals without it and with it, in the order of RULES; raises SpecError.

    A rule that others need is left out: without `split_by` there is no split column that `keep` could read.
    """
    found = dict(each_effect(sessions))
    return {rule: found[rule] for rule in RULES if rule in found}


def each_effect(sessions: SessionTable) -> Iterator[tuple[str, tuple[Totals, Totals]]]:
    """The same one after the other, each found when it is asked for.

    The last rule that is applied comes first: without it only the least has to be done anew.
    """
    there = totals(sessions)
    for rule in (rule for rule in reversed(RULES) if is_set(sessions.definition, rule)):
        go_on()
        try:
            yield rule, (totals(sessions.of(without(sessions.definition, rule))), there)
        except SpecError:
            continue


def _totals(sessions: SessionTable) -> Totals:
    if keys.leaves_out(sessions.definition):
        return replace(_of_sessions(sessions.cut, sessions.shown), outside=sessions.outside)
    known = sessions.stages.has("cut", keys.cut_key(sessions.definition))
    if sessions.definition.keep is not None or known or not sessions.events.here:
        return _of_sessions(sessions.cut, sessions.shown)
    if sessions.definition.split_by or keys.looks_back(sessions.definition) or sessions.events.data.ends is not None:
        view = sessions.view
        actors = view.keys.select(new_actor().sum()).item()
        return Totals(len(sessions.spans), int(actors), view.keys.height)
    return _of_events(sessions)


def _of_sessions(table: pl.DataFrame, shown: pl.Series | None) -> Totals:
    found = table.select(ACTOR, "event_count")
    found = found if shown is None else found.filter(shown)
    # Polars adds up 32 bits in 32 bits.
    sums = found.select(pl.len(), new_actor().sum().alias("actors"), pl.col("event_count").cast(pl.Int64).sum())
    return Totals(*map(int, sums.row(0)))


def _of_events(sessions: SessionTable) -> Totals:
    """Where each event alone says whether it begins a session, none is cut: one pass over the events."""
    read = sessions.forcing
    columns = [*sessions.events.data.keys.get_columns(), *(values.alias(rule) for rule, values in read.items())]
    if sessions.definition.where is None:
        lazy = pl.DataFrame(columns).lazy()
    else:
        with located("where"):
            columns.append(sessions.events.mask(sessions.definition.where).alias(KEPT))
        lazy = pl.DataFrame(columns).lazy().filter(KEPT).with_columns(boundary.gap(new_actor()).alias(GAP))
    if read:
        lazy = lazy.with_columns(forced(read).alias(FORCED))
    sums = lazy.select(
        boundary.opens(sessions.definition, bool(read)).sum().alias("sessions"),
        (pl.col(GAP) == NEVER).sum().alias("actors"),
        pl.len().alias("events"),
    )
    return Totals(*map(int, sums.collect(engine="streaming").row(0)))

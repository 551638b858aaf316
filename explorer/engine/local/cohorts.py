"""Who belongs to the cohorts of an analysis, as columns of the events."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import polars as pl

from explorer.engine.local.cut.event_table import EventTable
from explorer.engine.local.cut.stages import Stages
from explorer.engine.local.session_table import SessionTable
from explorer.engine.stopping import go_on
from explorer.errors import SpecError, located
from explorer.plan.check import check_cohort
from explorer.plan.in_polars.boundary import ACTOR
from explorer.spec.cohort import Members


def with_cohorts(events: EventTable, cohorts: Iterable[Members]) -> EventTable:
    """The events with a truth value for each cohort, which are in the order in which they read each other.

    Every event of an actor has the same. Raises SpecError at `cohorts[0].name`, `cohorts[0].where` ...
    """
    for cohort in cohorts:
        go_on()
        with located(f"cohorts[{cohort.place}]"):
            if cohort.name in events.schema:
                with located("name"):
                    raise SpecError(f"'{cohort.name}' is a column of the events. Choose another name.")
            inside = belongs(SessionTable(events, cohort.definition), cohort)
        column = inside.gather(events.keys[ACTOR]).alias(cohort.name)
        schema = {**events.schema, cohort.name: pl.Boolean()}
        data = replace(events.data, frame=events.frame.with_columns(column), schema=schema)
        events = EventTable(data, Stages(), (*events.cohorts, cohort.name))
    return events


def belongs(sessions: SessionTable, cohort: Members) -> pl.Series:
    """Whether each actor of the events, by code, belongs to a cohort; those without a session do not."""
    sessions.check()
    with located("where"):
        check_cohort(cohort.where, cohort.definition, sessions.events.columns, sessions.events.cohorts)
        held = sessions.mask(cohort.where)
    actors = sessions.cut[ACTOR].filter(held).unique()
    none = pl.repeat(False, len(sessions.events.data.firsts), dtype=pl.Boolean, eager=True)
    return none.scatter(actors, True) if len(actors) else none

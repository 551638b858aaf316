"""From the events of a definition to its sessions, stage by stage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import polars as pl

from explorer.engine import keys
from explorer.engine.answers.inactivity import GapCurve
from explorer.engine.local.cut import cutting, gaps, spans, views
from explorer.engine.local.cut.event_table import EventTable
from explorer.engine.local.cut.events_view import View
from explorer.engine.local.cut.passive import Active, Joined
from explorer.engine.local.cut.spans import Spans
from explorer.engine.local.cut.stages import Stages
from explorer.errors import located
from explorer.plan.check import check_changing
from explorer.spec.session import SessionDefinition


@dataclass(frozen=True)
class SessionCut:
    """One definition over one set of events; every stage is remembered by the parts of the definition that it reads."""

    events: EventTable
    definition: SessionDefinition

    @property
    def stages(self) -> Stages:
        """Where results are remembered."""
        return self.events.stages

    # ---- the events

    def present(self, active: bool = False) -> View:
        """The events that exist for the definition; with `active` without the passive ones. Raises SpecError."""
        its = self.definition
        where, passive, split = its.where, its.passive if active else None, its.split_by
        if where is None and passive is None:
            return self.events.whole_view(split)

        def some() -> View:
            kept: pl.Series | None = None
            if where is not None:
                with located("where"):
                    kept = self.events.mask(where)
            if passive is not None:
                with located("passive"):
                    others = ~self.events.mask(passive)
                kept = others if kept is None else kept & others
            assert kept is not None
            return views.where_view(self.events.whole_view(split), kept)

        return self.stages.get("where", (where, passive, split), some)

    @property
    def view(self) -> View:
        """The events that are cut, in order: passive ones are not among them. Raises SpecError."""

        def forced() -> View:
            view = views.forced_view(self.present(active=True), self.forcing, self.changing)
            opening = self.definition.opens_with
            if opening is None:
                return view
            with located("opens_with"):
                return replace(view, opening=view.take(self.events.mask(opening)))

        return self.stages.get("view", keys.view_key(self.definition), forced)

    @property
    def forcing(self) -> dict[str, pl.Series]:
        """What of all events the rules read that make an event begin a session, by rule."""
        return views.forcing(self.definition, self.events.mask, self.events.day)

    @property
    def changing(self) -> Sequence[pl.Series]:
        """The columns of all events whose change begins a session."""
        names = self.definition.restart_on_change
        with located("restart_on_change"):
            check_changing(names, self.events.columns, self.events.schema)
        return [self.events.frame[name] for name in names]

    # ---- the sessions

    @property
    def spans(self) -> Spans:
        """Where sessions begin in the view, and where each stops."""
        definition = self.definition

        def make() -> Spans:
            return cutting.spans(self.view, self.candidates, definition)

        return self.stages.get("spans", keys.cut_key(definition), make)

    @property
    def candidates(self) -> pl.DataFrame:
        """The events that can begin a session at an inactivity near the definition's."""
        view, least = self.view, cutting.floor(self.definition.inactivity)
        key = (*keys.view_key(self.definition), least)
        return self.stages.get("candidates", key, lambda: cutting.candidates(view, least))

    @property
    def joined(self) -> Joined | None:
        """The sessions with their passive events; None where the definition has none."""
        if self.definition.passive is None:
            return None
        key, found = keys.cut_key(self.definition), self.spans
        return self.stages.get("joined", key, lambda: self.join(found))

    def join(self, found: Spans) -> Joined:
        """Sessions, cut without passive events, with the passive events that join them."""
        its, view = self.definition, self.present()
        assert its.passive is not None
        passive = its.passive
        key = (its.where, passive, its.split_by)
        places = self.stages.get("active", key, lambda: view.take(~self.events.mask(passive)).arg_true())
        closed = None if its.end is None else self.view.take(self.events.mask(its.end))
        active = Active(view, places, closed)
        if view.ends is not None:
            return active.lasting(found, its)
        if keys.looks_back(its):
            return active.joined(found.begins, active.runs(found.stops), its)
        near, least = self.candidates, cutting.floor(its.inactivity)
        runs = self.stages.get("runs", (*keys.view_key(its), least), lambda: active.near(near[cutting.PLACE], least))
        stops = cutting.opening(self.view, near, its).shift(-1, fill_value=True)
        return active.joined(found.begins, runs.filter(stops), its)

    @property
    def placed(self) -> pl.DataFrame:
        """All sessions before `keep`: ACTOR, PLACE (the first event among those of `held`) and event_count."""

        def make() -> pl.DataFrame:
            return cutting.placed(self.view, self.spans, self.joined)

        return self.stages.get("placed", keys.cut_key(self.definition), make)

    @property
    def cut(self) -> pl.DataFrame:
        """The same with what every definition brings."""

        def make() -> pl.DataFrame:
            first, last = self.events.span
            time = self.events.schema[self.events.columns.time]
            return cutting.table(self.view, self.spans, self.placed, self.joined, self.definition, first, last, time)

        return self.stages.get("cut", keys.cut_key(self.definition), make)

    @property
    def held(self) -> View:
        """The events that sessions hold, in order: what metrics, paths and pages of events see."""
        if not keys.leaves_out(self.definition):
            return self.view

        def make() -> View:
            found, joined = self.spans, self.joined
            begins, stops = (found.begins, found.stops) if joined is None else (joined.begins, joined.stops)
            return spans.held(self.present(), begins, stops, self.cut["started_by"] == "first")

        return self.stages.get("held", keys.cut_key(self.definition), make)

    @property
    def outside(self) -> int:
        """How many of the events that exist for the definition no session holds."""
        if not keys.leaves_out(self.definition):
            return 0
        return self.present().keys.height - int(self.cut["event_count"].cast(pl.Int64).sum())

    def check(self) -> None:
        """Cut now; raises SpecError where the definition cannot be cut."""
        assert self.cut is not None

    @property
    def gap_curve(self) -> GapCurve:
        """The number of sessions at any inactivity, before `keep`."""
        definition = self.definition
        exact = not keys.looks_back(definition)

        def make() -> GapCurve:
            return gaps.gap_curve(gaps.opening_gaps(self.view), definition.boundary, exact)

        return self.stages.get("gaps", (*keys.view_key(definition), definition.boundary, exact), make)

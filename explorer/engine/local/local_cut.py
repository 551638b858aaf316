"""LocalCut: the sessions of one definition over events in memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import partial

import polars as pl

from explorer.crossfilter.bins.binning import DIMENSIONS, Dimensions
from explorer.crossfilter.selections.selection import Selection
from explorer.engine.answers.actors import Short
from explorer.engine.answers.columns import Menu
from explorer.engine.answers.heartbeat import Heartbeat
from explorer.engine.answers.inactivity import Choice, Choices, Evidence, GapCurve, Suggestion
from explorer.engine.answers.retention import Retention
from explorer.engine.answers.trial import Counted, Covered, Members, Totals, Trial
from explorer.engine.local import condition_schemas as schemas
from explorer.engine.local import inexact
from explorer.engine.local.actor_values import actor_values, with_metrics
from explorer.engine.local.actors.picked import in_short
from explorer.engine.local.coded.coded_cache import coded, is_coded
from explorer.engine.local.coded.first_sessions import of_first
from explorer.engine.local.coded.local_coded import LocalCoded
from explorer.engine.local.cut import frames
from explorer.engine.local.cut.cutting import PLACE
from explorer.engine.local.cut.measuring.metrics import repeated
from explorer.engine.local.editors import live_counts, menu, rule_effects
from explorer.engine.local.editors.metric_trial import trial
from explorer.engine.local.inactivity import candidates
from explorer.engine.local.inactivity.evidence import gathered, suggested
from explorer.engine.local.inactivity.heartbeats import heartbeats
from explorer.engine.local.query.query import answer
from explorer.engine.local.returning.retention import retention
from explorer.engine.local.session_table import SessionTable
from explorer.errors import SpecError
from explorer.plan.in_polars.boundary import ACTOR
from explorer.spec.charts.chart import RETURN, Chart
from explorer.spec.cohort import Cohort
from explorer.spec.duration import Duration
from explorer.spec.expression import clause as clauses
from explorer.spec.expression.clause import Clause
from explorer.spec.metric import ActorMetric, Metric
from explorer.spec.session import SessionDefinition

Schema = Mapping[str, pl.DataType]


class LocalCut:
    """The sessions of one definition; what is asked is remembered with the events."""

    def __init__(self, table: SessionTable) -> None:
        self.table = table

    @property
    def definition(self) -> SessionDefinition:
        """What the sessions are cut by."""
        return self.table.definition

    # ---- sessions

    def sessions(self) -> pl.DataFrame:
        """One row per session, by actor and start."""
        return self.table.frame()

    def actors(self) -> pl.DataFrame:
        """One row per actor that has a session."""
        found = with_metrics(self.table, frames.per_actor(self.table.table))
        return frames.actor_frame(self.table.events.data, found)

    def events(self, where: str | Clause | None = None, page: slice | None = None) -> pl.DataFrame:
        """The events of the sessions, by actor and time."""
        sessions, definition = self.table, self.definition
        table, view = sessions.cut, sessions.held
        session = repeated(table["event_count"])
        if definition.keep is not None:
            places = sessions.table[PLACE]
            kept = table[PLACE].is_in(places.implode()).gather(session)
        else:
            kept = pl.repeat(True, len(session), eager=True)
        if (clause := clauses.optional(where)) is not None:
            kept = kept & sessions.inside.mask(clause)
        chosen = pl.DataFrame({"row": view.rows, "session": session}).with_row_index("place").filter(kept)
        if definition.split_by:
            chosen = chosen.sort("row")
        if page is not None:
            chosen = chosen[page]
        number = table["session_number"].gather(chosen["session"])
        known = sessions.inside.known(chosen["place"], chosen["session"])
        return frames.event_frame(sessions.events.data, chosen["row"], number, known)

    def query(self, chart: Chart) -> pl.DataFrame:
        """A chart's numbers: its dimensions, `value` and `sessions`, one row per group."""
        return self.retention(chart).frame() if chart.kind == RETURN else answer(self.table, chart)

    def retention(self, chart: Chart) -> Retention:
        """Which share of actors comes back."""
        return retention(self.table, chart, partial(of_first, self.table, chart.top))

    def outside(self) -> int:
        """How many of the definition's events no session holds."""
        return self.table.outside

    def coded(self, dimensions: Dimensions = DIMENSIONS) -> LocalCoded:
        """The sessions in the bins of these dimensions, remembered."""
        return coded(self.table, dimensions)

    def is_coded(self, dimensions: Dimensions) -> bool:
        """Whether `coded` would answer at once."""
        return is_coded(self.table, dimensions)

    # ---- inactivity

    def gap_curve(self) -> GapCurve:
        """The number of sessions at any inactivity, before `keep`."""
        return self.table.gap_curve

    def suggested(self) -> Suggestion:
        """The inactivity that the gaps between events suggest, and why."""
        return suggested(self.table)

    def evidence(self) -> Evidence:
        """What the gaps between events say about the choice of inactivity."""
        return gathered(self.table)

    def choices(self, also: Duration | None = None) -> Choices:
        """Every inactivity that makes a difference, the definition's own, and exactly one more."""
        return candidates.choices(self.table, also)

    def choice(self, inactivity: Duration) -> Choice:
        """What one inactivity comes to, exactly."""
        return candidates.choice(self.table, inactivity)

    def heartbeats(self) -> tuple[Heartbeat, ...]:
        """The kinds of events that keep sessions open by themselves."""
        return heartbeats(self.table)

    # ---- rules and metrics while they are edited

    def totals(self) -> Totals:
        """How many sessions, actors and events there are."""
        return rule_effects.totals(self.table)

    def effects(self) -> dict[str, tuple[Totals, Totals]]:
        """For each rule that is set, the totals without it and with it."""
        return rule_effects.effects(self.table)

    def each_effect(self) -> Iterator[tuple[str, tuple[Totals, Totals]]]:
        """The same one after the other, each found when it is asked for."""
        return rule_effects.each_effect(self.table)

    def trial(self, metric: Metric | ActorMetric) -> Trial:
        """A metric tried in the place of the one of its name, or as the last one."""
        return trial(self.table, metric)

    def cohort(self, cohort: Cohort, most: int) -> Members:
        """Who belongs to a cohort that the events know, and so many of them."""
        events, every = self.table.events, self.table.of(self.definition.replace(keep=None))
        inside = events.frame[cohort.name].gather(events.data.firsts)
        actors = frames.per_actor(every.cut).sort(ACTOR)
        theirs = actors.filter(inside.gather(actors[ACTOR]))
        some = theirs[live_counts.spread(theirs.height, most)].select(ACTOR, "session_count", "time_in_session")
        return Members(
            int(inside.sum()),
            len(inside),
            int(theirs["session_count"].cast(pl.Int64).sum()),
            every.cut.height,
            frames.actor_frame(events.data, some),
        )

    def covered(self) -> dict[str, Covered | str]:
        """For how many actors each actor metric has a value; why, where it cannot be computed."""
        found: dict[str, Covered | str] = {}
        for metric in self.definition.actor_metrics:
            try:
                values = actor_values(self.table, metric.name, shown=True)[metric.name]
            except SpecError as error:
                found[metric.name] = str(error)
            else:
                found[metric.name] = Covered(len(values) - values.null_count(), len(values))
        return found

    def inexact(self) -> tuple[str, ...]:
        """The metrics of whole numbers whose sums 64 bits cannot hold."""
        return inexact.inexact(self.table)

    def remarks(self) -> list[str]:
        """What is worth knowing of the metrics before their values are believed, one sentence each."""
        return inexact.remarks(self.table)

    # ---- what conditions can ask

    def session_menu(self) -> Menu:
        """What conditions on sessions can ask, with the values that there are."""
        return menu.session_menu(self.table)

    def event_menu(self) -> Menu:
        """What conditions on the events of sessions can ask."""
        return menu.inside_menu(self.table)

    def actor_menu(self) -> Menu:
        """What conditions on actors can ask."""
        return menu.actor_menu(self.table)

    def session_counts(self, asked: Iterable[Clause]) -> Counted:
        """The sessions that meet each condition, before `keep`."""
        every = rule_effects.totals(self.table.of(self.definition.replace(keep=None)))
        return Counted(every.sessions, *live_counts.session_counts(self.table, asked))

    def event_counts(self, asked: Iterable[Clause]) -> Counted:
        """The events of sessions that meet each condition."""
        return Counted(self.table.held.keys.height, *live_counts.inside_counts(self.table.inside, asked))

    def actor_counts(self, asked: Iterable[Clause]) -> Counted:
        """The actors that meet each condition."""
        return Counted(self.table.cut[ACTOR].n_unique(), *live_counts.actor_counts(self.table, asked))

    def sample(self, where: str | Clause | None, most: int) -> pl.DataFrame:
        """So many of the sessions that meet a condition, the first, the last and some evenly between."""
        return live_counts.session_sample(self.table, where, most)

    # ---- the selection as a condition

    def session_schema(self) -> Schema:
        """The columns of sessions that a condition may use, and their types."""
        return schemas.session_schema(self.table)

    def keep_schema(self) -> Schema:
        """The same with the values of their actors, which `keep` may use too."""
        return schemas.keep_schema(self.table)

    def actor_schema(self) -> Schema:
        """The columns that are one value per actor."""
        return schemas.actor_schema(self.table)

    def event_schema(self) -> Schema:
        """The columns of the events of sessions."""
        return self.table.inside.schema

    def in_short(self, selection: Selection, taken: Iterable[str]) -> Short:
        """The selection with few values in the place of many actors; `taken` are names that cohorts cannot have."""
        return in_short(self.table.events, selection, self.definition.name, taken)

    def check_actors_of(self, names: Iterable[str]) -> None:
        """Raises SpecError for a value of actors that a condition would see otherwise than the charts show it."""
        schemas.check_actors_of(self.table, names)

"""The state of an exploration: what is analysed, what is selected, and what follows from both. It draws nothing."""

from collections.abc import Callable, Sequence
from typing import Any

import param
import polars as pl
from param.parameterized import Comparator

from explorer.crossfilter import cards as drawing
from explorer.crossfilter.bins.binning import Binning
from explorer.crossfilter.cards import named_funnels
from explorer.crossfilter.numbers import Numbers, TablePage
from explorer.crossfilter.selections.conditions import cut_off_left_out, kept_only, to_clause, with_cut_off
from explorer.crossfilter.selections.into_definition import Kept, selected_in
from explorer.crossfilter.selections.selection import Selection
from explorer.engine.coded import UNSORTED, Coded
from explorer.engine.engine import Engine
from explorer.errors import SpecError
from explorer.history import Change, History, Step
from explorer.shown_definition import ShownDefinition
from explorer.spec.analysis import Analysis
from explorer.spec.cohort import Cohort
from explorer.spec.document import Spec
from explorer.spec.editing.edits import free_name, with_sides
from explorer.spec.expression.clause import Clause, Not

# Param fires for equal values of a type that it cannot compare.
for _kind in (Spec, Clause, Selection):
    Comparator.equalities[_kind] = lambda one, other: one == other

# How many values are told apart of what only a view brushes.
EXTRA = Binning(top=10)
# And where its "other" is opened.
OPENED = Binning(top=50)


class Explorer(ShownDefinition):
    """One analysis over one engine. A change is a new document; an equal one is no change.

    `drawn` are the sessions on the page: the last that could be cut.
    """

    selection = param.ClassSelector(class_=Selection, default=Selection())
    against = param.ClassSelector(
        class_=Selection, allow_None=True, doc="What the selected are compared with; None for all others."
    )
    view = param.String(doc="The way of looking at the sessions that is on the page; empty for the charts.")
    shares = param.Boolean(default=False, doc="Whether charts show shares, of all and of the selected, and not counts.")
    zoomed = param.Boolean(default=False, doc="Whether axes of counts end above the selected bars, not above all.")
    extra = param.ClassSelector(class_=tuple, default=(), doc="Dimensions that views brush besides the charts.")
    opened = param.ClassSelector(class_=tuple, default=(), doc="Those of them whose other values are told apart, too.")
    drawn: Coded | None = param.Parameter(doc="The sessions on the page, in bins; None before the first.")
    undoable = param.String(doc="What undo would take back, in a few words; empty when there is nothing.")
    redoable = param.String(doc="What redo would make again; empty when there is nothing.")

    def __init__(self, **params: Any) -> None:
        super().__init__(**params)
        self._history = History()
        self.param.watch(lambda *_: self._record(), ["analysis", "session", "view"])
        self.param.watch(lambda *_: self._bring(), ["selection", "against"])
        self.param.watch(lambda *_: self._hold_brushes(), "analysis")
        self.param.watch(lambda event: self._drop_brushes(event.old, event.new), "drawn")
        self._record()

    @property
    def dimensions(self) -> dict[str, Binning]:
        """What can be brushed: by the charts of the definition that is shown, and by other views."""
        extra = drawing.extra_dimensions(self.extra, dict.fromkeys(self.opened, OPENED), EXTRA, self.beside)
        return extra | drawing.dimensions(self.charts, self.actor, self.span, self.funnels)

    def need(self, *names: str) -> None:
        """Have these dimensions drawn, whatever the charts are."""
        self.extra = tuple(dict.fromkeys((*self.extra, *names)))

    def _bring(self) -> None:
        """A brush of actors, of their time, of first and last events, or of paths brings its dimension along, and so
        does every one of what is compared with."""
        if self.analysis is not None:
            actors = (*self.analysis.columns.actor, *self.definition.actor_values)
            asked = [name for name in self.selection if name in actors or drawing.comes_along(name)]
            self.need(*(name for name in (*asked, *(self.against or ())) if name not in self.dimensions))

    def _hold_brushes(self) -> None:
        """A chart that goes leaves what is brushed in it: that holds on, and can be cleared."""
        drawn = self.drawn
        if self.analysis is not None and drawn is not None and drawn.definition.name == self.session:
            self.need(*(name for name in self.selection if name in drawn.dimensions and name not in self.dimensions))

    def _drop_brushes(self, before: Coded | None, drawn: Coded | None) -> None:
        """What is brushed, or compared with, goes with a metric that is gone: it would select nothing, or all."""
        if drawn is not None and self.against is not None and any(name in drawn.problems for name in self.against):
            self.against = None
        if before is not None and drawn is not None and before.definition.name == drawn.definition.name:
            gone = [name for name in self.selection if name in drawn.problems and name in before.dimensions]
            self.extra = tuple(name for name in self.extra if name not in gone)
            self.selection = Selection(
                tuple((name, self.selection[name]) for name in self.selection if name not in gone)
            )

    def begin(self, engine: Engine, analysis: Analysis, drawn: Coded) -> None:
        """Explore another source; what was done to the one before cannot be undone here."""
        self._history = History()
        plain: dict[str, Any] = {"shares": False, "zoomed": False, "extra": (), "opened": ()}
        plain |= {"selection": Selection(), "against": None}
        self.param.update(engine=engine, analysis=analysis, session=analysis.sessions[0].name, drawn=drawn, **plain)
        self._record()

    def keep_only(self, selection: Selection | None = None) -> None:
        """Make the selection (the current one) part of the definition; raises SpecError and changes nothing."""
        self.keep(self.asks_kept(selection)())

    def exclude(self, selection: Selection | None = None) -> None:
        """Leave the selected sessions out of the definition; raises SpecError and changes nothing."""
        self.keep(self.asks_kept(selection, without=True)())

    @property
    def cut_off_left_out(self) -> bool:
        """Whether the sessions that the source may not hold all of are left out."""
        return cut_off_left_out(self.definition)

    def leave_out_cut_off(self, left_out: bool) -> None:
        """Leave such sessions out everywhere, or take them in again."""
        self.define(keep=with_cut_off(self.definition, left_out).keep)

    def asks_kept(self, selection: Selection | None = None, without: bool = False) -> Callable[[], Kept]:
        """The definition that keeps only what the selection (the current one) holds, or all but that: a question for a
        thread, of the state as it is now. Asked, it raises SpecError.
        """
        asked = self.selection if selection is None else selection
        cut = self.engine.cut(self.definition)
        taken = (*self.engine.schema, *self._names_of_values)
        sequences = (*named_funnels(self.beside), *drawing.path_dimensions(self.beside))

        def work() -> Kept:
            columns = dict(cut.keep_schema())
            cut.check_actors_of(asked)
            for name in sequences:
                columns.pop(name, None)  # a metric of that name is not what is brushed
            short = cut.in_short(asked, taken)
            columns |= dict.fromkeys((cohort.name for cohort in short.cohorts), pl.Boolean())
            definition, clause = selected_in(cut.definition, short.selection, columns, cut.event_schema())
            kept = kept_only(definition, Not(clause) if without else clause)
            return Kept(cut.definition, kept, short.cohorts)

        return work

    def asks_sides(self) -> Callable[[], tuple[Kept, Kept]]:
        """The definition of the selected sessions, and that of all others: a question for a thread, of the state as it
        is now. Asked, it raises SpecError.
        """
        selected, rest = self.asks_kept(), self.asks_kept(without=True)
        return lambda: (selected(), rest())

    def add_sides(self, selected: Kept, rest: Kept, view: str = "") -> tuple[str, ...]:
        """Two more definitions, of the selected sessions and of the rest, and their names; none where the definition
        that they are made of has changed; raises SpecError and changes nothing. A `view` is opened along with them, and
        undo leads back from both."""
        definition = self.definition
        if selected.before != definition:
            return ()
        known = self.document.replace(cohorts=(*self.document.cohorts, *selected.cohorts))
        sides = [(f"{definition.name} selected", selected.after), (f"{definition.name} rest", rest.after)]
        analysis, names = with_sides(known, definition.name, sides)
        self.param.update(analysis=analysis, view=view or self.view)
        return names

    @property
    def _names_of_values(self) -> set[str]:
        """Names of metrics, values of actors and cohorts, of all definitions."""
        of = (each for one in self.document.sessions for each in (*one.actor_values, *(m.name for m in one.metrics)))
        return {*of, *(cohort.name for cohort in self.document.cohorts)}

    @property
    def selects_actors(self) -> bool:
        """Whether something is brushed, and only values of actors: such a selection can be a cohort."""
        cohorts = (cohort.name for cohort in self.document.cohorts)
        known = {*self.document.columns.actor, *self.definition.actor_values, *cohorts}
        return bool(self.selection) and all(name in known for name in self.selection)

    def asks_cohort(self) -> Callable[[], Cohort]:
        """A cohort of the actors that are selected: a question for a thread, of the state as it is now.

        Asked, it raises SpecError where the selection is not of actors only, or sees other values of them than a cohort
        does.
        """
        asked, engine, analysis = self.selection, self.engine, self.document
        cut = engine.cut(self.definition)

        def work() -> Cohort:
            cut.check_actors_of(asked)
            where = to_clause(asked, cut.actor_schema())
            taken = [*engine.schema, *(cohort.name for cohort in analysis.cohorts)]
            return Cohort(free_name("cohort", taken), cut.definition.name, where)

        return work

    def add_cohort(self, cohort: Cohort) -> None:
        """One more cohort, at the end; raises SpecError and changes nothing."""
        self.analysis = self.document.replace(cohorts=(*self.document.cohorts, cohort))

    def keep(self, kept: Kept) -> None:
        """Take such a definition and brush nothing, unless the one before has changed; raises SpecError."""
        if self.definition != kept.before:
            return
        with param.parameterized.batch_call_watchers(self):
            definition = self.definition.replace(metrics=kept.after.metrics, keep=kept.after.keep)
            known = self.document.replace(cohorts=(*self.document.cohorts, *kept.cohorts))
            self.analysis = known.with_session(definition)
            self.selection = Selection()

    def undo(self) -> None:
        """Take the last change of the document back, and show what was shown then."""
        self._go(self._history.undo(), self._history.redoable)

    def redo(self) -> None:
        """Make the change again that was taken back last."""
        self._go(self._history.redo(), self._history.undoable)

    def fall_back(self, step: Step, selection: Selection) -> None:
        """Show again what could be drawn last: what came after it could not, and is not among what can be undone."""
        self._history.back_to(step)
        self.param.update(analysis=step.analysis, session=step.session, selection=selection)
        self._record()

    def _go(self, step: Step | None, change: Change | None) -> None:
        if step is not None and change is not None:
            view = step.view if change.moves else self.view
            self.param.update(analysis=step.analysis, session=step.session, view=view)

    def _record(self) -> None:
        if self.analysis is not None:
            self._history.record(Step(self.analysis, self.session, self.view))
        undo, redo = self._history.undoable, self._history.redoable
        self.param.update(undoable=str(undo or ""), redoable=str(redo or ""))

    def coded(self) -> Coded:
        """Cut and bin the sessions of the definition that is shown; may take a while, changes nothing."""
        return self.engine.cut(self.definition).coded(self.dimensions)

    def numbers(self, selection: Selection | None = None) -> Numbers:
        """The key numbers of the sessions on the page under a selection (the current one)."""
        return self.on_page.numbers(self.selection if selection is None else selection)

    def page(self, sort: str = "", descending: bool = False, page: int = 0, size: int = 25) -> TablePage:
        """One page of the selected sessions, sorted; an unknown column sorts by actor and start."""
        return self.asks_page(sort, descending, page, size)()

    def asks_page(
        self, sort: str, descending: bool, page: int, size: int, beside: Sequence[str] = ()
    ) -> Callable[[], TablePage]:
        """The same as a question for a thread, of the state as it is now."""
        drawn, selection = self.on_page, self.selection
        return lambda: drawn.page(selection, (sort, descending), slice(page * size, (page + 1) * size), beside)

    def sessions(self) -> pl.DataFrame:
        """All sessions of the definition that is shown."""
        return self._engine.sessions(self.definition)

    def selected(self) -> pl.DataFrame:
        """The sessions that all brushes hold, of the definition as it is now: its picture may be on its way still."""
        return self.asks_selected()()

    def asks_selected(self) -> Callable[[], pl.DataFrame]:
        """The same as a question for a thread, of the state as it is now."""
        engine, analysis, definition = self.engine, self.document, self.definition
        dimensions, selection = self.dimensions, self.selection

        def work() -> pl.DataFrame:
            coded = engine.under(analysis).cut(definition).coded(dimensions)
            return coded.page(selection, UNSORTED, slice(None)).frame

        return work

    @property
    def on_page(self) -> Coded:
        """The sessions on the page; raises SpecError before the first."""
        if self.drawn is None:
            raise SpecError("There are no sessions yet: they are being cut.")
        return self.drawn

    @property
    def _engine(self) -> Engine:
        """The engine under the columns of the analysis as it is now."""
        return self.engine.under(self.document)


def first_coded(engine: Engine, analysis: Analysis) -> Coded:
    """The sessions that are seen first of an analysis; raises SpecError and EngineError."""
    return Explorer(engine=engine.under(analysis), analysis=analysis, session=analysis.sessions[0].name).coded()

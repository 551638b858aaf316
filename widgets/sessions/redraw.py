"""A changed document is cut and drawn anew; the inactivity counts while it is dragged."""

from __future__ import annotations

from collections.abc import Callable

import panel as pn

from explorer.crossfilter.formats import count_text
from explorer.crossfilter.numbers import Numbers
from explorer.crossfilter.selections.selection import Selection
from explorer.engine.answers.inactivity import Evidence, GapCurve, Suggestion
from explorer.engine.coded import Coded
from explorer.engine.engine import Engine
from explorer.errors import ExplorerError
from explorer.history import Step
from explorer.plan.check import checked
from explorer.spec.analysis import Analysis
from explorer.spec.duration import Duration
from explorer.state import Explorer
from widgets.definition.duration import gap_heights
from widgets.definition.inactivity_editor import InactivityEditor
from widgets.document.url import link_error
from widgets.parts.latest_task import Latest
from widgets.sessions.formats import now_text, then_text

MANY_METRICS = 300


class Redraw:
    """A new document is cut and drawn off the event loop; the last good picture stands until then, or if it fails."""

    def __init__(
        self,
        state: Explorer,
        inactivity: InactivityEditor,
        busy: Callable[[bool], None],
        say: Callable[[ExplorerError | None], None],
        served: Callable[[], Analysis | None] = lambda: None,
        tell: Callable[[str], None] = lambda words: None,
    ) -> None:
        """`busy` is told whether sessions are being cut for longer than a moment; `served` is the analysis that an
        address changes, None where there is no address; `tell` hears why something is going to take long."""
        self.state, self.inactivity, self.busy, self.say, self._served = state, inactivity, busy, say, served
        self._tell = tell
        self._problem: ExplorerError | None = None
        self._latest = Latest[tuple[Engine, Coded]](self._done, self._failed, self._slow)
        self._curves = Latest[GapCurve](self._curve_done, lambda _: None)
        self._suggestions = Latest[Suggestion](self._suggest, lambda _: None)
        self._evidence = Latest[Evidence](self._steps_done, lambda _: None)
        self._numbers = Latest[Numbers](lambda found: inactivity.param.update(caption=now_text(found)), lambda _: None)
        self._curve: GapCurve | None = None
        self._seen: Evidence | None = None
        self._begun = self._refused = False
        self._good: tuple[Step, Selection] | None = None
        self.state.param.watch(lambda *_: self.start(), ["analysis", "session", "extra", "opened"])
        self.state.param.watch(lambda *_: self._remember_brushes(), "selection")
        self.state.param.watch(lambda *_: self._stands(), "drawn")
        inactivity.param.watch(lambda event: self._caption(event.new), "dragging")

    def first(self, problem: ExplorerError | None) -> None:
        """Draw for the first time: at once in a notebook and where the picture is known, otherwise behind the page."""
        self._begun = True
        state = self.state
        same = state.engine.is_under(state.analysis)
        known = same and state.engine.cut(state.definition).is_coded(state.dimensions)

        def begin() -> None:
            if known or pn.state.curdoc is None:
                self._latest.at_once(self._work())
            else:
                self._problem = problem  # it stands when the first picture has come
                self.start()
            if problem:
                self.say(problem)

        if known or pn.state.curdoc is None:
            begin()
        else:
            pn.state.onload(begin)

    def start(self) -> None:
        """Draw the document as it is now."""
        if self._begun:
            self._evidence.stop()
            self._latest.run(self._work())

    def _work(self) -> Callable[[], tuple[Engine, Coded]]:
        analysis, definition, engine = self.state.analysis, self.state.definition, self.state.engine
        dimensions = self.state.dimensions

        def work() -> tuple[Engine, Coded]:
            under = engine.under(analysis)
            checked(definition, analysis.columns, under.schema, under.cohorts)
            return under, under.cut(definition).coded(dimensions)

        return work

    def _done(self, found: tuple[Engine, Coded]) -> None:
        engine, picture = found
        self.busy(False)
        if not self._refused:
            self.say(self._problem)
        self._refused, self._problem = False, None
        self.state.param.update(engine=engine, drawn=picture)

    def _stands(self) -> None:
        """There is another picture, of this document or of other data: what is said of it follows."""
        engine, picture = self.state.engine, self.state.drawn
        if picture is None:
            return
        self._good = Step(self.state.analysis, self.state.session), self.state.selection
        self._evidence.stop()
        self._curve = self._seen = None
        self._caption(str(picture.definition.inactivity))
        # What a page is told before its browser has loaded it can get lost; at any other time this is now.
        pn.state.onload(lambda: self._look_ahead(engine, picture))

    def _look_ahead(self, engine: Engine, picture: Coded) -> None:
        self._curves.run(lambda: engine.cut(picture.definition).gap_curve())
        self._suggestions.run(lambda: engine.cut(picture.definition).suggested())

    def _suggest(self, found: Suggestion) -> None:
        self.inactivity.param.update(
            suggestion=str(found.suggestion or ""),
            reason=found.reason,
            heights=gap_heights(found.curve.gaps),
        )

    def _steps_done(self, evidence: Evidence) -> None:
        self._seen = evidence
        self._caption(self.inactivity.dragging)

    def _slow(self) -> None:
        self.busy(True)
        metrics, drawn = self.state.definition.metrics, self.state.drawn
        same = drawn is not None and drawn.definition.replace(metrics=metrics) == self.state.definition
        known = set(drawn.definition.metrics) if drawn is not None and same else set()
        new = sum(metric not in known for metric in metrics)
        if new > MANY_METRICS:
            events = self.state.engine.quality.events
            self._tell(
                f"{count_text(new)} metrics of {count_text(events)} events are being computed. That can take minutes; "
                "what is on the page stays until then, and what has been computed is not computed again."
            )

    def _failed(self, error: ExplorerError) -> None:
        """What cannot be drawn is said, and what could be drawn last stands whole: document, captions and brushes."""
        self.busy(False)
        self.say(error)
        served = self._served()
        if self._good is None and served is not None and served != self.state.analysis:
            self.say(link_error(error))
            self._good = Step(served, served.sessions[0].name), Selection()
        if self._good is not None and self._good[0].analysis != self.state.analysis:
            self._refused = True
            self.state.fall_back(*self._good)

    def _remember_brushes(self) -> None:
        if self._good is not None and self._good[0].analysis == self.state.analysis:
            self._good = self._good[0], self.state.selection

    def _curve_done(self, curve: GapCurve) -> None:
        self._curve = curve

    def _caption(self, inactivity: str) -> None:
        drawn = self.state.drawn
        if drawn is None:
            return
        length = Duration.parse(inactivity)
        if length == drawn.definition.inactivity:
            self._numbers.run(lambda: drawn.numbers(Selection()))
            return
        self._numbers.stop()
        if self._curve is not None:
            exact = self._curve.exact and drawn.definition.keep is None
            self.inactivity.caption = then_text(self._curve.sessions(length), exact, self._seen, length)
        under_way = length != self.state.definition.inactivity
        if under_way and self._seen is None and not self._evidence.busy:
            # What each step comes to is looked at when another inactivity is: it takes longer than all of the picture.
            engine = self.state.engine
            self._evidence.run(lambda: engine.evidence(drawn.definition))

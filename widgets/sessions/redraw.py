"""Everything that happens because something changed: redrawing, counting while dragging, the link."""

from __future__ import annotations

from collections.abc import Callable, Collection
from urllib.parse import parse_qsl

import panel as pn
import param

from explorer.crossfilter.formats import count_text
from explorer.crossfilter.numbers import Numbers
from explorer.crossfilter.selections.selection import Selection
from explorer.engine.answers.inactivity import Evidence, GapCurve
from explorer.engine.coded import Coded
from explorer.engine.engine import Engine
from explorer.errors import ExplorerError, SpecError
from explorer.history import Step
from explorer.plan.check import checked
from explorer.spec.analysis import Analysis
from explorer.spec.document import query_text
from explorer.spec.duration import Duration
from explorer.state import Explorer
from widgets.definition.duration import gap_heights
from widgets.definition.inactivity_editor import InactivityEditor
from widgets.document.browser_history import History
from widgets.document.controller import refuse_what_does_not_fit
from widgets.document.saved_state import Kept
from widgets.parts.latest_task import Latest
from widgets.sessions.formats import now_text, then_text

BRUSH, SHOW, KEPT, DATA, VIEW, HEIGHTS = "brush", "show", "kept", "data", "view", "heights"
SHARES = "shares"
UPLOAD = "upload:"  # begins what an address calls a file that its page has uploaded
# The query of an address stands twice in the request for a websocket, of which Tornado reads 64 KB.
LONGEST = 16_000
MANY_METRICS = 300
OURS = (BRUSH, SHOW, KEPT, DATA, VIEW, HEIGHTS, "version", "title", "notes", "source", "columns", "sessions", "charts")


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
        self._evidence = Latest[Evidence](self._suggest, lambda _: None)
        self._numbers = Latest[Numbers](lambda found: inactivity.param.update(caption=now_text(found)), lambda _: None)
        self._curve: GapCurve | None = None
        self._seen: Evidence | None = None
        self._begun = self._refused = False
        self._good: tuple[Step, Selection] | None = None
        self.state.param.watch(lambda *_: self.start(), ["analysis", "session", "extra"])
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
        self._curve = self._seen = None
        self._caption(str(picture.definition.inactivity))
        # What a page is told before its browser has loaded it can get lost; at any other time this is now.
        pn.state.onload(lambda: self._look_ahead(engine, picture))

    def _look_ahead(self, engine: Engine, picture: Coded) -> None:
        self._curves.run(lambda: engine.cut(picture.definition).gap_curve())
        self._evidence.run(lambda: engine.evidence(picture.definition))

    def _suggest(self, evidence: Evidence) -> None:
        self._seen = evidence
        self.inactivity.param.update(
            suggestion=str(evidence.suggestion or ""),
            reason=evidence.reason,
            heights=gap_heights(evidence.curve.gaps),
        )

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


class Link:
    """The address bar says the document and the brushes, and the browser's back and forward go through them.

    What is as it was served is left out. In the place of what is too long for an address stands a mark, for what
    the browser keeps.
    """

    def __init__(
        self, state: Explorer, say: Callable[[ExplorerError], None], data: str = "", views: Collection[str] = ()
    ) -> None:
        """`data` is what the address calls the source, where it is another than the page was made for; `views` are the
        names that it may ask for."""
        self.state, self.served, self.data, self._views = state, state.analysis, data, views
        self._say = say
        self._long: dict[str, Kept] = {}
        self.addressed = bool(self._query()[0])
        self.wanted = ""
        self.history = History(data=data, width=0, height=0, margin=0)
        self.history.on_msg(lambda event: self.go(event.data))
        state.param.watch(lambda *_: self.write(), ["analysis", "session", "selection", "view", "shares"])

    def begin(self, served: Analysis, data: str) -> None:
        """Another source is opened, with this analysis; `write` when it is there."""
        self.served, self.data, self._long = served, data, {}
        self.history.data = data

    def read(self) -> None:
        """Take over what the address says; raises SpecError and changes nothing where it cannot be read."""
        ours, _ = self._query()
        if ours.pop(DATA, "") != self.data:
            raise SpecError("It is of other data. Reload the page to see it.")
        self.wanted = ours.pop(KEPT, "")
        if self.wanted in self._long:
            self._long[self.wanted].restore(self.state)
            return
        selection = Selection.from_text(ours.pop(BRUSH, ""))
        session = ours.pop(SHOW, "")
        view = ours.pop(VIEW, "")
        shares = ours.pop(HEIGHTS, "") == SHARES
        analysis = Analysis.from_query(query_text(ours), self.served) if ours else self.served
        analysis = analysis.replace(source=self.served.source)
        refuse_what_does_not_fit(analysis, self.state.engine)
        session = analysis.session(session).name if session else analysis.sessions[0].name
        self.state.param.update(
            analysis=analysis,
            session=session,
            selection=selection,
            view=view if view in self._views else "",
            shares=shares,
        )

    def go(self, search: str) -> None:
        """Follow the browser, which went back or forward."""
        with param.discard_events(pn.state.location):  # the address is there already
            pn.state.location.search = search
        try:
            self.read()
        except ExplorerError as error:
            self._say(link_error(error))

    def write(self) -> None:
        """Say what there is now."""
        if pn.state.location is None:
            return
        state, (_, parts) = self.state, self._query()
        if state.session and state.session != state.analysis.sessions[0].name:
            parts[SHOW] = state.session
        if state.selection:
            parts[BRUSH] = state.selection.to_text()
        if state.view:
            parts[VIEW] = state.view
        if state.shares:
            parts[HEIGHTS] = SHARES
        if self.data:
            parts[DATA] = self.data
        document = state.analysis.to_query(self.served) if state.analysis != self.served else ""
        search = "&".join(part for part in (document, query_text(parts)) if part)
        if len(search) > LONGEST:
            kept = Kept.of(state)
            self._long[kept.mark] = kept
            data = {DATA: self.data} if self.data else {}
            search = query_text(self._query()[1] | data | {KEPT: kept.mark})
        search = f"?{search}" if search else ""
        if search != pn.state.location.search:
            pn.state.location.search = search

    def _query(self) -> tuple[dict[str, str], dict[str, str]]:
        """What the address says, ours and what is somebody else's."""
        search = (pn.state.location.search or "") if pn.state.location else ""
        said = dict(parse_qsl(search.removeprefix("?"), keep_blank_values=True))
        ours = {name: value for name, value in said.items() if name.split(".")[0] in OURS}
        return ours, {name: value for name, value in said.items() if name not in ours}


def link_error(error: ExplorerError) -> SpecError:
    """An error in the address, said as such."""
    return SpecError(f"The link could not be opened as it is; this is the analysis as served. {error}")

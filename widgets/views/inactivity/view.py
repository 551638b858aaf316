"""The inactivity studio: the gaps between events, and what every inactivity would come to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import panel as pn

from explorer.engine import keys
from explorer.engine.answers.inactivity import Choice
from explorer.errors import ExplorerError
from explorer.spec.duration import Duration
from explorer.spec.session import SessionDefinition
from widgets.parts.latest_task import Latest
from widgets.parts.theme import card
from widgets.views.inactivity.inactivity_texts import answer, canvas
from widgets.views.inactivity.robustness import RobustnessCard
from widgets.views.inactivity.studio import Canvas, Studio
from widgets.views.view import View

QUESTION = (
    "How long can an actor be inactive before a new session starts? "
    "Drag the line, use the arrow keys, or write a length."
)
HELP = "The line moves in steps that people say. With Alt held down it moves freely; a length that is written is exact."


@dataclass(frozen=True, eq=False)
class Found:
    """A definition with what the studio shows of it."""

    definition: SessionDefinition
    canvas: Canvas
    now: Choice


class InactivityView(View[Found]):
    """Shows what the gaps say; a line that is let go is a new definition, one step of undo."""

    def build(self) -> pn.viewable.Viewable:
        self.studio = Studio()
        self._shown: SessionDefinition | None = None
        self._asked = Latest[Choice](lambda found: self.studio.param.update(answer=answer(found)), self.fail)
        self.studio.param.watch(lambda event: self._take(event.new), "value")
        self.studio.param.watch(lambda event: self._ask(event.new), "asked")
        self.watch(self._follow, "analysis", "session")
        self.robustness = RobustnessCard(self.say)
        return pn.Column(
            card("Inactivity", self.studio, subtitle=QUESTION, help=HELP, guide="inactivity"),
            self.robustness.place,
            sizing_mode="stretch_width",
            margin=0,
            styles={"gap": "14px", "max-height": "none"},
        )

    def look(self, looked_at: bool) -> None:
        super().look(looked_at)
        if not looked_at:
            self.robustness.stop()
        elif self._shown is not None and not self._stale:
            self._try_others()

    def forget(self) -> None:
        super().forget()
        self.robustness.stop()

    def refresh(self) -> None:
        drawn = self.state.drawn
        if drawn is None or drawn.definition != self._shown or not self._looked_at:
            super().refresh()

    def work(self) -> Callable[[], Found]:
        engine, definition = self.state.engine, self.state.on_page.definition
        before, actor = self._before(definition), engine.columns.actor_name
        cut = engine.cut(definition)

        def work() -> Found:
            found = cut.choices(before)
            return Found(
                definition,
                canvas(found, definition, actor, cut.heartbeats()),
                cut.choice(definition.inactivity),
            )

        return work

    def show(self, found: Found) -> None:
        before = self._before(found.definition)
        self._shown = found.definition
        with_before = str(before) if before else ""
        self.studio.param.update(canvas=found.canvas, answer=answer(found.now))
        self.studio.param.update(value=str(self.state.definition.inactivity), before=with_before, error="")
        self._try_others()

    def _try_others(self) -> None:
        """What all else on the page would be at other inactivities."""
        if self._looked_at and self._shown is not None:
            self.robustness.ask(self.state.engine, self._shown, self.state.analysis.charts)

    def _before(self, definition: SessionDefinition) -> Duration | None:
        """What the inactivity was, as long as all else that the gaps depend on is as it was."""
        last = self._shown
        if last is None or last.name != definition.name or keys.view_key(last) != keys.view_key(definition):
            return None
        if last.inactivity == definition.inactivity:
            return Duration.parse(self.studio.before) if self.studio.before else None
        return last.inactivity

    def _take(self, text: str) -> None:
        if self.state.drawn is None or text == str(self.state.definition.inactivity):
            return
        try:
            self.state.define(inactivity=text)
        except ExplorerError as error:
            said = str(error).removeprefix(f"{getattr(error, 'where', '')}: ")
            self.studio.param.update(value=str(self.state.definition.inactivity), error=said)

    def _follow(self) -> None:
        """The line stands where the document does, at once: what it comes to is said when it is found."""
        self.studio.value = str(self.state.definition.inactivity)
        if self._shown == self.state.definition:
            self._try_others()

    def _ask(self, text: str) -> None:
        engine, definition = self.state.engine, self._shown
        if definition is not None and text:
            self._asked.run(lambda: engine.cut(definition).choice(Duration.parse(text)))

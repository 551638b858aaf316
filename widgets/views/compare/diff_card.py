"""Session-by-session differences of one side in another: the kinds, their sessions, the events of one."""

from __future__ import annotations

from collections.abc import Callable

from explorer.engine.answers.compare import Diff
from explorer.engine.engine import Engine
from explorer.errors import ExplorerError
from explorer.spec.session import SessionDefinition
from widgets.parts.latest_task import Latest
from widgets.parts.theme import card, heading_html
from widgets.views.compare.compare_sides import Way
from widgets.views.compare.diff_kinds import DiffKinds, KindsShown
from widgets.views.compare.diff_pages import DiffPages
from widgets.views.compare.diff_texts import kinds_shown
from widgets.views.compare.id_rules import IdRules

TITLE = "Session-by-session differences"


class DiffCard:
    """Asks the engine for the diff of two ways, off the event loop, and shows it."""

    def __init__(self, say: Callable[[ExplorerError], None], take: Callable[[SessionDefinition, str], None]) -> None:
        """`take` is handed a definition that was found in the ids of a column."""
        self._say = say
        self.rules = IdRules(take, say)
        self._asked: tuple[Engine | None, tuple[Way, Way] | None, list[Way]] = (None, None, [])
        self._latest = Latest[Diff | None](self._show, self._refuse, lambda: self.kinds.param.update(busy=True))
        self.kinds = DiffKinds()
        self.pages = DiffPages(say)
        self.kinds.param.watch(lambda event: self.pages.choose(event.new), "value")
        self.place = card(TITLE, self.kinds, self.rules.shown, self.pages.place)

    def ask(self, engine: Engine, pair: tuple[Way, Way] | None, others: list[Way], nothing: str = "") -> None:
        """Show what became of the first's sessions in the second; of no pair say `nothing`."""
        columns = [way.asked for way in pair or () if isinstance(way.asked, str)]
        self.rules.offer(engine, columns[0] if columns else "")
        if pair is None:
            self._asked = (None, None, [])
            self._latest.at_once(lambda: None)
            self.kinds.shown = KindsShown(nothing)
            self.place[0].object = heading_html(TITLE)
        elif (engine, pair, others) != self._asked:
            self._asked = (engine, pair, others)
            one, other = pair
            self._latest.run(lambda: engine.diff(one.asked, other.asked))

    def _show(self, diff: Diff | None) -> None:
        engine, pair, others = self._asked
        self.kinds.busy = False
        if diff is None or pair is None or engine is None:
            self.kinds.value = ""
            self.pages.hold(None, None)
            return
        base, other = pair
        question = f"Each session of '{base.name}' is compared with those of '{other.name}', event by event."
        self.place[0].object = heading_html(TITLE, question)
        shown = kinds_shown(diff, base, other, others)
        gone = self.kinds.value not in {row.kind for row in shown.rows if any(row.sessions)}
        self.kinds.param.update(shown=shown, **({"value": ""} if gone else {}))
        self.pages.hold((diff, pair), engine.columns)

    def _refuse(self, error: ExplorerError) -> None:
        self.kinds.busy = False
        self._say(error)

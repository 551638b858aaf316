"""The documents of an exploration, one step back and one forward."""

from collections import deque
from dataclasses import dataclass

from explorer.spec.analysis import Analysis
from explorer.spec.editing.changes import said

MOST = 1_000


@dataclass(frozen=True)
class Step:
    """A document, and the session definition and the view that were shown."""

    analysis: Analysis
    session: str
    view: str = ""


@dataclass(frozen=True)
class Change:
    """From one document to the next; each with what was shown when it was made."""

    before: Step
    after: Step

    @property
    def moves(self) -> bool:
        """Whether another view was opened along with the change: there and back it is one step."""
        return self.before.view != self.after.view

    def __str__(self) -> str:
        return said(self.before.analysis, self.after.analysis)


class History:
    """What was changed, to be taken back and made again; after MOST changes the oldest is forgotten.

    >>> one = Analysis({"actor": "user", "time": "ts"}, [{"name": "visit", "inactivity": "30m"}])
    >>> history = History()
    >>> history.record(Step(one, "visit"))
    >>> history.record(Step(one.with_session(one.sessions[0].replace(inactivity="1h")), "visit"))
    >>> str(history.undoable), history.redoable
    ('inactivity of visit 30m to 1h', None)
    >>> history.undo() == Step(one, "visit"), history.undoable, str(history.redoable)
    (True, None, 'inactivity of visit 30m to 1h')
    """

    def __init__(self) -> None:
        self.now: Step | None = None
        self._past: deque[Change] = deque(maxlen=MOST)
        self._future: list[Change] = []

    @property
    def undoable(self) -> Change | None:
        """The change that undo takes back, if there is any."""
        return self._past[-1] if self._past else None

    @property
    def redoable(self) -> Change | None:
        """The change that redo makes again, if there is any."""
        return self._future[-1] if self._future else None

    def record(self, step: Step) -> None:
        """Remember where it stands now. An equal document is no change; after another nothing can be redone."""
        if self.now is not None and self.now.analysis != step.analysis:
            self._past.append(Change(self.now, step))
            self._future.clear()
        self.now = step

    def undo(self) -> Step | None:
        """Where the last change began; None when there is nothing to undo."""
        if not self._past:
            return None
        self._future.append(self._past.pop())
        self.now = self._future[-1].before
        return self.now

    def redo(self) -> Step | None:
        """Where the change that was undone last had led; None when there is nothing to redo."""
        if not self._future:
            return None
        self._past.append(self._future.pop())
        self.now = self._past[-1].after
        return self.now

    def back_to(self, step: Step) -> None:
        """Stand where it stood before, as though what was done since had not been; elsewhere only `now` changes."""
        if any(change.before.analysis == step.analysis for change in self._past):
            while self.now is None or self.now.analysis != step.analysis:
                self.now = self._past.pop().before
            self._future.clear()
        elif any(change.after.analysis == step.analysis for change in self._future):
            while self.now is None or self.now.analysis != step.analysis:
                self._past.append(self._future.pop())
                self.now = self._past[-1].after
        self.now = step

"""What the cells of a notebook have shown: a cell that runs again leaves nothing behind."""

from __future__ import annotations

from functools import cache
from typing import Any

OURS = "widgets."
UNDERS = ("_", "__", "___")


class Cells:
    """Hears of every cell before and after it runs. What it showed of ours is shown no more when it runs again.

    A front end that does not say which cell it runs, as nbclient, is not heard: there nothing runs again.
    """

    def __init__(self, shell: Any) -> None:
        self.shell = shell
        self._showing: list[Any] = []
        self._shown: dict[str, list[Any]] = {}
        self._answers: dict[str, list[tuple[int, int]]] = {}
        shell.events.register("pre_run_cell", self._begin)
        shell.events.register("post_run_cell", self._end)

    def shows(self, widget: Any) -> None:
        """The cell that runs shows this widget."""
        self._showing.append(widget)

    def _begin(self, info: Any) -> None:
        self._showing = []
        gone = self._shown.pop(info.cell_id, [])
        elsewhere = {id(widget) for shown in self._shown.values() for widget in shown}
        for widget in gone:
            if id(widget) not in elsewhere:
                widget.rest()
        for place, known in self._answers.pop(info.cell_id, ()):
            self._forget_answer(place, known)

    def _end(self, result: Any) -> None:
        cell = result.info.cell_id if result.info is not None else None
        if cell is not None:
            self._shown.setdefault(cell, []).extend(self._showing)
            if type(result.result).__module__.startswith(OURS):
                self._answers.setdefault(cell, []).append((result.execution_count, id(result.result)))
        self._showing = []

    def _forget_answer(self, place: int, known: int) -> None:
        """IPython remembers what a cell ended with, as `Out[1]`, `_1` and `_`."""
        for names in (self.shell.user_ns, self.shell.user_ns_hidden):
            names.pop(f"_{place}", None)
            for name in UNDERS:
                if id(names.get(name)) == known:
                    names[name] = ""
        for name in UNDERS:
            if id(getattr(self.shell.displayhook, name, None)) == known:
                setattr(self.shell.displayhook, name, "")
        self.shell.user_ns.get("_oh", {}).pop(place, None)
        last = getattr(self.shell, "last_execution_result", None)
        if last is not None and id(last.result) == known:
            self.shell.last_execution_result = None


@cache
def listen(shell: Any) -> Cells:
    """Who hears of the cells of a notebook."""
    return Cells(shell)

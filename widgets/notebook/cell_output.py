"""What the cells of a notebook have shown: a cell that runs again leaves nothing behind."""

from __future__ import annotations

from typing import Any

from widgets.parts import library_internals as internals

OURS = "widgets."
UNDERS = ("_", "__", "___")


class Cells:
    """Hears of every cell before and after it runs. What it showed of ours is forgotten when it runs again.

    A front end that does not say which cell it runs, as nbclient, is not heard: there nothing runs again.
    """

    def __init__(self, shell: Any) -> None:
        self.shell = shell
        self._shown: dict[str, set[str]] = {}
        self._answers: dict[str, list[tuple[int, int]]] = {}
        self._before = set(internals.cell_views())
        shell.events.register("pre_run_cell", self._begin)
        shell.events.register("post_run_cell", self._end)

    def _begin(self, info: Any) -> None:
        for ref in self._shown.pop(info.cell_id, ()):
            forget(ref)
        for place, known in self._answers.pop(info.cell_id, ()):
            self._forget_answer(place, known)
        self._before = set(internals.cell_views())

    def _end(self, result: Any) -> None:
        cell = result.info.cell_id if result.info is not None else None
        if cell is None:
            return
        views = internals.cell_views()
        new = {ref for ref in views.keys() - self._before if _is_ours(views[ref].shown)}
        self._shown.setdefault(cell, set()).update(new)
        if type(result.result).__module__.startswith(OURS):
            self._answers.setdefault(cell, []).append((result.execution_count, id(result.result)))

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


def forget(ref: str) -> None:
    """Take what a cell showed away from Python's side: its models, its channels, whatever follows for it."""
    view = internals.take_cell_view(ref)
    if view is None:
        return
    parts = _parts(view.shown)
    channels = internals.channels_of(view, ref, parts)
    for part in parts:
        if hasattr(part, "taken_away"):
            part.taken_away()
    internals.clean_up(view)
    for channel in channels:
        internals.close_channel(channel, Nobody())


class Nobody:
    """Who listens where no browser ever did: what Panel still has to say is said to them, and no more."""

    def send(self, *_: Any, **__: Any) -> None:
        """Hear nothing."""


def _is_ours(shown: Any) -> bool:
    return any(type(each).__module__.startswith(OURS) for each in _parts(shown))


def _parts(shown: Any) -> list[Any]:
    """All that a view is made of; some of Panel's own views have no parts."""
    return list(shown.select()) if hasattr(shown, "select") else []

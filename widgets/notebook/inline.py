"""How a part of the explorer shows itself in a notebook: live while Python answers, else as a still picture."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import panel as pn
import param
from panel.io.notebook import EXEC_MIME

from widgets.notebook.cell_output import forget
from widgets.notebook.compress import packed_html
from widgets.notebook.hold_events import Waiting
from widgets.notebook.offline_resources import load
from widgets.parts.component import Component, script
from widgets.parts.library_internals import cell_views
from widgets.parts.one_at_a_time import ONE_AT_A_TIME

HIDDEN = "height: 0; overflow: hidden; visibility: hidden"
NOTE = "Static preview. Run the cell to interact."


class Presence(Component):
    """Stands unseen in what a cell shows, and finds out whether the Python that made it is still there."""

    live = param.Boolean(default=False, doc="Python answers: what is live can be seen.")

    _esm = script("notebook/inline.js")

    def __init__(self, **params: Any) -> None:
        super().__init__(width=0, height=0, margin=0, **params)
        self.on_leave: Callable[[], Any] = lambda: None
        self._waiting: list[Waiting] = []
        self.on_msg(lambda event: self._hear(event.data))

    def _hear(self, said: str) -> None:
        if said == "hello":
            while self._waiting:
                self._waiting.pop().end()
            self.live = True

    def wait(self) -> None:
        """Keep what changes until the browser says that it is there."""
        self._waiting = [Waiting(ref) for ref in self._models if ref in cell_views()]

    def taken_away(self) -> None:
        """What it stands in is gone."""
        self.on_leave()

    def leave(self) -> None:
        """Let the still picture stand in its place from now on."""
        self.live = False
        for ref in list(self._models):
            forget(ref)


class Place(pn.Column):
    """What a cell shows; it hears the browser while nobody else changes what it shows."""

    def _on_msg(self, *said: Any) -> None:
        with ONE_AT_A_TIME:
            super()._on_msg(*said)


class Shown(pn.viewable.Viewer):
    """A part that a notebook shows by itself, with a picture that stays when Python is gone."""

    def still(self) -> str:
        """The picture, as HTML that asks for nothing; empty where there is none."""
        return ""

    def inline(self, presence: Presence) -> Any:
        """What is shown below a cell; `presence.on_leave` may say what to do when it is gone."""
        del presence
        return self.__panel__()

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> Any:
        load()
        presence = Presence()
        place = Place(presence, self.inline(presence), sizing_mode="stretch_width", margin=0)
        bundle = place._repr_mimebundle_(include, exclude)
        if isinstance(bundle, tuple) and EXEC_MIME in bundle[0]:
            bundle[0]["text/html"] = around(packed_html(bundle[0]["text/html"]), self.still())
            bundle[0]["text/plain"] = f"<{type(self).__name__}>"
            presence.wait()
        return bundle


def around(live: str, still: str) -> str:
    """The HTML of a cell's output: the picture, and unseen behind it what takes its place."""
    return f'<div data-session-explorer><div>{still}</div>\n<div style="{HIDDEN}">\n{live}\n</div></div>'

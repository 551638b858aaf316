"""What stands on the page while a large file is read for the first time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import param

from widgets.parts.component import Component, script, style
from widgets.parts.latest_task import Latest


class Loading(Component):
    """Says what is read and for how long; opens the page anew when it has been, or could not be."""

    file = param.String()
    done = param.Boolean(default=False)

    _esm = script("page/loading.js")
    _stylesheets = [style("page/loading.css")]

    def run(self, read: Callable[[], Any]) -> None:
        """Read in a thread."""
        finished: Latest[Any] = Latest(lambda _: self.param.update(done=True), lambda _: self.param.update(done=True))
        finished.run(read)

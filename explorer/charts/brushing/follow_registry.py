"""All charts that follow the brushes of one page, by their keys."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import holoviews as hv
from bokeh.models import CustomJS

from explorer.charts import theme
from explorer.charts.brushing.following import Follower
from explorer.charts.figure.moments import Moment
from explorer.charts.figure.plane import Picked
from explorer.charts.kinds.table import drawn_by
from explorer.crossfilter.measured import Followed
from explorer.crossfilter.selections.selection import Selection


class Followers:
    """Draws what it is given; `soon` changes models when that is safe, `announce` tells the browser of new charts."""

    def __init__(
        self, script: CustomJS, soon: Callable[[Callable[[], Any]], None], announce: Callable[[], None]
    ) -> None:
        self.shown: dict[str, Follower] = {}
        self._script, self._soon, self._announce = script, soon, announce
        self._color = theme.SELECTED
        self._shares = self._zoomed = False
        self._moments: tuple[Moment, ...] = ()

    def show(self, key: str, followed: Followed, selection: Selection, title: str, height: int) -> hv.Overlay | None:
        """Draw the numbers of a chart; its element where it is a new one, to be placed."""
        kind, known = drawn_by(followed), self.shown.get(key)
        if kind is None:
            return None
        if known is not None and known.kind is kind:
            follower = known

            def act() -> None:
                follower.resize(height)
                follower.show(followed, selection, self._color)

            self._soon(act)
            return None
        code = f"{self._script.code}\npicking(channel, readout, key, cb_obj);"
        callback = CustomJS(args={**self._script.args, "key": key}, code=code)
        self.shown[key] = new = Follower(key, kind, title, callback, height)
        new.shares, new.zoomed, new.moments = self._shares, self._zoomed, self._moments
        new.show(followed, selection, self._color)
        self._soon(self._announce)
        return new.element

    def drop(self, key: str) -> None:
        """Take a chart away."""
        if self.shown.pop(key, None) is not None:
            self._soon(self._announce)

    def share(self, shares: bool, zoomed: bool = False) -> None:
        """Draw all as shares, or as they are, `zoomed` to the selected."""
        self._shares, self._zoomed = shares, zoomed
        for follower in self.shown.values():
            follower.share(shares, zoomed)

    def annotate(self, moments: tuple[Moment, ...]) -> None:
        """Draw all with other notes on moments of time."""
        self._moments = moments
        for follower in self.shown.values():
            follower.annotate(moments)

    def paint(self, color: str) -> None:
        """Draw all in another colour."""
        self._color = color
        for follower in self.shown.values():
            follower.paint(color)

    def picked(self, request: Mapping[str, Any], selection: Selection) -> Selection:
        """The brushes after a click or a drag on one of the charts."""
        follower = self.shown.get(request["name"])
        if follower is None:
            return selection
        (x0, x1), (y0, y1) = ([float(end) for end in request[axis]] for axis in "xy")
        exact, clear = bool(request.get("exact")), bool(request.get("clear"))
        picked = Picked((x0, x1), (y0, y1), bool(request["adding"]), bool(request["drag"]), exact or clear)
        for name, brush in follower.picked(picked, selection).items():
            selection = selection.with_(name, None if clear else brush)
        return selection

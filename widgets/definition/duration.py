"""A length of time on a logarithmic slider, or typed."""

from __future__ import annotations

from bisect import bisect_left
from math import log
from typing import Any

import numpy as np
import numpy.typing as npt
import panel as pn
import param

from explorer.errors import SpecError
from explorer.spec.duration import Duration
from widgets.notebook.inline import Shown
from widgets.parts.component import Component, script, style

_STEPS = {
    "s": "1 2 3 5 10 15 20 30 45",
    "m": "1 2 3 4 5 6 7 8 10 12 15 20 25 30 35 40 45 50",
    "h": "1 1.25 1.5 2 2.5 3 4 5 6 8 9 10 12 15 18 20",
    "d": "1 1.5 2 3 4 5 6",
    "w": "1 1.5 2 3 4 5 6 7 8 9 10 12 13 16 20 24 26 32 39 45 52",
}
STEPS = [Duration.parse(number + unit) for unit, numbers in _STEPS.items() for number in numbers.split()]
MARKS = ("1s", "1m", "1h", "1d", "1w", "52w")


def nearest(length: Duration) -> int:
    """The place on the slider that is nearest to a length, by ratio."""
    at = bisect_left(STEPS, length)
    if at == 0 or at == len(STEPS):
        return min(at, len(STEPS) - 1)
    below, above = STEPS[at - 1], STEPS[at]
    return at if log(above.us / length.us) <= log(length.us / below.us) else at - 1


def gap_heights(gaps: npt.NDArray[np.int64]) -> list[float]:
    """How many of some gaps (microseconds, sorted) lie about each step: shares of the highest, per ratio.

    >>> max(gap_heights(np.sort(np.array([60_000_000] * 3 + [3_600_000_000]))))
    1.0
    """
    steps = np.array([step.us for step in STEPS], dtype=np.float64)
    inner = np.sqrt(steps[1:] * steps[:-1])
    bounds = np.concatenate([steps[:1], inner, steps[-1:]])
    counts = np.diff(np.searchsorted(gaps, bounds.astype(np.int64)))
    density = counts / np.diff(np.log(bounds))
    highest = density.max()
    return [round(float(height), 4) for height in density / highest] if highest else []


class DurationText(param.Parameter):
    """A duration's canonical text; any spelling can be assigned, and nonsense raises SpecError."""

    def __set__(self, obj: Any, val: Any) -> None:
        super().__set__(obj, str(Duration.parse(val)))


class DurationControl(Component):
    """What the browser shows: the slider, the field, the error and the caption."""

    shown = param.Dict(default={}, doc="text, position and error; `turn` differs at every answer.")
    steps = param.List(default=[str(step) for step in STEPS])
    marks = param.List(default=[(mark, nearest(Duration.parse(mark))) for mark in MARKS])
    label = param.String()
    caption = param.String()
    disabled = param.Boolean()
    heights = param.List(default=[])
    suggested = param.Integer(default=-1)

    _esm = script("definition/duration.js")
    _stylesheets = [style("definition/duration.css")]


class DurationSlider(Shown):
    """From one second to 52 weeks in human steps; typed lengths between the steps are kept exactly."""

    value: Any = DurationText(default="30m", doc="The length, as canonical text; fires on release and on Enter.")
    dragging: Any = DurationText(default="30m", doc="The length under the thumb; fires at every step.")
    caption = param.String(doc="A few words below, such as '3,605 sessions'.")
    label = param.String(default="Inactivity")
    disabled = param.Boolean(default=False)
    error = param.String(default="", doc="What is wrong, said beside the field.")
    heights = param.List(
        default=[], item_type=float, doc="Bars above the slider, one a step, from 0 to 1; none: no bars."
    )
    suggestion = param.String(default="", doc="A length that is marked above the slider; empty: none.")

    def __init__(self, **params: Any) -> None:
        super().__init__(**{"dragging": params.get("value", "30m"), **params})
        self._turn = 0
        self._control = DurationControl(
            label=self.param.label,
            caption=self.param.caption,
            disabled=self.param.disabled,
            heights=self.param.heights,
            suggested=pn.bind(lambda text: nearest(Duration.parse(text)) if text else -1, self.param.suggestion),
            sizing_mode="stretch_width",
            margin=0,
        )
        self._control.on_msg(lambda event: self.hear(event.data))
        self.param.watch(lambda _: self.param.update(error="", dragging=self.value), "value")
        self.param.watch(lambda *_: self._show(), ["value", "error"])
        self._show()

    def hear(self, message: dict[str, Any]) -> None:
        """Take what the browser says: a text typed or a place dragged to, still moving or done."""
        try:
            length = str(STEPS[message["step"]] if "step" in message else Duration.parse(message["text"]))
        except SpecError as error:
            self.error = str(error)
        else:
            if message.get("moving"):
                self.dragging = length
                return
            self.param.update(value=length, dragging=length, error="")
        self._show()

    def _show(self) -> None:
        self._turn += 1
        place = nearest(Duration.parse(self.value))
        self._control.shown = {"text": self.value, "position": place, "error": self.error, "turn": self._turn}

    def __panel__(self) -> DurationControl:
        return self._control

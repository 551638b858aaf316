"""What a change would do, before it is made: numbers, a small distribution, facts and examples."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

import panel as pn
import param

from widgets.parts.component import Component, script, style


@dataclass(frozen=True)
class Change:
    """One number after the change, and how far it is from what it was; `tone` is 'more', 'less' or ''."""

    label: str
    before: str
    after: str
    delta: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Bars:
    """A small distribution: (label, count) from left to right, and a few labels below."""

    label: str = ""
    counts: tuple[tuple[str, int], ...] = ()
    marks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sample:
    """Some rows as texts; `none` is said when there are none."""

    title: str = ""
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    none: str = ""


@dataclass(frozen=True)
class Shown:
    """All that a preview can show; what is empty takes no room. With an `error` the rest is faded."""

    sentence: str = ""
    numbers: tuple[Change, ...] = ()
    bars: Bars = field(default_factory=Bars)
    facts: tuple[tuple[str, str], ...] = ()
    sample: Sample = field(default_factory=Sample)
    error: str = ""


class PreviewPanel(Component):
    """What the browser shows."""

    shown = param.Dict(default={})
    busy = param.Boolean(default=False)

    _esm = script("parts/table.js", "definition/preview.js")
    _stylesheets = [style("parts/table.css", "definition/preview.css")]


class Preview(pn.viewable.Viewer):
    """Shows what a change would do."""

    value = param.ClassSelector(class_=Shown, default=Shown())
    busy = param.Boolean(default=False, doc="A newer answer is on its way.")

    def __init__(self, **params: Any) -> None:
        super().__init__(**params)
        self._panel = PreviewPanel(
            shown=pn.bind(asdict, self.param.value), busy=self.param.busy, sizing_mode="stretch_width", margin=0
        )

    def __panel__(self) -> PreviewPanel:
        return self._panel

"""The strip of key numbers above the charts."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import panel as pn
import param

from explorer.report.still import numbers_still
from widgets.notebook.inline import NOTE, Shown
from widgets.notebook.told import Told
from widgets.parts.component import Component, script, style


@dataclass(frozen=True)
class KeyNumber:
    """One number to read at a glance; all texts are ready to be shown."""

    label: str
    value: str
    sub: str = ""
    share: float | None = None
    help: str = ""
    spark: tuple[float | None, ...] = ()  # the number over time, from left to right


class KeyNumberStrip(Component):
    """What the browser shows."""

    numbers = param.List(default=[])
    busy = param.Boolean(default=False)

    _esm = script("sessions/key_numbers.js")
    _stylesheets = [style("sessions/key_numbers.css")]


class KeyNumbers(Shown):
    """Key numbers in one row, or in two columns where it is narrow."""

    value = param.List(default=[], item_type=KeyNumber, doc="From left to right.")
    loading = param.Boolean(default=False, doc="The numbers are on their way.")

    def __init__(self, **params: Any) -> None:
        super().__init__(**params)
        self._strip = KeyNumberStrip(
            numbers=pn.bind(_plain, self.param.value),
            busy=self.param.loading,
            sizing_mode="stretch_width",
            margin=0,
        )

    def __panel__(self) -> KeyNumberStrip:
        return self._strip

    def still_words(self) -> Told:
        """The numbers, one below the other."""
        return Told("Key numbers", [], ["", ""], [[each.label, each.value] for each in self.value])

    def still(self) -> str:
        """The numbers as a table."""
        values = [f"{each.value} ({each.sub})" if each.sub else each.value for each in self.value]
        return numbers_still([each.label for each in self.value], [values], NOTE)


def _plain(numbers: list[KeyNumber]) -> list[dict[str, Any]]:
    return [asdict(number) for number in numbers]

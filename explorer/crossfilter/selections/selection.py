"""What is highlighted now: one brush per dimension, and its text for the URL."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from explorer.crossfilter.selections.brushes import Brush, Range, Values, read_brush
from explorer.errors import SpecError, outside

__all__ = ["Brush", "Range", "Selection", "Values"]

_EXAMPLE = "duration:1m..10m;platform:ios|web;start:2024-03-04T00:00..2024-03-11T00:00"


@dataclass(frozen=True)
class Selection(Mapping[str, Brush]):
    """The brushes by dimension; they hold data values, so they outlive a change of bins.

    >>> Selection().with_("event_count", Range(2, 6)).to_text()
    'event_count:2..6'
    """

    brushes: tuple[tuple[str, Brush], ...] = ()

    def __getitem__(self, name: str) -> Brush:
        return dict(self.brushes)[name]

    def __iter__(self) -> Iterator[str]:
        return (name for name, _ in self.brushes)

    def __len__(self) -> int:
        return len(self.brushes)

    def __hash__(self) -> int:
        return hash(self.brushes)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Selection) and self.brushes == other.brushes

    def with_(self, name: str, brush: Brush | None) -> Selection:
        """The same selection with one brush set, or taken away by None."""
        kept = {other: standing for other, standing in self.brushes if other != name}
        if brush is not None:
            kept[name] = brush
        return Selection(tuple(sorted(kept.items(), key=lambda item: item[0])))

    def inverted(self, name: str) -> Selection:
        """The same selection with one brush turned around: it holds exactly the sessions that it did not.

        >>> Selection().with_("event_count", Range(2, 6)).inverted("event_count").to_text()
        'event_count:!2..6'
        """
        return self.with_(name, self[name].inverted())

    def to_text(self) -> str:
        """All brushes, exact to the microsecond; empty when nothing is selected."""
        return ";".join(f"{_escape(name)}:{brush.to_text()}" for name, brush in self.brushes)

    @classmethod
    def from_text(cls, text: str) -> Selection:
        """Read what `to_text` wrote; SpecError says which part is wrong.

        >>> Selection.from_text("duration:1m..10m")["duration"] == Range(60_000_000, 600_000_000, "duration")
        True
        """
        selection = Selection()
        with outside("This selection"):
            for part in filter(None, text.split(";")):
                name, colon, brush = part.partition(":")
                if not colon:
                    raise SpecError(f"'{part}' is not a selection. Write the likes of {_EXAMPLE}.")
                selection = selection.with_(unquote(name), read_brush(brush))
        return selection


def _escape(name: str) -> str:
    return re.sub("[%:;]", lambda found: f"%{ord(found[0]):02X}", name)

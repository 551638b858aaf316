"""What an address says, as texts that a browser can keep: the document, the brushes and what is shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hashlib import blake2s
from typing import Any, Self

from explorer.crossfilter.selections.selection import Selection
from explorer.errors import SpecError
from explorer.spec.analysis import Analysis
from explorer.state import Explorer


@dataclass(frozen=True)
class Kept:
    """An analysis as YAML, its brushes, the name of the session definition that is shown, and what is compared with."""

    yaml: str
    brush: str = ""
    show: str = ""
    against: str = ""

    @classmethod
    def of(cls, state: Explorer) -> Self:
        """What there is now."""
        against = state.against.to_text() if state.against else ""
        return cls(state.analysis.to_yaml(), state.selection.to_text(), state.session, against)

    @classmethod
    def read(cls, record: Mapping[str, Any]) -> Self | None:
        """What `record` wrote, or None: anything may stand in a browser."""
        texts = [record.get(name, "") for name in ("yaml", "brush", "show", "against")]
        return cls(*texts) if texts[0] and all(isinstance(text, str) for text in texts) else None

    @property
    def mark(self) -> str:
        """A short name that no other content has."""
        return blake2s("\0".join((self.yaml, self.brush, self.show, self.against)).encode(), digest_size=6).hexdigest()

    def record(self) -> dict[str, str]:
        """Texts by name, for the browser to keep."""
        return asdict(self) | {"mark": self.mark}

    def state(self, source: str | None) -> dict[str, Any]:
        """The state of an explorer of `source`, by the names of its parameters; raises SpecError."""
        analysis = Analysis.from_yaml(self.yaml).replace(source=source)
        selection = Selection.from_text(self.brush)
        session = analysis.session(self.show).name if self.show else analysis.sessions[0].name
        against = Selection.from_text(self.against) or None
        return {"analysis": analysis, "session": session, "selection": selection, "against": against}

    def restore(self, state: Explorer) -> None:
        """Put it into the state, as one change; raises SpecError and changes nothing where it cannot be read."""
        state.param.update(**self.state(state.analysis.source))


def not_kept() -> SpecError:
    """Why an address that stands for a kept analysis opened nothing."""
    return SpecError(
        "This address stands for an analysis that is too long for a link, and this browser does not keep it. "
        "Open it from a saved file."
    )

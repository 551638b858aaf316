"""What the events of a session are called, as a small code each."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from explorer.engine.local.event_names import EMPTY, KINDS, OTHER, names
from explorer.engine.microscope.session_place import Found, rows_of

__all__ = ["EMPTY", "KINDS", "OTHER", "Codes", "codes_of", "names"]

Codes = npt.NDArray[np.uint8]


def codes_of(found: Found, places: range) -> Codes | None:
    """The codes of some events of the view; None where events have no name."""
    known = names(found.sessions)
    return None if known is None else known.codes.gather(rows_of(found.view, places)).to_numpy()

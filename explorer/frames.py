"""Sessions of a data frame as a verb on it: `frame.sessions.cut(...)`, `frame.sessions.explore(...)`."""

import sys
from typing import Any

import polars as pl

from explorer.engine.connect import connect
from explorer.spec.session import SessionDefinition


class Sessions:
    """The sessions of a frame of events, of Polars or of pandas. `roles` are those of `explorer.connect`.

    >>> from datetime import datetime
    >>> import polars as pl
    >>> import explorer
    >>> frame = pl.DataFrame({"user": ["ann", "ann"], "ts": [datetime(2024, 3, 1, 9), datetime(2024, 3, 1, 11)]})
    >>> frame.sessions.cut("30m", actor="user", time="ts").height
    2
    """

    def __init__(self, frame: Any) -> None:
        self._frame = frame

    def cut(self, definition: SessionDefinition | str, **roles: Any) -> pl.DataFrame:
        """All sessions, one row each, by a definition or only by an inactivity such as `30m`."""
        if not isinstance(definition, SessionDefinition):
            definition = SessionDefinition("session", definition)
        return connect(self._frame, **roles).sessions(definition)

    def explore(self, **roles: Any) -> Any:
        """The explorer of this frame, which shows itself in a notebook."""
        from widgets import SessionExplorer

        return SessionExplorer(self._frame, **roles)


def register() -> None:
    """Give frames the verb: those of Polars, and those of pandas where it has been imported before."""
    pl.api.register_dataframe_namespace("sessions")(Sessions)
    if "pandas" in sys.modules:
        register_for_pandas()


def register_for_pandas() -> None:
    """Give frames of pandas the verb, also where it was imported later."""
    import pandas as pd

    if not hasattr(pd.DataFrame, "sessions"):
        pd.api.extensions.register_dataframe_accessor("sessions")(Sessions)

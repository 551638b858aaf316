"""The old place of the engine that runs on a database; kept for one release."""

from typing import Any
from warnings import warn

MOVED = "explorer.engine.sql.remote_engine"


def __getattr__(name: str) -> Any:
    from explorer.engine.sql import remote_engine

    found = getattr(remote_engine, name)
    warn(f"explorer.engine.remote is {MOVED} now; this name goes with the next release.", DeprecationWarning, 2)
    return found

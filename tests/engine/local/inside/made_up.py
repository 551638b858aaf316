"""A few sessions whose steps are known."""

from __future__ import annotations

import polars as pl

from explorer.spec.session import SessionDefinition

VISIT = SessionDefinition("visit", "30m")
EVENTS = {"u1": ["login", "view", "view", "buy", "view"], "u2": ["view", "login"], "u3": ["login", "login", "view"]}
FRAME = pl.DataFrame(
    [
        {"user": user, "ts": 1_700_000_000 + 60 * at, "event": event, "n": at, "note": None}
        for user, events in EVENTS.items()
        for at, event in enumerate(events)
    ],
    schema_overrides={"note": pl.String},
)

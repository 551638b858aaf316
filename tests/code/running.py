"""Runs the code that is given out, and holds its sessions against the engine's."""

from __future__ import annotations

from typing import Any

import polars as pl
from polars.testing import assert_frame_equal

from explorer.engine.local.engine import LocalEngine
from explorer.spec.session import SessionDefinition

TEXTS = ("started_by", "cut_off")


def run(code: str, **known: Any) -> dict[str, Any]:
    """What a script has made at its end; `known` is there at its beginning."""
    names: dict[str, Any] = {"__name__": "__main__", **known}
    exec(compile(code, "<code>", "exec"), names)
    return names


def check(engine: LocalEngine, definition: SessionDefinition, found: dict[str, Any]) -> None:
    """The same sessions, durations, event counts, metrics and actors as the engine's; floats up to their last bits."""
    same(engine.sessions(definition), found["sessions"])
    same(engine.actors(definition), found["actors"])


def same(wanted: pl.DataFrame, found: pl.DataFrame) -> None:
    """Equal up to what says the same in another type."""
    assert found.columns == wanted.columns
    assert_frame_equal(plain(found), plain(wanted), rel_tol=1e-12, abs_tol=0, check_dtypes=False)


def plain(frame: pl.DataFrame) -> pl.DataFrame:
    """Words as texts."""
    words = [name for name, dtype in frame.schema.items() if isinstance(dtype, pl.Enum | pl.Categorical)]
    return frame.with_columns(pl.col(words).cast(pl.String))

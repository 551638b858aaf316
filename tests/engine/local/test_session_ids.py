"""Ids of sessions: put together from texts that are there, they are those that are written one by one."""

from __future__ import annotations

import polars as pl
from hypothesis import given
from polars.testing import assert_frame_equal

import explorer
from explorer.engine.local.cut import frames
from tests.examples import examples
from tests.factories import connect
from tests.strategies import Log, definitions, logs


@examples(60)
@given(logs(), definitions())
def test_ids_of_known_texts_are_those_written_one_by_one(log: Log, definition: explorer.SessionDefinition) -> None:
    engine = connect(log)
    sessions = engine.session_table(definition.replace(keep=None, metrics=(), actor_metrics=()))
    table = sessions.cut
    split = sessions.split(table)
    data = sessions.events.data
    written = frames.session_frame(data, table, split)
    assert_frame_equal(frames.session_frame(data, table, split, sessions.events.actor_ids), written)


def test_two_columns_of_the_actor_do_not_share_an_id() -> None:
    frame = pl.DataFrame(
        {
            "a": ["x/y", "x", "x/y", "x", "x\\", "x\\"],
            "b": ["z", "y/z", "z", "y/z", "/z", "/z"],
            "ts": ["2024-01-01 10:00", "2024-01-01 10:00", "2024-01-02 10:00", "2024-01-02 10:00"] * 1
            + ["2024-01-01 10:00", "2024-01-02 10:00"],
        }
    )
    sessions = explorer.connect(frame, actor=["a", "b"], time="ts").sessions(explorer.SessionDefinition("visit", "1h"))
    assert sorted(sessions["session_id"]) == [
        r"x/y\/z/1", r"x/y\/z/2", r"x\/y/z/1", r"x\/y/z/2", r"x\\/\/z/1", r"x\\/\/z/2",
    ]  # fmt: skip

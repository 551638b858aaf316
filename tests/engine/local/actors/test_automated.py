"""Actors that look automated: those that say so, those that come like a clock, and nobody else."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

import explorer
from explorer.engine.local.actors.automated import automated
from explorer.engine.local.editors.automated_actors import automated_actors

SAMPLES = Path(__file__).parents[4] / "sample_data"
VISIT = explorer.SessionDefinition("visit", "30m")
BEGIN = datetime(2024, 3, 1)
BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0"


def rows(who: str, agent: str, seconds: list[float], event: str = "view") -> list[tuple[str, datetime, str, str]]:
    """Events of one actor at these seconds after the beginning."""
    return [(who, BEGIN + timedelta(seconds=at), event, agent) for at in seconds]


def found(events: list[tuple[str, datetime, str, str]], visit: explorer.SessionDefinition = VISIT):
    frame = pl.DataFrame(events, schema=["user", "ts", "event", "agent"], orient="row")
    log = explorer.connect(frame, actor="user", time="ts", event="event")
    return automated(log.session_table(visit))


PEOPLE = [row for at in range(20) for row in rows(f"u{at}", BROWSER, [at * 40.0, at * 40 + 7 * at, at * 41 + 900])]


def test_programs_say_what_they_are():
    events = [*PEOPLE, *rows("a", "curl/8.1", [1, 90, 700]), *rows("b", "Mozilla/5.0 (compatible; AcornBot/1.0)", [5])]
    (one,) = found(events)
    assert (one.actors, one.events, one.column) == (2, 4, "agent")
    assert one.values == ("curl/8.1", "Mozilla/5.0 (compatible; AcornBot/1.0)")
    assert one.selection is not None
    assert one.selection.to_text() == "first agent:Mozilla/5.0 (compatible%3B AcornBot/1.0)|curl/8.1" or [
        name for name, _ in one.selection.items()
    ] == ["first agent"]


def test_a_clock_is_noticed_whatever_it_is_called():
    clock = rows("c", BROWSER, [300.0 * at for at in range(80)])
    (one,) = found([*PEOPLE, *clock])
    assert (one.actors, one.events, one.column) == (1, 80, "")
    assert dict(one.selection.items())["user"].values == {"c"}
    assert found([*PEOPLE, *clock[:40]]) == ()
    hasty = rows("h", BROWSER, [float(at**2 % 977) + 60 * at for at in range(80)])
    assert found([*PEOPLE, *hasty]) == ()


def test_heartbeats_make_nobody_automated():
    beats = [
        row
        for at in range(12)
        for row in (
            *rows(f"p{at}", BROWSER, [15.0 * beat for beat in range(200)], "heartbeat"),
            *rows(f"p{at}", BROWSER, [7.0, 111.0 + 10 * at]),
        )
    ]
    more = [row for at in range(600) for row in rows(f"v{at}", BROWSER, [at * 40.0, at * 40 + 7 * at % 900, at * 41])]
    assert found([*PEOPLE, *more, *beats]) == ()
    events = [(who, ts, "tick" if at % 2 else "tock", agent) for at, (who, ts, _, agent) in enumerate(beats)]
    assert sum(one.actors for one in found([*PEOPLE, *more, *events[:200]])) == 1


def test_those_that_a_definition_leaves_out_are_not_counted():
    events = [*PEOPLE, *rows("a", "curl/8.1", [1, 90, 700])]
    assert found(events, VISIT.replace(where="agent != 'curl/8.1'")) == ()


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("shop.csv.gz", ["3 actors look automated"]),
        ("access.log.gz", ["3 actors look automated", "1 actor looks automated"]),
    ],
)
def test_the_bots_of_the_samples_are_found(file: str, said: list[str]):
    log = explorer.connect(SAMPLES / file)
    mends = list(automated_actors(log.event_table, [VISIT]))
    assert [mend.sentence.partition(" (")[0] for mend in mends] == said
    assert all(mend.action == "Look at them" and mend.selection for mend in mends)
    assert list(automated_actors(explorer.connect(PEOPLE_FRAME, actor="user", time="ts").event_table, [VISIT])) == []


PEOPLE_FRAME = pl.DataFrame(PEOPLE, schema=["user", "ts", "event", "agent"], orient="row")

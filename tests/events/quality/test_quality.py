"""What is said about the rows: what is left out, what is odd, and that nothing goes in gap."""

from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given

import explorer
from explorer.engine.shared import connect_once
from explorer.errors import SourceError
from explorer.events.load import load
from explorer.events.oddities import quality_report
from explorer.events.quality.quality import granularity
from explorer.spec.columns import Columns
from explorer.spec.session import SessionDefinition
from tests import oracle
from tests.strategies import Log, logs

TEN = datetime(2024, 3, 1, 10)
VISIT = SessionDefinition(name="visit", inactivity="30m")


def at(*minutes: float | None) -> list[datetime | None]:
    return [None if m is None else TEN + timedelta(minutes=m) for m in minutes]


FRAME = pl.DataFrame(
    {
        "user": ["b", "a", "a", "a", "b", "c", None, "a"],
        "ts": at(5, 0, 0, 0, 4, 3, 1, None),
        "event": ["x", "x", "x", "y", "x", "x", "x", "x"],
    }
)


def test_what_is_odd_is_counted():
    quality = quality_report(load(FRAME))
    assert (quality.rows, quality.events, quality.no_actor, quality.no_time, quality.left_out) == (8, 6, 1, 1, 2)
    assert (quality.ties, quality.duplicates, quality.disorder, quality.one_event_actors) == (3, 1, 2, 1)
    assert (quality.granularity, quality.zone, quality.future) == ("minute", "no time zone", 0)
    assert (quality.first, quality.last) == (oracle.microseconds(TEN), oracle.microseconds(TEN + timedelta(minutes=5)))
    assert quality.remarks(Columns("user", "ts")) == [
        "Times have a precision of one minute, no time zone.",
        "3 events share user and ts with another.",
        "1 event repeats an earlier one in every column.",
        "2 events are earlier than the one before in the source.",
        "1 actor has one event only.",
    ]


def test_duplicates_are_dropped_only_when_that_is_asked_for():
    kept, dropped = explorer.connect(FRAME), explorer.connect(FRAME, drop_duplicates=True)
    assert (kept.quality.events, dropped.quality.events) == (6, 5)
    quality = dropped.quality
    assert (quality.duplicates, quality.dropped, quality.left_out, quality.ties) == (1, 1, 3, 2)
    assert quality.sentence(dropped.columns) == (
        "1 row has no user and 1 row has no readable ts and 1 row repeats an earlier one in every column. "
        "They are left out."
    )
    assert dropped.sessions(VISIT)["event_count"].to_list() == [2, 2, 1]
    assert kept.sessions(VISIT)["event_count"].to_list() == [3, 2, 1]


def test_what_differs_in_any_column_is_no_duplicate():
    nan = pl.DataFrame({"user": ["a"] * 3, "ts": at(0, 0, 0), "amount": [float("nan"), None, 0.0]})
    assert explorer.connect(nan, drop_duplicates=True).quality.duplicates == 1  # NaN is null
    parts = nan.with_columns(pl.Series("tags", [["x"], ["y"], ["z"]]))
    assert explorer.connect(parts, drop_duplicates=True).quality.duplicates == 0


UNITS = [
    ("day", [0, 86_400_000_000]),
    ("hour", [3_600_000_000, 0]),
    ("minute", [-60_000_000, 3_600_000_000]),
    ("second", [1_000_000, 60_000_000]),
    ("millisecond", [1_000, 1_000_000]),
    ("microsecond", [1, 0]),
    ("microsecond", [0] * 2_000 + [1]),
]


@pytest.mark.parametrize(("unit", "times"), UNITS, ids=[unit for unit, _ in UNITS])
def test_the_granularity_is_the_coarsest_unit(unit: str, times: list[int]):
    assert granularity(pl.Series(times)) == unit


def test_the_future_is_later_than_any_clock():
    now = datetime.now().astimezone().replace(tzinfo=None)
    times = [now - timedelta(hours=1), now + timedelta(days=2), now + timedelta(days=3)]
    assert explorer.connect(pl.DataFrame({"user": ["a"] * 3, "ts": times})).quality.future == 2


def test_aware_times_are_utc():
    frame = pl.DataFrame({"user": ["a"], "ts": ["2024-03-01T10:00:00+02:00"]})
    assert explorer.connect(frame).quality.zone == "UTC"


@given(logs())
def test_counts_are_those_of_a_loop(log: Log):
    columns = log.columns
    quality = quality_report(
        load(log.frame.drop("row"), list(columns.actor), columns.time, columns.event, columns.order)
    )
    events = [
        (tuple(row[name] for name in columns.actor), oracle.microseconds(row[columns.time]), repr(sorted(row.items())))
        for row in log.rows
        if None not in [row[name] for name in (*columns.actor, columns.time)]
    ]
    keys = [key[:2] for key in events]
    actors = [key[0] for key in events]
    times = [key[1] for key in events]
    assert quality.ties == sum(keys.count(key) > 1 for key in keys)
    assert quality.one_event_actors == sum(actors.count(actor) == 1 for actor in actors)
    assert quality.disorder == sum(one > other for one, other in pairwise(times))
    assert (quality.first, quality.last) == (min(times), max(times))
    assert quality.duplicates == len(events) - len({text.replace("nan", "None") for _, _, text in events})


def test_how_a_source_is_read_is_told_by_its_columns(tmp_path: Path):
    path = tmp_path / "events.csv"
    FRAME.with_columns(ts=pl.col("ts").dt.epoch("ms")).write_csv(path)
    plain = explorer.connect(path)
    read = explorer.connect(path, unit="microseconds", drop_duplicates=True)
    assert (read.columns.unit, read.columns.drop_duplicates) == ("microseconds", True)
    assert (plain.columns.unit, plain.columns.drop_duplicates) == (None, False)
    assert plain.under(read.columns).quality == read.quality
    assert read.under(plain.columns).quality == plain.quality
    assert read.quality.unit == "microseconds"
    assert connect_once(path, **plain.columns.plain()) is not connect_once(path, **read.columns.plain())


def test_what_sorts_no_events_reads_none_again():
    engine = explorer.connect(FRAME.with_columns(pl.col("ts").dt.replace_time_zone("UTC")))
    berlin = engine.under(engine.columns.replace(time_zone="Europe/Berlin", event="event"))
    assert berlin.event_table.frame is engine.event_table.frame
    assert berlin.count("ts >= '2024-03-01 11:00'") == 6
    assert engine.count("ts >= '2024-03-01 11:00'") == 0
    with pytest.raises(SourceError, match=r"columns\.event: There is no column 'evnt'"):
        engine.under(engine.columns.replace(event="evnt"))

"""Kinds that stand beside the common ones: what comes out, and what is said where nobody can know."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

import explorer
from explorer.engine.local.engine import LocalEngine
from explorer.errors import SourceError

TEN = datetime(2024, 3, 1, 10)


def opened(folder: Path, content: str | bytes, name: str = "events.csv") -> LocalEngine:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return explorer.connect(path)


def rows(*times: str) -> str:
    return "\n".join(["user,ts,event", *(f"u{at},{text},e{at}" for at, text in enumerate(times))])


def times(log: LocalEngine) -> list[datetime]:
    return log.event_table.frame[log.columns.time].dt.replace_time_zone(None).to_list()


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("240301100000", "240301101500"),  # once the year 1977
        ("2403011000", "2403011015"),
        ("240301 100000", "240301 101500"),
        ("01MAR2024:10:00:00", "01MAR2024:10:15:00"),
        ("01MAR24:10:00:00.000", "01MAR24:10:15:00.000"),
        ("2024-061T10:00:00", "2024-061T10:15:00"),
        ("2024061T10:00:00", "2024061T10:15:00"),
    ],
)
def test_more_forms_of_times(tmp_path: Path, first: str, second: str):
    assert times(opened(tmp_path, rows(first, second))) == [TEN, TEN + timedelta(minutes=15)]


def test_numbers_that_are_no_days_stay_what_they_were(tmp_path: Path):
    log = opened(tmp_path, rows("1709287200", "1709287260"))
    assert times(log)[0] == TEN
    assert log.quality.unit == "seconds"
    frame = pl.DataFrame({"user": ["a", "b"], "ts": [240301100000, 240301101500]})
    assert times(explorer.connect(frame))[0] == TEN


def test_names_that_an_export_adds_for_types(tmp_path: Path):
    records = [
        {"user": {"$oid": f"65e{at}"}, "ts": {"$date": {"$numberLong": str(1_709_287_200_000 + at)}}} for at in range(3)
    ]
    log = opened(tmp_path, "\n".join(map(json.dumps, records)), "events.json")
    assert (log.columns.actor_name, log.columns.time) == ("user.$oid", "ts.$date.$numberLong")
    assert times(log)[0] == TEN


def doubts(log: LocalEngine) -> list[str]:
    return log.quality_report().doubts(log.columns)


def test_years_of_another_calendar_are_asked_about(tmp_path: Path):
    log = opened(tmp_path, rows("1402/12/11 10:00", "1402/12/11 10:05"))
    assert doubts(log) == ["All times lie before 1403. Is another column, unit or calendar meant?"]
    assert doubts(opened(tmp_path, rows("2024-03-01 10:00"))) == []


def test_a_column_of_zones_that_is_not_used_is_named(tmp_path: Path):
    text = "user,ts,tz\na,2024-03-01 10:00,+01:00\nb,2024-03-01 10:00,-05:00\n"
    said = "tz tells a zone for each time and is not used: times are taken as they are."
    assert doubts(opened(tmp_path, text)) == [said]
    assert doubts(opened(tmp_path, text.replace("-05", "+01"))) == []


def test_actors_that_differ_in_blanks_only_are_counted(tmp_path: Path):
    actors = ("a", " a", "\u200ba", "b", "c c")
    text = "\n".join(["user,ts", *(f"{actor},2024-03-01 10:0{at}" for at, actor in enumerate(actors))])
    assert doubts(opened(tmp_path, text)) == ["2 actors differ from another only in blanks around the user."]


def test_decimals_that_are_not_exact_are_said():
    ids = pl.DataFrame({"user": [2.0**53, 2.0**53 + 2], "ts": [TEN, TEN]})
    assert "different ids may have become the same" in doubts(explorer.connect(ids))[0]
    assert doubts(explorer.connect(ids.with_columns(user=pl.Series([1.0, 2.0])))) == []
    coarse = pl.DataFrame({"user": ["a", "b"], "ts": pl.Series([1_709_287_200.0, 1_709_287_260.0], dtype=pl.Float32)})
    assert "exact to 7 digits only" in explorer.connect(coarse).quality.said[0]


def test_a_list_of_records_that_ends_in_the_middle_of_one_keeps_the_others(tmp_path: Path):
    text = json.dumps([{"user": f"u{at}", "ts": f"2024-03-01T10:0{at}:00Z"} for at in range(4)])
    log = opened(tmp_path, text[:-20], "events.json")
    assert log.quality.events == 3
    assert any("where the text ends" in one.sentence for one in log.quality.how_read)


def test_what_is_packed_twice_says_so(tmp_path: Path):
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("events.csv", rows("2024-03-01 10:00"))
    with pytest.raises(SourceError, match="packed twice"):
        opened(tmp_path, gzip.compress(inner.getvalue()), "events.gz")


def test_a_header_of_the_first_columns_only(tmp_path: Path):
    log = opened(tmp_path, "user,ts\na,2024-03-01 10:00,x,1\nb,2024-03-01 10:01,y,2\n")
    assert list(log.schema) == ["user", "ts", "column_3", "column_4"]
    assert "Columns without a name: the last 2, called column_3 ...." in [one.sentence for one in log.quality.how_read]


@pytest.mark.parametrize(
    "text",
    [
        "user ts event\na 2024-03-01T10:00:00 x\nbob 2024-03-01T10:15:00 y\n",
        "user   ts                   event\na      2024-03-01T10:00:00  x\nbob    2024-03-01T10:15:00  y\n",
    ],
)
def test_columns_between_blanks(tmp_path: Path, text: str):
    log = opened(tmp_path, text, "events.txt")
    assert (list(log.schema), times(log)[1]) == (["user", "ts", "event"], TEN + timedelta(minutes=15))


def test_sentences_are_no_columns(tmp_path: Path):
    with pytest.raises(SourceError):
        opened(tmp_path, "the quick brown fox\njumps over lazy dogs\nat 10 in March\n", "notes.txt")


def test_zones_by_name_are_read_where_they_mean_one_thing(tmp_path: Path):
    log = opened(tmp_path, rows("2024-03-01 10:00:00 CET", "2024-07-01 10:00:00 CEST"))
    assert log.event_table.frame["ts"].to_list() == [
        datetime(2024, 3, 1, 9, tzinfo=UTC),
        datetime(2024, 7, 1, 8, tzinfo=UTC),
    ]

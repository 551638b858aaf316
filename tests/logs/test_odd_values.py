"""Words for nobody, ids, retries and wrong clocks: counted, said, and mended by one click or one field."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import explorer
from explorer.cli import main
from explorer.code.polars import polars_code
from explorer.engine.local.editors.repairs import mends
from explorer.engine.local.engine import LocalEngine
from explorer.events.quality.edges import edges
from explorer.events.quality.repeated_ids import repeated_ids
from explorer.events.store import out_of_core
from explorer.spec.session import SessionDefinition
from tests import oracle
from tests.code.running import check, run

TEN = datetime(2024, 3, 1, 10)
VISIT = SessionDefinition("visit", "30m")
IDS = ["007", "7", "1.10", "1.1", "12e4", "120000", "1000000001.1709287201", "99999999999999999999"]


def at(*minutes: float) -> list[datetime]:
    return [TEN + timedelta(minutes=one) for one in minutes]


@pytest.mark.parametrize("quoted", ["necessary", "always"])
def test_ids_are_the_texts_that_stand_there(tmp_path: Path, quoted: str) -> None:
    frame = pl.DataFrame({"user_id": IDS, "ts": at(*range(len(IDS))), "event": IDS, "session_id": IDS})
    path = tmp_path / "log.csv"
    frame.write_csv(path, quote_style=quoted)
    engine = explorer.connect(path)
    assert sorted(engine.actors(VISIT)["user_id"]) == sorted(IDS)
    events = engine.events(VISIT).sort("ts")
    assert events["event"].to_list() == IDS
    assert engine.schema["session_id"] == pl.String
    check(engine, VISIT, run(polars_code(engine, VISIT)))


def test_a_column_is_said_to_be_text(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text("user,ts,zip\na,2024-03-01 10:00,90210\na,2024-03-01 10:01,90211\n")
    assert explorer.connect(path).schema["zip"] == pl.Int64
    engine = explorer.connect(path, types={"zip": "text"})
    assert engine.count("zip = '90210'") == 1
    check(engine, VISIT, run(polars_code(engine, VISIT)))


def test_float_ids_of_a_frame_are_whole_numbers() -> None:
    frame = pl.DataFrame({"user_id": [1.0, None, 2.0, float("nan")], "ts": at(0, 1, 2, 3)})
    engine = explorer.connect(frame)
    assert engine.sessions(VISIT)["session_id"].to_list() == ["1/1", "2/1"]
    assert engine.quality.no_actor == 2
    check(engine, VISIT, run(polars_code(engine, VISIT), events=frame))


@pytest.mark.parametrize("word", ["NULL", "null", "\\N", "None", "NA", "N/A", "(not set)", "nan", " ", "anonymous"])
def test_words_for_nobody_are_said_and_mended(tmp_path: Path, word: str) -> None:
    path = tmp_path / "log.csv"
    frame = pl.DataFrame({"user": [word] * 94 + list("abcdef"), "ts": at(*range(100))})
    frame.write_csv(path, quote_style="always")
    engine = explorer.connect(path, actor="user", time="ts")
    assert engine.quality.no_actor == 0
    (mend,) = (one for one in mends(engine.event_table, engine.quality_report()) if one.key == f"nobody {word}")
    assert mend.sentence == f"94 % of events have the user '{word}'."
    read = engine.under(mend.columns or engine.columns)
    assert (read.quality.events, read.quality.no_actor) == (6, 94)
    (back,) = (one for one in mends(read.event_table, read.quality_report()) if one.key == f"nobody {word}")
    assert back.columns == engine.columns
    assert explorer.connect(path, actor="user", time="ts", null_values=[word]).quality.no_actor == 94
    check(read, VISIT, run(polars_code(read, VISIT)))


def test_an_all_zero_uuid_is_nobody_and_empty_texts_are_null(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text(
        'user,ts\n"",2024-03-01 10:00\n,2024-03-01 10:01\n00000000-0000-0000-0000-000000000000,2024-03-01\n'
    )
    engine = explorer.connect(path)
    assert engine.quality.no_actor == 2
    assert "nobody 00000000-0000-0000-0000-000000000000" in [
        one.key for one in mends(engine.event_table, engine.quality_report())
    ]


def test_an_actor_with_an_outrageous_share_is_mentioned() -> None:
    engine = explorer.connect(pl.DataFrame({"user": ["bot"] * 60 + list("abcdefgh") * 5, "ts": at(*range(100))}))
    assert "60 % of events have the user 'bot'." in engine.quality_report().remarks(engine.columns)


# ---- retries


def retries() -> pl.DataFrame:
    return pl.DataFrame(
        {
            "user": ["a", "a", "b", "a", "c", "a"],
            "ts": at(0, 1, 2, 3, 4, 5),
            "event_id": ["1", "2", "3", "2", "3", None],
            "n": range(6),
        }
    )


def test_repeated_ids_are_offered_and_left_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    engine = explorer.connect(retries())
    assert engine.quality_report().repeated_ids == 2
    (mend,) = (one for one in mends(engine.event_table, engine.quality_report()) if one.key == "ids")
    once = engine.under(mend.columns or engine.columns)
    assert once.columns.unique_by == ("event_id",)
    assert once.events(VISIT)["n"].to_list() == [0, 1, 5, 2]
    assert (once.quality.events, once.quality.left_out) == (4, 2)
    assert once.actors(VISIT)["user"].to_list() == ["a", "b"]
    path = tmp_path / "log.csv"
    retries().write_csv(path)
    assert main(["inspect", str(path), "--unique-by", "event_id"]) == 0
    assert "2 rows repeat an earlier event_id" in capsys.readouterr().err


def test_repeated_ids_are_left_out_of_sources_larger_than_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "log.parquet"
    retries().write_parquet(path)
    monkeypatch.setenv("SESSION_EXPLORER_CACHE", "")
    fresh = explorer.connect(path, unique_by="event_id")
    monkeypatch.setenv("SESSION_EXPLORER_MEMORY", "1")
    monkeypatch.setattr(out_of_core, "AT_ONCE", 3)
    mapped = explorer.connect(path, unique_by="event_id")
    assert mapped.quality.said[-1].startswith("kept on disk")
    assert fresh.events(VISIT).equals(mapped.events(VISIT))
    assert fresh.actors(VISIT).equals(mapped.actors(VISIT))
    assert mapped.quality.left_out == 2


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.one_of(st.none(), st.integers(0, 4))), min_size=1, max_size=12))
def test_repeats_are_those_of_a_loop(rows: list[tuple[int, int | None]]) -> None:
    times, ids = [time for time, _ in rows], [one for _, one in rows]
    found = repeated_ids(pl.DataFrame({"id": pl.Series(ids, dtype=pl.Int64)}), pl.Series(times), ("id",), at_once=3)
    places = sorted(range(len(rows)), key=lambda place: (times[place], place))
    seen: set[int] = set()
    again = {place for place in places if ids[place] in seen or seen.add(ids[place])}  # type: ignore[func-returns-value,arg-type]
    assert found.to_list() == [place in again and ids[place] is not None for place in range(len(rows))]


# ---- wrong clocks


def clocks(*odd: datetime) -> LocalEngine:
    times = at(*range(0, 2_000, 10))
    return explorer.connect(pl.DataFrame({"user": ["a"] * len(times) + ["b"] * len(odd), "ts": [*times, *odd]}))


@pytest.mark.parametrize("odd", [datetime(1970, 1, 1), datetime(1980, 1, 6), datetime(2031, 1, 1)])
def test_one_wrong_clock_takes_no_flag_from_the_others(odd: datetime) -> None:
    plain, engine = clocks(), clocks(odd)
    flags = plain.sessions(VISIT)["cut_off"].to_list()
    assert flags == ["both"]
    assert engine.sessions(VISIT)["cut_off"].to_list() == [*flags, None]
    check(engine, VISIT, run(polars_code(engine, VISIT), events=engine.source))
    report = engine.quality_report()
    assert report.wrong_clocks == 1
    key = "future" if odd.year > 2026 else "clocks"
    (mend,) = (one for one in mends(engine.event_table, report) if one.key == key)
    left = VISIT.replace(where=mend.where)
    assert engine.sessions(left)["cut_off"].to_list() == flags


@settings(deadline=None)
@given(st.lists(st.integers(0, 400), min_size=1, max_size=9))
def test_the_edges_are_those_of_the_oracle(times: list[int]) -> None:
    found = edges(pl.Series(times))
    assert (found.first, found.last) == oracle._edges(times)


@pytest.mark.parametrize("kind", ["ndjson", "json"])
def test_ids_that_are_numbers_in_json_stay_as_they_are_written(tmp_path: Path, kind: str) -> None:
    ids = ["1.10", "1.1", "12e4", "120000", "1000000001.1709287201", "99999999999999999999", "7", '"007"']
    lines = [f'{{"user": {one}, "ts": "2024-03-01T10:0{at}:00Z", "n": 1.50}}' for at, one in enumerate(ids)]
    path = tmp_path / f"log.{kind}"
    path.write_text("\n".join(lines) if kind == "ndjson" else f"[{','.join(lines)}]")
    engine = explorer.connect(path)
    assert sorted(engine.actors(VISIT)["user"]) == sorted(one.strip('"') for one in ids)
    assert engine.schema["n"] == pl.Float64


def test_words_for_nothing_leave_numbers(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text("user,ts,amount,zip\na,2024-03-01 10:00,1.5,\\N\nb,2024-03-01 10:01,\\N,0501\n")
    engine = explorer.connect(path, null_values=["\\N"])
    assert (engine.schema["amount"], engine.schema["zip"]) == (pl.Float64, pl.String)
    assert engine.count("amount > 1") == 1
    check(engine, VISIT, run(polars_code(engine, VISIT)))

"""Every command reads the same data the same way."""

from pathlib import Path

import polars as pl
import pytest

from explorer import cli
from explorer.cli import main

DOCUMENT = """
columns: {actor: who, time: at, event: what, time_zone: Europe/Berlin}
sessions:
- {name: long, inactivity: 2h}
- {name: short, inactivity: 5m}
"""


@pytest.fixture
def events(tmp_path: Path) -> Path:
    path = tmp_path / "events.csv"
    path.write_text("who,at,what\na,2024-07-01T10:00:00Z,x\na,2024-07-01T11:00:00Z,x\n")
    (tmp_path / "events.yaml").write_text(DOCUMENT)
    return path


def test_an_analysis_beside_the_data_is_used_by_all(events: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["inspect", str(events)]) == 0
    said = capsys.readouterr()
    assert "at most 2h apart" in said.out
    assert "from 1 Jul 2024 12:00:00 to 1 Jul 2024 13:00:00, Europe/Berlin" in said.out
    assert f"Read with {tmp_path / 'events.yaml'}" in said.err
    assert main(["sessionize", str(events), "-o", str(tmp_path / "out.csv")]) == 0
    assert "1 session in" in capsys.readouterr().out
    assert (tmp_path / "out.csv").read_text().splitlines()[1].split(",")[3] == "2024-07-01T12:00:00.000000+02:00"
    assert main(["report", str(events), "-o", str(tmp_path / "out.html"), "--session", "short"]) == 0
    assert "2 sessions in" in capsys.readouterr().out


def test_it_can_be_left_alone(events: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["inspect", str(events), "--no-analysis", "--actor", "who", "--time", "at"]) == 0
    said = capsys.readouterr()
    assert "at most 30m apart" in said.out
    assert said.err == ""


def test_flags_go_before_it(events: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["inspect", str(events), "--inactivity", "30m", "--time-zone", "UTC"]) == 0
    said = capsys.readouterr().out
    assert "at most 30m apart" in said
    assert "from 1 Jul 2024 10:00:00 to 1 Jul 2024 11:00:00, UTC" in said


def test_what_is_wrong_in_it_names_it(events: Path, capsys: pytest.CaptureFixture[str]):
    events.with_suffix(".yaml").write_text(DOCUMENT.replace("actor: who", "actor: whom"))
    assert main(["inspect", str(events)]) == 2
    said = capsys.readouterr().err
    assert "events.yaml, beside the data" in said
    assert "There is no column 'whom'. Did you mean 'who'?" in said


def test_a_zone_without_effect_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    path = tmp_path / "naive.csv"
    path.write_text("user,ts\na,2024-07-01 10:00\n")
    assert main(["inspect", str(path), "--time-zone", "Europe/Berlin"]) == 0
    said = capsys.readouterr()
    assert "--time-zone Europe/Berlin has no effect: 'ts' carries no time zone" in said.err
    assert "1 row, 1 event\n" in said.out


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Tokyo", None])
def test_the_first_and_the_last_year_are_shown_as_they_are(zone: str | None):
    from explorer.crossfilter.formats import time_text

    first, last = -62_135_596_800_000_000, 253_402_300_799_000_000
    assert time_text(first, zone).split()[2] in ("1",)
    assert time_text(last, zone).split()[2] == "9999"


def test_events_that_last_and_identities_have_flags(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    path, output = tmp_path / "calls.csv", tmp_path / "out.parquet"
    path.write_text("user,device,ts,watched_min\n,d,2024-07-01 10:00,50\nann,d,2024-07-01 11:00,1\n")
    options = ["--until", "watched_min", "--identity", "user", "device", "-o", str(output)]
    assert main(["sessionize", str(path), *options]) == 0
    assert pl.read_parquet(output).select("user", "event_count", "duration").row(0)[:2] == ("ann", 2)
    assert main(["inspect", str(path), *options[:-2], "--until-unit", "days"]) == 2
    assert "until_unit: 'days' is not known" in capsys.readouterr().err


def test_a_fault_of_the_program_is_one_sentence(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    def broken(*_: object, **__: object) -> None:
        raise pl.exceptions.PanicException("index out of bounds")

    monkeypatch.setattr(cli, "connect", broken)
    assert main(["inspect", "events.csv"]) == 2
    said = capsys.readouterr().err
    assert said.startswith("session-explorer: This went wrong for a reason that the program does not know.")
    assert "bounds" not in said

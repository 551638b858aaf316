"""What another reading does to the first rows, without a browser."""

from __future__ import annotations

from pathlib import Path
from time import process_time

import polars as pl
import pytest

import explorer
from explorer.engine.local.editors.reading_preview import reading_preview
from explorer.errors import ExplorerError
from explorer.events.files import scan
from explorer.events.head import ROWS
from explorer.spec.columns import Columns
from tests.widgets.events import record
from widgets.data.row_preview import RowPreview, Rows, compared

pytestmark = pytest.mark.slow

CSV = "user,ts,zip\nann,03/04/2024 10:00,007\nNULL,03/05/2024 10:00,8\nbob,03/06/2024 10:00,9\n"


def shown(source: object, **changes: object) -> Rows:
    log = explorer.connect(source)
    return compared(*reading_preview(log, log.columns.replace(**changes)))


def cells(rows: Rows, side: int = 1) -> list[list[str | None]]:
    return [[cell.text for cell in line.cells] for line in rows.sides[side].lines]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "events.csv"
    path.write_text(CSV)
    return path


def test_another_order_of_day_and_month(path: Path) -> None:
    rows = shown(path, time_format="day first")
    assert cells(rows, 0)[0][1] == "4 Mar 2024 10:00:00"
    assert cells(rows)[0][1] == "3 Apr 2024 10:00:00"
    assert rows.sides[1].lines[0].changed == (1,)
    assert rows.sentence == "3 of the first 3 rows would be read otherwise."


def test_words_for_nothing_leave_rows_out(path: Path) -> None:
    rows = shown(path, null_values=["NULL"])
    assert [line.lost for line in rows.sides[1].lines] == ["", "No event: no user", ""]
    assert rows.sentence == "1 of the first 3 rows would be read otherwise. 1 more would be left out."


def test_another_separator_shows_the_columns_that_there_would_be_and_says_what_is_missing(path: Path) -> None:
    path.write_text(CSV.replace(",", ";"))
    rows = shown(path, format={"separator": "comma"})
    assert rows.sides[1].names == ("column_1",) or rows.sides[1].names == ("user;ts;zip",)
    assert "There is no column 'user'" in rows.problem


def test_another_encoding(tmp_path: Path) -> None:
    path = tmp_path / "events.csv"
    path.write_bytes("user,ts\nJosé,2024-03-01 10:00\nZoë,2024-03-01 10:01\n".encode("cp1252"))
    rows = shown(path, format={"encoding": "cp1251"})
    assert [cells(rows, side)[0][0] for side in (0, 1)] == ["José", "Josй"]


def test_lines_to_pass_over_and_no_header(path: Path) -> None:
    rows = shown(path, format={"header": "no"}, actor="column_1", time="column_2")
    assert rows.sides[1].names == ("column_1", "column_2", "column_3")
    assert rows.sides[1].lines[0].lost == "No event: no readable time"
    assert rows.sides[1].lines[0].cells[1].raw == "ts"
    with pytest.raises(ExplorerError, match="There are no rows behind 9 lines"):
        shown(path, format={"skip_lines": 9})


def test_a_number_that_is_a_text_and_a_text_that_is_a_number(path: Path) -> None:
    rows = shown(path, types={"zip": "number"})
    assert [row[2] for row in cells(rows, 0)] == ["007", "8", "9"]
    assert [row[2] for row in cells(rows)] == ["7.0", "8.0", "9.0"]


def test_another_unit_and_zone() -> None:
    frame = pl.DataFrame({"user": ["a", "b"], "ts": [1_709_287_200, 1_709_287_201]})
    assert cells(shown(frame, unit="milliseconds"))[0][1] == "20 Jan 1970 18:48:07.2"
    assert cells(shown(frame, time_zone="Asia/Tokyo"))[0][1] == "1 Mar 2024 19:00:00"


def test_what_the_whole_decided_holds_for_the_beginning(tmp_path: Path) -> None:
    path = tmp_path / "events.csv"
    early = [f"u{at % 7},03/{1 + at % 12:02}/2024 10:00" for at in range(20_000)]
    path.write_text("\n".join(["user,ts", *early, "x,25/03/2024 10:00"]))
    rows = shown(path, null_values=["nobody"])
    assert cells(rows, 0)[1][1] == "3 Feb 2024 10:00:00"
    assert rows.sentence.startswith("Nothing changes in the first 2,000 rows")


def test_what_cannot_be_is_said(path: Path) -> None:
    log = explorer.connect(path)
    with pytest.raises(ExplorerError, match=r"No time in the first rows of 'zip' can be read so|holds no time"):
        reading_preview(log, log.columns.replace(time="zip", time_format="%d.%m.%Y"))
    with pytest.raises(ExplorerError, match="There is no column 'who'"):
        reading_preview(log, log.columns.replace(actor="who"))


@pytest.mark.parametrize("suffix", ["csv", "csv.gz", "ndjson", "json", "parquet", "arrow"])
def test_only_the_head_is_read(tmp_path: Path, suffix: str, monkeypatch: pytest.MonkeyPatch) -> None:
    frame = pl.DataFrame({"user": [f"u{at % 999}" for at in range(300_000)], "ts": ["2024-03-01 10:00:00"] * 300_000})
    path = tmp_path / f"events.{suffix}"
    if suffix == "csv.gz":
        import gzip

        path.write_bytes(gzip.compress(frame.write_csv().encode()))
    else:
        {"csv": frame.write_csv, "ndjson": frame.write_ndjson, "json": frame.write_json}.get(
            suffix, frame.write_parquet if suffix == "parquet" else frame.write_ipc
        )(path)
    log = explorer.connect(path)
    reading_preview(log, log.columns.replace(null_values=["x"]))
    begun = process_time()
    before, after = reading_preview(log, log.columns.replace(null_values=["u1"]))
    assert process_time() - begun < 2  # a second for what is slow on other machines
    assert before.rows.height == after.rows.height == ROWS


def test_several_files_and_folders_that_tell_a_column(tmp_path: Path) -> None:
    for day in ("01", "02"):
        folder = tmp_path / f"day={day}"
        folder.mkdir()
        lines = [f"u{at},2024-03-{day} 10:00" for at in range(30_000)]
        (folder / "part.csv").write_text("\n".join(["user,ts", *lines]))
    rows = shown(tmp_path, null_values=["u1"])
    assert rows.sides[1].names == ("user", "ts", "day")
    assert cells(rows)[1][0] is None


def test_a_click_answers_once_and_a_bad_setting_cannot_be_applied(path: Path) -> None:
    preview = RowPreview(value=shown(path, time_format="day first"))
    said = record(preview, "answer")
    preview.hear({"answer": "apply"})
    preview.error = "It cannot be."
    preview.hear({"answer": "apply"})
    preview.hear({"answer": "discard"})
    preview.hear({"other": "apply"})
    assert [one for one in said if one] == ["apply", "discard"]


def test_roles_and_new_columns_are_told(path: Path) -> None:
    side = shown(path, format={"header": "no"}, actor="column_1", time="column_2").sides[1]
    assert (side.roles, side.new) == (("actor", "time", ""), (0, 1, 2))


def test_code_and_commands_say_how_the_file_is_written(path: Path) -> None:
    path.write_text(CSV.replace(",", "^"))
    log = explorer.connect(path, format={"separator": "caret"}, actor="user", time="ts")
    assert log.columns.plain()["format"] == {"separator": "^"}
    assert Columns.read(log.columns.plain()) == log.columns
    assert scan.read(path, format={"separator": "caret"}).columns == ["user", "ts", "zip"]

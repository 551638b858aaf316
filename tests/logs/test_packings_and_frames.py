"""Packed files, archives, workbooks; frames of pandas and others; Parquet that pandas wrote."""

import bz2
import gzip
import io
import lzma
import uuid
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import explorer
from explorer.errors import SourceError
from explorer.events.files.scan import read, scanned
from explorer.spec.session import SessionDefinition

VISIT = SessionDefinition("visit", "30m")
CSV = "user,ts,event\na,2024-03-01 10:00:00,view\nb,2024-03-01 10:00:00,buy\n"
FRAME = pl.read_csv(io.StringIO(CSV))


def parquet() -> bytes:
    buffer = io.BytesIO()
    FRAME.write_parquet(buffer)
    return buffer.getvalue()


def zipped(**files: str | bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def zstd(content: bytes) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.CompressedOutputStream(sink, "zstd") as stream:
        stream.write(content)
    return bytes(sink.getvalue())


PACKED: dict[str, bytes] = {
    "a.csv.gz": gzip.compress(CSV.encode()),
    "a.csv.bz2": bz2.compress(CSV.encode()),
    "a.csv.xz": lzma.compress(CSV.encode()),
    "a.csv.zst": zstd(CSV.encode()),
    "a.csv.zlib": zlib.compress(CSV.encode()),
    "named wrongly.csv": gzip.compress(CSV.encode()),
    "named wrongly.csv.gz": CSV.encode(),
    "a.parquet.gzip": parquet(),
    "a.parquet.gz": gzip.compress(parquet()),
    "part-00001": parquet(),
    "part-00001.gz": gzip.compress(CSV.encode()),
    "part-00001.c000.csv": CSV.encode(),
    "events.csv.1": CSV.encode(),
    "events.csv.2.gz": gzip.compress(CSV.encode()),
    "one.zip": zipped(**{"in/e.csv": CSV, "__MACOSX/in/._e.csv": "x", "in/": ""}),
    "json.zip": zipped(**{"e.json": FRAME.write_ndjson()}),
    "parquet.zip": zipped(**{"e.parquet": parquet()}),
    "with notes.zip": zipped(**{"e.csv": CSV, "README.txt": "", "notes.md": "x"}),
}


@pytest.mark.parametrize("name", PACKED)
def test_the_same_rows_come_out(tmp_path: Path, name: str):
    (tmp_path / name).write_bytes(PACKED[name])
    assert read(tmp_path / name).equals(FRAME)
    assert read(tmp_path).equals(FRAME) or name.startswith("named")


def test_several_files_in_an_archive_are_one(tmp_path: Path):
    path = tmp_path / "many.zip"
    path.write_bytes(zipped(**{"2.csv": CSV.replace("a,", "c,"), "1.csv": CSV}))
    assert read(path)["user"].to_list() == ["a", "b", "c", "b"]
    assert explorer.connect(path).actors(VISIT).height == 3


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("cut.csv.gz", gzip.compress(CSV.encode() * 1000)[:200], r"cut.csv.gz is broken \(gzip\)"),
        ("cut.csv.xz", lzma.compress(CSV.encode() * 1000)[:90], "cut.csv.xz is broken"),
        ("cut.zip", zipped(**{"a.csv": CSV})[:60], "broken zip archive"),
        ("none.zip", zipped(), "an archive without files"),
        ("twice.zip", zipped(**{"a.csv.gz": gzip.compress(CSV.encode())}), "packed twice"),
        ("mixed.zip", zipped(**{"a.csv": CSV, "b.parquet": parquet()}), "several formats"),
        ("picture.csv", b"\x89PNG\r\n\x1a\n" + bytes(99), "is a picture"),
        ("noise.csv", bytes(range(256)) * 9, "of no format that is known here"),
        ("base.csv", b"SQLite format 3\x00" + bytes(99), "a SQLite database. Export the table"),
        ("csv.parquet", CSV.encode(), "cannot be read as parquet"),
        ("empty.csv.gz", gzip.compress(b""), "is empty when unpacked"),
    ],
)
def test_what_cannot_be_read_says_why(tmp_path: Path, name: str, content: bytes, said: str):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(SourceError, match=said):
        explorer.connect(tmp_path / name)


def test_nothing_is_left_where_files_were_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SESSION_EXPLORER_CACHE", str(tmp_path / "cache"))
    path = tmp_path / "a.csv.bz2"
    path.write_bytes(bz2.compress(CSV.encode()))
    explorer.connect(path)
    assert [one.name for one in (tmp_path / "cache").iterdir() if one.name.startswith(".work")] == []


# ---- frames


TIMES = ["2024-03-01 10:00:00", "2024-03-01 10:05:00"]
PLAIN = pd.DataFrame({"user": ["a", "b"], "ts": TIMES})


def indexed(index: Any) -> pd.DataFrame:
    return pd.DataFrame({"event": ["x", "y"], "ts": TIMES}, index=index)


FRAMES: dict[str, tuple[Callable[[], pd.DataFrame], dict[str, list[object]]]] = {
    "range": (lambda: PLAIN, {"user": ["a", "b"], "ts": TIMES}),
    "named": (lambda: indexed(pd.Index(["a", "b"], name="user")), {"user": ["a", "b"], "event": ["x", "y"]}),
    "unnamed": (lambda: indexed(["a", "b"]), {"index": ["a", "b"], "event": ["x", "y"]}),
    "times": (lambda: indexed(pd.DatetimeIndex(TIMES, name="at")), {"at": pd.to_datetime(TIMES).to_list()}),
    "several": (
        lambda: indexed(pd.MultiIndex.from_tuples([("a", 1), ("b", 2)], names=["user", None])),
        {"user": ["a", "b"], "index_1": [1, 2], "event": ["x", "y"]},
    ),
    "period": (lambda: PLAIN.assign(ts=pd.period_range("2024-03", periods=2, freq="M")), {"user": ["a", "b"]}),
    "two types": (lambda: PLAIN.assign(user=["a", 1]), {"user": ["a", "1"]}),
    "numbers of two types": (lambda: PLAIN.assign(user=pd.Series([1, "x"], dtype=object)), {"user": ["1", "x"]}),
    "missing": (lambda: PLAIN.assign(user=pd.Series([7, None], dtype=object)), {"user": [7, None]}),
    "uuid": (
        lambda: PLAIN.assign(user=[uuid.UUID(int=1), uuid.UUID(int=2)]),
        {"user": [str(uuid.UUID(int=1)), str(uuid.UUID(int=2))]},
    ),
    "twice": (
        lambda: pd.DataFrame([["a", TIMES[0], 1], ["b", TIMES[1], 2]], columns=["user", "ts", "user"]),
        {"user": ["a", "b"], "user_2": [1, 2]},
    ),
    "numbered": (lambda: pd.DataFrame([["a", TIMES[0]], ["b", TIMES[1]]]), {"0": ["a", "b"], "1": TIMES}),
    "levels": (
        lambda: pd.DataFrame([["a", 1]], columns=pd.MultiIndex.from_tuples([("who", "user"), ("n", "")])),
        {"who.user": ["a"], "n": [1]},
    ),
    "records": (lambda: PLAIN.assign(data=[{"a": 1}, {"a": "x"}]), {"data": ['{"a": 1}', '{"a": "x"}']}),
    "categories": (lambda: PLAIN.assign(user=pd.Categorical(["a", "b"])), {"user": ["a", "b"]}),
}


@pytest.mark.parametrize("name", FRAMES)
def test_frames_of_pandas(name: str):
    make, wanted = FRAMES[name]
    frame = read(make())
    assert {column: frame[column].to_list() for column in wanted} == wanted


def test_periods_are_times():
    log = explorer.connect(FRAMES["period"][0]())
    assert [str(start)[:10] for start in log.sessions(VISIT)["start"]] == ["2024-03-01", "2024-04-01"]


@pytest.mark.parametrize("name", ["range", "named", "unnamed", "several", "times"])
def test_parquet_of_pandas_is_the_frame_itself(tmp_path: Path, name: str):
    frame = FRAMES[name][0]()
    frame.to_parquet(tmp_path / "a.parquet")
    wanted = read(frame)
    found = read(tmp_path / "a.parquet")
    assert found.columns == wanted.columns
    assert found.rows() == wanted.rows()


def test_an_index_is_a_role():
    log = explorer.connect(indexed(["a", "b"]), actor="index")
    assert log.actors(VISIT)["index"].to_list() == ["a", "b"]
    assert "index of the frame" in " ".join(one.what for one in log.quality.how_read)


@pytest.mark.parametrize("name", ["a.parquet", "a.arrow"])
def test_names_that_stand_twice_in_files(tmp_path: Path, name: str):
    columns = [["a", "b"], ["2024-03-01 10:00:00"] * 2, [1, 2], [3, 4]]
    table = pa.table([pa.array(column) for column in columns], names=["user", "ts", "x", "x"])
    if name.endswith("parquet"):
        pq.write_table(table, tmp_path / name)
    else:
        with pa.OSFile(str(tmp_path / name), "wb") as file, pa.ipc.new_file(file, table.schema) as writer:
            writer.write_table(table)
    log = explorer.connect(tmp_path / name)
    assert log.event_table.frame.select("x", "x_2").rows() == [(1, 3), (2, 4)]
    assert any("x is called x_2" in each.value for each in log.quality.how_read)


def test_names_that_stand_twice_in_arrow():
    table = pa.Table.from_arrays([pa.array(["a"]), pa.array(TIMES[:1]), pa.array([1])], names=["user", "ts", "user"])
    assert read(table).columns == ["user", "ts", "user_2"]


# ---- workbooks


def workbook(path: Path, rows: list[list[object]], sheets: int = 1) -> None:
    """A small .xlsx written by hand."""
    cells = []
    for at, row in enumerate(rows, 1):
        inner = "".join(
            f'<c t="inlineStr"><is><t>{cell}</t></is></c>' if isinstance(cell, str) else f"<c><v>{cell}</v></c>"
            for cell in row
        )
        cells.append(f'<row r="{at}">{inner}</row>')
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    linked = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
        f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f"<workbook {space} {linked}><sheets>"
        + "".join(f'<sheet name="S{at}" sheetId="{at}" r:id="r{at}"/>' for at in range(1, sheets + 1))
        + "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">'
        + "".join(
            f'<Relationship Id="r{at}" Type="{office}/worksheet" Target="s{at}.xml"/>' for at in range(1, sheets + 1)
        )
        + "</Relationships>",
    }
    for at in range(1, sheets + 1):
        inside = "".join(cells) if at == sheets else ""
        parts[f"xl/s{at}.xml"] = f"<worksheet {space}><sheetData>{inside}</sheetData></worksheet>"
    path.write_bytes(zipped(**parts))


ROWS: list[list[object]] = [["user", "ts", "n"], ["a", "2024-03-01 10:00", 1], ["a", "2024-03-01 10:05", 2]]


@pytest.mark.parametrize("above", [[], [["Report of March"], []]], ids=["plain", "titled"])
@pytest.mark.parametrize("sheets", [1, 2])
def test_workbooks(tmp_path: Path, above: list[list[object]], sheets: int):
    path = tmp_path / "events.xlsx"
    workbook(path, [*above, *ROWS], sheets)
    source = scanned(path)
    frame = source.run(lambda lazy: lazy.collect())
    assert frame.columns == ["user", "ts", "n"]
    assert (frame["user"].to_list(), frame["n"].cast(pl.Int64).to_list()) == (["a", "a"], [1, 2])
    assert explorer.connect(path).sessions(VISIT)["event_count"].to_list() == [2]
    assert ("sheet" in [one.what for one in source.how_read]) == (sheets > 1)


def test_a_workbook_without_the_extra_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    workbook(tmp_path / "events.xlsx", ROWS)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(SourceError, match=r"pip install 'session-explorer\[excel\]'"):
        explorer.connect(tmp_path / "events.xlsx")

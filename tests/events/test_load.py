"""Every format, guessed roles, times in every form, and what is left out."""

import gzip
import io
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import explorer
from explorer.errors import SourceError
from explorer.events.reading.decide import form_of
from explorer.spec.session import SessionDefinition

pytestmark = pytest.mark.slow

FRAME = pl.DataFrame(
    {
        "user_id": ["a", "a", "b", None, "b"],
        "ts": ["2024-03-01 10:00:00", "2024-03-01 10:05:00", "2024-03-01 10:00:00", "2024-03-01 10:00:00", "soon"],
        "event": ["x", "y", "x", "x", "x"],
    }
)
VISIT = SessionDefinition(name="visit", inactivity="30m")


WRITERS = {
    "csv": lambda stream: FRAME.write_csv(stream),
    "tsv": lambda stream: FRAME.write_csv(stream, separator="\t"),
    "parquet": lambda stream: FRAME.write_parquet(stream),
    "arrow": lambda stream: FRAME.write_ipc(stream),
    "feather": lambda stream: FRAME.write_ipc_stream(stream),  # Arrow's stream form goes by the same names
    "json": lambda stream: FRAME.write_json(stream),
    "ndjson": lambda stream: FRAME.write_ndjson(stream),
}


def written(path: Path, kind: str) -> Path:
    file = path / f"events.{kind}"
    form, _, packing = kind.partition(".")
    buffer = io.BytesIO()
    WRITERS[form](buffer)
    if packing == "gz":
        file.write_bytes(gzip.compress(buffer.getvalue()))
    elif packing == "zst":
        with pa.CompressedOutputStream(pa.OSFile(str(file), "wb"), "zstd") as stream:
            stream.write(buffer.getvalue())
    else:
        file.write_bytes(buffer.getvalue())
    return file


KINDS = [kind + packing for kind in WRITERS for packing in ("", ".gz", ".zst")]


@pytest.mark.parametrize("kind", KINDS)
def test_every_format_is_read(tmp_path: Path, kind: str):
    log = explorer.connect(written(tmp_path, kind))
    assert (log.columns.actor, log.columns.time, log.columns.event) == (("user_id",), "ts", "event")
    assert log.sessions(VISIT)["session_id"].to_list() == ["a/1", "b/1"]
    quality = log.quality
    assert (quality.rows, quality.events, quality.no_actor, quality.no_time) == (5, 3, 1, 1)
    assert quality.sentence(log.columns) == (
        "1 row has no user_id and 1 row has no readable ts (such as 'soon'). They are left out."
    )


@pytest.mark.parametrize(
    "frame",
    [FRAME, FRAME.lazy(), FRAME.to_arrow(), FRAME.to_arrow().to_reader(), FRAME.to_pandas(), duckdb.from_arrow(FRAME)],
    ids=lambda frame: str(type(frame)),
)
def test_every_frame_is_read(frame: object):
    assert explorer.connect(frame).sessions(VISIT).height == 2


def test_ids_of_two_types_are_texts():
    log = explorer.connect(pd.DataFrame({"user": ["a", 1], "ts": ["2024-03-01", "2024-03-01"]}))
    assert log.actors(VISIT)["user"].to_list() == ["1", "a"]


def test_a_lazy_frame_that_cannot_be_collected_is_refused():
    with pytest.raises(SourceError, match="The lazy frame cannot be collected"):
        explorer.connect(FRAME.lazy().with_columns(pl.col("event").cast(pl.Int64)))


# ---- several files


def rows(user: str, **more: object) -> pl.DataFrame:
    return pl.DataFrame({"user": [user], "ts": [TEN], "n": [1]}).with_columns(**{k: pl.lit(v) for k, v in more.items()})


def test_a_folder_is_read_as_one(tmp_path: Path):
    folder = tmp_path / "logs" / "march"
    folder.mkdir(parents=True)
    rows("b").write_parquet(folder / "2.parquet")
    rows("a").write_parquet(folder.parent / "1.parquet")
    (folder / "_SUCCESS").touch()
    (folder / ".hidden.csv").write_text("x")
    (folder / "notes.md").write_text("x")
    for path in (folder.parent, tmp_path / "lo*", tmp_path / "logs" / "**" / "*.parquet", str(folder.parent)):
        assert explorer.connect(path).actors(VISIT)["user"].to_list() == ["a", "b"]


@pytest.mark.parametrize("kind", ["parquet", "csv", "ndjson", "arrow", "json"])
def test_folders_tell_columns(tmp_path: Path, kind: str):
    for country, day, user in (("de", "2024-03-01", "a"), ("%C3%A9", "2024-03-02", "b")):
        folder = tmp_path / "x=outside" / "logs" / f"country={country}" / f"day={day}" / "zone=007"
        folder.mkdir(parents=True)
        getattr(rows(user), {"arrow": "write_ipc"}.get(kind, f"write_{kind}"))(folder / f"part.{kind}")
    log = explorer.connect(tmp_path / "x=outside" / "logs", actor="user", time="ts")
    found = log.events(VISIT)
    assert found["country"].to_list() == ["de", "é"]
    assert found["day"].to_list() == [date(2024, 3, 1), date(2024, 3, 2)]
    assert found["zone"].to_list() == ["007", "007"]
    assert "x" not in log.schema


@pytest.mark.parametrize("kind", ["parquet", "csv", "ndjson", "arrow"])
def test_files_that_differ_are_united(tmp_path: Path, kind: str):
    writer = {"arrow": "write_ipc"}.get(kind, f"write_{kind}")
    for name, frame in {"1": rows("a"), "2": rows("b", late="x"), "3": rows("c").with_columns(n=1.5)}.items():
        getattr(frame, writer)(tmp_path / f"{name}.{kind}")
    found = explorer.connect(tmp_path, actor="user", time="ts").events(VISIT)
    assert found["late"].to_list() == [None, "x", None]
    assert found["n"].to_list() == [1.0, 1.0, 1.5]


def test_a_key_that_comes_late_is_not_lost(tmp_path: Path):
    path = tmp_path / "late.ndjson"
    line = '{"user": "a", "ts": "2024-03-01 10:00:00"}\n'
    path.write_text(line * 20_000 + line.replace("}", ', "late": "x"}'))
    assert explorer.connect(path).count("late = 'x'") == 1


def test_a_number_that_comes_late_as_text_is_not_lost(tmp_path: Path):
    path = tmp_path / "late.csv"
    path.write_text("user,ts,n\n" + "a,2024-03-01 10:00,1\n" * 20_000 + "a,2024-03-01 10:00,one\n")
    assert explorer.connect(path).count("n = 'one'") == 1


def test_columns_that_begin_empty_are_found(tmp_path: Path):
    path = tmp_path / "late.parquet"
    pl.concat([rows("a").with_columns(ts=pl.lit(None, pl.Datetime("us")))] * 10_001 + [rows("b")]).with_columns(
        user=pl.when(pl.col("ts").is_not_null()).then("user")
    ).write_parquet(path)
    quality = explorer.connect(path).quality
    assert (quality.events, quality.no_actor, quality.no_time) == (1, 10_001, 0)


FOLDERS = [
    ({}, "is a folder without files of a known format"),
    ({"a.csv": b"x", "b.json": b"x"}, r"holds files of several formats: .csv, .json. Write a pattern such as \*.csv"),
    ({"a.csv": b""}, r"is empty \(0 bytes\)"),
    ({"a=1/x.csv": b"user,ts\na,2024-01-01\n", "x.csv": b"user,ts\na,2024-01-01\n"}, "do not all tell a"),
    ({"user=1/x.csv": b"user,ts\na,2024-01-01\n"}, "Folders and files both say user"),
]


@pytest.mark.parametrize(("files", "said"), FOLDERS, ids=[said for _, said in FOLDERS])
def test_bad_folders_say_what_is_wrong(tmp_path: Path, files: dict[str, bytes], said: str):
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    with pytest.raises(SourceError, match=said):
        explorer.connect(tmp_path)


def test_a_pattern_without_files_is_refused(tmp_path: Path):
    with pytest.raises(SourceError, match="No file matches"):
        explorer.connect(tmp_path / "*.csv")


# ---- times

UTC_TEN = datetime(2024, 3, 1, 10, tzinfo=UTC)
TEN = datetime(2024, 3, 1, 10)
SECONDS = int(UTC_TEN.timestamp())
TIMES = [
    (["2024-03-01 10:00:00"], TEN),
    (["2024-03-01T10:00"], TEN),
    (["2024-03-01T12:00:00+02:00"], UTC_TEN),
    (["2024-03-01 10:00:00 UTC"], UTC_TEN),
    (["03/01/2024 10:00:00", "03/13/2024 10:00:00"], TEN),
    (["01.03.2024 10:00"], TEN),
    (["2024-03-01 10:00", "2024-03-02", "2024-03-03"], TEN),
    ([SECONDS], UTC_TEN),
    ([SECONDS * 10**3], UTC_TEN),
    ([SECONDS * 10**6], UTC_TEN),
    ([SECONDS * 10**9], UTC_TEN),
    ([float(SECONDS)], UTC_TEN),
    ([str(SECONDS)], UTC_TEN),
    ([TEN], TEN),
    ([UTC_TEN], UTC_TEN),
]


@pytest.mark.parametrize(("values", "first"), TIMES, ids=[str(values[0]) for values, _ in TIMES])
def test_times_in_every_form(values: list, first: datetime):
    log = explorer.connect(pl.DataFrame({"user": ["a"] * len(values), "when": values}), time="when")
    assert log.events(VISIT)["when"][0] == first


def _read(values: list) -> list:
    series = pl.Series(values)
    return form_of(series).us(series).to_list()


def test_dates_are_midnights():
    assert _read([date(2024, 3, 1)]) == [1_709_251_200_000_000]


def test_the_unit_of_numbers_is_said_and_can_be_overridden():
    frame = pl.DataFrame({"user": ["a"], "ts": [SECONDS]})
    assert explorer.connect(frame).quality.said == ("numbers, read as seconds since 1970",)
    asked = explorer.connect(frame, unit="milliseconds")
    assert asked.events(VISIT)["ts"][0].year == 1970


OUT_OF_RANGE = [
    pl.Series([SECONDS, 2**62, -(2**62), 2**63 - 1]),
    pl.Series([SECONDS * 1000, 2**62, -(2**63), 2**61]),
    pl.Series([SECONDS, 2**64 - 1, 2**63, 2**40], dtype=pl.UInt64),
    pl.Series([float(SECONDS), 1e300, float("inf"), -1e19]),
    pl.Series([str(SECONDS), "9" * 18, "9" * 30, "-" + "9" * 18]),
    pl.Series([SECONDS * 1000, 2**62, -(2**62), 2**60]).cast(pl.Datetime("ms")),
    pl.Series([SECONDS * 10**6, 2**62, -(2**62), 2**60]).cast(pl.Datetime("us", "UTC")),
    pl.Series([19_783, 2**31 - 1, -(2**31), 2**24], dtype=pl.Int32).cast(pl.Date),
]


@pytest.mark.parametrize("times", OUT_OF_RANGE, ids=[str(times.dtype) for times in OUT_OF_RANGE])
def test_times_out_of_range_are_unreadable(times: pl.Series):
    unit = "milliseconds" if times.dtype == pl.Int64 and times[0] > 10**12 else None
    unit = unit or ("seconds" if times.dtype.is_numeric() or times.dtype == pl.String else None)
    log = explorer.connect(pl.DataFrame({"user": ["a"] * 4, "when": times}), time="when", unit=unit)
    assert (log.quality.events, log.quality.no_time, len(log.quality.unreadable)) == (1, 3, 3)
    assert log.sessions(VISIT)["start"][0].year == 2024


def test_times_far_away_are_read():
    times = [datetime(1, 1, 1), datetime(1969, 12, 31, 23, 59, 59), datetime(9999, 12, 31, 23, 59, 59, 999_999)]
    log = explorer.connect(pl.DataFrame({"user": ["a"] * 3, "ts": times}))
    assert log.sessions(VISIT)["start"].to_list() == times
    assert log.quality.future == 1
    before = explorer.connect(pl.DataFrame({"user": ["a"], "ts": [-86_400]}), time="ts", unit="seconds")
    assert before.sessions(VISIT)["start"].to_list() == [datetime(1969, 12, 31, tzinfo=UTC)]


def test_days_before_months_are_said():
    texts = pl.DataFrame({"user": ["a"] * 2, "ts": ["01/02/2024 10:00", "02/03/2024 10:00"]})
    assert explorer.connect(texts).quality.said == ("read as month/day/year",)
    assert explorer.connect(texts[:1].vstack(texts.with_columns(ts=pl.lit("13/02/2024 10:00")))).quality.said == ()


def bad(tmp_path: Path, name: str, content: bytes) -> Path:
    file = tmp_path / name
    file.write_bytes(content)
    return file


BAD = [
    ("none.csv", None, "There is no file"),
    ("empty.csv", b"", "is empty"),
    ("header.csv", b"user_id,ts\n", "no rows"),
    ("junk.parquet", b"junk", "cannot be read as parquet"),
    ("notes.docx", b"x", "of no format that is known here"),
    ("who.csv", b"ts,amount\n2024-01-01 10:00,1.5\n", "No column says who"),
    ("when.csv", b"user_id,amount\na,1.5\n", "No column holds times"),
    ("actors.csv", b"user_id,ts\n,2024-01-01 10:00\n", "'user_id' is empty in every row"),
]


@pytest.mark.parametrize(("name", "content", "said"), BAD, ids=[name for name, _, _ in BAD])
def test_bad_files_say_what_is_wrong(tmp_path: Path, name: str, content: bytes | None, said: str):
    path = tmp_path / name if content is None else bad(tmp_path, name, content)
    with pytest.raises(SourceError, match=said):
        explorer.connect(path)


def test_a_column_that_is_no_time_is_refused():
    with pytest.raises(SourceError, match=r"Column 'event' holds no time that can be read \(the first value is 'x'\)"):
        explorer.connect(FRAME, time="event")


def test_a_column_that_is_not_there_is_refused():
    with pytest.raises(SourceError, match="Did you mean 'user_id'"):
        explorer.connect(FRAME, actor="usr")


def test_a_column_named_like_one_of_ours_stops_nothing():
    log = explorer.connect(FRAME.with_columns(pl.lit(1).alias("@time")))
    assert log.schema["column @time"] == pl.Int32
    assert "'@time' is called column @time" in log.quality.how_read[0].sentence

"""Every format, guessed roles, times in every form, and what is left out."""

import gzip
import io
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pyarrow as pa
import pytest

import explorer
from explorer.engine.times import read_times
from explorer.errors import SourceError
from explorer.spec.session import SessionDefinition

FRAME = pl.DataFrame(
    {
        "user_id": ["a", "a", "b", None, "b"],
        "ts": ["2024-03-01 10:00:00", "2024-03-01 10:05:00", "2024-03-01 10:00:00", "2024-03-01 10:00:00", "soon"],
        "event": ["x", "y", "x", "x", "x"],
    }
)
VISIT = SessionDefinition(name="visit", inactivity="30m")  # type: ignore[arg-type]


def written(path: Path, kind: str) -> Path:
    file = path / f"events.{kind}"
    match kind:
        case "csv":
            FRAME.write_csv(file)
        case "tsv":
            FRAME.write_csv(file, separator="\t")
        case "csv.gz":
            file.write_bytes(gzip.compress(FRAME.write_csv().encode()))
        case "csv.zst":
            with pa.CompressedOutputStream(pa.OSFile(str(file), "wb"), "zstd") as stream:
                stream.write(FRAME.write_csv().encode())
        case "parquet":
            FRAME.write_parquet(file)
        case "arrow":
            FRAME.write_ipc(file)
        case "json":
            FRAME.write_json(file)
        case "ndjson":
            FRAME.write_ndjson(file)
        case "ndjson.gz":
            buffer = io.BytesIO()
            FRAME.write_ndjson(buffer)
            file.write_bytes(gzip.compress(buffer.getvalue()))
    return file


KINDS = ["csv", "tsv", "csv.gz", "csv.zst", "parquet", "arrow", "json", "ndjson", "ndjson.gz"]


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
    "frame", [FRAME, FRAME.lazy(), FRAME.to_arrow(), FRAME.to_pandas()], ids=lambda frame: str(type(frame))
)
def test_every_frame_is_read(frame: object):
    assert explorer.connect(frame).sessions(VISIT).height == 2


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


def test_dates_are_midnights():
    assert read_times(pl.Series([date(2024, 3, 1)])).us.to_list() == [1_709_251_200_000_000]


def test_the_unit_of_numbers_is_said_and_can_be_overridden():
    frame = pl.DataFrame({"user": ["a"], "ts": [SECONDS]})
    assert explorer.connect(frame).quality.said == ("numbers, read as seconds since 1970",)
    asked = explorer.connect(frame, unit="milliseconds")
    assert asked.events(VISIT)["ts"][0].year == 1970


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
    ("ragged.csv", b"user_id,ts\na,2024-01-01 10:00,3,4\n", "cannot be read as csv"),
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

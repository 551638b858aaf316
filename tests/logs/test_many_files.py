"""Many files as one source: lists, folders that tell columns, addresses, and files that come later."""

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import polars as pl
import pytest

import explorer
from explorer.errors import SourceError
from explorer.events import load as loading
from explorer.events.files.folders import Folders
from explorer.spec.session import SessionDefinition

VISIT = SessionDefinition("visit", "30m")
START = datetime(2024, 3, 1, 10)


def events(*rows: tuple[str, int], **more: object) -> pl.DataFrame:
    frame = pl.DataFrame(
        {
            "user": [user for user, _ in rows],
            "ts": [str(START + timedelta(minutes=minute)) for _, minute in rows],
            "event": [f"{user}{minute}" for user, minute in rows],
        }
    )
    return frame.with_columns(**{name: pl.lit(value) for name, value in more.items()})


def test_a_list_of_paths_is_one_source(tmp_path: Path):
    for name in "abc":
        events((name, 0)).write_csv(tmp_path / f"{name}.csv")
    paths = [tmp_path / "a.csv", str(tmp_path / "c.csv")]
    assert explorer.connect(paths).actors(VISIT)["user"].to_list() == ["a", "c"]
    folder = tmp_path / "more"
    folder.mkdir()
    events(("d", 0)).write_csv(folder / "d.csv")
    assert explorer.connect([folder, tmp_path / "[ab].csv"]).actors(VISIT)["user"].to_list() == ["a", "b", "d"]
    events(("e", 0)).write_parquet(tmp_path / "e.parquet")
    with pytest.raises(SourceError, match="several formats"):
        explorer.connect([tmp_path / "a.csv", tmp_path / "e.parquet"])
    with pytest.raises(SourceError, match="There is no file"):
        explorer.connect([tmp_path / "a.csv", tmp_path / "x.csv"])


@pytest.mark.parametrize("kind", ["csv", "parquet", "ndjson"])
def test_a_partition_may_also_stand_in_the_files(tmp_path: Path, kind: str):
    for country in ("de", "fr"):
        folder = tmp_path / f"country={country}" / "day=2024-03-01"
        folder.mkdir(parents=True)
        getattr(events((country, 0), country=country), f"write_{kind}")(folder / f"x.{kind}")
    log = explorer.connect(tmp_path)
    assert log.events(VISIT).select("user", "country").rows() == [("de", "de"), ("fr", "fr")]
    getattr(events(("it", 0), country="at"), f"write_{kind}")(tmp_path / "country=fr" / "day=2024-03-01" / f"y.{kind}")
    with pytest.raises(
        SourceError, match=r"Folders and files both say country, and not the same: .* fr, the file 'at'"
    ):
        explorer.connect(tmp_path)


# ---- files that come later


LATER = {
    "new actors": [("c", 0), ("c", 5)],
    "later": [("a", 200), ("a", 210)],
    "late, between": [("a", 10), ("b", 3)],
    "late, joining two sessions": [("a", 25), ("a", 50)],
    "at the same time": [("a", 0), ("a", 60)],
}


@pytest.mark.parametrize("kind", ["csv", "parquet"])
@pytest.mark.parametrize("name", LATER)
def test_new_files_are_taken_in_as_a_fresh_load_would(
    tmp_path: Path, name: str, kind: str, monkeypatch: pytest.MonkeyPatch
):
    getattr(events(("a", 0), ("a", 60), ("b", 0), ("b", 1)), f"write_{kind}")(tmp_path / f"1.{kind}")
    log = explorer.connect(tmp_path)
    before = log.sessions(VISIT)
    assert log.refresh() is log
    assert log.sessions(VISIT).equals(before)
    getattr(events(*LATER[name]), f"write_{kind}")(tmp_path / f"2.{kind}")
    read: list[int] = []
    scanned = loading.scanned

    def counted(source: object) -> object:
        found = scanned(source)
        read.append(len(found.files.items))  # type: ignore[union-attr]
        return found

    monkeypatch.setattr(loading, "scanned", counted)
    log.refresh()
    assert read == [1]
    monkeypatch.undo()
    fresh = explorer.connect(tmp_path)
    assert log.sessions(VISIT).equals(fresh.sessions(VISIT))
    assert log.events(VISIT).equals(fresh.events(VISIT))
    assert log.actors(VISIT).equals(fresh.actors(VISIT))
    assert (log.quality.rows, log.quality.events) == (fresh.quality.rows, fresh.quality.events)
    log.refresh()
    assert log.sessions(VISIT).equals(fresh.sessions(VISIT))


def test_files_that_changed_or_went_or_stand_before_are_read_again(tmp_path: Path):
    events(("a", 0)).write_csv(tmp_path / "2.csv")
    log = explorer.connect(tmp_path)
    steps = (
        lambda: events(("a", 0), ("a", 1)).write_csv(tmp_path / "2.csv"),
        lambda: events(("a", 0), ("b", 1)).write_csv(tmp_path / "1.csv"),
        lambda: (tmp_path / "2.csv").unlink(),
        lambda: events(("a", 5), more="x").write_csv(tmp_path / "3.csv"),
    )
    for step in steps:
        step()
        assert log.refresh().events(VISIT).equals(explorer.connect(tmp_path).events(VISIT))


def test_what_was_left_out_adds_up(tmp_path: Path):
    events(("a", 0)).write_csv(tmp_path / "1.csv")
    log = explorer.connect(tmp_path)
    (tmp_path / "2.csv").write_text("user,ts,event\n,2024-03-01 10:00:00,x\nb,soon,x\nb,2024-03-01 10:00:00,y\n")
    log.refresh()
    quality = log.quality
    assert (quality.rows, quality.events, quality.no_actor, quality.no_time) == (4, 2, 1, 1)
    assert quality.unreadable == ("soon",)


def test_a_frame_cannot_be_read_again():
    with pytest.raises(SourceError, match="Only files can be read again"):
        explorer.connect(events(("a", 0))).refresh()


# ---- addresses


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("kind", ["csv", "ndjson", "parquet"])
def test_files_on_the_web(tmp_path: Path, address: str, kind: str):
    getattr(events(("a", 0), ("a", 5)), f"write_{kind}")(tmp_path / f"x.{kind}")
    getattr(events(("b", 0)), f"write_{kind}")(tmp_path / f"y z.{kind}")
    log = explorer.connect(f"{address}/x.{kind}?signed=1")
    assert log.sessions(VISIT)["event_count"].to_list() == [2]
    log = explorer.connect([f"{address}/x.{kind}", f"{address}/y%20z.{kind}"])
    assert log.sessions(VISIT)["event_count"].to_list() == [2, 1]
    with pytest.raises(SourceError, match=r"/none\.csv cannot be fetched: 404 File not found"):
        explorer.connect(f"{address}/none.csv?secret=1")


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("ftp://host/x.csv", "ftp:// is not known here"),
        ("s3://bucket/x.docx", "no ending that tells its format"),
        (["s3://b/x.csv", "s3://b/y.parquet"], "several formats"),
    ],
)
def test_addresses_that_cannot_be_read(source: object, said: str):
    with pytest.raises(SourceError, match=said):
        explorer.connect(source)


def test_a_server_opens_no_address_that_it_was_not_started_for(tmp_path: Path):
    for text in ("s3://bucket/x.parquet", "https://host/x.csv", " gs://b/x"):
        with pytest.raises(SourceError, match="outside the folders that may be opened"):
            Folders((tmp_path,)).resolve(text)


def folder_of(tmp_path: Path, *contents: str, suffix: str = "csv") -> Path:
    folder = tmp_path / "many"
    folder.mkdir()
    for at, content in enumerate(contents, 1):
        (folder / f"{at}.{suffix}").write_text(content)
    return folder


def test_what_is_concluded_from_all_files_is_said_of_all(tmp_path: Path) -> None:
    head = "user,ts,zip\n"
    log = explorer.connect(folder_of(tmp_path, f"{head}a,2024-03-01 10:00,7\n", f"{head}b,2024-03-01 10:01,007\n"))
    assert "Type of zip: text, since numbers in it begin with 0 (such as '007')." in [
        one.sentence for one in log.quality.how_read
    ]


def test_a_file_with_a_header_alone_makes_no_texts_of_numbers(tmp_path: Path) -> None:
    head = "user,ts,n\n"
    log = explorer.connect(folder_of(tmp_path, head, f"{head}a,2024-03-01 10:00,7\n"))
    assert log.schema["n"] == pl.Int64


def test_records_here_and_texts_there_lose_nothing(tmp_path: Path) -> None:
    row = '{{"user": "a", "ts": "2024-03-01T10:00:00Z", "p": {}}}\n'
    folder = folder_of(tmp_path, *(row.format(one) for one in ('{"a": 1}', '"x"', "[1, 2]", "null")), suffix="json")
    found = explorer.connect(folder).event_table.frame["p"].cast(pl.String).to_list()
    assert found == ['{"a":1}', "x", "[1,2]", None]


def test_times_with_a_zone_in_one_file_and_none_in_another(tmp_path: Path) -> None:
    frame = pl.DataFrame({"user": ["a"], "ts": [datetime(2024, 3, 1, 10)]})
    frame.write_parquet(tmp_path / "1.parquet")
    frame.with_columns(pl.col("ts").dt.replace_time_zone("America/New_York")).write_parquet(tmp_path / "2.parquet")
    with pytest.raises(SourceError, match=r"carry a zone in 2\.parquet and none in 1\.parquet"):
        explorer.connect(tmp_path)

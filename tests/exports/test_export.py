"""What is exported is what the engine answers, whatever the format and the size of the pieces."""

from __future__ import annotations

from pathlib import Path
from threading import Event
from typing import Any

import polars as pl
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from polars.testing import assert_frame_equal

import explorer
from explorer.engine.local.batches import batches
from explorer.engine.local.engine import LocalEngine
from explorer.engine.stopping import stopping
from explorer.errors import SourceError, SpecError, Stopped
from explorer.exports import export, read_back
from explorer.exports.formats import EXPORT_FORMATS, ExportFormat
from explorer.exports.whole_file import plain
from explorer.spec.analysis import Analysis
from explorer.spec.session import SessionDefinition
from tests.examples import examples
from tests.factories import connect
from tests.report.made_up import log
from tests.strategies import Log, definitions, logs

VISIT = SessionDefinition("visit", "30m", metrics=[{"name": "spent", "aggregate": "sum", "column": "amount"}])
READ: dict[str, Any] = {
    ".ipc": pl.read_ipc,
    ".parquet": pl.read_parquet,
    ".arrow": pl.read_ipc,
    ".csv": pl.read_csv,
}
WHATS = ["sessions", "actors", "events"]


@pytest.fixture(scope="module")
def engine() -> LocalEngine:
    return log(200)


def asked(engine: LocalEngine, definition: SessionDefinition, what: str) -> pl.DataFrame:
    return getattr(engine, what)(definition)


@pytest.mark.parametrize("what", WHATS)
@pytest.mark.parametrize("suffix", [".parquet", ".arrow", ".csv"])
def test_what_is_written_is_what_the_engine_says(engine: LocalEngine, tmp_path: Path, what: Any, suffix: str):
    path = tmp_path / f"out{suffix}"
    told: list[tuple[int, int]] = []
    written = export(engine, VISIT, path, what, progress=lambda done, total: told.append((done, total)))
    wanted = asked(engine, VISIT, what)
    assert (written.path, written.rows) == (path, wanted.height)
    assert told[-1] == (wanted.height, wanted.height)
    found = READ[suffix](path)
    if suffix == ".csv":
        assert found.columns == wanted.columns
        assert found.height == wanted.height
        text = plain(wanted.head(3)).write_csv()
        assert path.read_text().startswith(text)
    else:
        assert_frame_equal(found, wanted)
    assert [each.name for each in tmp_path.iterdir()] == [path.name]


def test_times_in_csv_say_their_zone_and_durations_are_seconds(engine: LocalEngine, tmp_path: Path):
    export(engine, VISIT, tmp_path / "out.csv")
    found, wanted = pl.read_csv(tmp_path / "out.csv"), engine.sessions(VISIT)
    assert found["start"].to_list() == [time.isoformat(timespec="microseconds") for time in wanted["start"]]
    assert found["duration"].to_list() == [each.total_seconds() for each in wanted["duration"]]
    assert found["duration"].max() > 60


@examples(25)
@given(logs(), definitions())
def test_pieces_of_any_size_make_the_whole(log: Log, definition: SessionDefinition):
    engine = connect(log)
    for what in WHATS:
        wanted = asked(engine, definition, what)
        for size in (1, 2, 7):
            found = batches(engine.session_table(definition), what, size=size)  # type: ignore[arg-type]
            assert found.height == wanted.height
            assert_frame_equal(pl.concat(list(found)), wanted)


@examples(25)
@given(logs(), definitions())
def test_a_selection_has_its_sessions_their_events_and_their_actors(log: Log, definition: SessionDefinition):
    engine = connect(log)
    table = engine.table(definition)
    rows = pl.int_range(table.height, eager=True).gather_every(2).reverse()
    sessions, actors, events = (
        pl.concat(list(batches(engine.session_table(definition), what, rows, 3)))  # type: ignore[arg-type]
        for what in WHATS
    )
    assert_frame_equal(sessions, engine.sessions(definition)[rows.sort()])
    ids, actor = sessions["session_id"], list(engine.columns.actor)
    assert_frame_equal(events, engine.events(definition).filter(pl.col("session_id").is_in(ids.implode())))
    wanted = engine.actors(definition).join(sessions.select(actor), on=actor, how="semi", maintain_order="left")
    assert_frame_equal(actors, wanted)


def test_the_analysis_is_in_the_file(engine: LocalEngine, tmp_path: Path):
    short = SessionDefinition("short", "1m")
    analysis = Analysis(engine.columns, (VISIT, short), title="日本 <b>")
    for suffix in (".parquet", ".arrow"):
        path = tmp_path / f"a{suffix}"
        assert export(engine, analysis, path, session="short").rows == engine.sessions(short).height
        assert read_back(path) == analysis
    assert pq.read_metadata(tmp_path / "a.parquet").metadata[b"session_explorer.session"] == b"short"
    pl.DataFrame({"a": [1]}).write_parquet(tmp_path / "b.parquet")
    with pytest.raises(SpecError, match=r"b.parquet was not exported by Session Explorer"):
        read_back(tmp_path / "b.parquet")
    (tmp_path / "c.parquet").write_text("no")
    with pytest.raises(SourceError, match="neither Parquet nor Arrow"):
        read_back(tmp_path / "c.parquet")


def test_events_are_whole_row_groups(engine: LocalEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("explorer.engine.local.coded.local_coded.batches", lambda *asked: batches(*asked, size=100))
    rows = export(engine, VISIT, tmp_path / "a.parquet", "events").rows
    assert pq.read_metadata(tmp_path / "a.parquet").num_row_groups == -(-rows // 100)


def test_nothing_kept_is_an_empty_file_with_columns(engine: LocalEngine, tmp_path: Path):
    none = VISIT.replace(keep="event_count < 0")
    for what in WHATS:
        for suffix, read in READ.items():
            assert export(engine, none, tmp_path / f"a{suffix}", what).rows == 0  # type: ignore[arg-type]
            assert read(tmp_path / f"a{suffix}").columns == asked(engine, none, what).columns


def test_categories_and_lists(tmp_path: Path):
    frame = pl.DataFrame(
        {"user": ["a", "a", "b"], "ts": [0, 10, 20], "kind": ["x", "y", None], "tags": [["p"], [], None]},
        schema_overrides={"kind": pl.Categorical},
    )
    engine = explorer.connect(frame, actor="user", time="ts")
    for suffix in (".parquet", ".arrow"):
        with_size_one = tmp_path / f"a{suffix}"
        export(engine, VISIT.replace(metrics=()), with_size_one, "events")
        assert READ[suffix](with_size_one)["kind"].cast(pl.String).to_list() == ["x", "y", None]
    export(engine, VISIT.replace(metrics=()), tmp_path / "a.csv", "events")
    assert pl.read_csv(tmp_path / "a.csv")["tags"].to_list() == ['["p"]', "[]", None]


def test_what_cannot_be_written_says_so_and_leaves_nothing(engine: LocalEngine, tmp_path: Path):
    def refused(path: Path, said: str, **more: Any) -> None:
        with pytest.raises(SourceError, match=said):
            export(engine, VISIT, path, **more)

    refused(tmp_path / "a.xls", "a.xls is of no format")
    refused(tmp_path / "no" / "a.csv", "There is no folder")
    (tmp_path / "b.csv").mkdir()
    refused(tmp_path / "b.csv", "is a folder")
    refused(Path("/proc/a.csv"), "cannot be written")
    with pytest.raises(SpecError, match="Did you mean 'sessions'"):
        export(engine, VISIT, tmp_path / "a.csv", "session")  # type: ignore[arg-type]
    assert [each.name for each in tmp_path.iterdir()] == ["b.csv"]


def test_the_events_themselves_are_not_overwritten(tmp_path: Path):
    path = tmp_path / "events.csv"
    path.write_text("who,ts\na,2024-03-01 10:00\n")
    with pytest.raises(SourceError, match="holds the events themselves"):
        export(explorer.connect(path, actor="who"), SessionDefinition("visit", "30m"), path)
    assert path.read_text().startswith("who")


def test_an_export_that_is_wanted_no_more_leaves_what_was_there(engine: LocalEngine, tmp_path: Path):
    path = tmp_path / "a.parquet"
    path.write_text("before")
    stop = Event()
    stop.set()
    with stopping(stop), pytest.raises(Stopped):
        export(engine, VISIT, path, "events")
    assert path.read_text() == "before"
    assert len(list(tmp_path.iterdir())) == 1


FORMULAS = ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://x")']
PLAIN = ["-5", "+1.5", "-1e5", "a=1", " =1", "", "-.5", "5-3", None]


def runs(text: str) -> bool:
    """Whether a spreadsheet takes a text for a formula."""
    try:
        float(text)
    except ValueError:
        return text[0] in "=+-@\t\r"
    return False


@pytest.mark.parametrize("what", WHATS)
def test_no_cell_is_a_formula_where_that_is_asked(tmp_path: Path, what: Any):
    texts = [*FORMULAS, *PLAIN]
    frame = pl.DataFrame(
        {"=who": [f"{text}" for text in texts], "ts": ["2024-03-01 10:00"] * len(texts), "@what": texts}
    )
    engine = explorer.connect(frame, actor="=who", time="ts", event="@what")
    definition = VISIT.replace(metrics=[{"name": "+n", "aggregate": "last", "column": "@what"}])
    export(engine, definition, tmp_path / "exact.csv", what)
    exact = pl.read_csv(tmp_path / "exact.csv", infer_schema=False)
    export(engine, definition, tmp_path / "safe.csv", what, spreadsheet=True)
    safe = pl.read_csv(tmp_path / "safe.csv", infer_schema=False)
    assert exact.height == safe.height == len(texts)
    for name, other in zip(exact.columns, safe.columns, strict=True):
        assert other == (f"'{name}" if name[0] in "=+@" else name)
        for one, shown in zip(exact[name].to_list(), safe[other].to_list(), strict=True):
            assert shown == (f"'{one}" if one and runs(one) else one)
    assert any(cell.startswith("'=") for cell in safe.to_series(0 if what != "sessions" else 1).drop_nulls())
    with pytest.raises(SpecError, match="is no CSV file"):
        export(engine, definition, tmp_path / "out.parquet", what, spreadsheet=True)


@pytest.mark.parametrize("kind", EXPORT_FORMATS, ids=lambda kind: kind.name)
def test_every_format_is_a_whole_row(kind: ExportFormat, engine: LocalEngine, tmp_path: Path):
    assert all((kind.label, kind.hint, kind.note))
    assert [each.name for each in EXPORT_FORMATS].count(kind.name) == 1
    for suffix in kind.suffixes:
        path = tmp_path / f"out{suffix}"
        export(engine, VISIT, path, spreadsheet=kind.spreadsheet)
        assert READ[suffix](path).height == engine.sessions(VISIT).height

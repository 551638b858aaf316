"""Sources of every kind by command, and as code that runs and finds the same sessions."""

import shlex
from pathlib import Path

import polars as pl
import pytest

import explorer
from explorer.cli import main
from explorer.code.polars import polars_code
from explorer.code.python import python_code
from explorer.code.shell import shell_code
from explorer.code.sql import sql_code
from explorer.errors import SourceError
from explorer.exports import export
from explorer.spec.analysis import Analysis
from explorer.spec.columns import Columns
from explorer.spec.document import from_query, to_query
from explorer.spec.session import SessionDefinition
from tests.code.running import check, run

VISIT = SessionDefinition("visit", "30m")
ROWS = "a,2024-03-01 10:00:00,view\n007,2024-03-01 10:05:00,buy\na,2024-03-01 11:00:00,view\n"
PLAIN = "user,ts,event\n" + ROWS
LOG = '10.0.0.1 - - [01/Mar/2024:10:00:00 +0000] "GET /a HTTP/1.0" 200 1\n'
SOURCES: dict[str, dict[str, str | bytes]] = {
    "plain": {"a.csv": PLAIN},
    "semicolons": {"a.csv": PLAIN.replace(",", ";")},
    "title": {"a.csv": "Report\n\n" + PLAIN},
    "utf-16": {"a.csv": PLAIN.encode("utf-16")},
    "txt": {"a.txt": PLAIN},
    "access log": {"access.log": LOG * 3},
    "records": {
        "a.json": '{"Records": [{"user": {"id": "a"}, "ts": "2024-03-01 10:00:00"}, '
        '{"user": {"id": "b"}, "ts": "2024-03-01 11:00:00"}]}'
    },
    "dotted": {"a.ndjson": '{"user": {"id": "a"}, "ts": "2024-03-01 10:00:00"}\n' * 2},
    "list": {"a.csv": PLAIN, "b.csv": PLAIN.replace("a,", "b,")},
    "list of dialects": {"a.csv": PLAIN, "b.csv": PLAIN.replace(",", "\t")},
}


def made(tmp_path: Path, name: str) -> list[str]:
    for file, content in SOURCES[name].items():
        (tmp_path / file).write_bytes(content if isinstance(content, bytes) else content.encode())
    return [str(tmp_path / file) for file in SOURCES[name]]


@pytest.mark.parametrize("name", SOURCES)
def test_the_code_finds_the_same_sessions(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch):
    paths = made(tmp_path, name)
    engine = explorer.connect(paths if len(paths) > 1 else paths[0])
    analysis = Analysis(engine.columns, (VISIT,))
    check(engine, VISIT, run(polars_code(engine, VISIT)))
    check(engine, VISIT, run(python_code(engine, analysis, VISIT)))
    monkeypatch.chdir(tmp_path)
    words = shlex.split(shell_code(engine, analysis, VISIT).replace("\\\n", " "), comments=True)
    assert words[0] == "session-explorer"
    assert main(words[1:]) == 0
    found = pl.read_parquet("sessions.parquet")
    assert found["session_id"].to_list() == engine.sessions(VISIT)["session_id"].to_list()


def test_commands_take_several_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    one, other = made(tmp_path, "list")
    out = tmp_path / "out.parquet"
    assert main(["sessionize", one, other, "-o", str(out)]) == 0
    assert pl.read_parquet(out)["user"].unique().sort().to_list() == ["007", "a", "b"]
    assert main(["inspect", one, other]) == 0
    assert "6 rows, 6 events" in capsys.readouterr().out
    assert main(["report", one, other, "-o", str(tmp_path / "out.html")]) == 0
    assert "a.csv and 1 more" in (tmp_path / "out.html").read_text(encoding="utf-8")


def test_what_was_assumed_is_said_by_inspect(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["inspect", *made(tmp_path, "semicolons")]) == 0
    assert "Separator: semicolon." in capsys.readouterr().out


def test_none_of_several_sources_is_written_over(tmp_path: Path):
    engine = explorer.connect(made(tmp_path, "list"))
    with pytest.raises(SourceError, match="holds the events themselves"):
        export(engine, VISIT, tmp_path / "b.csv")


def test_code_reads_a_file_as_it_was_said_to_be_written(tmp_path: Path) -> None:
    path = tmp_path / "events.csv"
    path.write_text("junk\tx\nuser\tts\tn\na\t2024-03-01 10:00\t1.234\nb\t2024-03-01 10:01\t2.000\n")
    log = explorer.connect(path, format={"separator": "tab", "skip_lines": 1, "decimal": ","})
    visit = SessionDefinition("visit", "30m", metrics=[{"name": "total", "aggregate": "sum", "column": "n"}])
    check(log, visit, run(polars_code(log, visit)))
    analysis = Analysis(columns=log.columns, sessions=[visit])
    assert Analysis.from_yaml(analysis.to_yaml()) == analysis
    assert Columns.read(from_query(to_query(log.columns.plain()))) == log.columns
    assert "--format separator=tab" in shell_code(log, analysis, SessionDefinition("visit", "30m"))
    assert "CREATE VIEW" not in sql_code(log, visit)

"""The command line: results on files, one clear sentence and exit code 2 for bad input."""

from pathlib import Path

import duckdb
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from explorer.cli import main
from explorer.engine.sql.databases import connections
from explorer.exports import read_back as read_file
from explorer.report import read_back
from explorer.sample import SAMPLE
from explorer.spec.analysis import Analysis

pytestmark = pytest.mark.slow

SHOP_YAML = SAMPLE.with_name("shop.yaml")


@pytest.fixture
def events(tmp_path: Path) -> Path:
    path = tmp_path / "events.csv"
    path.write_text(
        "who,ts,event\na,2024-03-01 10:00,x\na,2024-03-01 10:30,login\na,2024-03-01 11:01,x\n,2024-03-01 10:00,x\n"
    )
    return path


@pytest.mark.parametrize("suffix", ["parquet", "csv", "arrow"])
def test_sessionize(events: Path, tmp_path: Path, suffix: str, capsys: pytest.CaptureFixture[str]):
    output = tmp_path / f"sessions.{suffix}"
    assert main(["sessionize", str(events), "-o", str(output), "--actor", "who", "--inactivity", "30m"]) == 0
    read = {"parquet": pl.read_parquet, "csv": pl.read_csv, "arrow": pl.read_ipc}[suffix]
    assert read(output)["session_id"].to_list() == ["a/1", "a/2"]
    said = capsys.readouterr()
    assert "2 sessions" in said.out
    assert "1 row has no who. It is left out." in said.err


@pytest.mark.parametrize(("what", "rows"), [("sessions", 2), ("actors", 1), ("events", 3)])
def test_sessionize_what(events: Path, tmp_path: Path, what: str, rows: int, capsys: pytest.CaptureFixture[str]):
    output = tmp_path / "out.parquet"
    assert main(["sessionize", str(events), "-o", str(output), "--actor", "who", "--what", what]) == 0
    assert pl.read_parquet(output).height == rows
    assert f"{rows} {what if rows > 1 else what[:-1]} in" in capsys.readouterr().out
    assert read_file(output).sessions[0].name == "session"


def test_sessionize_with_conditions(events: Path, tmp_path: Path):
    output = tmp_path / "sessions.parquet"
    options = ["--actor", "who", "--inactivity", "1h", "--restart", "event = 'login'", "--keep", "event_count > 1"]
    assert main(["sessionize", str(events), "-o", str(output), *options]) == 0
    assert pl.read_parquet(output)["session_id"].to_list() == ["a/2"]


def test_sessionize_with_an_analysis(tmp_path: Path):
    output = tmp_path / "sessions.parquet"
    arguments = ["sessionize", str(SAMPLE), "-o", str(output), "--analysis", str(SHOP_YAML), "--session", "login visit"]
    assert main(arguments) == 0
    assert pl.read_parquet(output).columns[-1] == "purchases"


def test_report(events: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    output = tmp_path / "out.html"
    assert (
        main(["report", str(events), "-o", str(output), "--actor", "who", "--inactivity", "1h", "--title", "A & B"])
        == 0
    )
    document = read_back(output.read_text(encoding="utf-8"))
    assert (document.title, str(document.sessions[0].inactivity), document.source) == ("A & B", "1h", str(events))
    said = capsys.readouterr()
    assert "1 session in" in said.out
    assert "1 row has no who. It is left out." in said.err


def test_report_with_an_analysis(tmp_path: Path):
    output = tmp_path / "out.html"
    arguments = ["report", str(SAMPLE), "-o", str(output), "--analysis", str(SHOP_YAML), "--session", "login visit"]
    assert main(arguments) == 0
    text = output.read_text(encoding="utf-8")
    assert read_back(text) == Analysis.from_yaml(SHOP_YAML.read_text(encoding="utf-8"))
    assert text.index('<h2 id="first">login visit</h2>') < text.index(">visit</h2>")


def test_inspect(capsys: pytest.CaptureFixture[str]):
    assert main(["inspect", str(SAMPLE), "--analysis", str(SHOP_YAML)]) == 0
    said = capsys.readouterr().out
    assert "A session is consecutive events of one user_id where event is not 'heartbeat', at most 30m apart." in said
    assert "median duration" in said


def test_how_the_source_is_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    path, output = tmp_path / "events.csv", tmp_path / "sessions.parquet"
    path.write_text("who,at,n\na,1700000000,2\na,1700000000,1\na,1700000000,1\n")
    options = ["--time", "at", "--actor", "who", "--drop-duplicates", "--order", "n", "--unit", "milliseconds"]
    assert main(["sessionize", str(path), "-o", str(output), *options]) == 0
    assert "1 row repeats an earlier one in every column. It is left out." in capsys.readouterr().err
    session = pl.read_parquet(output).row(0, named=True)
    assert (session["event_count"], session["start"].year) == (2, 1970)


REFUSED = [
    (["inspect", "nowhere.csv"], "There is no file nowhere.csv"),
    (["inspect", "EVENTS", "--actor", "who", "--time", "event"], "Column 'event' holds no time that can be read"),
    (["inspect", "EVENTS", "--actor", "whom"], "There is no column 'whom'. Did you mean 'who'?"),
    (["inspect", "EVENTS", "--actor", "who", "--inactivity", "30"], "inactivity: '30' has no unit"),
    (["inspect", "EVENTS", "--actor", "who", "--where", "evnt = 'x'"], "where: there is no column 'evnt'"),
    (["inspect", "EVENTS", "--actor", "who", "--restart", "event ="], "restart: `event =` cannot be read"),
    (["inspect", "EVENTS", "--analysis", "nowhere.yaml"], "The analysis nowhere.yaml cannot be read"),
    (["sessionize", "EVENTS", "-o", "out.xls"], "out.xls is of no format that is known here"),
    (["sessionize", "EVENTS", "-o", "no/where/out.csv"], "There is no folder"),
    (["report", "EVENTS", "-o", "no/where/out.html"], "There is no folder"),
    (["report", "EVENTS", "-o", "/", "--actor", "who"], "/ is a folder. Name a file in it."),
    (["serve", "nowhere.csv", "--no-browser"], "There is no file nowhere.csv"),
    (["serve", "EVENTS", "--no-browser", "--folder", "nowhere"], "There is no folder nowhere to open files in."),
]


@pytest.mark.parametrize(("arguments", "said"), REFUSED, ids=[" ".join(arguments) for arguments, _ in REFUSED])
def test_bad_input_is_one_sentence_and_exit_code_2(
    arguments: list[str], said: str, events: Path, capsys: pytest.CaptureFixture[str]
):
    assert main([str(events) if word == "EVENTS" else word for word in arguments]) == 2
    error = capsys.readouterr().err
    assert error.startswith("session-explorer: ")
    assert said in error
    assert error.count("\n") == 1


def test_what_nobody_expected_is_said_with_what_happened(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Panic(BaseException):
        pass

    def panic(*_: object, **__: object) -> None:
        raise Panic("in Polars")

    monkeypatch.setattr("explorer.cli.connect", panic)
    assert main(["inspect", "events.csv"]) == 2
    said = capsys.readouterr().err
    assert said.startswith("session-explorer: This went wrong for a reason that the program does not know.")
    assert "Polars" not in said


@pytest.fixture
def shop(events: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The events in a file of DuckDB's, beside a table that is nobody's business."""
    monkeypatch.setattr(connections, "_added", {})
    path = events.with_name("shop.db")
    with duckdb.connect(str(path)) as connection:
        connection.execute(f"CREATE TABLE visits AS SELECT * FROM '{events}'")
        connection.execute("CREATE TABLE salaries AS SELECT * FROM visits")
    return path


def test_commands_on_a_table_of_a_database(
    shop: Path, events: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    there, here = tmp_path / "there.parquet", tmp_path / "here.parquet"
    table = [f"duckdb:///{shop}", "--table", "visits"]
    options = ["--actor", "who", "--inactivity", "30m"]
    for what in ("sessions", "actors"):
        assert main(["sessionize", str(events), "-o", str(here), *options, "--what", what]) == 0
        assert main(["sessionize", *table, "-o", str(there), *options, "--what", what]) == 0
        assert_frame_equal(pl.read_parquet(there), pl.read_parquet(here), check_dtypes=False)
    assert read_file(there).source == "connection://shop.db/visits"
    assert main(["inspect", *table, "--actor", "who"]) == 0
    assert "4 rows, 3 events" in capsys.readouterr().out
    assert main(["report", *table, "--actor", "who", "-o", str(tmp_path / "report.html")]) == 0
    assert str(shop.parent) not in (tmp_path / "report.html").read_text().replace("connection://shop.db", "")
    query = ["--query", "SELECT * FROM visits WHERE event = 'login'"]
    assert main(["inspect", table[0], *query, "--actor", "who"]) == 0
    assert "1 row, 1 event\n" in capsys.readouterr().out


def test_a_table_that_is_not_there(shop: Path, events: Path, capsys: pytest.CaptureFixture[str]):
    for arguments, said in (
        ([f"duckdb:///{shop}", "--table", "visit"], "There is no table 'visit'. Did you mean 'visits'?"),
        ([f"duckdb:///{shop}"], "Say which table of shop.db holds the events. There are: salaries, visits."),
        ([str(events), "--table", "visits"], "Only a database has tables."),
        (["mysql://me@db/shop", "--table", "visits"], "is not known here"),
    ):
        assert main(["inspect", *arguments]) == 2
        assert said in capsys.readouterr().err

"""Python, SQL, the command line and YAML, each run: the engine's sessions come out."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

import duckdb
import polars as pl
import pytest
from hypothesis import given

import explorer
from explorer.cli import main
from explorer.code.languages import LANGUAGES, TONGUES, Language, code
from explorer.code.sql import DIALECTS
from explorer.engine.local.engine import LocalEngine
from explorer.engine.sql.remote_engine import RemoteEngine
from explorer.errors import EngineError, SpecError
from explorer.spec.analysis import Analysis
from explorer.spec.charts.chart import Chart
from explorer.spec.expression.clause import parse
from explorer.spec.metric import Metric
from explorer.spec.session import SessionDefinition
from tests.code.running import check, run, same
from tests.examples import examples
from tests.factories import GALLERY, connect, made, of_no_cohort
from tests.strategies import Log, definitions, logs

pytestmark = pytest.mark.slow

SELECTED = parse("duration >= '1m' AND NOT (started_by = 'first' OR start < '2024-03-30 21:00')")


def of(engine: LocalEngine, definition: SessionDefinition) -> Analysis:
    return Analysis(engine.columns, (definition,))


def gallery() -> list[tuple[Analysis, SessionDefinition]]:
    found = [Analysis.from_yaml(path.read_text()) for path in GALLERY]
    return [(analysis, definition) for analysis in found for definition in of_no_cohort(analysis)]


def opened(analysis: Analysis) -> LocalEngine:
    return explorer.connect(made(), **(analysis.columns.plain() | {"unit": None}))


# ---- Python


@examples(40)
@given(logs(), definitions())
def test_python_over_any_log(log: Log, definition: SessionDefinition):
    engine = connect(log)
    check(engine, definition, run(code(engine, of(engine, definition)), events=log.frame))


@pytest.mark.parametrize("path", GALLERY, ids=lambda path: path.stem)
def test_python_of_the_gallery(path: Path):
    analysis = Analysis.from_yaml(path.read_text())
    engine = opened(analysis)
    analysis = analysis.replace(columns=engine.columns)
    engine = engine.under(analysis)
    for definition in analysis.sessions:
        found = run(code(engine, analysis, session=definition.name, selected=SELECTED), events=made())
        check(engine, definition, found)
        kept = definition.keep
        wanted = parse(f"({kept}) AND {SELECTED}" if kept else str(SELECTED))
        same(engine.sessions(definition.replace(keep=wanted)), found["selected"])
        assert [chart for _, chart in found.get("charts", [])] == list(analysis.charts)
        for each in analysis.sessions:
            assert each in [value for value in found.values() if isinstance(value, SessionDefinition)]


def test_names_become_variables():
    engine = explorer.connect(made(), actor="user", time="ts")
    names = ["log", "a b", "a-b", "class", "日本", "1 day", "print", "sessions", "x\ny"]
    analysis = Analysis(engine.columns, [SessionDefinition(name, "30m") for name in names])
    found = run(code(engine, analysis, session="class"), events=made())
    check(engine, analysis.session("class"), found)


# ---- SQL


@given(logs(), definitions())
def test_sql_over_any_log(log: Log, definition: SessionDefinition):
    engine = connect(log)
    relation = duckdb.connect().from_arrow(log.frame.to_arrow())
    remote = RemoteEngine.of(relation, "events", **engine.columns.plain())
    query = code(engine, of(engine, definition), "sql")
    found = relation.query("events", query).pl()
    wanted = remote.sessions(definition)
    assert found.height == wanted.height
    for name in ("session_id", "session_number", "event_count"):
        assert found[name].to_list() == wanted[name].to_list() == engine.sessions(definition)[name].to_list()


@pytest.mark.parametrize("dialect", DIALECTS)
def test_sql_of_the_gallery(dialect: str):
    relation = duckdb.connect().from_arrow(made().to_arrow())
    refused: list[str] = []
    for analysis, definition in gallery():
        engine = opened(analysis)
        try:
            query = code(engine, of(engine, definition), "sql", dialect=dialect, selected=SELECTED)
        except EngineError as error:
            refused.append(str(error))
            continue
        assert query.startswith("-- One row per session of the table events")
        if dialect == "duckdb" and not analysis.columns.drop_duplicates:
            keep = f"({definition.keep}) AND {SELECTED}" if definition.keep else SELECTED
            wanted = engine.sessions(definition.replace(keep=keep))
            found = relation.query("events", query).pl()
            assert found["session_id"].to_list() == wanted["session_id"].to_list()
            assert found["duration"].to_list() == wanted["duration"].dt.total_microseconds().to_list()
    assert all(DIALECTS[dialect] in said for said in refused)
    assert not (dialect == "duckdb" and refused)


def test_sql_says_what_the_table_must_be(tmp_path: Path):
    path = tmp_path / "it's.csv"
    path.write_text("who,ts\na,1709287200\na,1709287300\n")
    engine = explorer.connect(path, actor="who", time="ts", drop_duplicates=True)
    said = code(engine, of(engine, SessionDefinition("visit", "30m")), "sql")
    assert f"-- To make it: CREATE VIEW events AS FROM '{tmp_path}/it''s.csv';" in said
    assert "-- Its column ts must be a TIMESTAMP WITH TIME ZONE: that of it's.csv is none." in said
    assert "SELECT DISTINCT" in said


# ---- the command line


def commands(text: str, folder: Path) -> pl.DataFrame:
    """Runs it in a real shell, with our main in the place of the program that is installed."""
    program = folder / "session-explorer"
    program.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m explorer.cli "$@"\n')
    program.chmod(0o755)
    here = {"PATH": f"{folder}:{os.environ['PATH']}", "PYTHONPATH": str(Path.cwd())}
    done = subprocess.run(
        ["sh", "-eu"], input=text, cwd=folder, env={**os.environ, **here}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return pl.read_parquet(folder / "sessions.parquet")


@pytest.mark.parametrize("at", [0, 1])
def test_the_command_in_a_shell(tmp_path: Path, at: int):
    hostile = 'it\'s $(touch hit) `touch hit` "x" \\ !'
    path = tmp_path / "a b$(x).parquet"
    made().with_columns(pl.col("page").fill_null(hostile)).write_parquet(path)
    engine = explorer.connect(path, actor=["user", "platform"], time="ts", event="event", order="page")
    definition = SessionDefinition(
        "it's $(touch hit)",
        "30m",
        restart="event = 'login'",
        where="page != '" + hostile.replace("'", "''") + "'",
        boundary=">=",
        metrics=[{"name": "YAML", "aggregate": "count"}] if at else (),
        description="YAML\nYAML_\n$(touch hit)",
    )
    text = code(engine, of(engine, definition), "shell", selected=SELECTED)
    found = commands(text, tmp_path)
    same(engine.sessions(definition.replace(keep=SELECTED)), found)
    assert ("--analysis" in text) == bool(at)
    assert not (tmp_path / "hit").exists()


def test_the_command_of_the_gallery(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    made().write_parquet("events.parquet")
    for analysis, definition in gallery():
        engine = opened(analysis)
        text = code(engine, of(engine, definition), "shell")
        assert text.startswith("# events.parquet: the data frame")
        if "<<" in text:
            head, command = text.rsplit("\nYAML\n", 1)
            Path("analysis.yaml").write_text(head.split("<<'YAML'\n", 1)[1])
        else:
            command = text
        assert main(shlex.split(command.replace("\\\n", " "), comments=True)[1:]) == 0
        same(engine.sessions(definition), pl.read_parquet("sessions.parquet"))


# ---- all


def test_yaml_is_the_document():
    analysis, _ = gallery()[0]
    assert Analysis.from_yaml(code(opened(analysis), analysis, "yaml")) == analysis


def test_what_is_not_there_says_so():
    engine = explorer.connect(made().with_row_index("row"), actor="user", time="ts", order="row")
    usual = Metric("usual", "mode", "event")
    analysis = of(engine, SessionDefinition("visit", "30m", metrics=(usual,)))
    with pytest.raises(SpecError, match="Did you mean 'python'"):
        code(engine, analysis, "pyhton")
    with pytest.raises(EngineError, match="'mode' is not written for Postgres"):
        code(engine, analysis, "sql", dialect="postgres")
    with pytest.raises(SpecError, match="no session definition"):
        code(engine, analysis, session="vist")
    wrong = of(engine, SessionDefinition("visit", "30m", where="evnt = 1"))
    for tongue in TONGUES:
        with pytest.raises(SpecError, match="Did you mean 'event'"):
            code(engine, wrong, tongue)


def test_charts_are_answered(capsys: pytest.CaptureFixture[str]):
    engine = explorer.connect(made(), actor="user", time="ts")
    chart = Chart("bar", "visit", measure="median duration", by="platform", title="it's")
    analysis = of(engine, SessionDefinition("visit", "30m")).replace(charts=(chart,))
    run(code(engine, analysis), events=made())
    assert str(engine.query(chart, analysis.sessions[0])) in capsys.readouterr().out


def test_what_only_python_says_of_charts_is_said():
    frame = pl.DataFrame({"user": ["a", "b"], "ts": ["2024-03-01", "2024-03-02"]})
    log = explorer.connect(frame, actor="user", time="ts")
    visit = explorer.SessionDefinition("visit", "30m")
    chart = explorer.Chart("line", "visit", every="1d", over="2d", previous="day")
    analysis = explorer.Analysis(log.columns, [visit], charts=[chart])
    assert 'over="2d", previous="day"' in code(log, analysis, "python")
    for tongue in ("polars", "sql", "shell"):
        assert "the Python code asks them." in code(log, analysis, tongue)
        assert "Python code" not in code(
            log, analysis.replace(charts=[chart.replace(over=None, previous=None)]), tongue
        )


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.name)
def test_every_language_is_a_whole_row(language: Language):
    assert all((language.label, language.note, Path(language.file).suffix))
    engine = explorer.connect(made(), actor="user", time="ts")
    plain = of(engine, SessionDefinition("visit", "30m"))
    moving = plain.replace(charts=(Chart("line", "visit", every="1d", over="2d"),))
    assert code(engine, plain, language.name)
    said = "Sliding windows" in code(engine, moving, language.name)
    assert said == bool(language.comment)

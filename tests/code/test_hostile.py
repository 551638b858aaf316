"""Whatever stands in names, values, zones, paths and titles: code of every language gives the numbers, and does nothing
else."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import polars as pl
import pytest
import sqlglot

import explorer
from explorer.cli import main
from explorer.code.languages import DIALECTS, code
from explorer.engine.local.engine import LocalEngine
from explorer.errors import EngineError
from explorer.events.machine.workplace import Workplace
from explorer.spec.analysis import Analysis
from explorer.spec.charts.chart import Chart
from explorer.spec.expression.clause import All, Compare, In, Matches, Not
from explorer.spec.session import SessionDefinition
from tests.code.guarded import without_effects
from tests.code.running import check, run, same

pytestmark = pytest.mark.slow

HOSTILE = {
    "python, double": 'a" if __import__("os").system("touch hit") else "b',
    "python, single": "a' + str(__import__('os').system('touch hit')) + 'b",
    "python, line": 'a\n__import__("os").system("touch hit")\nb',
    "python, braces": '{__import__("os").system("touch hit")}',
    "python, three": '"""\n__import__("os").system("touch hit")\n"""',
    "backslashes": "a\\",
    "more backslashes": "\\\" + '\\' \\N{DASH} \\x41 \\n",
    "sql, value": "a'; COPY (SELECT 1) TO 'hit'; --",
    "sql, name": "a\"; COPY (SELECT 1) TO 'hit'; --",
    "sql, comment": "a */ ; -- /* b",
    "sql, line": "a\nCOPY (SELECT 1) TO 'hit';\n--b",
    "sql, carriage": "a\rCOPY (SELECT 1) TO 'hit';\r--b",
    "shell": 'a$(touch hit)`touch hit`; touch hit; "b" !touch',
    "shell, line": "a'\ntouch hit\n'b",
    "shell, flag": "--output=hit",
    "shell, end": "YAML\ntouch hit\nYAML",
    "html": "</script><img src=x onerror=alert(1)>&amp;",
    "yaml": "a: &b [*c, !!python/object:os.system] # d",
    "templates": "%s %(a)s {} {0} {{ 7 * 7 }} ${HOME}",
    "line ends": "a\u2028b\u2029c\x85d\x0be\x0cf",
    "signs": "\x07bell\x1b[31m \u202eright",
    "regular": "^.*$",
    "star": "*",
    "formula": "=1+1",
    "tab": "a\tb",
    "dots": "a.b.c",
}
ROLES = ("who", "when", "what", "order", "split", "number")


def named(text: str) -> dict[str, str]:
    """Different names that end in the text or begin with it."""
    return {role: f"{text}{role}" if at % 2 else f"{role}{text}" for at, role in enumerate(ROLES)}


def frame(text: str, names: dict[str, str]) -> pl.DataFrame:
    rows = [
        (
            ("u1", "u2", text)[n % 3],
            datetime(2024, 3, 1, 9) + timedelta(minutes=n * n % 211),
            ("view", "login", text, "end " + text)[n % 4],
            n,
            ("web", text)[n % 2],
            n / 4,
        )
        for n in range(60)
    ]
    return pl.DataFrame(rows, schema=list(names.values()), orient="row")


def definition(text: str, names: dict[str, str], name: str) -> SessionDefinition:
    what, when = names["what"], names["when"]
    return SessionDefinition(
        name,
        "30m",
        restart=In(what, (f"end {text}", "x' OR 1=1 --")),
        end=Matches(what, "ends_with", text + text),
        where=Not(All((Matches(what, "regexp", "^never"), Matches(what, "like", text.replace("\\", "") + "_%")))),
        split_by=(names["split"],),
        keep=Not(Compare(f"most {text}", "=", -1)),
        description=text,
        metrics=[
            {"name": f"n {text}", "aggregate": "count", "where": Compare(what, "=", text)},
            {"name": f"most {text}", "aggregate": "max", "column": names["number"]},
            {"name": f"share {text}", "aggregate": "ratio", "column": f"n {text} / most {text}"},
            {
                "name": f"{text} in",
                "aggregate": "count",
                "scope": {"contains": Matches(what, "contains", text), "where": Compare("event_count", ">", 1)},
            },
            {"name": f"to {text}", "aggregate": "time_to", "where": Compare(when, ">", "2024-03-01 10:00")},
        ],
    )


class Case:
    """A file below a hostile folder, read under hostile names, and an analysis in hostile words."""

    def __init__(self, folder: Path, text: str, kind: str = ".parquet") -> None:
        self.folder, self.text, self.names = folder / "work", text, named(text)
        self.folder.mkdir()
        self.frame = frame(text, self.names)
        self.path = Path(text.replace("/", "÷")) / f"{text}{kind}".replace("/", "÷")
        (self.folder / self.path).parent.mkdir()
        roles = {"actor": self.names["who"], "time": self.names["when"], "event": self.names["what"]}
        self.roles = roles | {"order": self.names["order"]}
        if kind == ".parquet":
            self.frame.write_parquet(self.folder / self.path)
        else:
            self.frame.write_csv(self.folder / self.path)

    def engine(self, of: object = None) -> LocalEngine:
        return explorer.connect(self.path if of is None else of, **self.roles)

    def analysis(self, engine: LocalEngine) -> Analysis:
        name = self.text if self.text == self.text.strip() else "visit"
        chart = Chart("bar", name, measure="median duration", by=(self.names["split"],), title=self.text)
        return Analysis(
            engine.columns,
            (definition(self.text, self.names, name),),
            (chart,),
            str(self.path),
            title=self.text,
            notes=self.text,
        )


@pytest.fixture(params=HOSTILE.values(), ids=HOSTILE.keys())
def case(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Case:
    made = Case(tmp_path, request.param)
    monkeypatch.chdir(made.folder)
    return made


@pytest.fixture
def at_work() -> Iterator[None]:
    """Another reader is at work in the cache."""
    with Workplace():
        yield


@pytest.mark.usefixtures("at_work")
@pytest.mark.parametrize("language", ["polars", "python"])
def test_python(case: Case, language: str):
    for engine, known in ((case.engine(), {}), (case.engine(case.frame), {"events": case.frame})):
        analysis = case.analysis(engine)
        selected = Compare("started_by", "!=", "first")
        text = code(engine, analysis, language, selected=selected)
        with without_effects(case.folder):
            found = run(text, **known)
        one = analysis.sessions[0]
        check(engine, one, found)
        kept = one.replace(keep=All((one.keep, selected)))  # type: ignore[arg-type]
        same(engine.sessions(kept), found["selected"])


def test_sql(case: Case):
    engine = case.engine()
    analysis = case.analysis(engine)
    text = code(engine, analysis, "sql")
    connection = duckdb.connect()
    with without_effects(case.folder):
        connection.register("events", case.frame.to_arrow())
        found = connection.sql(text).pl()
    one = analysis.sessions[0]
    wanted = engine.sessions(one)
    assert found["session_id"].to_list() == wanted["session_id"].to_list()
    for metric in one.metrics[:4]:
        assert found[metric.name].to_list() == wanted[metric.name].to_list()


@pytest.mark.parametrize("dialect", DIALECTS)
def test_sql_of_every_dialect_is_one_question(case: Case, dialect: str):
    engine = case.engine()
    try:
        text = code(engine, case.analysis(engine), "sql", dialect=dialect)
    except EngineError:
        return
    [query] = sqlglot.parse(text, dialect=dialect)
    assert isinstance(query, sqlglot.exp.Select)


SHELL_PROGRAM = """#!/bin/sh
for each in "$@"; do printf '%s\\0' "$each"; done > "$SAID"
"""


def test_the_command_line(case: Case, monkeypatch: pytest.MonkeyPatch):
    """A real shell says what it would run; that is then run."""
    program, said = case.folder.parent / "bin" / "session-explorer", case.folder.parent / "said"
    program.parent.mkdir()
    program.write_text(SHELL_PROGRAM)
    program.chmod(0o755)
    here = {"PATH": f"{program.parent}:{os.environ['PATH']}", "SAID": str(said)}
    engine = case.engine()
    analysis = case.analysis(engine)
    one = analysis.sessions[0]
    for asked in (one, one.replace(metrics=(), keep=None, split_by=())):
        before = sorted(case.folder.rglob("*"))
        text = code(engine, analysis.replace(sessions=(asked,), charts=()), "shell")
        done = subprocess.run(["sh", "-eu"], input=text, env=os.environ | here, capture_output=True, text=True)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
        with monkeypatch.context() as patch:
            patch.setattr("sys.stderr", None)
            assert main(said.read_bytes().decode().split("\0")[:-1]) == 0
        same(engine.sessions(asked), pl.read_parquet("sessions.parquet"))
        Path("sessions.parquet").unlink()
        Path("analysis.yaml").unlink(missing_ok=True)
        assert sorted(case.folder.rglob("*")) == before


def test_yaml(case: Case):
    engine = case.engine()
    analysis = case.analysis(engine)
    assert Analysis.from_yaml(code(engine, analysis, "yaml")) == analysis

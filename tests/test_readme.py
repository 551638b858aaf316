"""What the README shows is true: its blocks are run."""

import re
import shlex
from pathlib import Path

import polars as pl
import pytest

import explorer
from explorer.cli import main
from explorer.sample import SAMPLE
from explorer.spec.analysis import Analysis

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the sample as events.parquet."""
    shop = pl.read_csv(SAMPLE).with_columns(pl.col("ts").str.to_datetime("%Y-%m-%d %H:%M:%S%.f", strict=False))
    shop.write_parquet(tmp_path / "events.parquet")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_script_runs(here: Path):
    del here
    names: dict[str, object] = {}
    for script in blocks("python"):
        if "SessionExplorer" not in script:
            exec(script, names)
    log, visit = names["log"], names["visit"]
    assert isinstance(log, explorer.engine.local.engine.LocalEngine)  # type: ignore[attr-defined]
    assert "purchases" in log.sessions(visit).columns


def test_the_commands_run(here: Path):
    lines = [line for block in blocks("bash") for line in block.splitlines() if line.startswith("session-explorer")]
    assert len(lines) == 3
    for line in lines:
        assert main(shlex.split(line, comments=True)[1:]) == 0
    assert pl.read_parquet(here / "sessions.parquet").height


def test_the_analysis_asks_the_three_questions(here: Path):
    del here
    (text,) = blocks("yaml")
    analysis = Analysis.from_yaml(text)
    found = explorer.connect(analysis.source, **analysis.columns.plain()).sessions(analysis.sessions[0])
    assert found.select("purchases", "pages", "errors").sum().row(0) == pytest.approx((289, 4_500, 133), rel=0.5)


def test_pictures_and_files_are_there():
    for target in re.findall(r"\]\(([^)#:]+)\)", README):
        assert (ROOT / target).exists(), target

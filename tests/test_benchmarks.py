"""The benchmarks run and measure work, and README's table is what they measured."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bench import growth
from tests.bench.figures import BEGIN, END, README, ROWS, kept, with_table
from tests.bench.growth_picture import drawn

ROOT = Path(__file__).parents[1]


@pytest.mark.slow
def test_every_benchmark_makes_what_it_measures():
    """With few events: one that only remembers fails, and so does one that has not followed the code."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/bench"]
    run = subprocess.run(
        [*command, "-k", "not drag and not linking"],
        env=os.environ | {"BENCH_EVENTS": "3000"}, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout[-3000:]


def test_the_table_of_the_readme_is_what_was_measured():
    readme = README.read_text()
    assert readme.count(BEGIN) == readme.count(END) == 1
    assert with_table(readme, kept()["figures"]) == readme


def test_every_row_was_measured():
    figures = kept()["figures"]
    named = [name for row in ROWS for name in (*row.ours, row.polars, row.duckdb) if name]
    assert [name for name in named if name not in figures] == []


def test_the_figures_are_of_a_commit_and_name_no_machine():
    found = kept()
    assert found["changed"] is False
    assert found["events"] == 10_000_000
    assert platform.node() not in str(found["machine"])


@pytest.mark.slow
def test_growth_is_measured_where_all_ways_find_the_same():
    found = growth.grown([2_000, 5_000])
    assert [(each["events"], each["way"]) for each in found] == [
        (events, way) for events in (2_000, 5_000) for way in growth.WAYS
    ]
    assert all(each["sessions"] > 0 for each in found)
    assert drawn(found).count("<polyline") == 18

"""The messy sample is what its generator makes, holds what its README says, and opens."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest

import explorer
from explorer.sample import MESSY
from explorer.spec.analysis_file import beside, read_analysis
from sample_data import generate_access_log as generate

README = Path(generate.__file__).with_name("README.md").read_text(encoding="utf-8")
REQUEST = re.compile(r'(\S+) - - \[([^\]]+)\] "([A-Z]+) (\S+) [^"]*" (\d+) (\S+) "([^"]*)" "([^"]*)"')


@pytest.fixture(scope="module")
def lines() -> list[str]:
    return gzip.decompress(generate.FILE.read_bytes()).decode().split("\n")


def test_the_file_is_what_the_generator_makes(lines: list[str]):
    assert lines == generate.lines()
    assert generate.FILE.stat().st_size < 2_000_000


def test_it_holds_what_the_readme_says(lines: list[str]):
    found = [match.groups() for line in lines if (match := REQUEST.fullmatch(line))]
    counts = {
        "lines in": len(lines),
        "lines are no requests": len(lines) - len(found),
        "lines)": sum(agent == generate.MONITOR for *_, agent in found),
        "times at": sum(host == "198.51.100.66" for host, *_ in found),
        "of `/static/`": sum("/static/" in path for _, _, _, path, *_ in found),
    }
    told = README.replace("\n", " ")
    assert [what for what, count in counts.items() if f"{count:,} {what}" not in told] == []
    assert sum(time.endswith("1970:01:00:04 +0100") for _, time, *_ in found) == 3


def test_it_opens_with_its_analysis():
    path = beside(MESSY)
    assert path is not None
    document = read_analysis(path)
    log = explorer.connect(MESSY, **document.columns.plain())
    assert log.columns == document.columns
    assert log.quality.rows == 61_273
    people, everything = (log.sessions(definition) for definition in document.sessions)
    assert people.height > 4_000
    longest = everything.sort("duration", descending=True)["host"].head(2).to_list()
    assert set(longest) == {"198.51.100.9", "198.51.100.66"}


def test_every_chart_of_its_analysis_has_something_to_draw():
    analysis = read_analysis(generate.FILE.with_name("access.yaml"))
    log = explorer.connect(generate.FILE).under(analysis)
    for chart in analysis.charts:
        definition = next(each for each in analysis.sessions if each.name == chart.session)
        assert log.query(chart, definition).height > 5

"""The guide is true: every example in it runs, every table is filled, every page is listed."""

from __future__ import annotations

import doctest
import re

import pytest

from explorer.guide import FOLDER, ORDER, TABLES, Chapter, chapter, chapters
from explorer.spec.aggregates import AGGREGATES
from explorer.spec.charts.kinds import KINDS

FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


def test_every_page_is_listed():
    assert sorted(f"{name}.md" for name in ORDER) == sorted(path.name for path in FOLDER.glob("*.md"))
    with pytest.raises(KeyError):
        chapter("../secret")


@pytest.mark.parametrize("page", chapters(), ids=lambda page: page.name)
def test_its_examples_run(page: Chapter):
    examples = doctest.DocTestParser().get_doctest(page.text, {"datetime": __import__("datetime")}, page.name, None, 0)
    assert examples.examples, "a page has at least one example"
    said: list[str] = []
    found = doctest.DocTestRunner(optionflags=FLAGS).run(examples, out=said.append)
    assert found.failed == 0, "".join(said)


@pytest.mark.parametrize("page", chapters(), ids=lambda page: page.name)
def test_its_tables_are_filled(page: Chapter):
    assert "{{" not in page.text
    rows = [line for line in page.text.splitlines() if line.startswith("|")]
    assert all(row.count("|") - row.count("\\|") >= 3 for row in rows)


def test_tables_hold_every_row():
    aggregates, charts = TABLES["aggregates"](), TABLES["charts"]()
    assert all(f"`{row.name}`" in aggregates for row in AGGREGATES.values() if row.metric and row.label)
    assert all(f"`{name}`" in charts for name in KINDS)
    assert not re.search(r"\bNone\b", aggregates + charts)

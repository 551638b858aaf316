"""What is different in the report: sentences and table of the selection that it is opened with, and only then."""

from __future__ import annotations

import pytest

from explorer.charts.contrast_texts import METHOD
from explorer.crossfilter.selections.selection import Selection
from explorer.errors import SpecError
from explorer.report import html
from explorer.report.page import linked
from explorer.report.tables import differences
from explorer.spec.analysis import Analysis
from explorer.spec.charts.chart import Chart
from tests.engine.local.different.made_up import VISIT, shop
from tests.engines.making import Connect

CHARTS = (Chart("bar", "visit", by="first event"), Chart("distribution", "visit", of="duration"))
SEARCH = Selection.from_text("first event:search")


def test_it_stands_in_a_report_with_a_selection(engines: Connect) -> None:
    log = shop(200, connect=engines)
    analysis = Analysis(log.columns, (VISIT,), charts=CHARTS)
    found = log.different(VISIT, SEARCH)
    text = html(log, analysis, selection=SEARCH)
    for sentence in found.sentences:
        assert f"<li>{sentence}</li>" in text
    assert METHOD.replace("'", "&#39;") in text
    assert '<article class="card tall" data-of="opened" id="different">' in text
    assert 'id="different"' not in html(log, analysis)


def test_its_table_has_every_difference(engines: Connect) -> None:
    log = shop(200, connect=engines)
    coded = linked(log, VISIT, CHARTS, SEARCH)[0]
    found = coded.different(SEARCH)
    table = differences(found)
    assert len(table.rows) == len(found.rows) + len(found.means)
    assert [heading for heading, _ in table.headings][:4] == ["What", "Value", "Selected", "Others"]
    first, row = table.rows[0], found.rows[0]
    assert (first[2].order, first[3].order) == (row.here, row.there)
    assert first[-1].text == "yes"
    assert [cells[-1].text == "yes" for cells in table.rows] == [each.told for each in (*found.rows, *found.means)]
    assert table.note.startswith(
        f"{found.here.sessions} selected sessions of {found.here.actors} actors, compared with"
    )


def test_another_group_stands_in_it_too(engines: Connect) -> None:
    log = shop(200, connect=engines)
    analysis = Analysis(log.columns, (VISIT,), charts=CHARTS)
    ios = Selection.from_text("first platform:ios")
    found = log.different(VISIT, SEARCH, ios)
    text = html(log, analysis, selection=SEARCH, against=ios).partition('id="different"')[2]
    for sentence in found.sentences:
        assert f"<li>{sentence}</li>" in text
    assert f"{found.there.sessions} sessions (First platform = ios)" in text
    with pytest.raises(SpecError, match="against: What is compared with cannot be brushed"):
        html(log, analysis, selection=SEARCH, against=Selection.from_text("duration:ios"))


def test_intervals_are_drawn_on_the_scale_of_the_page(engines: Connect) -> None:
    log = shop(200, connect=engines)
    found = linked(log, VISIT, CHARTS, SEARCH)[0].different(SEARCH)
    rows = [row[4].places for row in differences(found).rows]
    shares = [row for row in found.rows if row.difference is not None]
    far = max(abs(end) for row in shares for end in (row.more, row.difference.low, row.difference.high))
    for row, places in zip(found.rows, rows, strict=False):
        assert places.at == pytest.approx(row.more / far, abs=1e-4)
        if row.difference is not None:
            assert (places.low, places.high) == pytest.approx(
                (row.difference.low / far, row.difference.high / far), abs=1e-4
            )
    assert max(abs(end) for places in rows for end in (places.low, places.high) if end is not None) == 1
    text = html(log, Analysis(log.columns, (VISIT,), charts=CHARTS), selection=SEARCH)
    assert text.count('<span class="forest"') == len(rows)
    assert text.count('<i class="span"') == sum(places.low is not None for places in rows)


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "a & b", '"q"'])
def test_texts_from_data_are_escaped(name: str) -> None:
    log = shop(60, named=name)
    analysis = Analysis(log.columns, (VISIT,), charts=CHARTS)
    text = html(log, analysis, selection=SEARCH)
    assert "<script>alert(1)</script>" not in text.partition('id="different"')[2]
    assert name in {row.text for row in log.different(VISIT, SEARCH).rows}

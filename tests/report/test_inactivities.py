"""How much the inactivity matters, in the report: only where it is asked for."""

from __future__ import annotations

from explorer.charts.robustness_texts import METHOD, sentences, title_of
from explorer.report import html
from explorer.spec.analysis import Analysis
from explorer.spec.charts.chart import Chart
from tests.engine.local.different.made_up import VISIT, shop
from tests.engines.making import Connect

CHARTS = (Chart("bar", "visit", by="first event", title="<b>first</b>"), Chart("distribution", "visit", of="duration"))


def test_it_stands_in_a_report_that_asks_for_it(engines: Connect) -> None:
    log = shop(40, connect=engines)
    analysis = Analysis(log.columns, (VISIT,), charts=CHARTS)
    found = log.robustness(VISIT, CHARTS)
    text = html(log, analysis, inactivities=True)
    its = text.partition('id="inactivities"')[2].partition("</article>")[0]
    for sentence in sentences(found, log.zone):
        assert f"<li>{sentence}</li>" in its
    for row in found.rows:
        assert title_of(row).replace("<", "&lt;").replace(">", "&gt;") in its
    assert METHOD in its
    assert 'id="inactivities"' not in html(log, analysis)

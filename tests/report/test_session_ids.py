"""Session ids in the report: what a definition makes of them, and which rules they follow."""

from __future__ import annotations

import polars as pl
import pytest

from explorer.errors import SpecError
from explorer.report import html
from explorer.report.session_ids import held_against_ids
from explorer.spec.analysis import Analysis
from tests.engine.local.compare.vendor import VISIT, frame, with_ids
from tests.engines.making import Connect

ROWS = with_ids(frame(2, 30), VISIT.replace(calendar="UTC")).with_row_index("place")


def test_the_definition_is_held_against_them_and_their_rules_are_said(engines: Connect) -> None:
    log = engines(ROWS, actor="user", time="ts", event="event", order="place")
    analysis = Analysis(log.columns, (VISIT,))
    diff, rules = log.diff(VISIT, "vendor_id"), log.rules_from_ids("vendor_id")
    text = html(log, analysis, ids="vendor_id").partition('id="ids"')[2].partition("</article>")[0]
    assert diff.sentence.replace("'", "&#39;") in text
    assert f"The rules that they follow: {rules.sentence}" in text
    for note in rules.notes:
        assert f"<li>{note}</li>" in text
    table = held_against_ids(log, VISIT, "vendor_id")["table"]
    assert [row[0].text for row in table.rows] == ["30m of inactivity", "and a new day in UTC"]
    assert [row[1].order for row in table.rows] == [step.same for step in rules.steps]
    assert table.rows[-1][2].text == "100.0 %"
    assert 'id="ids"' not in html(log, analysis)


def test_what_holds_no_ids_is_said(engines: Connect) -> None:
    rows = ROWS.with_columns(each=pl.format("<b>{}</b>", "place"))
    log = engines(rows, actor="user", time="ts", event="event", order="place")
    text = html(log, Analysis(log.columns, (VISIT,)), ids="each").partition('id="ids"')[2].partition("</article>")[0]
    assert "these are no ids of sessions" in text
    assert "<b>" not in text
    with pytest.raises(SpecError, match=r"ids.*gone"):
        html(log, Analysis(log.columns, (VISIT,)), ids="gone")

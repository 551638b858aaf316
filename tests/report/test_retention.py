"""Who comes back in the report: the sentences, the grid with what is not known yet, and escaped names."""

from __future__ import annotations

import pytest

from explorer.charts.retention_texts import METHOD
from explorer.crossfilter.selections.selection import Selection
from explorer.engine.answers.retention import STATES
from explorer.report import html
from explorer.report.static_charts import answered, answered_selected
from explorer.spec.analysis import Analysis
from explorer.spec.charts.chart import Chart
from explorer.spec.context.annotation import Annotation
from tests.engine.local.different.made_up import VISIT, shop
from tests.engines.making import Connect

CHART = Chart("return", "visit", every="1w")


def test_it_stands_in_the_report(engines: Connect) -> None:
    log = shop(150, connect=engines)
    found = log.retention(VISIT, every="1w")
    text = html(log, Analysis(log.columns, (VISIT,), charts=(CHART,)))
    for said in (*found.sentences, found.caution, found.between.sentence, METHOD.replace("'", "&#39;")):
        assert said in text
    assert '<td class="not">not yet</td>' in text
    answer = answered(log, CHART, VISIT)
    assert answer.table is not None
    assert len(answer.table.rows) == found.frame().height
    assert [head for head, _ in answer.table.headings][:3] == ["First week", "Return", "Share"]
    rows = answer.drawn["grid"]["rows"]
    assert rows[-1][0] == "all actors"
    assert rows[-1][1][1][0] == f"{100 * (found.total.share(0) or 0):.0f} %"
    assert len(answer.drawn["activity"]) == len(found.activity.names)


def test_actors_over_time_are_drawn_with_notes_on_moments(engines: Connect) -> None:
    log = shop(150, connect=engines)
    activity = log.retention(VISIT, every="1w").activity
    notes = (Annotation(str(activity.names[2]), "New <b>checkout</b>"), Annotation("2031-01-01", "Later"))
    analysis = Analysis(log.columns, (VISIT,), charts=(CHART,))
    plain, text = (html(log, each) for each in (analysis, analysis.replace(annotations=notes)))
    drawn = answered(log, CHART, VISIT).drawn["over_time"]
    assert [line.name for line in drawn.lines] == ["New", "Returning", "Resurrected", "Dormant"]
    assert not activity.whole.all()
    for line, state in zip(drawn.lines, STATES, strict=True):
        heights = [float(point.partition(",")[2]) for part in line.parts for point in part.split()]
        counts = activity.of(state)[activity.whole]
        assert len(heights) == len(counts)
        assert heights.index(min(heights)) == counts.argmax()
    after = "New, returning, resurrected and dormant actors"
    plain, text = (each.partition(after)[2].partition("Time between sessions")[0] for each in (plain, text))
    assert plain.count('class="moment"') == 0
    assert text.count('<line class="moment"') == 1
    assert "New &lt;b&gt;checkout&lt;/b&gt;" in text
    assert "1 note lies outside of these times." in text


def test_of_the_selected_sessions(engines: Connect) -> None:
    log = shop(150, connect=engines)
    selection = Selection.from_text("event_count:2..")
    coded = log.cut(VISIT).coded()
    answer = answered_selected(coded, CHART, selection)
    assert answer.note == coded.retention(CHART, selection).sentence


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "a & b", '"q"', "Größe"])
def test_texts_from_data_are_escaped(name: str) -> None:
    log = shop(150, named=name)
    text = html(log, Analysis(log.columns, (VISIT,), charts=(CHART.replace(by="first platform"),)))
    assert "<script>alert(1)</script>" not in text
    assert name in {row.label for row in log.retention(VISIT, every="1w", by="first platform").rows}


def test_what_cannot_be_answered_says_why() -> None:
    log = shop(20)
    answer = answered(log, CHART.replace(by="nothing"), VISIT)
    assert answer.kind == "error"
    assert "nothing" in answer.note

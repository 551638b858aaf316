"""Notes on moments of time in charts: where their lines stand, and which lie outside."""

from __future__ import annotations

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from explorer.charts.brushing.linked import LinkedCharts
from explorer.charts.figure.moments import Moment, in_steps, lines, moments_of, outside_text, step_lines
from explorer.charts.theme import STILL_INK
from explorer.engine.engine import Engine
from explorer.report.page import html
from explorer.spec.analysis import Analysis
from explorer.spec.charts.chart import Chart
from explorer.spec.context.annotation import Annotation
from tests.charts.gallery import VISIT


@given(st.lists(st.integers(-50, 150), max_size=12), st.lists(st.integers(0, 100), min_size=2, max_size=9, unique=True))
def test_a_note_stands_in_the_step_that_it_falls_into(at: list[int], starts: list[int]) -> None:
    times = sorted(starts)
    moments = [Moment(us, "a", "a") for us in sorted(at)]
    shown = in_steps(moments, times)
    ends = [*times[1:], times[-1] + times[-1] - times[-2]]
    for place, moment in shown:
        step = next(i for i in range(len(times)) if times[i] <= moment.us < ends[i])
        assert step - 0.5 <= place < step + 0.5
    assert len(moments) - len(shown) == sum(not times[0] <= us < ends[-1] for us in at)


@given(st.lists(st.floats(0, 1), max_size=40))
def test_every_note_is_said_by_one_line(places: list[float]) -> None:
    made = lines([(place, Moment(at, f"n{at}", f"d{at}: n{at}")) for at, place in enumerate(sorted(places))])
    assert "; ".join(line.said for line in made) == "; ".join(f"d{at}: n{at}" for at in range(len(places)))
    assert all(0 <= line.row < 4 for line in made)


def test_many_notes_at_one_moment_are_one_line_that_says_all() -> None:
    moments = moments_of([Annotation("2026-03-01", f"n{at}") for at in range(30)], None)
    (line,) = lines([(0.5, moment) for moment in moments])
    assert (line.label, line.said.count("1 Mar 2026: ")) == ("30 notes", 30)
    assert outside_text(moments, []) == "30 notes lie outside of these times"


def test_times_are_those_of_the_zone() -> None:
    (naive,), (aware,) = (moments_of([Annotation("2026-03-01", "x")], zone) for zone in (None, "Europe/Berlin"))
    assert naive.us - aware.us == 3_600_000_000
    assert step_lines([], [])["lines"] == []


NOTES = [Annotation("2024-03-30", "<b>New</b>"), Annotation("2019-01-01", "long ago")]


def test_charts_over_time_draw_them_and_others_do_not(log: Engine) -> None:
    linked = LinkedCharts({"start": "Sessions over time", "duration": "Session duration"})
    import holoviews as hv

    figures = {name: hv.renderer("bokeh").get_plot(each).state for name, each in linked.elements.items()}
    linked.show(log.cut(VISIT).coded())
    linked.annotate(moments_of(NOTES, log.zone))

    def texts(name: str) -> list[str]:
        found = [each for each in figures[name].renderers if each.name == "moments"]
        return list(found[0].data_source.data["label"]) if found else []

    first = log.sessions(VISIT)["start"].min()
    assert isinstance(first, object)
    inside = Annotation(str(first), "now")
    linked.annotate(moments_of([*NOTES, inside], log.zone))
    assert "now" in texts("start")[0] or texts("start")[0].endswith("notes")
    assert texts("duration") == []
    (text,) = (each.glyph for each in figures["start"].renderers if each.name == "texts of moments")
    assert (text.text_color, text.background_fill_color) == ("white", STILL_INK)  # whatever lies behind it
    linked.annotate(())
    assert texts("start") == []


def test_the_report_lists_and_draws_them_as_text(log: Engine) -> None:
    when = log.sessions(VISIT)["start"].sort()[10]
    notes = [{"at": str(when), "text": "<script>alert(1)</script>"}, {"at": "2019-01-01", "text": "long ago"}]
    line = Chart("line", "visit", measure="median duration", every="1d")
    links = [{"name": "<i>CRM</i>", "url": "https://crm.example.com/{actor}"}]
    text = html(log, Analysis(log.columns, [VISIT], [line], annotations=notes, links=links))
    assert "<script>alert(1)" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert 'class="moment"' in text
    assert "1 note lies outside of these times." in text
    assert "1 Jan 2019: long ago" in text
    who = log.sessions(VISIT)["user"][0]
    assert (
        f'href="https://crm.example.com/{who}" target="_blank" rel="noopener noreferrer">&lt;i&gt;CRM&lt;/i&gt;</a>'
        in text
    )
    assert pl.Series([text]).str.contains("<i>CRM")[0] is False

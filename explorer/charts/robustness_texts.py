"""How much the choice of inactivity matters, as texts: the rows of the table on the page and in the report."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

from explorer.charts.figure.cells import column_texts
from explorer.charts.titles import asked_title, chart_title, measure_words
from explorer.crossfilter.formats import NOTHING, count_text, day_text, duration_text, many, number_text, percent_text
from explorer.crossfilter.key_numbers import KEY_NUMBERS
from explorer.engine.answers.robustness import SHARE, Robustness, Tried
from explorer.spec.charts.chart import Chart
from explorer.spec.charts.measure import Measure
from explorer.spec.duration import Duration

METHOD = (
    "All sessions are cut again at every inactivity that is tried, with all else as the definition says. A number "
    "holds as long as it stays within the share that is chosen of what it is now, a finding as long as the same group "
    "is the highest, or the same path the most frequent. What lies between two inactivities that were tried is not "
    "known."
)
MIDNIGHT = time()
LABELS = {row.name: row.label for row in KEY_NUMBERS}
SAY = {"count": count_text, "duration": duration_text, "share": percent_text, "number": number_text}


def title_of(row: Tried) -> str:
    """What a row is about.

    >>> title_of(Tried("single", "share")), title_of(Tried("mean pages", "number", Chart("number", "visit", "pages")))
    ('Single-event sessions', 'Mean pages')
    """
    if row.chart is None:
        return LABELS[row.name]
    if not row.name.startswith("chart "):
        words = measure_words(Measure.parse(row.name))
        return f"{words[:1].upper()}{words[1:]}"
    said = chart_words(row.chart)
    if row.kind != "finding":
        return said
    return f"{said}: {'most frequent' if row.chart.kind == 'paths' else 'highest'}"


def chart_words(chart: Chart) -> str:
    """What a chart shows."""
    return chart.title or (chart_title(chart.of) if chart.of else asked_title(chart))


def value_text(row: Tried, us: int, zone: str | None) -> str:
    """A row's value at one inactivity; a dash where there is none."""
    value = row.values.get(us)
    if value is None:
        return NOTHING
    if isinstance(value, tuple):
        return ", ".join(_group_text(each, zone) for each in value)
    return SAY[row.kind](value)


def _group_text(value: Any, zone: str | None) -> str:
    """A step of whole days is called by its day."""
    if isinstance(value, datetime) and (value.astimezone(ZoneInfo(zone)) if zone else value).time() == MIDNIGHT:
        return day_text(value.astimezone(ZoneInfo(zone)) if zone else value)
    return column_texts(pl.Series([value]), zone)[0] or "none"


def holds_text(row: Tried, found: Robustness, share: float = SHARE) -> str:
    """From where to where a row holds."""
    low, high = row.holds(found.now, share)
    if low == high:
        return f"{low} only"
    everywhere = (low.us, high.us) == (min(row.values), max(row.values))
    return f"{low} to {high}" + (", all tried" if everywhere and len(row.values) == len(found.lengths) else "")


def sentences(found: Robustness, zone: str | None, share: float = SHARE) -> list[str]:
    """What holds from where to where, and what changes first.

    >>> us = Duration.parse("30m").us
    >>> row = Tried("sessions", "count", values={us // 3: 900.0, us // 2: 410.0, us: 400.0, 2 * us: 397.0})
    >>> lengths = tuple(map(Duration, sorted(row.values)))
    >>> sentences(Robustness(Duration(us), lengths, (row,)), None)[0]
    'Everything here is true for any choice from 15m to 1h that was tried.'
    >>> sentences(Robustness(Duration(us), lengths, (row,)), None)[1]
    'Most sensitive: sessions, 900 at 10m, 400 at 30m, 397 at 1h.'
    """
    rows, now = found.rows, found.now
    if not rows or not any(value for row in rows for value in row.values.values()):
        return ["There is no session at any inactivity that was tried."]
    (low, high), (least, most) = found.holds(share), found.ends
    if low == high:
        lead = f"No other choice that was tried leaves everything here as it is at {now}."
    else:
        lead = f"Everything here is true for any choice from {low} to {high} that was tried."
    sensitive = found.sensitive(share)
    if sensitive is None:
        return [lead]
    always = len(found.always(share))
    known = sorted(sensitive.values)
    ends = dict.fromkeys((known[0], now.us, known[-1]))
    said = [f"{value_text(sensitive, us, zone)} at {Duration(us)}" for us in ends]
    title = title_of(sensitive)
    name = title if sensitive.kind == "finding" else f"{title[:1].lower()}{title[1:]}"
    some = f"{always} of {many(len(rows), 'row')} {'holds' if always == 1 else 'hold'} from {least} to {most}."
    return [lead, *([some] if always else []), f"Most sensitive: {name}, {', '.join(said)}."]


def left_out_text(charts: Sequence[Chart]) -> str:
    """Which charts say nothing that could be followed; nothing where all do."""
    names = ", ".join(map(chart_words, charts))
    return f"Not followed: {names}." if names else ""

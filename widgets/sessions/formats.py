"""Key numbers, table rows and brush chips as texts that are ready to be shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import polars as pl

from explorer.charts.figure.cells import column_texts
from explorer.charts.titles import brush_name, brush_words, chart_title
from explorer.crossfilter.bins.bins import Bins
from explorer.crossfilter.bins.categories import Categories
from explorer.crossfilter.bins.range_ends import EXAMPLES, typed_ends
from explorer.crossfilter.counting import Counting
from explorer.crossfilter.formats import NOTHING, count_short, count_text, duration_text, many, percent_text
from explorer.crossfilter.key_numbers import KEY_NUMBERS
from explorer.crossfilter.key_numbers import KeyNumber as Row
from explorer.crossfilter.numbers import Numbers
from explorer.crossfilter.selections.brushes import Range
from explorer.crossfilter.selections.selection import Selection
from explorer.engine.answers.inactivity import Evidence
from explorer.engine.answers.trial import MetricNumbers
from explorer.engine.coded import Coded
from explorer.engine.engine import Engine
from explorer.plan.links import Addresses
from explorer.spec.duration import Duration
from explorer.spec.metric import Metric
from explorer.spec.prose import metric_sentence
from explorer.spec.session import BESIDES
from widgets.parts.notice import Message
from widgets.sessions.brush_chips import Chip
from widgets.sessions.key_numbers import KeyNumber
from widgets.sessions.metric_tiles import Tile
from widgets.sessions.sessions_table import Column

LINKS = "@links"
OF_LINKS = Column(name=LINKS, title="Links", kind="links", help="Opens another tool in a new tab", sortable=False)
# What sessions know besides their columns, which is looked up where it is shown.
BESIDE = {"since_previous": "Since previous", "until_next": "Until next", "gap_margin": "Nearest gap"}
NEVER: Mapping[str, Sequence[float | None]] = {}
# Of these a total means something.
ADDED_UP = ("count", "sum", "n_unique")
# What can be brushed of all sessions besides metrics.
BRUSHED = (
    "duration",
    "event_count",
    "start",
    "session_number",
    "since_previous",
    "until_next",
    "gap_margin",
    "started_by",
    "session_count",
)
CUT_OFF = (
    "Sessions whose first event is within the inactivity of the first event of the data, or whose last is within it of "
    "the last, may have begun before or ended after: the data may not hold all of them."
)


def key_numbers(
    all: Numbers, selected: Numbers | None, over_time: Mapping[str, Sequence[float | None]] = NEVER
) -> list[KeyNumber]:
    """The strip above the charts; with a selection beside what all sessions come to, otherwise over time."""
    now = selected or all

    def spark(row: Row) -> tuple[float | None, ...]:
        return () if selected else tuple(over_time.get(row.field, ()))

    def shown(row: Row) -> KeyNumber:
        if not row.counts:
            whose = "all actors" if row.of_selected else "all"
            sub = f"{whose}: {row.text(all)}" if selected else ""
            label = row.of_selected if selected and row.of_selected else row.label
            return KeyNumber(label, row.text(now), sub, None, row.help, spark(row))
        number, whole = getattr(now, row.field), getattr(all, row.field)
        share = number / whole if whole else 0.0
        sub = f"{percent_text(share)} of {count_short(whole)}" if selected else ""
        return KeyNumber(row.label, row.text(now), sub, share if selected else None, row.help, spark(row))

    return [shown(row) for row in KEY_NUMBERS]


def metric_tile(metric: Metric, all: MetricNumbers, selected: MetricNumbers | None) -> Tile:
    """What a metric comes to, and in how many sessions: the total of what can be added up, otherwise the median.

    >>> metric_tile(Metric("errors", "count"), MetricNumbers(3605, 373, (("total", "50"),)), None).sub
    'total, in 373 sessions'
    """
    now = selected or all

    def said(found: MetricNumbers) -> tuple[str, str]:
        known = dict(found.summary)
        middle = metric.aggregate not in ADDED_UP and "median" in known
        return ("median", known["median"]) if middle else found.summary[0] if found.summary else ("", NOTHING)

    label, value = said(now)
    count = now.with_value
    words = "every session" if 0 < count == now.sessions else many(count, "session") if count else "no session"
    sub = f"{label}, in {words}" if label else f"in {words}"
    if selected:
        sub += f"; all: {said(all)[1]}"
    return Tile(metric.name, value, sub, metric_sentence(metric))


def table_columns(actor: tuple[str, ...], metrics: tuple[Metric, ...], linked: bool = False) -> list[Column]:
    """The columns of the sessions table, with `linked` one of links to other tools."""
    return [
        Column(name="session_id", title="Session", kind="id", help="The actor and the number", sortable=False),
        *(Column(name=name, title=name, kind="text", sortable=False) for name in actor),
        Column(name="session_number", title="Number", kind="number", help="Counts the actor's sessions from 1"),
        Column(name="start", title="Start", kind="text", help="Time of the first event"),
        Column(name="end", title="End", kind="text", help="Time of the last event"),
        Column(name="duration", title="Duration", kind="number", help="From the first to the last event"),
        Column(name="event_count", title="Events", kind="number", help="Events in the session"),
        Column(name="started_by", title="Started by", kind="tag", help="Why the session begins where it does"),
        Column(name="cut_off", title="Cut off", kind="tag", help="Which edge of the data may have cut it off"),
        *(
            Column(name=metric.name, title=metric.name, kind="number", help=metric_sentence(metric))
            for metric in metrics
        ),
        *(Column(name=name, title=title, kind="number", help=BESIDES[name]) for name, title in BESIDE.items()),
        *([OF_LINKS] if linked else []),
    ]


def table_rows(
    frame: pl.DataFrame, columns: list[Column], zone: str | None, links: Sequence[Addresses] = ()
) -> list[list[Any]]:
    """The rows of a page of sessions; `links` are those of each row, and what the frame does not have is empty."""
    texts: list[Sequence[Any]] = [
        links
        if column["name"] == LINKS
        else column_texts(frame[column["name"]], zone)
        if column["name"] in frame.columns
        else [""] * frame.height
        for column in columns
    ]
    return [list(row) for row in zip(*texts, strict=True)]


def chips(selection: Selection, counting: Counting) -> tuple[Chip, ...]:
    """One chip a brush: 'Duration 1m to 10m', '2 to 5 events'; also where its dimension is not in the picture."""
    found = []
    holding = counting.holding(selection)
    for name, brush in selection.items():
        if name not in holding:
            found.append(Chip(name, f"{brush_name(name)}: selects nothing here"))
            continue
        bins = counting.bins(name)
        assert bins is not None
        text = brush_words(name, bins, brush)
        ends = typed_ends(bins, brush) if isinstance(bins, Bins) and isinstance(brush, Range) else None
        found.append(Chip(name, text, ends, brush.negated))
    return tuple(found)


def ranges(counting: Counting) -> list[tuple[str, str, str]]:
    """What can be brushed by typing two ends: name, title, and an example of an end."""
    numbers = {name: each.bins for name, each in counting.dimensions.items() if isinstance(each.bins, Bins)}
    return [(name, chart_title(name), EXAMPLES[bins.kind]) for name, bins in numbers.items()]


def others(coded: Coded) -> list[tuple[str, str]]:
    """Metrics and what else sessions have, in no bins yet: name and title."""
    definition = coded.definition
    own = [each.name for each in definition.metrics], [each.name for each in definition.actor_metrics]
    names = [*own[0], *own[1], *BRUSHED]
    known = {*coded.dimensions, *coded.problems}
    return [(name, chart_title(name)) for name in dict.fromkeys(names) if name not in known]


def value_choices(selection: Selection, counting: Counting) -> list[tuple[str, str, list[str], list[bool]]]:
    """What can be brushed by its values: name, title, the label of every bar, and which of these are held."""
    found = []
    for name, each in counting.dimensions.items():
        if isinstance(each.bins, Categories):
            brush = selection.get(name)
            fits = brush is not None and each.bins.fits(brush)
            held = each.bins.touched(brush).tolist() if brush is not None and fits else [False] * len(each.bins)
            found.append((name, chart_title(name), list(each.bins.labels), held))
    return found


def now_text(numbers: Numbers) -> str:
    """What the inactivity as it is comes to, in two lines."""
    return _under_slider(numbers.sessions, "", "", numbers.one_event_share, numbers.median_duration)


def then_text(sessions: int, exact: bool, evidence: Evidence | None, inactivity: Duration) -> str:
    """What another inactivity would come to; median and share are those of the nearest step that was looked at."""
    share = median = None
    if evidence is not None:
        # Equal ratios are equal steps of the logarithm.
        distance = (pl.col("inactivity").dt.total_microseconds() / inactivity.us).log().abs()
        nearest = evidence.steps.sort(distance).row(0, named=True)
        share, span = nearest["one_event_share"], nearest["median_duration"]
        median = None if span is None else span / timedelta(microseconds=1)
    return _under_slider(sessions, "" if exact else "about ", "about ", share, median)


def _under_slider(sessions: int, how: str, nearly: str, share: float | None, median: float | None) -> str:
    first = f"{how}{count_text(sessions)} session{'' if sessions == 1 else 's'}"
    if share is None or median is None:
        return first
    return f"{first}\n{nearly}{percent_text(share)} of one event, median {duration_text(median)}"


def quality_message(engine: Engine) -> Message | None:
    """What was left out when the events were read, and how their times are told; None where there is nothing to say."""
    sentence = engine.quality.sentence(engine.columns)
    said = tuple(f"The times are {said}." for said in engine.quality.said)
    if not sentence and not said:
        return None
    return Message("warning" if sentence else "info", sentence or said[0], said if sentence else ())

"""Each kind of chart as a function of events and sessions, whose answer is a plain HoloViews element.

All take `log`, what `explorer.connect` returns or an explorer; `visit`, a SessionDefinition, the name of one of the
explorer's, or only an inactivity such as `30m`; a `selection`, brushes as text, whose sessions are shown; and by name
the fields of that kind of chart as documents have them (see `explorer.Chart`), `where` among them. Durations are
seconds, times those of the clocks in the zone of the log, and dimensions say their units. What does not fit raises
SpecError, what an engine does not answer EngineError.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from explorer.charts.elements.asked import Log, Visit
from explorer.charts.elements.table import element
from explorer.crossfilter.selections.selection import Selection

Names = str | Sequence[str]
Brushes = str | Selection


def distribution(log: Log, visit: Visit, of: str = "duration", *, selection: Brushes = "", **fields: Any) -> Any:
    """How often which values are: an `hv.Histogram` over the values themselves, or `hv.Bars` of names.

    Its bins are those of the page; `scale`, `bin` and `cumulative` change them. Each says in `bin` what it holds: the
    last may take all that is beyond.

    >>> import explorer
    >>> from explorer.sample import SAMPLE
    >>> log = explorer.connect(SAMPLE, actor="user_id", time="ts", event="event")
    >>> distribution(log, "30m", of="duration")
    :Histogram   [duration]   (Sessions,Bin)
    >>> distribution(log, "30m", of="duration").kdims[0].unit
    's'
    """
    return element("distribution", log, visit, selection, of=of, **fields)


def bar(
    log: Log, visit: Visit, by: Names = "started_by", measure: str = "count", *, selection: Brushes = "", **fields: Any
) -> Any:
    """A measure for each value of a dimension: `hv.Bars`, as many named values as `top` says, then all others.

    >>> import explorer
    >>> from explorer.sample import SAMPLE
    >>> log = explorer.connect(SAMPLE, actor="user_id", time="ts", event="event")
    >>> bar(log, "30m", by="first platform", measure="median duration")
    :Bars   [first platform]   (median duration)
    """
    return element("bar", log, visit, selection, by=by, measure=measure, **fields)


def line(log: Log, visit: Visit, measure: str = "count", *, selection: Brushes = "", **fields: Any) -> Any:
    """A measure from step to step of time (`every`): an `hv.Curve`. With `by`, or `previous` for the period before, an
    `hv.NdOverlay` of them; with `over` each value is that of a window.

    >>> import explorer
    >>> from explorer.sample import SAMPLE
    >>> log = explorer.connect(SAMPLE, actor="user_id", time="ts", event="event")
    >>> line(log, "30m", "median duration", every="1d", by="first platform")
    :NdOverlay   [first platform]
       :Curve   [start]   (median duration)
    """
    return element("line", log, visit, selection, measure=measure, **fields)


def area(
    log: Log, visit: Visit, by: Names = "started_by", measure: str = "count", *, selection: Brushes = "", **fields: Any
) -> Any:
    """What each step of time is made of: an `hv.NdOverlay` of an `hv.Area` for each value, one on top of the other.

    >>> import explorer
    >>> from explorer.sample import SAMPLE
    >>> log = explorer.connect(SAMPLE, actor="user_id", time="ts", event="event")
    >>> area(log, "30m", by="first platform", every="1w")
    :NdOverlay   [first platform]
       :Area   [start]   (Sessions,Baseline)
    """
    return element("area", log, visit, selection, by=by, measure=measure, **fields)


def heatmap(
    log: Log,
    visit: Visit,
    by: Names = ("hour of start", "weekday of start"),
    measure: str = "count",
    *,
    selection: Brushes = "",
    **fields: Any,
) -> Any:
    """A measure for each pair of values: an `hv.HeatMap`, or an `hv.QuadMesh` where neither is of names.

    >>> import explorer
    >>> from explorer.sample import SAMPLE
    >>> log = explorer.connect(SAMPLE, actor="user_id", time="ts", event="event")
    >>> heatmap(log, "30m")
    :HeatMap   [hour of start,weekday of start]   (Sessions)
    """
    return element("heatmap", log, visit, selection, by=by, measure=measure, **fields)


def scatter(
    log: Log, visit: Visit, by: Names = ("duration", "event_count"), *, selection: Brushes = "", **fields: Any
) -> Any:
    """Each session as a point of two values: `hv.Points` with session ids. More than 50,000 sessions are counted in
    cells, as the page does: an `hv.QuadMesh`.

    >>> import explorer
    >>> from explorer.sample import SAMPLE
    >>> log = explorer.connect(SAMPLE, actor="user_id", time="ts", event="event")
    >>> scatter(log, "30m")
    :Points   [duration,event_count]   (Session)
    """
    return element("scatter", log, visit, selection, by=by, **fields)


def number(log: Log, visit: Visit, measure: str = "count", *, selection: Brushes = "", **fields: Any) -> Any:
    """One value: an `hv.Table` of one row.

    >>> import explorer
    >>> from explorer.sample import SAMPLE
    >>> log = explorer.connect(SAMPLE, actor="user_id", time="ts", event="event")
    >>> number(log, "30m", "share where duration > '1h'").columns()["sessions"]
    array([7674], dtype=uint32)
    """
    return element("number", log, visit, selection, measure=measure, **fields)


def table(
    log: Log, visit: Visit, by: Names = "started_by", measure: str = "count", *, selection: Brushes = "", **fields: Any
) -> Any:
    """A measure for each group, as rows of an `hv.Table`; with `every`, for each step of time as well.

    >>> import explorer
    >>> from explorer.sample import SAMPLE
    >>> log = explorer.connect(SAMPLE, actor="user_id", time="ts", event="event")
    >>> table(log, "30m", by="first platform", measure="median duration")
    :Table   [first platform]   (median duration,sessions)
    """
    return element("table", log, visit, selection, by=by, measure=measure, **fields)


def funnel(log: Log, visit: Visit, steps: Sequence[Any], *, selection: Brushes = "", **fields: Any) -> Any:
    """How many sessions reach each step: `hv.Bars`, with `by` for each value. Over time (`every`) an `hv.Curve` of the
    share that gets through, or an `hv.NdOverlay` of them.

    >>> import explorer
    >>> from explorer.sample import SAMPLE
    >>> log = explorer.connect(SAMPLE, actor="user_id", time="ts", event="event")
    >>> funnel(log, "30m", ["event = 'product_view'", "event = 'purchase'"]).kdims
    [Dimension('step')]
    """
    return element("funnel", log, visit, selection, steps=steps, **fields)


def returning(log: Log, visit: Visit, *, selection: Brushes = "", **fields: Any) -> Any:
    """Which share of actors comes back, by when they came first or by a dimension of their first session (`by`): an
    `hv.HeatMap` whose last row is all actors. Documents call it `return`, which is a word of Python.

    >>> import explorer
    >>> from explorer.sample import SAMPLE
    >>> log = explorer.connect(SAMPLE, actor="user_id", time="ts", event="event")
    >>> returning(log, "30m", every="1w")
    :HeatMap   [return,first]   (Share that comes back,actors,back,low,high)
    """
    return element("return", log, visit, selection, **fields)


def paths(log: Log, visit: Visit, *, selection: Brushes = "", **fields: Any) -> Any:
    """The ways that sessions take: an `hv.Sankey` from the values of each step to those of the next.

    >>> import explorer
    >>> from explorer.sample import SAMPLE
    >>> log = explorer.connect(SAMPLE, actor="user_id", time="ts", event="event")
    >>> paths(log, "30m", length=3)
    :Sankey   [start,end]   (sessions)
    """
    return element("paths", log, visit, selection, **fields)


ALL: dict[str, Callable[..., Any]] = {
    "return" if made is returning else made.__name__: made
    for made in (distribution, bar, line, area, heatmap, scatter, number, table, funnel, returning, paths)
}

"""Which charts are on the page: those that draw a dimension are brushed bin by bin, the others follow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from json import dumps

from explorer.crossfilter.bins.binning import AUTOMATIC, Binning
from explorer.crossfilter.bins.times import fits
from explorer.crossfilter.selections.path_names import PATH, is_path_step, step_name
from explorer.spec.charts.chart import RETURN as CHART_OF_RETURN
from explorer.spec.charts.chart import Chart, Measure
from explorer.spec.charts.dimension import Dimension
from explorer.spec.charts.kinds import kind_of
from explorer.spec.charts.sequences.returns import ACTIVITY, OF_FIRST, RETURN
from explorer.spec.charts.views.returning import FEW_ROWS

COUNT = Measure("count")
FUNNEL = "funnel"


@dataclass(frozen=True)
class Card:
    """A chart on the page, by a key that stays while the chart does.

    `dimension` is what it draws and brushes; empty for a chart that follows the brushes of others.
    """

    key: str
    chart: Chart
    dimension: str = ""


def cards(charts: Iterable[Chart], actor: str, span: int = 0) -> tuple[Card, ...]:
    """A card for each chart; of several that draw one dimension the first is brushed.

    `span` is how long the data are, in microseconds: a line whose steps are few enough is brushed step by step.

    >>> [card.key for card in cards([Chart("line", "visit"), Chart("number", "visit")], "user")]
    ['start', '{"kind": "number"}']
    """
    found: list[Card] = []
    taken: set[str] = set()
    for chart in charts:
        name = drawn_dimension(chart, actor, span)
        if name in taken:
            name = ""
        said = chart.replace(title=None, size=None, blanks=False).plain()
        del said["session"]
        key = name or _free(dumps(said), taken)
        taken.add(key)
        found.append(Card(key, chart, name))
    return tuple(found)


def drawn_dimension(chart: Chart, actor: str, span: int = 0) -> str:
    """The dimension whose sessions a chart counts in bins, or nothing.

    A distribution draws what it is of, a line the start, bars that count sessions their dimension; not with a
    condition, over windows or beside a period before, with lines of its own or more steps of time than bins, and not
    with `any`, of which a session may have several values.
    """
    if chart.where is not None or chart.measure != COUNT or chart.over or chart.previous:
        return ""
    kind = kind_of(chart)
    if chart.every is not None and (not kind.over_time or not span or not fits(chart.every, span)):
        return ""
    name = plain_name(kind.counted(chart), chart, actor)
    return "" if Dimension.parse(name or "x").place == "any" else name


def plain_name(name: str, chart: Chart, actor: str) -> str:
    """A column without the names of the definition and the actor around it.

    >>> plain_name("user.longest.visit", Chart("line", "visit"), "user")
    'longest'
    """
    before, after = f"{actor}.", f".{chart.session}"
    if name.startswith(before) and name.endswith(after):
        return name[len(before) : -len(after)]
    return name.removeprefix(f"{chart.session}.")


def axes(chart: Chart, actor: str) -> tuple[str, ...]:
    """The dimensions along the axes of a chart that follows, where there are any that can be brushed."""
    kind = kind_of(chart)
    names = tuple(plain_name(name, chart, actor) for name in kind.axes(chart))
    many = any(Dimension.parse(name).place == "any" for name in names)
    return () if many and not kind.takes_many(chart) else names


def dimensions(charts: Sequence[Chart], actor: str, span: int = 0, funnels: Iterable[Chart] = ()) -> dict[str, Binning]:
    """What the charts draw and what can be brushed in them and in funnels, each once, with its bins.

    >>> charts = [Chart("line", "visit"), Chart("bar", "visit", by="first platform", top=5)]
    >>> [(name, each.top) for name, each in dimensions(charts, "user").items()]
    [('start', None), ('first platform', 5)]
    """
    shown = cards(charts, actor, span)
    found = {card.dimension: Binning.of(card.chart) for card in shown if card.dimension}
    for card in shown:
        for name in () if card.dimension else axes(card.chart, actor):
            found.setdefault(name, Binning(top=card.chart.top))
        if kind_of(card.chart).over_time and not card.dimension:
            found.setdefault("start", Binning())
    return funnel_dimensions(funnels, actor) | found


def is_of_events(name: str) -> bool:
    """Whether a dimension is the first, the last or any value of a column of events.

    >>> is_of_events("first platform"), is_of_events("duration")
    (True, False)
    """
    return Dimension.parse(name).place in ("first", "last", "any")


def named_funnels(funnels: Iterable[Chart]) -> dict[str, Chart]:
    """The funnels that are brushed, those without a condition of their own, by the names of their dimensions.

    >>> list(named_funnels([Chart("funnel", "visit", steps="event = 'view'")] * 2))
    ['funnel', 'funnel 2']
    """
    plain = (chart for chart in funnels if chart.steps and chart.where is None)
    return {f"{FUNNEL} {at}" if at > 1 else FUNNEL: chart for at, chart in enumerate(plain, 1)}


def funnel_dimensions(funnels: Iterable[Chart], actor: str) -> dict[str, Binning]:
    """What the funnels brush: how far sessions get, and the dimensions that they stand side by side for.

    >>> funnel = Chart("funnel", "visit", steps="event = 'view'", by="first platform", top=3)
    >>> [(name, each.top) for name, each in funnel_dimensions([funnel], "user").items()]
    [('funnel', None), ('first platform', 3)]
    """
    named = named_funnels(funnels)
    found = {name: Binning.of(chart) for name, chart in named.items()}
    for chart in named.values():
        for name in chart.by:
            if chart.across and Dimension.parse(name).place == "any":
                continue  # no brush holds the actors of a cell
            side = plain_name(name, chart, actor) + (OF_FIRST if chart.across else "")
            found.setdefault(side, Binning(top=chart.top))
        if chart.every:
            found.setdefault(time_brushed(chart), Binning())
    return found


def time_brushed(chart: Chart) -> str:
    """The dimension of the steps of time of a funnel: across sessions an actor counts when the first of them starts.

    >>> time_brushed(Chart("funnel", "visit", steps="event = 'view'", every="1d", across=True))
    'first_start'
    """
    return "first_start" if chart.across else "start"


def comes_along(name: str) -> bool:
    """Whether a brush brings this dimension along that no chart has.

    >>> comes_along("first platform"), comes_along("path step 2"), comes_along("duration")
    (True, True, False)
    """
    return is_of_events(name) or is_path_step(name) or is_of_returns(name)


def is_of_returns(name: str) -> bool:
    """Whether a dimension says how actors come back, or what their first session was.

    >>> is_of_returns("return of actors"), is_of_returns("event_count of the first session")
    (True, True)
    """
    return name in (RETURN, ACTIVITY) or name.endswith(OF_FIRST)


def extra_dimensions(
    names: Iterable[str], opened: Mapping[str, Binning], few: Binning, charts: Iterable[Chart]
) -> dict[str, Binning]:
    """What views brush besides the charts: `few` values of events are told apart where they are not `opened`; steps of
    paths, and how actors come back, are those of the `charts`."""
    charts = tuple(charts)
    steps = path_dimensions(charts) | return_dimensions(names, named_return(charts, ""))
    return {name: steps.get(name) or (opened.get(name, few) if is_of_events(name) else AUTOMATIC) for name in names}


def named_paths(charts: Iterable[Chart]) -> dict[str, Chart]:
    """The charts of paths by their names, before which of their steps is brushed.

    >>> list(named_paths([Chart("paths", "visit"), Chart("paths", "visit", backward=True)]))
    ['path', 'path 2']
    """
    its = (chart for chart in charts if chart.kind == "paths")
    return {f"{PATH} {at}" if at > 1 else PATH: chart for at, chart in enumerate(its, 1)}


def path_dimensions(charts: Iterable[Chart]) -> dict[str, Binning]:
    """Every step of every chart of paths.

    >>> list(path_dimensions([Chart("paths", "visit", length=2)]))
    ['path step 1', 'path step 2']
    """
    return {
        step_name(name, at): Binning(route=chart.route, step=at)
        for name, chart in named_paths(charts).items()
        for at in range(chart.route.length)
    }


def named_return(charts: Iterable[Chart], session: str) -> Chart:
    """How the return of actors is counted: the first chart of it, or as usual."""
    found = next((chart for chart in charts if chart.kind == CHART_OF_RETURN), None)
    return found or Chart(CHART_OF_RETURN, session or "session")


def return_dimensions(names: Iterable[str], chart: Chart) -> dict[str, Binning]:
    """Those of the names that say how actors come back, as a chart of it says.

    >>> list(return_dimensions(["return of actors", "duration"], Chart("return", "visit")))
    ['return of actors']
    """
    asked, first = Binning(returns=chart.coming_back), Binning(top=chart.top or FEW_ROWS)
    return {name: first if name.endswith(OF_FIRST) else asked for name in names if is_of_returns(name)}


def with_return(charts: tuple[Chart, ...], chart: Chart) -> tuple[Chart, ...]:
    """The charts with another in the place of the first one of who comes back, or at the end."""
    return _with(charts, next((each for each in charts if each.kind == CHART_OF_RETURN), None), chart)


def with_paths(charts: tuple[Chart, ...], name: str, chart: Chart | None) -> tuple[Chart, ...]:
    """The charts with another in the place of the paths of this name, or at the end; None takes it away."""
    return _with(charts, named_paths(charts).get(name), chart)


def with_funnel(funnels: tuple[Chart, ...], name: str, chart: Chart | None) -> tuple[Chart, ...]:
    """The funnels with another in the place of the one of this name, or at the end; None takes it away.

    >>> one, two = (Chart("funnel", "visit", steps=f"event = '{event}'") for event in ("view", "buy"))
    >>> with_funnel((one,), "funnel", two) == with_funnel((one, two), "funnel", None) == (two,)
    True
    """
    return _with(funnels, named_funnels(funnels).get(name), chart)


def _with(charts: tuple[Chart, ...], standing: Chart | None, chart: Chart | None) -> tuple[Chart, ...]:
    if standing is None:
        return charts if chart is None else (*charts, chart)
    at = next(at for at, each in enumerate(charts) if each is standing)
    return (*charts[:at], *([] if chart is None else [chart]), *charts[at + 1 :])


def _free(key: str, taken: set[str]) -> str:
    at = 2
    free = key
    while free in taken:
        free, at = f"{key} {at}", at + 1
    return free

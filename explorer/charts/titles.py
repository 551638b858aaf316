"""What charts are called."""

from collections.abc import Collection

from explorer.crossfilter.bins.bins import Bins
from explorer.crossfilter.bins.categories import Categories
from explorer.crossfilter.bins.funnel_steps import step_names, steps_way
from explorer.crossfilter.formats import many
from explorer.crossfilter.selections.brushes import Brush, Values
from explorer.crossfilter.selections.path_names import is_path_step
from explorer.spec.aggregates import AGGREGATES
from explorer.spec.charts.chart import RETURN, Chart, Measure
from explorer.spec.charts.dimension import Dimension
from explorer.spec.charts.kind import Words
from explorer.spec.charts.kinds import kind_of
from explorer.spec.charts.periods import period_words
from explorer.spec.charts.sequences.returns import ACTIVITY
from explorer.spec.charts.sequences.returns import RETURN as RETURN_OF_ACTORS
from explorer.spec.prose import actor_metric_sentence, metric_sentence
from explorer.spec.session import SessionDefinition

NEW_OR_RETURNING = "CASE WHEN session_number = 1 THEN 'new' ELSE 'returning' END"
TITLES = {
    "duration": "Session duration",
    "event_count": "Events per session",
    "time_in_session": "Time in session per actor",
    "start": "Sessions over time",
}
SUBTITLES = {
    "duration": "How long are sessions, from the first to the last event?",
    "event_count": "How many events do sessions have?",
    "time_in_session": "How long are all sessions of an actor together?",
    "start": "When do sessions start? {zone}",
    "started_by": "Why do sessions begin where they do?",
    "cut_off": "Which sessions may the edges of the data have cut off?",
    "session_number": "Which of their actor's sessions are they?",
    "session_count": "How many sessions do actors have?",
    "since_previous": "How long after the end of the actor's session before do sessions start?",
    "until_next": "How long after its end does the actor's next session start?",
    "gap_margin": "How far could the inactivity move before a session is cut otherwise?",
    NEW_OR_RETURNING: "Which sessions are the first of their actor?",
}
# Said before the column alone: median duration.
SHORT = ("mean", "median", "min", "max")
# Before a range, as in "duration 1m to 10m".
CALLED = {
    "duration": "duration",
    "event_count": "events",
    "time_in_session": "time in session per actor",
    "start": "start",
    "since_previous": "time since the session before",
    "until_next": "time until the next session",
    "gap_margin": "distance of the nearest gap",
    NEW_OR_RETURNING: "new or returning",
}
OTHERS = {
    "session_number": "Session number",
    "started_by": "Why sessions begin",
    "cut_off": "Cut off by the edges of the data",
    "session_count": "Sessions per actor",
    "funnel": "Steps of the funnel",
    "since_previous": "Time since the session before",
    "until_next": "Time until the next session",
    "gap_margin": "Distance of the nearest gap",
    NEW_OR_RETURNING: "New or returning",
}
# Before what a brush holds, and before what it does not hold.
SENTENCES = {
    RETURN_OF_ACTORS: ("Actors who came back", "Actors who did not come back"),
    ACTIVITY: ("Actors", "Actors not"),
}
EVERY = {
    "1m": "minute", "5m": "5 minutes", "15m": "15 minutes", "1h": "hour", "3h": "3 hours", "6h": "6 hours",
    "12h": "12 hours", "1d": "day", "1w": "week", "1mo": "month", "3mo": "quarter", "1y": "year",
}  # fmt: skip


def brush_name(name: str) -> str:
    """What is brushed, before the brush in words; a column of the data is called as it is.

    >>> brush_name("last event"), brush_name("event_count"), brush_name("platform"), brush_name("weekday of start")
    ('Last event', 'Events', 'platform', 'Weekday of start')
    """
    ours = (
        name in CALLED
        or is_path_step(name)
        or name.endswith(" of start")
        or Dimension.parse(name).place in ("first", "last", "any")
    )
    said = CALLED.get(name, name)
    return f"{said[:1].upper()}{said[1:]}" if ours else said


def brush_words(name: str, bins: Bins | Categories, brush: Brush) -> str:
    """A brush as it stands on its chip.

    >>> import polars as pl
    >>> known = Categories("last event", pl.Series(["buy", "view"]), 2)
    >>> brush_words("last event", known, Values(frozenset({"buy"})))
    'Last event = buy'
    """
    said, text = brush_name(name), bins.text(brush)
    if isinstance(bins, Bins) and bins.unit in (name, CALLED.get(name)):
        return text
    if name in SENTENCES:
        before = SENTENCES[name][brush.negated]
        return f"{before} {text.removeprefix('not ')}"
    if isinstance(bins, Categories) and isinstance(brush, Values):
        return f"{said} ≠ {text.removeprefix('not ')}" if brush.negated else f"{said} = {text}"
    return f"{said} {text}"


def chart_title(name: str) -> str:
    """The title of the chart of a dimension.

    >>> chart_title("duration"), chart_title("first platform"), chart_title("purchases")
    ('Session duration', 'First platform', 'purchases')
    """
    if name in TITLES or name in OTHERS:
        return TITLES.get(name) or OTHERS[name]
    return name[0].upper() + name[1:] if " " in name else name


def chart_subtitle(name: str, definition: SessionDefinition, zone: str, cohorts: Collection[str] = ()) -> str:
    """The question of the chart of a dimension; `cohorts` are the names of those of the analysis.

    >>> chart_subtitle("first platform", SessionDefinition("visit", "30m"), "UTC")
    'How many sessions have which first platform?'
    >>> chart_subtitle("regulars", SessionDefinition("visit", "30m"), "UTC", ["regulars"])
    'How many sessions are of actors in the cohort regulars?'
    """
    if name in SUBTITLES:
        return SUBTITLES[name].format(zone=_sentence(zone))
    if name in cohorts:
        return f"How many sessions are of actors in the cohort {name}?"
    metric = definition.metric(name)
    if metric is not None:
        said = metric_sentence(metric).removeprefix(f"{name}: ").removesuffix(".")
        return said[:1].upper() + said[1:]
    actor_metric = definition.actor_metric(name)
    if actor_metric is not None:
        said = actor_metric_sentence(actor_metric).removeprefix(f"{name}: ").removesuffix(".")
        return f"{_sentence(said)}, for each actor"
    return f"How many sessions have which {name}?{f' {_sentence(zone)}' if ' of start' in name else ''}"


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def asked_title(chart: Chart) -> str:
    """What a chart shows, in words.

    >>> asked_title(Chart("line", "visit", measure="median duration", every="1d", by="platform"))
    'Median duration by platform, per day'
    >>> asked_title(Chart("funnel", "visit", steps=("event = 'view'", "event = 'buy'")))
    'Sessions by steps reached in this order: view → buy'
    >>> asked_title(Chart("funnel", "visit", steps=("event = 'view'", "event = 'buy'"), within="10m", order="any"))
    'Sessions by steps reached in any order within 10m: view → buy'
    >>> asked_title(Chart("funnel", "visit", steps=("event = 'view'", "event = 'buy'"), every="1w"))
    'Share of those that reach view that reach buy in this order, per week'
    """
    said = asked_measure(chart.measure)
    if kind_of(chart).along == "of":
        said = f"{said} by {chart.of}"
    if chart.steps:
        names = step_names(chart.funnel)
        begin = f" of those that reach {names[0]}" if len(names) > 1 else f" of {chart.funnel.things}"
        over = f"Share{begin} that reach {names[-1]} {steps_way(chart.funnel)}"
        said = (
            over
            if chart.every
            else f"{chart.funnel.things.capitalize()} by steps reached {steps_way(chart.funnel)}: {' → '.join(names)}"
        )
    if chart.kind == RETURN:
        return returns_title(chart)
    if chart.kind == "paths":
        way = "Paths up to" if chart.backward else "Paths from"
        of = f", of events where {chart.where}" if chart.where is not None else ""
        said = f"{way} {chart.route.begins}{f', by {chart.of}' if chart.of else ''}{of}"
    if chart.by:
        said += f" by {' and '.join(chart.by)}"
    if chart.over:
        said += f" over {chart.over}"
    if chart.every:
        said += f", per {EVERY.get(chart.every, chart.every)}"
    elif kind_of(chart).over_time:
        said += " over time"
    if chart.previous:
        said += f", beside {period_words(chart.previous)}"
    if chart.where is not None and chart.kind != "paths":
        said += f", where {chart.where}"
    return said[:1].upper() + said[1:]


def returns_title(chart: Chart) -> str:
    """What a chart of who comes back shows.

    >>> returns_title(Chart("return", "visit", every="1w", returns="later"))
    'Share of actors who come back in a later week or after it, by first week'
    >>> returns_title(Chart("return", "visit", returns="times", within="30d", by="first platform"))
    'Share of actors who come back so many times within 4w 2d, by first platform of their first session'
    >>> returns_title(Chart("return", "visit"))
    'Share of actors who come back, by when they came first'
    """
    step = EVERY.get(chart.every or "", "")
    within = f" within {chart.within}" if chart.within is not None else ""
    how = {
        "in": f" in each later {step}" if step else "",
        "later": f" in a later {step} or after it" if step else " at some time or later",
        "times": f" so many times{within}",
    }
    where = f", where {chart.where}" if chart.where is not None else ""
    first = f"first {step}" if step else "when they came first"
    by = f"{chart.by[0]} of their first session" if chart.by else first
    return f"Share of actors who come back{how[chart.returns or 'in']}{where}, by {by}"


def asked_measure(measure: Measure) -> str:
    """What is measured, as a title begins.

    >>> asked_measure(Measure("count")), asked_measure(Measure("median", "duration"))
    ('Sessions', 'median duration')
    """
    return {"count": "Sessions", "share": "Share of sessions"}.get(str(measure)) or measure_words(measure)


def chart_question(chart: Chart, zone: str) -> str:
    """What a chart that follows asks, in a sentence.

    >>> chart_question(Chart("line", "visit", measure="median duration", every="1d", by="platform"), "UTC")
    'How does the median duration of sessions go from day to day, for each platform? By session start, UTC'
    >>> chart_question(Chart("line", "visit", every="1d", over="7d", previous="week"), "UTC").partition("UTC. ")[2]
    'Each point is of the 7d up to the end of its day. Dashed: the week before'
    """
    words = Words(
        measure=measure_words(chart.measure),
        counts=str(chart.measure) == "count",
        by=" and ".join(chart.by),
        step=EVERY.get(chart.every or "", "step"),
        where="" if chart.where is None else f" where {chart.where}",
        zone=zone,
    )
    said = [kind_of(chart).question(chart, words)]
    if chart.over:
        mark = "value" if kind_of(chart).shown_as == "table" else "point"
        said.append(f"Each {mark} is of the {chart.over} up to the end of its {words.step}")
    if chart.previous:
        beside = "Beside it" if kind_of(chart).shown_as == "table" else "Dashed"
        said.append(f"{beside}: {period_words(chart.previous)}")
    return " ".join(f"{part}." if part[-1].isalnum() and part != said[-1] else part for part in said)


def without_words(count: int, things: str = "sessions") -> str:
    """How many have no value in what a chart draws; nothing where all have one.

    >>> without_words(7_530), without_words(1, "actors"), without_words(0)
    ('7,530 sessions have no value', '1 actor has no value', '')
    """
    return f"{many(count, things.removesuffix('s'))} {'has' if count == 1 else 'have'} no value" if count else ""


def measure_words(measure: Measure) -> str:
    """A measure as people say it.

    >>> measure_words(Measure("p90", "duration")), measure_words(Measure("median", "duration"))
    ('90th percentile of duration', 'median duration')
    """
    if measure.where is not None:
        return f"share where {measure.where}"
    if measure.aggregate in SHORT or measure.formula is not None:
        return str(measure)
    return AGGREGATES[measure.aggregate].of(measure.of) if measure.of or measure.aggregate == "actors" else str(measure)

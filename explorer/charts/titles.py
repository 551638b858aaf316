"""What charts are called."""

from explorer.spec.chart import Chart
from explorer.spec.prose import metric_sentence
from explorer.spec.session import SessionDefinition

TITLES = {
    "duration": "Session duration",
    "event_count": "Events per session",
    "time_in_session": "Time in session per actor",
    "start": "Sessions over time",
}
SUBTITLES = {
    "duration": "Sessions by time from the first to the last event",
    "event_count": "Sessions by number of events",
    "time_in_session": "Actors by the durations of all their sessions together",
    "start": "Sessions by start, {zone}",
}
# Before a range, as in "duration 1m to 10m".
CALLED = {
    "duration": "duration",
    "event_count": "events",
    "time_in_session": "time in session per actor",
    "start": "start",
}
OTHERS = {
    "session_number": "Session number",
    "started_by": "Why sessions begin",
    "cut_off": "Cut off by the edges of the data",
    "session_count": "Sessions per actor",
}
EVERY = {
    "1m": "minute", "5m": "5 minutes", "15m": "15 minutes", "1h": "hour", "3h": "3 hours", "6h": "6 hours",
    "12h": "12 hours", "1d": "day", "1w": "week", "1mo": "month", "3mo": "quarter", "1y": "year",
}  # fmt: skip


def chart_title(name: str) -> str:
    """The title of the chart of a dimension.

    >>> chart_title("duration"), chart_title("first platform"), chart_title("purchases")
    ('Session duration', 'First platform', 'purchases')
    """
    if name in TITLES or name in OTHERS:
        return TITLES.get(name) or OTHERS[name]
    return name[0].upper() + name[1:] if " " in name else name


def chart_subtitle(name: str, definition: SessionDefinition, zone: str) -> str:
    """What the chart of a dimension counts, in a sentence.

    >>> chart_subtitle("first platform", SessionDefinition("visit", "30m"), "UTC")
    'Sessions by first platform'
    """
    if name in SUBTITLES:
        return SUBTITLES[name].format(zone=zone)
    metric = definition.metric(name)
    if metric is not None:
        said = metric_sentence(metric).removeprefix(f"{name}: ").removesuffix(".")
        return said[:1].upper() + said[1:]
    if name == "session_count":
        return "Actors by how many sessions they have"
    return f"Sessions by {name.replace('_', ' ')}{f', {zone}' if ' of start' in name else ''}"


def asked_title(chart: Chart) -> str:
    """What a chart shows, in words.

    >>> asked_title(Chart("line", "visit", measure="median duration", every="1d", by="platform"))
    'Median duration by platform, per day'
    """
    said = {"count": "Sessions", "share": "Share of sessions"}.get(str(chart.measure), str(chart.measure))
    if chart.kind == "distribution":
        said = f"{said} by {chart.of}"
    if chart.by:
        said += f" by {' and '.join(chart.by)}"
    if chart.every:
        said += f", per {EVERY.get(chart.every, chart.every)}"
    elif chart.kind == "line":
        said += " over time"
    if chart.where is not None:
        said += f", where {chart.where}"
    return said[:1].upper() + said[1:]

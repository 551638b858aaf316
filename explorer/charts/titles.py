"""What the standard charts are called."""

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

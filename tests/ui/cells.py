"""What cells of notebooks hold in the tests, the same in every host: two explorers, what they say, what is alive."""

from __future__ import annotations

from explorer.crossfilter.selections.selection import Range, Selection

# Sessions of 1 to 8 events, 10 minutes apart; after each the actor is away for 2 hours.
EVENTS = """
from datetime import datetime, timedelta
import polars as pl
from widgets import SessionExplorer

lengths = [1 + (3 * at) % 8 for at in range(40)]
times, now = [], datetime(2024, 3, 1)
for length in lengths:
    times += [now + timedelta(minutes=10 * at) for at in range(length)]
    now = times[-1] + timedelta(hours=2)
events = pl.DataFrame({"user": "a", "ts": times, "event": ["login" if at % 5 else "view" for at in range(len(times))]})
"""
SHOW = f"""{EVENTS}
app = SessionExplorer(events, actor="user", time="ts", event="event")
app
"""
OTHER = """
other = SessionExplorer(events.head(30), actor="user", time="ts")
other.key_numbers
"""
SAYS = """
brushed = app.state.selection.to_text()
print(f"{app.selected.height} of {app.sessions.height} by {brushed}; {other.selected.height}")
"""
CUT_AT_5M = "app.analysis = app.analysis.with_session(app.state.definition.replace(inactivity='5m'))"
ALIVE = """
import gc
from explorer.charts.brushing.linked import LinkedCharts
from explorer.state import Explorer
from widgets.notebook.view import View
from widgets.notebook.widget import Widget

gc.collect()
kinds = SessionExplorer, Explorer, LinkedCharts, Widget, View
print([sum(kind in type(thing).__mro__ for thing in gc.get_objects()) for kind in kinds])
"""
LENGTHS = [1 + (3 * at) % 8 for at in range(40)]
GONE = "Not connected: run the cell again."


def said(selected: int, sessions: int, text: str) -> str:
    """What the cell says; the other explorer has 7 sessions whatever is done to the first."""
    return f"{selected} of {sessions} by {text}; 7"


def within(text: str) -> int:
    """How many sessions of those cells, as they are first, a brush of durations or of events keeps."""
    (name, held), *others = Selection.from_text(text).items()
    assert isinstance(held, Range)
    assert not others
    of = {"duration": [600_000_000 * (length - 1) for length in LENGTHS], "event_count": LENGTHS}[name]
    return sum((held.lo is None or held.lo <= each) and (held.hi is None or each < held.hi) for each in of)

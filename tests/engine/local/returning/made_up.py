"""Little logs over weeks and months, and what can be asked of who comes back in them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

import explorer
from explorer.spec.charts.chart import Chart
from explorer.spec.columns import Columns
from explorer.spec.session import SessionDefinition
from tests.engines.making import Connect
from tests.strategies import Log

# The clocks go forward on the 31st of March in Berlin.
BEGIN = datetime(2024, 3, 1)
COUNTS = {"event": "view", "page": None, "amount": None, "items": None, "ok": None}


def connect(log: Log, using: Connect = explorer.connect) -> Any:
    """An engine with its events, whose times are shown in the zone of the log."""
    return using(log.frame, actor="user", time="ts", event="event", time_zone=log.columns.time_zone)


@st.composite
def long_logs(draw: st.DrawFn, most: int = 25) -> tuple[Log, str]:
    """A log, and the zone that its calendar is of; empty for naive times."""
    zone = draw(st.sampled_from(["", "UTC", "Europe/Berlin", "America/New_York"]))
    days = draw(st.sampled_from([5, 40, 120, 700]))
    one = st.tuples(st.sampled_from("abcde"), st.integers(0, days), st.sampled_from([0, 1, 4, 5, 22, 23]))
    shown = draw(st.lists(st.tuples(one, st.sampled_from(["view", "buy"]), st.booleans()), min_size=1, max_size=most))
    rows = []
    for (user, day, hour), event, twice in shown:
        time = BEGIN + timedelta(days=day, hours=hour)
        for at in range(1 + twice):
            when = time + timedelta(minutes=5 * at)
            rows.append(COUNTS | {"user": user, "event": event, "ts": when.replace(tzinfo=UTC) if zone else when})
    columns = Columns(actor="user", time="ts", event="event", time_zone=zone or None)
    return Log(rows, columns, bool(zone)), zone


@st.composite
def charts(draw: st.DrawFn) -> Chart:
    """What is asked."""
    counted = draw(st.sampled_from(["in", "later", "times"]))
    within = draw(st.sampled_from([None, "1d", "30d"])) if counted == "times" else None
    return Chart(
        "return",
        "visit",
        every=draw(st.sampled_from(["1w", "1mo", "3mo", "1y"])),
        returns=counted,
        within=within,
        where=draw(st.sampled_from([None, None, "event_count > 1", "bought"])),
        by=draw(st.sampled_from([(), "first event", "event_count", "bought"])),
    )


@st.composite
def visits(draw: st.DrawFn) -> SessionDefinition:
    """How they are cut."""
    return SessionDefinition(
        "visit",
        draw(st.sampled_from(["30m", "2h", "3d"])),
        split_by=draw(st.sampled_from([(), (), "event"])),
        keep=draw(st.sampled_from([None, None, "event_count > 1", "session_number > 1"])),
        metrics=[{"name": "bought", "aggregate": "any", "where": "event = 'buy'"}],
    )

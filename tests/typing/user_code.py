"""What people write, as README and guide do: it is only read, by type checkers in strict mode."""

from datetime import datetime, timedelta
from pathlib import Path

import polars as pl

import explorer
from explorer import ActorMetric, Analysis, Chart, Columns, Metric, Scope, SessionDefinition
from explorer.spec.expression.clause import parse
from widgets import SessionExplorer

visit = SessionDefinition(name="visit", inactivity="30m")
login = SessionDefinition(
    "login",
    timedelta(hours=1),
    restart="event = 'login'",
    split_by="device",
    opens_with=parse("event = 'login'"),
    restart_on_change=["campaign", "medium"],
    max_events=100,
    metrics=[
        Metric("purchases", "count", where="event = 'purchase'", scope=Scope(contains="event = 'login'", nth=1)),
        Metric(name="pages", aggregate="n_unique", column="page", scope={"where": "duration > '1h'"}),
    ],
    actor_metrics=[ActorMetric("longest", "max", "duration", where="event_count > 1")],
)
columns = Columns(
    actor="user_id",
    time=["date", "time"],
    types={"zip": "text"},
    null_values=["NULL", {"user_id": "anonymous"}],
    identity={"known": "user_id", "anonymous": "device_id"},
    derived={"campaign": "url_param(url, 'utm_campaign')"},
    lookups={"users": {"file": "users.csv", "on": "user_id"}},
    now=datetime(2024, 3, 1),
)
charts = [Chart("distribution", "visit", of="duration", bin="5m"), Chart("bar", "visit", by="first platform")]
analysis = Analysis(columns=columns, sessions=[visit, login], charts=charts)


def explored() -> list[pl.DataFrame | Path]:
    """What comes out has types too."""
    log = explorer.connect("events.parquet", actor="user_id", time="ts")
    sessions: pl.DataFrame = log.sessions(visit)
    actors: pl.DataFrame = log.actors(visit)
    app = SessionExplorer(log, analysis)
    held: pl.DataFrame = app.selected
    report: Path = app.report("report.html", title="Shop")
    explorer.charts.distribution(log, visit, of="duration", bin="5m")
    explorer.charts.line(app, "visit", every="1d", by="first platform")
    return [sessions, actors, held, report]

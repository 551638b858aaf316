"""Logs for reports: a small one with everything, one of hostile texts, one of so many sessions."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

import explorer
from explorer.engine.local.engine import LocalEngine
from explorer.spec.analysis import Analysis
from explorer.spec.charts.chart import Chart
from explorer.spec.metric import Metric
from explorer.spec.session import SessionDefinition
from tests.engines.making import Connect

HOSTILE = [
    "<img src=x onerror=\"window.hit='img'\">",
    "</script><script>window.hit='script'</script>",
    "<!--<script>",
    "\"'><svg onload=\"window.hit='svg'\">",
    "{{ 7 * 7 }}{% raw %}",
    "javascript:window.hit='link'",
    "]]>&lt;b&gt;\\u003c${window.hit='js'}`",
    "x" * 400,
    "",
    "line\nbreak\u2028\t\x07",
]


def log(
    sessions: int = 3_000, names: list[str] | None = None, seed: int = 0, connect: Connect = explorer.connect
) -> Any:
    """About so many sessions of a fourth as many actors; actors, events and platforms may be named otherwise."""
    random = np.random.default_rng(seed)
    names = names or ["login", "view", "buy", "logout"]
    sizes = random.geometric(0.2, sessions)
    n = int(sizes.sum())
    actors = random.integers(0, max(1, sessions // 4), sessions)
    begins = 1_709_510_400 + random.integers(0, 60 * 86_400, sessions)
    steps = np.repeat(begins, sizes) + (np.arange(n) - np.repeat(sizes.cumsum() - sizes, sizes)) * random.integers(
        1, 900, n
    )
    frame = pl.DataFrame(
        {
            "user": np.repeat(actors, sizes),
            "ts": pl.Series(steps * 1_000_000).cast(pl.Datetime("us", "UTC")),
            "event": random.choice(np.array(names, dtype=object), n).tolist(),
            "platform": random.choice(np.array(names, dtype=object), n).tolist(),
            "amount": random.gamma(2.0, 30.0, n),
        }
    )
    frame = frame.with_columns(pl.format("{}#{}", pl.lit(names[0]), "user").alias("user"))
    return connect(frame, actor="user", time="ts", event="event", time_zone="Europe/Berlin")


def analysis(engine: LocalEngine, name: str = "visit", text: str = "plain") -> Analysis:
    """Two definitions and a chart of every kind; `text` stands wherever an analyst may write."""
    metrics = (Metric("spent", "sum", "amount"), Metric("buys", "count", where="event = 'buy'"))
    visit = SessionDefinition(name, "30m", metrics=metrics, description=text)
    short = SessionDefinition(f"short {name}", "5m", where=f"event != {_quoted(text)}")
    charts = (
        Chart("distribution", name, of="duration"),
        Chart("line", name),
        Chart("line", name, measure="median duration", every="1w", by="platform"),
        Chart("bar", name, measure="mean spent", by=("event", "platform"), top=3),
        Chart("number", name, measure="share where duration > '1h'"),
        Chart("heatmap", name, by=("hour of start", "weekday of start")),
        Chart("heatmap", name, measure="median duration", by=("hour of start", "platform")),
        Chart("table", name, by="platform", where=f"event_count > 1 AND user != {_quoted(text)}"),
        Chart("scatter", name, measure="max duration", by="event_count"),
        Chart("distribution", name, of="spent"),
        Chart("bar", name, by="platform"),
        Chart("distribution", short.name, of="event_count"),
        Chart("bar", name, by="no such column <b>"),
    )
    return Analysis(engine.columns, (visit, short), charts, title=text, notes=f"# {text}\n\n[go]({text})\n\n{text}")


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"

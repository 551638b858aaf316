"""All charts of the gallery, as they stand in its documents, and one of each kind."""

from pathlib import Path
from typing import Any

import yaml

import explorer
from explorer.spec.charts.chart import Chart
from explorer.spec.charts.kind import ChartKind

FILES = sorted((Path(__file__).parents[1] / "analyses").glob("*.yaml"))
CHARTS: list[dict[str, Any]] = [
    chart for file in FILES for chart in yaml.safe_load(file.read_text(encoding="utf-8")).get("charts", [])
]
VISIT = explorer.SessionDefinition("visit", "30m", metrics=[explorer.Metric("spent", "sum", "amount")])
MINIMAL: dict[str, dict[str, Any]] = {"distribution": {"of": "duration"}, "funnel": {"steps": ["event = 'view'"]}}


def new(kind: ChartKind) -> Chart:
    """A chart as the menu makes it, or with the fields that its kind needs."""
    return Chart(kind.name, "visit", **(dict(kind.begins) or MINIMAL.get(kind.name, {})))

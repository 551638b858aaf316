"""All charts of the gallery, as they stand in its documents."""

from pathlib import Path
from typing import Any

import yaml

FILES = sorted((Path(__file__).parents[1] / "analyses").glob("*.yaml"))
CHARTS: list[dict[str, Any]] = [
    chart for file in FILES for chart in yaml.safe_load(file.read_text(encoding="utf-8")).get("charts", [])
]

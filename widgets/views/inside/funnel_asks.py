"""What is asked of a funnel besides its steps: what it counts, for which values side by side, over which time."""

from __future__ import annotations

from typing import Any

from explorer.charts.titles import EVERY
from explorer.spec.charts.chart import Chart
from widgets.charts.chart_fields import Choices, Options

Asked = dict[str, dict[str, Any]]
COUNTED = [("", "Sessions"), ("true", "Actors, across their sessions")]
OFTEN = ("1h", "1d", "1w", "1mo")
TIMES = ("start", "end", "first_start", "last_end")


def funnel_asks(chart: Chart | None, known: Choices) -> Asked:
    """The fields by their names, each with its label, its value now and its options."""
    if chart is None:
        return {}
    by = chart.by[0] if chart.by else ""
    offered: Options = [(title, kept) for title, names in known.dimensions if (kept := _grouping(names))]
    if by and not any(by == name for _, names in offered for name, _ in names):
        offered = [("", [(by, by)]), *offered]
    steps = [("", "No"), *((step, f"Per {EVERY[step]}") for step in OFTEN)]
    if chart.every and chart.every not in OFTEN:
        steps.append((chart.every, f"Per {EVERY[chart.every]}"))
    return {
        "across": {"label": "Count", "value": "true" if chart.across else "", "options": COUNTED},
        "by": {"label": "Side by side", "value": by, "options": [("", "Nothing"), *offered]},
        "every": {"label": "Over time", "value": chart.every or "", "options": steps},
    }


def _grouping(names: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(name, text) for name, text in names if name not in TIMES]


def asked_changes(name: str, value: str) -> dict[str, Any] | None:
    """The fields of the chart that another value of one of these is; None for what is not known.

    >>> asked_changes("by", "first platform")
    {'by': ('first platform',), 'top': None}
    """
    match name:
        case "by":
            return {"by": (value,) if value else (), "top": None}
        case "across":
            return {"across": value == "true"}
        case "every":
            return {"every": value or None}
    return None

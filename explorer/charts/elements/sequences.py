"""What happens inside sessions and between them: funnels, paths, and who comes back."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import holoviews as hv
import numpy as np
import polars as pl

from explorer.charts import theme
from explorer.charts.elements.asked import Asked
from explorer.charts.elements.columns import dressed, named, of_column
from explorer.engine.answers.retention import ALL, Row
from explorer.engine.answers.sequences.paths import Step
from explorer.errors import SpecError

END, NONE = "(end)", "none"
SHARE = "share"


def funnel(asked: Asked) -> Any:
    """A bar for each step; beside each other for each value; over time a curve of the share that gets through."""
    return _trend(asked) if asked.chart.every else _steps(asked)


def _steps(asked: Asked) -> Any:
    frame, things = asked.frame, asked.chart.funnel.things
    by = frame.columns[: frame.columns.index("step")]
    texts = [of_column(frame[name], asked.engine.zone) for name in ("step", *by)]
    arrays, kdims = [each[0] for each in texts], [each[1] for each in texts]
    vdims = []
    for name in frame.columns[frame.columns.index("value") + 1 :]:
        array, dimension = of_column(frame[name], None, name.replace("_", " "))
        arrays.append(array)
        vdims.append(named(things, things.capitalize(), taken=(*kdims,)) if name == "sessions" else dimension)
    element = hv.Bars(tuple(arrays), kdims=kdims, vdims=vdims)
    return dressed(element, line_color=None, **({} if by else {"color": theme.SELECTED}))


def _trend(asked: Asked) -> Any:
    frame, zone = asked.frame, asked.engine.zone
    time, *by = frame.columns[: frame.columns.index("value")]
    what, many = named(SHARE, "Share that gets through"), asked.chart.funnel.things

    def curve(some: pl.DataFrame) -> Any:
        times, across = of_column(some[time], zone)
        numbers = some.select("value", "sessions", "reached").cast(pl.Float64).fill_null(np.nan)
        columns = (each.to_numpy() for each in numbers)
        return dressed(hv.Curve((times, *columns), kdims=[across], vdims=[what, many, "reached"]), line_width=2)

    if not by:
        return dressed(curve(frame), color=theme.SELECTED)
    names, group = of_column(frame[by[0]], zone)
    parts = {name: curve(frame.filter(pl.Series(names == name))) for name in dict.fromkeys(names.tolist())}
    return hv.NdOverlay(parts, kdims=[group])


def returns(asked: Asked) -> Any:
    """A cell for each group of actors and return: the share that comes back, with how many could; the last row is all
    actors."""
    found = asked.coded.retention(asked.chart, asked.selection)
    rows: list[tuple[Any, ...]] = []
    for row in (*found.rows, found.total):
        rows += [(at + 1, _called(row, found.total), *_cell(row, at)) for at in range(len(found.names))]
    how = "times" if found.counted == "times" else f"{found.step}s later"
    first = f"{found.by} of the first session" if found.by else f"First {found.step}"
    kdims = [named("return", "Comes back", how), named("first", first)]
    vdims = [named(SHARE, "Share that comes back"), "actors", "back", "low", "high"]
    element = hv.HeatMap(rows, kdims=kdims, vdims=vdims)
    return dressed(element, cmap="Blues", colorbar=True, invert_yaxis=True)


def _called(row: Row, total: Row) -> str:
    return ALL if row is total else row.label


def _cell(row: Row, at: int) -> tuple[float, int, int, float, float]:
    share, interval = row.share(at), row.interval(at)
    low, high = (np.nan, np.nan) if interval is None else (interval.low, interval.high)
    return (np.nan if share is None else share, int(row.seen[at]), int(row.back[at]), low, high)


def paths(asked: Asked) -> Any:
    """What flows from each value of a step to those of the next; a node is a value at a step."""
    found = asked.coded.paths(asked.chart.route, asked.selection)
    if not found.walking:
        raise SpecError(f"There are no paths to draw. {found.sentence}")
    steps = found.steps[::-1] if asked.chart.backward else found.steps
    links = [link.T for link in found.links[::-1]] if asked.chart.backward else list(found.links)
    place: dict[tuple[int, int], int] = {}
    flows: list[tuple[int, int, int]] = []
    for (at, link), (one, other) in zip(enumerate(links), pairwise(steps), strict=True):
        for a, b in zip(*np.nonzero(link), strict=True):
            if one.kind(a) == other.kind(b) == "end":
                continue
            ends = (place.setdefault(each, len(place)) for each in ((at, int(a)), (at + 1, int(b))))
            flows.append((*ends, int(link[a, b])))  # type: ignore[arg-type]
    nodes = [(node, _name(steps[at], group), at + 1) for (at, group), node in place.items()]
    said = hv.Dataset(nodes, kdims=["index"], vdims=["name", "step"])
    element = hv.Sankey((flows, said), kdims=["start", "end"], vdims=["sessions"])
    return dressed(element, labels="name", node_color="name", edge_color="start", cmap=list(theme.PALETTE))


def _name(step: Step, group: int) -> str:
    kind = step.kind(group)
    return END if kind == "end" else NONE if kind == "none" else str(step.names[group])

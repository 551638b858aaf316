"""The first steps of sessions as nodes and links that are ready to be drawn."""

from __future__ import annotations

from typing import Any

import numpy as np

from explorer.crossfilter.formats import count_text, percent_text
from explorer.crossfilter.selections.range_text import value_label
from explorer.engine.answers.inside import Paths, Step
from widgets.views.inside.answers import Counted, Ends
from widgets.views.inside.texts import Shown, colors, counted, sessions, share

ORDINALS = ("First", "Second", "Third", "Fourth", "Fifth", "Sixth")
ENDED = "ended"


def steps_shown(pair: tuple[Paths, Paths] | None, of: Counted, first: Ends | None) -> Shown:
    """A column for each step. A node of the first one brushes the bar of the same name, where there is one."""
    if pair is None:
        return {}
    now, ever = pair
    ranked = _ranked(ever)
    paint = colors(ranked)
    bars = {label: at for at, label in enumerate(first.labels)} if first and "none" not in first.labels else {}
    columns = []
    for at, step in enumerate(now.steps):
        names = _names(step)
        came = _came(now, at)
        all_came = _came(ever, at)
        nodes = []
        for place, name in enumerate(names):
            n, all_n = int(came[place]), int(all_came[place])
            kind = ("value", "other", "none", "end")[max(0, place - len(step.values) + 1)]
            node: dict[str, Any] = {
                "at": place,
                "label": name,
                "n": n,
                "kind": kind,
                "color": paint.get(step.values[place], "") if kind == "value" else "",
                "share": percent_text(share(n, of.sessions)) if of.sessions else "",
                "tip": _tip(at, name, kind, n, of, all_n),
            }
            if at == 0 and kind == "value" and name in bars:
                node |= {"bin": bars[name], "pressed": bool(first and first.brushed[bars[name]])}
            if n:
                nodes.append(node)
        columns.append({"title": f"{ORDINALS[at]} event", "nodes": nodes})
    links = [_links(now, ever, at, of) for at in range(len(now.links))]
    note = counted(of).replace("; grey: all", " of all")
    return {"note": note, "columns": columns, "links": links, "total": of.sessions}


def _came(paths: Paths, at: int) -> np.ndarray[Any, Any]:
    """The sessions of each node; for those that ended, only the ones that ended right before this step."""
    found = paths.steps[at].nodes.copy()
    found[-1] = paths.links[at - 1][:, -1].sum() if at else 0
    return found


def _links(now: Paths, ever: Paths, at: int, of: Counted) -> list[Shown]:
    names, after = _names(now.steps[at]), _names(now.steps[at + 1])
    found = []
    for a, b in zip(*np.nonzero(now.links[at]), strict=True):
        n, all_n = int(now.links[at][a, b]), int(ever.links[at][a, b])
        whole = int(now.links[at][a].sum())
        beside = f"; of all sessions: {percent_text(share(all_n, of.all))}" if of.sessions != of.all else ""
        tip = (
            f"{names[a]} → {after[b]}: {sessions(n)}, {percent_text(share(n, whole))} of those, "
            f"{percent_text(share(n, of.sessions))} of the {count_text(of.sessions)}{beside}"
        )
        found.append({"a": int(a), "b": int(b), "n": n, "tip": tip})
    return found


def _names(step: Step) -> list[str]:
    others = f"other ({count_text(step.others)} value{'' if step.others == 1 else 's'})"
    return [*map(value_label, step.values), others, "none", ENDED]


def _ranked(ever: Paths) -> list[str]:
    """The values of all steps, those that most sessions pass first."""
    passed: dict[str, int] = {}
    for step in ever.steps:
        for value, n in zip(step.values, step.nodes, strict=False):
            passed[value] = passed.get(value, 0) + int(n)
    return sorted(passed, key=lambda value: (-passed[value], value))


def _tip(at: int, name: str, kind: str, n: int, of: Counted, all_n: int) -> str:
    beside = f"; of all sessions: {percent_text(share(all_n, of.all))}" if of.sessions != of.all else ""
    said = f"{sessions(n)}, {percent_text(share(n, of.sessions))}{beside}"
    return f"Ended after event {at}: {said}" if kind == "end" else f"{ORDINALS[at]}: {name}: {said}"

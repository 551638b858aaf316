"""Paths as nodes and ribbons that are ready to be drawn, from left to right as time goes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from explorer.crossfilter.bins.path_steps import is_other, is_value, path_ends
from explorer.crossfilter.formats import count_text, many, percent_text
from explorer.crossfilter.selections.brushes import Brush
from explorer.crossfilter.selections.path_names import step_name
from explorer.crossfilter.selections.range_text import value_label
from explorer.crossfilter.selections.selection import Selection
from explorer.engine.answers.sequences.paths import Paths, Step, WholePath, others_text
from explorer.spec.charts.sequences.route import Route
from widgets.views.inside.answers import Counted, Walks
from widgets.views.inside.texts import Shown, bar_of, colors, counted, has_ghosts, scaled, sessions, share

ORDINALS = ("First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth", "Ninth", "Tenth")
Brushes = dict[int, Brush]


def paths_shown(walks: Walks | None, name: str, selection: Selection) -> Shown:
    """A column for each step, those of a way back from right to left; and the most frequent whole paths as bars."""
    if walks is None:
        return {}
    now, ever, of, route = walks.now, walks.all, walks.of, walks.now.route
    held = _held(selection, name, route)
    paint = colors(_ranked(ever))
    columns = []
    for at, step in enumerate(now.steps):
        came, all_came = _came(now, at), _came(ever, at)
        mine = None if walks.held is None else _came(walks.held, at)
        nodes = []
        for place, label in enumerate(_names(step, route)):
            n, kind = int(came[place]), step.kind(place)
            if n:
                node = {"step": at, "at": place, "label": label, "n": n, "kind": kind}
                node |= {
                    "held": n if mine is None else int(mine[place]),
                    "pressed": held == node_brushes(now, at, place),
                }
                node |= {"share": percent_text(share(n, now.walking)), "color": ""}
                node["tip"] = f"{_title(route, at)}: {label}: {_said(n, int(all_came[place]), now, ever)}"
                if kind == "value":
                    node["color"] = paint.get(step.values[place], "")
                nodes.append(node)
        columns.append({"title": _title(route, at), "nodes": nodes})
    links = [_links(walks, at, held) for at in range(len(now.links))]
    if route.backward:
        columns.reverse()
        links.reverse()
        links = [[link | {"a": link["b"], "b": link["a"]} for link in each] for each in links]
    return {
        "result": now.sentence,
        "note": _note(now, of),
        "columns": columns,
        "links": links,
        "total": now.walking,
        "brushed": walks.held is not None,
        "whole": _whole(walks, held),
        "covered": _covered(now),
        "ghosts": has_ghosts(of),
        "table": _table(now),
    }


def _note(now: Paths, of: Counted) -> str:
    said = counted(of).replace("; grey: all", " of all")
    if now.absent and not now.route.whole:
        verb = "has" if now.absent == 1 else "have"
        return f"{said} {many(now.absent, 'session')} {verb} no such event and no path here."
    return said


def _title(route: Route, at: int) -> str:
    if route.at is None:
        return f"{ORDINALS[at]} to last" if route.backward and at else "Last" if route.backward else ORDINALS[at]
    if not at:
        return "Up to here" if route.backward else "From here"
    return f"{many(at, 'step')} {'before' if route.backward else 'later'}"


# ---- what a click brushes


def node_brushes(paths: Paths, at: int, place: int) -> Brushes:
    """The brushes that hold what goes through a node, by their steps."""
    step = paths.steps[at]
    match step.kind(place):
        case "value":
            return {at: is_value(step.values[place])}
        case "other":
            return {at: is_other(step.values)}
        case "none":
            return {at: is_value(None)}
    return {at: path_ends()}


def link_brushes(paths: Paths, at: int, a: int, b: int) -> Brushes:
    """The brushes that hold what goes from one node to another of the next step."""
    return node_brushes(paths, at, a) | node_brushes(paths, at + 1, b)


def whole_brushes(paths: Paths, path: WholePath) -> Brushes:
    """The brushes that hold what goes a whole path; where it goes on behind the last step, whatever comes there."""
    found: Brushes = {at: is_value(value) for at, value in enumerate(path.values)}
    return found | ({len(path.values): path_ends()} if len(path.values) < len(paths.steps) else {})


def with_brushes(selection: Selection, name: str, brushes: Mapping[int, Brush]) -> Selection:
    """The selection with these brushes of steps."""
    for at, brush in brushes.items():
        selection = selection.with_(step_name(name, at), brush)
    return selection


def _held(selection: Selection, name: str, route: Route) -> Brushes:
    found = {at: selection.get(step_name(name, at)) for at in range(route.length)}
    return {at: brush for at, brush in found.items() if brush is not None}


# ---- texts and numbers


def _came(paths: Paths, at: int) -> np.ndarray[Any, Any]:
    """The sessions of each node; for those that ended, only the ones that ended right before this step."""
    found = paths.steps[at].nodes.copy()
    found[-1] = paths.links[at - 1][:, -1].sum() if at else 0
    return found


def _links(walks: Walks, at: int, held: Brushes) -> list[Shown]:
    now, ever, route = walks.now, walks.all, walks.now.route
    names, after = _names(now.steps[at], route), _names(now.steps[at + 1], route)
    found = []
    for a, b in zip(*map(np.ndarray.tolist, np.nonzero(now.links[at])), strict=True):
        n, all_n = int(now.links[at][a, b]), int(ever.links[at][a, b])
        whole = int(now.links[at][a].sum())
        way = f"{after[b]} → {names[a]}" if route.backward else f"{names[a]} → {after[b]}"
        tip = f"{way}: {sessions(n)}, {percent_text(share(n, whole))} of {names[a]}, {_of(n, all_n, now, ever)}"
        mine = n if walks.held is None else int(walks.held.links[at][a, b])
        pressed = held == link_brushes(now, at, a, b)
        found.append({"step": at, "a": a, "b": b, "n": n, "held": mine, "tip": tip, "pressed": pressed})
    return found


def _whole(walks: Walks, held: Brushes) -> list[Shown]:
    now, ever = walks.now, walks.all
    before = {(path.values, path.ends): path.sessions for path in ever.whole}
    bars = []
    for path in now.whole:
        all_n = before.get((path.values, path.ends), 0)
        bar = bar_of(now.path_text(path), path.sessions, now.walking, all_n, ever.walking, sessions(path.sessions))
        bars.append(bar | {"pressed": held == whole_brushes(now, path)})
    return scaled(bars)


def _covered(now: Paths) -> str:
    """How many whole paths there are, and how much those shown are of all."""
    if len(now.whole) == now.different:
        return f"These are all {many(now.different, 'path')}." if now.different > 1 else ""
    part = percent_text(share(now.covered, now.walking))
    return f"The {len(now.whole)} most frequent of {count_text(now.different)} different paths: {part} of the sessions."


def _table(now: Paths) -> Shown:
    """The ways from step to step, each with the place of its ribbon."""
    rows = []
    for at, link in enumerate(now.links):
        names, after = _names(now.steps[at], now.route), _names(now.steps[at + 1], now.route)
        for a, b in sorted(zip(*map(np.ndarray.tolist, np.nonzero(link)), strict=True), key=lambda each: -link[each]):
            n = int(link[a, b])
            rows.append(
                ([str(at + 1), names[a], after[b], count_text(n), percent_text(share(n, now.walking))], [at, a, b])
            )
    back = now.route.backward
    heads = ["Step", "After" if back else "From", "Before" if back else "To", "Sessions", "Share"]
    return {"heads": heads, "rows": [row for row, _ in rows], "keys": [key for _, key in rows]}


def _said(n: int, all_n: int, now: Paths, ever: Paths) -> str:
    return f"{sessions(n)}, {_of(n, all_n, now, ever)}"


def _of(n: int, all_n: int, now: Paths, ever: Paths) -> str:
    beside = f"; of all sessions: {percent_text(share(all_n, ever.walking))}" if now.sessions != ever.sessions else ""
    return f"{percent_text(share(n, now.walking))} of the {count_text(now.walking)}{beside}"


def _names(step: Step, route: Route) -> Sequence[str]:
    return [
        *map(value_label, step.values),
        others_text(step.others),
        "none",
        "starts here" if route.backward else "ends here",
    ]


def _ranked(ever: Paths) -> list[str]:
    """The values of all steps, those that most sessions pass first."""
    passed: dict[str, int] = {}
    for step in ever.steps:
        for value, n in zip(step.values, step.nodes, strict=False):
            passed[value] = passed.get(value, 0) + int(n)
    return sorted(passed, key=lambda value: (-passed[value], value))

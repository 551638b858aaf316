"""What the tab of actors shows and says, ready for the browser."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from explorer.charts.figure.cells import column_texts
from explorer.crossfilter.counting import Axis
from explorer.crossfilter.formats import NOTHING, count_text, duration_text, percent_text, time_text
from explorer.crossfilter.selections.range_text import value_label
from explorer.crossfilter.selections.selection import Brush, Range
from explorer.engine.answers.actors import Concentration, Property, RankedPage, Value
from explorer.spec.metric import ActorMetric
from explorer.spec.prose import actor_metric_sentence
from widgets.views.actors.ranking import RankColumn

METRIC = "metric "  # before the name of an actor metric, whose column may be called like another
ZERO = "These actors have no time in session: each of their sessions is a single moment."
NOBODY = "There is no session, so there is no actor."
UNSELECTED = "No actor has a session that the brushes hold. Clear one to see actors."


# ---- how time is shared out


def shares_shown(all: Concentration, selected: Concentration | None, brush: Brush | None) -> dict[str, Any]:
    """What a SharesChart shows; `selected` is of the sessions that other brushes hold, None without any."""
    n = len(all.ranked)
    if not all.total:
        return {"none": ZERO if n else NOBODY}
    marks = []
    for share, count, held in all.tops:
        range_ = Range(*all.between(0, share), "duration")
        label = f"Top {_whole(share)} ({count_text(count)})"
        marks.append({"share": share, "time": held, "label": label, "pressed": range_ == brush})
    return {
        "said": concentration_sentences(all, selected),
        "all": _points(all),
        "selected": _points(selected) if selected is not None and selected.total else None,
        "marks": marks,
        "actors": n,
        "brushed": all.places(brush.lo, brush.hi) if isinstance(brush, Range) and not brush.negated else None,
    }


def concentration_sentences(all: Concentration, selected: Concentration | None) -> list[str]:
    """Who holds most of the time, in sentences; for nobody's time there is none."""
    said = [_held(all, "all time in session")]
    n = len(all.ranked)
    more = " and ".join(f"the top {_whole(share)} hold {percent_text(held)}" for share, _, held in all.tops[1:])
    said.append(f"Of {counted(n, 'actor')} with a session" + (f"; {more}." if more else "."))
    if selected is not None and len(selected.ranked):
        held = _held(selected, "the time in the selected sessions") if selected.total else "These last no time at all."
        said.append(
            f"Of the {counted(len(selected.ranked), 'actor')} with a selected session: {held[0].lower()}{held[1:]}"
        )
    return said


def _held(of: Concentration, what: str) -> str:
    if not of.tops:
        return f"One actor holds {what}."
    share, count, held = of.tops[0]
    return f"The top {_whole(share)} of actors ({count_text(count)}) hold {percent_text(held)} of {what}."


def _points(of: Concentration) -> list[tuple[float, float]]:
    return [(round(float(x), 5), round(float(y), 5)) for x, y in zip(of.actors, of.time, strict=True)]


def _whole(share: float) -> str:
    return f"{share:.0%}".replace("%", " %")


# ---- how it is spread


def spans_shown(
    dimension: Axis | None, totals: npt.NDArray[np.int64], counts: npt.NDArray[np.int64], brush: Brush | None
) -> dict[str, Any]:
    """What a SpansChart shows; `counts` are under the brushes of all other dimensions."""
    if dimension is None:
        return {"none": "The times in session are being counted."}
    whole, some = int(totals.sum()), int(counts.sum())
    if not whole:
        return {"none": NOBODY}
    said = f"{counted(whole, 'actor')}, by the durations of all their sessions together."
    if some < whole:
        said = (
            f"{count_text(some)} of {counted(whole, 'actor')} have a selected session (blue), each by the durations "
            "of all their sessions together."
        )
    bins = dimension.bins
    touched = bins.touched(brush).tolist() if brush is not None and bins.fits(brush) else []
    return {
        "said": said,
        "labels": list(bins.labels),
        "ticks": [list(tick) for tick in bins.ticks],
        "totals": totals.tolist(),
        "counts": counts.tolist(),
        "touched": touched,
    }


# ---- who has most


def ranking_columns(actor: tuple[str, ...], selected: bool, metrics: tuple[ActorMetric, ...] = ()) -> list[RankColumn]:
    """The columns of the ranking; with a selection beside the time of all sessions. Actor metrics come last."""

    def column(name: str, title: str, kind: str, help: str, sortable: bool = True) -> RankColumn:
        return RankColumn(name=name, title=title, kind=kind, help=help, sortable=sortable)

    of = "their selected sessions" if selected else "all their sessions"
    both = [column("all_time", "Of all sessions", "number", "The durations of all sessions of the actor together")]
    return [
        column("rank", "#", "number", "The place in this order", False),
        *(column(f"actor {name}", name, "text", "", False) for name in actor),
        column("time", "Selected time" if selected else "Time in session", "bar", f"The durations of {of} together"),
        *(both if selected else []),
        column("share", "Share", "number", f"Of the time of all {'selected ' if selected else ''}sessions", False),
        column("sessions", "Sessions", "number", f"The number of {of}"),
        column("events", "Events", "number", f"The events in {of}"),
        column("median", "Median duration", "number", f"Half of {of} last longer"),
        column("last", "Last seen", "number", f"When the last of {of} ended"),
        *(column(f"{METRIC}{each.name}", each.name, "number", actor_metric_sentence(each)) for each in metrics),
    ]


def ranking_rows(found: RankedPage, first: int, zone: str | None) -> list[list[Any]]:
    """The rows of one page, from the place `first`."""
    values = [column_texts(each, zone) for each in found.metrics.iter_columns()]
    selected = found.selected is not None
    rows = []
    for at, who in enumerate(found.names.rows()):
        time = int(found.time[at])
        of = f" of {count_text(found.all_sessions[at])}" if selected else ""
        rows.append(
            [
                count_text(first + at + 1),
                *map(value_label, who),
                [duration_text(time), time / found.most if found.most else 0],
                *([duration_text(int(found.all_time[at]))] if selected else []),
                small_share(time, found.whole),
                f"{count_text(int(found.sessions[at]))}{of}",
                count_text(int(found.events[at])),
                duration_text(found.median[at]),
                time_text(int(found.last[at]), zone),
                *(texts[at] for texts in values),
            ]
        )
    return rows


def ranking_said(found: RankedPage, query: str) -> str:
    """What the rows are of."""
    if found.selected is None:
        said = f"{counted(found.actors, 'actor')} with a session."
    else:
        said = (
            f"{counted(found.actors, 'actor')} with one of the {counted(found.selected, 'selected session')}. "
            "Time, share, events, median and last seen are of the selected sessions only."
        )
    return f"{said} {count_text(found.matching)} with '{query.strip()}' in the name." if query.strip() else said


# ---- by property


def option(found: Property) -> list[str]:
    """A property as the list says it."""
    if not found.actors:
        return [found.name, f"{found.name}: no value"]
    several = f", {percent_text(found.mixed / found.actors)} of actors have several" if found.mixed else ""
    return [found.name, f"{found.name}: {counted(found.values, 'value')}{several}"]


def properties_shown(found: Property, values: Sequence[Value], selected: bool) -> dict[str, Any]:
    """What the table of a property shows."""
    if not found.actors:
        return {"none": f"No event has a value of {found.name}."}
    most = max((value.all_time for value in values), default=0) or 1
    rows = []
    for value in values:
        rest = f"other ({counted(value.others, 'value')})" if value.others else ""
        of = f" of {count_text(value.all_actors)}" if selected else ""
        cells = [
            duration_text(value.time),
            percent_text(value.share),
            f"{count_text(value.actors)}{of}",
            duration_text(value.median),
            duration_text(value.mean),
            NOTHING if value.sessions is None else f"{value.sessions:,.1f}",
        ]
        label = "none" if value.none else rest or value_label(value.value)
        shares = {"all": value.all_time / most, "selected": value.time / most}
        rows.append({"value": label, "quiet": value.none or bool(rest), "cells": cells, **shares})
    several = (
        f"{count_text(found.mixed)} of {counted(found.actors, 'actor')} ({percent_text(found.mixed / found.actors)}) "
        f"have more than one{'' if found.steady else ': it tells their events apart rather than the actors'}."
    )
    people = sum(value.actors for value in values)
    return {
        "rows": rows,
        "said": f"{counted(people, 'actor')} with a{' selected' if selected else ''} session.",
        "note": f"Each actor has the first value of {found.name} among all their events. "
        + (several if found.mixed else "No actor has more than one."),
        "none": "" if rows else NOBODY,
    }


def small_share(part: int, whole: int) -> str:
    """A share in percent, of which a little is not nothing.

    >>> small_share(1, 10_000), small_share(0, 10), small_share(1, 4), small_share(0, 0)
    ('< 0.1 %', '0.0 %', '25.0 %', '–')
    """
    if not whole:
        return NOTHING
    return "< 0.1 %" if 0 < part / whole < 0.0005 else percent_text(part / whole)


def counted(number: int, word: str) -> str:
    """A number of things.

    >>> counted(1, "actor"), counted(2503, "actor")
    ('1 actor', '2,503 actors')
    """
    return f"{count_text(number)} {word}{'' if number == 1 else 's'}"

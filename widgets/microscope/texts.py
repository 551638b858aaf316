"""A window, events and lanes as texts and numbers that are ready to be drawn."""

from __future__ import annotations

import polars as pl

from explorer.charts.figure.cells import column_texts
from explorer.crossfilter.formats import count_text, duration_text, time_text
from explorer.engine.microscope import pages
from explorer.engine.microscope.left_out import LeftOut
from explorer.engine.microscope.names import codes_of
from explorer.engine.microscope.session_place import Found
from explorer.engine.microscope.window import Window
from explorer.spec.event_columns import EVENT_COLUMNS
from widgets.microscope.head import Plain, events_text, zone_of


def strip(window: Window) -> Plain:
    """A window as it is drawn: [time, code, place] of each event, or a row of counts for each step."""
    spans = window.spans
    return {
        "low": window.low,
        "high": window.high,
        "step": window.step or 0,
        "step_text": duration_text(window.step) if window.step else "",
        "points": [
            list(point)
            for point in zip(window.times.tolist(), window.codes.tolist(), window.places.tolist(), strict=True)
        ]
        if window.step is None
        else [],
        "bins": []
        if window.step is None
        else [[at, counts] for at, counts in zip(window.times.tolist(), window.counts.tolist(), strict=True)],
        "sessions": window.sessions,
        "spans": None if spans is None else [list(row) for row in spans.rows()],
        "pauses": [
            [begin, end, duration_text(end - begin), bool(opens)] for begin, end, opens in window.pauses.tolist()
        ],
    }


def left(found: LeftOut) -> Plain:
    """What `where` leaves out: [time, code] of each event, or how many they are where they are too many to draw."""
    many = count_text(found.total) if found.total > len(found.times) else ""
    return {
        "left": [list(point) for point in zip(found.times.tolist(), found.codes.tolist(), strict=True)],
        "left_many": many,
    }


def events(found: Found, page: int, size: int) -> Plain:
    """A page of the session's events."""
    got = pages.events(found, slice(page * size, (page + 1) * size))
    return {"page": page, "size": size, "total": got.total, **_rows(found, got)}


def event(found: Found, place: int) -> Plain:
    """One event, for the card beside its mark."""
    got = pages.event(found, place)
    shown = _rows(found, got)
    return {
        "place": got.places[0],
        "number": int(got.frame["session_number"][0]),
        "rows": [list(pair) for pair in zip(shown["columns"], shown["rows"][0], strict=True)],
        "gap": shown["gaps"][0],
        "tags": shown["tags"][0],
    }


def lanes(found: Found, page: int, size: int) -> Plain:
    """A page of the actor's sessions, each on an axis that begins with it."""
    got = pages.lanes(found, slice(page * size, (page + 1) * size))
    zone, split = zone_of(found), found.definition.split_by
    longest = max(got.cell * pages.CELLS, 1)
    lengths = got.frame["duration"].to_physical().to_list()
    starts = got.frame["start"].to_physical().to_list()
    parts = [column_texts(got.frame[name], zone) for name in got.frame.columns[: len(split)]]
    rows = [
        {
            "number": number,
            "when": time_text(starts[at], zone),
            "gap": "" if gap is None else duration_text(gap),
            "events": events_text(got.frame["event_count"][at]),
            "duration": duration_text(lengths[at]),
            "started_by": got.frame["started_by"][at],
            "cut_off": got.frame["cut_off"][at] or "",
            "shown": got.shown[at],
            "split": ", ".join(part[at] or "none" for part in parts),
            "length": lengths[at] / longest,
            "cells": got.marks[at][0],
            "codes": got.marks[at][1],
        }
        for at, (number, gap) in enumerate(
            zip(got.frame["session_number"].to_list(), got.gap.to_physical().to_list(), strict=True)
        )
    ]
    axis = [duration_text(longest * part // 4) for part in range(5)] if any(lengths) else []
    return {"page": page, "size": size, "total": got.total, "rows": rows, "cells": pages.CELLS, "axis": axis}


def _rows(found: Found, got: pages.EventPage) -> Plain:
    zone, time = zone_of(found), found.sessions.events.columns.time
    told = 2 + len(EVENT_COLUMNS)
    own = [*got.frame.columns[told:], *got.frame.columns[2:told]]
    texts = [_times(got.frame[name], zone) if name == time else column_texts(got.frame[name], zone) for name in own]
    return {
        "columns": own,
        "numeric": [got.frame[name].dtype.is_numeric() for name in own],
        "rows": [list(row) for row in zip(*texts, strict=True)],
        "places": list(got.places),
        "gaps": ["" if us is None else duration_text(us) for us in got.gap.to_physical()],
        "tags": [_tags(*its) for its in zip(got.opens, got.closes, got.restart, got.end, strict=True)],
        "codes": _codes(found, got.places),
    }


def _codes(found: Found, places: range) -> list[int]:
    codes = codes_of(found, places)
    return [0] * len(places) if codes is None else codes.tolist()


def _tags(opens: str | None, closes: str | None, restart: bool, end: bool) -> list[list[str]]:
    """Text and kind of each tag: what an event opens and closes, and the rules that it matches besides."""
    tags = [["opens", opens]] if opens else []
    tags += [["matches", "restart"]] if restart and opens != "restart" else []
    tags += [["matches", "end"]] if end and closes != "end" else []
    return tags + ([["closes", closes]] if closes else [])


def _times(values: pl.Series, zone: str | None) -> list[str]:
    """As finely as any of them needs."""
    us = values.to_physical().to_list()
    fine = "seconds" if all(each % 1_000_000 == 0 for each in us) else "milliseconds"
    fine = fine if all(each % 1_000 == 0 for each in us) else "microseconds"
    return [time_text(each, zone, fine) for each in us]

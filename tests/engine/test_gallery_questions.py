"""The questions of the gallery that are asked of an analysis and not drawn by a chart: their numbers are a loop's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest

import explorer
from explorer.crossfilter.selections.selection import Range, Selection
from explorer.engine.robustness import robustness
from explorer.spec.analysis import Analysis
from tests.engine.local.compare.vendor import frame, with_ids
from tests.engines.making import Connect
from tests.factories import made

GALLERY = Path(__file__).parents[1] / "analyses"


def opened(name: str, rows: pl.DataFrame, connect: Connect) -> tuple[Any, Analysis]:
    analysis = Analysis.from_yaml((GALLERY / f"{name}.yaml").read_text())
    return connect(rows, actor="user", time="ts", event="event").under(analysis), analysis


def test_what_is_different_counts_the_sessions_of_both_groups(engines: Connect) -> None:
    rows = made().filter(pl.col("user").is_not_null(), pl.col("ts").is_not_null())
    engine, analysis = opened("different", rows, engines)
    visit = analysis.session("visit")
    sessions = engine.sessions(visit)
    found = engine.cut(visit).coded().different(Selection().with_("event_count", Range(3, None)))
    many, bought = sessions["event_count"] >= 3, sessions["purchases"] > 0
    assert (found.here.sessions, found.there.sessions) == (many.sum(), (~many).sum())
    counted = {(each.count_here, each.count_there) for each in found.rows if each.name == "purchases"}
    assert (int((bought & many).sum()), int((bought & ~many).sum())) in counted
    assert found.frame().height == len(found.rows) + len(found.means)


def test_all_that_is_drawn_is_followed_over_inactivity(engines: Connect) -> None:
    rows = made().filter(pl.col("user").is_not_null(), pl.col("ts").is_not_null())
    engine, analysis = opened("matters", rows, engines)
    visit = analysis.session("visit")
    *_, found = robustness(engine, visit, analysis.charts)
    assert found.left_out == ()
    values = {row.name: row.values for row in found.rows}
    for length in ("10m", "2h"):
        us = explorer.Duration.parse(length).us
        sessions = engine.sessions(visit.replace(inactivity=length))
        assert values["sessions"][us] == sessions.height
        assert values["mean views"][us] == pytest.approx(sessions["views"].mean())
        assert values["share bought"][us] == pytest.approx(sessions["bought"].mean())


def test_the_rules_of_ids_are_the_document(engines: Connect) -> None:
    analysis = Analysis.from_yaml((GALLERY / "ids.yaml").read_text())
    (definition,) = analysis.sessions
    rows = with_ids(frame(2, 30), definition)
    log = engines(rows, actor="user", time="ts", event="event")
    found = log.rules_from_ids("vendor_id")
    assert found.definition == definition
    assert found.frame["same"].to_list()[-1] == rows["vendor_id"].n_unique()
    assert found.frame["missed"].to_list()[-1] == found.frame["extra"].to_list()[-1] == 0

"""What every engine notices by itself about who is in the data."""

from __future__ import annotations

from datetime import datetime, timedelta

import polars as pl

import explorer
from explorer.crossfilter.bins.binning import Binning
from tests.engines.making import Connect

VISIT = explorer.SessionDefinition("visit", "30m")
BEGIN = datetime(2024, 3, 1)
AGENTS = ["Mozilla/5.0 (X11) Firefox/144.0", None, "curl/8.1", "Mozilla/5.0 (compatible; AcornBot/1.0)", "-"]


def test_actors_that_name_themselves_as_programs(engines: Connect):
    rows = [
        {"user": f"u{at % 40}", "ts": BEGIN + timedelta(minutes=at * 7 % 997), "agent": AGENTS[at % 40 % 5], "row": at}
        for at in range(400)
    ]
    frame = pl.DataFrame(rows).with_columns(page=pl.format("/{}", pl.col("row") % 7))
    engine = engines(frame, actor="user", time="ts", event="page")
    (mend,) = [each for each in engine.mends(engine.quality, (VISIT,), None) if each.key == "automated agent"]
    assert mend.sentence.startswith("16 actors look automated (40.0 % of events): their agent is '")
    assert "'curl/8.1'" in mend.sentence
    assert "AcornBot" in mend.sentence
    assert mend.selection is not None
    picture = engine.cut(VISIT).coded({"first agent": Binning(top=10)})
    shown = engine.sessions(VISIT)
    bots = {f"u{at}" for at in range(40) if at % 5 in (2, 3)}
    assert picture.n_sessions(mend.selection) == shown["user"].is_in(list(bots)).sum()

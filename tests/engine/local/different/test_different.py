"""What is different: every number counted again session by session, and what is said of it."""

from __future__ import annotations

from datetime import timedelta
from statistics import fmean
from typing import Any

import numpy as np
import polars as pl
import pytest

import explorer
from explorer.crossfilter.selections.selection import Selection, Values
from explorer.engine.answers.different import FEWEST_ACTORS, FEWEST_WITH, Different, times_text
from explorer.errors import SpecError
from explorer.spec.charts.dimension import Dimension
from tests.engine.local.different.made_up import VISIT, holds, plain, shop, values
from tests.engines.making import Connect

PAIRS = [
    ("first event:search", None),
    ("duration:2m..;weekday of start:Saturday|Sunday", None),
    ("first platform:ios", "first platform:web|~none"),
    ("views:1..3", "views:2.."),
    ("any event:buy", None),
]


def held(rows: list[dict[str, Any]], selection: str) -> set[str]:
    brushes = Selection.from_text(selection).items()
    return {row["session_id"] for row in rows if all(holds(brush)(values(row, name)) for name, brush in brushes)}


@pytest.mark.parametrize(("selection", "against"), PAIRS)
def test_every_number_is_that_of_the_sessions_themselves(engines: Connect, selection: str, against: str | None) -> None:
    log = shop(150, connect=engines)
    rows = plain(log)
    found = log.different(VISIT, selection, against)
    here = held(rows, selection)
    other = {row["session_id"] for row in rows} if against is None else held(rows, against)
    there = other - here
    assert (found.here.sessions, found.there.sessions) == (len(here), len(there))
    assert found.shared == (0 if against is None else len(other & here))
    groups = [[row for row in rows if row["session_id"] in ids] for ids in (here, there)]
    assert [found.here.actors, found.there.actors] == [len({row["user"] for row in its}) for its in groups]
    assert len(found.rows) > 20
    for row in (each for each in (*found.rows, *found.made_of) if not each.is_mean):
        having = [[holds(row.brush)(values(each, row.name)) for each in its] for its in groups]
        able = [[True for _ in its] for its in groups]
        if not isinstance(row.brush, Values):
            able = [[values(each, row.name)[0] is not None for each in its] for its in groups]
        counts = [sum(has) for has in having], [sum(each) for each in able]
        assert [row.count_here, row.count_there] == counts[0], row
        assert [row.of_here, row.of_there] == counts[1], row
        assert row.here == pytest.approx(counts[0][0] / counts[1][0])
        assert row.there == pytest.approx(counts[0][1] / counts[1][1])
    for row in found.means:
        numbers = [[value for each in its if (value := values(each, row.name)[0]) is not None] for its in groups]
        plain_ = [
            [value / timedelta(microseconds=1) if isinstance(value, timedelta) else value for value in its]
            for its in numbers
        ]
        assert row.kind == ("duration" if row.name in ("duration", "since_previous", "until_next") else row.kind)
        assert (row.here, row.there) == pytest.approx((fmean(plain_[0]), fmean(plain_[1])))
        assert (row.count_here, row.count_there) == (len(plain_[0]), len(plain_[1]))


@pytest.mark.parametrize(("selection", "against"), PAIRS)
def test_no_value_that_enough_actors_have_is_missing(engines: Connect, selection: str, against: str | None) -> None:
    log = shop(150, connect=engines)
    rows = plain(log)
    found = log.different(VISIT, selection, against)
    listed = {(row.name, value) for row in (*found.rows, *found.made_of) for value in getattr(row.brush, "values", ())}
    here = held(rows, selection)
    chosen = [row for row in rows if against is None or row["session_id"] in here | held(rows, against)]
    for name in ("first event", "last event", "any event", "weekday of start", "first platform", "started_by"):
        every = {value for row in chosen for value in values(row, name) if value is not None}
        for value in sorted(every):
            brush = holds(Values(frozenset({value})))
            having = [row for row in chosen if brush(values(row, name))]
            not_having = [row for row in chosen if not brush(values(row, name))]
            sides = [sum(row["session_id"] in here for row in some) for some in (having, not_having)]
            actors = min(len({row["user"] for row in some}) for some in (having, not_having))
            alike = sides[0] * len(not_having) == sides[1] * len(having)
            opposite = len(every) == 2 and not any(None in values(row, name) for row in chosen) and name != "any event"
            if actors >= FEWEST_WITH and not alike and not opposite:
                assert (name, value) in listed


def test_what_a_group_is_made_of_does_not_lead(engines: Connect) -> None:
    log = shop(150, connect=engines)
    for selection, _ in PAIRS:
        found = log.different(VISIT, selection)
        for name in Selection.from_text(selection):
            its = Dimension.parse(name)
            assert its.place == "any" or name not in {row.name for row in found.rows}
            assert name in {row.name for row in found.made_of}
        for row in (*found.rows, *found.means):
            assert row.count_there or row.count_here < row.of_here
    found = log.different(VISIT, "start:2024-03-11T00:00..2024-03-18T00:00")
    assert not {"weekday of start", "hour of start"} & {row.name for row in found.rows}
    bought = log.different(VISIT, "any event:buy")
    assert "bought" in {row.name for row in bought.made_of}  # exactly these sessions, by another name
    assert {("last event", "buy")} <= {(row.name, row.text) for row in bought.made_of}


def test_what_is_different_leads_and_nothing_else_is_told() -> None:
    found = shop(800).different(VISIT, "first event:search")
    assert (found.rows[0].name, found.rows[0].text) == ("any event", "look")  # which others begin with
    bought = next(row for row in found.rows if row.name == "bought")
    said = f"Of the selected sessions {100 * bought.here:.1f} % have bought, of the others {100 * bought.there:.1f} %: "
    assert found.said(bought).startswith(said)
    assert bought.told
    assert bought.times == pytest.approx(2, rel=0.25)
    assert bought.ratio is not None
    assert bought.ratio.low < 2 < bought.ratio.high
    ours = {"bought", "any event", "last event", "spent", "views", "event_count", "duration"}
    assert {row.name for row in found.rows if row.told} <= ours


def test_of_no_difference_one_table_in_twenty_tells_something() -> None:
    wrong = sum(shop(120, seed).different(VISIT, "first platform:ios").told > 0 for seed in range(60))
    assert wrong <= 8  # 3 are to be expected


def test_of_very_many_values_that_make_no_difference_none_is_told() -> None:
    chooser, wrong = np.random.default_rng(5), 0
    for _ in range(12):
        n = 40_000
        rows = {"user": chooser.integers(0, 20_000, n), "ts": chooser.integers(0, 28 * 86_400, n)}
        frame = pl.DataFrame(rows).with_columns(
            pl.format("u{}", "user").alias("user"), pl.from_epoch(pl.col("ts") + 1_709_510_400),
            event=pl.lit("view"), ok=pl.Series(chooser.random(n) < 0.05),
            page=pl.Series([f"/{at}" for at in chooser.integers(0, 2_000, n)]),
        )  # fmt: skip
        log = explorer.connect(frame, actor="user", time="ts", event="event")
        found = log.different(VISIT.replace(metrics=()), "first ok:true")
        assert found.unseen > 1_900
        wrong += any(row.told for row in found.rows if row.name == "first page")
    assert wrong <= 2


def test_intervals_and_verdicts_go_together(engines: Connect) -> None:
    found = shop(300, connect=engines).different(VISIT, "any event:buy")
    rows = [*found.rows, *found.means]
    assert any(row.told for row in rows)
    assert not all(row.told for row in rows)
    for row in rows:
        assert row.difference is not None
        assert row.chance is not None
        assert row.told == (row.difference.low > 0 or row.difference.high < 0) == (row.chance <= found.level)
        assert row.difference.low <= row.more <= row.difference.high
        assert row.ratio is None or row.times is None or row.ratio.low <= row.times <= row.ratio.high
        assert (row.least > 0) == row.told
    told = [row.least for row in found.rows if row.told]
    assert told == sorted(told, reverse=True)
    assert [row.told for row in found.rows] == sorted((row.told for row in found.rows), reverse=True)


# ---- where nothing can be told


def test_nothing_to_compare_is_said(engines: Connect) -> None:
    log = shop(40, connect=engines)
    nobody = log.different(VISIT, "first event:nothing")
    assert nobody.sentence == "No session is selected: the brushes hold none. Clear one to compare."
    everybody = log.different(VISIT, "duration:0s..")
    assert everybody.sentence.startswith("All sessions are selected")
    same = log.different(VISIT, "first event:search", "first event:search")
    assert same.sentence == "No session is left to compare with: the selection holds all of them."
    assert same.shared == same.here.sessions
    for found in (nobody, everybody, same):
        assert found.rows == found.means == ()
        assert found.frame().is_empty()
    nothing = log.different(VISIT.replace(keep="event_count > 1000"), "duration:0s..")
    assert nothing.sentence == "There is no session."


def test_few_actors_are_said_and_tell_nothing(engines: Connect) -> None:
    log = shop(FEWEST_ACTORS + 5, connect=engines)
    user = log.sessions(VISIT)["user"][0]
    one = log.different(VISIT, f"user:{user}")
    assert one.caution.startswith("Nothing is told from chance: the ")
    assert "of 1 actor, and it takes 20." in one.sentence
    single = log.different(VISIT, f"user:{user};session_number:1..2")
    assert "the selected session is of 1 actor" in single.sentence
    for found in (one, single):
        assert found.rows
        assert found.told == 0
        assert all(row.difference is None and row.chance is None for row in (*found.rows, *found.means))


def test_one_actor_with_most_sessions_tells_nothing() -> None:
    times = [f"2024-03-{1 + at % 28:02} {at // 28:02}:00" for at in range(600)]
    rows = [("bot", time, "view") for time in times] + [(f"u{at}", "2024-03-01 10:00", "buy") for at in range(200)]
    rows += [(f"u{at}", "2024-03-02 10:00", "view") for at in range(30)]
    log = explorer.connect(pl.DataFrame(rows, schema=["user", "ts", "event"], orient="row"))
    found = log.different(VISIT.replace(metrics=()), "first event:view")
    assert found.here.actors == 31
    assert found.here.effective < 2
    assert "of the 31 actors of the selected sessions a few have most, so that they are worth 1 actors" in found.caution
    assert found.told == 0


def test_a_brush_that_does_not_fit_is_refused(engines: Connect) -> None:
    log = shop(30, connect=engines)
    with pytest.raises(SpecError, match="there is no column 'nothing'"):
        log.different(VISIT, "nothing:x")
    with pytest.raises(SpecError, match="'duration' cannot be brushed by ios"):
        log.different(VISIT, "duration:ios")


def test_the_frame_has_what_the_rows_have() -> None:
    found = shop(200).different(VISIT, "first event:search")
    frame = found.frame()
    assert frame.height == len(found.rows) + len(found.means)
    first = frame.row(0, named=True)
    assert (first["dimension"], first["measure"]) == (found.rows[0].name, "share")
    assert first["difference"] == first["here"] - first["there"]
    assert isinstance(found, Different)
    assert times_text(1.25) == "1.2"

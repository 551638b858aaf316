"""Time in session per actor is what a slow, obvious loop over the sessions says."""

from datetime import datetime, timedelta
from statistics import median

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import explorer
from explorer.engine.answers.actors import concentration
from explorer.engine.local.actors.properties import by_property, candidates, prop
from explorer.engine.local.actors.ranking import SORTS, Actors, Part, everyone, found_by, names, ranked
from explorer.engine.local.engine import LocalEngine
from explorer.spec.session import SessionDefinition
from tests.examples import examples
from tests.strategies import Log, definitions, logs

BEGIN = datetime(2024, 3, 1)
VISIT = SessionDefinition("visit", "30m")


def connected(drawn: Log) -> LocalEngine:
    columns = drawn.columns
    return explorer.connect(drawn.frame, actor=list(columns.actor), time="ts", order=list(columns.order))


def slowly(engine: LocalEngine, definition: SessionDefinition, rows: pl.Series | None) -> dict[tuple, dict]:
    """By actor, one session after the other."""
    sessions = engine.sessions(definition)
    chosen = range(sessions.height) if rows is None else rows.to_list()
    found: dict[tuple, dict] = {}
    for at in chosen:
        row = sessions.row(at, named=True)
        actor = tuple(str(row[name]) for name in engine.columns.actor)
        one = found.setdefault(actor, {"sessions": 0, "time": 0, "events": 0, "last": row["end"], "durations": []})
        duration = row["duration"] // timedelta(microseconds=1)
        one["sessions"] += 1
        one["time"] += duration
        one["events"] += row["event_count"]
        one["last"] = max(one["last"], row["end"])
        one["durations"].append(duration)
    return found


def named(engine: LocalEngine, actors: Actors, part: Part) -> list[tuple]:
    return names(engine.event_table, actors, part.who).rows()


@examples(40)
@given(logs(), definitions(), st.data())
def test_a_part_is_what_a_loop_says(drawn: Log, definition: SessionDefinition, data: st.DataObject):
    engine = connected(drawn)
    definition = definition.replace(metrics=(), keep=None)
    actors = everyone(engine.session_table(definition))
    height = actors.table.height
    picked = data.draw(st.one_of(st.none(), st.lists(st.booleans(), min_size=height, max_size=height)))
    rows = None if picked is None else pl.Series(np.flatnonzero(np.array(picked, dtype=bool)))
    part, wanted = actors.part(rows), slowly(engine, definition, rows)
    who = named(engine, actors, part)
    assert sorted(who) == sorted(wanted)
    medians = actors.medians(part)
    for at, actor in enumerate(who):
        one = wanted[actor]
        assert part.sessions[at] == one["sessions"]
        assert part.time[at] == one["time"]
        assert part.events[at] == one["events"]
        assert medians[at] == actors.medians_of(part, np.array([at]))[0] == median(one["durations"])
        assert part.last[at] == pl.Series([one["last"]]).dt.timestamp("us")[0]
    for sort in SORTS:
        order = ranked(actors, part, sort)
        assert sorted(order.tolist()) == list(range(len(part)))
        values = (
            medians if sort == "median" else actors.all.time[part.who] if sort == "all_time" else getattr(part, sort)
        )
        assert values[order].tolist() == sorted(values.tolist(), reverse=True)
        assert values[ranked(actors, part, sort, False)].tolist() == sorted(values.tolist())


@examples(80)
@given(st.lists(st.integers(0, 30), min_size=1, max_size=250))
def test_concentration_is_what_a_loop_says(times: list[int]):
    found = concentration(np.array(times, dtype=np.int64))
    order, total = sorted(times, reverse=True), sum(times)
    if not total:
        assert (found.total, found.tops, len(found.actors)) == (0, (), 0)
        return
    assert found.total == total
    tops = {top: len(times) * percent // 100 for top, percent in ((0.01, 1), (0.1, 10), (0.5, 50))}
    assert [(top, n) for top, n, _ in found.tops] == [(top, n) for top, n in tops.items() if n]
    for _, n, held in found.tops:
        assert held == pytest.approx(sum(order[:n]) / total)
    for share, held in zip(found.actors, found.time, strict=True):
        assert held == pytest.approx(sum(order[: round(share * len(times))]) / total)
    assert (found.actors[0], found.time[0], found.actors[-1]) == (0, 0, 1)
    assert found.time[-1] == pytest.approx(1)


@examples(80)
@given(st.lists(st.integers(0, 9), min_size=1, max_size=40), st.floats(0, 1), st.floats(0, 1))
def test_between_two_places_are_these_actors_and_their_equals(times: list[int], one: float, other: float):
    found = concentration(np.array(times, dtype=np.int64))
    first, last = sorted((one, other))
    low, high = found.between(first, last)
    held = [time for time in times if time >= low and (high is None or time < high)]
    order = sorted(times, reverse=True)
    wanted = order[round(first * len(times)) : round(last * len(times))]
    assert held
    assert set(wanted) <= set(held)
    assert not wanted or set(held) == set(wanted)
    begin, end = found.places(low, high)
    assert round((end - begin) * len(times)) == len(held)


def test_a_search_reads_any_part_of_a_name_in_upper_or_lower_case():
    rows = [{"user": user, "ts": BEGIN} for user in ("Ann", "anna", "bob", "a.n")]
    engine = explorer.connect(pl.DataFrame(rows), actor="user", time="ts")
    actors = everyone(engine.session_table(VISIT))
    for query, wanted in (("ANN", {"Ann", "anna"}), ("a.n", {"a.n"}), ("x", set())):
        held = found_by(engine.event_table, actors, actors.all, query)
        assert held is not None
        chosen = ranked(actors, actors.all, "time", True, held)
        assert {name for (name,) in names(engine.event_table, actors, actors.all.who[chosen]).rows()} == wanted
    assert found_by(engine.event_table, actors, actors.all, "  ") is None


# ---- properties


@examples(40)
@given(logs(), definitions(), st.sampled_from(["event", "page", "amount", "items", "ok"]), st.data())
def test_a_property_is_each_actors_first_value(
    drawn: Log, definition: SessionDefinition, column: str, data: st.DataObject
):
    engine = connected(drawn)
    definition = definition.replace(metrics=(), keep=None)
    if column in engine.columns.actor:
        return
    found, values = prop(engine.event_table, column), {}
    whole = engine.events(SessionDefinition("all", "52w"))
    for row in whole.iter_rows(named=True):
        actor = tuple(str(row[name]) for name in engine.columns.actor)
        if row[column] is not None:
            values.setdefault(actor, []).append(_text(row[column]))
    assert found.face.actors == len(values)
    assert found.face.mixed == sum(len(set(each)) > 1 for each in values.values())
    actors = everyone(engine.session_table(definition))
    height = actors.table.height
    picked = data.draw(st.lists(st.booleans(), min_size=height, max_size=height))
    rows = pl.Series(np.flatnonzero(np.array(picked, dtype=bool)))
    everything, some = slowly(engine, definition, None), slowly(engine, definition, rows)
    by: dict[str | None, list[tuple]] = {}
    for actor in everything:
        by.setdefault(values[actor][0] if actor in values else None, []).append(actor)
    answer = by_property(found, actors, actors.part(rows), top=50)
    assert {None if one.none else one.value for one in answer} == set(by)
    for one in answer:
        here = by[None if one.none else one.value]
        selected = [some[actor] for actor in here if actor in some]
        assert (one.all_actors, one.actors) == (len(here), len(selected))
        assert one.all_time == sum(everything[actor]["time"] for actor in here)
        assert one.time == sum(each["time"] for each in selected)
        assert one.median == (median(each["time"] for each in selected) if selected else None)
        assert one.sessions == (sum(each["sessions"] for each in selected) / len(selected) if selected else None)


def _text(value: object) -> str:
    return pl.Series([value]).cast(pl.String)[0]


def test_the_values_beyond_the_first_few_are_taken_together():
    rows = [
        {"user": f"u{at}", "ts": BEGIN + timedelta(minutes=minute), "team": f"t{at % 5}" if at else None}
        for at in range(11)
        for minute in (0, at)
    ]
    engine = explorer.connect(pl.DataFrame(rows), actor="user", time="ts")
    actors = everyone(engine.session_table(VISIT))
    answer = by_property(prop(engine.event_table, "team"), actors, actors.all, top=2)
    assert [(one.value, one.others, one.none) for one in answer] == [
        ("t0", 0, False),
        ("t4", 0, False),
        ("", 3, False),
        ("", 0, True),
    ]
    assert sum(one.actors for one in answer) == 11
    assert sum(one.share or 0 for one in answer) == pytest.approx(1)


def test_columns_that_tell_groups_of_actors_apart_come_first():
    rows = [
        {
            "user": f"u{at}",
            "ts": BEGIN + timedelta(minutes=minute),
            "mail": f"m{at}",
            "team": f"t{at % 3}",
            "page": f"p{minute}",
            "empty": None,
        }
        for at in range(60)
        for minute in range(3)
    ]
    engine = explorer.connect(pl.DataFrame(rows), actor="user", time="ts")
    assert set(candidates(engine.event_table)) == {"mail", "team", "page", "empty"}
    found = sorted(
        (prop(engine.event_table, name).face for name in candidates(engine.event_table)), key=lambda each: each.rank
    )
    assert [each.name for each in found][:2] == ["team", "mail"]
    assert [each.steady for each in found] == [True, True, False, False]
    actors = everyone(engine.session_table(VISIT))
    (nothing,) = by_property(prop(engine.event_table, "empty"), actors, actors.all)
    assert (nothing.none, nothing.actors) == (True, 60)

"""The local engine and DuckDB say the same, column by column; conditions are counted as the oracle counts them."""

from datetime import datetime
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.spec.analysis import Analysis
from explorer.spec.columns import Columns
from explorer.spec.expression.clause import Clause
from explorer.spec.metric import ActorMetric, Metric
from explorer.spec.session import SessionDefinition
from tests import oracle
from tests.examples import examples
from tests.factories import GALLERY, ROOT, made, of_no_cohort
from tests.parity import assert_same, both, check
from tests.strategies import Log, actor_metrics, clauses, definitions, logs

pytestmark = pytest.mark.slow

# ---- the gallery


@pytest.mark.parametrize("path", GALLERY, ids=lambda path: path.stem)
def test_the_gallery(path: Path):
    analysis = Analysis.from_yaml(path.read_text())
    for frame in (made(), made().with_columns(pl.col("ts").dt.replace_time_zone("UTC"))):
        local, remote = both(frame, analysis.columns)
        for definition in of_no_cohort(analysis):
            assert local.sessions(definition).height > 3
            check(local, remote, definition)


@pytest.mark.parametrize("name", ["expressions", "event_columns"])
def test_the_gallery_means_what_the_slow_loop_says(name: str):
    analysis = Analysis.from_yaml((ROOT / "tests" / "analyses" / f"{name}.yaml").read_text())
    frame = made()
    local, _ = both(frame, analysis.columns)
    for definition in analysis.sessions:
        wanted = oracle.sessions(frame.rows(named=True), analysis.columns, definition)
        key = [*analysis.columns.actor, "session_number"]
        found = local.sessions(definition).sort(key)
        wanted.sort(key=lambda row: [row[name] for name in key])
        assert found.height == len(wanted) > 0
        assert found["start"].to_list() == [row["start"] for row in wanted]
        for name in ("session_number", "event_count", "started_by", *(m.name for m in definition.metrics)):
            values = found[name].cast(pl.Int64) if found.schema[name] == pl.Duration else found[name]
            assert values.to_list() == pytest.approx([row[name] for row in wanted]), (definition.name, name)


def test_the_sample():
    analysis = Analysis.from_yaml((ROOT / "sample_data" / "shop.yaml").read_text())
    raw = pl.read_csv(ROOT / "sample_data" / "shop.csv.gz", infer_schema_length=10_000)
    frame = raw.with_columns(pl.col("ts").str.to_datetime(time_unit="us", strict=False))
    local, remote = both(frame, analysis.columns)
    for definition in analysis.sessions:
        assert_same(local.sessions(definition), remote.sessions(definition))
        assert_same(local.actors(definition), remote.actors(definition))
    shown, wanted = remote.quality, local.quality
    assert (shown.rows, shown.events, shown.no_actor, shown.no_time) == (
        *(wanted.rows, wanted.events, wanted.no_actor, wanted.no_time),
    )


def test_the_least_and_greatest_text_is_by_its_letters_whatever_list_it_is_from():
    sizes = pl.Enum(["small", "medium", "large"])
    columns = Columns("user", "ts")
    frame = pl.DataFrame(
        {
            "user": ["ann"] * 3 + ["bob"] * 2,
            "ts": [datetime(2024, 3, 1, hour, minute) for hour, minute in ((9, 0), (9, 1), (11, 0), (9, 0), (9, 5))],
            "size": pl.Series(["small", "large", "medium", "medium", "small"], dtype=sizes),
        }
    )
    of_sessions = [Metric("least", "min", "size"), Metric("greatest", "max", "size")]
    of_actors = [
        *(ActorMetric(f"{how}_{name}", how, name) for how in ("min", "max") for name in ("started_by", "cut_off")),
        ActorMetric("greatest_of_all", "max", "greatest"),
    ]
    definition = SessionDefinition(
        "visit", "30m", restart="size = 'small'", metrics=of_sessions, actor_metrics=of_actors
    )
    local, remote = both(frame, columns)
    for told, engines in (
        (oracle.sessions, (local.sessions(definition), remote.sessions(definition))),
        (oracle.actors, (local.actors(definition), remote.actors(definition))),
    ):
        wanted = told(frame.rows(named=True), columns, definition)
        names = [metric.name for metric in (of_sessions if told is oracle.sessions else of_actors)]
        for found in engines:
            assert found.select(names).to_dicts() == [{name: row[name] for name in names} for row in wanted]
    assert local.sessions(definition)["greatest"].to_list() == ["small", "medium", "medium", "small"]
    assert local.actors(definition)["max_started_by"].to_list() == ["inactivity", "restart"]


def test_texts_of_actors_are_texts():
    columns = Columns("user", "ts", event="event")
    local, remote = both(made(), columns)
    definition = SessionDefinition(
        "visit", "30m", metrics=[Metric("last", "max", "event")], actor_metrics=[ActorMetric("first", "first", "last")]
    )
    assert local.actors(definition).schema["first"] == pl.String
    assert_same(local.actors(definition), remote.actors(definition))


# ---- any log, any definition


@examples(40)
@given(logs(), clauses())
def test_conditions(log: Log, clause: Clause):
    local, remote = both(log.frame, log.columns)
    source = oracle._source(log.rows, log.columns)
    wanted = sum(oracle.holds(clause, event.row) for event in source)
    assert remote.count(clause) == local.count(clause) == wanted
    assert remote.count() == local.count() == len(source)


@examples(35)
@given(logs(), definitions())
def test_any_definition(log: Log, definition: SessionDefinition):
    local, remote = both(log.frame, log.columns)
    assert_same(local.sessions(definition), remote.sessions(definition))


@examples(25)
@given(logs(), definitions(), st.data())
def test_actor_metrics(log: Log, definition: SessionDefinition, data: st.DataObject):
    definition = definition.replace(actor_metrics=data.draw(actor_metrics(definition)))
    local, remote = both(log.frame, log.columns)
    assert_same(local.actors(definition), remote.actors(definition))


@examples(25)
@given(logs(), definitions(), st.data())
def test_sessions_kept_by_values_of_actors(log: Log, definition: SessionDefinition, data: st.DataObject):
    definition = definition.replace(actor_metrics=data.draw(actor_metrics(definition)))
    counts = {metric.name: "place" for metric in definition.actor_metrics if metric.aggregate == "count"}
    long = f"{log.columns.actor_name}.session_count.visit"
    known = {"session_count": "place", "time_in_session": "length", "first_start": "time", long: "place"}
    local, remote = both(log.frame, log.columns)
    check(local, remote, definition.replace(keep=data.draw(clauses(known | counts))))


@examples(15)
@given(logs(), definitions())
def test_actors_and_events(log: Log, definition: SessionDefinition):
    local, remote = both(log.frame, log.columns)
    check(local, remote, definition)
    left_out = oracle.left_out(log.rows, log.columns)
    assert (remote.quality.no_actor, remote.quality.no_time) == (left_out["null_actor"], left_out["null_time"])
    assert remote.quality.events == local.quality.events
    assert dict(remote.schema) == dict(local.schema)

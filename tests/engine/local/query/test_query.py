"""Charts' numbers, held to a slow twin that groups the oracle's sessions one by one."""

from datetime import datetime, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import explorer
from explorer.engine.local.engine import LocalEngine
from explorer.errors import SourceError, SpecError
from explorer.spec.charts.chart import Chart
from explorer.spec.charts.dimension import Dimension
from explorer.spec.metric import Metric
from explorer.spec.session import SessionDefinition
from tests.engine.local.query.slow_query import check, kept, keys, plain
from tests.examples import examples
from tests.strategies import ZONES, Log, clauses, definitions, logs, maybe

NOON = datetime(2024, 5, 1, 12)


# ---- held to the twin

DIMENSIONS = [
    *("any event_number", "since_start", "first until_next", "any since_previous"),
    *("event", "page", "first page", "last page", "any page", "any event", "last items", "any ok", "amount", "ok"),
    *("duration", "event_count", "session_number", "started_by", "cut_off", "time_in_session", "session_count"),
    *("hour of start", "weekday of start", "user"),
]
MEASURES = [
    *("count", "share", "share where duration > '10m'", "sum duration", "mean duration", "median duration"),
    *("p90 event_count", "max event_count", "min duration", "sum time_in_session", "median session_count"),
    *("share event_count", "share duration", "mean time_in_session", "share time_in_session"),
]
COUNT_KINDS = {"event_count": "place", "duration": "length", "session_number": "place"}


def charts(dimensions: list[str]) -> st.SearchStrategy[Chart]:
    return st.builds(
        Chart,
        kind=st.just("table"),
        session=st.just("visit"),
        measure=st.sampled_from(MEASURES),
        by=st.lists(st.sampled_from(dimensions), max_size=2, unique=True),
        every=maybe(st.sampled_from(["15m", "1h", "6h", "1d", "1w"])),
        where=maybe(clauses(COUNT_KINDS)),
    )


@examples(60)
@given(logs(), definitions(), charts(DIMENSIONS))
def test_any_chart_of_any_definition(log: Log, definition: SessionDefinition, chart: Chart):
    check(log, definition, chart)


@examples(40)
@given(logs(), charts(DIMENSIONS), ZONES)
def test_any_chart_in_any_zone(log: Log, chart: Chart, zone: str):
    check(log, SessionDefinition("visit", "20m"), chart, zone)


METRICS = [
    Metric("buys", "count", where="event = 'buy'"),
    Metric("bought", "any", where="event = 'buy'", scope={"nth": 1}),
    Metric("spent", "sum", "amount"),
    Metric("page_last", "last", "page"),
]


@examples(60)
@given(
    logs(),
    st.sampled_from(["share bought", "share buys", "sum spent", "p10 buys", "mean buys"]),
    st.lists(st.sampled_from(["buys", "bought", "spent", "page_last", "ok"]), max_size=2, unique=True),
)
def test_metrics_are_measured_and_grouped_by(log: Log, measure: str, by: list[str]):
    check(log, SessionDefinition("visit", "20m", metrics=METRICS), Chart("bar", "visit", measure=measure, by=by))


@examples(40)
@given(logs(), st.integers(1, 3), st.sampled_from(["page", "any page", "any event", "last event"]))
def test_other_is_all_that_is_not_among_the_most_frequent(log: Log, top: int, by: str):
    engine = connect(log)
    definition = SessionDefinition("visit", "20m")
    whole = engine.query(Chart("bar", "visit", by=by), definition)
    found = engine.query(Chart("bar", "visit", by=by, top=top), definition)
    named = whole.drop_nulls(by)
    assert found.filter(pl.col(by).is_null()).equals(whole.filter(pl.col(by).is_null()))
    assert found[:top].drop_nulls(by).equals(named[:top])
    rest = set(named[by][top:])
    sessions = kept(log, definition, Chart("bar", "visit"))
    wanted = sum(any(key in rest for key in keys(session, by, "UTC")) for session in sessions)
    others = found[top:].drop_nulls(by)
    assert others["sessions"].to_list() == ([wanted] if wanted else [])
    assert others[by].to_list() == (["other"] if wanted else [])


def connect(log: Log) -> LocalEngine:
    return explorer.connect(log.frame, actor=list(log.columns.actor), time="ts", order=list(log.columns.order))


def test_a_value_called_other_is_not_the_rest():
    rows = [{"user": at, "ts": NOON, "page": page} for at, page in enumerate(["other", "other", "a"])]
    found = explorer.connect(pl.DataFrame(rows), actor="user", time="ts").query(
        Chart("bar", "visit", by="page", top=1), SessionDefinition("visit", "30m")
    )
    assert found["page"].to_list() == ["other", "other (all)"]


# ---- distributions


@examples(30)
@given(logs(), definitions(), st.sampled_from(["duration", "event_count", "amount", "items", "visit.duration"]))
def test_a_distribution_has_neighbouring_bins_and_loses_nothing(log: Log, definition: SessionDefinition, of: str):
    found = connect(log).query(Chart("distribution", "visit", of=of), definition)
    sessions = kept(log, definition, Chart("bar", "visit"))
    name = of.removeprefix("visit.")
    assert found.columns == [name, "value", "sessions", f"{name}_to"]
    assert found["value"].sum() == len(sessions)
    known = found.drop_nulls(name)
    assert known[f"{name}_to"][:-1].to_list() == known[name][1:].to_list()
    values = [plain(key) for session in sessions for key in keys(session, name, "UTC")]
    for low, count, high in known.select(name, "value", f"{name}_to").iter_rows():
        assert count == sum(value is not None and plain(low) <= value < plain(high) for value in values)


@examples(40)
@given(logs(), st.sampled_from(["user.time_in_session.visit", "time_in_session", "session_count"]))
def test_a_distribution_of_an_actor_metric_counts_actors(log: Log, of: str):
    definition = SessionDefinition("visit", "20m")
    engine = explorer.connect(log.frame, actor="user", time="ts")
    found = engine.query(Chart("distribution", "visit", of=of), definition)
    assert found["value"].sum() == engine.actors(definition).height
    assert found["sessions"].sum() == engine.sessions(definition).height


# ---- names and errors


@pytest.fixture(scope="module")
def log() -> LocalEngine:
    rows = [
        ("ann", 0, "home", "ios", 1.0, 7),
        ("ann", 5, "buy", "ios", 9.0, 7),
        ("ann", 90, "home", "web", None, None),
        ("bob", 0, "home", None, 2.0, 8),
    ]
    frame = pl.DataFrame(rows, schema=["user", "ts", "event", "platform", "amount", "value"], orient="row")
    return explorer.connect(frame.with_columns(ts=NOON + pl.duration(minutes="ts")), actor="user", time="ts")


VISIT = SessionDefinition("visit", "30m", metrics=[{"name": "bought", "aggregate": "any", "where": "event = 'buy'"}])


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("visit.duration", "duration"),
        ("user.session_count.visit", "session_count"),
        ("hour of visit.start", "hour of visit.start"),
        ("value", "by value"),
        ("first value", "first value"),
    ],
)
def test_names_with_and_without_the_definition(log: LocalEngine, said: str, name: str):
    found = log.query(Chart("bar", "visit", by=said), VISIT)
    assert found.columns[:3] == [name, "value", "sessions"]
    assert found["sessions"].sum() == 3


def test_a_null_is_a_group(log: LocalEngine):
    found = log.query(Chart("bar", "visit", by="platform", measure="median duration"), VISIT)
    assert found.select("platform", "value", "sessions").rows() == [
        ("ios", timedelta(minutes=5), 1),
        ("web", timedelta(0), 1),
        (None, timedelta(0), 1),
    ]


def test_a_number_of_no_session(log: LocalEngine):
    chart = Chart("number", "visit", where="duration > '1h'")
    assert log.query(chart, VISIT).rows() == [(0, 0)]
    assert log.query(chart.replace(measure="median duration"), VISIT).rows() == [(None, 0)]
    assert log.query(chart.replace(kind="distribution", of="duration"), VISIT)["value"].sum() == 0
    assert log.query(chart.replace(kind="line", every="1d"), VISIT).height == 0


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        (
            {"by": ["duration", "platfrom"]},
            "by[1]: there is no column 'platfrom' to group by. Did you mean 'platform'?",
        ),
        ({"by": "last platfrom"}, "by[0]: there is no column 'last platfrom' to group by. Did you mean 'platform'?"),
        (
            {"by": "hour of strat"},
            "by[0]: there is no column 'hour of strat' to group by. Did you mean 'hour of start'?",
        ),
        ({"by": "hour of platform"}, "by[0]: 'platform' is a text and has no hour. Write hour of start."),
        ({"by": ["duration", "visit.duration"]}, "by[1]: 'duration' is there already."),
        ({"measure": "median durration"}, "measure: sessions have no column 'durration'. Did you mean 'duration'?"),
        ({"measure": "median bought"}, "measure: 'median' needs numbers or durations, and 'bought' is a truth value."),
        ({"measure": "share where x > 1"}, "measure: sessions have no column 'x'."),
        ({"where": "x > 1"}, "where: sessions have no column 'x'."),
        (
            {"kind": "distribution", "of": "amuont"},
            "of: there is no column 'amuont' to group by. Did you mean 'amount'?",
        ),
    ],
)
def test_errors_say_where_what_and_what_instead(log: LocalEngine, changes: dict, error: str):
    with pytest.raises(SpecError) as raised:
        log.query(Chart("bar", "visit").replace(**changes), VISIT)
    assert str(raised.value).startswith(error)


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"by": ["a", "b", "c"]}, "by[2]: A chart has at most 2 dimensions. Leave 'c' out."),
        ({"by": [3]}, "by[0]: 3 is not a dimension."),
        ({"top": "none"}, "top: 'none' is not a number of values."),
        ({"measure": "share where"}, "measure: A condition is a text"),
        ({"measure": "median"}, "measure: 'median' is not a measure."),
    ],
)
def test_charts_that_cannot_be_read(fields: dict, error: str):
    with pytest.raises(SpecError) as raised:
        Chart("bar", "visit", **fields)
    assert str(raised.value).startswith(error)


@given(st.sampled_from(["first", "last", "any", None]), st.sampled_from(["a", "of b", "first", "hour of c", "é \n"]))
def test_dimensions_are_written_as_they_are_read(place: str | None, column: str):
    text = f"{place} {column}".strip() if place else column.strip()
    assert str(Dimension.parse(text)) == text


# ---- sessions of sessions


def test_sessions_are_events(log: LocalEngine):
    spree = SessionDefinition(
        "spree",
        "1d",
        metrics=[
            Metric("visits", "count"),
            Metric("longest", "max", "duration"),
            Metric("did_buy", "any", where="bought = TRUE"),
        ],
    )
    nested = log.as_events(VISIT)
    assert (nested.columns.actor, nested.columns.time, nested.columns.event) == (("user",), "start", "started_by")
    for engine in (nested, explorer.connect(log.sessions(VISIT), actor="user", time="start")):
        found = engine.sessions(spree)
        assert found.select("user", "visits", "longest", "did_buy").rows() == [
            ("ann", 2, timedelta(minutes=5), True),
            ("bob", 1, timedelta(0), False),
        ]
        assert engine.query(Chart("bar", "spree", by="any started_by"), spree)["value"].to_list() == [2, 1]
    with pytest.raises(SourceError, match="'visit' has no session here"):
        log.as_events(VISIT.replace(keep="duration > '1h'"))

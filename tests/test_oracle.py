"""The rules, each on one tiny log with the answer typed in by hand."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from explorer.spec.columns import Columns
from explorer.spec.expression.clause import Any as Or
from explorer.spec.expression.clause import Not, parse
from explorer.spec.metric import Metric, Scope
from explorer.spec.session import SessionDefinition
from tests import oracle

COLUMNS = Columns(actor="user", time="ts")
MINUTE = 60_000_000


def at(minute: float, event: str = "view", user: str | None = "ann", **more: Any) -> dict[str, Any]:
    """An event so many minutes after noon."""
    return {"user": user, "ts": datetime(2024, 5, 1, 12) + timedelta(minutes=minute), "event": event, **more}


def cut(rows: list[dict], inactivity: str = "30m", columns: Columns = COLUMNS, **rules: Any) -> list[dict]:
    return oracle.sessions(rows, columns, SessionDefinition("visit", inactivity, **rules))


def parts(found: list[dict]) -> list[list[int]]:
    return [session["rows"] for session in found]


def reasons(found: list[dict]) -> list[str]:
    return [session["started_by"] for session in found]


# ---- rules 1 to 3: which events there are, and in which order


def test_rows_without_actor_or_time_are_left_out_and_counted():
    rows = [at(0), at(1, user=None), {"user": "ann", "ts": None}, {"user": None, "ts": None}, at(2)]
    assert parts(cut(rows)) == [[0, 4]]
    assert oracle.left_out(rows, COLUMNS) == {"null_actor": 2, "null_time": 1}


def test_where_comes_before_cutting():
    rows = [at(0), at(20, "heartbeat"), at(40)]
    assert parts(cut(rows)) == [[0, 1, 2]]
    assert parts(cut(rows, where="NOT event = 'heartbeat'")) == [[0], [2]]


def test_order_is_time_then_order_columns_then_input():
    rows = [at(5, seq=2), at(5, seq=1), at(0, seq=9), at(5, seq=1), at(5, seq=None)]
    assert parts(cut(rows)) == [[2, 0, 1, 3, 4]]
    assert parts(cut(rows, columns=Columns(actor="user", time="ts", order="seq"))) == [[2, 4, 1, 3, 0]]


def test_several_actor_columns_are_one_actor():
    rows = [at(0, site="x"), at(1, site="y"), at(2, site="x"), at(3, site=None)]
    found = cut(rows, columns=Columns(actor=("user", "site"), time="ts"))
    assert parts(found) == [[0, 2], [1]]
    assert [(session["user"], session["site"]) for session in found] == [("ann", "x"), ("ann", "y")]


def test_split_by_cuts_each_value_by_itself_and_numbers_them_together():
    rows = [at(0, app="ios"), at(10, app="web"), at(20, app="ios"), at(35, app="web"), at(60, app="ios")]
    found = cut(rows, split_by="app")
    assert parts(found) == [[0, 2], [1, 3], [4]]
    assert [(session["session_number"], session["app"]) for session in found] == [
        (1, "ios"),
        (2, "web"),
        (3, "ios"),
    ]
    assert reasons(found) == ["first", "first", "inactivity"]


# ---- rule 4: where a session starts


def test_a_gap_of_exactly_the_inactivity_is_inside():
    assert parts(cut([at(0), at(30), at(60)])) == [[0, 1, 2]]


def test_one_microsecond_more_is_not():
    found = cut([at(0), at(30 + 1 / MINUTE)])
    assert parts(found) == [[0], [1]]
    assert reasons(found) == ["first", "inactivity"]


def test_the_other_boundary_turns_it_around():
    assert parts(cut([at(0), at(30), at(59)], boundary=">=")) == [[0], [1, 2]]


def test_a_restart_event_belongs_to_the_session_it_opens():
    found = cut([at(0), at(1, "login"), at(2), at(3, "login")], restart="event = 'login'")
    assert parts(found) == [[0], [1, 2], [3]]
    assert reasons(found) == ["first", "restart", "restart"]


def test_an_end_event_belongs_to_the_session_it_closes():
    found = cut([at(0), at(1, "logout"), at(2), at(3, "logout")], end="event = 'logout'")
    assert parts(found) == [[0, 1], [2, 3]]
    assert reasons(found) == ["first", "end"]


def test_the_clock_of_max_duration_restarts_with_every_session():
    found = cut([at(minute) for minute in (0, 20, 40, 60, 61, 80, 100, 120, 122)], max_duration="1h")
    assert parts(found) == [[0, 1, 2, 3], [4, 5, 6, 7], [8]]
    assert reasons(found) == ["first", "max_duration", "max_duration"]


def test_max_duration_counts_from_the_session_that_a_gap_opened():
    found = cut([at(minute) for minute in (0, 50, 75, 100, 111)], max_duration="1h")
    assert parts(found) == [[0], [1, 2, 3], [4]]
    assert reasons(found) == ["first", "inactivity", "max_duration"]


def test_calendar_cuts_between_days_only_when_asked_and_in_its_zone():
    rows = [
        {"user": "ann", "ts": datetime(2024, 5, 1, 21, 50, tzinfo=UTC)},
        {"user": "ann", "ts": datetime(2024, 5, 1, 22, 10, tzinfo=UTC)},  # the next day in Berlin
        {"user": "ann", "ts": datetime(2024, 5, 1, 22, 30, tzinfo=UTC)},
    ]
    assert parts(cut(rows)) == [[0, 1, 2]]
    assert parts(cut(rows, calendar="UTC")) == [[0, 1, 2]]
    found = cut(rows, calendar="Europe/Berlin")
    assert parts(found) == [[0], [1, 2]]
    assert reasons(found) == ["first", "calendar"]


def test_calendar_takes_naive_times_as_they_are():
    rows = [
        {"user": "ann", "ts": datetime(2024, 5, 1, 23, 50)},
        {"user": "ann", "ts": datetime(2024, 5, 2, 0, 5)},
    ]
    assert parts(cut(rows, calendar="America/New_York")) == [[0], [1]]


def test_of_several_reasons_the_first_in_the_list_is_given():
    midnight = {"calendar": "UTC", "max_duration": "1m", "restart": "event = 'in'", "end": "event = 'out'"}
    rows = [
        at(0, "in"),
        at(24 * 60, "out"),  # inactivity, calendar, max_duration
        at(48 * 60, "view"),  # end and all of these
        at(72 * 60, "out"),  # inactivity, calendar, max_duration
        at(96 * 60, "in"),  # restart and all of these
        at(12 * 60 + 96 * 60, "view"),  # calendar, max_duration: 12 hours are allowed
        at(12 * 60 + 96 * 60 + 2, "view"),  # max_duration
    ]
    assert reasons(cut(rows, inactivity="12h", **midnight)) == [
        "first",
        "inactivity",
        "end",
        "inactivity",
        "restart",
        "calendar",
        "max_duration",
    ]


# ---- rules 5 to 8: what a session is told by


def test_numbers_start_end_duration_and_count():
    rows = [at(90), at(0), at(10, user="bob"), at(7)]
    first, second, other = (
        {name: session[name] for name in ("user", "session_number", "start", "end", "duration", "event_count")}
        for session in sorted(cut(rows), key=lambda session: (session["user"], session["session_number"]))
    )
    noon = datetime(2024, 5, 1, 12)
    late, seven, ten = (noon + timedelta(minutes=minute) for minute in (90, 7, 10))
    names = ["user", "session_number", "start", "end", "duration", "event_count"]
    assert first == dict(zip(names, ["ann", 1, noon, seven, 7 * MINUTE, 2], strict=True))
    assert second == dict(zip(names, ["ann", 2, late, late, 0, 1], strict=True))
    assert other == dict(zip(names, ["bob", 1, ten, ten, 0, 1], strict=True))


def test_cut_off_at_either_edge_of_the_source():
    rows = [
        at(0, user="ann"),
        at(30, user="bob"),
        at(31, user="cyd"),
        at(170, user="dan"),
        at(200, user="eve"),
    ]
    assert [session["cut_off"] for session in cut(rows)] == ["start", "start", None, "end", "end"]
    assert [session["cut_off"] for session in cut(rows, boundary=">=")] == [
        "start",
        "start",
        None,
        "end",
        "end",
    ]
    assert [session["cut_off"] for session in cut(rows[:2])] == ["both", "both"]
    assert [session["cut_off"] for session in cut(rows, where="user = 'dan'")] == ["end"]


def test_actors():
    rows = [at(0), at(10), at(60), at(5, user="bob")]
    noon = datetime(2024, 5, 1, 12)
    assert oracle.actors(rows, COLUMNS, SessionDefinition("visit", "30m")) == [
        {
            "user": "ann",
            "session_count": 2,
            "time_in_session": 10 * MINUTE,
            "first_start": noon,
            "last_end": noon + timedelta(hours=1),
        },
        {
            "user": "bob",
            "session_count": 1,
            "time_in_session": 0,
            "first_start": noon + timedelta(minutes=5),
            "last_end": noon + timedelta(minutes=5),
        },
    ]


# ---- metrics, scopes and keep

SHOP = [
    at(0, "login", page="a", amount=1.0),
    at(1, "buy", page="a", amount=4.0),
    at(2, "buy", page=None, amount=None),
    at(100, "view", page="b", amount=10.0),
    at(200, "login", page="c", amount=None),
    at(201, "view", page="a", amount=None),
]


def measured(*metrics: Metric, **rules: Any) -> list[tuple]:
    found = cut(SHOP, metrics=metrics, **rules)
    return [tuple(session[metric.name] for metric in metrics) for session in found]


@pytest.mark.parametrize(
    ("aggregate", "column", "answer"),
    [
        ("count", None, [2, 0, 0]),
        ("any", None, [True, False, False]),
        ("time_to", None, [1 * MINUTE, None, None]),
        ("n_unique", "page", [1, 0, 0]),
        ("sum", "amount", [4.0, 0, 0]),
        ("mean", "amount", [4.0, None, None]),
        ("median", "amount", [4.0, None, None]),
        ("min", "amount", [4.0, None, None]),
        ("max", "amount", [4.0, None, None]),
        ("first", "page", ["a", None, None]),
        ("last", "page", ["a", None, None]),  # nulls are not values
        ("p90", "amount", [4.0, None, None]),
    ],
)
def test_aggregates_of_matching_events(aggregate: str, column: str | None, answer: list):
    assert measured(Metric("m", aggregate, column, "event = 'buy'")) == [(value,) for value in answer]


def test_percentiles_lie_between_neighbours():
    assert oracle.percentile([10, 20, 40], 50) == 20
    assert oracle.percentile([10, 20, 40], 25) == 15
    assert oracle.percentile([10, 20, 40], 90) == 36
    assert oracle.percentile([7], 1) == 7


def test_a_ratio_of_two_metrics():
    buys, events = (
        Metric("buys", "count", where="event = 'buy'"),
        Metric("views", "count", where="event = 'view'"),
    )
    assert measured(Metric("rate", "ratio", "buys / views"), buys, events) == [
        (None, 2, 0),
        (0, 0, 1),
        (0, 0, 1),
    ]


def test_null_outside_the_scope_and_zero_within():
    scope = Scope(contains="event = 'login'")
    assert measured(Metric("m", "count", where="event = 'buy'", scope=scope)) == [(2,), (None,), (0,)]


@pytest.mark.parametrize(
    ("nth", "answer"),
    [
        (1, [3, None, None]),
        (2, [None, None, 2]),
        (-1, [None, None, 2]),
        (-2, [3, None, None]),
        (3, [None] * 3),
    ],
)
def test_nth_counts_the_sessions_that_satisfy_the_rest(nth: int, answer: list):
    scope = Scope(contains="event = 'login'", nth=nth)
    assert measured(Metric("m", "count", scope=scope)) == [(value,) for value in answer]


def test_nth_counts_per_actor():
    rows = [at(0), at(100), at(0, user="bob"), at(100, user="cyd"), at(200, user="cyd")]
    found = cut(rows, metrics=[Metric("m", "count", scope=Scope(nth=-1))])
    assert [(session["user"], session["m"]) for session in found] == [
        ("ann", None),
        ("ann", 1),
        ("bob", 1),
        ("cyd", None),
        ("cyd", 1),
    ]


def test_scope_by_session_columns():
    assert measured(Metric("m", "count", scope=Scope(where="duration > '1m'"))) == [(3,), (None,), (None,)]


def test_keep_sees_metrics_and_never_renumbers():
    found = cut(SHOP, metrics=[Metric("buys", "count", where="event = 'buy'")], keep="buys = 0 AND duration < '1m'")
    assert [(session["session_number"], session["rows"]) for session in found] == [(2, [3])]
    assert [session["session_number"] for session in cut(SHOP, keep="session_number != 2")] == [1, 3]


# ---- rule 2: conditions

ROW = {"n": 5, "none": None, "nan": float("nan"), "s": "It's 50%", "t": datetime(2024, 5, 1, 12), "b": False}


@pytest.mark.parametrize(
    "true",
    [
        "n = 5",
        "n != 6",
        "n BETWEEN 5 AND 6",
        "n IN (4, 5)",
        "none IS NULL",
        "nan IS NULL",
        "none != 5",
        "NOT none = 5",
        "NOT none < 5",
        "NOT none > 5",
        "NOT none BETWEEN 1 AND 9",
        "NOT none IN (1, 5)",
        "NOT none LIKE '%'",
        "NOT contains(none, '')",
        "none = 5 OR n = 5",
        "s LIKE 'It''s%'",
        "s LIKE '____ 50_'",
        "s ILIKE 'IT%'",
        "NOT s LIKE 'it%'",
        "NOT s LIKE '50'",
        "contains(s, '50%')",
        "starts_with(s, 'It''')",
        "ends_with(s, '%')",
        "s ~ '[0-9]+'",
        "NOT s ~ '^[0-9]+'",
        "t = '2024-05-01 12:00:00'",
        "t > '2024-05-01'",
        "b = FALSE",
        "NOT b = TRUE",
    ],
)
def test_conditions_are_true_or_false(true: str):
    assert oracle.holds(parse(true), ROW) is True
    assert oracle.holds(Not(parse(true)), ROW) is False


def test_nothing_at_all():
    assert oracle.holds(Or(()), ROW) is False
    assert cut([]) == []
    assert cut([at(0)], where="event = 'no'") == []

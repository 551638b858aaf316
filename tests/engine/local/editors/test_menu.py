"""What editors offer: held to plain Polars on hostile logs."""

from __future__ import annotations

import math
from datetime import date, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import explorer
from explorer.engine.answers.recipes import OF_ANY, recipes
from explorer.engine.local.editors.column_profile import MOST_VALUES, described, frequent
from explorer.engine.local.editors.menu import SESSION_COLUMNS, inside_menu, menu, session_menu
from explorer.errors import SpecError
from explorer.spec.event_columns import EVENT_COLUMNS
from explorer.spec.expression.clause import Between, IsNull, leaves
from explorer.spec.metric import Metric
from explorer.spec.session import BESIDES, SessionDefinition
from tests.factories import connect
from tests.strategies import KINDS, TEXTS, Log, definitions, logs

TYPES = {"text": "text", "number": "number", "count": "number", "flag": "bool", "time": "time"}


@given(logs())
def test_the_menu_tells_what_there_is(log: Log):
    engine = connect(log)
    found = menu(engine.event_table)
    if log.columns.event:
        assert next(iter(found)) == log.columns.event
    for name, kind in KINDS.items():
        told, values = found[name], engine.column(name)
        present = values.drop_nulls()
        assert (told["type"], told["nulls"]) == (TYPES[kind], values.null_count())
        if kind == "text":
            counts = dict(present.cast(pl.String).rename("value").value_counts().iter_rows())
            assert dict(told["values"]) == counts
            assert told["distinct"] == len(counts)
            assert [count for _, count in told["values"]] == sorted(counts.values(), reverse=True)
        elif kind in ("number", "count"):
            assert (told["low"], told["high"]) == (present.min(), present.max())
            assert told["whole"] == all(float(value).is_integer() for value in present)
        if len(present):
            assert told["example"] != "" or "" in present


@given(logs())
def test_low_and_high_are_values_that_a_condition_can_say(log: Log):
    engine = connect(log)
    for name, told in menu(engine.event_table).items():
        if told.get("low") is not None:
            every = engine.column(name).count()
            assert engine.count(Between(name, told["low"], told["high"])) == every


@given(st.lists(st.sampled_from(TEXTS)), st.integers(1, 4))
def test_frequent_texts_are_the_same_encoded_or_not(texts: list[str | None], most: int):
    plain = pl.Series(texts, dtype=pl.String)
    wanted = plain.drop_nulls().rename("value").value_counts()
    for values in (plain, plain.cast(pl.Categorical), plain.cast(pl.Enum(sorted({t for t in texts if t is not None})))):
        found, distinct = frequent(values, most)
        assert distinct == wanted.height
        assert [count for _, count in found] == sorted(wanted["count"].to_list(), reverse=True)[:most]
        assert set(found) <= set(wanted.iter_rows())


def test_more_texts_than_are_offered_are_counted():
    told = described(pl.Series([f"t{at}" for at in range(280)] + ["t7"]), "UTC")
    assert told is not None
    assert (len(told["values"]), told["values"][0], told["distinct"]) == (MOST_VALUES, ("t7", 2), 280)


@pytest.mark.parametrize(
    ("values", "low", "high"),
    [
        (
            pl.Series([datetime(2024, 7, 1, 12, 0, 0, 5)]).dt.replace_time_zone("UTC"),
            "2024-07-01T14:00:00.000005",
            None,
        ),
        (pl.Series([datetime(2024, 7, 1, 12)]), "2024-07-01T12:00:00", None),
        (pl.Series([date(2024, 7, 1), date(2024, 7, 3)]), "2024-07-01", "2024-07-03"),
        (pl.Series([timedelta(hours=-1), timedelta(minutes=90)]), "-1h", "1h 30m"),
        (pl.Series([math.inf, 1.0, -math.inf, 2.5]), 1.0, 2.5),
        (pl.Series([math.inf]), None, None),
        (pl.Series(["1.50", "2.25"]).str.to_decimal(scale=2), 1.5, 2.25),
        (pl.Series([2**63, 3], dtype=pl.UInt64), 3, 2**63),
        (pl.Series([], dtype=pl.Int64), None, None),
        (pl.Series([None], dtype=pl.Duration("ms")), None, None),
    ],
)
def test_ends_are_said_in_the_words_of_conditions(values: pl.Series, low: object, high: object):
    told = described(values, "Europe/Berlin")
    assert told is not None
    assert (told["low"], told["high"]) == (low, low if len(values) == 1 and high is None else high)


def test_a_time_beyond_the_years_of_the_calendar_is_told_all_the_same():
    told = described(pl.Series([2**62, -(2**62)]).cast(pl.Datetime("us")), "UTC")
    assert told is not None
    assert (told["low"], told["high"]) == ("0001-01-02T00:00:00", "9999-12-30T00:00:00")


def test_a_type_that_cannot_be_compared_is_left_out():
    assert described(pl.Series([[1], [2]]), "UTC") is None


# ---- sessions


@given(logs(), definitions())
def test_the_session_menu_tells_what_there_is_before_keep(log: Log, definition: SessionDefinition):
    engine = connect(log)
    found = session_menu(engine.session_table(definition))
    sessions = engine.session_table(definition.replace(keep=None))
    every = sessions.frame().with_columns(
        *(sessions.column(name).gather(sessions.kept).alias(name) for name in BESIDES)
    )
    others = [*log.columns.actor, *definition.split_by, *(metric.name for metric in definition.metrics)]
    assert list(found) == list(dict.fromkeys([*SESSION_COLUMNS, *others]))
    for name, told in found.items():
        values = every[name]
        assert told["nulls"] == values.null_count(), name
        if told["type"] == "text":
            counts = values.cast(pl.String).drop_nulls().rename("value").value_counts()
            assert dict(told["values"]) == dict(counts.iter_rows())
        elif told["type"] == "number":
            assert (told["low"], told["high"]) == (values.min(), values.max())


def test_a_metric_that_cannot_be_computed_is_left_out_of_the_session_menu():
    engine = connect_shop()
    wrong = Metric("wrong", "sum", "evnt")
    found = session_menu(engine.session_table(SessionDefinition("visit", "30m", metrics=(wrong, Metric("n", "count")))))
    assert "wrong" not in found
    assert found["n"]["low"] == 1
    with pytest.raises(SpecError, match=r"^where: "):
        session_menu(engine.session_table(SessionDefinition("visit", "30m", where="evnt = 'x'")))


def test_another_metric_leaves_the_rest_of_the_session_menu_alone():
    engine = connect_shop()
    definition = SessionDefinition("visit", "30m", metrics=(Metric("n", "count"),))
    session_menu(engine.session_table(definition))
    before = engine.stages.made["session menu"]
    session_menu(
        engine.session_table(definition.replace(metrics=(Metric("n", "count"), Metric("m", "n_unique", "page"))))
    )
    assert engine.stages.made["session menu"] == before + 1


# ---- recipes


def connect_shop(**events: str):
    said = {"login": "login", "purchase": "purchase", "register": "register", "error": "error"} | events
    kinds = ["view", said["login"], "view", said["purchase"], "view", said["register"], said["error"], "view"]
    frame = pl.DataFrame(
        {
            "user": ["ann", "bob"] * 8,
            "ts": pl.datetime_range(pl.datetime(2024, 3, 1), pl.datetime(2024, 3, 1, 15), "1h", eager=True),
            "event": kinds * 2,
            "page": ["/", "/a", "/b", "/"] * 4,
            "amount": [1.5, None, 2.0, 3.5] * 4,
        }
    )
    return explorer.connect(frame, actor="user", time="ts", event="event")


def test_the_three_questions_are_ready_made():
    engine = connect_shop()
    found = {recipe.title: recipe.metric for recipe in recipes(engine.columns, menu(engine.event_table))}
    first, second, third = list(found.items())[:3]
    assert first[0] == "Purchases in the first login session"
    scope = {"contains": "event = 'login'", "nth": 1}
    assert first[1].replace(name="m") == Metric("m", "count", where="event = 'purchase'", scope=scope)
    assert second[1].replace(name="m") == Metric("m", "n_unique", "page", scope={"where": "duration > '1h'"})
    scope = {"contains": "event = 'register'", "nth": 2}
    assert third[1].replace(name="m") == Metric("m", "count", where="event = 'error'", scope=scope)


def test_events_are_found_by_their_words():
    engine = connect_shop(login="Signed In", purchase="orderPlaced", register="sign_up", error="HTTP exception")
    titles = [recipe.title for recipe in recipes(engine.columns, menu(engine.event_table))]
    assert titles[0] == "Order placed events in the first signed in session"
    assert titles[2] == "'HTTP exception' events in the second sign up session"


def titles_of(frame: pl.DataFrame, **roles: str) -> dict[str, Metric]:
    log = explorer.connect(frame, **roles)
    found = recipes(log.columns, menu(log.event_table))
    return {recipe.title: recipe.metric for recipe in found}


def test_what_the_data_lacks_is_not_asked_for():
    engine = connect_shop(login="view", register="view", error="author_page")
    found = {recipe.title: recipe.metric for recipe in recipes(engine.columns, menu(engine.event_table))}
    first = found["Purchases in the first session"].replace(name="m")
    assert first == Metric("m", "count", where="event = 'purchase'", scope={"nth": 1})
    assert not [title for title in found if "second" in title or "view session" in title or "author" in title]


def test_what_failed_is_no_login():
    engine = connect_shop(login="login_failed", register="view", error="view")
    titles = [recipe.title for recipe in recipes(engine.columns, menu(engine.event_table))]
    assert titles[0] == "Purchases in the first session"
    assert "Login failed events in each session" in titles


def test_what_was_cancelled_is_no_purchase_and_vowels_have_an_article():
    engine = connect_shop(login="order_placed", register="view", purchase="order_cancelled")
    titles = [recipe.title for recipe in recipes(engine.columns, menu(engine.event_table))]
    assert "Sessions with an order placed" in titles
    assert not [title for title in titles if "cancelled" in title]


def test_words_that_nobody_knows_are_asked_for_nothing():
    engine = connect_shop(login="abc", purchase="def", register="ghi", error="jkl")
    titles = [recipe.title for recipe in recipes(engine.columns, menu(engine.event_table))]
    assert titles[0] == "Different pages in sessions of more than an hour"
    assert not [title for title in titles if "session" in title and "hour" not in title]


def test_ids_are_never_counted_and_the_event_column_stands_in():
    at = list(range(400))
    frame = pl.DataFrame(
        {
            "user": [f"u{n % 40}" for n in at],
            "ts": [datetime(2024, 3, 1) + timedelta(hours=n) for n in at],
            "event": [("view", "cart", "purchase")[n % 3] for n in at],
            "session_id": [f"s{n // 4}" for n in at],
            "ticket": [f"t{n}" for n in at],
            "platform": [("ios", "web")[n % 2] for n in at],
        }
    )
    found = titles_of(frame, actor="user", time="ts", event="event")
    assert "Different events in sessions of more than an hour" in found
    assert "First platform" in found
    assert not [title for title in found if "session id" in title.lower() or "ticket" in title or "s0" in title]


def test_an_access_log_is_asked_for_paths_and_status_codes():
    at = list(range(400))
    paths = ["/", "/seeds/late-leek", "/order", "/about", "/seeds/red-leek"]
    frame = pl.DataFrame(
        {
            "host": [f"10.0.0.{n % 40}" for n in at],
            "time": [datetime(2024, 3, 1) + timedelta(hours=n) for n in at],
            "path": [paths[n * n % 5] if n % 7 else "/order" for n in at],
            "status": [200 if n % 9 else 404 if n % 2 else 503 for n in at],
        }
    )
    found = titles_of(frame, actor="host", time="time", event="path")
    assert found["Views of /order in each session"].replace(name="m") == Metric("m", "count", where="path = '/order'")
    assert found["Errors in each session"].replace(name="m") == Metric("m", "count", where="status >= 400")
    assert {"Server errors in each session", "Different paths"} <= {*found}
    assert "Views of /order in the first session" in found
    assert not [title for title in found if "late leek" in title]


def test_errors_in_the_second_registration_are_status_codes_where_no_event_is_an_error():
    at = list(range(400))
    frame = pl.DataFrame(
        {
            "host": [f"10.0.0.{n % 40}" for n in at],
            "time": [datetime(2024, 3, 1) + timedelta(hours=n) for n in at],
            "path": [("/", "/register", "/about", "/seeds")[n % 4] for n in at],
            "status": [200 if n % 9 else 404 for n in at],
        }
    )
    found = titles_of(frame, actor="host", time="time", event="path")
    asked = found["Errors in the second session with /register"]
    wanted = Metric("m", "count", where="status >= 400", scope={"contains": "path = '/register'", "nth": 2})
    assert (asked.name, asked.replace(name="m")) == ("errors_in_second_register", wanted)


def test_words_of_other_languages_are_quoted_and_never_bent():
    at = list(range(400))
    frame = pl.DataFrame(
        {
            "wer": [f"u{n % 40}" for n in at],
            "ts": [datetime(2024, 3, 1) + timedelta(hours=n) for n in at],
            "Was ist passiert": [("Ansicht", "Order aufgegeben", "Korb")[n % 3] for n in at],
        }
    )
    found = titles_of(frame, actor="wer", time="ts", event="Was ist passiert")
    assert "'Order aufgegeben' events in the first session" in found
    assert "Time to the first 'Order aufgegeben'" in found
    assert "Different values of 'Was ist passiert'" in found
    assert not [title for title in found if "passierts" in title or "aufgegebens" in title]


def test_what_follows_what_is_asked_where_events_say_that_one_leads_to_another():
    events = ["search", "search", "it's in the cart", "error", "purchase"]
    frame = pl.DataFrame({"user": ["ann"] * 5, "ts": [1, 2, 3, 4, 5], "event": events})
    found = titles_of(frame, actor="user", time="ts", event="event")
    patterns = {title: (its.aggregate, str(its.pattern)) for title, its in found.items() if getattr(its, "pattern", 0)}
    cart = "'it''s in the cart'"
    assert list(patterns.values()) == [
        ("any", f"{cart} -> [^purchase]* $"),
        ("time_of", f"{cart} .. purchase"),
        ("any", "error $"),
        ("matches", "error{2,}"),
        ("matches", "search{2,}"),
    ]
    assert "Sessions that end with an error" in patterns
    visit = SessionDefinition("visit", "30m", metrics=[its for its in found.values() if getattr(its, "pattern", 0)])
    log = explorer.connect(frame, actor="user", time="ts", event="event")
    values = log.sessions(visit).row(0)[-5:]
    assert values == (False, timedelta(seconds=2), False, 0, 1)


def test_recipes_take_no_name_that_is_taken():
    engine = connect_shop()
    free = [recipe.metric.name for recipe in recipes(engine.columns, menu(engine.event_table))]
    again = [recipe.metric.name for recipe in recipes(engine.columns, menu(engine.event_table), free)]
    assert len({*free, *again}) == 2 * len(free)
    assert again[0] == f"{free[0]}_2"


@given(logs())
def test_recipes_use_only_what_there_is_and_all_can_be_computed(log: Log):
    engine = connect(log)
    found = recipes(engine.columns, menu(engine.event_table))
    present = set(engine.column("event").drop_nulls().cast(pl.String)) if log.columns.event else set()
    for recipe in found:
        for clause in (recipe.metric.where, recipe.metric.scope and recipe.metric.scope.contains):
            for leaf in leaves(clause):
                if leaf.column == "event" and present and not isinstance(leaf, IsNull):
                    assert leaf.value in present  # type: ignore[union-attr]
    metrics = tuple(recipe.metric for recipe in found)
    sessions = engine.sessions(SessionDefinition("visit", "30m", metrics=metrics))
    assert {metric.name for metric in metrics} <= {*sessions.columns}


def test_where_nothing_else_can_be_asked_only_what_any_log_can_is_offered():
    frame = pl.DataFrame({"user": ["ann"] * 3, "ts": [1, 2, 3]})
    engine = explorer.connect(frame, actor="user", time="ts", unit="seconds")
    titles = [recipe.title for recipe in recipes(engine.columns, menu(engine.event_table))]
    assert titles == [title for title, _ in OF_ANY]


@given(logs(), definitions())
def test_the_menu_of_events_of_sessions_tells_what_they_know(log: Log, definition: SessionDefinition):
    engine = connect(log)
    sessions = engine.session_table(definition)
    found = inside_menu(sessions)
    assert [*found] == [*menu(engine.event_table), *EVENT_COLUMNS]
    for name, each in EVENT_COLUMNS.items():
        values = sessions.inside.column(name)
        assert (found[name]["about"], found[name]["type"]) == (each.title, each.kind)
        assert found[name]["nulls"] == values.null_count()


def test_ready_made_metrics_know_their_place_in_the_session():
    engine = connect_shop()
    found = {recipe.metric.name: recipe.metric for recipe in recipes(engine.columns, menu(engine.event_table))}
    sessions = engine.sessions(SessionDefinition("visit", "3h", metrics=tuple(found.values())))
    assert sessions["time_on"].to_list() == [timedelta(hours=8), timedelta(hours=6)]
    assert sessions["longest_page"].to_list() == [timedelta(hours=2)] * 2
    assert sessions["engaged_time"].to_list() == [timedelta(seconds=30 * 7)] * 2
    assert (sessions["depth"].to_list(), sessions["bounced"].to_list()) == ([8, 8], [False, False])

"""Sessions and metrics built from nothing by mouse and keyboard; what is shown equals what the core says."""

from __future__ import annotations

import gc
import logging
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from playwright.sync_api import Locator, expect

import explorer
from explorer.crossfilter.formats import count_text
from explorer.engine.local.engine import LocalEngine
from explorer.spec.metric import ActorMetric, Metric
from explorer.spec.presets import preset
from explorer.spec.session import SessionDefinition
from tests.ui.guards import GuardedPage
from tests.ui.helpers import SAMPLE, add_rule, comes, rows, shows
from tests.ui.stage import Stage
from widgets.definition.metric_editor import MetricEditor

PLAIN = SessionDefinition("session", "30m")


@pytest.fixture(scope="module")
def log() -> LocalEngine:
    return explorer.connect(SAMPLE)


@pytest.fixture
def opened(stage: Stage, events: Path) -> Iterator[GuardedPage]:
    yield stage.open(events)
    stage.page.idle()


@pytest.fixture(scope="module")
def events(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample's events without its analysis: nothing is defined yet."""
    return Path(shutil.copy(SAMPLE, tmp_path_factory.mktemp("data") / "events.csv.gz"))


def group(page: GuardedPage, title: str) -> Locator:
    """One of the metric editor's conditions."""
    return page.get_by_role("group", name=title, exact=True)


def condition(page: GuardedPage, label: str, column: str, value: str, operator: str = "is") -> None:
    """Add one condition by keyboard: its column, its operator, its value."""
    page.get_by_role("button", name=f"Add condition on {label}").press("Enter")
    page.keyboard.type(column)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    rule = page.get_by_label(f"Condition on {label}").locator(".rule")
    if operator != "is":
        rule.get_by_label("Operator").select_option(operator)
    field = rule.get_by_label("Value", exact=True)
    field.click()
    page.keyboard.type(value)
    page.keyboard.press("Enter")


def choose(page: GuardedPage, menu: str, option: str) -> None:
    page.get_by_role("combobox", name=menu, exact=True).click()
    page.get_by_role("menuitem", name=option, exact=True).or_(
        page.get_by_role("option", name=option, exact=True)
    ).click()


def add(page: GuardedPage, name: str) -> None:
    page.idle()  # as long as nobody has typed a name, it follows from the rest
    page.get_by_role("textbox", name="Name", exact=True).fill(name)
    page.keyboard.press("Tab")
    page.get_by_role("button", name="Add metric").click()
    expect(page.get_by_role("button", name=f"{name}: ")).to_be_visible()


def filled(page: GuardedPage, log: LocalEngine, metric: Metric) -> None:
    """The page says in how many sessions the metric has a value, and the table holds the core's values."""
    sessions = log.sessions(PLAIN.replace(metrics=(metric,)))
    values = sessions[metric.name]
    count = sessions.height - values.null_count()
    assert count
    expect(page.get_by_role("button", name=f"{metric.name}: ")).to_contain_text(f"in {count_text(count)} sessions")
    largest = count_text(values.max())  # type: ignore[arg-type]
    page.idle()
    page.get_by_role("button", name=metric.name, exact=True).click()  # numbers begin with the greatest
    assert comes(page, lambda: first_value(page, metric.name) == largest)


def first_value(page: GuardedPage, column: str) -> str:
    titles = [text.split("\n")[0].strip() for text in page.get_by_role("columnheader").all_inner_texts()]
    return dict(zip(titles, rows(page)[0], strict=False)).get(column, "")


def test_purchases_in_the_first_login_session(opened: GuardedPage, log: LocalEngine):
    opened.get_by_role("button", name="Add a metric").click()
    condition(opened, "events counted", "event", "purchase")
    condition(opened, "an event it contains", "event", "login")
    choose(opened, "In", "the actor's first")
    add(opened, "purchases")
    scope = {"contains": "event = 'login'", "nth": 1}
    filled(opened, log, Metric("purchases", "count", where="event = 'purchase'", scope=scope))


def test_engaged_time_is_ready_made(opened: GuardedPage):
    opened.get_by_role("button", name="Add a metric").click()
    opened.get_by_role("button", name="Engaged time", exact=True).click()
    add(opened, "engaged")
    expect(opened.get_by_role("button", name="engaged: Sum of least(until_next, '30s')")).to_be_visible()


def test_a_metric_of_what_events_know_of_their_session(opened: GuardedPage):
    opened.get_by_role("button", name="Add a metric").click()
    choose(opened, "Value", "Unique values of")
    choose(opened, "Column", "until_next – Time until the next event in the session")
    condition(opened, "events counted", "event_number", "1", operator=">")
    add(opened, "pauses")
    said = "pauses: Unique values of until_next over events where event_number > 1"
    expect(opened.get_by_role("button", name=said)).to_be_visible()


def test_unique_pages_in_sessions_of_more_than_an_hour(opened: GuardedPage, log: LocalEngine):
    opened.get_by_role("button", name="Add a metric").click()
    choose(opened, "Value", "Unique values of")
    choose(opened, "Column", "page")
    condition(opened, "the session", "duration", "1h", operator=">")
    add(opened, "pages")
    filled(opened, log, Metric("pages", "n_unique", column="page", scope={"where": "duration > '1h'"}))


def test_errors_in_the_second_attempted_registration(opened: GuardedPage, log: LocalEngine):
    opened.get_by_role("button", name="Add a metric").click()
    condition(opened, "events counted", "event", "error")
    condition(opened, "an event it contains", "event", "register")
    choose(opened, "In", "the actor's second")
    add(opened, "errors")
    scope = {"contains": "event = 'register'", "nth": 2}
    filled(opened, log, Metric("errors", "count", where="event = 'error'", scope=scope))


def test_a_pattern_is_clicked_together_and_typed(opened: GuardedPage, log: LocalEngine):
    opened.get_by_role("button", name="Add a metric").click()
    choose(opened, "Value", "Number of matches of a pattern")
    field = opened.get_by_role("textbox", name="Pattern of events")
    opened.get_by_role("button", name="Append login", exact=True).click()
    expect(field).to_have_value("login")
    ways = opened.get_by_role("group", name="How the next event follows")
    ways.get_by_role("button", name="Later").click()
    opened.get_by_role("button", name="Append purchase", exact=True).click()
    expect(field).to_have_value("login .. purchase")
    field.press("End")
    field.press_sequentially(" $")
    add(opened, "bought_at_last")
    metric = Metric("bought_at_last", "matches", pattern="login .. purchase $")
    most = log.sessions(PLAIN.replace(metrics=(metric,)))["bought_at_last"].max()
    assert most
    opened.idle()
    opened.get_by_role("button", name="bought_at_last", exact=True).click()
    assert comes(opened, lambda: first_value(opened, "bought_at_last") == count_text(most))  # type: ignore[arg-type]


def test_a_pattern_that_cannot_be_read_says_where(opened: GuardedPage):
    opened.get_by_role("button", name="Add a metric").click()
    choose(opened, "Value", "Number of matches of a pattern")
    opened.get_by_role("textbox", name="Pattern of events").fill("login -> ")
    said = opened.get_by_text("needs an event at the end")
    expect(said).to_be_visible()
    opened.get_by_role("textbox", name="Pattern of events").fill("login -> purchase")
    expect(said).to_have_count(0)


def test_the_same_questions_are_one_click_each(opened: GuardedPage, log: LocalEngine):
    opened.get_by_role("button", name="Add a metric").click()
    ready = opened.get_by_role("group", name="Ready-made metrics").get_by_role("button")
    expect(ready.filter(has_text="first login session")).to_have_count(1)
    ready.filter(has_text="first login session").click()
    preview = opened.get_by_role("region", name="Preview")
    scope = {"contains": "event = 'login'", "nth": 1}
    wanted = log.sessions(PLAIN.replace(metrics=(Metric("n", "count", where="event = 'purchase'", scope=scope),)))
    count = wanted.height - wanted["n"].null_count()
    expect(preview).to_contain_text(f"{count_text(count)} of {count_text(wanted.height)}")
    opened.get_by_role("button", name="Cancel").click()
    expect(preview).to_have_count(0)


def test_the_longest_session_of_each_actor(opened: GuardedPage, log: LocalEngine):
    opened.get_by_role("button", name="Add an actor metric").click()
    choose(opened, "Value", "Max of")
    choose(opened, "Column", "duration")
    condition(opened, "sessions counted", "event_count", "1", operator=">")
    opened.idle()
    opened.get_by_label("Name", exact=True).fill("longest")
    opened.get_by_role("button", name="Add actor metric", exact=True).click()
    metric = ActorMetric("longest", "max", "duration", where="event_count > 1")
    values = log.actors(PLAIN.replace(actor_metrics=(metric,)))["longest"]
    said = f"of {count_text(values.count())} actors"
    expect(opened.get_by_role("button", name="longest: ")).to_contain_text(said)
    opened.get_by_role("button", name="More for longest").click()
    opened.get_by_role("menuitem", name="Chart it").click()
    expect(opened.get_by_role("heading", name="longest")).to_be_visible()


def test_a_filter_says_what_it_would_do_before_it_does(opened: GuardedPage, log: LocalEngine):
    add_rule(opened, "Events")
    opened.get_by_role("button", name="Add condition").press("Enter")
    opened.keyboard.type("event")
    opened.keyboard.press("Enter")
    opened.keyboard.type("purchase")
    opened.keyboard.press("Enter")
    bought = log.sessions(PLAIN.replace(where="event = 'purchase'"))
    preview = opened.get_by_role("region", name="Preview")
    expect(preview.locator(".numbers")).to_contain_text(count_text(bought.height))
    expect(preview.locator("tbody tr")).to_have_count(5)
    assert shows(opened, log.sessions(PLAIN).height)
    opened.keyboard.press("Control+Enter")
    assert shows(opened, bought.height)
    expect(opened.get_by_role("button", name="Events: event is 'purchase'")).to_be_visible()
    assert "purchase" in opened.url
    opened.get_by_role("button", name="More for Events").click()
    opened.get_by_role("menuitem", name="Remove").click()
    assert shows(opened, log.sessions(PLAIN).height)


def test_sessions_are_kept_by_a_metric(opened: GuardedPage, log: LocalEngine):
    opened.get_by_role("button", name="Add a metric").click()
    condition(opened, "events counted", "event", "purchase")
    add(opened, "purchases")
    add_rule(opened, "Session filter")
    opened.get_by_role("button", name="Add condition").press("Enter")
    opened.keyboard.type("purchases")
    opened.keyboard.press("ArrowDown")
    opened.keyboard.press("Enter")
    opened.locator(".rule").get_by_label("Operator").select_option(">")
    opened.locator(".rule").get_by_label("Value", exact=True).fill("0")
    opened.keyboard.press("Enter")
    opened.get_by_role("button", name="Apply").click()
    metric = Metric("purchases", "count", where="event = 'purchase'")
    wanted = log.sessions(PLAIN.replace(metrics=(metric,), keep="purchases > 0"))
    assert shows(opened, wanted.height)


def test_a_preset_is_tried_and_taken(opened: GuardedPage, log: LocalEngine):
    opened.get_by_role("button", name="Use another tool's rules").click()
    opened.get_by_role("radio", name="Amplitude (mobile)").check()
    wanted = log.sessions(preset("Amplitude (mobile)").applied(PLAIN)).height
    expect(opened.get_by_role("region", name="Preview")).to_contain_text(count_text(wanted))
    opened.get_by_role("button", name="Apply").click()
    assert shows(opened, wanted)
    expect(opened.get_by_role("textbox", name="Inactivity")).to_have_value("5m")


def offers(page: GuardedPage, column: str) -> bool:
    page.get_by_role("button", name="More for session").click()
    if page.get_by_role("menuitem", name=column).is_visible():
        return True
    page.keyboard.press("Escape")
    return False


def test_definitions_are_copied_renamed_split_and_deleted(opened: GuardedPage, log: LocalEngine):
    names = opened.get_by_role("list", name="Session definitions").locator(".name span")
    assert comes(opened, lambda: offers(opened, "platform"))  # which columns have few values is found out meanwhile
    opened.get_by_role("menuitem", name="platform").click()
    expect(names).to_have_text(["session", "session web", "session ios", "session android"])
    opened.get_by_role("button", name="session ios").first.click()
    ios = log.sessions(PLAIN.replace(where="platform = 'ios'"))
    assert shows(opened, ios.height)
    opened.get_by_role("button", name="session ios").first.dblclick()
    opened.keyboard.type("apple")
    opened.keyboard.press("Enter")
    expect(names).to_have_text(["session", "session web", "apple", "session android"])
    opened.get_by_role("button", name="More for apple").click()
    opened.get_by_role("menuitem", name="Move down").click()
    expect(names).to_have_text(["session", "session web", "session android", "apple"])
    opened.get_by_role("button", name="More for apple").click()
    opened.get_by_role("menuitem", name="Delete").click()
    expect(names).to_have_text(["session", "session web", "session android"])
    android = log.sessions(PLAIN.replace(where="platform = 'android'"))
    assert shows(opened, android.height)


def test_other_rules_say_what_they_do(opened: GuardedPage, log: LocalEngine):
    add_rule(opened, "Start event")
    opened.get_by_role("button", name="Add condition").press("Enter")
    opened.keyboard.type("event")
    opened.keyboard.press("Enter")
    opened.keyboard.type("login")
    opened.keyboard.press("Enter")
    opened.keyboard.press("Control+Enter")
    plain, login = log.sessions(PLAIN).height, log.sessions(PLAIN.replace(restart="event = 'login'")).height
    assert shows(opened, login)
    assert ("sessions.0.restart", "event = 'login'") in parse_qsl(urlsplit(opened.url).query)
    expect(opened.get_by_role("button", name="Start event: event is 'login'")).to_contain_text(
        f"+{count_text(login - plain)} sessions"
    )
    add_rule(opened, "Max duration")
    switch = opened.get_by_role("switch", name="Sessions have a longest duration")
    switch.click()
    expect(switch).to_be_checked()
    field = opened.get_by_role("textbox", name="Longest duration")
    field.fill("10m")
    field.press("Enter")
    expect(opened.get_by_role("region", name="Preview")).to_contain_text("none lasts longer than 10m")
    opened.get_by_role("button", name="Apply").click()
    both = log.sessions(PLAIN.replace(restart="event = 'login'", max_duration="10m")).height
    assert shows(opened, both)
    sentence = "one where event is 'login' begins a new session; none lasts longer than 10m."
    expect(opened.get_by_text(sentence).first).to_be_visible()


def test_what_cannot_be_is_said_beside_it_and_the_picture_stands(opened: GuardedPage, log: LocalEngine):
    add_rule(opened, "Events")
    opened.get_by_role("radio", name="SQL").or_(opened.get_by_role("button", name="SQL")).first.click()
    opened.get_by_role("textbox", name="SQL").fill("evnt = 'purchase'")
    expect(opened.get_by_text("Did you mean 'event'?").first).to_be_visible()
    expect(opened.get_by_role("button", name="Apply")).to_be_disabled()
    assert shows(opened, log.sessions(PLAIN).height)
    opened.get_by_role("textbox", name="SQL").fill("event = 'purchase'")
    expect(opened.get_by_role("button", name="Apply")).to_be_enabled()


def editors() -> set[str]:
    """The names of the metric editors that are alive, be it for an earlier test's log."""
    gc.collect()
    return {one.name for one in gc.get_objects() if isinstance(one, MetricEditor)}


def test_closed_editors_leave_nothing_behind(opened: GuardedPage, caplog: pytest.LogCaptureFixture):
    # Panel logs every message of a component, and pytest keeps what is logged: the message and its component.
    caplog.set_level(logging.WARNING, "panel")
    before = editors()
    for _ in range(3):
        opened.get_by_role("button", name="Add a metric").click()
        expect(opened.get_by_role("button", name="Add metric", exact=True)).to_be_visible()
        opened.idle()
        opened.keyboard.press("Escape")
        expect(opened.get_by_role("button", name="Add metric", exact=True)).to_be_hidden()
    opened.idle()
    assert editors() <= before

"""The metric editor: a metric in, a metric out, and the last good one stands."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from explorer.spec.expression.clause import parse
from explorer.spec.metric import Metric, Scope
from explorer.spec.session import SessionDefinition
from tests.examples import examples
from tests.strategies import metrics
from tests.widgets.events import record
from widgets.definition.metric_editor import MetricEditor
from widgets.definition.metric_rule import MetricRule
from widgets.definition.value_editor import EXPRESSION, WRITE_ONE

COLUMNS: dict[str, Any] = {
    "event": {"type": "text"},
    "page": {"type": "text"},
    "amount": {"type": "number"},
    "ok": {"type": "bool"},
}
SESSIONS: dict[str, Any] = {
    "duration": {"type": "duration"},
    "event_count": {"type": "number"},
    "pages": {"type": "number"},
}
LOGINS = Metric("logins", "count", where="event = 'login'", scope={"contains": "event = 'x'", "nth": 2})


def editor(metric: Metric, **params: Any) -> MetricEditor:
    return MetricEditor(**({"value": metric, "columns": COLUMNS, "session_columns": SESSIONS} | params))


def test_each_field_is_one_change():
    edited = editor(LOGINS)
    said = record(edited, "value")
    edited.name_field.value = "n"
    edited.where.value = "event = 'buy'"
    edited.contains.value = None
    edited.nth.value = -1
    edited.scope.value = "duration > '1h'"
    assert said[-1] == Metric("n", "count", where="event = 'buy'", scope=Scope(where="duration > '1h'", nth=-1))
    assert len(said) == 5


def test_an_expression_stays_whatever_field_is_changed():
    engaged = Metric("engaged", "sum", "least(until_next, '30s')")
    edited = editor(engaged)
    edited.name_field.value = "there"
    edited.aggregate.value = "mean"
    assert edited.value == engaged.replace(name="there", aggregate="mean")
    edited.columns = COLUMNS | {"until_next": {"type": "duration", "about": "Time until the next event"}}
    assert (edited.column.value, edited.expression.value) == (EXPRESSION, "least(until_next, '30s')")
    assert edited.column.options["until_next – Time until the next event"] == "until_next"
    edited.column.value = "amount"
    edited.aggregate.value = "n_unique"
    assert edited.value.column == "amount"


def test_an_aggregate_offers_the_columns_that_fit():
    edited = editor(LOGINS)
    edited.aggregate.value = "sum"
    assert edited.column.visible
    assert edited.column.options == {"amount": "amount", "ok": "ok", WRITE_ONE: EXPRESSION}
    assert edited.value.column == "amount"
    edited.aggregate.value = "n_unique"
    assert list(edited.column.options.values()) == [*COLUMNS, EXPRESSION]
    edited.column.value = "page"
    assert (edited.value.aggregate, edited.value.column) == ("n_unique", "page")
    edited.aggregate.value = "any"
    assert not edited.column.visible
    assert edited.value.column is None


def test_a_percentile_and_a_ratio():
    edited = editor(LOGINS)
    edited.aggregate.value = "percentile"
    assert edited.value.aggregate == "p90"
    edited.percent.value = 5
    assert edited.value.aggregate == "p05"
    edited.aggregate.value = "ratio"
    edited.above.value, edited.below.value = "pages", "event_count"
    assert edited.value.parts == ("pages", "event_count")
    assert edited.value.where is None


def test_no_name_is_said_and_the_last_good_metric_stands():
    edited = editor(LOGINS)
    edited.name_field.value = "  "
    assert "not a name" in edited.error
    assert edited.value == LOGINS
    edited.name_field.value = "fine"
    assert edited.error == ""
    assert edited.value.name == "fine"


@examples(30)
@given(metrics())
def test_any_metric_is_shown_and_left_as_it_is(metric: Metric):
    edited = editor(metric)
    said = record(edited, "value")
    edited.session_columns = SESSIONS | {"more": {"type": "number"}}
    assert edited.value == metric
    assert edited.made() == metric
    assert said == []


def test_a_recipe_is_a_click():
    cooked = Metric("pages", "n_unique", column="page", scope={"where": "duration > '1h'"})
    edited = editor(LOGINS, recipes=[("Pages in long sessions", cooked)])
    said = record(edited, "value")
    edited.recipe_row.hear({"chosen": 0})
    assert said == [cooked]
    assert edited.name_field.value == "pages"
    assert str(edited.scope.value) == "duration > '1h'"


def definition(*names: str) -> SessionDefinition:
    return SessionDefinition("visit", "30m", metrics=[Metric(name, "count") for name in names])


@pytest.mark.parametrize(("place", "names"), [(None, "a b n"), (0, "n b"), (1, "a n")])
def test_a_definition_gets_the_metric_in_its_place(place: int | None, names: str):
    rule = MetricRule(place, value=definition("a", "b"))
    rule.editor.name_field.value = "n"
    assert [metric.name for metric in rule.value.metrics] == names.split()


def test_a_new_metric_has_a_free_name_and_a_taken_one_is_refused():
    rule = MetricRule(None, value=definition("events", "a"))
    assert rule.metric.name == "events 2"
    rule.editor.name_field.value = "a"
    assert "taken already" in rule.error
    assert rule.value.metrics[-1].name == "events 2"
    rule.editor.name_field.value = "b"
    assert rule.error == ""
    assert rule.value.metrics[-1].name == "b"


def test_a_metric_cannot_ask_for_itself():
    rule = MetricRule(0, value=definition("a", "b"), session_columns={"a": {"type": "number"}, "b": {"type": "number"}})
    assert list(rule.editor.session_columns) == ["b"]


def test_the_name_follows_the_rule_until_somebody_types_one():
    visit = SessionDefinition("visit", "30m", metrics=[{"name": "purchases", "aggregate": "count"}])
    rule = MetricRule(None, ["event"], value=visit, columns=COLUMNS, session_columns=SESSIONS)
    edited = rule.editor
    assert rule.metric.name == "events"
    edited.where.value = parse("event = 'login'")
    assert (rule.metric.name, edited.name_field.value) == ("logins", "logins")
    edited.where.value = parse("event = 'purchase'")
    assert rule.metric.name == "purchases 2"
    edited.nth.value = 1
    assert rule.metric.name == "purchases_in_first"
    assert rule.value.metrics[-1] == rule.metric
    edited.name_field.value = "bought"
    edited.nth.value = 2
    assert rule.metric.name == "bought"


def test_the_name_of_a_metric_that_there_is_stays():
    visit = SessionDefinition("visit", "30m", metrics=[{"name": "events", "aggregate": "count"}])
    rule = MetricRule(0, ["event"], value=visit, columns=COLUMNS, session_columns=SESSIONS)
    rule.editor.where.value = parse("event = 'login'")
    assert rule.metric.name == "events"


def test_an_expression_is_typed_checked_and_kept():
    edited = editor(Metric("spent", "sum", "amount"))
    edited.column.value = EXPRESSION
    assert edited.expression.visible
    assert edited.error == "column: Write an expression such as amount * quantity."
    assert edited.value.column == "amount"  # the last good one stands
    edited.expression.value = "amount*2"
    assert (edited.error, edited.value.column) == ("", "amount * 2")
    assert edited.expression.value == "amount * 2"
    edited.aggregate.value = "mean"
    assert edited.value == Metric("spent", "mean", "amount * 2")
    edited.expression.value = "amount * (2"
    assert "cannot be read" in edited.error
    assert edited.value.column == "amount * 2"
    edited.expression.value = "amount"
    assert (edited.column.value, edited.expression.visible) == ("amount", False)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("amount * 2", "a number"),
        ("amout * 2", "Did you mean &#x27;amount&#x27;?"),
        ("amount + event", 'class="problem"'),
        ("lower(", "cannot be read"),
        ("'<b>' || event", "&lt;b&gt;"),
        ("device.category", "device.category"),
        ("", "Columns, functions and values"),
    ],
)
def test_an_expression_is_told_while_it_is_typed(text: str, said: str):
    told = editor(Metric("spent", "sum", "amount")).told(text)
    assert said in told
    assert "<b>" not in told


def test_a_ratio_is_no_expression():
    edited = editor(Metric("rate", "ratio", "logins / event_count"))
    assert not edited.expression.visible
    assert edited.value.column == "logins / event_count"

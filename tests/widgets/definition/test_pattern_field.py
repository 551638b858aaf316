"""The field of a pattern inside the editor of a metric."""

from __future__ import annotations

from explorer.spec.metric import Metric
from tests.widgets.events import record
from widgets.definition.metric_editor import MetricEditor

EVENTS = {"event": {"type": "text", "values": [("view", 1204), ("add to cart", 3)]}}


def test_a_pattern_is_typed_and_a_wrong_one_is_said():
    edited = MetricEditor(value=Metric("m", "count"), columns=EVENTS, event="event")
    assert edited.pattern.offered == [("view", "view", "1,204"), ("add to cart", "'add to cart'", "3")]
    said = record(edited, "value")
    edited.aggregate.value = "matches"
    assert edited.error == "pattern: 'matches' needs a pattern, such as view -> add_to_cart .. buy."
    edited.pattern.value = "view ->"
    assert "needs an event at the end" in edited.error
    assert not said
    edited.pattern.value = "view -> 'add to cart'"
    assert edited.error == ""
    assert said == [Metric("m", "matches", pattern="view -> 'add to cart'")]
    edited.aggregate.value = "time_of"
    assert said[-1] == Metric("m", "time_of", pattern="view -> 'add to cart'")
    edited.aggregate.value = "count"
    assert said[-1] == Metric("m", "count")


def test_one_that_is_there_is_shown():
    edited = MetricEditor(value=Metric("m", "any", pattern="view .. buy"), columns=EVENTS, event="event")
    assert edited.pattern.value == "view .. buy"
    edited.pattern.value = ""
    assert edited.value == Metric("m", "any")

"""The workbench and the list of rules: nothing is changed before it is applied."""

from __future__ import annotations

from explorer.engine.answers.trial import Totals
from explorer.spec.metric import ActorMetric, Metric
from explorer.spec.session import SessionDefinition
from tests.widgets.events import record
from widgets.definition.rule_editors import ClauseRule
from widgets.definition.rule_labels import ROLES, effect_text, groups
from widgets.definition.rules import RuleList
from widgets.definition.workbench import Workbench

VISIT = SessionDefinition(
    "visit",
    "30m",
    where="event != 'x'",
    metrics=[Metric("n", "count")],
    actor_metrics=[ActorMetric("most", "max", "n")],
)


def opened() -> tuple[Workbench, ClauseRule]:
    bench, editor = Workbench(), ClauseRule("where", value=VISIT)
    bench.open("where", ROLES["where"], editor, VISIT)
    return bench, editor


def test_an_edit_is_a_change_only_when_applied():
    bench, editor = opened()
    said = record(bench, "value")
    editor.builder.value = "event = 'a'"
    assert said == []
    bench.hear({"apply": True})
    assert said == [VISIT.replace(where="event = 'a'")]
    bench.hear({"apply": True})
    assert len(said) == 2


def test_cancelling_changes_nothing_and_closes():
    bench, editor = opened()
    said = record(bench, "value")
    editor.builder.value = "event = 'a'"
    bench.hear({"cancel": True})
    bench.hear({"apply": True})
    assert said == []
    assert (bench.opened, bench.editor) == ("", None)


def test_what_is_wrong_cannot_be_applied():
    bench, editor = opened()
    said = record(bench, "value")
    editor.builder.value = "event = 'a'"
    editor.error = "there is no column 'event'"
    bench.hear({"apply": True})
    assert said == []


def test_every_rule_and_metric_has_a_row():
    rows = {row["key"]: row for group in groups(VISIT, {}, {}) for row in group["rows"]}
    assert set(rows) == {*ROLES, "metric:n", "actor metric:most"}
    assert rows["where"]["text"] == "event is not 'x'"
    assert rows["restart"]["text"] == ""
    assert rows["restart"]["actions"] == []
    effects = {"where": (Totals(10, 3, 100), Totals(8, 3, 60))}
    shown = groups(VISIT, effects, {"n": "in every session"})
    assert shown[0]["rows"][0]["effect"] == "−40 events · −2 sessions"
    assert shown[-3]["rows"][0]["effect"] == "in every session"


def test_a_rule_that_changes_nothing_says_so():
    same = Totals(10, 3, 100)
    assert effect_text("end", same, same) == "changes nothing"
    assert effect_text("keep", same, Totals(9, 3, 80)) == "−1 session"


def test_asking_twice_is_heard_twice():
    rules = RuleList()
    said = record(rules, "wanted")
    rules.hear({"open": "where"})
    rules.hear({"open": "where"})
    assert said == [("open", "where"), ("open", "where")]

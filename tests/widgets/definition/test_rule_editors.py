"""Editors of single rules: a definition in, a definition out, one change a gesture."""

from __future__ import annotations

from typing import Any

import pytest

from explorer.spec.expression.clause import parse
from explorer.spec.presets import PRESETS, preset
from explorer.spec.session import SessionDefinition
from tests.widgets.events import record
from widgets.definition.presets import PresetRule
from widgets.definition.rule_editors import (
    BoundaryRule,
    ClauseRule,
    ColumnsRule,
    LongestRule,
    MidnightRule,
    heard,
    silenced,
)

VISIT = SessionDefinition("visit", "30m", where="event != 'x'", keep="duration > '1m'")


@pytest.mark.parametrize("role", ["where", "restart", "end", "keep"])
def test_a_condition_changes_its_rule_only(role: str):
    editor = ClauseRule(role, value=VISIT)
    said = record(editor, "value")
    editor.builder.value = "event = 'login' OR event IS NULL"
    assert said == [VISIT.replace(**{role: "event = 'login' OR event IS NULL"})]
    editor.builder.value = None
    assert editor.value == VISIT.replace(**{role: None})
    assert editor.fields == (role,)


def test_a_condition_over_another_definition_brings_its_own_part():
    editor = ClauseRule("restart", value=VISIT)
    editor.builder.value = "event = 'login'"
    other = VISIT.replace(inactivity="1h", where=None)
    assert editor.over(other) == other.replace(restart="event = 'login'")


@pytest.mark.parametrize("role", ["restart", "end"])
def test_a_muted_restart_restarts_nothing(role: str):
    editor = ClauseRule(role, value=VISIT)
    editor.builder.value = "TRUE OR event = 'login'"
    clause = getattr(editor.value, role)
    assert str(clause) == "FALSE AND (TRUE OR event = 'login')"
    again = ClauseRule(role, value=editor.value)
    assert again.builder.value == parse("TRUE OR event = 'login'")


def test_only_what_is_muted_is_silenced():
    for text in ("event = 'a'", "TRUE", "event = 'a' AND (TRUE OR b = 1)"):
        assert silenced(parse(text)) == parse(text)
        assert heard(parse(text)) == parse(text)


def test_columns_to_split_by():
    editor = ColumnsRule("split_by", value=VISIT, columns={"platform": {"type": "text"}, "page": {"type": "text"}})
    said = record(editor, "value")
    editor.choice.value = ["page", "platform"]
    assert said == [VISIT.replace(split_by=("page", "platform"))]
    assert ColumnsRule("split_by", value=editor.value).choice.value == ["page", "platform"]


def test_a_longest_duration_is_switched_on_changed_and_off():
    editor = LongestRule(value=VISIT)
    assert editor.length.disabled
    editor.limited.value = True
    assert str(editor.value.max_duration) == "12h"
    editor.length.hear({"text": "45 min"})
    assert str(editor.value.max_duration) == "45m"
    editor.limited.value = False
    assert editor.value == VISIT


def test_a_longest_duration_of_nothing_is_refused():
    editor = LongestRule(value=VISIT.replace(max_duration="2h"))
    editor.length.hear({"text": "0s"})
    assert str(editor.value.max_duration) == "2h"
    assert "longer than 0s" in editor.error


def test_midnight_in_a_zone():
    editor = MidnightRule("Europe/Berlin", value=VISIT)
    editor.cut.value = True
    assert editor.value.calendar == "Europe/Berlin"
    editor.zone.value = "Asia/Tokyo"
    assert editor.value.calendar == "Asia/Tokyo"
    editor.cut.value = False
    assert editor.value == VISIT


def test_the_boundary():
    editor = BoundaryRule(value=VISIT)
    editor.choice.value = editor.choice.options[1]
    assert editor.value == VISIT.replace(boundary=">=")
    assert BoundaryRule(value=editor.value).choice.value == editor.choice.options[1]


@pytest.mark.parametrize("tool", [one.name for one in PRESETS])
def test_a_preset_is_that_of_the_core(tool: str):
    editor = PresetRule("Europe/Berlin", value=VISIT.replace(restart="a = 1"))
    editor.hear({"chosen": "Adobe Analytics"})
    editor.hear({"chosen": tool})
    assert editor.value == preset(tool).applied(VISIT.replace(restart="a = 1"), "Europe/Berlin")
    assert editor.over(VISIT).where == VISIT.where


def test_an_error_from_outside_stands_beside_the_condition():
    editor = ClauseRule("where", value=VISIT)
    editor.error = "there is no column 'x'"
    assert editor.builder.error == "there is no column 'x'"
    editor.builder.value = "a = 1"
    assert editor.error == ""


def test_columns_reach_the_builder_of_the_right_kind():
    events: dict[str, Any] = {"event": {"type": "text"}}
    sessions: dict[str, Any] = {"duration": {"type": "duration"}}
    for role, menu, noun in (("where", events, "events"), ("keep", sessions, "sessions")):
        editor = ClauseRule(role, value=VISIT)
        editor.param.update(columns=events, session_columns=sessions)
        assert editor.builder.columns == menu
        assert editor.builder.noun == noun

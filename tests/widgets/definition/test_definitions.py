"""The list of definitions: an analysis in, an analysis out, one change a gesture."""

from typing import Any

import pytest

from explorer.charts.theme import PALETTE, definition_colors
from explorer.spec.analysis import Analysis
from tests.widgets.events import record
from widgets.definition.definitions import DefinitionList

TWO = Analysis.read(
    {
        "columns": {"actor": "user", "time": "ts"},
        "sessions": [{"name": "visit", "inactivity": "30m", "where": "a = 1"}, {"name": "web", "inactivity": "20m"}],
        "charts": [{"kind": "line", "session": "visit"}],
    }
)


def names(analysis: Analysis) -> str:
    return " ".join(session.name for session in analysis.sessions)


def after(message: dict[str, Any], **params: Any) -> tuple[DefinitionList, list[Any]]:
    shown = DefinitionList(**({"value": TWO, "shown": "visit"} | params))
    said = record(shown, "value")
    shown.hear(message)
    return shown, said


@pytest.mark.parametrize(
    ("message", "order", "shown"),
    [
        ({"add": True}, "visit web session", "session"),
        ({"duplicate": "visit"}, "visit visit 2 web", "visit 2"),
        ({"rename": ["visit", "stay"]}, "stay web", "stay"),
        ({"rename": ["web", "site"]}, "visit site", "visit"),
        ({"move": ["visit", 1]}, "web visit", "visit"),
        ({"delete": "visit"}, "web", "web"),
        ({"delete": "web"}, "visit", "visit"),
        ({"split": ["visit", "platform"]}, "visit visit ios visit web web", "visit"),
    ],
)
def test_a_gesture_is_one_change(message: dict[str, Any], order: str, shown: str):
    made, said = after(message, splits={"platform": ["ios", "web"]})
    assert names(made.value) == order
    assert made.shown == shown
    assert len(said) == 1
    assert made.value.session(made.shown)


def test_showing_another_changes_no_document():
    made, said = after({"show": "web"})
    assert made.shown == "web"
    assert said == []


def test_what_cannot_be_is_said_and_changes_nothing():
    for message in ({"rename": ["visit", "web"]}, {"rename": ["visit", " "]}, {"show": "gone"}):
        made, said = after(message)
        assert made.error
        assert said == []
        made.hear({"show": "web"})
        assert made.error == ""


def test_the_last_definition_stays():
    made, _ = after({"delete": "web"})
    made.hear({"delete": "visit"})
    assert names(made.value) == "visit"
    assert made.error == "An analysis has at least one session definition."


def test_a_colour_is_part_of_the_document_and_new_ones_are_free():
    made, _ = after({"recolor": ["web", PALETTE[4]]})
    assert made.value.session("web").color == PALETTE[4]
    assert [item["color"] for item in made._rows.items] == [PALETTE[0], PALETTE[4]]
    made.hear({"duplicate": "web"})
    assert made.value.session("web 2").color == PALETTE[1]
    for _ in range(20):
        made.hear({"add": True})
    assert all(session.color in (*PALETTE, "") for session in made.value.sessions)


def test_counts_stand_beside_their_definition():
    made, _ = after({"show": "visit"}, counts={TWO.sessions[0]: "1,234"})
    assert [item["sessions"] for item in made._rows.items] == ["1,234", ""]


THREE = Analysis.read(
    {
        "columns": {"actor": "user", "time": "ts"},
        "sessions": [{"name": name, "inactivity": "30m"} for name in ("a", "b", "c")],
    }
)


@pytest.mark.parametrize(
    "message", [{"delete": "a"}, {"move": ["c", 0]}, {"duplicate": "a"}, {"split": ["a", "platform"]}, {"add": True}]
)
def test_definitions_keep_their_colours_and_differ(message: dict[str, Any]):
    before = definition_colors(THREE)
    made, _ = after(message, value=THREE, shown="b", splits={"platform": ["ios", "web"]})
    now = definition_colors(made.value)
    assert {name: now[name] for name in before if name in now} == {name: before[name] for name in before if name in now}
    assert len({*now.values()}) == len(now)


def test_a_colour_that_somebody_chose_is_nobody_elses():
    chosen = THREE.with_session(THREE.session("c").replace(color=PALETTE[0]))
    colors = definition_colors(chosen)
    assert colors["c"] == PALETTE[0]
    assert len({*colors.values()}) == 3

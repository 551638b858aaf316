from __future__ import annotations

import itertools
from typing import Any

import pytest

from explorer.errors import SpecError
from explorer.spec.duration import Duration
from tests.widgets.events import record
from widgets.definition.duration import STEPS, DurationSlider, nearest


def shown(slider: DurationSlider) -> dict[str, Any]:
    return slider.__panel__().shown


def place(text: str) -> int:
    return STEPS.index(Duration.parse(text))


def test_the_steps_rise_from_a_second_to_a_year() -> None:
    assert [str(STEPS[0]), str(STEPS[-1])] == ["1s", "52w"]
    assert sorted(set(STEPS)) == STEPS
    assert 60 <= len(STEPS) <= 80
    assert max(b.us / a.us for a, b in itertools.pairwise(STEPS)) <= 2


@pytest.mark.parametrize(
    ("text", "step"),
    [("30m", "30m"), ("31m", "30m"), ("1us", "1s"), ("0s", "1s"), ("2000w", "52w"), ("1h 40m", "1h 30m")],
)
def test_the_thumb_stands_at_the_nearest_place(text: str, step: str) -> None:
    assert nearest(Duration.parse(text)) == place(step)


@pytest.mark.parametrize(
    ("typed", "value"),
    [("45m", "45m"), ("90 s", "1m 30s"), ("1h 30m", "1h 30m"), ("2.5h", "2h 30m"), ("37m", "37m")],
)
def test_a_typed_length_is_kept_exactly_and_fires_once(typed: str, value: str) -> None:
    slider = DurationSlider(value="10m")
    said = record(slider, "value")
    slider.hear({"text": typed})
    assert said == [value]
    assert shown(slider)["text"] == value


def test_another_spelling_of_the_same_length_is_no_event_but_is_tidied() -> None:
    slider = DurationSlider(value="90m")
    said, before = record(slider, "value"), shown(slider)["turn"]
    slider.hear({"text": "1.5 hours"})
    assert said == []
    assert slider.value == shown(slider)["text"] == "1h 30m"
    assert shown(slider)["turn"] > before


def test_a_bad_text_shows_its_error_and_keeps_the_last_good_value() -> None:
    slider = DurationSlider(value="10m")
    said = record(slider, "value", "dragging")
    slider.hear({"text": "30"})
    assert said == []
    assert slider.value == "10m"
    assert shown(slider)["error"] == "'30' has no unit. Write 30s, 30m, 30h or 30d."
    slider.hear({"text": "30m"})
    assert (slider.value, shown(slider)["error"]) == ("30m", "")


def test_dragging_speaks_at_every_step_and_value_on_release() -> None:
    slider = DurationSlider(value="30m")
    value, dragging = record(slider, "value"), record(slider, "dragging")
    for step in ("35m", "40m", "45m"):
        slider.hear({"step": place(step), "moving": True})
    assert (value, dragging) == ([], ["35m", "40m", "45m"])
    slider.hear({"step": place("45m")})
    assert (value, dragging) == (["45m"], ["35m", "40m", "45m"])


def test_a_value_from_outside_is_canonical_clears_the_error_and_fires_once() -> None:
    slider = DurationSlider()
    slider.error = "Too short for this log."
    value, dragging = record(slider, "value"), record(slider, "dragging")
    slider.value = "120 minutes"
    assert (value, dragging) == (["2h"], ["2h"])
    assert shown(slider) | {"turn": 0} == {"text": "2h", "position": place("2h"), "error": "", "turn": 0}


def test_a_value_from_outside_without_a_unit_is_refused() -> None:
    slider = DurationSlider(value="5m")
    with pytest.raises(SpecError, match="has no unit"):
        slider.value = 30
    assert slider.value == "5m"

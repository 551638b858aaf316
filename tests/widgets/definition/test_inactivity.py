"""The inactivity editor: a definition in, a definition out, and the last good one stands."""

import numpy as np

from explorer.spec.session import SessionDefinition
from tests.widgets.events import record
from widgets.definition.duration import STEPS, gap_heights
from widgets.definition.inactivity_editor import InactivityEditor

VISIT = SessionDefinition(name="visit", inactivity="30m", where="NOT event = 'x'")


def test_only_what_is_edited_changes():
    editor = InactivityEditor(value=VISIT)
    said = record(editor, "value")
    editor._slider.hear({"text": "45 min"})
    assert said == [VISIT.replace(inactivity="45m")]


def test_no_inactivity_at_all_is_refused_beside_the_field():
    editor = InactivityEditor(value=VISIT)
    said = record(editor, "value")
    editor._slider.hear({"text": "0s"})
    assert editor.value == VISIT
    assert said == []
    assert editor._slider.value == "30m"
    assert editor._slider.error == "It has to be longer than 0s."


def test_gaps_become_one_bar_a_step():
    gaps = np.sort(np.array([60_000_000] * 5 + [1_800_000_000] + [500_000]))
    heights = gap_heights(gaps)
    assert len(heights) == len(STEPS)
    assert heights[[str(step) for step in STEPS].index("1m")] == 1.0
    assert 0 < heights[[str(step) for step in STEPS].index("30m")] < 1
    assert sum(height > 0 for height in heights) == 2
    assert gap_heights(np.array([], dtype=np.int64)) == []

"""What keeps sessions open by itself is named where the data is looked at, and is passive after one click."""

from __future__ import annotations

import pytest

from explorer.sample import SAMPLE
from explorer.spec.expression.clause import parse
from widgets import SessionExplorer

pytestmark = pytest.mark.slow


def test_one_click_makes_heartbeats_passive_and_undo_takes_it_back():
    app = SessionExplorer(SAMPLE)
    app.data_toggle.value = True
    panel = app.opening.panel
    before = app.analysis
    said = next(one for one in panel.facts.findings if one.key == "heartbeat heartbeat")
    assert "'heartbeat' events come every 4m" in said.sentence
    panel.doctor.hear({"wanted": said.key})
    assert app.state.definition.passive == parse("event = 'heartbeat'")
    now = next(one for one in panel.facts.findings if one.key == said.key)
    assert (now.tone, now.in_force, now.action) == ("good", True, "Count them")
    app.state.undo()
    assert app.analysis == before
    app.viewing.tabs.value = "inactivity"
    assert "'heartbeat' events come every 4m" in app.viewing.views["inactivity"].studio.canvas.notes[0]

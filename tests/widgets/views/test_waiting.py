"""Every view says that newer numbers are on their way."""

from __future__ import annotations

import pytest

from tests.factories import FRAME
from widgets import SessionExplorer
from widgets.views.view_tabs import CHARTS, VIEWS


@pytest.mark.parametrize("name", [name for name in VIEWS if name != CHARTS])
def test_a_view_waits_first_as_a_whole_and_then_by_fading(name):
    app = SessionExplorer(FRAME, actor="user", time="ts", event="event")
    app.viewing.tabs.value = name
    view = app.viewing.views[name]
    view._seen = False
    view.wait(True)
    assert view.place.loading
    view._seen = True
    view.wait(True)
    assert not view.place.loading
    parts = [getattr(view, part) for part in ("after", "funnel", "steps", "table") if hasattr(view, part)]
    faded = view.place.styles.get("opacity") == "0.6" if view.fades else any(part.busy for part in parts)
    assert faded
    view.wait(False)
    assert "opacity" not in view.place.styles

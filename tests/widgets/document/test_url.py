"""The address without a browser: all of a document and of what is shown goes in, and comes out again."""

from __future__ import annotations

import panel as pn
import pytest
from panel.io.location import Location

from explorer.crossfilter.selections.selection import Selection
from explorer.spec.analysis import Analysis
from explorer.spec.cohort import Cohort
from explorer.spec.context.annotation import Annotation
from explorer.spec.context.link import Link as LinkOut
from explorer.state import Explorer, first_coded
from tests.engine.local.different.made_up import VISIT, shop
from widgets.document.url import Link


def test_what_is_written_is_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    location = Location(search="?theme=dark")
    monkeypatch.setattr(type(pn.state), "location", location)
    engine = shop(20)
    plain = Analysis(engine.columns, (VISIT,))
    state, told = Explorer(engine=engine, analysis=plain, session="visit"), []
    state.drawn = first_coded(engine, plain)
    link = Link(state, told.append, views=["different"])
    assert location.search == "?theme=dark"
    whole = plain.replace(
        cohorts=(Cohort("regulars", "visit", "session_count > 2"),),
        links=(LinkOut("Replay", "https://replay/{session_id}"),),
        annotations=(Annotation("2024-03-05", "Relaunch & <b>sale</b>"),),
        title="A title",
    )
    shown = {"selection": Selection.from_text("first event:search"), "against": Selection.from_text("views:2..5")}
    state.param.update(analysis=whole, view="different", **shown)
    assert "against=views:2..5" in location.search
    search = location.search
    state.param.update(analysis=plain, selection=Selection(), against=None, view="")
    assert location.search == "?theme=dark"
    link.go(search)
    assert told == []
    assert (state.analysis, state.selection, state.against) == (whole, shown["selection"], shown["against"])
    assert state.view == "different"
    assert {*shown["against"]} <= {*state.dimensions}

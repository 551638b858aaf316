"""The guide beside the page, without a browser."""

from __future__ import annotations

from widgets.guide.guide import Guide


def test_it_opens_at_the_first_chapter_and_turns_to_others():
    guide = Guide()
    assert guide.panel.html == ""
    guide.open()
    assert (guide.value, guide.panel.turn) == ("sessions", 1)
    assert "<h3>What a session is</h3>" in guide.panel.html
    guide.hear({"chapter": "metrics"})
    assert "<td><code>count</code></td>" in guide.panel.html
    guide.hear({"chapter": "../../secret"})
    assert guide.value == "metrics"
    guide.open()
    assert (guide.value, guide.panel.turn) == ("metrics", 2)
    guide.open("charts")
    assert guide.panel.name_shown == "charts"

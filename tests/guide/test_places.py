"""Every question mark of the page leads to a place of the guide that is there."""

from __future__ import annotations

import re
from pathlib import Path

from explorer.guide import sections

WIDGETS = Path(__file__).parents[2] / "widgets"
SAID = re.compile(r"""(?:"data-guide": |guide=|help_html\(\w+, )["']([\w#][^"']*)["']""")


def test_every_question_mark_has_its_place_in_the_guide():
    texts = [path.read_text(encoding="utf-8") for kind in ("*.js", "*.py") for path in WIDGETS.rglob(kind)]
    said = {place for text in texts for place in SAID.findall(text)}
    there = {f"{each.chapter}#{each.anchor}".removesuffix("#") for each in sections()}
    assert len(said) >= 2
    assert said <= there

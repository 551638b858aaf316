"""How many of the page's objects are alive in this process."""

from __future__ import annotations

import gc

from explorer.charts.brushing.linked import LinkedCharts
from explorer.state import Explorer
from widgets.page.page import ExplorerPage
from widgets.session_explorer import SessionExplorer

KINDS = (SessionExplorer, Explorer, LinkedCharts, ExplorerPage)


def alive() -> dict[str, int]:
    gc.collect()
    counts = dict.fromkeys((kind.__name__ for kind in KINDS), 0)
    for thing in gc.get_objects():
        for kind in KINDS:
            if type(thing) is kind:
                counts[kind.__name__] += 1
    return counts

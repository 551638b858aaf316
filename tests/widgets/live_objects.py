"""How many of the page's objects are alive in this process."""

from __future__ import annotations

import gc
from collections import Counter

from explorer.charts.brushing.linked import LinkedCharts
from explorer.state import Explorer
from widgets.page.page import ExplorerPage
from widgets.session_explorer import SessionExplorer

KINDS = (SessionExplorer, Explorer, LinkedCharts, ExplorerPage)


def alive() -> dict[str, int]:
    gc.collect()
    types = Counter(map(type, gc.get_objects()))
    return {kind.__name__: types[kind] for kind in KINDS}

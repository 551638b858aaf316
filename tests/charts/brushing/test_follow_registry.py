"""Charts that follow look like the others."""

from __future__ import annotations

from typing import Any

import holoviews as hv
import pytest
from bokeh.models import CustomJS

from explorer.charts.brushing.following import Follower
from explorer.charts.kinds.area import AreaChart
from explorer.charts.kinds.bars import BarChart
from explorer.charts.kinds.heat import HeatChart
from explorer.charts.kinds.line import LineChart
from explorer.charts.kinds.scatter import PointChart


@pytest.mark.parametrize("kind", [AreaChart, HeatChart, LineChart, BarChart, PointChart])
def test_every_kind_is_dressed_and_named(kind: type[Any]):
    follower = Follower("key", kind, "A title", CustomJS(code=""), 460)
    figure = hv.renderer("bokeh").get_plot(follower.element).state
    assert figure.html_attributes["aria-label"] == "A title"
    assert (figure.name, figure.height, figure.outline_line_color, figure.toolbar_location) == ("key", 460, None, None)

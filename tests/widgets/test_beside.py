"""What sessions know besides their columns, in the table of the page: looked up where it is shown, and sorted by."""

from __future__ import annotations

from explorer.charts.figure.cells import column_texts
from tests.factories import FRAME
from widgets import SessionExplorer


def test_the_nearest_gap_is_a_column_that_is_ticked_and_sorted_by() -> None:
    app = SessionExplorer(FRAME, actor="user", time="ts", event="event")
    names = [column["name"] for column in app.table.columns]
    at = names.index("gap_margin")
    assert {"since_previous", "until_next", "gap_margin"} == {*app.table.hidden}
    assert {row[at] for row in app.table.rows} == {""}
    app.table.hear({"unhide": "gap_margin"})
    definition = app.state.definition
    table = app.state.engine.session_table(definition)
    margins = column_texts(table.column("gap_margin").gather(table.kept).head(25), None)
    assert [row[at] for row in app.table.rows] == margins
    assert {row[names.index("until_next")] for row in app.table.rows} == {""}
    app.table.hear({"sort": ["gap_margin", False], "page": 0})
    nearest = column_texts(table.column("gap_margin").gather(table.kept).sort(nulls_last=True).head(25), None)
    assert [row[at] for row in app.table.rows] == nearest
    app.table.hear({"hidden": []})
    assert {row[names.index("until_next")] for row in app.table.rows} != {""}

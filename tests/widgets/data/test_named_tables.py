"""Tables of connections that have names: chosen in the data panel, opened by a link; never by an address."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from explorer.engine.engine import Engine
from explorer.engine.sql.databases import connections
from explorer.errors import SourceError
from explorer.events.files.folders import Folders
from explorer.spec.analysis import first_analysis
from explorer.state import Explorer
from tests.widgets.events import record
from widgets.data.controller import Opening
from widgets.data.data_toggle import DataToggle
from widgets.data.open_source import opened
from widgets.data.source import SourceChooser
from widgets.page.serve import found


@pytest.fixture(autouse=True)
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SESSION_EXPLORER_CONFIG", str(tmp_path))
    monkeypatch.setattr(connections, "_added", {})
    with duckdb.connect(str(tmp_path / "shop.db")) as connection:
        connection.execute("CREATE TABLE visits AS SELECT 'a' AS who, TIMESTAMP '2024-03-01' AS ts")
        connection.execute("CREATE TABLE salaries AS SELECT * FROM visits")
    (tmp_path / "connections.yaml").write_text(
        f"shop: {{url: 'duckdb:///{tmp_path}/shop.db', tables: [visits], columns: {{actor: who}}}}\n"
        "far: 'postgresql://reader:${NEVER_SET}@db.example.org/shop'\n"
    )
    return tmp_path


def test_a_table_is_chosen_by_names():
    chooser = SourceChooser()
    control = chooser.__panel__()
    values = record(chooser, "value")
    assert control.connections == ["shop", "far"]
    chooser.hear({"connection": "shop"})
    assert control.tables == ["visits"]
    chooser.hear({"table": "visits", "of": "shop"})
    assert values == ["connection://shop/visits"]
    assert control.path == ""
    chooser.hear({"connection": "far"})
    assert (control.tables, chooser.error) == ([], "The connection far needs the environment variable NEVER_SET.")
    chooser.hear({"connection": "postgresql://db.example.org/shop"})
    assert "There is no connection 'postgresql://db.example.org/shop'" in chooser.error
    chooser.hear({"connection": ""})
    assert (control.tables, chooser.error) == ([], "")


def test_a_link_opens_what_may_be_opened(shop: Path):
    source = found("connection://shop/visits", Folders((shop,)))
    engine, _ = opened(source)
    assert (engine.source, engine.columns.actor) == ("connection://shop/visits", ("who",))
    with pytest.raises(SourceError, match="There is no table 'salaries' in shop"):
        found("connection://shop/salaries", Folders((shop,)))
    for address in (f"duckdb:///{shop}/shop.db", "postgresql://db.example.org/shop"):
        with pytest.raises(SourceError, match="lies outside the folders that may be opened"):
            found(address, Folders((shop,)))


def test_no_file_of_connections(shop: Path):
    (shop / "connections.yaml").unlink()
    assert SourceChooser().__panel__().connections == []
    (shop / "connections.yaml").write_text("shop: [")
    chooser = SourceChooser()
    assert (chooser.__panel__().connections, chooser.error) == ([], "connections.yaml cannot be read: it is no YAML.")


def test_a_table_is_read_again(shop: Path):
    engine, _ = opened("connection://shop/visits")
    analysis = first_analysis(engine.columns)
    begun: list[Engine] = []
    state = Explorer(engine=engine.under(analysis), analysis=analysis)
    opening = Opening(
        state, DataToggle(), Folders((shop,)), opened, lambda engine, *_: begun.append(engine), lambda _: None
    )
    opening.toggle.value = True
    assert opening.panel.__panel__() is not None
    assert opening.panel.reread.visible
    assert len(engine.sessions(analysis.sessions[0])) == 1
    engine.close()
    engine.event_table.database.close()
    with duckdb.connect(str(shop / "shop.db")) as connection:
        connection.execute("INSERT INTO visits VALUES ('b', TIMESTAMP '2024-03-02')")
    opening.panel.reread.clicks += 1
    (newer,) = begun
    assert len(newer.sessions(analysis.sessions[0])) == 2
    newer.event_table.database.close()
    (shop / "shop.db").unlink()
    opening.panel.reread.clicks += 1
    assert opening.panel.error == "The file of shop is not there."
    assert begun == [newer]

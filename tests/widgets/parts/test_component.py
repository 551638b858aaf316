"""Scripts and styles are served once, under an address that the browser keeps; elsewhere each component has its own."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from bokeh.document import Document
from bokeh.embed.bundle import extension_dirs

import widgets.page.serve  # noqa: F401 - brings all components along
from widgets.parts.component import Component, components, whole_script
from widgets.parts.library_internals import SERVED_AS
from widgets.sessions.key_numbers import KeyNumbers
from widgets.sessions.metric_tiles import MetricTiles


def model_in(document: Document) -> Any:
    """The model of one of our components."""
    return KeyNumbers().__panel__().get_root(document)


def served() -> Document:
    document = Document()
    document._session_context = lambda: SimpleNamespace(server_context=object(), session=None)
    return document


def test_every_component_has_a_name_of_its_own_and_is_in_the_one_script():
    kinds = [kind for kind in components() if kind.files]
    names = [kind.__name__ for kind in kinds]
    assert len(names) == len(set(names)) > 30
    text = whole_script(kinds)
    assert all(f"const {name} = (() => {{" in text for name in names)
    assert text.rstrip().endswith("}")
    assert "import " not in re.sub(r"//.*|`[^`]*`|\"[^\"]*\"", "", text)


@pytest.mark.skipif(shutil.which("node") is None, reason="the browser tests read it, too")
def test_the_script_is_one_that_can_be_read(tmp_path: Path):
    path = tmp_path / "all.mjs"
    path.write_text(whole_script(components()), encoding="utf-8")
    done = subprocess.run(["node", "--check", str(path)], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr


def test_what_is_shared_stands_in_it_once():
    text = whole_script(components())
    assert text.count("function h(tag, props") == 1
    assert text.count("function menu(label, entries") == 1
    assert text.count("--accent: var(--panel-primary-color") == 1


def test_a_served_page_names_the_script_and_carries_none():
    model = model_in(served())
    assert model.bundle == "url"
    name = re.fullmatch(rf"\./static/extensions/{SERVED_AS}/(components-\w+\.js)\?v=components-\w+", model.esm)
    assert name
    file = extension_dirs[SERVED_AS] / name[1]
    assert file.read_text(encoding="utf-8") == whole_script(components())
    assert not any("--accent" in sheet for sheet in model.stylesheets if isinstance(sheet, str))


def test_elsewhere_a_component_brings_its_own():
    model = model_in(Document())
    assert model.bundle is None
    assert "function h(tag, props" in model.esm
    assert ".strip {" in model.esm
    assert ".tile {" not in model.esm
    assert "export const render" in model.esm


def test_one_that_came_later_brings_its_own_on_a_served_page_too():
    model_in(served())

    class CameLater(Component):
        _esm = "export function render() {}"

    assert CameLater().get_root(served()).bundle is None
    assert issubclass(type(MetricTiles().__panel__()), Component)

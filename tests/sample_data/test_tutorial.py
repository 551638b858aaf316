"""The tutorial runs from its first cell to its last, and without Python it shows what was there to see."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
TUTORIAL = ROOT / "sample_data" / "tutorial.ipynb"
# Of Jupyter's own parts; a kernel that stops closes its sockets late.
pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture(scope="module")
def jupyter() -> Any:
    """Jupyter's own parts: importing them takes seconds, also where no test here is run."""
    import nbclient
    import nbconvert
    import nbformat

    return SimpleNamespace(nbclient=nbclient, nbconvert=nbconvert, nbformat=nbformat)


def test_it_is_kept_without_outputs(jupyter: Any):
    cells = [cell for cell in jupyter.nbformat.read(TUTORIAL, 4).cells if cell.cell_type == "code"]
    assert 8 <= len(cells) <= 12
    assert not any(cell.outputs or cell.execution_count for cell in cells)


def outputs(cell: Any, mime: str) -> list[str]:
    return [output["data"][mime] for output in cell.outputs if mime in output.get("data", {})]


def test_it_runs_and_a_picture_stays(jupyter: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    for name in ("shop.csv.gz", "tutorial.ipynb"):
        shutil.copy(TUTORIAL.parent / name, tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    for name in ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    notebook = jupyter.nbformat.read(tmp_path / "tutorial.ipynb", 4)
    jupyter.nbclient.NotebookClient(
        notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}
    ).execute()
    cells = {cell.id: cell for cell in notebook.cells}
    assert re.search(r"289 .* 4341 .* 133", outputs(cells["metrics"], "text/plain")[0])
    assert "86 of 'visit' are split into 179" in cells["diff"].outputs[0].text
    assert (tmp_path / "report.html").stat().st_size > 1_000_000
    assert len(jupyter.nbformat.writes(notebook)) < 4_000_000
    (shown,) = (html for html in outputs(cells["explore"], "text/html") if "data-session-explorer" in html)
    (chart,) = (html for html in outputs(cells["chart"], "text/html") if "data-session-explorer" in html)
    for html in (shown, chart):
        assert not re.findall(r"""\b(?:src|href)=["'](?!data:)""", html)
    page, _ = jupyter.nbconvert.HTMLExporter().from_notebook_node(notebook)
    for said in ("7,681", "2m 20s", "event is not 'heartbeat', at most 30m apart", 'alt="Session duration: '):
        assert said in page

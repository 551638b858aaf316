"""A Voilà of its own: a notebook run as a plain page, which shows widgets by the HTML manager of Jupyter's widgets."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.ui.lab import ROOT, free_port, wait_for, written

# It asks the network for a font of icons that widgets of ours do not have; nothing else is changed.
TEMPLATE = """{%- extends 'lab/index.html.j2' -%}
{%- block notebook_css -%}
{%- set css -%}{{ super() }}{%- endset -%}
{{ css | replace("https://cdn.jsdelivr.net/npm/@fortawesome/fontawesome-free@^5/css/", "data:text/css,") }}
{%- endblock notebook_css -%}
"""
# Other extensions of JupyterLab that are installed here miss a JupyterLab around them.
EXTENSIONS = ("anywidget", "@jupyter-widgets/jupyterlab-manager", "@voila-dashboards/widgets-manager8")


@contextmanager
def voila(folder: Path, cells: Sequence[str]) -> Iterator[str]:
    """The address where a notebook of these cells is a page."""
    written(folder / "page.ipynb", cells)
    template = folder / "data" / "voila" / "templates" / "offline"
    template.mkdir(parents=True)
    (template / "conf.json").write_text(json.dumps({"base_template": "lab"}), encoding="utf-8")
    (template / "index.html.j2").write_text(TEMPLATE, encoding="utf-8")
    places = {"HOME": "home", "IPYTHONDIR": "ipython", "JUPYTER_DATA_DIR": "data", "JUPYTER_CONFIG_DIR": "config"}
    environment = {**os.environ, **{name: str(folder / place) for name, place in places.items()}}
    port = free_port()
    command = (
        *(sys.executable, "-m", "voila", "page.ipynb", "--no-browser", f"--port={port}", "--Voila.ip=127.0.0.1"),
        *("--template=offline", *(f"--VoilaConfiguration.extension_allowlist={name}" for name in EXTENSIONS)),
    )
    with (folder / "voila.log").open("w") as log:
        server = subprocess.Popen(
            command, env={**environment, "PYTHONPATH": str(ROOT)}, cwd=folder, stdout=log, stderr=subprocess.STDOUT
        )
        try:
            wait_for(port, server, folder / "voila.log")
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(timeout=30)

"""A marimo of its own: a notebook that is edited or run, as an analyst does."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.ui.lab import ROOT, free_port, wait_for


def environment(folder: Path) -> dict[str, str]:
    """Where marimo keeps what it keeps, below a folder."""
    names = ("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME")
    homes = {name: str(folder / name.lower()) for name in names}
    return {**os.environ, **homes, "PYTHONPATH": str(ROOT), "MARIMO_SKIP_UPDATE_CHECK": "1"}


@contextmanager
def marimo(mode: str, notebook: Path, folder: Path) -> Iterator[str]:
    """The address where a notebook is open in a mode, `edit` or `run`."""
    port = free_port()
    command = (
        *(sys.executable, "-m", "marimo", "-q", mode, str(notebook)),
        *("--headless", "--no-token", "--host=127.0.0.1", f"--port={port}"),
    )
    log = folder / f"{mode}.log"
    with log.open("w") as written:
        server = subprocess.Popen(
            command, env=environment(folder), cwd=folder, stdout=written, stderr=subprocess.STDOUT
        )
        try:
            wait_for(port, server, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(timeout=30)


def exported(notebook: Path, folder: Path) -> Path:
    """A notebook run and written as HTML."""
    page = folder / f"{notebook.stem}.html"
    command = (sys.executable, "-m", "marimo", "-q", "export", "html", str(notebook), "-o", str(page))
    subprocess.run(command, env=environment(folder), cwd=folder, check=True, capture_output=True, timeout=300)
    return page

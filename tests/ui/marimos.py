"""A marimo of its own: a notebook that is edited or run, as an analyst does."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

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


@contextmanager
def files(folder: Path, others: Mapping[str, Path]) -> Iterator[str]:
    """The address where a folder is served, with other folders below paths of it."""

    class Handler(SimpleHTTPRequestHandler):
        def translate_path(self, path: str) -> str:
            for place, other in others.items():
                if path.startswith(place):
                    return str(other / path.removeprefix(place).partition("?")[0])
            return super().translate_path(path)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(folder)))
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()

"""A JupyterLab of its own, and notebooks in it: cells are run and looked at as an analyst does."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect

ROOT = Path(__file__).parents[2]
SLOW = 90_000
SETTINGS = {
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False, "doNotDisturbMode": True},
    "notebook-extension/tracker": {"windowingMode": "none"},  # cells out of sight are there too
}


class Lab:
    """Where the server is, and the folder that it shows."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url, self.folder = url, folder

    def open(self, page: Page, name: str, cells: Sequence[str], host: str = "lab/tree") -> Notebook:
        """A new notebook with these cells, none of them run; in Notebook 7 where the host is `notebooks`."""
        written(self.folder / name, cells)
        return self.show(page, name, host)

    def show(self, page: Page, name: str, host: str = "lab/tree") -> Notebook:
        """A notebook that is in the folder."""
        page.goto(f"{self.url}/{host}/{name}{'?reset' if host.startswith('lab') else ''}")
        return Notebook(page, self.folder / name)


class Notebook:
    """A notebook that is open in a page."""

    def __init__(self, page: Page, file: Path) -> None:
        self.page, self.file = page, file
        self.ready()

    def ready(self) -> None:
        """Wait until its kernel is there and has nothing to do."""
        idle = self.page.get_by_text("| Idle").or_(self.page.locator(".jp-NotebookKernelStatus[data-status=idle]"))
        expect(idle.or_(self.page.locator(".jp-NotebookKernelLogo"))).to_be_visible(timeout=SLOW)

    def cell(self, at: int) -> Locator:
        """A cell with its output."""
        return self.page.locator(".jp-CodeCell").nth(at)

    def run(self, at: int, times: int = 1) -> Locator:
        """Run a cell, as often as is said, and wait for its end."""
        prompt = self.cell(at).locator(".jp-InputPrompt")
        for _ in range(times):
            before = prompt.inner_text()
            prompt.click()
            self.page.keyboard.press("Control+Enter")
            expect(prompt).not_to_have_text(before, timeout=SLOW)
            expect(prompt).not_to_have_text("[*]:", timeout=SLOW)
        return self.cell(at)

    def run_all(self) -> None:
        """Run all cells, as its menu offers it."""
        self.page.get_by_role("menuitem", name="Run", exact=True).click()
        self.page.get_by_role("menuitem", name="Run All Cells", exact=True).click()

    def says(self, at: int) -> str:
        """What a cell prints when it is run."""
        return self.run(at).locator(".jp-OutputArea-output").last.inner_text(timeout=SLOW).strip()

    def restart(self) -> None:
        """Begin anew with a kernel that knows nothing."""
        self.page.get_by_role("button", name="Restart the kernel", exact=True).click()
        self.page.get_by_role("button", name="Confirm Kernel Restart").click()

    def save(self) -> Any:
        """Save it, and read what was saved."""
        import nbformat

        before = self.file.stat().st_mtime_ns
        self.page.keyboard.press("Control+s")
        end = time.monotonic() + SLOW / 1000
        while self.file.stat().st_mtime_ns == before or not _is_whole(self.file):
            assert time.monotonic() < end, "the notebook was not saved"
            self.page.wait_for_timeout(100)
        return nbformat.read(self.file, 4)


def written(file: Path, cells: Sequence[str]) -> None:
    """A new notebook with these cells, as a file."""
    import nbformat  # which takes seconds

    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, file)


def _is_whole(file: Path) -> bool:
    """Whether what is being written is all there."""
    try:
        json.loads(file.read_bytes())
    except ValueError:
        return False
    return True


@contextmanager
def jupyterlab(folder: Path) -> Iterator[Lab]:
    """A server without a password on this machine, with settings, data and notebooks below a folder of its own."""
    notebooks = folder / "notebooks"
    notebooks.mkdir()
    for name, settings in SETTINGS.items():
        file = folder / "config" / "lab" / "user-settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(settings), encoding="utf-8")
    names = ("HOME", "IPYTHONDIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR")
    homes = {name: str(folder / name.lower()) for name in names}
    environment = {**os.environ, **homes, "JUPYTER_CONFIG_DIR": str(folder / "config"), "PYTHONPATH": str(ROOT)}
    port = free_port()
    command = (
        *(sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ip=127.0.0.1", f"--port={port}"),
        *("--ServerApp.port_retries=0", "--IdentityProvider.token=", f"--ServerApp.root_dir={notebooks}"),
    )
    with (folder / "lab.log").open("w") as log:
        server = subprocess.Popen(command, env=environment, cwd=folder, stdout=log, stderr=subprocess.STDOUT)
        try:
            wait_for(port, server, folder / "lab.log")
            yield Lab(f"http://127.0.0.1:{port}", notebooks)
        finally:
            server.terminate()
            server.wait(timeout=30)


def free_port() -> int:
    """A port of this machine that nobody uses."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def wait_for(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until a server answers."""
    end = time.monotonic() + SLOW / 1000
    while True:
        assert server.poll() is None, log.read_text(encoding="utf-8")
        assert time.monotonic() < end, "JupyterLab did not start"
        try:
            socket.create_connection(("127.0.0.1", port), 0.5).close()
        except OSError:
            time.sleep(0.1)
        else:
            return

"""Find a Chromium that starts, or install one. Without one the browser tests fail; they are never skipped.

`python -m tests.ui.chromium` does the same ahead of the tests and prints what it found.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser, BrowserType, sync_playwright
from playwright.sync_api import Error as PlaywrightError

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
# The address bar draws its suggestions with two pages of its own, a seventh of what a page costs. Only the last of
# such lists counts: the others are what Playwright leaves out.
LEFT_OUT = (
    *("WebUIOmniboxPopup", "WebUIOmniboxAimPopup"),
    *("AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades"),
    *(
        "HttpsFirstBalancedModeAutoEnable",
        "LensOverlay",
        "MediaRouter",
        "PaintHolding",
        "ThirdPartyStoragePartitioning",
    ),
    *("AvoidCorsURLLoaderRestartOnRedirect", "OptimizationHints", "NetworkTimeServiceQuerying", "AimEnabled"),
    "PreconnectToSearch",
)
FLAGS = (
    "--disable-background-networking",
    "--disable-component-update",
    f"--disable-features={','.join(LEFT_OUT)}",
    "--disable-gpu",
    "--disable-sync",
    "--no-first-run",
    # Nothing outside this machine has a name: a page that asks for it fails at once instead of waiting.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
)


class Attempt(NamedTuple):
    """Something that was tried, and why it did not help."""

    what: str
    why: str


class NoChromiumError(RuntimeError):
    """There is no Chromium on this machine, and none could be installed."""

    def __init__(self, attempts: list[Attempt]) -> None:
        tried = "".join(f"\n  - {attempt.what}: {attempt.why}" for attempt in attempts)
        super().__init__(
            "the browser tests need a Chromium, and there is none that starts. Tried:"
            f"{tried}\nInstall one (apt-get install chromium, or python -m playwright install --with-deps "
            "chromium), or say where it is with the environment variable CHROMIUM."
        )


def launch(chromium: BrowserType) -> Browser:
    """A running, headless Chromium."""
    attempts: list[Attempt] = []
    browser = _first_that_starts(chromium, attempts)
    for install in (_install_with_playwright, _install_with_apt):
        if browser is None and not os.environ.get("CHROMIUM") and install(attempts):
            browser = _first_that_starts(chromium, attempts)
    if browser is None:
        raise NoChromiumError(attempts)
    return browser


def candidates(chromium: BrowserType) -> Iterator[Path]:
    """Every Chromium that may be on this machine, the wanted one first; CHROMIUM allows no other."""
    wanted = os.environ.get("CHROMIUM")
    if wanted:
        yield Path(wanted)
        return
    for name in NAMES:
        found = shutil.which(name)
        if found:
            yield Path(found)
    yield Path(chromium.executable_path)


def _first_that_starts(chromium: BrowserType, attempts: list[Attempt]) -> Browser | None:
    flags = [*FLAGS, "--no-sandbox"] if _is_root() else list(FLAGS)
    for path in candidates(chromium):
        if not path.exists():
            attempts.append(Attempt(str(path), "no such file"))
            continue
        try:
            return chromium.launch(executable_path=path, args=flags)
        except PlaywrightError as error:
            attempts.append(Attempt(str(path), f"does not start ({_first_line(str(error))})"))
    return None


def _install_with_playwright(attempts: list[Attempt]) -> bool:
    install = [sys.executable, "-m", "playwright", "install"]
    # First the browser and then its libraries: without a browser the libraries are of no use.
    installed = _run([*install, "chromium"], attempts, timeout=240)
    if installed and _is_root() and shutil.which("apt-get"):
        _run([*install[:-1], "install-deps", "chromium"], attempts, timeout=240)
    return installed


def _install_with_apt(attempts: list[Attempt]) -> bool:
    what = "apt-get install chromium"
    if not shutil.which("apt-get"):
        attempts.append(Attempt(what, "this machine has no apt-get"))
    elif not _is_root():
        attempts.append(Attempt(what, "only root may"))
    elif _run(["apt-get", "update", "-q"], attempts, timeout=120):
        return _run([*what.split(), "-q", "-y", "--no-install-recommends"], attempts, timeout=240)
    return False


def _run(command: list[str], attempts: list[Attempt], *, timeout: float) -> bool:
    """Run a command with its output kept for the message; true if it worked."""
    said = " ".join(command)
    print(f"no Chromium yet, running: {said}", file=sys.stderr, flush=True)
    quiet = {
        **os.environ,
        "DEBIAN_FRONTEND": "noninteractive",
        "PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT": "15000",
    }
    try:
        done = subprocess.run(
            command, env=quiet, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=timeout
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        attempts.append(Attempt(said, str(error)))
        return False
    if done.returncode:
        attempts.append(Attempt(said, _reason(done.stderr or done.stdout) or f"exit {done.returncode}"))
    return done.returncode == 0


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _first_line(text: str) -> str:
    return text.strip().partition("\n")[0]


def _reason(text: str) -> str:
    """The line of a command's output that most likely says why it failed."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return next((line for line in lines if line.startswith(("Error:", "E:"))), lines[-1] if lines else "")


def main() -> int:
    """Find or install a Chromium, and say which."""
    with sync_playwright() as playwright:
        try:
            browser = launch(playwright.chromium)
        except NoChromiumError as error:
            print(error, file=sys.stderr)
            return 1
        print(f"Chromium {browser.version}")
        browser.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

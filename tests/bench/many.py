"""Many pages on one server: `python -m tests.bench.many [--pages 50] [--again 1000] [--load FILE]` (Linux).

The server is a process of its own, as `session-explorer serve` starts it; the pages are websockets, which cost the
machine little. It prints how long pages take to open together, how long the server's loop keeps a page waiting while
all change and brush, whether every page's numbers are the core's in the end, and the memory that pages leave behind.
With --load one more page reads a file meanwhile, as often as there is time.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import re
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median, quantiles
from typing import Any
from urllib.parse import urlencode

from explorer.sample import SAMPLE
from tests.wire import Wire
from widgets.data import open_source as data
from widgets.document.url import DATA

COMPARES = 4  # the place of its tab
ROUNDS, THINKING = 4, 4.0  # changes of each page, and seconds between two things that it does
PHASES = ("alone", "while pages are opened", "while all work and two compare")
INACTIVITIES = ("5m", "10m", "20m", "30m", "45m", "1h", "2h")


class Served:
    """A server of its own, and what the system says of it."""

    def __init__(self, folder: Path | None = None) -> None:
        with socket.socket() as free:
            free.bind(("localhost", 0))
            port = free.getsockname()[1]
        command = [sys.executable, "-m", "explorer.cli", "serve", str(SAMPLE), "--no-browser", "--port", str(port)]
        command += ["--folder", str(folder)] if folder else []
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout
        for line in self.process.stdout:
            if "Launching" in line:
                break
        self.url = f"http://localhost:{port}/"

    @property
    def memory(self) -> int:
        """Bytes that it holds."""
        text = Path(f"/proc/{self.process.pid}/status").read_text()
        found = re.search(r"VmRSS:\s+(\d+) kB", text)
        assert found
        return int(found[1]) * 1024

    @property
    def cpu(self) -> float:
        """Seconds of processor that it has taken."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / 100

    def stop(self) -> None:
        """End it."""
        self.process.terminate()
        self.process.wait()


async def opened(url: str) -> tuple[Wire, float]:
    """A page, and the seconds until it is whole."""
    began = time.monotonic()
    page = await Wire.open(url)
    await page.pull()
    return page, time.monotonic() - began


def readout(page: Wire) -> str:
    """How many sessions and actors it says are selected."""
    return str(next(each["attributes"].get("text", "") for each in page.models.values() if each["name"] == "Div"))


async def probe(url: str) -> None:
    """Ask a server what needs no work, again and again, and print when and how long it took to answer."""
    page, _ = await opened(url)
    while True:
        began = time.monotonic()
        await page.ask("SERVER-INFO-REQ")
        print(time.time(), time.monotonic() - began, flush=True)
        await asyncio.sleep(0.05)


class Probe:
    """One who waits, in a process of its own: the pages of this one keep each other waiting, too."""

    def __init__(self, url: str) -> None:
        command = [sys.executable, "-m", "tests.bench.many", "--probe", url]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)

    def stop(self) -> list[tuple[float, float]]:
        """When it asked, and the seconds that each answer took."""
        self.process.terminate()
        lines = self.process.communicate()[0].splitlines()
        return [(float(at), float(took)) for at, took in (line.split() for line in lines)]


async def works(page: Wire, dice: random.Random) -> str:
    """Change the inactivity and brush, as an analyst does; the last inactivity is the answer."""
    inactivity = ""
    for _ in range(ROUNDS):
        await asyncio.sleep(dice.uniform(0.5, 1.5) * THINKING)
        inactivity = dice.choice([each for each in INACTIVITIES if each != inactivity])
        await page.say(page.component("DurationControl"), {"text": inactivity})
        await asyncio.sleep(dice.uniform(0.5, 1.5) * THINKING)
        channel = page.named("Channel")
        span = sorted(dice.sample(range(1, 12), 2))
        request = {"kind": "select", "spans": {"duration": span}, "edit": 1, "seq": 1}
        await page.set(channel, "request", request | {"generation": _entry(channel, "generation")})
    return inactivity


def _entry(channel: dict[str, Any], name: str) -> Any:
    state = channel["attributes"].get("state", {})
    entries = dict(state["entries"]) if isinstance(state, dict) and state.get("type") == "map" else state
    return entries[name]


async def compares(page: Wire, end: asyncio.Event) -> None:
    """Open the slowest view again and again."""
    while not end.is_set():
        for place in (COMPARES, 0):
            await page.set(page.component("TabMenu")["attributes"]["data"], "active", place)
            await asyncio.sleep(1)


async def loads(url: str, file: Path, end: asyncio.Event) -> int:
    """Open a page on another file, again when it has been read; how often it was."""
    times = 0
    while not end.is_set():
        page, _ = await opened(f"{url}?{urlencode({DATA: file})}")
        await page.ready()
        while not end.is_set() and not any(each["attributes"].get("done") for each in page.models.values()):
            await asyncio.sleep(0.5)
            await page.pull()
        times += not end.is_set()
        await page.close()
    return times


async def right(page: Wire, inactivity: str, sessions: int) -> bool:
    """Whether a page has the core's number, its brush taken away."""
    await page.say(page.component("ChipRow"), {"act": "clear"})
    for _ in range(100):
        await page.pull()
        if readout(page).startswith(f"{sessions:,} sessions"):
            return True
        await asyncio.sleep(0.1)
    print(f"  {inactivity}: {readout(page)!r}, the core has {sessions:,} sessions")
    return False


def told(what: str, seconds: Sequence[float]) -> None:
    """Median, 95th percentile and the worst."""
    print(f"{what}: median {median(seconds):.3f} s, 95 % {quantiles(seconds, n=20)[-1]:.3f}, worst {max(seconds):.3f}")


async def together(served: Served, count: int, file: Path | None) -> None:
    """Open pages at once, then let all of them work."""
    log, document = data.opened(SAMPLE)
    assert document is not None
    first, alone = await opened(served.url)
    print(f"one page: {alone:.2f} s")
    probing = Probe(served.url)
    await asyncio.sleep(10)
    phases = [time.time()]
    end = asyncio.Event()
    cpu = served.cpu
    found = await asyncio.gather(*(opened(served.url) for _ in range(count)))
    pages = [page for page, _ in found]
    told(f"{count} pages opened at once", [seconds for _, seconds in found])
    print(f"  {(served.cpu - cpu) / count:.2f} s of processor for each")
    phases.append(time.time())
    slow = [asyncio.ensure_future(compares(page, end)) for page in pages[:2]]
    loading = asyncio.ensure_future(loads(served.url, file, end)) if file else None
    cpu, began = served.cpu, time.monotonic()
    last = await asyncio.gather(*(works(page, random.Random(at)) for at, page in enumerate(pages[2:])))
    end.set()
    await asyncio.gather(*slow)
    asked = probing.stop()
    for what, since, until in zip(PHASES, (0.0, *phases), (*phases, time.time()), strict=True):
        told(f"an answer {what}", [took for at, took in asked if since <= at < until])
    if loading and file:
        print(f"{file.stat().st_size / 1e6:.0f} MB were read {await loading} times meanwhile")
    print(f"  {(served.cpu - cpu) / (time.monotonic() - began):.2f} processors busy")
    visit = document.sessions[0]
    meant = {each: log.sessions(visit.replace(inactivity=each)).height for each in set(last)}
    good = [await right(page, each, meant[each]) for page, each in zip(pages[2:], last, strict=True)]
    print(f"{sum(good)} of {len(good)} pages have the core's numbers")
    for page in (first, *pages):
        await page.close()


async def again(served: Served, count: int) -> None:
    """Open and close one page after the other, and see what stays."""
    seen = []
    for at in range(count):
        page, _ = await opened(served.url)
        await page.close()
        if at % max(1, count // 10) == 0:
            await asyncio.sleep(40)  # a closed page is given up after half a minute, and looked for when all rests
            seen.append((at, served.memory))
            print(f"  {at} pages: {served.memory / 1e6:.0f} MB", flush=True)
    half = seen[len(seen) // 2 :]
    slope = (half[-1][1] - half[0][1]) / max(1, half[-1][0] - half[0][0])
    print(f"{count} pages opened and closed: {slope / 1024:+.2f} KB each over the second half")


def main() -> None:
    """Run both and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=50)
    parser.add_argument("--again", type=int, default=0)
    parser.add_argument("--load", type=Path)
    parser.add_argument("--probe", metavar="URL", help="only ask this server, and print how long it took to answer")
    options = parser.parse_args()
    if options.probe:
        asyncio.run(probe(options.probe))
    served = Served(options.load and options.load.parent)
    try:
        if options.pages:
            asyncio.run(together(served, options.pages, options.load))
        if options.again:
            asyncio.run(again(served, options.again))
    finally:
        served.stop()


if __name__ == "__main__":
    main()

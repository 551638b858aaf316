"""Three weeks of an invented website, as the access log of its web server, with bots and faults as real ones have.

`python sample_data/generate_access_log.py` writes access.log.gz again, always with the same content. What is hidden
in it is told in README.md; here is how it gets there. Times are seconds since START until the very end.
"""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np

FILE = Path(__file__).resolve().parent / "access.log.gz"
ZONE = ZoneInfo("Europe/Berlin")  # summer time ends on 26 October, in the second week
START = datetime(2025, 10, 13, tzinfo=ZONE).astimezone(UTC)
DAYS = 21
SEED = 20251013
MINUTE, HOUR, DAY = 60.0, 3_600.0, 86_400.0
OUTAGE = (9 * DAY + 20 * HOUR, 9 * DAY + 21 * HOUR)  # Wednesday 22 October, in the evening
SITE = "https://www.seed-archive.example"

SEEDS = tuple(
    f"{colour}-{plant}"
    for plant in ("bean", "pea", "kale", "leek", "beet", "tomato", "squash", "poppy", "maize", "lettuce")
    for colour in ("red", "white", "black", "early", "late", "giant")
)
ARTICLES = ("/growing/soil", "/growing/saving-seeds", "/growing/frost", "/growing/slugs", "/visit", "/about")
STYLES = ("/static/site.css", "/static/site.js", "/static/logo.svg")
SEARCHES = ("bean", "tomato", "winter", "shade", "kale+black", "early")
BROWSERS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0 Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148",
    "Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0",
    "Mozilla/5.0 (Android 15; Mobile; rv:143.0) Gecko/143.0 Firefox/143.0",
)
CRAWLERS = ("FieldIndex/2.4 (+http://fieldindex.example/bot)", "Mozilla/5.0 (compatible; AcornBot/1.0; +acorn.example)")
MONITOR = "uptime-watch/3"
PROBED = ("/wp-login.php", "/.env", "/xmlrpc.php", "/admin/", "/phpmyadmin/", "/old/backup.zip")
OFTEN = (1, 1, 1, 1, 1, 1, 2, 5, 7, 9, 10, 9, 9, 8, 8, 9, 10, 12, 14, 17, 18, 14, 8, 3)  # visits by hour, in UTC

# RandomState and not default_rng: its numbers are promised never to change.
LOT = np.random.RandomState(SEED)


@dataclass(frozen=True)
class Request:
    """One line of the log, but for how it is written."""

    time: float
    host: str
    path: str
    agent: str
    referrer: str = "-"
    method: str = "GET"
    status: int = 200
    size: int = 5_000

    def line(self) -> str:
        """The line in the combined format."""
        moment = (START + timedelta(seconds=int(self.time))).astimezone(ZONE)
        asked = f'"{self.method} {self.path} HTTP/1.1" {self.status} {self.size or "-"}'
        return f'{self.host} - - [{moment:%d/%b/%Y:%H:%M:%S %z}] {asked} "{self.referrer}" "{self.agent}"'


def chance(probability: float) -> bool:
    return bool(LOT.random_sample() < probability)


def pick(items: tuple[str, ...]) -> str:
    return items[LOT.randint(len(items))]


def answered(time: float, host: str, path: str, agent: str, referrer: str = "-", method: str = "GET") -> Request:
    """A request with the status and size that the server gives it at that time."""
    size = 400 + 37 * (sum(path.encode()) % 997)
    if OUTAGE[0] <= time < OUTAGE[1] and not path.startswith("/static/"):
        return Request(time, host, path, agent, referrer, method, 502, 157)
    if path in PROBED or path.endswith("/cyan-radish"):
        return Request(time, host, path, agent, referrer, method, 404, 312)
    return Request(time, host, path, agent, referrer, method, 302 if method == "POST" else 200, size)


# ------------------------------------------------------------------------------------------------ people


def next_page() -> str:
    if chance(0.12):
        return f"/search?q={pick(SEARCHES)}"
    if chance(0.02):
        return "/seeds/cyan-radish"  # a dead link on the page of peas
    return pick(ARTICLES) if chance(0.25) else f"/seeds/{pick(SEEDS)}"


def visit(time: float, host: str, agent: str) -> list[Request]:
    """Some pages with what belongs to them, often an order at the end."""
    found: list[Request] = []
    referrer = str(LOT.choice(["-", "https://find.example/", "https://news.example/garden"], p=[0.4, 0.5, 0.1]))
    path = "/" if chance(0.5) else next_page()
    for number in range(1 + LOT.geometric(0.28)):
        found.append(answered(time, host, path, agent, referrer))
        if number == 0:
            found += [answered(time + 0.4, host, style, agent, SITE + path) for style in STYLES]
        if path.startswith("/seeds/") and chance(0.8):
            picture = path.replace("/seeds/", "/static/pictures/") + ".jpg"
            found.append(answered(time + 0.6, host, picture, agent, SITE + path))
        referrer, path = SITE + path, next_page()
        time += float(LOT.lognormal(3.3, 1.1))
    if chance(0.06):
        found.append(answered(time, host, "/basket", agent, referrer))
        for _ in range(1 + int(chance(0.1))):  # some click twice, and order twice
            found.append(answered(time + 40, host, "/order", agent, SITE + "/basket", "POST"))
        found.append(answered(time + 41, host, "/thanks", agent, SITE + "/basket"))
    return found


def people() -> list[Request]:
    shares = np.cumsum(np.array(OFTEN)) / sum(OFTEN)
    found: list[Request] = []
    for number in range(2_000):
        block = (f"192.0.2.{1 + number % 250}", f"2001:db8:{number // 25:x}::{1 + number % 25:x}")
        host, agent = block[int(chance(0.3))], pick(BROWSERS)
        for _ in range(1 + LOT.poisson(1.1)):
            hour = int(np.searchsorted(shares, LOT.random_sample()))
            found += visit(LOT.randint(DAYS) * DAY + hour * HOUR + LOT.uniform(0, HOUR), host, agent)
    return found


def school() -> list[Request]:
    """A class of 24 behind one address, on two mornings."""
    return [
        request
        for day in (3, 10)
        for pupil in range(24)
        for request in visit(day * DAY + 7 * HOUR + LOT.uniform(0, 40 * MINUTE), "198.51.100.7", BROWSERS[pupil % 4])
    ]


# ------------------------------------------------------------------------------------------------ programs


def programs() -> list[Request]:
    """Two crawlers that say so, one that says it is a browser, a monitor, and what looks for holes."""
    found: list[Request] = []
    pages = ("/", *ARTICLES, *(f"/seeds/{seed}" for seed in SEEDS))
    for day in range(DAYS):
        for number, agent in enumerate(CRAWLERS):
            host, time = f"203.0.113.{20 + number}", day * DAY + (1 + 9 * number) * HOUR
            found.append(answered(time, host, "/robots.txt", agent))
            found += [answered(time + 3 + 11.0 * at, host, path, agent) for at, path in enumerate(pages)]
        for probe in range(2):
            time, host = day * DAY + LOT.uniform(0, DAY), f"203.0.113.{100 + LOT.randint(80)}"
            found += [answered(time + 0.3 * at, host, path, "-") for at, path in enumerate(PROBED[probe:])]
    secret = "198.51.100.66"
    found += [answered(5 * DAY + 29.0 * at, secret, pages[at % len(pages)], BROWSERS[0]) for at in range(9_000)]
    found += [
        Request(300.0 * at, "198.51.100.9", "/", MONITOR, method="HEAD", status=200, size=0)
        for at in range(int(DAYS * DAY / 300))
    ]
    return found


# ------------------------------------------------------------------------------------------------ the file


def lines() -> list[str]:
    """The log as it is in the file: in order of the answers, with all of its faults."""
    LOT.seed(SEED)  # the same again, however often it is asked for
    log = [request for request in [*people(), *school(), *programs()] if 0 <= request.time < DAYS * DAY]
    log.sort(key=lambda request: request.time + request.size / 20_000)
    found = [request.line() for request in log]
    places = np.sort(LOT.choice(len(found) - 600, 40, replace=False))[::-1]
    for number, place in enumerate(map(int, places)):
        host, moment = f"203.0.113.{200 + number % 9}", found[place].split("[")[1].split("]")[0]
        broken = (
            rf'{host} - - [{moment}] "\x16\x03\x01\x02" 400 226 "-" "-"',  # one speaks another protocol
            f'{host} - - [{moment}] "-" 408 - "-" "-"',  # one says nothing
            "worker process 4711 exited on signal 9",  # this belongs into another log
        )
        found.insert(place, broken[number % 3])
    found[9_000:9_000] = found[8_700:9_000]  # the log was rotated, and the end of the old one copied
    clock = (r.replace(moment, "01/Jan/1970:01:00:04 +0100") for r, moment in _marked(found[4_000:4_003]))
    found[4_000:4_003] = clock  # the clock was wrong after a restart
    found[-1] = found[-1][:61]  # the disk was full
    return found


def _marked(some: list[str]) -> list[tuple[str, str]]:
    return [(line, line.split("[")[1].split("]")[0]) for line in some]


def text() -> str:
    """What is in the file."""
    return "\n".join(lines())


def main() -> None:
    FILE.write_bytes(gzip.compress(text().encode(), compresslevel=9, mtime=0))
    print(f"{FILE.name}: {FILE.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()

"""Six weeks of an invented shop, as an event log with the faults that real ones have.

`python sample_data/generate.py` writes shop.csv.gz again, always with the same content. What is hidden in the
data is told in README.md; here is how it gets there. Times are seconds since START until the very end.
"""

from __future__ import annotations

import gzip
import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
import polars as pl

FILE = Path(__file__).resolve().parent / "shop.csv.gz"
COLUMNS = (
    *("ts", "user_id", "platform", "event", "page", "product"),
    *("amount", "country", "error", "app_version"),
)

SEED = 20250303
START = datetime(2025, 3, 3)  # a Monday
DAYS = 42
USERS = 2_500

MINUTE, HOUR, DAY = 60.0, 3_600.0, 86_400.0
CAMPAIGN = (17 * DAY + 10 * HOUR, 18 * DAY + 23 * HOUR)  # Thursday 20 March, for a day and a half
OUTAGE = (29 * DAY + 19 * HOUR + 10 * MINUTE, 29 * DAY + 21 * HOUR + 40 * MINUTE)  # Tuesday 1 April, evening
NEW_APP = 8 * DAY  # 5.2.0 is in the app stores from 11 March

COUNTRIES = {"DE": 40, "AT": 12, "CH": 10, "FR": 12, "NL": 9, "PL": 8, "IT": 6, "SE": 3}
CATEGORIES = ("shoes", "jackets", "bags", "tents", "lamps", "books")
HELP = ("/help/returns", "/help/delivery", "/help/sizes", "/account/orders")
ERRORS = ("timeout", "not_found", "image_missing")
# Visits by hour of the day, midnight first, and by day of the week, Monday first.
WEB_HOURS = (3, 2, 1, 1, 1, 1, 2, 4, 6, 8, 9, 10, 12, 9, 8, 8, 8, 9, 10, 13, 17, 16, 11, 6)
APP_HOURS = (4, 2, 1, 1, 1, 2, 5, 11, 9, 6, 6, 7, 11, 8, 6, 6, 8, 12, 12, 11, 13, 15, 13, 8)
WEEKDAYS = (1.0, 1.0, 0.95, 1.0, 0.85, 0.7, 1.25)

# RandomState and not default_rng: its numbers are promised never to change.
LOT = np.random.RandomState(SEED)
PRODUCTS = tuple(f"p{100 + i}" for i in range(120))
PRICES = {product: round(float(LOT.lognormal(3.4, 0.7)), 2) for product in PRODUCTS}
POPULARITY = tuple(1.0 / rank**0.8 for rank in range(1, len(PRODUCTS) + 1))

Event = dict[str, object]  # the columns, and "arrived"


def chance(probability: float) -> bool:
    return bool(LOT.random_sample() < probability)


def pick(items: Sequence[str], weights: Sequence[float] | None = None) -> str:
    if weights is None:
        return items[LOT.randint(len(items))]
    sums = np.cumsum(weights)
    return items[int(np.searchsorted(sums, LOT.random_sample() * sums[-1], side="right"))]


def between(low: float, high: float) -> float:
    return float(LOT.uniform(low, high))


def within(time: float, span: tuple[float, float]) -> bool:
    return span[0] <= time < span[1]


# ------------------------------------------------------------------------------------------------ who


@dataclass
class User:
    """Who somebody is. What happens to them over the weeks is at the end."""

    id: str
    platforms: tuple[str, ...]
    country: str
    updates_at: float  # from when on they have the new app
    patience: float  # visits that they will make, more or less
    registered: bool
    failed_before: bool = False


def users() -> list[User]:
    numbers = np.sort(LOT.choice(np.arange(10_000, 60_000), USERS, replace=False))
    everyone = []
    for number in numbers:
        first = pick(("web", "ios", "android"), (55, 24, 21))
        platforms = (first, "web") if first != "web" and chance(0.25) else (first,)
        country = pick(tuple(COUNTRIES), tuple(COUNTRIES.values()))
        updates_at = NEW_APP + float(LOT.exponential(5 * DAY))
        patience = min(float(LOT.lognormal(0.1, 1.05)), 60)
        everyone.append(User(f"u{number}", platforms, country, updates_at, patience, chance(0.62)))
    return everyone


# ------------------------------------------------------------------------------------------------ one visit


class Visit:
    """One user at one time on one platform. Each method is something that they do; it moves `now` on."""

    def __init__(self, user: User, start: float, log: list[Event]) -> None:
        self.user, self.now, self.log = user, start, log
        self.platform = pick(user.platforms, (3, 1)[: len(user.platforms)])
        self.on_app = self.platform != "web"
        # Who is logged in on the app stays so; on the web one logs in again and again.
        self.logged_in = user.registered and self.on_app and chance(0.6)
        self.cart: list[str] = []
        self.pace = 1.0

    def add(self, event: str, *, wait: bool = True, **values: object) -> None:
        time = round(self.now, 0 if self.platform == "android" else 3)  # Android knows whole seconds only
        version = ("5.2.0" if time >= self.user.updates_at else "5.1.2") if self.on_app else None
        late = float(LOT.exponential(15 if self.on_app else 1))
        self.log.append(
            {
                "ts": time,
                "arrived": time + late,
                "user_id": self.user.id,
                "platform": self.platform,
                "country": self.user.country,
                "event": event,
                "app_version": version,
                **values,
            }
        )
        if wait:
            # Mostly seconds to minutes; now and then the phone rings, or dinner is ready.
            pause = LOT.lognormal(6.5, 0.65) if chance(0.011) else self.pace * LOT.lognormal(3.3, 1.2)
            self.now += max(0.4, float(pause))

    def fails(self, page: str, *, usually: float = 0.012) -> bool:
        """Something may go wrong here; during the outage much does, and is tried again."""
        out = within(self.now, OUTAGE)
        if not chance(0.55 if out else usually):
            return False
        self.add("error", page=page, error="http_503" if out else pick(ERRORS))
        while out and chance(0.6):
            self.now += between(1, 25)
            self.add("error", page=page, error="http_503")
        return True

    def see(self, page: str) -> None:
        self.add("page_view", page=page)
        self.fails(page)

    def see_product(self) -> None:
        product = pick(PRODUCTS, POPULARITY)
        page = f"/product/{product}"
        self.add("product_view", page=page, product=product)
        self.fails(page)
        if chance(0.17):
            self.add("add_to_cart", page=page, product=product, wait=chance(0.5))
            self.see("/cart")  # half of the time at the same instant
            self.cart.append(product)

    def look_around(self, steps: int) -> None:
        for _ in range(steps):
            what = LOT.random_sample()
            if what < 0.13:
                self.add("search", page="/search")
                self.fails("/search", usually=0.02)
            elif what < 0.42:
                self.see(f"/category/{pick(CATEGORIES)}")
            elif what < 0.50:
                self.see("/")
            else:
                self.see_product()

    def log_in(self) -> None:
        self.add("page_view", page="/login")
        while chance(0.07):
            self.add("error", page="/login", error="wrong_password")
        self.add("login", page="/login", wait=False)
        self.add("page_view", page="/account")  # the client sends both at once
        self.logged_in = True

    def check_out(self) -> None:
        """Pay for what is in the cart, if the shop lets them."""
        self.see("/checkout")
        if not self.logged_in:
            if not self.user.registered:
                return
            self.log_in()
        while self.fails("/checkout", usually=0.03):
            if chance(0.5):
                return
        while chance(0.07):
            self.add("error", page="/checkout", error="payment_declined")
        amount = round(sum(PRICES[product] for product in self.cart), 2)
        self.add("purchase", page="/checkout/done", amount=amount)
        self.cart.clear()

    def register(self) -> None:
        """Some need two visits. The second time there is a captcha too, and in the new app it loops."""
        again = self.user.failed_before
        loops = again and self.on_app and self.now >= self.user.updates_at
        fails, gives_up = (0.88, 0.2) if loops else (0.4, 0.15) if again else (0.58, 0.45)
        reasons = (0.2, 0.2, 9.0) if loops else (5.0, 3.0, 4.0) if again else (6.0, 4.0, 0.5)
        self.add("page_view", page="/register")
        self.add("register", page="/register")
        while chance(fails):
            error = pick(("password_too_weak", "email_taken", "captcha_failed"), reasons)
            self.add("error", page="/register", error=error)
            if chance(gives_up):
                self.user.failed_before = True
                return
            self.add("register", page="/register")
        self.user.registered = True
        self.see("/register/welcome")
        if chance(0.6):
            self.log_in()

    def leave(self) -> None:
        """Apps left open send a heartbeat every four minutes, some for hours, and a web page never."""
        if self.on_app and chance(0.30):
            self.now += between(5, 4 * MINUTE)
            forgotten = chance(0.1)
            for _ in range(1 + int(LOT.exponential(70 if forgotten else 7))):
                self.add("heartbeat", wait=False)
                self.now += 4 * MINUTE + between(-2, 2)


# ------------------------------------------------------------------------------------------------ many visits


def visit(user: User, start: float, log: list[Event], *, campaign: bool = False) -> float:
    """One visit; says when the user has turned away, whatever their app does after that."""
    one = Visit(user, start, log)
    landing = pick(("/", f"/category/{pick(CATEGORIES)}", "/search"), (5, 4, 1))
    one.see("/campaign/spring" if campaign else landing)
    if chance(0.42 if campaign else 0.23):
        return one.now
    kind = pick(("shop", "compare", "help"), (88, 3, 9))
    if not user.registered and chance(0.85 if user.failed_before else 0.26):
        one.register()
    elif user.registered and not one.logged_in and chance(0.48):
        one.log_in()
    if kind == "help" and one.logged_in:
        for _ in range(2 + LOT.poisson(3)):
            one.see(pick(HELP, (5, 3, 1, 3)))
    elif kind == "compare":  # an evening with many tabs
        one.pace = 2.2
        one.look_around(22 + int(LOT.exponential(22)))
    else:
        one.look_around(1 + int(LOT.exponential(3.1)))
    while one.cart and chance(0.25 if campaign else 0.6):
        one.check_out()
        if chance(0.2):  # and one more thing
            one.look_around(2)
    left = one.now
    one.leave()
    return left


def rhythm(hours: Sequence[int]) -> np.ndarray:
    """The running share of visits at every hour of the six weeks."""
    weights = np.array([WEEKDAYS[day % 7] * hour * (1 + day / 150) for day in range(DAYS) for hour in hours])
    return np.cumsum(weights) / weights.sum()


def visits(everyone: list[User]) -> list[Event]:
    log: list[Event] = []
    shares = {True: rhythm(APP_HOURS), False: rhythm(WEB_HOURS)}
    for user in everyone:
        count = max(1, LOT.poisson(user.patience))
        hours = np.searchsorted(shares[user.platforms[0] != "web"], LOT.random_sample(count))
        planned = [(float(hour) * HOUR + between(0, HOUR), False) for hour in hours]
        if chance(0.22):
            planned.append((CAMPAIGN[0] + float(LOT.exponential(9 * HOUR)), True))
        heapq.heapify(planned)
        ended = -DAY
        while planned:
            start, campaign = heapq.heappop(planned)
            start = max(start, ended + between(1, 4) * HOUR)
            failed_before = user.failed_before
            ended = visit(user, start, log, campaign=campaign and within(start, CAMPAIGN))
            if user.failed_before and not failed_before and chance(0.9):  # to register, a second try
                heapq.heappush(planned, (ended + between(0.4, 3) * DAY, False))
            elif chance(0.17):  # back the same day
                heapq.heappush(planned, (ended + float(LOT.lognormal(9.5, 0.6)), False))
    return log


def bots() -> list[Event]:
    """Three programs read the catalogue: one for 15 hours, one for 40, one every night."""
    log: list[Event] = []
    pages = [f"/product/{product}" for product in PRODUCTS]
    runs = [("u99001", 8.31 * DAY, 1_440, 37.5), ("u99002", 22.6 * DAY, 1_500, 96.0)]
    runs += [("u99003", day * DAY + 2 * HOUR, 40, 45.0) for day in range(DAYS)]
    for name, start, count, every in runs:
        for i in range(count):
            time = round(start + i * every, 3)
            what = {"platform": "web", "event": "page_view", "page": pages[i % len(pages)], "country": "NL"}
            log.append({"ts": time, "arrived": time + between(0, 1), "user_id": name, **what})
    return log


# ------------------------------------------------------------------------------------------------ the file


def events() -> pl.DataFrame:
    """The log as it is in the file: in order of arrival, times as text, with all of its faults."""
    LOT.seed(SEED + 1)  # the same again, however often it is asked for
    log = visits(users()) + bots()
    log = [event for event in log if 0 <= float(str(event["ts"])) < DAYS * DAY]
    twice = LOT.choice(len(log), 170, replace=False)  # delivered at least once, as they say
    log += [{**log[i], "arrived": float(str(log[i]["arrived"])) + between(0.2, 90)} for i in twice]
    broken = LOT.choice(len(log), 84, replace=False)
    types = {"ts": pl.Float64, "amount": pl.Float64}
    frame = pl.DataFrame(log, schema_overrides=types, infer_schema_length=None)
    moment = pl.lit(START) + pl.duration(milliseconds=(pl.col("ts") * 1_000).round().cast(pl.Int64))
    row = pl.int_range(pl.len())
    return (
        frame.with_columns(
            ts=pl.when(row.is_in(broken[:20].tolist()))
            .then(pl.lit("not recorded"))
            .when(row.is_in(broken[20:36].tolist()))
            .then(None)
            .otherwise(moment.dt.strftime("%Y-%m-%d %H:%M:%S%.3f")),
            user_id=pl.when(row.is_in(broken[36:].tolist())).then(None).otherwise(pl.col("user_id")),
        )
        .sort("arrived", maintain_order=True)
        .select(COLUMNS)
    )


def text() -> str:
    """What is in the file."""
    return events().write_csv(float_precision=2)


def main() -> None:
    FILE.write_bytes(gzip.compress(text().encode(), compresslevel=9, mtime=0))
    print(f"{FILE.name}: {FILE.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()

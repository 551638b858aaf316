"""The sample is what its generator makes and what its README says, counted by plain Polars queries."""

from __future__ import annotations

import gzip
import re

import polars as pl
import pytest

from sample_data import generate

pytestmark = pytest.mark.slow

HOUR = pl.duration(hours=1)


@pytest.fixture(scope="module")
def rows() -> pl.DataFrame:
    return pl.read_csv(generate.FILE, infer_schema=False).with_row_index("row")


@pytest.fixture(scope="module")
def good(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with an actor and a time, in order."""
    time = pl.col("ts").str.to_datetime("%Y-%m-%d %H:%M:%S%.3f", strict=False)
    return rows.with_columns(ts=time).drop_nulls(["ts", "user_id"]).sort("user_id", "ts", "row")


def cut(events: pl.DataFrame, minutes: int = 30) -> pl.DataFrame:
    """One row per session of events that are in order."""
    gap = pl.col("ts") - pl.col("ts").shift().over("user_id")
    starts = gap.is_null() | (gap > pl.duration(minutes=minutes))
    return (
        events.with_columns(number=starts.cum_sum().over("user_id"))
        .group_by("user_id", "number", maintain_order=True)
        .agg(
            start=pl.col("ts").first(),
            duration=pl.col("ts").last() - pl.col("ts").first(),
            event_count=pl.len(),
            pages=pl.col("page").drop_nulls().n_unique(),
            version=pl.col("app_version").drop_nulls().last(),
            campaign=(pl.col("page") == "/campaign/spring").any(),
            **{event: (pl.col("event") == event).sum() for event in ("login", "purchase", "register", "error")},
        )
    )


@pytest.fixture(scope="module")
def done(good: pl.DataFrame) -> pl.DataFrame:
    """What people and bots did: all but the heartbeats."""
    return good.filter(pl.col("event") != "heartbeat")


@pytest.fixture(scope="module")
def sessions(done: pl.DataFrame) -> pl.DataFrame:
    return cut(done)


def test_the_file_is_what_the_generator_makes() -> None:
    assert gzip.decompress(generate.FILE.read_bytes()).decode() == generate.text()


def test_the_generator_makes_the_same_twice() -> None:
    assert generate.text() == generate.text()


def test_the_file_ships_small() -> None:
    assert generate.FILE.stat().st_size < 1_500_000


def test_rows_and_their_faults(rows: pl.DataFrame, good: pl.DataFrame) -> None:
    assert rows.height == 65_959
    assert rows["user_id"].null_count() == 48
    assert rows["ts"].null_count() == 16
    assert (rows["ts"] == "not recorded").sum() == 20
    assert good.height == rows.height - 48 - 16 - 20
    assert good["user_id"].n_unique() == generate.USERS + 3
    assert good.drop("row").is_duplicated().sum() >= 2 * 150
    assert good.select("user_id", "ts").is_duplicated().mean() > 0.03, "events at the same instant"
    in_file = good.sort("row")["ts"].diff().dt.total_milliseconds()
    assert 0.05 < (in_file < 0).mean() < 0.2, "not quite in order"
    assert str(good["ts"].min()) > "2025-03-03"
    assert str(good["ts"].max()) < "2025-04-14"


def test_the_valley_in_the_gaps(done: pl.DataFrame) -> None:
    gaps = done.select((pl.col("ts") - pl.col("ts").shift().over("user_id")).dt.total_minutes())
    minutes = gaps.to_series().drop_nulls()
    within, valley, apart = (minutes.is_between(*edges).sum() for edges in ((5, 15), (30, 60), (120, 360)))
    assert valley < within / 20
    assert valley < apart / 20
    assert {m: cut(done, m).height for m in (20, 30, 60)} == {20: 7_774, 30: 7_681, 60: 7_637}


def test_heartbeats_stretch_sessions(good: pl.DataFrame, sessions: pl.DataFrame) -> None:
    assert sessions.filter(pl.col("duration") > HOUR).height == 151
    assert cut(good).filter(pl.col("duration") > HOUR).height == 291
    assert 0.2 < (sessions["event_count"] == 1).mean() < 0.3


def test_the_rhythm_of_people(done: pl.DataFrame) -> None:
    people = done.filter(~pl.col("user_id").str.starts_with("u99"))
    by_hour = people.group_by(pl.col("ts").dt.hour()).len().sort("ts")["len"]
    assert by_hour.arg_max() in (20, 21)
    assert by_hour.arg_min() in (2, 3, 4, 5)
    assert by_hour.max() > 5 * by_hour.min()
    normal = people.filter(~pl.col("page").fill_null("").str.starts_with("/campaign"))
    by_weekday = normal.group_by(pl.col("ts").dt.weekday()).len().sort("ts")["len"]
    assert by_weekday.arg_min() == 5, "Saturday"
    per_user = people.group_by("user_id").len()["len"]
    assert per_user.quantile(0.99) > 10 * per_user.median(), "a few do much"


def test_bots(sessions: pl.DataFrame) -> None:
    bots = sessions.filter(pl.col("user_id").str.starts_with("u99"))
    assert bots["user_id"].n_unique() == 3
    assert bots["duration"].max() == sessions["duration"].max()
    assert bots["event_count"].sum() > sessions["event_count"].sum() / 15


def test_purchases_in_the_first_login_session(sessions: pl.DataFrame) -> None:
    first = sessions.filter(pl.col("login") > 0).group_by("user_id", maintain_order=True).first()
    assert (first.height, (first["number"] > 1).sum()) == (1_094, 534)
    assert (first["purchase"].sum(), sessions["purchase"].sum()) == (289, 672)


def test_pages_in_sessions_longer_than_an_hour(sessions: pl.DataFrame) -> None:
    long = sessions.filter(pl.col("duration") > HOUR)
    assert (long["pages"].median(), long["pages"].max()) == (27, 120)
    assert sessions["pages"].median() == 4


def test_errors_in_the_second_attempted_registration(sessions: pl.DataFrame) -> None:
    second = sessions.filter(pl.col("register") > 0).filter(pl.int_range(pl.len()).over("user_id") == 1)
    new = second.filter(version="5.2.0")
    others = second.filter(pl.col("version").ne_missing("5.2.0"))
    assert (second.height, second["error"].sum()) == (124, 133)
    assert (round(new["error"].mean(), 1), round(others["error"].mean(), 1)) == (2.4, 0.7)


def test_the_campaign_and_the_outage(sessions: pl.DataFrame, done: pl.DataFrame) -> None:
    per_day = sessions.group_by(pl.col("start").dt.date().alias("day")).len().sort("len", descending=True)
    assert str(per_day["day"][0]) == "2025-03-20"
    assert per_day["len"][0] > 3 * per_day["len"].median()
    bought = sessions.group_by("campaign").agg((pl.col("purchase") > 0).mean().round(2)).sort("campaign")
    assert bought["purchase"].to_list() == [0.09, 0.03]
    down = done.filter(error="http_503")["ts"]
    assert down.len() > 200
    assert re.fullmatch("2025-04-01 (19:1.|21:[34]).*", str(down.min()))

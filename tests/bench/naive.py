"""The same questions as an analyst usually writes them, in Polars and in SQL."""

from __future__ import annotations

import duckdb
import polars as pl

from tests.bench.measuring import fresh


def cut_in_polars(frame: pl.DataFrame, where: pl.Expr | None = None) -> pl.DataFrame:
    """Sort, shift and count over the actor."""
    events = frame.lazy() if where is None else frame.lazy().filter(where)
    limit = pl.duration(microseconds=1_800_000_000 + next(fresh))
    return (
        events.sort("user", "ts")
        .with_columns(new=(pl.col("ts").diff().over("user") > limit).fill_null(True))
        .with_columns(number=pl.col("new").cum_sum().over("user"))
        .group_by("user", "number")
        .agg(pl.col("ts").min().alias("start"), pl.col("ts").max().alias("end"), pl.len())
        .collect()
    )


def cut_in_duckdb(frame: pl.DataFrame, where: str = "TRUE") -> int:
    """The same with window functions; `frame` is read where it lies."""
    limit = 1_800_000_000 + next(fresh)
    return duckdb.sql(
        f"""
        WITH flagged AS (
            SELECT *, epoch_us(ts) - lag(epoch_us(ts)) OVER (PARTITION BY user ORDER BY ts) > {limit} AS new
            FROM frame WHERE {where}
        ), numbered AS (
            SELECT *, sum(coalesce(new, true)::INT) OVER (PARTITION BY user ORDER BY ts ROWS UNBOUNDED PRECEDING) AS n
            FROM flagged
        )
        SELECT user, n, min(ts), max(ts), count(*) FROM numbered GROUP BY ALL
        """
    ).pl().height  # fmt: skip


def count_in_polars(frame: pl.DataFrame) -> int:
    """The events of a filter."""
    where = pl.col("platform").is_in(["ios", "web"]) & (pl.col("amount") > next(fresh) * 1e-6)
    found: int = frame.lazy().filter(where).select(pl.len()).collect().item()
    return found


def count_in_duckdb(frame: pl.DataFrame) -> int:
    """The same; `frame` is read where it lies."""
    where = f"platform IN ('ios', 'web') AND amount > {next(fresh)}e-6"
    found: int = duckdb.from_arrow(frame.to_arrow()).filter(where).aggregate("count(*)").fetchall()[0][0]
    return found

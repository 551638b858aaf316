"""The columns that all access logs have, whoever wrote them."""

from __future__ import annotations

from urllib.parse import unquote, unquote_plus

import polars as pl

NAMES = ("host", "time", "method", "path", "status", "bytes", "referrer", "user_agent")
TIMES = ("%d/%b/%Y:%H:%M:%S %z", "%Y-%m-%dT%H:%M:%S%.f%#z")


def cleaned(name: str) -> pl.Expr:
    """A text without the backslashes before its quotes; null where it is `-` or empty."""
    text = pl.col(name).str.strip_chars().str.replace_all(r"\"", '"', literal=True)
    return pl.when(~text.is_in(["-", ""])).then(text).alias(name)


def number(name: str) -> pl.Expr:
    """Whole numbers, null where there is none."""
    return pl.col(name).cast(pl.Int64, strict=False)


def moment(name: str) -> pl.Expr:
    """Times in one of the forms of access logs, in UTC."""
    texts = pl.col(name).str
    return pl.coalesce(texts.to_datetime(form, time_unit="us", time_zone="UTC", strict=False) for form in TIMES).alias(
        name
    )


def request_columns(lazy: pl.LazyFrame) -> pl.LazyFrame:
    """`request` as method, path, query and protocol, `time` as times, `status` and `bytes` as numbers."""
    request = pl.col("request").str.strip_chars()
    parts = request.str.extract_groups(r"^(?P<method>[A-Za-z_]+) (?P<path>.*?)(?: (?P<protocol>HTTP/[\d.]+))?$")
    lazy = lazy.with_columns(parts.struct.unnest(), moment("time"), number("status"), number("bytes"))
    junk = pl.when(~request.is_in(["-", ""])).then(request)
    lazy = lazy.with_columns(pl.coalesce("path", junk).alias("path"))
    target = pl.col("path").str.extract_groups(r"^(?P<path>[^?]*)(?:\?(?P<query>.*))?$")
    return lazy.with_columns(target.struct.unnest())


def address(name: str) -> pl.Expr:
    """An address without the port behind it."""
    return pl.col(name).str.replace(r"^(.*):\d+$", "$1").str.strip_chars("[]").alias(name)


def path_of_url(name: str) -> pl.Expr:
    """The path of an address such as `http://host:80/a`; other texts stay."""
    path = pl.col(name).str.extract(r"^[A-Za-z][A-Za-z0-9+.-]*://[^/]*(/.*)?$")
    return pl.when(pl.col(name).str.contains("://")).then(path.fill_null("/")).otherwise(pl.col(name)).alias(name)


def percent_decoded(name: str, plus: bool) -> pl.Expr:
    """A text in which %20, and + where `plus`, is a space again."""
    read = unquote_plus if plus else unquote

    def decode(texts: pl.Series) -> pl.Series:
        every = texts.unique().drop_nulls()
        return texts.replace_strict(every, pl.Series([read(text) for text in every], dtype=pl.String), default=None)

    return pl.col(name).map_batches(decode, return_dtype=pl.String, is_elementwise=True)

"""Functions of web addresses."""

from typing import Any
from urllib.parse import quote, unquote_plus

import polars as pl
import sqlglot
from sqlglot import exp

from explorer.errors import EngineError
from explorer.spec.expression.functions.building import attempted, call, null_if, where
from explorer.spec.expression.functions.table import Function, forms, refuse_unless
from explorer.spec.expression.regexp import literally

SCHEME = "^(?:[A-Za-z][A-Za-z0-9+.-]*:)?//"
HOST = SCHEME + r"(?:[^/?#]*@)?(\[[^\]]*\]|[^/?#:]*)"
PATH = "^(?:(?:[A-Za-z][A-Za-z0-9+.-]*:)?//[^/?#]*)?([^?#]*)"


def decoded(texts: pl.Series) -> pl.Series:
    """Values of an address without their %-signs; null where these say no text, and where there is none.

    >>> decoded(pl.Series(["spring+sale%21", "", "%ff"])).to_list()
    ['spring sale!', None, None]
    """
    coded = texts.filter(texts.str.contains("[%+]") | (texts == "")).unique()
    return texts.replace(coded, pl.Series(map(_decoded, coded), dtype=pl.String))


def _decoded(text: str) -> str | None:
    try:
        return unquote_plus(text, errors="strict") or None
    except UnicodeDecodeError:
        return None


def _parameter(name: str) -> str:
    known = {literally(name), literally(quote(name, safe="")), literally(quote(name, safe="").replace("%20", "+"))}
    return rf"^[^?#]*[?](?:[^#]*?&)?(?:{'|'.join(sorted(known))})=([^&#]*)"


def _extracted(pattern: str) -> Any:
    def written(to: str, url: exp.Expr) -> exp.Expr:
        if to == "postgres":
            matched = exp.Paren(this=call("REGEXP_MATCH", url, pattern))
            return exp.Bracket(this=matched, expressions=[exp.Literal.number(1)], offset=1)
        if to == "bigquery":
            return call("REGEXP_EXTRACT", url, pattern)
        if to == "snowflake":
            return call("REGEXP_SUBSTR", url, pattern, 1, 1, "e", 1)
        return call("regexpExtract" if to == "clickhouse" else "REGEXP_EXTRACT", url, pattern, 1)

    return written


def _param(p: Any, url: Any, name: str) -> Any:
    raw = url.str.extract(_parameter(name), 1)
    return raw.map_batches(decoded, return_dtype=p.String, is_elementwise=True)


def _param_sql(to: str, url: exp.Expr, name: str) -> exp.Expr:
    raw = null_if(_extracted(_parameter(name))(to, url), "")
    if to == "clickhouse":
        found = call("decodeURLFormComponent", raw)
        return where(call("isValidUTF8", found), found.copy())
    if to == "spark":
        return call("TRY_URL_DECODE", raw)
    if to == "postgres":
        return _decoded_by_hand(call("REPLACE", raw, "+", " "))
    if to != "duckdb":
        raise EngineError(
            "url_param is not written for BigQuery and Snowflake, which cannot read the %-signs of an address. "
            "Use regexp_extract there."
        )
    return attempted(to, call("URL_DECODE", call("REPLACE", raw, "+", " ")))


def _decoded_by_hand(text: exp.Expr) -> exp.Expr:
    """A text without its %-signs on PostgreSQL, which has no function for it: the bytes of its parts put together."""
    query = sqlglot.parse_one(
        "SELECT CONVERT_FROM(STRING_AGG(CASE WHEN part[1] ~ '^%[0-9A-Fa-f]{2}$' THEN DECODE(SUBSTR(part[1], 2), 'hex') "
        "ELSE CONVERT_TO(part[1], 'UTF8') END, CAST('' AS BYTEA) ORDER BY place), 'UTF8') "
        "FROM REGEXP_MATCHES(text_here, '%[0-9A-Fa-f]{2}|%|[^%]+', 'g') WITH ORDINALITY AS parts(part, place)",
        dialect="postgres",
    )
    (hole,) = (column for column in query.find_all(exp.Column) if column.name == "text_here")
    hole.replace(text)
    return exp.Subquery(this=query)


def _path(p: Any, url: Any) -> Any:
    path = url.str.extract(PATH, 1)
    return p.when(path != "").then(path).when(url.str.contains(SCHEME)).then(p.lit("/"))


def _path_sql(to: str, url: exp.Expr) -> exp.Expr:
    path = null_if(_extracted(PATH)(to, url), "")
    has_host = exp.RegexpLike(this=url.copy(), expression=exp.Literal.string(SCHEME))
    return exp.Coalesce(this=path, expressions=[where(has_host, "/")])


def _host(p: Any, url: Any) -> Any:
    host = url.str.extract(HOST, 1)
    return p.when(host != "").then(host).str.to_lowercase()


GROUP = "Addresses"
EXAMPLE = "'https://Shop.example:8080/item/7?utm_source=mail+shot#top'"
ADDRESSES = (
    Function(
        "url_host", GROUP, "host of an address", "the host of {0}", f"url_host({EXAMPLE})", "shop.example",
        forms("T>T"), polars=_host, sql=lambda to, url: exp.Lower(this=null_if(_extracted(HOST)(to, url), "")),
    ),
    Function(
        "url_path", GROUP, "path of an address", "the path of {0}", f"url_path({EXAMPLE})", "/item/7", forms("T>T"),
        polars=_path, sql=_path_sql,
    ),
    Function(
        "url_param", GROUP, "parameter of an address", "the parameter {1} of {0}",
        f"url_param({EXAMPLE}, 'utm_source')", "mail shot", forms("TT>T"), fixed=(1,),
        check=lambda name: refuse_unless(bool(name), "url_param needs the name of a parameter, such as 'utm_source'."),
        polars=_param, sql=_param_sql,
    ),
)  # fmt: skip

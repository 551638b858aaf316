"""Derived columns that the data at hand suggest: parts of addresses, campaigns, hours, browsers."""

import re
from collections.abc import Iterator

import polars as pl

from explorer.engine.answers.columns import DerivedRecipe
from explorer.engine.local.cut.event_table import EventTable
from explorer.plan.literal import type_word
from explorer.spec.expression.clause import name_text

LOOKED_AT = 2_000
MOST = 12
PARAMETER = re.compile(r"[?&](utm_[a-z]+|gclid|fbclid|ref)=")
PROGRAMS = "bot|crawl|spider|slurp|monitor|uptime|headless"
BROWSERS = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))


def derived_recipes(events: EventTable) -> tuple[DerivedRecipe, ...]:
    """What could be computed of these events, the most telling first; names that are taken are left out.

    >>> import explorer
    >>> rows = {"user": ["a"], "ts": ["2024-03-01 10:00"], "url": ["https://x.de/a?utm_source=mail"]}
    >>> log = explorer.connect(pl.DataFrame(rows), actor="user", time="ts")
    >>> [recipe.name for recipe in derived_recipes(log.event_table)]
    ['url_path', 'url_host', 'utm_source', 'ts_hour', 'ts_weekday']
    """
    some = events.frame.head(LOOKED_AT)
    times_last = sorted(some.columns, key=lambda name: type_word(some[name].dtype) == "time")
    found = [recipe for name in times_last for recipe in _of(name, some[name])]
    return tuple(recipe for recipe in found if recipe.name not in events.schema)[:MOST]


def _of(name: str, values: pl.Series) -> Iterator[DerivedRecipe]:
    column, kind = name_text(name), type_word(values.dtype)
    if kind == "time":
        yield DerivedRecipe(f"{name}_hour", f"hour({column})", f"hour of {name}")
        yield DerivedRecipe(f"{name}_weekday", f"weekday({column})", f"weekday of {name}, 1 is Monday")
    if kind != "text":
        return
    texts = [str(text) for text in values.drop_nulls().unique().head(200).to_list()]
    addresses = [text for text in texts if "://" in text or (text.startswith("/") and "?" in text)]
    if addresses:
        yield DerivedRecipe(f"{name}_path", f"url_path({column})", f"{name} without its query")
        if any("://" in text for text in addresses):
            yield DerivedRecipe(f"{name}_host", f"url_host({column})", f"host of {name}")
    for parameter in sorted({match for text in texts for match in PARAMETER.findall(text)}):
        yield DerivedRecipe(parameter, f"url_param({column}, '{parameter}')", f"{parameter} in {name}")
    if any("Mozilla/" in text for text in texts):
        cases = " ".join(f"WHEN contains({column}, '{sign}') THEN '{browser}'" for sign, browser in BROWSERS)
        yield DerivedRecipe(
            "browser", f"CASE {cases} ELSE 'other' END", f"browser in {name}, the first sign that it has"
        )
        signs = (
            f"WHEN lower({column}) ~ '{PROGRAMS}' THEN 'bot' WHEN {column} ~ 'Mobi|Android|iPhone|iPad' THEN 'mobile'"
        )
        yield DerivedRecipe("device_kind", f"CASE {signs} ELSE 'desktop' END", f"mobile, desktop or bot by {name}")

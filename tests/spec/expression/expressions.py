"""Hostile rows, and well-typed values and conditions over them, for hypothesis."""

import math
from datetime import UTC, datetime, timedelta
from typing import Any as Anything

import polars as pl
from hypothesis import strategies as st

from explorer.spec.expression.tree import (
    All,
    Any,
    Between,
    Call,
    Case,
    Cast,
    Clause,
    Column,
    Compare,
    Constant,
    Expression,
    In,
    IsNull,
    Matches,
    Not,
    Truth,
)

URL = "https://Shop.example:8080/a/b?utm_source=mail+shot&x=%C3%A9&bad=%ff&e=#frag?utm_source=no"
TEXTS = [
    "", " ", "a", "A", " a ", "it's", '"q"', "50%", "a/b/c", "/", "//h", "été", "ÉTÉ", "日本", "a\nb",
    "12", " 12 ", "+5",
    "1e3", "1.5", ".5", "1_000", "0x1F", "inf", "nan", "1e999", "9223372036854775808", "true", "TRUE", "t",
    "2024-02-30",
    "2024-03-31", "2024-03-31T10:20:30.5", "2024-03-31 24:00", URL, "http://u:p@h.example/?a=1", "//cdn.example/x?y=1",
    '{"a": {"b": "x"}}', '{"a": {"b": null}}', '{"a": [1, 2]}', '{"a": 7}', "{bad", "[]", "🤦", None,
]  # fmt: skip
WHOLES = [0, 1, -1, 2, 7, -7, 2**53 + 1, 2**63 - 1, -(2**63), 2**31, None]
NUMBERS = [0.0, 1.0, -1.0, 0.5, -2.5, 2.25, 1e-3, 1e308, -1e308, 123456.75, 2.5e9, None]
TIMES = [
    datetime(1969, 12, 31, 23, 59, 59, 999999), datetime(2024, 2, 29), datetime(2024, 3, 31, 0, 30),
    datetime(2024, 3, 31, 1, 30), datetime(2024, 10, 27, 0, 30, 1), datetime(2024, 10, 27, 1, 30, 0, 5),
    datetime(2021, 1, 3, 23, 59), datetime(2024, 12, 30, 12), None,
]  # fmt: skip
LENGTHS = [
    timedelta(0),
    timedelta(microseconds=1),
    timedelta(minutes=30),
    timedelta(days=400),
    -timedelta(hours=3),
    None,
]
POOLS: dict[str, list[Anything]] = {
    "t": TEXTS,
    "u": TEXTS,
    "i": WHOLES,
    "j": WHOLES,
    "f": NUMBERS,
    "g": NUMBERS,
    "b": [True, False, None],
    "d": TIMES,
    "z": [None if time is None else time.replace(tzinfo=UTC) for time in TIMES],
    "l": LENGTHS,
    "r": [{"s": "x", "n": 1}, {"s": None, "n": -1}, None],
}
SCHEMA: dict[str, Anything] = {
    "t": pl.String(), "u": pl.Categorical(), "i": pl.Int64(), "j": pl.Int64(), "f": pl.Float64(), "g": pl.Float64(),
    "b": pl.Boolean(), "d": pl.Datetime("us"), "z": pl.Datetime("us", "UTC"), "l": pl.Duration("us"),
    "r": pl.Struct({"s": pl.String, "n": pl.Int64}),
}  # fmt: skip
ZONE = "Europe/Berlin"
UNITS = ("year", "quarter", "month", "week", "day", "hour", "minute", "second")


def frames(least: int = 1, most: int = 12) -> st.SearchStrategy[pl.DataFrame]:
    """Frames of rows that are drawn from the pools."""
    row = st.fixed_dictionaries({name: st.sampled_from(pool) for name, pool in POOLS.items()})
    return st.lists(row, min_size=least, max_size=most).map(lambda rows: pl.DataFrame(rows, schema=SCHEMA))


def call(name: str, *values: st.SearchStrategy[Anything]) -> st.SearchStrategy[Call]:
    return st.tuples(*values).map(lambda found: Call(name, found))


def said(*values: Anything) -> st.SearchStrategy[Constant]:
    return st.sampled_from(values).map(Constant)


def columns(*names: str) -> st.SearchStrategy[Column]:
    return st.sampled_from(names).map(Column)


def cast(kind: str, value: st.SearchStrategy[Expression]) -> st.SearchStrategy[Cast]:
    return value.map(lambda found: Cast(found, kind))


def cases(depth: int, kind: str) -> st.SearchStrategy[Case]:
    inner = values(kind, depth - 1)
    return st.builds(
        lambda condition, one, other: Case(((condition, one),), other),
        conditions(depth - 1),
        inner,
        st.one_of(st.none(), inner),
    )


def values(kind: str, depth: int = 2) -> st.SearchStrategy[Expression]:
    """Values of a kind: t text, i whole number, f number, b truth value, d time, z time with a zone, l duration."""
    plain = PLAIN[kind]
    if not depth:
        return plain
    inner = {name: st.deferred(lambda name=name: values(name, depth - 1)) for name in PLAIN}
    t, i, f, b, d, z, length = (inner[name] for name in "tifbdzl")
    shared = [
        cases(depth, kind),
        call("coalesce", inner[kind], inner[kind]),
        call("nullif", inner[kind], inner[kind]),
        *([] if kind == "b" else [call("least", inner[kind], inner[kind]), call("greatest", inner[kind], inner[kind])]),
    ]
    found: dict[str, list[st.SearchStrategy[Anything]]] = {
        "t": [
            *(call(name, t) for name in ("lower", "trim", "ltrim", "rtrim", "url_host", "url_path")),
            call("replace", t, said("a", "/", "'"), said("", "b", "%")),
            call("split_part", t, said("/", "a", "é"), said(1, 2, -1, 9)),
            call("regexp_extract", t, said("[a-z]+", r"(\d+)", "^(.)", "é|日"), said(0)),
            call("substr", t, said(1, 2, 9), said(0, 1, 3)),
            call("left", t, said(0, 2)),
            call("right", t, said(0, 2)),
            call("url_param", t, said("utm_source", "x", "bad", "e", "y")),
            call("json_value", t, said("$.a.b", "$.a", "$.a[0]")),
            call("||", t, t),
            cast("text", st.one_of(i, b, d)),
        ],
        "i": [
            *(call(name, i, i) for name in ("+", "-", "*", "%")),
            call("negate", i),
            call("abs", i),
            call("length", t),
            *(call(name, st.one_of(d, z)) for name in ("year", "quarter", "month", "week", "day", "dayofyear")),
            *(call(name, st.one_of(d, z)) for name in ("weekday", "hour", "minute", "second")),
            cast("whole", st.one_of(t, f, b)),
        ],
        "f": [
            *(call(name, st.one_of(f, i), f) for name in ("+", "-", "*", "/")),
            call("/", i, i),
            call("/", length, length),
            call("%", columns("f"), columns("g")),
            call("negate", f),
            *(
                call(name, columns("f", "g"))
                for name in ("abs", "round", "floor", "ceil", "sqrt", "ln", "log10", "log2")
            ),
            call("exp", columns("f", "g")),
            call("power", columns("f"), said(2, 0.5, -1)),
            call("round", columns("f", "g"), said(1, 2)),
            call("seconds", length),
            cast("number", st.one_of(t, i, b)),
        ],
        "b": [conditions(depth - 1).map(Truth), cast("truth", st.one_of(t, i, f))],
        "d": [
            call("date_trunc", said(*UNITS), d),
            call("-", d, said("28d", "1h")),
            call("+", columns("d"), columns("l")),
            cast("time", st.one_of(t.filter(lambda text: not isinstance(text, Constant)), z)),
            cast("day", st.one_of(d, z)),
        ],
        "z": [
            call("date_trunc", said(*UNITS), columns("z")),
            call("-", z, said("28d", "1h")),
        ],
        "l": [
            call("-", d, d),
            call("-", z, z),
            call("+", columns("l"), columns("l")),
            call("*", columns("l"), said(2, 0.5, -1)),
            call("/", columns("l"), said(2, 0, 3)),
            call("negate", columns("l")),
            call("abs", columns("l")),
            call("least", columns("l"), said("30s", "1h")),
        ],
    }
    return st.one_of(plain, *found[kind], *shared)


PLAIN: dict[str, st.SearchStrategy[Expression]] = {
    "t": st.one_of(columns("t", "u", "r.s"), said(*TEXTS[:14])),
    "i": st.one_of(columns("i", "j", "r.n"), said(*WHOLES[:6], None)),
    "f": st.one_of(columns("f", "g"), said(0.5, -2.5, 1e10)),
    "b": st.one_of(columns("b"), said(True, False)),
    "d": columns("d"),
    "z": columns("z"),
    "l": columns("l"),
}


def conditions(depth: int = 2) -> st.SearchStrategy[Clause]:
    """Conditions on values of any kind."""
    inner = max(depth - 1, 0)
    compared = st.sampled_from("tifbdzl").flatmap(
        lambda kind: st.builds(
            Compare,
            values(kind, inner),
            st.sampled_from(["=", "!="] if kind == "b" else ["=", "!=", "<", "<=", ">", ">="]),
            values(kind, inner),
        )
    )
    mixed = st.builds(Compare, values("i", inner), st.sampled_from(["<", "=", ">="]), values("f", inner))
    found: list[st.SearchStrategy[Anything]] = [
        compared,
        mixed,
        st.sampled_from("tifdzl").flatmap(
            lambda kind: st.builds(Between, values(kind, 0), values(kind, inner), values(kind, inner))
        ),
        st.builds(In, values("t", inner), st.lists(values("t", 0), min_size=1, max_size=3).map(tuple)),
        st.builds(IsNull, st.sampled_from("tifdzl").flatmap(lambda kind: values(kind, inner))),
        st.builds(
            Matches, values("t", inner), st.sampled_from(["contains", "starts_with", "ends_with"]), values("t", 0)
        ),
        st.builds(Matches, values("t", inner), st.just("like"), st.sampled_from(["%a%", "_", "", "50%"])),
        st.builds(Matches, values("t", inner), st.just("regexp"), st.sampled_from(["^a", "[0-9]+$", "é"])),
        st.builds(Compare, values("b", inner), st.just("="), st.just(True)),
        st.builds(Compare, columns("z"), st.sampled_from(["<", ">="]), call("-", st.just(Call("now")), said("28d"))),
        st.builds(Compare, columns("d"), st.sampled_from(["<", ">="]), said("2024-03-31", "2024-01-01 12:00")),
    ]
    if depth:
        part = conditions(depth - 1)
        pair = st.lists(part, min_size=2, max_size=3).map(tuple)
        found += [st.builds(Not, part), st.builds(All, pair), st.builds(Any, pair)]
    return st.one_of(found)


def alike(one: Anything, other: Anything) -> bool:
    """Equal, floats to the last bits."""
    if isinstance(one, float) and isinstance(other, float):
        return one == other or math.isclose(one, other, rel_tol=1e-12, abs_tol=1e-300)
    return type(one) is type(other) and bool(one == other)

"""Every type of column in every place that a column can go to: each answers, or says one sentence of its own."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import polars as pl
import pyarrow as pa
import pytest

import explorer
from explorer import Analysis, Chart, Metric, SessionDefinition
from explorer.engine.local.editors.column_overview import described
from explorer.engine.local.engine import LocalEngine
from explorer.report import report
from explorer.spec.expression.clause import Between, Clause, Compare, In, IsNull, Matches
from explorer.state import Explorer, first_coded
from widgets.data.data_facts import data_facts

pytestmark = pytest.mark.slow

NOON = datetime(2024, 3, 1, 12)
BASE = {
    "user": ["ann", "ann", "bob", "bob", "ann", "bob"],
    "ts": [NOON + timedelta(minutes=20 * at) for at in range(6)],
    "event": ["x", "y", "x", "z", "y", "x"],
}
VISIT = SessionDefinition("visit", "30m")
WIDE = Decimal(10) ** 60
UNION = pa.UnionArray.from_dense(
    pa.array([0, 1, 0, 1, 0, 1], pa.int8()),
    pa.array([0, 0, 1, 1, 2, 2], pa.int32()),
    [pa.array([1, 2, 3]), pa.array(["a", "b", None])],
)


class Thing:
    def __str__(self) -> str:
        return "thing"


COLUMNS: dict[str, Any] = {
    "bytes": pl.Series([b"\x00\x01", b"ab", None, b"ab", b"", b"\xff"]),
    "texts in bytes": pl.Series([b"a", b"b", None, b"a", b"", b"\xc3\xa9"]),
    "uuids": pl.Series([UUID(int=at).bytes for at in (1, 2, 2, 3, 1, 3)]),
    "lists": pl.Series([[1, 2], [], None, [3], [1, 2], [4]]),
    "lists of texts": pl.Series([["a"], [], None, ["b"], ["a"], ["c"]]),
    "arrays": pl.Series([[1, 2], [3, 4], None, [1, 2], [3, 4], [5, 6]], dtype=pl.Array(pl.Int64, 2)),
    "records": pl.Series([{"a": 1, "b": "x"}, {"a": 2, "b": None}, None] * 2),
    "lists of records": pl.Series([[{"a": 1}], [], None, [{"a": 2}], [], []]),
    "times of day": pl.Series([time(10), time(11), None, time(10), time(12, 0, 0, 5), time(0)]),
    "days": pl.Series([date(2024, 1, 1), date(1, 1, 1), None, date(9999, 12, 31), date(2024, 1, 1), date(2024, 1, 2)]),
    "nanoseconds": pl.Series([NOON] * 5 + [None], dtype=pl.Datetime("ns")),
    "other zone": pl.Series([NOON.replace(tzinfo=UTC)] * 5 + [None], dtype=pl.Datetime("us", "Asia/Tokyo")),
    "durations": pl.Series([timedelta(minutes=at) for at in range(5)] + [None]),
    "decimals": pl.Series([Decimal("1.50"), Decimal("2.25"), None, Decimal("1.50"), Decimal(0), Decimal(-3)]),
    "38 digits": pl.Series([Decimal("1" * 38)] * 5 + [None], dtype=pl.Decimal(38, 0)),
    "76 digits": pa.array([WIDE, None, WIDE, WIDE, -WIDE, Decimal(0)], pa.decimal256(70, 2)),
    "unsigned": pl.Series([2**64 - 1, 2**63, 5, None, 5, 2**64 - 1], dtype=pl.UInt64),
    "128 bits": pl.Series([2**100, -(2**100), 5, None, 5, 2**100], dtype=pl.Int128),
    "unsigned 128 bits": pl.Series([2**120, 7, 5, None, 5, 2**120], dtype=pl.UInt128),
    "floats": pl.Series([1.5, float("nan"), float("inf"), None, -1e308, 1.5]),
    "half floats": pl.Series([1.5, 2.5, None, 1.5, 0, 1], dtype=pl.Float16),
    "truths": pl.Series([True, False, None, True, True, False]),
    "nothing": pl.Series([None] * 6),
    "categories": pl.Series(["a", "b", None, "a", "b", "c"], dtype=pl.Categorical),
    "enums": pl.Series(["a", "b", None, "a", "b", "c"], dtype=pl.Enum(["c", "b", "a"])),
    "objects": pl.Series([Thing(), None, 3, "a", Thing(), b"a"], dtype=pl.Object),
    "intervals": pa.array([(1, 2, 3_000), (0, 1, 0), None, (0, 0, 1), (2, 0, 0), None], pa.month_day_nano_interval()),
    "unions": UNION,
    "runs": pa.RunEndEncodedArray.from_arrays(pa.array([2, 6], pa.int32()), pa.array([5, 6])),
    "maps": pa.array([[("a", 1)], None, [], [("b", 2)], [("a", 3)], []], pa.map_(pa.string(), pa.int64())),
}
NAMES = [
    "c",
    "",
    "*",
    "^.*$",
    "@place",
    "@time",
    "a.b",
    'q"q',
    "x\ny",
    "duration",
    "session_id",
    "start",
    "value",
    " x ",
]

CONDITIONS: dict[str, Callable[[str], Clause]] = {
    "IS NULL": IsNull,
    "= text": lambda name: Compare(name, "=", "a"),
    "!= number": lambda name: Compare(name, "!=", 5),
    "< number": lambda name: Compare(name, "<", 1.5),
    "= truth": lambda name: Compare(name, "=", True),
    "> time": lambda name: Compare(name, ">", "2024-01-01"),
    "IN": lambda name: In(name, ("a", "b")),
    "BETWEEN": lambda name: Between(name, 1, 2),
    "contains": lambda name: Matches(name, "contains", "a"),
    "regexp": lambda name: Matches(name, "regexp", "a"),
}
AGGREGATES = ("n_unique", "sum", "mean", "median", "min", "max", "first", "last", "any", "p90", "std", "mode")
# Words of libraries and of Python that no sentence of ours has.
FOREIGN = re.compile(r"polars|panick|dtype|Int\d|UInt|Float\d|List\(|Struct|Utf8|pyarrow|Traceback|NoneType|_pli")


def frame(column: Any, name: str = "c") -> Any:
    if isinstance(column, pl.Series):
        return pl.DataFrame(BASE).with_columns(column.alias(name))
    return pa.table(BASE).append_column(name, column)


def tried(act: Callable[[], Any]) -> Any:
    """What it answers; None where it says a sentence of its own why it does not."""
    try:
        return act()
    except explorer.ExplorerError as error:
        said = str(error)
        assert not FOREIGN.search(said), said
        assert said.endswith((".", "?")), said
        assert "\n" not in said
        return None


def asked(log: LocalEngine, name: str) -> None:
    """Ask for the column in every place, one after the other."""
    for make in CONDITIONS.values():
        clause = make(name)
        tried(lambda: log.count(clause))  # noqa: B023
        tried(lambda: log.sessions(VISIT.replace(restart=clause)))  # noqa: B023
    for aggregate in AGGREGATES:
        made = tried(lambda: VISIT.replace(metrics=(Metric("m", aggregate, name),)))  # noqa: B023
        if made is not None and tried(lambda: log.sessions(made)) is not None:  # noqa: B023
            tried(lambda: log.query(Chart("distribution", "visit", of="m"), made))  # noqa: B023
            tried(lambda: log.query(Chart("bar", "visit", by=("m",)), made))  # noqa: B023
            tried(lambda: log.query(Chart("bar", "visit", measure="mean m", by=("started_by",)), made))  # noqa: B023
    for place in ("first", "last", "any"):
        tried(lambda: log.query(Chart("bar", "visit", by=(f"{place} {name}",)), VISIT))  # noqa: B023
        tried(lambda: log.query(Chart("line", "visit", every="1d", by=(f"{place} {name}",)), VISIT))  # noqa: B023
    tried(lambda: log.sessions(VISIT.replace(split_by=(name,))))
    tried(lambda: log.diff(VISIT, name))
    assert described(log)
    assert data_facts(log).rows


def read(frame: Any, name: str) -> tuple[LocalEngine, list[str]]:
    log = explorer.connect(frame, actor="user", time="ts", event="event")
    return log, [one for one in log.schema if one not in BASE]


@pytest.mark.parametrize("kind", COLUMNS)
def test_every_type_in_every_place(kind: str, tmp_path: Path):
    log, names = read(frame(COLUMNS[kind]), "c")
    assert names, "a column is lost"
    assert log.sessions(VISIT).height == 4
    for name in names:
        asked(log, name)
    analysis = Analysis(log.columns, (VISIT.replace(metrics=(Metric("m", "first", names[0]),)),))
    for what in ("sessions", "events", "actors"):
        for suffix in ("csv", "parquet", "arrow"):
            explorer.export(log, analysis, tmp_path / f"{what}.{suffix}", what)
    page = Explorer(engine=log, analysis=analysis, session="visit", drawn=first_coded(log, analysis))
    assert page.page(sort="m").total == 4


@pytest.mark.parametrize("kind", COLUMNS)
def test_every_type_in_every_role(kind: str):
    made = frame(COLUMNS[kind])
    for role in ("actor", "time", "event", "order", "until"):
        roles = {"actor": "user", "time": "ts"} | {role: "c"}
        log = tried(lambda: explorer.connect(made, **roles))  # noqa: B023
        if log is None:
            continue
        sessions = log.sessions(VISIT)
        assert sessions["session_id"].n_unique() == sessions.height > 0
        assert log.actors(VISIT).height == log.quality.actors
        assert first_coded(log, Analysis(log.columns, (VISIT,)))


@pytest.mark.parametrize("name", NAMES)
def test_every_name(name: str, tmp_path: Path):
    log, (called,) = read(frame(pl.Series(["a", "b", None, "a", "b", "c"]), name), name)
    asked(log, called)
    definition = VISIT.replace(where=IsNull(called), metrics=(Metric("m", "n_unique", called),))
    assert log.sessions(definition)["event_count"].sum() == 1
    analysis = Analysis(log.columns, (definition,))
    for suffix in ("csv", "parquet"):
        explorer.export(log, analysis, tmp_path / f"events.{suffix}", "events")
    assert first_coded(log, analysis)


def test_a_report_on_all_of_them(tmp_path: Path):
    every = pl.DataFrame(BASE).with_columns(
        column.alias(kind) for kind, column in COLUMNS.items() if isinstance(column, pl.Series)
    )
    log = explorer.connect(every, actor="user", time="ts", event="event")
    names = [name for name, dtype in log.schema.items() if name not in BASE and not dtype.is_nested()]
    metrics = [Metric(f"m{at}", "first", name) for at, name in enumerate(names)]
    charts = [Chart("bar", "visit", by=(f"first {name}",)) for name in ("uuids", "times of day", "days")]
    document = Analysis(log.columns, (VISIT.replace(metrics=metrics),), charts=charts)
    assert report(log, document, tmp_path / "out.html").stat().st_size > 100_000


def test_bytes_are_shown_as_what_they_are():
    log = explorer.connect(frame(COLUMNS["uuids"]), actor="c", time="ts")
    assert log.sessions(VISIT)["c"].unique().sort().to_list() == [str(UUID(int=at)) for at in (1, 2, 3)]
    assert read(frame(COLUMNS["bytes"]), "c")[0].events(VISIT)["c"].to_list()[:2] == ["0001", "6162"]
    assert read(frame(COLUMNS["texts in bytes"]), "c")[0].count("c = 'é'") == 1


def test_times_of_day_compare():
    log, _ = read(frame(COLUMNS["times of day"]), "c")
    assert log.count("c < '11:00'") == 3
    assert log.count("c > '12:00:00'") == 1


def test_numbers_keep_all_their_digits():
    log, _ = read(frame(COLUMNS["128 bits"]), "c")
    made = VISIT.replace(metrics=(Metric("m", "max", "c"),))
    assert log.sessions(made)["m"].max() == 2**100
    assert log.count("c = 5") == 2

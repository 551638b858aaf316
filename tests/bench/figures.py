"""What was measured, as one file of numbers, and README's table made from it."""

from __future__ import annotations

import json
import os
import platform
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
FIGURES = Path(__file__).with_name("figures.json")
README = ROOT / "README.md"
BEGIN, END = "<!-- speed: python -m tests.bench --readme -->", "<!-- end of speed -->"
HEAD = ("what", "Session Explorer", "naive Polars", "DuckDB")

Figures = dict[str, dict[str, float]]


@dataclass(frozen=True)
class Row:
    """A line of README's table: what is done, and the benchmarks of each way to do it."""

    what: str
    ours: tuple[str, ...]
    polars: str = ""
    duckdb: str = ""
    field: str = "median"


ROWS = (
    Row(
        "a new inactivity, to the session table",
        ("test_inactivity",),
        "test_inactivity_naive_polars",
        "test_inactivity_duckdb",
    ),
    Row(
        "the same as a frame with text ids, unread and read",
        ("test_inactivity_public_frame", "test_inactivity_public_frame_read"),
    ),
    Row("a filter on events, and cut again", ("test_filter",), "test_filter_naive_polars", "test_filter_duckdb"),
    Row("count the events of a filter", ("test_count",), "test_count_naive_polars", "test_count_duckdb"),
    Row(
        "one more metric with a condition: sum, distinct count, median",
        ("test_metric[sum]", "test_metric[n_unique]", "test_metric[median]"),
    ),
    Row("first read of a Parquet file, sorted", ("test_connect_parquet",), "test_read_and_sort_polars"),
    Row("the same file again", ("test_open_a_known_file",)),
    Row(
        "peak memory of reading and cutting",
        ("test_peak[ours]",),
        "test_peak[naive_polars]",
        "test_peak[duckdb]",
        "peak_bytes",
    ),
    Row("all that the charts need after a new inactivity, a new filter", ("test_picture", "test_picture_of_a_filter")),
    Row("what six rules do: the first, all", ("test_the_first_effect", "test_effects")),
    Row("a brush comes to rest", ("test_brush_rests",)),
    Row("what is different about it, in seconds of processor", ("test_what_is_different",)),
    Row("who comes back, by first week, the same", ("test_retention",)),
    Row("a funnel of three steps, the same", ("test_funnel[plain-False]",)),
    Row("a new file to the report of all its sessions", ("test_file_to_report",)),
)


def figures_of(measured: Mapping[str, Any]) -> Figures:
    """Seconds by the name of the benchmark (median, least, interquartile range), of what pytest-benchmark saved."""
    found: Figures = {}
    for each in measured["benchmarks"]:
        stats = each["stats"]
        its = {"median": stats["median"], "min": stats["min"], "iqr": stats["iqr"], "rounds": stats["rounds"]}
        found[each["name"]] = {name: round(value, 6) for name, value in its.items()} | each["extra_info"]
    return found


def machine() -> dict[str, Any]:
    """What the figures were measured on, without its name."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return {
        "cores": cores,
        "memory_gb": round(memory / 1e9),
        "system": platform.system(),
        "architecture": platform.machine(),
        "python": platform.python_version(),
    }


def commit(folder: Path = ROOT) -> dict[str, Any]:
    """Which commit is checked out, and whether files differ from it; the figures themselves do not count."""

    def git(*words: str) -> str:
        return subprocess.run(["git", *words], cwd=folder, capture_output=True, text=True, check=True).stdout.strip()

    changed = git("status", "--porcelain", "--", ".", f":!{FIGURES.relative_to(ROOT)}", f":!{README.name}")
    return {"commit": git("rev-parse", "--short=12", "HEAD"), "changed": bool(changed)}


def kept(path: Path = FIGURES) -> dict[str, Any]:
    """The figures of a file."""
    found: dict[str, Any] = json.loads(path.read_text())
    return found


def time_text(seconds: float) -> str:
    """A time to two digits.

    >>> time_text(0.0531), time_text(0.1904), time_text(2.46), time_text(13.2), time_text(0.00049)
    ('53 ms', '190 ms', '2.5 s', '13 s', '0.5 ms')
    """
    if seconds >= 1:
        return f"{seconds:.1f} s" if seconds < 10 else f"{seconds:.0f} s"
    ms = 1e3 * seconds
    if ms < 1:
        return f"{ms:.1g} ms"
    return f"{ms:.0f} ms" if ms < 100 else f"{round(ms, -1):.0f} ms"


def table(figures: Figures) -> str:
    """README's table; a way that was not measured is left empty."""

    def texts(names: tuple[str, ...], field: str) -> Iterator[str]:
        for name in names:
            value = figures.get(name, {}).get(field)
            if value is not None:
                yield f"{value / 1e9:.1f} GB" if field.endswith("bytes") else time_text(value)

    lines = ["| " + " | ".join(HEAD) + " |", "|" + "---|" * len(HEAD)]
    for row in ROWS:
        ours = ", ".join(texts(row.ours, row.field))
        others = [next(texts((name,), row.field), "") if name else "" for name in (row.polars, row.duckdb)]
        shown = f"**{ours}**" if any(others) else ours
        lines.append("| " + " | ".join([row.what, shown, *others]).rstrip() + " |")
    return "\n".join(lines)


def with_table(readme: str, figures: Figures) -> str:
    """README with the table between its marks."""
    before, _, rest = readme.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{table(figures)}\n{END}{after}"

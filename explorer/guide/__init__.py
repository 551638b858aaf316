"""The guide: what words mean and how things are counted, as Markdown that is shipped, shown and run by the tests."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from explorer.engine.databases import KNOWN, PRINTED
from explorer.spec.aggregates import AGGREGATES
from explorer.spec.charts.kinds import KINDS
from explorer.spec.event_columns import EVENT_COLUMNS
from explorer.spec.expression.functions import FUNCTIONS

FOLDER = Path(__file__).parent
ORDER = (
    "sessions",
    "inactivity",
    "metrics",
    "expressions",
    "charts",
    "return",
    "differences",
    "reading",
    "databases",
    "notebooks",
)


@dataclass(frozen=True)
class Chapter:
    """One page of the guide: `name` is that of its file, `text` its Markdown with all tables filled in."""

    name: str
    title: str
    text: str


@dataclass(frozen=True)
class Section:
    """A place in the guide: its chapter, the heading that it begins with, and what stands beside it in a list."""

    chapter: str
    title: str
    anchor: str
    beside: str


def sections() -> tuple[Section, ...]:
    """Every chapter and every heading below it, in the order they are read.

    >>> [(each.chapter, each.title) for each in sections()][:2]
    [('sessions', 'What a session is'), ('sessions', 'How events are cut')]
    """
    found = []
    for each in chapters():
        found.append(Section(each.name, each.title, "", "chapter"))
        lines = (line for line in each.text.splitlines() if line.startswith("## "))
        found += [Section(each.name, title, title, each.title) for title in (line[3:].strip() for line in lines)]
    return tuple(found)


def chapters() -> tuple[Chapter, ...]:
    """All pages in the order they are read.

    >>> [chapter.title for chapter in chapters()][:2]
    ['What a session is', 'Choosing the inactivity']
    """
    return tuple(chapter(name) for name in ORDER)


def chapter(name: str) -> Chapter:
    """One page by the name of its file; raises KeyError where there is none."""
    if name not in ORDER:
        raise KeyError(name)
    text = (FOLDER / f"{name}.md").read_text(encoding="utf-8")
    for table, rows in TABLES.items():
        mark = f"{{{{ {table} }}}}"
        if mark in text:
            text = text.replace(mark, rows())
    return Chapter(name, text.partition("\n")[0].removeprefix("# "), text)


def _aggregates() -> str:
    shown = [row for row in AGGREGATES.values() if row.metric and (row.label or row.name == "p90")]
    of = {"events": "events", "column": "a column", "metrics": "two metrics", "sessions": "sessions"}
    of["pattern"] = "a pattern of events"
    return _table(
        ("write", "it is", "asked of", "its column holds"),
        (
            (f"`{row.name}`", row.label or row.of("a column"), of[row.needs],
             " or ".join(row.takes or ("anything",)) if row.needs == "column" else "")
            for row in shown
        ),
    )  # fmt: skip


def _charts() -> str:
    return _table(("write", "it is"), ((f"`{kind.name}`", str(kind.__doc__)) for kind in KINDS.values()))


def _databases() -> str:
    return (
        _table(
            ("database", "address", "install", "what it does not do"),
            (
                (
                    each.name,
                    f"`{each.example}`",
                    f"`pip install 'session-explorer[{each.extra}]'`",
                    " ".join(each.cannot),
                )
                for each in KNOWN
            ),
        )
        + f"\n\nFor {', '.join(PRINTED)} SQL is printed, not run."
    )


def _functions() -> str:
    groups = dict.fromkeys(row.group for row in FUNCTIONS)
    rows = [row for group in groups for row in FUNCTIONS if row.group == group]
    return _table(("group", "it is", "for example"), ((row.group, row.label, f"`{row.example}`") for row in rows))


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [heads, tuple("---" for _ in heads), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines)


def _event_columns() -> str:
    return _table(("write", "it is"), ((f"`{each.name}`", each.title) for each in EVENT_COLUMNS.values()))


TABLES: dict[str, Callable[[], str]] = {
    "aggregates": _aggregates,
    "charts": _charts,
    "databases": _databases,
    "event_columns": _event_columns,
    "functions": _functions,
}

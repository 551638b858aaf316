"""No file imports itself by way of others, and no room another one that imports it; not for types either."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
HOUSE = ("explorer", "widgets")
Graph = dict[str, set[str]]


def modules(root: Path = ROOT) -> dict[str, Path]:
    """Every module of the house by its full name."""
    found = {}
    for file in sorted(path for top in HOUSE for path in (root / top).rglob("*.py")):
        parts = file.relative_to(root).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = file
    return found


def imported(name: str, file: Path, known: dict[str, Path]) -> Iterator[str]:
    """The modules that a file names in its imports, wherever these stand."""
    package = name.split(".") if file.name == "__init__.py" else name.split(".")[:-1]
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            for alias in node.names:
                whole = f"{module}.{alias.name}"
                if whole in known or module in known:
                    yield whole if whole in known else module


def circles(graph: Graph) -> list[list[str]]:
    """Names that reach themselves, those that reach each other together."""
    found: list[list[str]] = []
    order: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []

    def visit(name: str) -> None:
        order[name] = low[name] = len(order)
        stack.append(name)
        for other in sorted(graph.get(name, ())):
            if other not in order:
                visit(other)
            if other in stack:
                low[name] = min(low[name], low[other])
        if low[name] == order[name]:
            at = stack.index(name)
            ring = stack[at:]
            del stack[at:]
            if len(ring) > 1:
                found.append(sorted(ring))

    for name in sorted(graph):
        if name not in order:
            visit(name)
    return found


def files_graph() -> Graph:
    known = modules()
    # A command serves the page by importing it when it is asked to.
    return {
        name: {other for other in imported(name, file, known) if other != name and (name, other) not in AT_THE_DOOR}
        for name, file in known.items()
    }


# A node says itself by the printer beside it, which knows all nodes.
AT_THE_DOOR = {
    ("explorer.cli", "widgets.page.serve"),
    ("explorer.spec.expression.tree", "explorer.spec.expression.text"),
}


def beside_each_other(files: Graph) -> dict[str, Graph]:
    """For each folder its files and its own folders, each of these as one, and which import which."""
    found: dict[str, Graph] = {}
    known = modules()
    for name, others in files.items():
        if known[name].name == "__init__.py":  # the face of a package only hands names on
            continue
        for other in others:
            mine, theirs = name.split("."), other.split(".")
            same = next((at for at, (a, b) in enumerate(zip(mine, theirs, strict=False)) if a != b), 0)
            if same:
                level = found.setdefault(".".join(mine[:same]), {})
                level.setdefault(mine[same], set()).add(theirs[same])
    return found


def test_no_file_imports_itself_by_way_of_others() -> None:
    assert circles(files_graph()) == []


def test_no_room_imports_itself_by_way_of_others() -> None:
    levels = beside_each_other(files_graph())
    assert {folder: rings for folder, graph in levels.items() if (rings := circles(graph))} == {}


@pytest.mark.parametrize("graph", [{"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}])
def test_a_circle_is_found(graph: Graph) -> None:
    assert circles(graph) == [["a", "b", "c"]]


def test_what_is_imported_for_types_counts(tmp_path: Path) -> None:
    file = tmp_path / "one.py"
    file.write_text("from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from explorer.two import Two\n")
    assert list(imported("explorer.one", file, {"explorer.two": file})) == ["explorer.two"]

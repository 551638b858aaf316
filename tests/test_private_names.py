"""Nobody touches an underscore name of another object; those of Panel and Bokeh live in one room."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FILES = sorted(path for top in ("explorer", "widgets") for path in (ROOT / top).rglob("*.py"))
OF_LIBRARIES = "widgets/parts/library_internals.py"
# Public for all their underscore: documented by Python and by IPython.
DOCUMENTED = {"os._exit", "_repr_mimebundle_"}


def touched(source: str) -> Iterator[str]:
    """The private names of others that a file names, each with its line."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                if _is_private(alias.name):
                    yield f"line {node.lineno}: {alias.name} of {node.module}"
        elif isinstance(node, ast.Attribute) and _is_private(node.attr):
            said = ast.unparse(node)
            if not _is_own(node.value) and said not in DOCUMENTED and node.attr not in DOCUMENTED:
                yield f"line {node.lineno}: {said}"
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("getattr", "setattr"):
            name = node.args[1] if len(node.args) > 1 else None
            if isinstance(name, ast.Constant) and _is_private(str(name.value)):
                yield f"line {node.lineno}: {ast.unparse(node)}"


def _is_private(name: str) -> bool:
    return name.startswith("_") and not (name.startswith("__") and name.endswith("__"))


def _is_own(value: ast.expr) -> bool:
    if isinstance(value, ast.Call):
        return isinstance(value.func, ast.Name) and value.func.id == "super"
    return isinstance(value, ast.Name) and value.id in ("self", "cls")


def test_no_private_name_of_another_is_touched() -> None:
    found = {str(file.relative_to(ROOT)): list(touched(file.read_text(encoding="utf-8"))) for file in FILES}
    assert len(found) > 500
    assert found.pop(OF_LIBRARIES)
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("engine._view(definition)", "line 1: engine._view"),
        ("from explorer.engine import _cut", "line 1: _cut of explorer.engine"),
        ("getattr(context, '_session', None)", "line 1: getattr(context, '_session', None)"),
        ("self._engine._view", "line 1: self._engine._view"),
    ],
)
def test_a_private_name_is_found(source: str, fault: str) -> None:
    assert fault in list(touched(source))


@pytest.mark.parametrize("source", ["self._view", "super()._on_msg()", "cls._made", "value.__class__", "os._exit(1)"])
def test_ones_own_names_are_fine(source: str) -> None:
    assert list(touched(source)) == []

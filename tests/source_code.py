"""What the modules of the code import and ask."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


# A file may import from its own floor's folder and from every floor to the left of it.
FLOORS = [
    "errors",
    "sample",
    "spec",
    "plan",
    "events",
    "crossfilter",
    "engine",
    "exports",
    "code",
    "charts",
    "report",
    "history",
    "guide",
    "shown_definition",
    "state",
    "frames",
    "cli",
]


def imports(tree: ast.Module, package: tuple[str, ...]) -> Iterator[tuple[str, ast.AST]]:
    """Every module that a file of `package` imports anywhere, by its full name, with the statement."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            module = ".".join([*base, *([node.module] if node.module else [])])
            if module == "explorer" or not module:  # `from explorer import spec`
                for alias in node.names:
                    yield f"{module}.{alias.name}".strip("."), node
            else:
                yield module, node


def asked(protocol: type) -> dict[str, object]:
    """The questions of a protocol, by name."""
    found: dict[str, object] = {}
    for base in reversed(protocol.__mro__):
        if getattr(base, "_is_protocol", False):
            found |= {name: value for name, value in vars(base).items() if not name.startswith("_")}
    return found

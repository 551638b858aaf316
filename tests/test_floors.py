"""The arrow of imports: app.py -> widgets/ -> explorer/, and inside explorer only downwards."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.source_code import FLOORS, ROOT, imports

DRAWING = {"panel", "panel_material_ui", "widgets"}
SERVE_FUNCTIONS = {"serve", "explore"}  # the functions of cli.py and frames.py that may import what draws

FILES = sorted((ROOT / "explorer").rglob("*.py"))


def name_of(file: Path) -> str:
    return str(file.relative_to(ROOT))


def inside_serve(tree: ast.Module, statement: ast.AST) -> bool:
    return any(
        isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        and function.name.strip("_") in SERVE_FUNCTIONS
        and statement in ast.walk(function)
        for function in ast.walk(tree)
    )


def faults(file: Path, source: str) -> list[str]:
    """What a file of explorer imports and must not."""
    package = file.relative_to(ROOT).parent.parts
    floor = (*package, file.stem)[1]
    tree = ast.parse(source, name_of(file))
    found = []
    for module, statement in imports(tree, package):
        top, *rest = module.split(".")
        if top in DRAWING and not (floor in ("cli", "frames") and inside_serve(tree, statement)):
            found.append(f"line {statement.lineno}: {module} draws; only widgets/ and the serve command may")
        if top != "explorer" or floor == "__init__":
            continue
        if not rest or rest[0] not in FLOORS:
            found.append(f"line {statement.lineno}: {module} is not a floor; import the name from where it lives")
        elif FLOORS.index(rest[0]) > FLOORS.index(floor):
            found.append(f"line {statement.lineno}: {module} is above {floor}")
    return found


def test_a_file_imports_only_from_floors_below() -> None:
    found = {name_of(file): faults(file, file.read_text(encoding="utf-8")) for file in FILES}
    assert len(found) > 300
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def test_every_file_is_on_a_floor() -> None:
    named = {file.relative_to(ROOT / "explorer").parts[0].removesuffix(".py") for file in FILES}
    assert named - {"__init__"} <= set(FLOORS)


@pytest.mark.parametrize(
    ("where", "source", "fault"),
    [
        ("explorer/plan/check.py", "from explorer.engine import engine", "explorer.engine is above plan"),
        ("explorer/plan/check.py", "from ..engine.engine import Engine", "explorer.engine.engine is above plan"),
        ("explorer/plan/check.py", "from explorer import state", "explorer.state is above plan"),
        ("explorer/plan/check.py", "import explorer", "explorer is not a floor"),
        ("explorer/state.py", "def later():\n    import panel as pn", "line 2: panel draws"),
        ("explorer/cli.py", "from widgets import SessionExplorer", "widgets draws"),
    ],
)
def test_a_wrong_import_is_found(where: str, source: str, fault: str) -> None:
    (found,) = faults(ROOT / where, source)
    assert fault in found


@pytest.mark.parametrize(
    ("where", "source"),
    [
        ("explorer/plan/check.py", "from explorer.spec.expression.clause import Clause"),
        (
            "explorer/plan/in_sql/measure.py",
            "from .predicate import compile\nfrom ...errors import SpecError",
        ),
        ("explorer/cli.py", "def serve(path):\n    from widgets import SessionExplorer"),
    ],
)
def test_a_right_import_passes(where: str, source: str) -> None:
    assert faults(ROOT / where, source) == []


def test_importing_explorer_leaves_what_draws_alone() -> None:
    script = (
        "import sys, explorer\n"
        "print(*sorted({'panel', 'panel_material_ui', 'holoviews', 'bokeh', 'widgets'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == []


def of_other_tests(source: str, package: tuple[str, ...]) -> list[str]:
    """The test modules that a file imports, from or as a whole."""
    names = list(imported_names(ast.parse(source), package))
    return [name for name in names if any(part.startswith("test_") for part in name.split("."))]


def imported_names(tree: ast.Module, package: tuple[str, ...]) -> Iterator[str]:
    for module, statement in imports(tree, package):
        names = statement.names if isinstance(statement, ast.ImportFrom) else []
        if module.split(".")[0] == "tests":
            yield from (f"{module}.{alias.name}" for alias in names) if names else [module]


def test_no_test_imports_from_a_file_of_tests():
    files = sorted((ROOT / "tests").rglob("*.py"))
    found = {name_of(file): of_other_tests(file.read_text(), file.relative_to(ROOT).parent.parts) for file in files}
    assert len(files) > 200
    assert {name: modules for name, modules in found.items() if modules} == {}
    for text in ("from tests.ui.test_app import comes", "from tests.ui import test_app", "import tests.ui.test_app"):
        assert of_other_tests(text, ("tests", "ui"))
    assert of_other_tests("from .test_app import comes", ("tests", "ui"))


# What is larger is two files or two rooms; those that are named here are to become smaller.
LONGEST, MOST_MODULES = 400, 18
LONGER: dict[str, int] = {}
LARGER = {"explorer/spec": 22}


def test_a_file_and_a_room_can_be_taken_in_at_a_glance():
    modules = [path for top in ("explorer", "widgets") for path in (ROOT / top).rglob("*.py")]
    lines = {name_of(path): path.read_text(encoding="utf-8").count("\n") for path in modules}
    assert {name: count for name, count in lines.items() if count > LONGER.get(name, LONGEST)} == {}
    rooms = Counter(name_of(path.parent) for path in modules if path.name != "__init__.py")
    assert {name: count for name, count in rooms.items() if count > LARGER.get(name, MOST_MODULES)} == {}

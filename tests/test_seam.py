"""Above the engine nothing knows how an answer comes about; and whoever answers, answers everything."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator

import pytest

from explorer.engine.coded import Coded
from explorer.engine.cut import Cut
from explorer.engine.engine import Engine
from explorer.engine.local.coded.local_coded import LocalCoded
from explorer.engine.local.engine import LocalEngine
from explorer.engine.local.local_cut import LocalCut
from explorer.engine.sql.engine import SqlEngine
from explorer.engine.sql.table_coded import TableCoded
from explorer.engine.sql.table_cut import TableCut
from tests.source_code import FLOORS, ROOT, asked, imports

ABOVE = [
    *(
        path
        for path in sorted((ROOT / "explorer").rglob("*.py"))
        if path.relative_to(ROOT / "explorer").parts[0].removesuffix(".py") in FLOORS[FLOORS.index("engine") + 1 :]
    ),
    *sorted((ROOT / "widgets").rglob("*.py")),
    ROOT / "app.py",
]
BEHIND = ("explorer.engine.local", "explorer.engine.sql")


def reached(source: str, package: tuple[str, ...] = ()) -> Iterator[str]:
    """What a file imports from behind the seam, or names of it."""
    tree = ast.parse(source)
    for module, statement in imports(tree, package):
        whole = module
        if isinstance(statement, ast.ImportFrom) and module == "explorer.engine":
            whole = " ".join(f"{module}.{alias.name}" for alias in statement.names)
        if any(place in whole for place in BEHIND):
            yield f"line {statement.lineno}: {whole}"
    for node in ast.walk(tree):
        if isinstance(node, ast.Name | ast.Attribute):
            name = node.id if isinstance(node, ast.Name) else node.attr
            if name in ("LocalEngine", "LocalCut", "LocalCoded", "RemoteEngine", "SqlEngine", "TableCut", "TableCoded"):
                yield f"line {node.lineno}: {name}"


def test_nothing_above_reaches_behind_the_seam() -> None:
    found = {
        str(file.relative_to(ROOT)): list(
            reached(file.read_text(encoding="utf-8"), file.relative_to(ROOT).parent.parts)
        )
        for file in ABOVE
    }
    assert len(found) > 200
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


@pytest.mark.parametrize(
    "source",
    [
        "from explorer.engine.local.engine import LocalEngine",
        "from explorer.engine import local",
        "import explorer.engine.sql.remote_engine",
        "def f(engine: LocalEngine): ...",
    ],
)
def test_what_reaches_behind_it_is_found(source: str) -> None:
    assert len(list(reached(source))) == 1


@pytest.mark.parametrize(
    ("protocol", "local"),
    [
        *((Engine, LocalEngine), (Cut, LocalCut), (Coded, LocalCoded)),
        *((Engine, SqlEngine), (Cut, TableCut), (Coded, TableCoded)),
    ],
)
def test_an_engine_answers_every_question(protocol: type, local: type) -> None:
    questions = asked(protocol)
    assert len(questions) > 10
    for name, question in questions.items():
        answer = inspect.getattr_static(local, name, None)
        if isinstance(question, property):
            assert isinstance(answer, property) or name in instance_names(local), name
        else:
            assert callable(answer), name
            wanted, found = inspect.signature(question), inspect.signature(answer)  # type: ignore[arg-type]
            assert list(wanted.parameters) == list(found.parameters), name


def instance_names(local: type) -> set[str]:
    """What instances have besides the properties of their class."""
    tree = ast.parse(inspect.getsource(inspect.getmodule(local)))  # type: ignore[arg-type]
    stored = {
        node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)
    }
    return stored | set(getattr(local, "__dataclass_fields__", ()))


@pytest.mark.parametrize("protocol", [Engine, Cut, Coded])
def test_every_question_says_what_it_asks(protocol: type) -> None:
    for name, question in asked(protocol).items():
        said = question.__doc__ if not isinstance(question, property) else question.fget.__doc__  # type: ignore[union-attr]
        assert said, name

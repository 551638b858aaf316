"""What checkers are told that a spec takes has the fields that it has, with the same defaults."""

import ast
import inspect
from dataclasses import MISSING, fields
from pathlib import Path

import pytest

from explorer.spec.analysis import Analysis
from explorer.spec.charts.chart import Chart
from explorer.spec.columns import Columns
from explorer.spec.document import Spec
from explorer.spec.metric import ActorMetric, Metric, Scope
from explorer.spec.session import SessionDefinition
from tests.typing import user_code

WRITTEN = (ActorMetric, Analysis, Chart, Columns, Metric, Scope, SessionDefinition)


def told(kind: type[Spec]) -> ast.arguments:
    """The arguments of the `__init__` that only checkers see."""
    path = Path(inspect.getfile(kind))
    tree = ast.parse(path.read_text())
    named = next(each for each in tree.body if isinstance(each, ast.ClassDef) and each.name == kind.__name__)
    inits = (each for each in ast.walk(named) if isinstance(each, ast.FunctionDef) and each.name == "__init__")
    return next(inits).args


@pytest.mark.parametrize("kind", WRITTEN)
def test_checkers_are_told_the_fields_that_there_are(kind: type[Spec]):
    arguments = told(kind)
    assert [each.arg for each in arguments.args[1:]] == [field.name for field in fields(kind)]
    optional = [field for field in fields(kind) if field.default is not MISSING]
    assert len(arguments.defaults) == len(optional)
    for said, field in zip(arguments.defaults, optional, strict=True):
        assert ast.literal_eval(said) in (field.default, ...), field.name


def test_what_users_write_can_be_read():
    assert user_code.analysis.session("login").metrics[0].aggregate == "count"
